"""
Accounts: sign up once per address, and passwords that change once.
"""

import pytest

from calendo.db.engine import Database
from calendo.errors import EmailTaken, NotFound, Unauthenticated, WrongCredentials
from calendo.ops import accounts, booking_pages, schedules, sessions, slugs
from calendo.ops.accounts import NewAccount
from ops.making import NOW, make_host
from ops.test_ops_sessions import whose


def account(email: str = "jane@example.com", name: str = "Jane Smith") -> NewAccount:
    return NewAccount(email, "hash", name, "Europe/Berlin")


def test_a_new_host_has_a_page_and_working_hours(db: Database) -> None:
    """
    Signing up makes all that is needed to be booked, in the host's zone.
    """
    with db.write() as tx:
        user = accounts.register(tx, account(), NOW)

    with db.read() as tx:
        page = booking_pages.get_page(tx, user.id)
        (hours,) = schedules.list_schedules(tx, user.id)
    assert ("jane-smith", "Jane Smith", "#2563eb") == (page.slug, page.display_name, page.brand_color)
    assert ("Working Hours", "Europe/Berlin", True, "[]") == (
        hours.name,
        hours.timezone,
        hours.is_default,
        hours.overrides,
    )
    assert (
        "[" + ",".join(f'{{"day":{day},"start":"09:00","end":"17:00"}}' for day in range(1, 6)) + "]"
    ) == hours.rules


def test_an_address_signs_up_once(db: Database) -> None:
    """
    Capital letters do not make another address, and a refused sign-up leaves nothing behind.
    """
    with db.write() as tx:
        accounts.register(tx, account(), NOW)
    for again in ("jane@example.com", "Jane@Example.COM", "JANE@EXAMPLE.COM"):
        with pytest.raises(EmailTaken), db.write() as tx:
            accounts.register(tx, account(again, name="Janet"), NOW)
        with db.read() as tx:
            assert "Jane Smith" == accounts.find_by_email(tx, again).name
            with pytest.raises(NotFound):
                booking_pages.get_public_page(tx, "janet")


def test_namesakes_get_pages_of_their_own(db: Database) -> None:
    """
    The same name, and one that is reserved, lead to slugs with a number.
    """
    with db.write() as tx:
        hosts = [
            make_host(tx, name=name) for name in ("Jane Smith", "Jane  Smith!", "JANE SMITH", "Admin", "🙂")
        ]
        pages = [booking_pages.get_page(tx, host.id).slug for host in hosts]

    assert ["jane-smith", "jane-smith-2", "jane-smith-3", "admin-2", "host"] == pages
    assert "admin" in slugs.RESERVED


def test_nobody_is_found_under_another_address(db: Database) -> None:
    """
    An unknown address finds nobody; an unknown id is not authenticated.
    """
    with db.write() as tx:
        make_host(tx)
        assert None is accounts.find_by_email(tx, "nobody@example.com")
        with pytest.raises(Unauthenticated):
            accounts.get_user(tx, 4711)


def test_a_new_password_ends_the_other_sessions(db: Database) -> None:
    """
    The session that changed it stays, the others end; other hosts notice nothing.
    """
    with db.write() as tx:
        host, other = make_host(tx), make_host(tx)
        mine, elsewhere = (sessions.start_session(tx, host.id, "no hash", NOW) for _ in range(2))
        theirs = sessions.start_session(tx, other.id, "no hash", NOW)
        accounts.change_password(tx, host.id, old_hash="no hash", new_hash="new hash", keep_token=mine)

        found = [whose(tx, token, NOW) for token in (mine, elsewhere, theirs)]
        assert [host.id, None, other.id] == found
        accounts.change_password(tx, host.id, old_hash="new hash", new_hash="newer", keep_token=None)
        assert None is whose(tx, mine, NOW)


def test_a_password_changes_once(db: Database) -> None:
    """
    Of two changes that verified the same old password the second is refused and ends no session.
    """
    with db.write() as tx:
        host = make_host(tx)
        accounts.change_password(tx, host.id, old_hash="no hash", new_hash="first", keep_token=None)
        token = sessions.start_session(tx, host.id, "first", NOW)
        with pytest.raises(WrongCredentials):
            accounts.change_password(tx, host.id, old_hash="no hash", new_hash="second", keep_token=None)
        assert host.id == whose(tx, token, NOW)


def test_a_profile_changes(db: Database) -> None:
    """
    After a change of address the new one is found, in any case of letters, and the former is free.
    """
    with db.write() as tx:
        host = accounts.register(tx, account(), NOW)
        accounts.change_profile(
            tx,
            host.id,
            {"name": "Jane Doe", "email": "Doe@Example.com", "timezone": "UTC", "locale": "de"},
            old_hash=host.password_hash,
        )

    with db.write() as tx:
        found = accounts.find_by_email(tx, "doe@example.com")
        assert (host.id, "Jane Doe", "UTC", "de") == (found.id, found.name, found.timezone, found.locale)
        accounts.register(tx, account(), NOW)


def test_an_address_changes_only_while_the_password_is_the_one_that_was_shown(db: Database) -> None:
    """
    Whoever showed a password that was changed in between has shown nothing.
    """
    with db.write() as tx:
        host = accounts.register(tx, account(), NOW)
        shown = host.password_hash
        accounts.change_password(tx, host.id, old_hash=shown, new_hash="another", keep_token=None)
    with pytest.raises(WrongCredentials), db.write() as tx:
        accounts.change_profile(tx, host.id, {"email": "thief@example.com"}, old_hash=shown)

    with db.read() as tx:
        assert accounts.find_by_email(tx, "thief@example.com") is None


def test_an_address_of_somebody_else_cannot_be_taken(db: Database) -> None:
    """
    Changing to a taken address is refused, whatever its capital letters.
    """
    with db.write() as tx:
        accounts.register(tx, account(), NOW)
        other = accounts.register(tx, account("bob@example.com", "Bob"), NOW)
    with pytest.raises(EmailTaken), db.write() as tx:
        accounts.change_profile(tx, other.id, {"email": "JANE@example.com"}, old_hash=other.password_hash)

    with db.read() as tx:
        assert "Bob" == accounts.find_by_email(tx, "bob@example.com").name


def test_a_host_can_bring_a_language(db: Database) -> None:
    with db.write() as tx:
        user = accounts.register(
            tx, NewAccount("jane@example.com", "hash", "Jane", "Europe/Berlin", "de-AT"), NOW
        )

    assert "de-AT" == user.locale
