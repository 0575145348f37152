"""
Webhook endpoints: made, changed, switched on and off, given another secret, deleted.
"""

from typing import Any

from fastapi import Response
from fastapi.responses import HTMLResponse
from pydantic import BaseModel

from calendo.db.models import WebhookEndpoint
from calendo.errors import InvalidInput
from calendo.i18n import gettext_noop
from calendo.integrations.addresses import check_webhook_url
from calendo.ops import webhooks
from calendo.ops.outbox import Topic
from calendo.web.api.fields import Id
from calendo.web.api.webhooks import Secret, Topics, Url
from calendo.web.dashboard.forms import Form
from calendo.web.dashboard.visitors import Typed, Visit, Visiting, area
from calendo.web.dashboard.webhooks import once
from calendo.web.deps import AppSettings, Db, KeyVault, Now

AREA = "/app/webhooks"
DOMAIN = "host_webhooks"
router = area(AREA, DOMAIN)

_NEW, _CHANGE = "webhooks/new.html", "webhooks/change.html"
#: What each topic is about, for those who choose.
TOPICS = {
    Topic.BOOKING_CREATED: gettext_noop("A booking is confirmed"),
    Topic.BOOKING_REQUESTED: gettext_noop("A booking waits for your confirmation"),
    Topic.BOOKING_RESCHEDULED: gettext_noop("A booking is moved"),
    Topic.BOOKING_CANCELLED: gettext_noop("A booking is cancelled"),
    Topic.BOOKING_DECLINED: gettext_noop("A request is declined"),
}


class ChangeForm(BaseModel):
    """
    Where an endpoint is and what it hears of.
    """

    url: Url
    topics: Topics = []


class NewForm(ChangeForm):
    """
    A new endpoint. Without a secret one is made.
    """

    secret: Secret | None = None


class SecretForm(BaseModel):
    """
    The secret to sign with from now on. Without one it is made.
    """

    secret: Secret | None = None


@router.get("")
def show_all(visit: Visiting, db: Db) -> HTMLResponse:
    """
    List the endpoints, and how they fare.
    """
    with db.read() as tx:
        rows = [summary(visit, row) for row in webhooks.list_endpoints(tx, visit.host_id)]
    return visit.render("webhooks/list.html", endpoints=rows)


@router.get("/new")
def show_new(visit: Visiting) -> HTMLResponse:
    """
    Ask for address and topics; all topics are chosen.
    """
    return visit.render(_NEW, form=visit.form(topics=list(TOPICS)), topics=TOPICS)


@router.post("/new")
def make(visit: Visiting, form: Typed, db: Db, now: Now, settings: AppSettings, vault: KeyVault) -> Response:
    """
    Make an endpoint; the page that follows shows its secret, once.
    """
    try:
        wanted = form.read(NewForm)
        _check_topics(form, wanted)
        check_webhook_url(wanted.url, settings.webhook_allowed_networks)
    except InvalidInput as error:
        return visit.refuse(_NEW, form, error, topics=TOPICS)
    secret = wanted.secret or webhooks.new_secret()
    with db.write() as tx:
        made = webhooks.create(tx, visit.host_id, wanted.url, wanted.topics, secret, vault, now).id
    response = visit.turn_to(f"{AREA}/{made}", visit.texts.gettext("The webhook is made."))
    once.leave(visit.request, response, made, secret)
    return response


@router.get("/{webhook_id}/change")
def show_change(webhook_id: Id, visit: Visiting, db: Db) -> HTMLResponse:
    """
    Show address and topics, to be changed.
    """
    with db.read() as tx:
        row = webhooks.get_endpoint(tx, visit.host_id, webhook_id)
        form = visit.form(url=row.url, topics=row.topics)
    return visit.render(_CHANGE, form=form, topics=TOPICS, endpoint_id=webhook_id)


@router.post("/{webhook_id}/change")
def change(
    webhook_id: Id, visit: Visiting, form: Typed, db: Db, now: Now, settings: AppSettings, vault: KeyVault
) -> Response:
    """
    Change address and topics. What waits goes to the new address, too.
    """
    try:
        wanted = form.read(ChangeForm)
        _check_topics(form, wanted)
        check_webhook_url(wanted.url, settings.webhook_allowed_networks)
    except InvalidInput as error:
        return visit.refuse(_CHANGE, form, error, topics=TOPICS, endpoint_id=webhook_id)
    changes = {"url": wanted.url, "topics": wanted.topics}
    with db.write() as tx:
        webhooks.change(tx, visit.host_id, webhook_id, changes, vault, now)
    return visit.turn_to(f"{AREA}/{webhook_id}", visit.texts.gettext("The webhook is changed."))


@router.post("/{webhook_id}/on")
def switch_on(webhook_id: Id, visit: Visiting, db: Db, now: Now, vault: KeyVault) -> Response:
    """
    Switch an endpoint on, whatever switched it off.
    """
    with db.write() as tx:
        webhooks.change(tx, visit.host_id, webhook_id, {"is_active": True}, vault, now)
    return visit.turn_to(f"{AREA}/{webhook_id}", visit.texts.gettext("The webhook is on."))


@router.post("/{webhook_id}/off")
def switch_off(webhook_id: Id, visit: Visiting, db: Db, now: Now, vault: KeyVault) -> Response:
    """
    Switch an endpoint off; what waits for it ends.
    """
    with db.write() as tx:
        webhooks.change(tx, visit.host_id, webhook_id, {"is_active": False}, vault, now)
    return visit.turn_to(f"{AREA}/{webhook_id}", visit.texts.gettext("The webhook is off."))


@router.get("/{webhook_id}/secret")
def show_secret_form(webhook_id: Id, visit: Visiting, db: Db) -> HTMLResponse:
    """
    Ask for another secret, or none to have one made.
    """
    with db.read() as tx:
        row = webhooks.get_endpoint(tx, visit.host_id, webhook_id)
        return visit.render("webhooks/secret.html", form=visit.form(), endpoint=summary(visit, row))


@router.post("/{webhook_id}/secret")
def replace_secret(
    webhook_id: Id, visit: Visiting, form: Typed, db: Db, now: Now, vault: KeyVault
) -> Response:
    """
    Sign with another secret from now on, and for a day with the former one as well.
    """
    try:
        wanted = form.read(SecretForm)
    except InvalidInput as error:
        with db.read() as tx:
            row = webhooks.get_endpoint(tx, visit.host_id, webhook_id)
            return visit.refuse("webhooks/secret.html", form, error, endpoint=summary(visit, row))
    secret = wanted.secret or webhooks.new_secret()
    with db.write() as tx:
        webhooks.rotate_secret(tx, visit.host_id, webhook_id, secret, vault, now)
    notice = visit.texts.gettext("From now on what goes there is signed with the new secret.")
    response = visit.turn_to(f"{AREA}/{webhook_id}", notice)
    once.leave(visit.request, response, webhook_id, secret)
    return response


@router.post("/{webhook_id}/delete")
def delete(webhook_id: Id, visit: Visiting, db: Db) -> Response:
    """
    Delete an endpoint and its log.
    """
    with db.write() as tx:
        webhooks.delete(tx, visit.host_id, webhook_id)
    return visit.turn_to(AREA, visit.texts.gettext("The webhook is deleted."))


def summary(visit: Visit, row: WebhookEndpoint) -> dict[str, Any]:
    """
    Say what pages show of an endpoint.
    """
    texts = visit.texts
    reason = row.switched_off_reason
    since = row.failing_since_ts
    return {
        "id": row.id,
        "url": row.url,
        "topics": row.topics,
        "is_active": row.is_active,
        "reason": texts.gettext(reason) if reason else None,
        "failing_since": texts.moment(since, visit.zone) if row.is_active and since is not None else None,
        "hint": row.secret_hint,
    }


def _check_topics(form: Form, wanted: ChangeForm) -> None:
    # What is not ticked is not sent at all.
    if not wanted.topics:
        form.errors["topics"] = form.texts.gettext("Choose one at least.")
        raise InvalidInput
