"""
People are found whatever the case and the accents, and by words in any order.
"""

import pytest

from calendo.core.searching import search_key, words_of


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Bob Johnson", "bob johnson"),
        ("JOSÉ Núñez", "jose nunez"),
        ("Straße", "strasse"),
        ("İstanbul", "istanbul"),
        ("Ångström", "angstrom"),
        ("100%_sure", "100%_sure"),
    ],
)
def test_case_and_accents_do_not_count(text: str, key: str) -> None:
    """
    What two people would take for the same name has the same key.
    """
    assert key == search_key(text)
    assert key == search_key(text.upper())


def test_words_are_what_stands_between_blanks() -> None:
    """
    However many blanks there are; nothing typed is no words.
    """
    assert ["nunez", "jose"] == words_of("  Núñez\t JOSÉ ")
    assert [] == words_of("   ")
