"""
Sending one mail: rendered for its recipient, handed over, and what came of it.
"""

import asyncio
import ssl
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from calendo.core.texts import lines
from calendo.db.models import CONFIRMED, PENDING
from calendo.integrations.calendar_files import CANCEL, REQUEST, invitation
from calendo.integrations.links import Links, Purpose
from calendo.integrations.mail import FilePost, Letter, MailNotTaken, Post, SmtpPost
from calendo.ops.deliveries import Claimed, Outcome
from calendo.ops.outbox import HOST, INVITEE, Notice, Topic
from calendo.settings import Settings
from calendo.worker.mails.envelope import Envelope, Invitation, NoAddress, address_of, on_behalf, write
from calendo.worker.mails.plain import clean
from calendo.worker.mails.rendering import Addresses, Mail, render

_MAX_ANSWER = 1000
_ENDED = {Topic.BOOKING_CANCELLED, Topic.BOOKING_DECLINED}


class MailSender:
    """
    Sends the mails that the outbox holds, through the server that is set or into files.

    ``base_url`` is where the links lead if no public URL is set. ``tls`` says whose
    certificates are good; the default is the machine's way.
    """

    def __init__(
        self,
        settings: Settings,
        links: Links,
        *,
        base_url: str,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._links = links
        self._base_url = str(settings.public_url or base_url).rstrip("/")
        self._sender = settings.sender
        self._post = _post(settings, tls)

    async def close(self) -> None:
        """
        Nothing is kept open between mails.
        """

    async def send(self, claimed: Claimed) -> Outcome:
        """
        Make one attempt. Whatever the mail server or the network does is in the outcome, never raised.
        """
        if claimed.recipient is None or claimed.facts is None:
            raise ValueError("this delivery is not a mail's")
        try:
            letter = await asyncio.to_thread(self._write, claimed, claimed.recipient, claimed.facts)
            receipt = await self._post.take(letter)
        except NoAddress:
            return Outcome(
                error=f"The {claimed.recipient} has no address that mails can go to.", is_final=True
            )
        except MailNotTaken as problem:
            return Outcome(
                status_code=problem.code,
                error=str(problem),
                answer=None if problem.text is None else lines(problem.text, _MAX_ANSWER),
                is_final=problem.is_final,
            )
        return Outcome(
            status_code=receipt.code,
            answer=None if receipt.text is None else lines(receipt.text, _MAX_ANSWER),
        )

    def _write(self, claimed: Claimed, recipient: str, facts: Mapping[str, Any]) -> Letter:
        addresses = self._addresses(claimed, recipient, facts)
        mail = render(claimed.topic, recipient, facts, addresses)
        me = address_of(facts[recipient]["name"], facts[recipient]["email"])
        other = facts.get(HOST if recipient == INVITEE else INVITEE)
        domain = self._sender.domain
        envelope = Envelope(
            sender=on_behalf(self._sender, other["name"]) if other else self._sender,
            recipient=me,
            reply_to=address_of(other["name"], other["email"]) if other else None,
            # The same at each attempt, so that a mail that comes twice can be known by it.
            message_id=f"<{claimed.message_uid}.{recipient}@{domain}>",
            thread=f"<{facts['uid']}@{domain}>" if other else None,
            sent_ts=claimed.created_ts,
        )
        written_at = datetime.fromtimestamp(claimed.created_ts, UTC)
        return Letter(
            content=write(mail, envelope, self._invitation(claimed, facts, mail, addresses)),
            sender=self._sender,
            recipient=me.addr_spec,
            name=f"{written_at:%Y%m%dT%H%M%SZ}-{claimed.topic}-{recipient}-{claimed.message_uid[:8]}",
        )

    def _addresses(self, claimed: Claimed, recipient: str, facts: Mapping[str, Any]) -> Addresses:
        """
        Make the links, tokens and all: they are usable, so they rest in no table.
        """
        counter = claimed.link_counter
        if claimed.topic == Notice.PASSWORD_RESET:
            return Addresses(reset=self._acting("app/reset", Purpose.RESET, facts, 0))
        if counter is None:
            return Addresses()
        if recipient == HOST:
            waits = facts["status"] == PENDING
            return Addresses(
                decide=self._acting("bookings", Purpose.DECIDE, facts, counter) if waits else None
            )
        if claimed.topic not in _ENDED:
            return Addresses(manage=self._acting("manage", Purpose.MANAGE, facts, counter))
        if facts["page_slug"] is None:
            return Addresses()
        return Addresses(book=f"{self._base_url}/{facts['page_slug']}/{facts['event_slug']}")

    def _invitation(
        self, claimed: Claimed, facts: Mapping[str, Any], mail: Mail, addresses: Addresses
    ) -> Invitation | None:
        method = _method(claimed.topic, facts)
        if method is None:
            return None
        content = invitation(
            clean(facts),
            method,
            stamp_ts=claimed.created_ts,
            summary=mail.title,
            description=mail.text,
            url=addresses.manage,
            sent_by=self._sender.addr_spec,
        )
        return Invitation(method, content)

    def _acting(self, folder: str, purpose: Purpose, facts: Mapping[str, Any], counter: int) -> str:
        return f"{self._base_url}/{folder}/{self._links.token(purpose, facts['uid'], counter)}"


def _method(topic: str, facts: Mapping[str, Any]) -> str | None:
    """
    Say what a calendar is to do: only confirmed bookings are entered, and taken out again.
    """
    if topic in {Topic.BOOKING_CREATED, Topic.BOOKING_RESCHEDULED} and facts["status"] == CONFIRMED:
        return REQUEST
    return CANCEL if topic == Topic.BOOKING_CANCELLED and facts.get("was_confirmed") else None


def _post(settings: Settings, tls: ssl.SSLContext | None) -> Post:
    if settings.smtp_url is not None:
        return SmtpPost(settings.smtp_url, tls=tls)
    return FilePost(settings.data_dir / "mails")
