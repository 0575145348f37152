"""
Whatever somebody writes is read without an error, in time, and in the same way each time.
"""

import time
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from saying import NOW

from calendo.chat.vocabulary import LANGUAGES, read, vocabularies
from calendo.core.phrases import Understood, combine

_LONGEST = 10_000


def _words() -> list[str]:
    found = {
        word for one in vocabularies() for table in one.tables for words in table.values() for word in words
    }
    return sorted(found)


WORDS = _words()
#: Words of scheduling in any order, with numbers and signs between: likelier to hit a rule than any letters.
BABBLE = st.lists(
    st.one_of(
        st.sampled_from(WORDS),
        st.integers(min_value=0, max_value=99_999).map(str),
        st.sampled_from(
            [".", ",", "-", ":", "/", "3/4", "12:30", "31.12.", "2026-02-30", "99/99/9999", "年", "日"]
        ),
    ),
    max_size=40,
).map(" ".join)
MOMENTS = st.datetimes()
TEXTS = st.one_of(st.text(max_size=200), BABBLE)


def check(text: str, understood: Understood) -> None:
    for start, end in understood.spans:
        assert 0 <= start < end <= len(text)
    for ambiguity in understood.ambiguities:
        assert 0 <= ambiguity.span[0] < ambiguity.span[1] <= len(text)
    assert all(day >= understood.reference.date() for day in understood.dates)
    assert sorted(set(understood.dates)) == list(understood.dates)
    assert understood.preferred_time is None or understood.preferred_time
    assert all(wish.allows(wish.start_time) for wish in understood.times if wish.exact and wish.start_time)


@settings(max_examples=150, deadline=None)
@given(TEXTS, MOMENTS)
def test_any_text_is_read_at_any_time(text: str, now: datetime) -> None:
    """
    Nothing raises, spans lie in the text, and no date lies in the past, to the end of the calendar.
    """
    understood = read(text, now)

    check(text, understood)
    assert understood == read(text, now)


@settings(max_examples=50, deadline=None)
@given(TEXTS, TEXTS)
def test_any_messages_go_together(first: str, second: str) -> None:
    """
    Two messages can always be combined, and an empty one changes nothing that was settled.
    """
    so_far = combine(read(first, NOW), read(second, NOW))
    later = combine(so_far, read("", NOW))

    assert (so_far.dates, so_far.times, so_far.zone) == (later.dates, later.times, later.zone)
    assert all(day >= NOW.date() for day in so_far.dates)


@pytest.mark.parametrize("locale", [None, *LANGUAGES, "en-GB", "xx", "", "zh_Hant_TW"])
def test_any_locale_reads(locale: str | None) -> None:
    """
    A locale only prefers a language, and an unknown one does no harm.
    """
    assert (NOW + timedelta(days=1)).date() in read("tomorrow", NOW, locale).dates


@pytest.mark.parametrize(
    "piece",
    [
        "monday ",
        "1 ",
        "1-",
        "a.",
        "may ",
        "来週の火曜日",
        "二",
        "not ",
        "3pm to ",
        "[" * 5,
        "1/1 ",
        "tomorow ",
        "é",
        "$1",
        "+1 ",
    ],
)
def test_a_long_text_takes_no_longer_than_a_moment(piece: str) -> None:
    """
    Ten thousand characters are read within a second on a busy machine; quadratic time would take many.
    """
    text = (piece * _LONGEST)[:_LONGEST]
    check(text, read(text, NOW))

    # The least of three, of this thread alone: a sweep of all that a long run of tests has left
    # behind, or a server of theirs, is not the reading's doing.
    assert min(_seconds(text) for _ in range(3)) < 1


def _seconds(text: str) -> float:
    began = time.thread_time()
    read(text, NOW)
    return time.thread_time() - began
