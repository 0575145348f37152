"""
Sessions: opened by a token, listed for their host, and ended one by one or all at once.
"""

import pytest
from sqlalchemy import func, select

from calendo.core.instants import DAY, MINUTE
from calendo.db.engine import Database, Tx
from calendo.db.models import LoginSession
from calendo.errors import NotFound, WrongCredentials
from calendo.ops import sessions
from ops.making import NOW, make_host


def whose(tx: Tx, token: str, now: int) -> int | None:
    """
    Say whose session a token opens.
    """
    found = sessions.find_session(tx, token, now)
    return None if found is None else found.user_id


def test_a_session_ends_after_thirty_days(db: Database) -> None:
    """
    It is good until the second before, and not at the second itself.
    """
    with db.write() as tx:
        host = make_host(tx)
        token = sessions.start_session(tx, host.id, "no hash", NOW)

    with db.read() as tx:
        assert host.id == whose(tx, token, NOW + 30 * DAY - 1)
        assert None is whose(tx, token, NOW + 30 * DAY)
        assert None is whose(tx, token + "x", NOW)


def test_a_new_session_sweeps_out_the_ended_ones(db: Database) -> None:
    """
    Sessions do not pile up: those that have ended go when the same host logs in.
    """
    with db.write() as tx:
        host, other = make_host(tx), make_host(tx)
        for user, moment in ((host, NOW), (host, NOW + 1), (other, NOW), (host, NOW + 30 * DAY)):
            sessions.start_session(tx, user.id, "no hash", moment)

    with db.read() as tx:
        left = tx.execute(select(LoginSession.user_id, func.count()).group_by(LoginSession.user_id)).all()
    assert {host.id: 2, other.id: 1} == dict(map(tuple, left))


def test_logging_out_ends_that_session_only(db: Database) -> None:
    """
    A token is dead after logging out; another one of the same host is not.
    """
    with db.write() as tx:
        host = make_host(tx)
        one, other = (sessions.start_session(tx, host.id, "no hash", NOW) for _ in range(2))
        sessions.end_session(tx, one)

        assert None is whose(tx, one, NOW)
        assert host.id == whose(tx, other, NOW)


def test_a_login_fails_when_the_password_changed_meanwhile(db: Database) -> None:
    """
    What was verified against a former hash, or for somebody who is gone, opens no session.
    """
    with db.write() as tx:
        host = make_host(tx)
        for user_id, password_hash in ((host.id, "former hash"), (4711, "no hash")):
            with pytest.raises(WrongCredentials):
                sessions.start_session(tx, user_id, password_hash, NOW)


def test_sessions_are_listed_latest_use_first(db: Database) -> None:
    """
    With what the browser called itself; those that have ended are not there.
    """
    with db.write() as tx:
        host, other = make_host(tx), make_host(tx)
        tokens = [
            sessions.start_session(tx, host.id, "no hash", NOW + number, user_agent=f"Browser {number}")
            for number in range(3)
        ]
        sessions.start_session(tx, other.id, "no hash", NOW)
        first = sessions.find_session(tx, tokens[0], NOW)
        assert first is not None
        sessions.note_use(tx, first.id, NOW + MINUTE)
        rows = sessions.list_sessions(tx, host.id, NOW + 30 * DAY - 1)

        assert ["Browser 0", "Browser 2", "Browser 1"] == [row.user_agent for row in rows]
        assert [True, False, False] == [sessions.is_opened_by(row, tokens[0]) for row in rows]
        assert not sessions.is_opened_by(rows[0], None)
        assert 2 == len(sessions.list_sessions(tx, host.id, NOW + 30 * DAY))


def test_a_use_is_noted_to_the_minute(db: Database) -> None:
    """
    So that a browser which asks all the time is not written down all the time.
    """
    with db.write() as tx:
        token = sessions.start_session(tx, make_host(tx).id, "no hash", NOW)
        row = sessions.find_session(tx, token, NOW)
        assert row is not None
        assert sessions.use_is_noted(row, NOW + MINUTE - 1)
        assert not sessions.use_is_noted(row, NOW + MINUTE)


def test_user_agents_are_cut_and_cleaned(db: Database) -> None:
    """
    Anybody can send anything: control characters go, and no more than 300 characters are kept.
    """
    with db.write() as tx:
        host = make_host(tx)
        sessions.start_session(tx, host.id, "no hash", NOW, user_agent="a\x1b[2Jb\0" + "x" * 1000)
        sessions.start_session(tx, host.id, "no hash", NOW - 1)
        cleaned, none = (row.user_agent for row in sessions.list_sessions(tx, host.id, NOW))

        assert cleaned == "a[2Jb" + "x" * 293
        assert none is None


def test_sessions_are_ended_by_their_host(db: Database) -> None:
    """
    One by its id, or all but one; others' are not there to be ended.
    """
    with db.write() as tx:
        host, other = make_host(tx), make_host(tx)
        first, second, third = (sessions.start_session(tx, host.id, "no hash", NOW) for _ in range(3))
        theirs = sessions.start_session(tx, other.id, "no hash", NOW)
        row = sessions.find_session(tx, first, NOW)
        assert row is not None
        with pytest.raises(NotFound):
            sessions.end_by_id(tx, other.id, row.id)
        sessions.end_by_id(tx, host.id, row.id)
        with pytest.raises(NotFound):
            sessions.end_by_id(tx, host.id, row.id)
        sessions.end_all(tx, host.id, keep_token=third)

        assert [None, None, host.id, other.id] == [
            whose(tx, each, NOW) for each in (first, second, third, theirs)
        ]
        sessions.end_all(tx, host.id)
        assert None is whose(tx, third, NOW)
