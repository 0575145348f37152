"""
A booking as the pages behind its links show it: what was agreed, and what was done to it last.
"""

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from calendo.core.instants import Instant, get_zone, zone_names
from calendo.db.engine import Tx
from calendo.db.models import Booking, BookingChange
from calendo.ops import history
from calendo.ops.history import Action, Actor
from calendo.web.pages.parts import LOCATIONS, when

_STATUS = {
    "pending": "Not confirmed yet",
    "confirmed": "Confirmed",
    "cancelled": "Cancelled",
    "declined": "Declined",
}
_DONE = {
    Action.CONFIRMED: "confirmed this",
    Action.DECLINED: "declined this",
    Action.CANCELLED: "cancelled this",
    Action.RESCHEDULED: "moved this",
    Action.NO_SHOW: "noted that nobody came",
}


def zone_or_utc(name: str) -> ZoneInfo:
    """
    Return the zone that a row names; UTC where the time zone database no longer has it.
    """
    return get_zone(name if name in zone_names() else "UTC")


def told(tx: Tx, booking: Booking, names: dict[Actor, str], zone: ZoneInfo, now: Instant) -> dict[str, Any]:
    """
    Say what a page shows of a booking, its times in ``zone`` and its people by ``names``.
    """
    return {
        "booking": booking,
        "event_type": booking.event_type,
        "status_word": _STATUS[booking.status],
        "is_over": booking.end_ts <= now,
        "when": when(booking.start_ts, zone),
        "minutes": (booking.end_ts - booking.start_ts) // 60,
        "zone": zone.key,
        "location_type": LOCATIONS.get(booking.event_type.location_type or ""),
        "answers": list(_answers(booking)),
        "latest": _latest(history.list_changes(tx, booking)[-1:], names, zone),
    }


def _answers(booking: Booking) -> Iterator[tuple[str, str]]:
    for question in booking.event_type.questions:
        answer = booking.answers.get(question["id"])
        if isinstance(answer, bool):
            yield question["label"], "Yes" if answer else "No"
        elif isinstance(answer, list):
            yield question["label"], ", ".join(answer)
        elif answer is not None:
            yield question["label"], str(answer)


def _latest(changes: Any, names: dict[Actor, str], zone: ZoneInfo) -> dict[str, str | None] | None:
    for change in changes:
        text = _sentence(change, names, zone)
        if text is not None:
            return {"text": text, "reason": change.reason}
    return None


def _sentence(change: BookingChange, names: dict[Actor, str], zone: ZoneInfo) -> str | None:
    """
    Tell in a sentence what was done; that it was booked at all needs none.
    """
    at = when(change.created_ts, zone)
    if change.actor == Actor.SYSTEM:
        return "Nobody answered this request before its time came, so it has lapsed."
    if change.action not in _DONE:
        return None
    done = f"{names[Actor(change.actor)]} {_DONE[Action(change.action)]} on {at}."
    if change.former_start_ts is None:
        return done
    return f"{done} Before that its time was {when(change.former_start_ts, zone)}."
