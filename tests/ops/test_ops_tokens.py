"""
Secrets: random, of a form that tells typing errors, and kept as a hash only.
"""

import pytest

from calendo.ops.tokens import fingerprint, is_api_key, new_api_key, new_session_token


def test_secrets_are_long_and_never_the_same() -> None:
    """
    A thousand of each are all different and long enough not to be guessed.
    """
    sessions = {new_session_token() for _ in range(1000)}
    keys = {new_api_key() for _ in range(1000)}

    assert (1000, 1000) == (len(sessions), len(keys))
    assert {43} == {len(token) for token in sessions}
    assert {52} == {len(key) for key in keys}


def test_a_new_key_is_recognized() -> None:
    """
    The checksum of a new key is right.
    """
    key = new_api_key()

    assert key.startswith("cal_")
    assert is_api_key(key)


def test_a_typing_error_in_a_key_is_noticed() -> None:
    """
    A key with any one digit changed is not taken for a key.
    """
    key = new_api_key()
    wrong = [
        key[:position] + ("0" if key[position] != "0" else "1") + key[position + 1 :]
        for position in range(len("cal_"), len(key))
    ]

    assert [] == [candidate for candidate in wrong if is_api_key(candidate)]


@pytest.mark.parametrize(
    "key",
    [
        "",
        "cal_",
        "cal_" + "0" * 48,
        "key_" + "0" * 48,
        "cal_" + "é" * 48,
        "cal_" + "\N{ARABIC-INDIC DIGIT ZERO}" * 48,
        "x" * 100_000,
    ],
)
def test_what_is_no_key_is_not_recognized(key: str) -> None:
    """
    Other texts are not taken for a key.
    """
    assert not is_api_key(key)


def test_a_key_with_something_around_it_is_no_key() -> None:
    """
    Neither a line break behind a key nor capital letters pass.
    """
    key = new_api_key()

    assert [False] * 4 == [is_api_key(text) for text in (key + "\n", " " + key, key + "0", key.upper())]


def test_the_fingerprint_is_a_plain_sha256() -> None:
    """
    What is kept of a secret is its SHA-256 in hex.
    """
    assert "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" == fingerprint("abc")
