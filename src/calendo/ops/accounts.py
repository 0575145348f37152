"""
Hosts: sign up, change, and be found.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from calendo.core.instants import Instant
from calendo.db.engine import Tx
from calendo.db.models import User
from calendo.errors import EmailTaken, Unauthenticated, WrongCredentials
from calendo.ops import booking_pages, resets, schedules, sessions

DEFAULT_TIMEZONE = "America/Los_Angeles"


@dataclass(frozen=True, slots=True)
class NewAccount:
    """
    What a sign-up needs. ``password_hash`` comes from ``passwords.hash_password``.
    """

    email: str
    password_hash: str
    name: str
    timezone: str = DEFAULT_TIMEZONE
    locale: str | None = None


def register(tx: Tx, account: NewAccount, now: Instant) -> User:
    """
    Make a host with a booking page and the default schedule.

    Raises ``EmailTaken``.
    """
    user = User(
        email=account.email,
        email_key=_email_key(account.email),
        password_hash=account.password_hash,
        name=account.name,
        timezone=account.timezone,
        locale=account.locale,
        created_ts=now,
    )
    tx.add(user)
    _flush_email(tx)
    booking_pages.create(tx, user)
    schedules.create_default(tx, user.id, account.timezone, now)
    return user


def find_by_email(tx: Tx, email: str) -> User | None:
    """
    Find the host with this e-mail address; case does not matter.
    """
    return tx.scalar(select(User).where(User.email_key == _email_key(email)))


def get_user(tx: Tx, user_id: int) -> User:
    """
    Return a host; one who is gone is not authenticated any more.
    """
    user = tx.get(User, user_id)
    if user is None:
        raise Unauthenticated
    return user


def change_profile(tx: Tx, user_id: int, changes: Mapping[str, Any], *, old_hash: str | None = None) -> User:
    """
    Change name, timezone, locale, max_bookings_per_invitee or email. Raises ``EmailTaken``.

    Another email takes ``old_hash``, of the password that was just verified; should the
    password have been changed in between, it raises ``WrongCredentials``.
    """
    user = get_user(tx, user_id)
    if changes.get("email", user.email) != user.email:
        user = tx.get_one(User, user_id, populate_existing=True, with_for_update={"key_share": True})
        if user.password_hash != old_hash:
            raise WrongCredentials
        # Links that were mailed to the former address are of no use to anybody any more.
        resets.forget_all(tx, user_id)
    for field, value in changes.items():
        setattr(user, field, value)
    user.email_key = _email_key(user.email)
    _flush_email(tx)
    return user


def change_password(tx: Tx, user_id: int, *, old_hash: str, new_hash: str, keep_token: str | None) -> None:
    """
    Change the password and end all sessions but the one of ``keep_token``.

    ``old_hash`` is the one that was just verified; another change in between
    raises ``WrongCredentials``.
    """
    changed = tx.execute(
        update(User)
        .where(User.id == user_id, User.password_hash == old_hash)
        .values(password_hash=new_hash)
        .returning(User.id)
    ).first()
    if changed is None:
        raise WrongCredentials
    resets.forget_all(tx, user_id)
    sessions.end_all(tx, user_id, keep_token=keep_token)


def _email_key(email: str) -> str:
    return email.casefold()


def _flush_email(tx: Tx) -> None:
    try:
        tx.flush()
    except IntegrityError:
        raise EmailTaken from None
