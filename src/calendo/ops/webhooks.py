"""
Webhook endpoints: where a host wants to hear of bookings, and how what goes there is signed.
"""

import base64
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from calendo.core.instants import DAY, Instant
from calendo.db.engine import Tx
from calendo.db.models import WebhookEndpoint
from calendo.errors import NotFound
from calendo.integrations.vault import Vault
from calendo.ops import deliveries
from calendo.ops.locks import lock_endpoint

#: How long the former secret signs beside the new one.
ROTATION_SECONDS = DAY
_SHOWN = 4


def new_secret() -> str:
    """
    Make a signing secret: ``whsec_`` and 256 random bits in base64.
    """
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


def create(
    tx: Tx, host_id: int, url: str, topics: Sequence[str], secret: str, vault: Vault, now: Instant
) -> WebhookEndpoint:
    """
    Register an endpoint; its secret is kept encrypted.
    """
    endpoint = WebhookEndpoint(host_id=host_id, url=url, topics=list(topics), is_active=True, created_ts=now)
    _keep_secret(endpoint, secret, vault)
    tx.add(endpoint)
    tx.flush()
    return endpoint


def list_endpoints(tx: Tx, host_id: int) -> Sequence[WebhookEndpoint]:
    """
    List a host's endpoints, oldest first.
    """
    return tx.scalars(
        select(WebhookEndpoint).where(WebhookEndpoint.host_id == host_id).order_by(WebhookEndpoint.id)
    ).all()


def get_endpoint(tx: Tx, host_id: int, endpoint_id: int) -> WebhookEndpoint:
    """
    Return one of a host's endpoints.
    """
    endpoint = tx.scalar(
        select(WebhookEndpoint).where(WebhookEndpoint.id == endpoint_id, WebhookEndpoint.host_id == host_id)
    )
    if endpoint is None:
        raise NotFound("There is no webhook with this id.")
    return endpoint


def change(
    tx: Tx, host_id: int, endpoint_id: int, changes: Mapping[str, Any], vault: Vault, now: Instant
) -> WebhookEndpoint:
    """
    Change ``url``, ``topics``, ``is_active`` or ``secret``.

    Another ``url`` is where waiting deliveries go, too. Another ``secret`` begins a rotation.
    Switching off ends what waits there; switching on forgets why it was off.
    """
    lock_endpoint(tx, endpoint_id)
    endpoint = get_endpoint(tx, host_id, endpoint_id)
    for field, value in changes.items():
        if field == "secret":
            _rotate(endpoint, value, vault, now)
        else:
            setattr(endpoint, field, value)
    if changes.get("is_active") is True:
        endpoint.switched_off_reason = endpoint.failing_since_ts = None
    tx.flush()
    if changes.get("is_active") is False:
        deliveries.end_open(tx, endpoint, now)
    return endpoint


def rotate_secret(
    tx: Tx, host_id: int, endpoint_id: int, secret: str, vault: Vault, now: Instant
) -> WebhookEndpoint:
    """
    Sign with ``secret`` from now on, and with the former one as well until a day from now.
    """
    return change(tx, host_id, endpoint_id, {"secret": secret}, vault, now)


def delete(tx: Tx, host_id: int, endpoint_id: int) -> None:
    """
    Delete an endpoint and what was on its way to it.
    """
    tx.delete(get_endpoint(tx, host_id, endpoint_id))
    tx.flush()


def _rotate(endpoint: WebhookEndpoint, secret: str, vault: Vault, now: Instant) -> None:
    # Whoever sends what is there already must not push the former secret out of its day.
    if vault.holds(endpoint.secret_encrypted, secret):
        return
    endpoint.former_secret_encrypted = endpoint.secret_encrypted
    endpoint.former_secret_until_ts = now + ROTATION_SECONDS
    _keep_secret(endpoint, secret, vault)


def _keep_secret(endpoint: WebhookEndpoint, secret: str, vault: Vault) -> None:
    endpoint.secret_encrypted = vault.encrypt(secret)
    # Enough to tell two secrets apart, and never most of a short one.
    endpoint.secret_hint = "…" + (secret[-_SHOWN:] if len(secret) >= 4 * _SHOWN else "")
