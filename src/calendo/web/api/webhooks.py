"""
Webhooks: where a host's programs want to hear of bookings.
"""

from typing import Annotated, Self

from fastapi import APIRouter
from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from calendo.core.instants import Instant, written
from calendo.db.models import WebhookEndpoint
from calendo.errors import ForbiddenAddress, NotFound
from calendo.integrations.addresses import MAX_URL_LENGTH, check_webhook_url
from calendo.ops import webhooks
from calendo.ops.outbox import Topic
from calendo.web.api.answers import ANY, CHANGE, USER, Bit, Ok, Written
from calendo.web.api.fields import TRIMMED, Body, Flag, Id, example, unset
from calendo.web.deps import AppSettings, Db, KeyVault, Now, UserId
from calendo.web.problems import errors
from calendo.web.routing import UserRoute

router = APIRouter(prefix="/api/webhooks", tags=["Webhooks"], route_class=UserRoute)

_TOPICS = [topic.value for topic in Topic]


def _topics(given: list[str]) -> list[str]:
    if not set(given) <= set(_TOPICS):
        raise ValueError(f"use topics among {', '.join(_TOPICS)}")
    return list(dict.fromkeys(given))


Topics = Annotated[
    list[Annotated[str, Field(json_schema_extra={"enum": list(_TOPICS)})]],
    Field(min_length=1, max_length=20),
    AfterValidator(_topics),
]
Url = Annotated[
    str,
    StringConstraints(min_length=1, max_length=MAX_URL_LENGTH),
    TRIMMED,
    Field(json_schema_extra={"format": "uri"}),
]
Secret = Annotated[str, StringConstraints(min_length=8, max_length=500)]


_ENDPOINT = {
    "id": 1,
    "url": "https://your-app.com/webhooks/calendo",
    "events": ["booking.created", "booking.cancelled"],
    "is_active": 1,
    "switched_off_reason": None,
    "failing_since": None,
    "secret_hint": "…cret",
    "former_secret_until": None,
    "created_at": "2026-03-07 10:00:00",
}


class WebhookIn(Body):
    """
    A new endpoint. Without a ``secret`` one is made.
    """

    model_config = example(
        {
            "url": "https://your-app.com/webhooks/calendo",
            "events": ["booking.created", "booking.cancelled"],
            "secret": "whsec_your_secret",
        }
    )

    url: Url
    events: Topics
    secret: Secret | None = None


class WebhookChange(Body):
    """
    The fields to change; those left out stay as they are.
    """

    model_config = example({"events": ["booking.created", "booking.cancelled", "booking.rescheduled"]})

    url: Url = unset()
    events: Topics = unset()
    secret: Secret = unset()
    is_active: Flag = unset()


class SecretIn(Body):
    """
    The secret to sign with from now on. Without one it is made.
    """

    model_config = example({"secret": "whsec_your_new_secret"})

    secret: Secret | None = None


class WebhookOut(BaseModel):
    """
    An endpoint; ``secret_hint`` is the end of its secret.

    Until ``former_secret_until`` the secret before it signs as well. ``failing_since`` is when
    the first attempt failed of those since the last success.
    """

    model_config = example(_ENDPOINT)

    id: int
    url: str
    events: list[str]
    is_active: Bit
    switched_off_reason: str | None
    failing_since: Written | None
    secret_hint: str
    former_secret_until: Written | None
    created_at: Written

    @classmethod
    def of(cls, row: WebhookEndpoint, now: Instant, **more: str) -> Self:
        """
        Render an endpoint; flags are 0 and 1.
        """
        until_ts = row.former_secret_until_ts
        return cls(
            id=row.id,
            url=row.url,
            events=row.topics,
            is_active=int(row.is_active),
            switched_off_reason=row.switched_off_reason,
            failing_since=None if row.failing_since_ts is None else written(row.failing_since_ts),
            secret_hint=row.secret_hint,
            former_secret_until=written(until_ts) if until_ts is not None and now < until_ts else None,
            created_at=written(row.created_ts),
            **more,
        )


class NewWebhook(WebhookOut):
    """
    An endpoint with a new secret: whole, this once.
    """

    model_config = example({**_ENDPOINT, "secret": "whsec_your_secret"})

    secret: str


@router.get("", summary="List your webhooks", responses=errors(*ANY, *USER))
def list_webhooks(db: Db, user_id: UserId, now: Now) -> list[WebhookOut]:
    """
    Return all webhook endpoints.
    """
    with db.read() as tx:
        return [WebhookOut.of(row, now) for row in webhooks.list_endpoints(tx, user_id)]


@router.post(
    "", status_code=201, summary="Create a webhook", responses=errors(*ANY, *CHANGE, ForbiddenAddress)
)
def create_webhook(
    body: WebhookIn, db: Db, user_id: UserId, now: Now, settings: AppSettings, vault: KeyVault
) -> NewWebhook:
    """
    Register an endpoint. The secret is in this answer and never whole again.
    """
    check_webhook_url(body.url, settings.webhook_allowed_networks)
    secret = body.secret or webhooks.new_secret()
    with db.write() as tx:
        row = webhooks.create(tx, user_id, body.url, body.events, secret, vault, now)
        return NewWebhook.of(row, now, secret=secret)


@router.get("/{webhook_id}", summary="Read a webhook", responses=errors(*ANY, *USER, NotFound))
def read_webhook(webhook_id: Id, db: Db, user_id: UserId, now: Now) -> WebhookOut:
    """
    Return one webhook endpoint.
    """
    with db.read() as tx:
        return WebhookOut.of(webhooks.get_endpoint(tx, user_id, webhook_id), now)


@router.put(
    "/{webhook_id}", summary="Change a webhook", responses=errors(*ANY, *CHANGE, NotFound, ForbiddenAddress)
)
def change_webhook(
    webhook_id: Id,
    body: WebhookChange,
    db: Db,
    user_id: UserId,
    now: Now,
    settings: AppSettings,
    vault: KeyVault,
) -> WebhookOut:
    """
    Change address, events, secret, or switch it on and off.

    Another address is where deliveries go that are still waiting, too. After a change of the secret
    the former one signs as well for a day. Switching off ends what waits.
    """
    changes = body.model_dump(exclude_unset=True)
    if "url" in changes:
        check_webhook_url(body.url, settings.webhook_allowed_networks)
    if "events" in changes:
        changes["topics"] = changes.pop("events")
    with db.write() as tx:
        return WebhookOut.of(webhooks.change(tx, user_id, webhook_id, changes, vault, now), now)


@router.delete("/{webhook_id}", summary="Delete a webhook", responses=errors(*ANY, *CHANGE, NotFound))
def delete_webhook(webhook_id: Id, db: Db, user_id: UserId) -> Ok:
    """
    Remove an endpoint.
    """
    with db.write() as tx:
        webhooks.delete(tx, user_id, webhook_id)
    return Ok()


@router.post(
    "/{webhook_id}/rotate-secret",
    summary="Replace a webhook's secret",
    responses=errors(*ANY, *CHANGE, NotFound),
)
def rotate_secret(
    webhook_id: Id, db: Db, user_id: UserId, now: Now, vault: KeyVault, body: SecretIn | None = None
) -> NewWebhook:
    """
    Sign with another secret, and for a day with the former one as well.

    The new secret is in this answer and never whole again.
    """
    secret = (body.secret if body else None) or webhooks.new_secret()
    with db.write() as tx:
        row = webhooks.rotate_secret(tx, user_id, webhook_id, secret, vault, now)
        return NewWebhook.of(row, now, secret=secret)
