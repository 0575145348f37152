"""
Lists of a host's bookings: which ones, and what a list shows of each.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Row, Select, func, select, tuple_

from calendo.core.instants import Instant
from calendo.core.searching import words_of
from calendo.core.slots import MAX_BLOCKED_SECONDS
from calendo.db.engine import Tx
from calendo.db.models import Booking, EventType

_LISTED = (
    Booking.id,
    Booking.uid,
    Booking.event_type_id,
    Booking.start_ts,
    Booking.end_ts,
    Booking.status,
    Booking.invitee_name,
    Booking.invitee_email,
    Booking.timezone,
    Booking.locale,
    Booking.notes,
    Booking.answers,
    Booking.reason,
    Booking.is_no_show,
    Booking.created_ts,
)

_BATCH = 100

#: A row of ``list_bookings``; a list may have ten thousand, too many to make objects of.
BookingRow: TypeAlias = Row[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class BookingFilter:
    """
    Which of a host's bookings to list; None does not restrict.

    Those that start from ``from_ts`` on and before ``to_ts``, that end after ``ending_after_ts``
    or have ended by ``ended_by_ts``, behind ``after`` (the start and the id of the last one seen),
    at most ``limit``. ``words`` is what has to occur in the invitee's name or e-mail address,
    whatever the case and the order. The latest come first, or the soonest.
    """

    statuses: tuple[str, ...] | None = None
    event_type_id: int | None = None
    from_ts: Instant | None = None
    to_ts: Instant | None = None
    ending_after_ts: Instant | None = None
    ended_by_ts: Instant | None = None
    words: str | None = None
    after: tuple[Instant, int] | None = None
    limit: int | None = None
    soonest_first: bool = False


def list_bookings(tx: Tx, host_id: int, wanted: BookingFilter) -> Sequence[BookingRow]:
    """
    List a host's bookings, latest start first: what a list shows of them, and ``event_type_name``.
    """
    return tx.execute(_listing(host_id, wanted)).all()


def count_bookings(tx: Tx, host_id: int, wanted: BookingFilter) -> int:
    """
    Say how many bookings ``list_bookings`` would list.
    """
    query = select(func.count()).select_from(Booking).where(*_conditions(host_id, wanted))
    return tx.scalar(query) or 0


def batches_of_bookings(tx: Tx, host_id: int, wanted: BookingFilter) -> Iterator[Sequence[BookingRow]]:
    """
    Like ``list_bookings``, a hundred at a time, so that a long list never is in memory whole.
    """
    query = _listing(host_id, wanted).execution_options(yield_per=_BATCH)
    return tx.execute(query).partitions()


def _listing(host_id: int, wanted: BookingFilter) -> Select[tuple[Any, ...]]:
    order = (Booking.start_ts, Booking.id)
    query = (
        select(*_LISTED, EventType.name.label("event_type_name"))
        .join(EventType, EventType.id == Booking.event_type_id)
        .where(*_conditions(host_id, wanted))
        .order_by(*(order if wanted.soonest_first else (column.desc() for column in order)))
    )
    if wanted.after is not None:
        seen = tuple_(*order)
        query = query.where(seen > wanted.after if wanted.soonest_first else seen < wanted.after)
    if wanted.limit is not None:
        query = query.limit(wanted.limit)
    return query


def _conditions(host_id: int, wanted: BookingFilter) -> list[ColumnElement[bool]]:
    """
    Say in SQL which bookings are meant, wherever a list of them begins and ends.
    """
    found: list[ColumnElement[bool]] = [Booking.host_id == host_id]
    if wanted.statuses is not None:
        found.append(Booking.status.in_(wanted.statuses))
    if wanted.event_type_id is not None:
        found.append(Booking.event_type_id == wanted.event_type_id)
    if wanted.from_ts is not None:
        found.append(Booking.start_ts >= wanted.from_ts)
    if wanted.to_ts is not None:
        found.append(Booking.start_ts < wanted.to_ts)
    # Of the end there is no index; the second bound is implied by the first, and has one.
    if wanted.ending_after_ts is not None:
        found.append(Booking.end_ts > wanted.ending_after_ts)
        found.append(Booking.start_ts > wanted.ending_after_ts - MAX_BLOCKED_SECONDS)
    if wanted.ended_by_ts is not None:
        found.append(Booking.end_ts <= wanted.ended_by_ts)
        found.append(Booking.start_ts < wanted.ended_by_ts)
    found += [Booking.invitee_search.contains(word, autoescape=True) for word in words_of(wanted.words or "")]
    return found
