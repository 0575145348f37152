"""
Deliveries: what a host's webhooks were sent, what came of it, and how to send it again.
"""

from typing import Annotated, Literal, Self

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from calendo.core.instants import written
from calendo.db.models import DELIVERED, FAILED, SENDING, WAITING, Attempt
from calendo.errors import DeliveryState, EndpointState, InvalidInput, NotFound
from calendo.ops import delivery_log
from calendo.ops.deliveries import KEPT_SECONDS
from calendo.ops.delivery_log import DeliveryFilter, DeliveryRow
from calendo.web.api.answers import ANY, CHANGE, USER, Written
from calendo.web.api.cursors import LINK, next_page, read_cursor
from calendo.web.api.fields import Bound, Id, Omittable, choices, example, parse_bound, parse_choices
from calendo.web.deps import BaseUrl, Db, Now, UserId
from calendo.web.problems import errors
from calendo.web.routing import UserRoute

router = APIRouter(prefix="/api/webhooks/{webhook_id}", tags=["Webhooks"], route_class=UserRoute)

_STATUSES = (WAITING, SENDING, DELIVERED, FAILED)
_PAGE, _MAX_PAGE = 50, 200

Statuses = Annotated[str, choices(_STATUSES)]
PageSize = Annotated[int, Field(ge=1, le=_MAX_PAGE)]

_ATTEMPT = {
    "at": "2026-03-10 14:00:01",
    "duration_ms": 87,
    "status_code": 503,
    "error": "The endpoint answered 503.",
    "answer": "Back in a minute.",
}
_DELIVERY = {
    "id": 1,
    "event": "booking.created",
    "message_id": "7c9e6679-7425-40de-944b-e07fc1f90ae7",
    "status": "pending",
    "created_at": "2026-03-10 14:00:00",
    "next_attempt_at": "2026-03-10 14:01:01",
    "attempts": [_ATTEMPT],
}
_PAYLOAD = (
    '{"event":"booking.created","created_at":"2026-03-10T14:00:00Z","data":{"booking":'
    '{"uid":"a1b2c3d4-5e6f-4a7b-8c9d-0e1f2a3b4c5d","event_type":"30 Minute Call",'
    '"invitee_name":"Bob Johnson","invitee_email":"bob@example.com",'
    '"start_time":"2026-03-10 19:00:00","end_time":"2026-03-10 19:30:00",'
    '"status":"confirmed","timezone":"America/New_York"}}}'
)
_WHOLE = {**_DELIVERY, "payload": _PAYLOAD}


class AttemptOut(BaseModel):
    """
    One try. It succeeded if ``error`` is null; ``answer`` is the first KiB of what came back.
    """

    model_config = example(_ATTEMPT)

    at: Written
    duration_ms: int
    status_code: int | None
    error: str | None
    answer: str | None

    @classmethod
    def of(cls, row: Attempt) -> Self:
        """
        Render an attempt.
        """
        return cls(
            at=written(row.started_ts),
            duration_ms=row.duration_ms,
            status_code=row.status_code,
            error=row.error,
            answer=row.answer,
        )


class DeliveryOut(BaseModel):
    """
    A message on its way to an endpoint; ``message_id`` goes out as ``webhook-id``.

    ``next_attempt_at`` is null unless the status is ``pending``. ``attempts`` has the last
    twenty, oldest first.
    """

    model_config = example(_DELIVERY)

    id: int
    event: str
    message_id: str
    status: Annotated[str, Field(json_schema_extra={"enum": list(_STATUSES)})]
    created_at: Written
    next_attempt_at: Written | None
    attempts: list[AttemptOut]

    @classmethod
    def of(cls, row: DeliveryRow, **more: str | None) -> Self:
        """
        Render a delivery with its attempts.
        """
        return cls(
            id=row.id,
            event=row.topic,
            message_id=row.message_uid,
            status=row.status,
            created_at=written(row.created_ts),
            next_attempt_at=written(row.next_attempt_ts) if row.status == WAITING else None,
            attempts=[AttemptOut.of(attempt) for attempt in row.attempts],
            **more,
        )


class WholeDelivery(DeliveryOut):
    """
    A delivery with its ``payload``: the text of the request's body, as it is signed.
    """

    model_config = example(_WHOLE)

    payload: str

    @classmethod
    def of(cls, row: DeliveryRow, **more: str | None) -> Self:
        """
        Render a delivery that was read with its payload.
        """
        return super().of(row, payload=row.payload, **more)


class Redelivered(BaseModel):
    """
    It is sent again; the delivery as it is now.
    """

    model_config = example({"ok": True, "delivery": _WHOLE})

    ok: Literal[True] = True
    delivery: WholeDelivery


class Counted(BaseModel):
    """
    It is done, to so many.
    """

    model_config = example({"ok": True, "count": 3})

    ok: Literal[True] = True
    count: int


@router.get(
    "/deliveries",
    summary="List a webhook's deliveries",
    responses={200: {"headers": LINK}, **errors(*ANY, *USER, NotFound)},
)
def list_deliveries(
    webhook_id: Id,
    db: Db,
    user_id: UserId,
    request: Request,
    response: Response,
    base_url: BaseUrl,
    status: Annotated[
        Omittable[Statuses], Query(description=f"One or more of {', '.join(_STATUSES)}, comma-separated")
    ] = None,
    limit: Annotated[PageSize, Query(description="At most this many")] = _PAGE,
    cursor: Annotated[Omittable[str], Query(description="From the Link header of the page before")] = None,
) -> list[DeliveryOut]:
    """
    Return what was sent to a webhook in the last 30 days, newest first.
    """
    wanted = DeliveryFilter(
        statuses=None if status is None else parse_choices("status", status, _STATUSES),
        before=None if cursor is None else read_cursor(cursor, 1)[0],
        # One more than asked for tells whether there is a next page.
        limit=limit + 1,
    )
    with db.read() as tx:
        rows = delivery_log.list_deliveries(tx, user_id, webhook_id, wanted)
    if len(rows) > limit:
        rows = rows[:limit]
        response.headers.update(next_page(request, base_url, (rows[-1].id,)))
    return [DeliveryOut.of(row) for row in rows]


@router.get("/deliveries/{delivery_id}", summary="Read a delivery", responses=errors(*ANY, *USER, NotFound))
def read_delivery(webhook_id: Id, delivery_id: Id, db: Db, user_id: UserId) -> WholeDelivery:
    """
    Return one delivery, with its payload.
    """
    with db.read() as tx:
        return WholeDelivery.of(delivery_log.get_delivery(tx, user_id, webhook_id, delivery_id))


@router.post(
    "/deliveries/{delivery_id}/redeliver",
    summary="Send a delivery again",
    responses=errors(*ANY, *CHANGE, NotFound, EndpointState, DeliveryState),
)
def redeliver(webhook_id: Id, delivery_id: Id, db: Db, user_id: UserId, now: Now) -> Redelivered:
    """
    Send a delivery again that has arrived or failed: the same bytes under the same `webhook-id`.
    """
    with db.write() as tx:
        row = delivery_log.redeliver(tx, user_id, webhook_id, delivery_id, now)
        return Redelivered(delivery=WholeDelivery.of(row))


@router.post(
    "/redeliver",
    summary="Send again what failed",
    responses=errors(*ANY, *CHANGE, NotFound, EndpointState),
)
def redeliver_failed(
    webhook_id: Id,
    db: Db,
    user_id: UserId,
    now: Now,
    since: Annotated[
        Bound,
        Query(description="Deliveries that failed on this date (UTC) or at this instant, or later"),
    ],
) -> Counted:
    """
    Send the deliveries again that have failed since then, up to 1000 in one call.

    With a `count` of 1000 there may be more: call again.
    """
    since_ts = parse_bound("since", since)
    if since_ts < now - KEPT_SECONDS:
        raise InvalidInput("since: use a time within the last 30 days; the log goes back no further.")
    with db.write() as tx:
        return Counted(count=delivery_log.redeliver_failed(tx, user_id, webhook_id, since_ts, now))


@router.post(
    "/test",
    status_code=201,
    summary="Send a test",
    responses=errors(*ANY, *CHANGE, NotFound, EndpointState),
)
def send_test(webhook_id: Id, db: Db, user_id: UserId, now: Now) -> WholeDelivery:
    """
    Send a message of the topic `webhook.test`, whatever the webhook subscribes to.

    It looks like one about a booking, and is about none.
    """
    with db.write() as tx:
        return WholeDelivery.of(delivery_log.send_test(tx, user_id, webhook_id, now))
