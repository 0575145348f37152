"""
Passwords: argon2id, and nobody learns who has an account by asking.
"""

from concurrent.futures import ThreadPoolExecutor

import pytest

from calendo.ops import passwords
from calendo.ops.passwords import hash_password, matches


@pytest.mark.parametrize("password", ["securepass123", "pässwörd ☃", " spaces ", "x" * 1000])
def test_a_password_matches_itself_and_nothing_else(password: str) -> None:
    """
    The password that was hashed matches; a changed one does not.
    """
    hashed = hash_password(password)

    assert matches(password, hashed)
    assert not matches(password + "x", hashed)
    assert not matches(password.swapcase() + " ", hashed)


def test_the_hash_is_argon2id_with_salt() -> None:
    """
    Hashes name argon2id and its cost, and the same password never has the same one.
    """
    one, other = hash_password("securepass123"), hash_password("securepass123")

    assert one.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert one != other


@pytest.mark.parametrize("kept", [None, "", "no hash", "$argon2id$v=19$broken"])
def test_nothing_matches_where_there_is_no_hash(kept: str | None) -> None:
    """
    Without an account, or with a hash that is none, no password is right.
    """
    assert not matches("nobody's password", kept)
    assert not matches("", kept)


def test_a_rush_of_logins_is_worked_off() -> None:
    """
    More callers than there are turns all get their answer.
    """
    hashed = hash_password("securepass123")

    with ThreadPoolExecutor(12) as pool:
        answers = list(
            pool.map(lambda number: matches("securepass123", hashed if number % 2 else None), range(12))
        )

    assert [False, True] * 6 == answers
    assert passwords._turns.acquire(blocking=False)
    passwords._turns.release()
