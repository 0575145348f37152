"""
Event types: the meetings a host offers.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select

from calendo.core.instants import Instant
from calendo.db.engine import Tx
from calendo.db.models import AvailabilitySchedule, EventType
from calendo.errors import InvalidInput, NotFound, SlugTaken
from calendo.ops import slugs
from calendo.ops.locks import lock_host

MAX_NAME_LENGTH = 200
_COPY = " (copy)"
_OWN = {"id", "host_id", "name", "slug", "is_active", "position", "created_ts"}
_COPIED = [column.key for column in EventType.__table__.columns if column.key not in _OWN]


def create(tx: Tx, host_id: int, fields: Mapping[str, Any], now: Instant) -> EventType:
    """
    Make an event type, last in the host's order unless ``position`` says otherwise.

    Without a slug one is made from the name, with ``-2`` when it is taken; a given
    one that is taken raises ``SlugTaken``.
    """
    lock_host(tx, host_id)
    fields = dict(fields)
    taken = set(tx.scalars(select(EventType.slug).where(EventType.host_id == host_id)))
    if fields.get("slug") is None:
        fields["slug"] = slugs.first_free(slugs.slug_of(fields["name"], fallback="event"), taken)
    elif fields["slug"] in taken:
        raise SlugTaken
    if fields.get("position") is None:
        last = tx.scalar(select(func.max(EventType.position)).where(EventType.host_id == host_id))
        fields["position"] = 0 if last is None else last + 1
    _check_schedule(tx, host_id, fields.get("schedule_id"))
    event_type = EventType(host_id=host_id, is_active=True, created_ts=now, **fields)
    tx.add(event_type)
    tx.flush()
    return event_type


def list_types(tx: Tx, host_id: int, *, active: bool = True) -> Sequence[EventType]:
    """
    List a host's event types that are on (or off), in the host's order.
    """
    return tx.scalars(
        select(EventType)
        .where(EventType.host_id == host_id, EventType.is_active == active)
        .order_by(EventType.position, EventType.id)
    ).all()


def get_type(tx: Tx, host_id: int, event_type_id: int) -> EventType:
    """
    Return one of a host's event types, on or off.
    """
    event_type = tx.scalar(
        select(EventType).where(EventType.id == event_type_id, EventType.host_id == host_id)
    )
    if event_type is None:
        raise NotFound("There is no event type with this id.")
    return event_type


def change(tx: Tx, host_id: int, event_type_id: int, changes: Mapping[str, Any]) -> EventType:
    """
    Change an event type. Its slug stays as it is unless a new one is given.
    """
    lock_host(tx, host_id)
    event_type = get_type(tx, host_id, event_type_id)
    slug = changes.get("slug", event_type.slug)
    if slug != event_type.slug and tx.scalar(
        select(EventType.id).where(EventType.host_id == host_id, EventType.slug == slug)
    ):
        raise SlugTaken
    _check_schedule(tx, host_id, changes.get("schedule_id"))
    for field, value in changes.items():
        setattr(event_type, field, value)
    tx.flush()
    return event_type


def remind_alike(tx: Tx, host_id: int, reminder_minutes: Sequence[int]) -> int:
    """
    Give all event types of a host, on or off, the same reminders; return how many had others.
    """
    lock_host(tx, host_id)
    others = [
        row.id
        for active in (True, False)
        for row in list_types(tx, host_id, active=active)
        if row.reminder_minutes != reminder_minutes
    ]
    for event_type_id in others:
        change(tx, host_id, event_type_id, {"reminder_minutes": reminder_minutes})
    return len(others)


def reorder(tx: Tx, host_id: int, ids: Sequence[int]) -> None:
    """
    Put a host's event types into this order; those that are not named follow in the order they have.

    Raises ``InvalidInput`` for an id that is named twice or is none of the host's.
    """
    lock_host(tx, host_id)
    rows = tx.scalars(
        select(EventType).where(EventType.host_id == host_id).order_by(EventType.position, EventType.id)
    )
    left = {row.id: row for row in rows}
    ordered = []
    for event_type_id in ids:
        if event_type_id not in left:
            raise InvalidInput(
                f"ids: there is no event type with the id {event_type_id}, or it is there twice."
            )
        ordered.append(left.pop(event_type_id))
    for position, event_type in enumerate([*ordered, *left.values()]):
        event_type.position = position
    tx.flush()


def duplicate(
    tx: Tx, host_id: int, event_type_id: int, now: Instant, *, name: str | None = None
) -> EventType:
    """
    Make another event type like this one, right behind it in the order, on or off as it is.

    Without a ``name`` it has the same one with `` (copy)`` behind it. The slug comes from the name.
    """
    lock_host(tx, host_id)
    original = get_type(tx, host_id, event_type_id)
    fields = {field: getattr(original, field) for field in _COPIED}
    name = name or f"{original.name[: MAX_NAME_LENGTH - len(_COPY)]}{_COPY}"
    made = create(tx, host_id, {**fields, "name": name}, now)
    made.is_active = original.is_active
    ids = tx.scalars(
        select(EventType.id)
        .where(EventType.host_id == host_id, EventType.id != made.id)
        .order_by(EventType.position, EventType.id)
    ).all()
    behind = ids.index(original.id) + 1
    reorder(tx, host_id, [*ids[:behind], made.id, *ids[behind:]])
    return made


def switch_off(tx: Tx, host_id: int, event_type_id: int) -> None:
    """
    Take an event type off the booking page; its bookings stay.
    """
    get_type(tx, host_id, event_type_id).is_active = False
    tx.flush()


def _check_schedule(tx: Tx, host_id: int, schedule_id: int | None) -> None:
    if schedule_id is None:
        return
    owned = tx.scalar(
        select(AvailabilitySchedule.id).where(
            AvailabilitySchedule.id == schedule_id, AvailabilitySchedule.host_id == host_id
        )
    )
    if owned is None:
        raise InvalidInput("schedule_id: there is no availability schedule with this id.")
