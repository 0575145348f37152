"""
Which event type a message means: by length, name, description and place, in any spelling.
"""

from typing import Any

import pytest

from calendo.chat.choices import Choice, match
from calendo.chat.vocabulary import common


def choice(name: str, minutes: int = 30, **fields: Any) -> Choice:
    slug = name.lower().replace(" ", "-")
    known = {"description": "", "location_type": None, "min_notice_hours": 0, "max_future_days": 60}
    return Choice(slug=slug, name=name, duration_minutes=minutes, **known | fields)


OFFERED = (
    choice("Intro Call", location_type="phone", description="Get to know each other"),
    choice("Deep Dive", 60, location_type="zoom", description="Architecture and code review"),
    choice("Coffee", 45, location_type="custom", description="Meet at the office"),
    choice("Strategy Call", 60, location_type="google_meet"),
    choice("Erstgespräch", 20, location_type="phone"),
    choice("無料相談", 30, location_type="zoom"),
)


def best(text: str, minutes: int | None = None, offered: tuple[Choice, ...] = OFFERED) -> list[str]:
    found = match(text, offered, minutes)
    return [each.slug for each in found.best] if found.hinted else []


@pytest.mark.parametrize(
    ("text", "minutes", "expected"),
    [
        ("an intro call", None, ["intro-call"]),
        ("the intrro please", None, ["intro-call"]),
        ("a deep dive", None, ["deep-dive"]),
        ("DEEPDIVE or deep", None, ["deep-dive"]),
        ("a cofee", None, ["coffee"]),
        ("a strategy session", None, ["strategy-call"]),
        ("a call", None, ["intro-call", "strategy-call"]),
        ("an hour", 60, ["deep-dive", "strategy-call"]),
        ("an hour of strategy", 60, ["strategy-call"]),
        ("45 minutes", 45, ["coffee"]),
        ("about our architecture", None, ["deep-dive"]),
        ("in person", None, ["coffee"]),
        ("on zoom, for an hour", 60, ["deep-dive"]),
        ("by phone", None, ["intro-call", "erstgespräch"]),
        ("ein Telefonat", None, ["intro-call", "erstgespräch"]),
        ("ein erstgesprach", None, ["erstgespräch"]),
        ("das ERSTGESPRÄCH", None, ["erstgespräch"]),
        ("無料相談をお願いします", None, ["無料相談"]),
        ("電話で", None, ["intro-call", "erstgespräch"]),
        ("tomorrow", None, []),
        ("", None, []),
        ("what is the weather", None, []),
    ],
)
def test_words_tell_event_types_apart(text: str, minutes: int | None, expected: list[str]) -> None:
    """
    The one that fits best, all that fit equally, or none.
    """
    assert expected == best(text, minutes)


def test_a_length_that_none_has_is_missing() -> None:
    """
    Then all are there to choose from.
    """
    found = match("two hours", OFFERED, 120)

    assert (120, False, OFFERED) == (found.missing_minutes, found.hinted, found.best)


def test_what_speaks_of_times_is_no_word_of_a_name() -> None:
    """
    "May" is a month where it was read as one.
    """
    offered = (choice("May Review"), choice("Annual Review"))

    assert ["may-review"] == best("in may", offered=offered)
    assert not match("in may", offered, spans=((3, 6),)).hinted


def test_a_word_of_all_names_tells_nothing() -> None:
    """
    Where everything is a call, a call can be anything.
    """
    assert [] == best("a call", offered=(choice("Short Call"), choice("Long Call")))


def test_a_short_word_is_no_slip_in_a_longer_one() -> None:
    """
    "Hat" is German for "has", and no misspelt chat.
    """
    assert [] == best("wann hat sie zeit", offered=(choice("Portfolio Chat"), choice("Review")))


def test_without_event_types_there_is_nothing_to_find() -> None:
    """
    An empty page fits nothing.
    """
    assert () == match("a call", ()).best


def test_everyday_words_of_a_description_choose_nothing() -> None:
    """
    "What about Monday" speaks of no event type that is about something; its portfolio would.
    """
    offered = (*OFFERED, choice("Portfolio", 15, description="Fifteen minutes about your drawings"))

    assert not match("what about your Monday", offered, common=common("en")).hinted
    assert ["portfolio"] == [each.slug for each in match("my drawings", offered, common=common("en")).best]
