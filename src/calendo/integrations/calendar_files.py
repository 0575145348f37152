"""
Calendar entries as iCalendar files (RFC 5545, 5546 and 7986): invitations, downloads, feeds.

Times are in UTC: an instant needs no rules of a time zone beside it, and every calendar
shows it on its owner's clock.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from icalendar import Alarm, Calendar, vCalAddress, vDuration, vText, vUri
from icalendar import Event as CalendarEntry

from calendo.core.calendars import Entry, EntryStatus, Person, entry_of
from calendo.core.instants import Instant, get_zone, to_datetime
from calendo.core.texts import one_line

#: What goes out has this type; for invitations the method is named, too.
MEDIA_TYPE = "text/calendar; charset=utf-8"

REQUEST, CANCEL, PUBLISH = "REQUEST", "CANCEL", "PUBLISH"

_PRODUCT = "-//Calendo//Calendo//EN"
_REFRESH = timedelta(minutes=30)
_END = b"END:VCALENDAR\r\n"
# So many entries are kept written: a feed is read over and over, and little of it changes.
_KEPT = 2048
# An address within ``mailto:`` (RFC 6068) may have these as they are.
_MAIL_SAFE = "!$'*+-._~"


class _Text(vText):
    """
    A text that stays as it is: the library takes a backslash before an N for a line break.
    """

    def to_ical(self) -> bytes:
        text = self.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")
        return text.encode()


def invitation(
    facts: Mapping[str, Any],
    method: str,
    *,
    stamp_ts: Instant,
    summary: str,
    description: str,
    url: str | None,
    sent_by: str | None,
) -> bytes:
    """
    Write what a mail about a booking tells calendars: to enter or move it (``REQUEST``), or to take it out.

    ``facts`` are the message's, ``stamp_ts`` is when that was written, and ``sent_by`` is the
    address that the mail comes from, if it is not the host's own.
    """
    if method not in {REQUEST, CANCEL}:
        raise ValueError(f"{method} is no method of invitations")
    entry = entry_of(
        facts,
        changed_ts=stamp_ts,
        summary=summary,
        description=description,
        url=url,
        sent_by=sent_by,
        is_cancelled=method == CANCEL,
    )
    return _file(_calendar(method), [entry], with_people=True)


def download(entry: Entry) -> bytes:
    """
    Write one entry for a calendar to take in; nobody is invited by that.
    """
    return _file(_calendar(PUBLISH), [entry], with_people=False)


def feed(entries: Iterable[Entry], *, name: str) -> bytes:
    """
    Write a calendar to subscribe to, by that name.

    The same entries give the same bytes, since none says when the file was written.
    """
    calendar = _calendar(PUBLISH)
    shown = _Text(one_line(name))
    calendar.add("name", shown)
    calendar.add("x-wr-calname", shown)
    calendar.add("refresh-interval", vDuration(_REFRESH, params={"VALUE": "DURATION"}))
    calendar.add("x-published-ttl", vDuration(_REFRESH))
    return _file(calendar, entries, with_people=False)


def _calendar(method: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    return calendar


def _file(calendar: Calendar, entries: Iterable[Entry], *, with_people: bool) -> bytes:
    written = [_written(entry, with_people=with_people) for entry in entries]
    return b"".join([calendar.to_ical().removesuffix(_END), *written, _END])


@lru_cache(maxsize=_KEPT)
def _written(entry: Entry, *, with_people: bool) -> bytes:
    """
    Write one entry, with those who attend or, as what is only published must be (RFC 5546 3.2.1), without.
    """
    part = CalendarEntry()
    part.add("uid", entry.uid)
    part.add("sequence", entry.sequence)
    for name, instant in (
        ("dtstamp", entry.changed_ts),
        ("last-modified", entry.changed_ts),
        ("dtstart", entry.start_ts),
        ("dtend", entry.end_ts),
    ):
        part.add(name, to_datetime(instant, get_zone("UTC")))
    part.add("status", entry.status.value)
    part.add("transp", "TRANSPARENT" if entry.status is EntryStatus.CANCELLED else "OPAQUE")
    part.add("summary", _Text(entry.summary))
    if entry.description:
        part.add("description", _Text(entry.description))
    if entry.location:
        part.add("location", _Text(entry.location))
    _add_links(part, entry)
    part.add("organizer", _organizer(entry))
    if with_people:
        for person in entry.attendees:
            part.add("attendee", _attendee(person, is_host=person == entry.organizer))
    for minutes in entry.alarm_minutes:
        part.add_component(_alarm(minutes, entry.summary))
    return bytes(part.to_ical())


def _add_links(part: CalendarEntry, entry: Entry) -> None:
    if entry.link is not None:
        feature = {"FEATURE": "VIDEO"} if entry.has_video else {}
        part.add("conference", vUri(entry.link, params={"VALUE": "URI", **feature}))
    link = entry.url or entry.link
    if link is not None:
        part.add("url", vUri(link))


def _organizer(entry: Entry) -> vCalAddress:
    organizer = vCalAddress(_mailto(entry.organizer.email), params={"CN": _cn(entry.organizer)})
    if entry.sent_by is not None and entry.sent_by != entry.organizer.email:
        organizer.params["SENT-BY"] = _mailto(entry.sent_by)
    return organizer


def _attendee(person: Person, *, is_host: bool) -> vCalAddress:
    return vCalAddress(
        _mailto(person.email),
        params={
            "CN": _cn(person),
            "CUTYPE": "INDIVIDUAL",
            "ROLE": "CHAIR" if is_host else "REQ-PARTICIPANT",
            # Both have agreed by booking and confirming, so nobody is asked again.
            "PARTSTAT": "ACCEPTED",
            "RSVP": "FALSE",
        },
    )


def _alarm(minutes: int, summary: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", timedelta(minutes=-minutes))
    alarm.add("description", _Text(summary))
    return alarm


def _cn(person: Person) -> str:
    # A parameter has no way to quote these that all calendars read (RFC 6868 came late).
    return person.name.replace('"', "'").replace("^", "") or person.email


def _mailto(email: str) -> str:
    user, _, domain = email.rpartition("@")
    with suppress(UnicodeError):  # then it has no such form, and is quoted like the rest
        domain = domain.encode("idna").decode()
    return f"mailto:{quote(user, safe=_MAIL_SAFE)}@{quote(domain, safe='-.')}"
