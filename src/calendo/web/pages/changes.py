"""
A booking as the pages behind its links show it: what was agreed, and what was done to it last.
"""

from collections.abc import Iterator, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from calendo.core.instants import Instant, get_zone, zone_names
from calendo.db.engine import Tx
from calendo.db.models import Booking, BookingChange
from calendo.i18n import Texts
from calendo.ops import history
from calendo.ops.history import Action, Actor
from calendo.web.pages.parts import locations, when


def zone_or_utc(name: str) -> ZoneInfo:
    """
    Return the zone that a row names; UTC where the time zone database no longer has it.
    """
    return get_zone(name if name in zone_names() else "UTC")


def told(
    tx: Tx,
    booking: Booking,
    reader: Actor,
    names: dict[Actor, str],
    zone: ZoneInfo,
    texts: Texts,
    now: Instant,
) -> dict[str, Any]:
    """
    Say what a page shows its ``reader`` of a booking, with times in ``zone`` and people by ``names``.
    """
    changes = history.list_changes(tx, booking)[-1:]
    return {
        "booking": booking,
        "event_type": booking.event_type,
        "status_word": _status(texts)[booking.status],
        "is_over": booking.end_ts <= now,
        "when": when(booking.start_ts, zone, texts),
        "minutes": (booking.end_ts - booking.start_ts) // 60,
        "zone": texts.zone(booking.start_ts, zone),
        "location_type": locations(texts).get(booking.event_type.location_type or ""),
        "answers": list(_answers(booking, texts)),
        "latest": _latest(changes, reader, names, zone, texts),
    }


def _status(texts: Texts) -> dict[str, str]:
    _ = texts.gettext
    return {
        "pending": _("Not confirmed yet"),
        "confirmed": _("Confirmed"),
        "cancelled": _("Cancelled"),
        "declined": _("Declined"),
    }


def _answers(booking: Booking, texts: Texts) -> Iterator[tuple[str, str]]:
    _ = texts.gettext
    for question in booking.event_type.questions:
        answer = booking.answers.get(question["id"])
        if isinstance(answer, bool):
            yield question["label"], _("Yes") if answer else _("No")
        elif isinstance(answer, list):
            yield question["label"], ", ".join(answer)
        elif answer is not None:
            yield question["label"], str(answer)


def _latest(
    changes: Sequence[BookingChange], reader: Actor, names: dict[Actor, str], zone: ZoneInfo, texts: Texts
) -> dict[str, str | None] | None:
    for change in changes:
        text = _sentence(change, reader, names, zone, texts)
        if text is not None:
            return {"text": text, "reason": change.reason}
    return None


def _sentence(
    change: BookingChange, reader: Actor, names: dict[Actor, str], zone: ZoneInfo, texts: Texts
) -> str | None:
    """
    Tell in a sentence what was done; that it was booked at all needs none.
    """
    _ = texts.gettext
    if change.actor == Actor.SYSTEM:
        return _("Nobody answered this request before its time came, so it has lapsed.")
    done = (_own if change.actor == reader else _others)(texts).get(Action(change.action))
    if done is None:
        return None
    text = done % {"name": names[Actor(change.actor)], "when": when(change.created_ts, zone, texts)}
    if change.former_start_ts is None:
        return text
    former = _("Before that its time was %(when)s.") % {"when": when(change.former_start_ts, zone, texts)}
    return f"{text} {former}"


def _own(texts: Texts) -> dict[Action, str]:
    _ = texts.gettext
    return {
        Action.CONFIRMED: _("You confirmed this on %(when)s."),
        Action.DECLINED: _("You declined this on %(when)s."),
        Action.CANCELLED: _("You cancelled this on %(when)s."),
        Action.RESCHEDULED: _("You moved this on %(when)s."),
        Action.NO_SHOW: _("You noted on %(when)s that nobody came."),
    }


def _others(texts: Texts) -> dict[Action, str]:
    _ = texts.gettext
    return {
        Action.CONFIRMED: _("%(name)s confirmed this on %(when)s."),
        Action.DECLINED: _("%(name)s declined this on %(when)s."),
        Action.CANCELLED: _("%(name)s cancelled this on %(when)s."),
        Action.RESCHEDULED: _("%(name)s moved this on %(when)s."),
        Action.NO_SHOW: _("%(name)s noted on %(when)s that nobody came."),
    }
