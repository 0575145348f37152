"""
Why a time is not on offer: a day of an event type, for its host.
"""

from typing import Annotated, Self

from fastapi import APIRouter, Query
from pydantic import BaseModel

from calendo.core.explanations import Reason, Stretch, Why
from calendo.core.instants import written
from calendo.errors import NotFound
from calendo.ops import explanations
from calendo.ops.explanations import Explanation, clock_label, put_into_words
from calendo.web.api.answers import ANY, USER, Bit, Written
from calendo.web.api.fields import EventSlug, Omittable, PageSlug, example
from calendo.web.api.ranges import DateText, ZoneName, read_date, read_zone
from calendo.web.deps import Db, Now, UserId
from calendo.web.problems import errors
from calendo.web.routing import UserRoute

router = APIRouter(prefix="/api/availability", tags=["Availability"], route_class=UserRoute)

_BOOKED = {
    "code": "booked",
    "message": "Booked by Bob Johnson, 15:00 to 15:30.",
    "booking_id": 1,
    "invitee_name": "Bob Johnson",
}
_BUFFER = {**_BOOKED, "code": "buffer", "message": "Within the buffers around the meeting with Bob Johnson."}


class ReasonOut(BaseModel):
    """
    One reason. ``code`` is stable, ``message`` is for people; the rest says which booking it is.
    """

    code: Why
    message: str
    booking_id: int | None
    invitee_name: str | None

    @classmethod
    def of(cls, explanation: Explanation, reason: Reason) -> Self:
        """
        Render a reason.
        """
        booking = explanation.bookings.get(reason.booking_id or 0)
        return cls(
            code=reason.why,
            message=put_into_words(explanation, reason),
            booking_id=reason.booking_id,
            invitee_name=None if booking is None else booking.invitee_name,
        )


class StretchOut(BaseModel):
    """
    A candidate (``is_gap`` 0), from start to end of its meeting, or a gap in which nothing can start.

    Times are UTC, labels on the clock that was asked for.
    """

    start_time: Written
    end_time: Written
    start_label: str
    end_label: str
    is_gap: Bit
    is_offered: Bit
    reasons: list[ReasonOut]

    @classmethod
    def of(cls, explanation: Explanation, stretch: Stretch) -> Self:
        """
        Render a candidate or a gap.
        """
        return cls(
            start_time=written(stretch.start),
            end_time=written(stretch.end),
            start_label=clock_label(explanation, stretch.start),
            end_label=clock_label(explanation, stretch.end),
            is_gap=int(stretch.is_gap),
            is_offered=int(stretch.is_offered),
            reasons=[ReasonOut.of(explanation, reason) for reason in stretch.reasons],
        )


class ExplanationOut(BaseModel):
    """
    A day, explained. A meeting may start from ``bookable_from`` on and before ``bookable_until``.
    """

    model_config = example(
        {
            "event_type_id": 1,
            "event_type_name": "30 Minute Call",
            "is_active": 1,
            "date": "2026-03-10",
            "timezone": "America/New_York",
            "host_timezone": "America/Los_Angeles",
            "bookable_from": "2026-03-07 14:00:00",
            "bookable_until": "2026-05-07 07:00:00",
            "times": [
                {
                    "start_time": "2026-03-10 18:30:00",
                    "end_time": "2026-03-10 19:00:00",
                    "start_label": "14:30",
                    "end_label": "15:00",
                    "is_gap": 0,
                    "is_offered": 0,
                    "reasons": [_BUFFER],
                },
                {
                    "start_time": "2026-03-10 19:00:00",
                    "end_time": "2026-03-10 19:30:00",
                    "start_label": "15:00",
                    "end_label": "15:30",
                    "is_gap": 0,
                    "is_offered": 0,
                    "reasons": [_BOOKED],
                },
            ],
        }
    )

    event_type_id: int
    event_type_name: str
    is_active: Bit
    date: str
    timezone: str
    host_timezone: str
    bookable_from: Written
    bookable_until: Written
    times: list[StretchOut]

    @classmethod
    def of(cls, explanation: Explanation) -> Self:
        """
        Render an explanation.
        """
        return cls(
            event_type_id=explanation.event_type.id,
            event_type_name=explanation.event_type.name,
            is_active=int(explanation.event_type.is_active),
            date=explanation.day.isoformat(),
            timezone=explanation.zone.key,
            host_timezone=explanation.host_zone.key,
            bookable_from=written(explanation.bookable[0]),
            bookable_until=written(explanation.bookable[1]),
            times=[StretchOut.of(explanation, stretch) for stretch in explanation.stretches],
        )


@router.get(
    "/{page}/{event}/explain",
    summary="Explain which times are not on offer",
    responses=errors(*ANY, *USER, NotFound),
)
def explain_day(
    page: PageSlug,
    event: EventSlug,
    db: Db,
    user_id: UserId,
    now: Now,
    date: Annotated[DateText, Query(description="The day (YYYY-MM-DD), in `timezone`")],
    timezone: Annotated[
        Omittable[ZoneName],
        Query(description="Whose day it is, an IANA time zone; without it, the schedule's"),
    ] = None,
) -> ExplanationOut:
    """
    Return every time of a day at which one of your event types could start, and why those are not
    offered that are not; in between, the gaps in your hours. Only its host may ask.
    """
    day = read_date("date", date)
    zone = None if timezone is None else read_zone(timezone)
    with db.read() as tx:
        event_type = explanations.get_type_at(tx, page, event, host_id=user_id)
        return ExplanationOut.of(explanations.explain(tx, event_type, day, zone, now))
