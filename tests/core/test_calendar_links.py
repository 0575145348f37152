"""
Links into the calendars of Google and Outlook, whatever hosts called their meetings.
"""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calendo.core.calendar_links import CalendarLinks, calendar_links

#: 2026-03-10, 14:00 in UTC.
START = 1_773_151_200
URL = "https://meet.example.com/manage/obLD1F5vSnuMnQ4fKjtMXfjbE0uTqKk1tPLQzBVvVbDUqC0h"
LONGEST = 2000


def links(**fields: Any) -> CalendarLinks:
    known = {"title": "Call (Jane)", "start_ts": START, "end_ts": START + 1800, "location": None, "url": URL}
    return calendar_links(**{**known, **fields})


def said(address: str) -> dict[str, str]:
    query = parse_qs(urlsplit(address).query, keep_blank_values=True, strict_parsing=True)
    return {name: value for name, [value] in query.items()}


def test_they_say_what_when_and_where_and_no_more() -> None:
    """
    Times are in UTC, as either calendar writes them; who it is for and what was asked is not in there.
    """
    made = links(location="https://meet.example.com/jane?room=1&code=2")

    assert made.google.startswith("https://calendar.google.com/calendar/render?")
    assert {
        "action": "TEMPLATE",
        "text": "Call (Jane)",
        "dates": "20260310T140000Z/20260310T143000Z",
        "location": "https://meet.example.com/jane?room=1&code=2",
        "details": URL,
    } == said(made.google)
    assert made.outlook.startswith("https://outlook.live.com/calendar/0/deeplink/compose?")
    assert {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": "Call (Jane)",
        "startdt": "2026-03-10T14:00:00Z",
        "enddt": "2026-03-10T14:30:00Z",
        "location": "https://meet.example.com/jane?room=1&code=2",
        "body": URL,
    } == said(made.outlook)


def test_without_a_place_there_is_none() -> None:
    """
    It is left empty rather than guessed.
    """
    made = links(location=None)

    assert ("", "") == (said(made.google)["location"], said(made.outlook)["location"])


@pytest.mark.parametrize(
    "odd", ["Q&A #1 100% = ?", "a+b c", "Überblick 日本語 🎉", '"quoted" <b>\'', "x%20y", "/\\;,"]
)
def test_odd_characters_arrive_as_they_are(odd: str) -> None:
    """
    None of them ends the text, or the address; blanks are not plus signs, which Outlook shows as such.
    """
    made = links(title=odd, location=odd)

    for address in (made.google, made.outlook):
        assert address.isascii()
        assert not {*" +\"'<>#\\"} & {*address}
    assert (odd, odd) == (said(made.google)["text"], said(made.google)["location"])
    assert (odd, odd) == (said(made.outlook)["subject"], said(made.outlook)["location"])


@given(st.text(), st.text())
def test_whatever_is_written_the_addresses_are_of_one_line_and_short(title: str, location: str) -> None:
    """
    Also where it comes from the database and not through the API.
    """
    made = links(title=title, location=location)

    for address in (made.google, made.outlook):
        assert address.isascii()
        assert address.isprintable()
        assert len(address) <= LONGEST
        assert URL in said(address).values()


@pytest.mark.parametrize(
    ("char", "title", "place"), [("a", 450, 480), ("é", 98, 131), ("語", 65, 87), ("🎉", 49, 65)]
)
def test_long_texts_are_cut(char: str, title: int, place: int) -> None:
    """
    Visibly, between two characters, and only as far as they have to be.
    """
    made = links(title=char * 450, location=char * 480)
    cut = "" if char == "a" else "…"

    for address, what in ((made.google, "text"), (made.outlook, "subject")):
        assert len(address) <= LONGEST
        assert (char * title + cut, char * place + cut) == (said(address)[what], said(address)["location"])


def test_a_link_is_whole_or_not_there() -> None:
    """
    One that was cut would lead nowhere; the booking's own page has it.
    """
    short, long = (f"https://meet.example.com/?{'&' * length}" for length in (100, 400))

    assert (short, "") == tuple(said(links(location=place).google)["location"] for place in (short, long))
