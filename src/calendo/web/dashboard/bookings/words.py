"""
Bookings in words: where they stand, where one meets, what was done to them by whom.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError

from calendo.core.instants import MINUTE, Instant, local_date, to_datetime
from calendo.db.engine import Tx
from calendo.db.models import CANCELLED, CONFIRMED, DECLINED, PENDING, Booking, BookingChange, EventType
from calendo.i18n import Texts, gettext_noop
from calendo.ops import event_types
from calendo.ops.booking_lists import BookingRow
from calendo.ops.history import Action, Actor

#: How a status is called, and the kind of its badge.
_STATUS = {
    PENDING: (gettext_noop("Waiting for you"), "warn"),
    CONFIRMED: (gettext_noop("Confirmed"), "good"),
    CANCELLED: (gettext_noop("Cancelled"), "alert"),
    DECLINED: (gettext_noop("Declined"), "alert"),
}
_NO_SHOW = gettext_noop("No-show")
_PLACES = {
    "google_meet": ("Google Meet", "video"),
    "zoom": ("Zoom", "video"),
    "phone": (gettext_noop("Phone call"), "phone"),
    "custom": (gettext_noop("As agreed"), "place"),
}
_DONE = {
    (Action.BOOKED, Actor.INVITEE): gettext_noop("%(name)s booked"),
    (Action.REQUESTED, Actor.INVITEE): gettext_noop("%(name)s asked for this time"),
    (Action.CONFIRMED, Actor.HOST): gettext_noop("You confirmed"),
    (Action.DECLINED, Actor.HOST): gettext_noop("You declined"),
    (Action.DECLINED, Actor.SYSTEM): gettext_noop("Declined, since nobody answered in time"),
    (Action.RESCHEDULED, Actor.HOST): gettext_noop("You moved it"),
    (Action.RESCHEDULED, Actor.INVITEE): gettext_noop("%(name)s moved it"),
    (Action.CANCELLED, Actor.HOST): gettext_noop("You cancelled"),
    (Action.CANCELLED, Actor.INVITEE): gettext_noop("%(name)s cancelled"),
    (Action.NO_SHOW, Actor.HOST): gettext_noop("You noted that %(name)s did not come"),
}
_CHANGED = gettext_noop("Changed")
#: What a change is a sign of, in the list of changes.
_SIGNS = {
    Action.CONFIRMED: "check",
    Action.BOOKED: "check",
    Action.RESCHEDULED: "clock",
    Action.REQUESTED: "info",
    Action.NO_SHOW: "person",
}
_COLOR = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
_WEB = re.compile(r"https?://[^\s<>\"]+")
#: From so long before its start on a link to join a meeting is shown.
_JOIN_BEFORE = 15 * MINUTE


@dataclass(frozen=True, slots=True)
class Types:
    """
    A host's event types, on or off, by id, in the order of the booking page.
    """

    by_id: dict[int, EventType]

    @classmethod
    def of(cls, tx: Tx, host_id: int) -> "Types":
        """
        Load them.
        """
        rows = [row for active in (True, False) for row in event_types.list_types(tx, host_id, active=active)]
        return cls({row.id: row for row in rows})

    def read(self, text: str) -> int | None:
        """
        Read from an address which one is meant; None for what is none of them.
        """
        return int(text) if text.isascii() and text.isdigit() and int(text) in self.by_id else None

    @property
    def style(self) -> str:
        """
        The CSS that gives each class ``type-<id>`` its colour.
        """
        return "".join(
            f".type-{row.id}{{--type:{row.color}}}"
            for row in self.by_id.values()
            if _COLOR.fullmatch(row.color)
        )


@dataclass(frozen=True, slots=True)
class Line:
    """
    A booking as lists and calendars show it. ``kind`` is the class of its status.
    """

    id: int
    start_ts: Instant
    end_ts: Instant
    type_id: int
    time: str
    who: str
    what: str
    place: str
    sign: str
    kind: str
    badge: tuple[str, str] | None
    is_open: bool
    is_past: bool
    is_on: bool
    join: str | None


def line_of(texts: Texts, row: BookingRow, event_type: EventType, zone: ZoneInfo, now: Instant) -> Line:
    """
    Say what a list shows of a booking.
    """
    place, sign = place_of(texts, event_type)
    is_on = row.status == CONFIRMED and row.start_ts <= now < row.end_ts
    soon = row.status == CONFIRMED and row.start_ts - _JOIN_BEFORE <= now < row.end_ts
    return Line(
        id=row.id,
        start_ts=row.start_ts,
        end_ts=row.end_ts,
        type_id=row.event_type_id,
        time=texts.time_range(row.start_ts, row.end_ts, zone),
        who=row.invitee_name,
        what=row.event_type_name,
        place=place,
        sign=sign,
        kind=row.status,
        badge=None if row.status == CONFIRMED and not row.is_no_show else badge_of(texts, row),
        is_open=row.status == PENDING and row.start_ts > now,
        is_past=row.end_ts <= now,
        is_on=is_on,
        join=link_in(event_type) if soon else None,
    )


def badge_of(texts: Texts, row: Booking | BookingRow) -> tuple[str, str]:
    """
    Say where a booking stands, and the kind of badge that says it.
    """
    word, kind = (_NO_SHOW, "warn") if row.is_no_show and row.status == CONFIRMED else _STATUS[row.status]
    return texts.gettext(word), kind


def place_of(texts: Texts, event_type: EventType) -> tuple[str, str]:
    """
    Say how people meet, and the sign for it; both are empty where nothing is said.
    """
    name, sign = _PLACES.get(event_type.location_type or "", ("", "place" if event_type.location else ""))
    return texts.gettext(name) if name else (event_type.location or ""), sign


def link_in(event_type: EventType) -> str | None:
    """
    Find the address at which people meet, where the place has one.
    """
    found = _WEB.search(event_type.location or "")
    return found[0] if found else None


def language_name(texts: Texts, tag: str | None) -> str | None:
    """
    Name the language that an invitee speaks.
    """
    try:
        return Locale.parse(tag, sep="-").get_display_name(texts.locale) if tag else None
    except (ValueError, UnknownLocaleError):
        return None


def answers_of(texts: Texts, booking: Booking) -> Iterator[tuple[str, str]]:
    """
    Yield questions and answers; those to questions that are asked no more come last, by their ids.
    """
    labels = {question["id"]: question["label"] for question in booking.event_type.questions}
    for key in [*labels, *(key for key in booking.answers if key not in labels)]:
        answer = booking.answers.get(key)
        if isinstance(answer, bool):
            yield labels.get(key, key), texts.gettext("Yes") if answer else texts.gettext("No")
        elif isinstance(answer, list):
            yield labels.get(key, key), ", ".join(map(str, answer))
        elif answer not in {None, ""}:
            yield labels.get(key, key), str(answer)


def told(
    texts: Texts, booking: Booking, changes: Iterable[BookingChange], zone: ZoneInfo
) -> Sequence[dict[str, Any]]:
    """
    Tell a booking's history, the latest first.
    """
    lines = []
    for change in changes:
        action, actor = Action(change.action), Actor(change.actor)
        former = change.former_start_ts
        lines.append(
            {
                "text": texts.gettext(_DONE.get((action, actor), _CHANGED)) % {"name": booking.invitee_name},
                "sign": _SIGNS.get(action, "close"),
                "at": texts.moment(change.created_ts, zone),
                "times": None
                if former is None
                else (texts.moment(former, zone), texts.moment(change.start_ts, zone)),
                "reason": change.reason,
            }
        )
    return lines[::-1]


def is_same_clock(first: ZoneInfo, second: ZoneInfo, instant: Instant) -> bool:
    """
    Say whether clocks in two zones show the same at an instant.
    """
    return to_datetime(instant, first).utcoffset() == to_datetime(instant, second).utcoffset()


def days_of(lines: Iterable[Line], zone: ZoneInfo) -> dict[Any, list[Line]]:
    """
    Group lines by the date on which they start, in the order they come.
    """
    found: dict[Any, list[Line]] = {}
    for line in lines:
        found.setdefault(local_date(line.start_ts, zone), []).append(line)
    return found
