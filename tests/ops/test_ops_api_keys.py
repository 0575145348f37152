"""
API keys: shown once, found while they are valid, dead when revoked.
"""

import pytest

from calendo.core.instants import DAY
from calendo.db.engine import Database
from calendo.errors import NotFound
from calendo.ops import api_keys, tokens
from ops.making import NOW, make_host


def test_a_key_is_found_until_it_expires(db: Database) -> None:
    """
    A key is good until the second before its expiry; one without an expiry stays good.
    """
    with db.write() as tx:
        host = make_host(tx)
        _, short = api_keys.create(tx, host.id, "short", NOW + DAY, NOW)
        _, long = api_keys.create(tx, host.id, "long", None, NOW)

    with db.read() as tx:
        assert "short" == api_keys.find_valid(tx, short, NOW + DAY - 1).label
        assert None is api_keys.find_valid(tx, short, NOW + DAY)
        assert "long" == api_keys.find_valid(tx, long, NOW + 10_000 * DAY).label


def test_the_key_itself_is_not_kept(db: Database) -> None:
    """
    A row has the beginning of the key to tell it by, and a hash.
    """
    with db.write() as tx:
        row, key = api_keys.create(tx, make_host(tx).id, "laptop", None, NOW)

    assert key[:12] == row.prefix
    assert tokens.fingerprint(key) == row.key_hash
    assert key not in {value for value in vars(row).values() if isinstance(value, str)}


def test_an_unknown_key_finds_nobody(db: Database) -> None:
    """
    Neither a well-formed key that nobody has nor nonsense is valid.
    """
    with db.write() as tx:
        api_keys.create(tx, make_host(tx).id, "laptop", None, NOW)
        assert [None] * 3 == [
            api_keys.find_valid(tx, key, NOW) for key in (tokens.new_api_key(), "nonsense", "' OR 1=1 --")
        ]


def test_a_revoked_key_is_dead(db: Database) -> None:
    """
    Revoking works once, and not on keys of somebody else.
    """
    with db.write() as tx:
        host, other = make_host(tx), make_host(tx)
        row, key = api_keys.create(tx, host.id, "laptop", None, NOW)
        with pytest.raises(NotFound):
            api_keys.revoke(tx, other.id, row.id)
        assert row is api_keys.find_valid(tx, key, NOW)

        api_keys.revoke(tx, host.id, row.id)

        assert None is api_keys.find_valid(tx, key, NOW)
        with pytest.raises(NotFound):
            api_keys.revoke(tx, host.id, row.id)


def test_the_id_of_a_revoked_key_is_not_given_again(db: Database) -> None:
    """
    A repeated DELETE never hits a newer key.
    """
    with db.write() as tx:
        host = make_host(tx)
        row, _ = api_keys.create(tx, host.id, "one", None, NOW)
        api_keys.revoke(tx, host.id, row.id)
        other, _ = api_keys.create(tx, host.id, "two", None, NOW)

    assert other.id > row.id


def test_keys_are_listed_oldest_first(db: Database) -> None:
    """
    A list has a host's own keys, expired ones too.
    """
    with db.write() as tx:
        host, other = make_host(tx), make_host(tx)
        for owner, label in ((host, "a"), (other, "b"), (host, "c")):
            api_keys.create(tx, owner.id, label, NOW - DAY, NOW)
        assert ["a", "c"] == [row.label for row in api_keys.list_keys(tx, host.id)]


def test_use_is_noted_once_a_minute(db: Database) -> None:
    """
    The last use is on record to the minute, so that most calls write nothing.
    """
    with db.write() as tx:
        row, key = api_keys.create(tx, make_host(tx).id, "laptop", None, NOW)
        assert not api_keys.use_is_noted(row, NOW)
        api_keys.note_use(tx, row.id, NOW)

    with db.read() as tx:
        row = api_keys.find_valid(tx, key, NOW)
        assert NOW == row.last_used_ts
        assert [True, True, False] == [api_keys.use_is_noted(row, NOW + later) for later in (0, 59, 60)]
