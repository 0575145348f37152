"""
Which bookings: the parameters that the list and the export share.
"""

from typing import Annotated, TypeAlias

from fastapi import Depends, Query
from pydantic import Field

from calendo.db.models import STATUSES
from calendo.ops.booking_lists import BookingFilter
from calendo.web.api.fields import Bound, Omittable, RowId, choices, parse_bound, parse_choices

Statuses = Annotated[str, choices(STATUSES)]
Words = Annotated[str, Field(max_length=100)]


def _read_filter(
    status: Annotated[
        Omittable[Statuses], Query(description=f"One or more of {', '.join(STATUSES)}, comma-separated")
    ] = None,
    event_type_id: Annotated[Omittable[RowId], Query(description="Bookings of this event type")] = None,
    from_: Annotated[
        Omittable[Bound],
        Query(alias="from", description="Bookings that start on this date (UTC) or instant, or later"),
    ] = None,
    to: Annotated[
        Omittable[Bound],
        Query(description="Bookings that start on this date (UTC) or earlier, or before this instant"),
    ] = None,
    q: Annotated[
        Omittable[Words],
        Query(description="Words that occur in the invitee's name or e-mail address"),
    ] = None,
) -> BookingFilter:
    return BookingFilter(
        statuses=None if status is None else parse_choices("status", status, STATUSES),
        event_type_id=event_type_id,
        from_ts=None if from_ is None else parse_bound("from", from_),
        to_ts=None if to is None else parse_bound("to", to, end=True),
        words=q,
    )


Wanted: TypeAlias = Annotated[BookingFilter, Depends(_read_filter)]
