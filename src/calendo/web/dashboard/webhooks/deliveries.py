"""
The log of an endpoint: what was sent there, what came of it, and sending it again.
"""

import json
from collections.abc import Sequence
from typing import Annotated, Any

import orjson
from fastapi import Query, Response
from fastapi.responses import HTMLResponse
from pydantic import AfterValidator, BaseModel

from calendo.core.instants import DAY, Instant, local_date, midnight
from calendo.db.engine import Database, Tx
from calendo.db.models import DELIVERED, FAILED, SENDING, WAITING, Attempt
from calendo.errors import CalendoError, DeliveryState, EndpointState, InvalidInput
from calendo.i18n import gettext_noop
from calendo.ops import delivery_log, webhooks
from calendo.ops.deliveries import KEPT_SECONDS
from calendo.ops.delivery_log import DeliveryFilter, DeliveryRow
from calendo.web.api.fields import Id, parse_date
from calendo.web.dashboard.forms import Form
from calendo.web.dashboard.visitors import Typed, Visit, Visiting, area
from calendo.web.dashboard.webhooks import once
from calendo.web.dashboard.webhooks.endpoints import AREA, DOMAIN, TOPICS, summary
from calendo.web.dashboard.webhooks.results import result_of
from calendo.web.deps import Db, Now

router = area(f"{AREA}/{{webhook_id}}", DOMAIN)

_PAGE = "webhooks/endpoint.html"
_ROWS = 20
_MAX_ID_DIGITS = 16
_MODULES = ("webhooks/arrival.js",)
_FILTERS: dict[str, tuple[str, tuple[str, ...] | None]] = {
    "": (gettext_noop("All"), None),
    "failed": (gettext_noop("Failed"), (FAILED,)),
    "waiting": (gettext_noop("On their way"), (WAITING, SENDING)),
    "delivered": (gettext_noop("Delivered"), (DELIVERED,)),
}
_STATUSES = {
    WAITING: (gettext_noop("Waiting"), "warn"),
    SENDING: (gettext_noop("Being sent"), "accent"),
    DELIVERED: (gettext_noop("Delivered"), "good"),
    FAILED: (gettext_noop("Failed"), "alert"),
}


class AskedLog(BaseModel):
    """
    Which part of the log an address asks for; whatever is none of it is as if it were not there.
    """

    status: str = ""
    before: str = ""


def _date(text: str) -> str:
    try:
        parse_date(text)
    except ValueError:
        raise ValueError(gettext_noop("choose a date")) from None
    return text


class SinceForm(BaseModel):
    """
    From which date on what failed is sent again.
    """

    since: Annotated[str, AfterValidator(_date)]


@router.get("")
def show(
    webhook_id: Id, visit: Visiting, db: Db, now: Now, asked: Annotated[AskedLog, Query()]
) -> HTMLResponse:
    """
    Show an endpoint, its log, and its secret if that was just made.
    """
    with db.read() as tx:
        values = _page(visit, tx, webhook_id, asked, now)
    response = visit.render(_PAGE, secret=once.find(visit.request, webhook_id), **values)
    once.remove(visit.request, response)
    return response


@router.post("/test")
def send_test(webhook_id: Id, visit: Visiting, db: Db, now: Now) -> Response:
    """
    Send a test, and show what comes of it.
    """
    try:
        with db.write() as tx:
            sent = delivery_log.send_test(tx, visit.host_id, webhook_id, now).id
    except EndpointState as error:
        return _refuse(visit, _read_page(visit, db, webhook_id, now), error)
    return visit.turn_to(f"{AREA}/{webhook_id}/deliveries/{sent}")


@router.post("/redeliver")
def redeliver_failed(webhook_id: Id, visit: Visiting, form: Typed, db: Db, now: Now) -> Response:
    """
    Send again what has failed since a date, as the host's calendar has it.
    """
    try:
        since = parse_date(form.read(SinceForm).since)
        # Nothing has failed in days to come.
        since_ts = midnight(since, visit.zone) if since <= local_date(now, visit.zone) else now + 1
        with db.write() as tx:
            first_ts = max(since_ts, now - KEPT_SECONDS)
            count = delivery_log.redeliver_failed(tx, visit.host_id, webhook_id, first_ts, now)
    except (InvalidInput, EndpointState) as error:
        return _refuse(visit, _read_page(visit, db, webhook_id, now), error, form)
    if not count:
        notice = visit.texts.gettext("Nothing has failed since then.")
    else:
        said = visit.texts.ngettext(
            "%(num)s delivery is sent again.", "%(num)s deliveries are sent again.", count
        )
        notice = said % {"num": count}
    return visit.turn_to(f"{AREA}/{webhook_id}", notice)


@router.get("/deliveries/{delivery_id}")
def show_delivery(webhook_id: Id, delivery_id: Id, visit: Visiting, db: Db) -> HTMLResponse:
    """
    Show a delivery with its attempts and its payload.
    """
    with db.read() as tx:
        return visit.render(
            "webhooks/delivery.html", form=visit.form(), **_delivery(visit, tx, webhook_id, delivery_id)
        )


@router.post("/deliveries/{delivery_id}/redeliver")
def redeliver(webhook_id: Id, delivery_id: Id, visit: Visiting, db: Db, now: Now) -> Response:
    """
    Send one delivery again: the same bytes under the same id.
    """
    try:
        with db.write() as tx:
            delivery_log.redeliver(tx, visit.host_id, webhook_id, delivery_id, now)
    except (EndpointState, DeliveryState) as error:
        with db.read() as tx:
            values = _delivery(visit, tx, webhook_id, delivery_id)
        return visit.refuse("webhooks/delivery.html", visit.form(), error, **values)
    path = f"{AREA}/{webhook_id}/deliveries/{delivery_id}"
    return visit.turn_to(path, visit.texts.gettext("It is sent again."))


def _read_page(visit: Visit, db: Database, webhook_id: int, now: Instant) -> dict[str, Any]:
    """
    Read the page of an endpoint anew, for one that says what is wrong.
    """
    with db.read() as tx:
        return _page(visit, tx, webhook_id, AskedLog(), now)


def _refuse(
    visit: Visit, values: dict[str, Any], error: CalendoError, form: Form | None = None
) -> HTMLResponse:
    shown = values.pop("form")
    return visit.refuse(_PAGE, form or shown, error, secret=None, **values)


def _page(visit: Visit, tx: Tx, webhook_id: int, asked: AskedLog, now: Instant) -> dict[str, Any]:
    endpoint = webhooks.get_endpoint(tx, visit.host_id, webhook_id)
    chosen = asked.status if asked.status in _FILTERS else ""
    before = int(asked.before) if _is_id(asked.before) else None
    wanted = DeliveryFilter(_FILTERS[chosen][1], before, _ROWS + 1)
    rows = delivery_log.list_deliveries(tx, visit.host_id, webhook_id, wanted)
    until_ts = endpoint.former_secret_until_ts
    path = f"{AREA}/{webhook_id}"
    query = f"status={chosen}&" if chosen else ""
    return {
        "modules": _MODULES,
        "form": visit.form(since=local_date(now - DAY, visit.zone).isoformat()),
        "endpoint": summary(visit, endpoint),
        "topics": [
            (topic, visit.texts.gettext(TOPICS[topic])) for topic in TOPICS if topic in endpoint.topics
        ],
        "former_until": visit.texts.moment(until_ts, visit.zone) if until_ts and now < until_ts else None,
        "filters": [
            (f"{path}?status={key}" if key else path, visit.texts.gettext(name), key == chosen, None)
            for key, (name, _) in _FILTERS.items()
        ],
        "is_filtered": bool(chosen) or before is not None,
        "deliveries": [_row(visit, row) for row in rows[:_ROWS]],
        "older": f"{path}?{query}before={rows[_ROWS - 1].id}" if len(rows) > _ROWS else None,
        "newest": f"{path}?{query}" if before is not None else None,
        "kept_from": local_date(now - KEPT_SECONDS, visit.zone).isoformat(),
    }


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < _MAX_ID_DIGITS


def _row(visit: Visit, row: DeliveryRow) -> dict[str, Any]:
    word, kind = _STATUSES[row.status]
    last = row.attempts[-1] if row.attempts else None
    return {
        "id": row.id,
        "topic": row.topic,
        "at": visit.texts.moment(row.created_ts, visit.zone),
        "status": visit.texts.gettext(word),
        "kind": kind,
        "is_open": row.status in {WAITING, SENDING},
        "next": visit.texts.moment(row.next_attempt_ts, visit.zone) if row.status == WAITING else None,
        "attempts": len(row.attempts),
        "result": None if last is None else result_of(visit.texts, last),
    }


def _delivery(visit: Visit, tx: Tx, webhook_id: int, delivery_id: int) -> dict[str, Any]:
    endpoint = webhooks.get_endpoint(tx, visit.host_id, webhook_id)
    row = delivery_log.get_delivery(tx, visit.host_id, webhook_id, delivery_id)
    return {
        "modules": _MODULES,
        "endpoint": summary(visit, endpoint),
        "delivery": {**_row(visit, row), "message_id": row.message_uid},
        "payload": _indented(row.payload or ""),
        "attempts": _attempts(visit, row.attempts),
    }


def _attempts(visit: Visit, attempts: Sequence[Attempt]) -> list[dict[str, Any]]:
    return [
        {
            "at": visit.texts.moment(attempt.started_ts, visit.zone),
            "milliseconds": attempt.duration_ms,
            "is_good": attempt.error is None,
            "result": result_of(visit.texts, attempt),
            "answer": attempt.answer,
        }
        for attempt in reversed(attempts)
    ]


def _indented(payload: str) -> str:
    try:
        return json.dumps(orjson.loads(payload), indent=2, ensure_ascii=False)
    except ValueError:
        return payload
