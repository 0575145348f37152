"""
What goes around a mail: headers, parts, and an invitation for calendars.

Nothing that a stranger wrote gets into a header but as one plain line.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from email_validator import EmailNotValidError, validate_email

from calendo.core.instants import Instant
from calendo.core.texts import one_line
from calendo.worker.mails.rendering import Mail

_MAX_SUBJECT = 250
_MAX_NAME = 64
# They mean something in a list of addresses. A name reads as well without them, and no
# reader or writer of headers can get wrong what is not there.
_NAME_SPECIALS = str.maketrans(dict.fromkeys('"(),:;<>@[\\]', " "))


@dataclass(frozen=True, slots=True)
class Invitation:
    """
    What calendars read: an iCalendar object and its method, ``REQUEST`` or ``CANCEL``.
    """

    method: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Envelope:
    """
    From whom a mail comes, to whom it goes and replies to it go, and what it is known by.
    """

    sender: Address
    recipient: Address
    reply_to: Address | None
    message_id: str
    thread: str | None
    sent_ts: Instant


class NoAddress(ValueError):
    """This is not an address that mails can go to."""


def address_of(name: str, email: str) -> Address:
    """
    Make an address of what somebody gave, or raise ``NoAddress``.

    It is in ASCII where it can be: of the domain there always is such a form.
    """
    try:
        given = validate_email(email, check_deliverability=False)
    except EmailNotValidError:
        raise NoAddress from None
    user, _, domain = (given.ascii_email or given.normalized).rpartition("@")
    return Address(_name(name), user, domain)


def on_behalf(sender: Address, name: str) -> Address:
    """
    Say in whose name a mail comes: ``Jane Smith via Calendo``.
    """
    via = sender.display_name or "Calendo"
    return Address(_name(f"{_name(name)} via {via}", 2 * _MAX_NAME), sender.username, sender.domain)


def write(mail: Mail, envelope: Envelope, invitation: Invitation | None) -> bytes:
    """
    Write a mail as it travels: text, HTML, and the invitation both within and attached.
    """
    is_utf8 = not envelope.recipient.addr_spec.isascii()
    # Seven bits pass through every server.
    message = EmailMessage(policy=SMTP.clone(cte_type="7bit", utf8=is_utf8))
    message["From"] = envelope.sender
    message["To"] = envelope.recipient
    if envelope.reply_to is not None and (is_utf8 or envelope.reply_to.addr_spec.isascii()):
        message["Reply-To"] = envelope.reply_to
    message["Subject"] = _harmless(one_line(mail.subject, _MAX_SUBJECT))
    message["Date"] = datetime.fromtimestamp(envelope.sent_ts, UTC)
    message["Message-ID"] = envelope.message_id
    if envelope.thread:
        message["References"] = envelope.thread
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    if invitation is not None:
        message.add_alternative(
            invitation.content.decode(), subtype="calendar", params={"method": invitation.method}
        )
        message.add_attachment(
            invitation.content, maintype="application", subtype="ics", filename="invite.ics"
        )
    return message.as_bytes()


def _name(text: str, limit: int = _MAX_NAME) -> str:
    return _harmless(one_line(one_line(text).translate(_NAME_SPECIALS), limit))


def _harmless(text: str) -> str:
    # A text that looks like an encoded word would be decoded, line breaks in it and all.
    return text.replace("=?", "= ?")
