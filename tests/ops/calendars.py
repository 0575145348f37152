"""
Hosts as a test remembers them, beside the database, and what they may come up with.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from calendo.core.instants import HOUR, MINUTE
from core.minute_by_minute import Case, Minutes

Span = tuple[int, int]

ONE_DAY = timedelta(days=1)
BLOCKING = {"pending", "confirmed"}

# On these dates, or in the night before or after, clocks are set in these zones.
PLACES = {
    date(2026, 3, 8): ("America/New_York", "America/Havana", "America/St_Johns"),
    date(2026, 3, 29): ("Europe/Berlin", "America/Nuuk", "Antarctica/Troll", "Asia/Beirut"),
    date(2026, 4, 5): ("Australia/Lord_Howe", "Pacific/Chatham", "America/Santiago"),
    date(2026, 9, 6): ("America/Santiago",),
    date(2026, 10, 25): ("Europe/Dublin", "Atlantic/Azores"),
    date(2026, 10, 30): ("Africa/Cairo",),
    date(2026, 11, 1): ("America/Havana", "America/New_York"),
}
STEADY = ("Asia/Kathmandu", "Pacific/Kiritimati")
INVITEES = (
    "UTC",
    "Pacific/Pago_Pago",
    "Europe/Berlin",
    "Pacific/Kiritimati",
    "America/St_Johns",
    "Asia/Tokyo",
)

_windows = st.sampled_from(
    [
        (0, 1440),
        (0, 1440),
        (60, 240),
        (75, 165),
        (480, 1200),
        (540, 1020),
        (540, 720),
        (750, 1020),
        (1320, 120),
        (1320, 1440),
        (1380, 0),
        (1410, 30),
        (1140, 600),
    ]
)
_weekdays = st.sampled_from([(0, 1, 2, 3, 4, 5, 6)] * 3 + [(5, 6, 7), (0, 1), (4, 6)])
_rules = st.lists(st.tuples(_weekdays, _windows), min_size=1, max_size=2)
_exceptions = st.lists(st.tuples(st.integers(-2, 2), st.integers(0, 1), _windows | st.none()), max_size=2)
event_type_fields = st.fixed_dictionaries(
    {
        "duration_minutes": st.sampled_from([60, 45, 60, 90, 60, 75, 90, 240, 45, 720]),
        "slot_interval": st.sampled_from([None, None, 40, 75, 90, 120]),
        "buffer_before": st.sampled_from([0, 0, 10, 0, 30, 0, 60, 720]),
        "buffer_after": st.sampled_from([0, 0, 15, 0, 30, 0, 60, 720]),
        "min_notice_hours": st.sampled_from([0, 0, 0, 1, 4, 24]),
        "max_future_days": st.sampled_from([60, 60, 60, 60, 60, 3, 2, 1, 0]),
        "requires_confirmation": st.booleans(),
    }
)


@dataclass(eq=False)
class Hours:
    """
    A schedule.
    """

    id: int
    zone: str
    rules: list[tuple[tuple[int, ...], Minutes]]
    overrides: list[tuple[date, date, Minutes | None]]

    def columns(self) -> dict[str, Any]:
        """
        Write it as the API takes it.
        """
        return {
            "timezone": self.zone,
            "rules": [{"day": day} | _times(window) for days, window in self.rules for day in days],
            "overrides": [
                {"date": first.isoformat(), "until": last.isoformat()}
                | (_times(window) if window else {"unavailable": True})
                for first, last, window in self.overrides
            ],
        }


@dataclass(eq=False)
class Type:
    """
    An event type; ``hours`` None follows the host's default.
    """

    id: int
    host: "Host"
    slug: str
    fields: dict[str, Any]
    hours: Hours | None
    is_active: bool = True

    @property
    def length(self) -> int:
        return int(self.fields["duration_minutes"]) * MINUTE

    @property
    def step(self) -> int:
        return int(self.fields["slot_interval"] or self.fields["duration_minutes"]) * MINUTE

    @property
    def notice(self) -> int:
        return int(self.fields["min_notice_hours"]) * HOUR

    def times(self, start: int) -> tuple[Span, Span]:
        """
        Say when a meeting is, and which time it takes from its host.
        """
        before, after = (int(self.fields[name]) * MINUTE for name in ("buffer_before", "buffer_after"))
        end = start + self.length
        return (start, end), (start - before, end + after)


@dataclass(eq=False)
class Meeting:
    """
    A booking.
    """

    id: int
    type: Type
    meeting: Span
    blocked: Span
    status: str


@dataclass(eq=False)
class Host:
    """
    A host with all that is theirs; ``messages`` are pairs of a booking's id and a topic.
    """

    id: int
    slug: str
    hours: list[Hours]
    default: Hours
    types: list[Type] = field(default_factory=list)
    meetings: list[Meeting] = field(default_factory=list)
    messages: list[tuple[int, str]] = field(default_factory=list)

    def blocked(self, without: Meeting | None = None) -> list[Span]:
        """
        List the times that are taken, earliest first.
        """
        return sorted(
            booking.blocked
            for booking in self.meetings
            if booking.status in BLOCKING and booking is not without
        )


def draw_hours(data: st.DataObject, around: date) -> Hours:
    """
    Think of when a host can be met, near a date.
    """
    return Hours(
        id=0,
        zone=data.draw(st.sampled_from(PLACES[around] * 2 + STEADY)),
        rules=data.draw(_rules),
        overrides=[
            (around + ONE_DAY * first, around + ONE_DAY * (first + more), window)
            for first, more, window in data.draw(_exceptions)
        ],
    )


def question(
    event_type: Type, around: date, asked: Span, now: int, *, without: Meeting | None = None
) -> Case:
    """
    Ask somebody patient what is on offer.
    """
    hours = event_type.hours or event_type.host.default
    return Case(
        zone=hours.zone,
        around=around,
        rules=tuple(hours.rules),
        overrides=tuple(hours.overrides),
        blocked=tuple(event_type.host.blocked(without)),
        asked=asked,
        now=now,
        duration=event_type.fields["duration_minutes"],
        interval=event_type.fields["slot_interval"],
        before=event_type.fields["buffer_before"],
        after=event_type.fields["buffer_after"],
        notice_hours=event_type.fields["min_notice_hours"],
        future_days=event_type.fields["max_future_days"],
    )


def utc_midnight(day: date) -> int:
    """
    Say when a date begins in UTC.
    """
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def _times(window: Minutes) -> dict[str, str]:
    start, end = (f"{minute // 60:02}:{minute % 60:02}" for minute in window)
    return {"start": start, "end": end}
