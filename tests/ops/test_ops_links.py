"""
Tokens of links: each is good for one purpose, one row and one counter, and has one spelling.
"""

import string
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest

from calendo.integrations.links import Links, Purpose, uid_in

LINKS = Links(b"a key that only the tests use")
UID = "a1b2c3d4-5e6f-4a7b-8c9d-0e1f2a3b4c5d"


def test_a_token_needs_no_escaping_and_names_its_row() -> None:
    """
    It is as long as ever, and can be made again at any time.
    """
    for uid in [UID, *(str(uuid4()) for _ in range(100))]:
        token = LINKS.token(Purpose.MANAGE, uid, 0)

        assert 48 == len(token)
        assert set(token) <= {*string.ascii_letters, *string.digits, "-", "_"}
        assert uid == uid_in(token)
        assert token == Links(b"a key that only the tests use").token(Purpose.MANAGE, uid, 0)
        assert LINKS.fits(token, Purpose.MANAGE, uid, 0)


def test_each_row_purpose_counter_and_key_has_its_own() -> None:
    """
    None of them fits where another one is asked for.
    """
    asked = [
        (purpose, uid, counter)
        for purpose in Purpose
        for uid in (UID, str(UUID(int=1)))
        for counter in (0, 1, 10)
    ]
    tokens = {one: LINKS.token(*one) for one in asked}

    assert len(asked) == len(set(tokens.values()))
    for one, token in tokens.items():
        assert [one] == [other for other in asked if LINKS.fits(token, *other)]
        assert not Links(b"another key").fits(token, *one)


def mutations(token: str) -> Iterator[str]:
    for place, char in enumerate(token):
        for other in {*string.ascii_letters, *string.digits, *"-_+/=. %\0€"} - {char}:
            yield token[:place] + other + token[place + 1 :]
        yield token[:place] + token[place + 1 :]
        yield token[:place] + char + token[place:]


def test_a_token_has_one_spelling() -> None:
    """
    Whatever character is changed, dropped or doubled, it does not fit any more.
    """
    token = LINKS.token(Purpose.MANAGE, UID, 0)

    assert [] == [wrong for wrong in mutations(token) if LINKS.fits(wrong, Purpose.MANAGE, UID, 0)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        UID,
        "=" * 48,
        "€" * 48,
        "\0" * 48,
        "A" * 47,
        "A" * 49,
        "A" * 100_000,
        "-" * 45 + "===",
        "\ud800" * 48,
    ],
)
def test_garbage_is_no_token(text: str) -> None:
    """
    It names no row, or one that it does not fit.
    """
    uid = uid_in(text)

    assert uid is None or not LINKS.fits(text, Purpose.MANAGE, uid, 0)


def test_a_uid_alone_opens_nothing() -> None:
    """
    Whoever knows it, from a webhook say, has to guess 160 bits.
    """
    guess = urlsafe_b64encode(UUID(UID).bytes + bytes(20)).decode()

    assert UID == uid_in(guess)
    assert not LINKS.fits(guess, Purpose.MANAGE, UID, 0)
