"""
What mails say: to each side, in each language, on each clock; and no field can make them say more.
"""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import product
from typing import Any

import pytest
from icalendar import Calendar
from mailing import (
    HOST,
    INVITEE,
    LINKS,
    START,
    UID,
    Mailbox,
    claimed,
    facts,
    html_of,
    mail_server,
    send,
    text_of,
)

from calendo.core.instants import HOUR
from calendo.i18n import LANGUAGES, translations
from calendo.integrations.links import Purpose
from calendo.settings import Settings
from calendo.worker.mails.rendering import MAILED, Addresses, Mail, render

BOOKED = [str(topic) for topic in MAILED if topic.startswith("booking.")]
ADDRESSES = Addresses(
    manage="https://m.example/manage/t",
    decide="https://m.example/bookings/t",
    book="https://m.example/j/c",
    reset="https://m.example/app/reset/t",
)
#: Two that say the same, since they stand in no sentence of their own.
ALIKE = {"Notes", "Address", "E-mail"}


def said(topic: str, recipient: str = "invitee", addresses: Addresses = ADDRESSES, **more: Any) -> Mail:
    """
    What a mail says.
    """
    if topic == "webhook.switched_off":
        return render(
            topic,
            "host",
            {"host": HOST, "url": "https://hooks.example.com/x", "why": "Gone.", **more},
            addresses,
        )
    if topic == "account.password_reset":
        return render(topic, "host", {"host": HOST, "uid": UID, "expires_ts": START, **more}, addresses)
    return render(topic, recipient, facts(**more), addresses)


def speaking(language: str | None, zone: str = "America/Los_Angeles") -> dict[str, Any]:
    """
    Host and invitee who speak a language.
    """
    return {
        "host": {**HOST, "locale": language, "timezone": zone},
        "invitee": {**INVITEE, "locale": language, "timezone": zone},
    }


class Words(HTMLParser):
    """
    Reads the words of a page, and where its links lead.
    """

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []
        self.tags: list[str] = []
        self._skipped = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._skipped = tag in {"style", "title"}
        self.links += [value or "" for name, value in attrs if name in {"href", "src", "background"}]

    def handle_data(self, data: str) -> None:
        if not self._skipped:
            self.words += data.split()

    def handle_endtag(self, tag: str) -> None:
        self._skipped = False


def states() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """
    Every topic, told to each side, whoever did it, confirmed or pending.
    """
    for topic, recipient, by, status in product(
        BOOKED, ("host", "invitee"), ("host", "invitee", "system"), ("confirmed", "pending")
    ):
        former = (START - HOUR, START) if topic == "booking.rescheduled" else None
        yield topic, recipient, {"by": by, "status": status, "former": former, "reason": "So it is."}


@pytest.mark.parametrize("language", LANGUAGES)
def test_text_and_html_say_the_same(language: str) -> None:
    """
    Of every mail: the same words in the same order, and the same links.
    """
    for topic, recipient, more in states():
        mail = said(topic, recipient, **speaking(language), **more)
        page = Words(mail.html)
        # Over the time there is no word in HTML, where it stands out by itself.
        text = mail.text.replace(f"\n{translations(language, 'mails').gettext('When')}:\n", "\n")
        words = [word for word in text.split() if word != "--" and not word.startswith("https://m.example")]
        links = [link for link in page.links if not link.startswith("mailto:")]

        assert [] == [word for word in words if word.removesuffix(":") not in " ".join(page.words)], topic
        assert [] == [word for word in page.words if word.removesuffix(":") not in text], topic
        assert [] == [link for link in links if link not in text], (topic, recipient)
        assert [] == [link for link in re.findall(r"https://m\.example\S+", text) if link not in links], topic


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_every_sentence_is_in_the_language(language: str) -> None:
    """
    No line but names, addresses and what people wrote reads as it does in English.
    """
    ours = {
        "Jane Smith",
        "Bob Johnson",
        "30 Minute Call",
        "Hardware",
        "Software",
        "Parts",
        "First time",
        "Google Meet",
        "So it is.",
    }
    for topic, recipient, more in states():
        english, other = (said(topic, recipient, **speaking(name), **more) for name in ("en", language))
        told = set(english.text.splitlines()) & set(other.text.splitlines())
        left = {
            line.strip().rstrip(":")
            for line in told
            if not re.search("https://|@|train|noise|Prices|talk", line)
        }
        assert left - ours - ALIKE <= {"", "--"}, (topic, recipient)
        assert english.subject != other.subject
        assert f'<html lang="{language}" dir="ltr">' in other.html


@pytest.mark.parametrize(
    ("topic", "recipient", "more", "subject"),
    [
        ("booking.requested", "host", {"status": "pending"}, "Please confirm: {host}"),
        ("booking.requested", "invitee", {"status": "pending"}, "Requested: {invitee}"),
        ("booking.created", "host", {}, "New booking: {host}"),
        ("booking.created", "host", {"by": "host"}, "Confirmed: {host}"),
        ("booking.created", "invitee", {}, "Confirmed: {invitee}"),
        ("booking.declined", "invitee", {"by": "host"}, "Declined: {invitee}"),
        ("booking.declined", "invitee", {"by": "system"}, "Not confirmed in time: {invitee}"),
        (
            "booking.rescheduled",
            "host",
            {"former": (START - HOUR, START)},
            "Moved to Tue, Mar 10, 10:00 AM: 30 Minute Call with Bob Johnson",
        ),
        ("booking.cancelled", "invitee", {"by": "host"}, "Cancelled: {invitee}"),
        ("booking.reminder", "invitee", {"by": "system"}, "Reminder: {invitee}"),
        ("webhook.switched_off", "host", {}, "Webhook switched off: hooks.example.com"),
        ("account.password_reset", "host", {}, "Your new password"),
    ],
)
def test_subjects_say_it_all(topic: str, recipient: str, more: dict[str, Any], subject: str) -> None:
    parties = speaking("en") if topic.startswith("booking.") else {}

    meeting = {
        "host": "30 Minute Call with Bob Johnson, Tue, Mar 10, 10:00 AM",
        "invitee": "30 Minute Call with Jane Smith, Tue, Mar 10, 10:00 AM",
    }

    assert subject.format(**meeting) == said(topic, recipient, **parties, **more).subject


@pytest.mark.parametrize(
    ("topic", "recipient", "by", "sentence"),
    [
        ("booking.created", "invitee", "invitee", "You have booked a meeting with Jane Smith."),
        ("booking.created", "invitee", "host", "Jane Smith has confirmed your meeting."),
        ("booking.created", "host", "invitee", "Bob Johnson has booked a meeting with you."),
        ("booking.created", "host", "host", "You have confirmed the meeting with Bob Johnson."),
        ("booking.declined", "invitee", "host", "Jane Smith cannot meet you at this time."),
        (
            "booking.declined",
            "invitee",
            "system",
            "Jane Smith did not answer your request before its time came",
        ),
        ("booking.declined", "host", "host", "You have declined the request of Bob Johnson."),
        ("booking.declined", "host", "system", "You did not answer the request of Bob Johnson"),
        ("booking.rescheduled", "invitee", "invitee", "You have moved your meeting with Jane Smith."),
        ("booking.rescheduled", "invitee", "host", "Jane Smith has moved your meeting."),
        ("booking.rescheduled", "host", "invitee", "Bob Johnson has moved your meeting."),
        ("booking.cancelled", "host", "invitee", "Bob Johnson has cancelled your meeting."),
        ("booking.cancelled", "host", "host", "You have cancelled your meeting with Bob Johnson."),
        ("booking.cancelled", "invitee", "host", "Jane Smith has cancelled your meeting."),
    ],
)
def test_a_mail_says_who_did_it(topic: str, recipient: str, by: str, sentence: str) -> None:
    mail = said(topic, recipient, **speaking("en"), by=by, reason="I am ill.")

    assert sentence in mail.text
    label = "Your message" if by == recipient else "Message from"
    assert (by != "system") == (f"{label}" in mail.text) or by == "system"


def test_each_side_reads_its_own_clock_and_language() -> None:
    """
    The same instant is ten in the morning for her and six in the evening for him.
    """
    host, invitee = said("booking.created", "host"), said("booking.created", "invitee")

    assert "  Tuesday, March 10, 2026\n  10:00 – 10:30\u00a0AM\n  Pacific Time (Los Angeles)" in host.text
    assert "  Dienstag, 10. März 2026\n  18:00–18:30 Uhr\n  Mitteleuropäische Zeit (Berlin)" in invitee.text


@pytest.mark.parametrize("locale", ["it", "xx", "", None, 'de"><script>', "../../etc"])
def test_an_unknown_language_is_english(locale: str | None) -> None:
    mail = said("booking.created", **speaking(locale))

    assert '<html lang="en" dir="ltr">' in mail.html
    assert "You have booked a meeting" in mail.text


def test_the_hour_that_comes_twice_is_told_apart() -> None:
    """
    Half past one before and after the clocks go back: the offset tells, in the subject as well.
    """
    first, second = (
        said("booking.created", **speaking("en", "America/New_York"), start_ts=start, end_ts=start + 1800)
        for start in (1_793_511_000, 1_793_514_600)
    )

    assert "1:30\u00a0AM GMT-04:00" in first.text
    assert "1:30\u00a0AM GMT-05:00" in second.text
    assert first.subject != second.subject


def test_a_move_over_a_change_of_clocks_says_both_times() -> None:
    """
    Seven days on, an hour on the wall is the same, and the zone's name is.
    """
    mail = said(
        "booking.rescheduled",
        **speaking("en", "America/New_York"),
        former=(1_772_636_400, 1_772_638_200),
        start_ts=1_773_237_600,
        end_ts=1_773_239_400,
    )

    assert "Wednesday, March 11, 2026\n  10:00 – 10:30\u00a0AM\n  Eastern Time (New York)" in mail.text
    assert "Formerly: Wednesday, March 4, 2026, 10:00 – 10:30\u00a0AM" in mail.text


@pytest.mark.parametrize(
    ("kind", "location", "line"),
    [
        ("google_meet", None, "Google Meet"),
        ("zoom", "https://zoom.example/j/1", "https://zoom.example/j/1"),
        ("phone", "+1 555 0100", "Phone call: +1 555 0100"),
        ("phone", None, "Phone call"),
        ("custom", "Room 4", "Room 4"),
    ],
)
def test_a_mail_says_where(kind: str, location: str | None, line: str) -> None:
    mail = said("booking.created", **speaking("en"), location_type=kind, location=location)

    assert f"Where:\n  {line}\n" in mail.text


def test_only_who_meets_is_told_the_way_in() -> None:
    """
    Until it is confirmed, and once it is off, nobody needs the meeting's address.
    """
    for topic, status, shown in [
        ("booking.created", "confirmed", True),
        ("booking.reminder", "confirmed", True),
        ("booking.rescheduled", "pending", False),
        ("booking.requested", "pending", False),
        ("booking.cancelled", "cancelled", False),
        ("booking.declined", "declined", False),
    ]:
        assert shown == ("https://meet.example.com/jane" in said(topic, status=status).text)


def test_only_web_addresses_become_links() -> None:
    mail = said("booking.created", location="javascript:alert(1)")

    assert "javascript:alert(1)" in mail.text
    assert [] == [
        link for link in Words(mail.html).links if not link.startswith(("https://m.example/", "mailto:"))
    ]


def sent(delivery: Any) -> Any:
    """
    Send a mail through a server, and read what arrived.
    """
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        outcome = send(
            Settings(smtp_url=f"smtp://127.0.0.1:{port}", mail_from="Meetings <m@example.com>"), delivery
        )
    assert None is outcome.error
    (envelope,) = mailbox.envelopes
    assert 1 == len(envelope.rcpt_tos)
    assert all(len(line) <= 998 for line in mailbox.content().split(b"\r\n"))
    return mailbox.mail()


def test_headers_tell_who_what_and_when() -> None:
    mail = sent(claimed())

    assert "Jane Smith via Meetings <m@example.com>" == mail["From"]
    assert "Bob Johnson <bob@example.com>" == mail["To"]
    assert "Jane Smith <jane@example.com>" == mail["Reply-To"]
    assert f"<{UID}@example.com>" == mail["References"]
    assert "auto-generated" == mail["Auto-Submitted"]
    assert "Mon, 09 Mar 2026 17:00:00 +0000" == mail["Date"]
    assert "Bestätigt: 30 Minute Call mit Jane Smith, Di., 10. März, 18:00" == mail["Subject"]


def test_links_open_what_they_are_for() -> None:
    """
    The invitee can manage, the host can decide while that is to be done, and who was turned
    down can book again.
    """
    base = "http://calendo.test"
    manage = f"{base}/manage/{LINKS.token(Purpose.MANAGE, UID, 0)}"
    decide = f"{base}/bookings/{LINKS.token(Purpose.DECIDE, UID, 0)}"
    book = f"{base}/jane-smith/30-minute-call"
    for topic, status, invitees, hosts in [
        ("booking.requested", "pending", [manage], [decide]),
        ("booking.created", "confirmed", [manage], []),
        ("booking.rescheduled", "confirmed", [manage], []),
        ("booking.rescheduled", "pending", [manage], [decide]),
        ("booking.reminder", "confirmed", [manage], []),
        ("booking.declined", "declined", [book], []),
        ("booking.cancelled", "cancelled", [book], []),
    ]:
        former = (START - HOUR, START)
        for recipient, links in (("invitee", invitees), ("host", hosts)):
            mail = sent(claimed(topic, recipient, status=status, former=former))
            assert links == [link for link in Words(html_of(mail)).links if link.startswith(base)], (
                topic,
                recipient,
            )
            assert links == re.findall(rf"{base}\S+", text_of(mail)), (topic, recipient)


@pytest.mark.parametrize(
    ("topic", "status", "was_confirmed", "method"),
    [
        ("booking.created", "confirmed", True, "REQUEST"),
        ("booking.rescheduled", "confirmed", True, "REQUEST"),
        ("booking.rescheduled", "pending", False, None),
        ("booking.cancelled", "cancelled", True, "CANCEL"),
        ("booking.cancelled", "cancelled", False, None),
        ("booking.requested", "pending", False, None),
        ("booking.declined", "declined", False, None),
        ("booking.reminder", "confirmed", True, None),
    ],
)
def test_calendars_are_told_what_was_confirmed(
    topic: str, status: str, was_confirmed: bool, method: str | None
) -> None:
    """
    Within the mail, beside text and HTML, and attached: the same object, by the method its topic has.
    """
    mail = sent(claimed(topic, status=status, was_confirmed=was_confirmed, former=(START - HOUR, START)))

    types = [part.get_content_type() for part in mail.walk() if not part.is_multipart()]
    if method is None:
        assert ["text/plain", "text/html"] == types
        return
    assert ["text/plain", "text/html", "text/calendar", "application/ics"] == types
    (inside,) = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    (attached,) = mail.iter_attachments()
    assert (method, "utf-8") == (
        inside["Content-Type"].params["method"],
        inside["Content-Type"].params["charset"],
    )
    assert "invite.ics" == attached.get_filename()
    for content in (inside.get_content(), attached.get_content()):
        calendar = Calendar.from_ical(content)
        assert (method, f"{UID}@calendo") == (str(calendar["METHOD"]), str(calendar.walk("VEVENT")[0]["UID"]))


HOSTILE = {
    "line breaks": "Eve\r\nBcc: all@example.com\r\n\r\nHello",
    "bare carriage return": "Eve\rBcc: all@example.com",
    "bare line feed": "Eve\nBcc: all@example.com",
    "other line ends": "Eve\u2028Bcc: a@example.com\u2029\x85\x0b\x0cX-Spam: no",
    "NUL": "Eve\x00\x1b[31m\x7f",
    "bidi": "Eve \u202egnp.exe\u202c \u2066x\u2069 \u200f\u061c",
    "another address": 'Eve" <eve@example.com>, "Mallory',
    "a long address": "a" * 70 + ", eve@example.com, <mallory@example.com>" + "é" * 70,
    "an encoded word": "=?utf-8?q?Eve=0D=0ABcc:_all@example.com?= =?utf-8?b?DQpYOiAx?=",
    "a megabyte": "Eve " * 250_000,
    "a megabyte at once": "é" * 1_000_000,
    "half a character": "Eve \ud800 x",
    "markup": "<img src=http://example.com/x onerror=alert(1)>{{ 7 * 7 }}{% raw %}%(who)s %s",
    "nothing": "",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("recipient", ["host", "invitee"])
def test_no_field_gets_into_the_headers(text: str, recipient: str) -> None:
    """
    Whatever people call themselves and what they offer, a mail has the headers it always has,
    goes to whom it should, and shows the words as words.
    """
    plain = sent(claimed("booking.cancelled", recipient, by="host", reason="x"))
    mail = sent(
        claimed(
            "booking.cancelled",
            recipient,
            by="host",
            reason=text,
            event_type=text,
            notes=text,
            location=text,
            answers=[{"label": text, "answer": text}, {"label": "x", "answer": [text, text]}],
            host={**HOST, "name": text},
            invitee={**INVITEE, "name": text},
        )
    )

    assert plain.keys() == mail.keys()
    assert [part.get_content_type() for part in plain.walk()] == [
        part.get_content_type() for part in mail.walk()
    ]
    sender, to, reply_to = (mail[name].addresses for name in ("From", "To", "Reply-To"))
    emails = {"host": "jane@example.com", "invitee": "bob@example.com"}
    other = "invitee" if recipient == "host" else "host"
    assert [["m@example.com"], [emails[recipient]], [emails[other]]] == [
        [address.addr_spec for address in addresses] for addresses in (sender, to, reply_to)
    ]
    for value in (mail["Subject"], sender[0].display_name, to[0].display_name):
        assert len(value) < 300
        assert not re.search("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]", value)
    for body in (text_of(mail), html_of(mail)):
        assert len(body) < 200_000
        assert not re.search(
            "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]", body
        )
    assert "49" not in text_of(mail).replace("10:49", "")
    assert Words(html_of(plain)).tags.count("img") == Words(html_of(mail)).tags.count("img") == 0


def test_nothing_is_loaded_from_elsewhere() -> None:
    """
    A mail tells nobody that it was read: no image, no font, no script, no style sheet.
    """
    for topic, recipient, more in states():
        html = said(topic, recipient, **more).html
        assert not {"img", "script", "link", "iframe", "object", "form"} & set(Words(html).tags)
        assert "url(" not in html
        assert "@import" not in html
        assert {'<meta name="color-scheme" content="light dark">'} == set(
            re.findall(r'<meta name="color-scheme"[^>]*>', html)
        )


def test_a_zone_that_is_gone_is_read_as_utc() -> None:
    """
    As when a newer time zone database no longer knows it: better than no mail at all.
    """
    assert "17:00" in said("booking.created", **speaking("en-GB", "Mars/Olympus")).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_link_for_a_new_password_is_mailed_in_every_language(language: str) -> None:
    """
    It says until when it is good on the host's clock, and both forms have the same words and the same link.
    """
    mail = said("account.password_reset", host={**HOST, "locale": language})
    page = Words(mail.html)

    assert ["https://m.example/app/reset/t"] == page.links
    assert "https://m.example/app/reset/t" in mail.text
    for word in page.words:
        assert word in mail.text, word
    assert "jane@example.com" in mail.text
    assert "10:00" in mail.text.replace("\u00a0", " ")
    english = said("account.password_reset", host={**HOST, "locale": "en"})
    assert (language == "en") == (english.subject == mail.subject)


def test_the_link_for_a_new_password_is_made_when_the_mail_is_sent() -> None:
    """
    What rests in the outbox has no token, and the one in the mail fits.
    """
    told = claimed("account.password_reset", "host", uid=UID, expires_ts=START)
    mail = sent(told)
    (link,) = re.findall(r"http://\S+/app/reset/(\S+)", text_of(mail))

    assert LINKS.fits(link, Purpose.RESET, UID, 0)
    assert "jane@example.com" in mail["To"]
    assert mail["Reply-To"] is None
    assert link not in str(told)
