"""
Calendar entries: values that calendars read, whatever strangers typed.
"""

import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calendo.core.calendars import Person, as_link, describe, entry_of, title
from calendo.core.texts import lines, one_line

FACTS: dict[str, Any] = {
    "uid": "a1b2c3d4-5e6f-4a7b-8c9d-0e1f2a3b4c5d",
    "sequence": 2,
    "status": "confirmed",
    "event_type": "30 Minute Call",
    "start_ts": 1000,
    "end_ts": 2800,
    "location_type": "google_meet",
    "location": "https://meet.example.com/jane",
    "answers": [],
    "notes": None,
    "host": {"name": "Jane Smith", "email": "jane@example.com"},
    "invitee": {"name": "Bob Johnson", "email": "bob@example.com"},
}


def entry(**facts: Any) -> Any:
    return entry_of({**FACTS, **facts}, changed_ts=500, summary="Call", description="A call.")


def test_an_entry_has_what_a_booking_has() -> None:
    """
    The uid is the booking's in our name, and times, sequence and people are as they are.
    """
    made = entry()

    assert "a1b2c3d4-5e6f-4a7b-8c9d-0e1f2a3b4c5d@calendo" == made.uid
    assert (2, 1000, 2800, 500) == (made.sequence, made.start_ts, made.end_ts, made.changed_ts)
    assert ("Call", "A call.") == (made.summary, made.description)
    assert Person("Jane Smith", "jane@example.com") == made.organizer
    assert (Person("Bob Johnson", "bob@example.com"), made.organizer) == made.attendees


@pytest.mark.parametrize(
    ("status", "shown", "alarms"),
    [
        ("pending", "TENTATIVE", (15,)),
        ("confirmed", "CONFIRMED", (15,)),
        ("cancelled", "CANCELLED", ()),
        ("declined", "CANCELLED", ()),
    ],
)
def test_the_status_is_in_the_calendars_words(status: str, shown: str, alarms: tuple[int, ...]) -> None:
    """
    Pending is tentative, declined is cancelled; what does not take place rings nobody.
    """
    made = entry(status=status)

    assert (shown, alarms) == (made.status, made.alarm_minutes)


def test_a_cancellation_is_one_whatever_the_status_says() -> None:
    """
    Calendars are told to take an entry out by its status, too.
    """
    made = entry_of(FACTS, changed_ts=500, summary="", description="", is_cancelled=True)

    assert ("CANCELLED", ()) == (made.status, made.alarm_minutes)


@pytest.mark.parametrize(
    ("kind", "place", "location", "link", "has_video"),
    [
        ("google_meet", "https://a.example/b", "https://a.example/b", "https://a.example/b", True),
        ("custom", "http://a.example/ö?x", "http://a.example/ö?x", "http://a.example/%C3%B6?x", False),
        ("zoom", None, "Zoom", None, True),
        ("phone", None, "Phone", None, False),
        ("phone", "+1 555 0100", "+1 555 0100", None, False),
        ("custom", "1 Main St\r\nURL:x", "1 Main St URL:x", None, False),
        ("custom", None, "", None, False),
        (None, None, "", None, False),
    ],
)
def test_a_location_is_a_place_a_link_or_a_kind(
    kind: str | None, place: str | None, location: str, link: str | None, has_video: bool
) -> None:
    """
    What the host typed stands there; where that is a link it is one, and without it the kind is told.
    """
    made = entry(location_type=kind, location=place)

    assert (location, link, has_video) == (made.location, made.link, made.has_video)


def test_whoever_books_with_themselves_attends_once() -> None:
    """
    An address is named once among those who attend.
    """
    assert 1 == len(entry(invitee=FACTS["host"]).attendees)


def test_the_title_names_the_other_side() -> None:
    """
    Each side reads with whom they meet.
    """
    assert "30 Minute Call with Bob Johnson" == title(FACTS, "invitee", str)
    assert "30 Minute Call with Jane Smith" == title(FACTS, "host", str)


def test_the_description_has_answers_notes_and_the_link() -> None:
    """
    Answers of every kind stand behind their labels, and the link comes last.
    """
    answers = [
        {"label": "Company", "answer": "Acme"},
        {"label": "Topics", "answer": ["a", "b"]},
        {"label": "Agreed", "answer": False},
        {"label": "Sure", "answer": True},
        {"label": "People", "answer": 3},
    ]
    told = describe(
        {**FACTS, "answers": answers, "notes": "One\r\ntwo"}, "invitee", str, "https://a.example/m/x"
    )

    assert [
        "Bob Johnson <bob@example.com>",
        "Company: Acme",
        "Topics: a, b",
        "Agreed: No",
        "Sure: Yes",
        "People: 3",
        "Notes: One",
        "two",
        "",
        "See or change this booking: https://a.example/m/x",
    ] == told.split("\n")


def test_a_long_description_is_cut_and_keeps_the_link() -> None:
    """
    Megabytes of notes stay outside; the link is still there.
    """
    told = describe({**FACTS, "notes": "x" * 2**20}, "host", str, "https://a.example/m/x", limit=100)

    assert told.endswith("…\n\nSee or change this booking: https://a.example/m/x")
    assert 100 == told.index("\n\n")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("  Jane\tSmith ", "Jane Smith"),
        ("Jane\r\nBCC: x", "Jane BCC: x"),
        ("a\rb\nc\0d\x85e\u2028f\u2029g\x1bh", "a b c d e f g h"),
        ("\u202eevil\u2066 \u200fname\ufeff", "evil name"),
        ("half \ud800 pair", "half pair"),
        ("👩\u200d🚀", "👩\u200d🚀"),
        ("", ""),
    ],
)
def test_a_line_is_one_line(text: str, line: str) -> None:
    """
    What ends a line, controls or turns the direction of a text is gone; emoji stay whole.
    """
    assert line == one_line(text)


@pytest.mark.parametrize("text", ["x" * 2**20, "\0" * 2**20, "\r\n" * 2**19, "é\u202e" * 2**19])
def test_a_megabyte_is_cut(text: str) -> None:
    """
    No text gets longer than its limit.
    """
    assert len(one_line(text)) <= 500
    assert len(lines(text)) <= 10_000


def test_lines_keep_their_breaks() -> None:
    """
    Breaks of every kind become one kind, and those at the ends go.
    """
    assert "a\nb\nc\nd\n\ne" == lines("\na\r\nb\rc\u2028d \n\t\ne\0\n")


@given(st.text(alphabet=st.characters()))
def test_no_line_has_anything_unseen(text: str) -> None:
    """
    Whatever comes in, nothing that controls comes out, and it can be encoded.
    """
    for made in (one_line(text), lines(text).replace("\n", "")):
        assert not {unicodedata.category(char) for char in made} & {"Cc", "Cs", "Zl", "Zp"}
        made.encode()


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("https://a.example/b?c=d#e", "https://a.example/b?c=d#e"),
        ("HTTP://a.example", "HTTP://a.example"),
        ("https://a.example/ü%20", "https://a.example/%C3%BC%20"),
        ("https://a.example/ b", None),
        ('https://a.example/"b', None),
        ("https://a.example/\r\nX:1", None),
        ("https://a.example/\n", None),
        ("javascript:alert(1)", None),
        ("a.example", None),
        ("https://", None),
    ],
)
def test_links_are_whole_and_in_ascii(text: str, link: str | None) -> None:
    """
    Only a text that is a web address from end to end is a link.
    """
    assert link == as_link(text)
