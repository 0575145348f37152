"""
What calendars read of bookings: entries that stay one through their life, written so that nothing breaks out.

Two parsers read each file: ``icalendar``, and ``vobject``, which had no part in writing it.
"""

import re
from typing import Any

import pytest
import vobject
from hypothesis import example, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from calendo.core.texts import lines, one_line
from calendo.integrations.calendar_files import download, feed, invitation
from core.test_calendars import FACTS, entry

STAMP = 1_772_366_400
START = 1_772_442_000
HOSTILE = [
    "Jane\r\nATTENDEE:mailto:mallory@example.com",
    "Jane\nEND:VEVENT\nBEGIN:VEVENT",
    "Jane\rX-EVIL:1",
    "Jane\0\x1b\x85\u2028X-EVIL:1",
    'Jane";X-EVIL="1',
    "Jane;X-EVIL=1:mailto:mallory@example.com",
    "Jane^n^'X-EVIL^'",
    "Jane\\nX-EVIL:1\\",
    "\u202eenaJ\u2066",
    ",;:\\\"'^%",
    "\ufeffJane\ud800",
    "é" * 2**19,
    "\r\n " * 2**18,
    "😀;" * 2**18,
]


def invite(method: str = "REQUEST", /, facts: dict[str, Any] | None = None, **more: Any) -> bytes:
    told = {
        "stamp_ts": STAMP,
        "summary": "30 Minute Call with Jane Smith",
        "description": "A call.",
        "url": "https://calendo.test/manage/token",
        "sent_by": "calendo@example.com",
    }
    known = {**FACTS, "start_ts": START, "end_ts": START + 1800, **(facts or {})}
    return invitation(known, method, **{**told, **more})


def parsed(content: bytes) -> Any:
    """
    Read a file with one entry by both parsers, see that they agree, and return the entry.
    """
    (one,) = Calendar.from_ical(content).walk("VEVENT")
    (other,) = vobject.readOne(content.decode()).vevent_list
    for name in ("summary", "description", "location", "uid", "status", "sequence", "url"):
        if name in one:
            assert str(one[name]) == str(getattr(other, name).value), name
    assert one["dtstart"].dt == other.dtstart.value
    assert one["dtend"].dt == other.dtend.value
    assert not one.errors
    return one


def content_lines(content: bytes) -> list[str]:
    """
    Unfold the lines of a file, and see that each is short enough and ends as it has to.
    """
    *folded, end = content.split(b"\r\n")
    assert b"" == end
    for line in folded:
        assert len(line) <= 75, line
        assert not re.search(rb"[\x00-\x08\x0a-\x1f\x7f]", line), line
        line.decode()  # no character is torn apart
    return content.decode().replace("\r\n ", "").split("\r\n")[:-1]


def shape(content: bytes) -> list[tuple[str, ...]]:
    """
    List the names of all properties, each with those of its parameters.
    """
    parts = []
    for line in content_lines(content):
        head = re.match(r'([A-Z-]+)((?:;[A-Z-]+=(?:"[^"]*"|[^",;:]*))*):', line)
        assert head, line
        parts.append((head[1], *re.findall(r';([A-Z-]+)=(?:"[^"]*"|[^",;:]*)', head[2])))
    return parts


def test_an_invitation_enters_a_meeting() -> None:
    """
    It names what, when and where, who invites in whose name, and who comes; nobody is asked to answer.
    """
    content = invite()
    made = parsed(content)
    calendar = Calendar.from_ical(content)
    bob, jane = made["attendee"]

    assert ("REQUEST", "2.0") == (calendar["method"], calendar["version"])
    assert "a1b2c3d4-5e6f-4a7b-8c9d-0e1f2a3b4c5d@calendo" == made["uid"]
    assert "2026-03-02T09:00:00+00:00" == made["dtstart"].dt.isoformat()
    assert "2026-03-02T09:30:00+00:00" == made["dtend"].dt.isoformat()
    assert (
        "2026-03-01T12:00:00+00:00" == made["dtstamp"].dt.isoformat() == made["last-modified"].dt.isoformat()
    )
    assert (2, "CONFIRMED", "OPAQUE") == (made["sequence"], made["status"], made["transp"])
    assert "30 Minute Call with Jane Smith" == made["summary"]
    assert "https://meet.example.com/jane" == made["location"] == made["conference"]
    assert {"VALUE": "URI", "FEATURE": "VIDEO"} == dict(made["conference"].params)
    assert "https://calendo.test/manage/token" == made["url"]
    assert "mailto:jane@example.com" == made["organizer"]
    assert {"CN": "Jane Smith", "SENT-BY": "mailto:calendo@example.com"} == dict(made["organizer"].params)
    assert ("mailto:bob@example.com", "mailto:jane@example.com") == (bob, jane)
    agreed = {"PARTSTAT": "ACCEPTED", "RSVP": "FALSE", "CUTYPE": "INDIVIDUAL"}
    assert {"CN": "Bob Johnson", "ROLE": "REQ-PARTICIPANT", **agreed} == dict(bob.params)
    assert {"CN": "Jane Smith", "ROLE": "CHAIR", **agreed} == dict(jane.params)


def test_it_rings_a_quarter_of_an_hour_before() -> None:
    """
    The alarm shows what comes.
    """
    (alarm,) = parsed(invite()).walk("VALARM")

    assert ("DISPLAY", "30 Minute Call with Jane Smith") == (alarm["action"], alarm["description"])
    assert -15 * 60 == alarm["trigger"].dt.total_seconds()


def test_a_cancellation_takes_it_out_again() -> None:
    """
    It has the same uid and says so twice, by method and status; it takes no time and rings nobody.
    """
    content = invite("CANCEL", {"sequence": 3})
    made = parsed(content)

    assert "CANCEL" == Calendar.from_ical(content)["method"]
    assert parsed(invite())["uid"] == made["uid"]
    assert (3, "CANCELLED", "TRANSPARENT") == (made["sequence"], made["status"], made["transp"])
    assert 2 == len(made["attendee"])
    assert [] == made.walk("VALARM")


def test_there_is_no_third_kind_of_invitation() -> None:
    """
    What is no method is no text for a file either.
    """
    with pytest.raises(ValueError, match="no method"):
        invite("REQUEST\r\nX-EVIL:1")


def test_a_host_who_sends_mails_themselves_needs_nobody_else() -> None:
    """
    Without a sending address, or with the host's own, none is named; without links there are none.
    """
    for sent_by in (None, "jane@example.com"):
        made = parsed(invite("REQUEST", {"location": None}, sent_by=sent_by, url=None))

        assert {"CN": "Jane Smith"} == dict(made["organizer"].params)
        assert "url" not in made
        assert "conference" not in made
        assert "Google Meet" == made["location"]


def test_what_is_published_invites_nobody() -> None:
    """
    Downloads and feeds name the organizer and nobody who attends (RFC 5546 3.2.1).
    """
    for content in (download(entry()), feed([entry()], name="Jane")):
        assert "PUBLISH" == Calendar.from_ical(content)["method"]
        assert "attendee" not in parsed(content)
        assert "mailto:jane@example.com" == parsed(content)["organizer"]


def test_a_feed_has_a_name_and_says_how_often_to_look() -> None:
    """
    Old calendars and new ones read the name and the interval; the same entries give the same bytes.
    """
    content = feed([entry(), entry(uid="another")], name="Jane; Smith, Ärztin\r\nX-EVIL:1")
    calendar = Calendar.from_ical(content)
    name = r"Jane\; Smith\, Ärztin X-EVIL:1"

    assert {f"NAME:{name}", f"X-WR-CALNAME:{name}"} <= set(content_lines(content))
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT30M" in content_lines(content)
    assert "X-PUBLISHED-TTL:PT30M" in content_lines(content)
    assert 2 == len(calendar.walk("VEVENT")) == len(vobject.readOne(content.decode()).vevent_list)
    assert content == feed([entry(), entry(uid="another")], name="Jane; Smith, Ärztin\r\nX-EVIL:1")


def test_an_empty_feed_is_a_calendar() -> None:
    """
    Somebody whom nobody booked yet can subscribe, too.
    """
    content = feed([], name="Jane")

    assert [] == Calendar.from_ical(content).walk("VEVENT")
    assert ("END", "VCALENDAR") == tuple(content_lines(content)[-1].split(":"))


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_text_breaks_out(text: str) -> None:
    """
    Whatever the names and texts are, the file has the same properties and parameters, and is small.
    """
    facts = {
        "uid": text,
        "location": f"A{text}",
        "host": {"name": text, "email": f"{text[:40]}@example.com"},
        "invitee": {"name": text, "email": f"bob{text[:40]}@example.com"},
    }
    plain = {"location": "Room 1"}
    for method in ("REQUEST", "CANCEL"):
        content = invite(method, facts, summary=text, description=f"A{text}", url=text, sent_by=text)

        assert shape(invite(method, plain, url=None)) == shape(content)
        assert len(content) < 150_000
        parsed(content)


@given(st.text(alphabet=st.characters(), max_size=300))
@example(r"C:\New\next\\ \; \,")
@settings(max_examples=100, deadline=None)
def test_texts_arrive_as_they_are(text: str) -> None:
    r"""
    What is no control character arrives with both parsers, backslashes and all.
    """
    content = invite(summary=f"a{text}z", description=f"a{text}z")
    content_lines(content)
    other = vobject.readOne(content.decode()).vevent

    assert one_line(f"a{text}z") == other.summary.value
    assert lines(f"a{text}z") == other.description.value


@pytest.mark.parametrize(
    ("email", "address"),
    [
        ("jane+calls@example.com", "mailto:jane+calls@example.com"),
        ("jane@bücher.example", "mailto:jane@xn--bcher-kva.example"),
        ("jäne@example.com", "mailto:j%C3%A4ne@example.com"),
        ('a;b:c,d"e?x@example.com', "mailto:a%3Bb%3Ac%2Cd%22e%3Fx@example.com"),
        ("x@" + "ü" * 70, "mailto:x@" + "%C3%BC" * 70),
    ],
)
def test_addresses_are_links_in_ascii(email: str, address: str) -> None:
    """
    An e-mail address has in a calendar the form it has in a link.
    """
    made = parsed(invite("REQUEST", {"host": {"name": "Jane", "email": email}}))

    assert address == made["organizer"]


def test_a_name_that_is_none_is_the_address() -> None:
    """
    Where nothing is left of a name the address stands for it.
    """
    made = parsed(invite("REQUEST", {"host": {"name": "\r\n^", "email": "jane@example.com"}}))

    assert "jane@example.com" == made["organizer"].params["CN"]
