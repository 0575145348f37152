"""
Calendar entries: a booking as the values that calendars everywhere read (RFC 5545).

An entry has one ``uid`` through its booking's life and a ``sequence`` that rises with
every change, so that calendars keep one entry and always the latest of it.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import quote

from calendo.core.instants import Instant
from calendo.core.texts import lines, one_line

#: Longer than any field may be, and short enough for every calendar.
MAX_TEXT = 8000
#: When a calendar speaks up. Mails remind a day and an hour before; this is for getting there.
ALARM_MINUTES = 15

#: Says a text in somebody's language.
Translate = Callable[[str], str]

_LINK = re.compile(r"https?://[^\s\"<>\\^`{|}\x00-\x20\x7f]+", re.IGNORECASE)
_ASCII = "".join(map(chr, range(0x21, 0x7F)))
_PLACES = {"google_meet": "Google Meet", "zoom": "Zoom", "phone": "Phone"}
_VIDEO = {"google_meet", "zoom"}


class EntryStatus(StrEnum):
    """
    What calendars know of how certain a meeting is.
    """

    CONFIRMED = "CONFIRMED"
    TENTATIVE = "TENTATIVE"
    CANCELLED = "CANCELLED"


# One that was declined stood in calendars as tentative, and is taken out like a cancelled one.
_STATUSES = {
    "pending": EntryStatus.TENTATIVE,
    "confirmed": EntryStatus.CONFIRMED,
    "cancelled": EntryStatus.CANCELLED,
    "declined": EntryStatus.CANCELLED,
}


@dataclass(frozen=True, slots=True)
class Person:
    """
    Somebody at a meeting.
    """

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Entry:
    """
    A booking in a calendar. Its texts are harmless: no control characters, lines no longer than ours.

    ``changed_ts`` is when it became what it is; ``link`` is where the meeting itself takes place,
    if that is a link, and ``url`` is where one can read and change the booking. ``sent_by``
    is the address that writes in the organizer's name.
    """

    uid: str
    sequence: int
    status: EntryStatus
    start_ts: Instant
    end_ts: Instant
    changed_ts: Instant
    summary: str
    description: str
    location: str
    link: str | None
    has_video: bool
    url: str | None
    organizer: Person
    sent_by: str | None
    attendees: tuple[Person, ...]
    alarm_minutes: tuple[int, ...]


def entry_of(
    facts: Mapping[str, Any],
    *,
    changed_ts: Instant,
    summary: str,
    description: str,
    url: str | None = None,
    sent_by: str | None = None,
    is_cancelled: bool = False,
    has_alarm: bool = True,
) -> Entry:
    """
    Make the entry of a booking from its facts, as the outbox writes them.

    ``is_cancelled`` takes it out of calendars whatever its status is. What is cancelled has no alarm.
    """
    status = EntryStatus.CANCELLED if is_cancelled else _STATUSES[facts["status"]]
    kind, place = facts["location_type"], one_line(facts["location"] or "")
    host, invitee = _person(facts["host"]), _person(facts["invitee"])
    return Entry(
        uid=f"{one_line(facts['uid'])}@calendo",
        sequence=facts["sequence"],
        status=status,
        start_ts=facts["start_ts"],
        end_ts=facts["end_ts"],
        changed_ts=changed_ts,
        summary=one_line(summary),
        description=lines(description),
        location=place or _PLACES.get(kind, ""),
        link=as_link(place),
        has_video=kind in _VIDEO,
        url=None if url is None else as_link(url),
        organizer=host,
        sent_by=None if sent_by is None else one_line(sent_by),
        # Whoever books with themselves attends once.
        attendees=(invitee,) if invitee.email == host.email else (invitee, host),
        alarm_minutes=(ALARM_MINUTES,) if has_alarm and status is not EntryStatus.CANCELLED else (),
    )


def title(facts: Mapping[str, Any], other: str, gettext: Translate) -> str:
    """
    Say what a meeting is and with whom: ``30 Minute Call with Jane Smith``; ``other`` is host or invitee.
    """
    names = {"what": one_line(facts["event_type"]), "who": one_line(facts[other]["name"])}
    return gettext("%(what)s with %(who)s") % names


def describe(
    facts: Mapping[str, Any],
    other: str,
    gettext: Translate,
    url: str | None = None,
    *,
    limit: int = MAX_TEXT,
) -> str:
    """
    Say in lines what one side wants to know: the ``other`` side, what was asked and answered, the link.
    """
    person = _person(facts[other])
    told = [f"{person.name} <{person.email}>"]
    told += [f"{given['label']}: {_answer(given['answer'], gettext)}" for given in facts["answers"]]
    if facts["notes"]:
        told.append(gettext("Notes: %(notes)s") % {"notes": facts["notes"]})
    whole = lines("\n".join(told), limit)
    if url is None:
        return whole
    return f"{whole}\n\n" + gettext("See or change this booking: %(url)s") % {"url": url}


def as_link(text: str) -> str | None:
    """
    Return a web address in ASCII if the whole text is one, else None.
    """
    return quote(text, safe=_ASCII) if _LINK.fullmatch(text) else None


def _person(known: Mapping[str, Any]) -> Person:
    return Person(one_line(known["name"]), one_line(known["email"]))


def _answer(answer: Any, gettext: Translate) -> str:
    if isinstance(answer, list):
        return ", ".join(map(str, answer))
    if isinstance(answer, bool):
        return gettext("Yes") if answer else gettext("No")
    return str(answer)
