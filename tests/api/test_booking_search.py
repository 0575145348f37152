"""
Bookings are searched by invitee, exported for spreadsheets, and moved to times that are free for them.
"""

import csv
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from httpx2 import Response
from sqlalchemy import insert, select
from steps import MONDAY, book, invitee, offer

from calendo.db.engine import Database
from calendo.db.models import Booking
from calendo.web.api import bookings_csv
from conftest import Host

SignUp = Callable[..., Host]


def found(host: Host, q: str, **more: Any) -> list[str]:
    return [row["invitee_name"] for row in host.get("/bookings", q=q, **more)]


@pytest.fixture
def people(host: Host) -> Host:
    """
    A host whom four people have booked, the last one first.
    """
    offer(host)
    names = ["Bob Johnson", "José Núñez", "50% Off_", "ΟΔΥΣΣΕΥΣ"]
    for number, name in enumerate(names):
        book(host, f"{9 + number:02}:00", name=name, email=f"guest{number}@Example.com")
    return host


def test_invitees_are_found_by_name_or_address(people: Host) -> None:
    """
    Whatever the case and the accents, by parts of words, in any order, all of which have to occur.
    """
    assert ["Bob Johnson"] == found(people, "bob")
    assert ["Bob Johnson"] == found(people, "JOHN  bo")
    assert ["José Núñez"] == found(people, "jose nun")
    assert ["José Núñez"] == found(people, "NÚÑEZ")
    assert ["ΟΔΥΣΣΕΥΣ"] == found(people, "οδυσσευσ")
    assert ["Bob Johnson"] == found(people, "guest0@example")
    assert 4 == len(found(people, "example.COM"))
    assert 4 == len(found(people, "  "))
    assert [] == found(people, "bob jose")


def test_wildcards_are_letters_like_others(people: Host) -> None:
    """
    Percent signs, underscores and backslashes mean themselves.
    """
    assert ["50% Off_"] == found(people, "%")
    assert ["50% Off_"] == found(people, "_")
    assert [] == found(people, "\\")
    assert [] == found(people, "b_b")


def test_a_search_goes_with_the_other_filters(people: Host, sign_up: SignUp) -> None:
    """
    Pages keep it, statuses narrow it down, and other hosts' bookings are never in it.
    """
    other = sign_up("Ann")
    offer(other)
    book(other, "09:00", name="Bob Other")

    response = people.call("GET", "/bookings", params={"q": "guest", "limit": 3})
    assert "q=guest" in response.headers["Link"]
    assert ["Bob Johnson"] == found(people, "bob", status="confirmed")
    assert [] == found(people, "bob", status="cancelled")
    assert people.expect(400, "GET", "/bookings", params={"q": "x" * 101})["error"].startswith("q: ")


def export(host: Host, **params: Any) -> tuple[Response, list[dict[str, str]]]:
    response = host.call("GET", "/bookings.csv", params=params)
    assert 200 == response.status_code, response.text
    text = response.content.decode("utf-8-sig")
    return response, list(csv.DictReader(StringIO(text, newline="")))


def test_bookings_are_exported(sign_up: SignUp) -> None:
    """
    A file for spreadsheets, in UTF-8 with its mark, with times in UTC and on the host's clock.
    """
    host = sign_up(timezone="America/New_York")
    questions = [
        {"id": "company", "label": "Where?"},
        {"id": "tools", "label": "With?", "type": "checkbox", "options": ["Pen", "Ink"]},
        {"id": "sure", "label": "Sure?", "type": "checkbox"},
    ]
    offer(host, questions=questions)
    answers = {"company": "Acme, Inc.", "tools": ["Pen", "Ink"], "sure": True}
    made = book(host, f"{MONDAY}T15:00:00Z", name="José", notes='She said "hi"\nand left', answers=answers)
    response, (row,) = export(host)

    assert "text/csv; charset=utf-8" == response.headers["Content-Type"]
    assert 'attachment; filename="bookings.csv"' == response.headers["Content-Disposition"]
    assert response.content.startswith(b"\xef\xbb\xbfid,uid,")
    assert b"\r\n" in response.content
    assert {
        "id": str(made["id"]),
        "uid": made["uid"],
        "event_type": "Call",
        "status": "confirmed",
        "start_time": f"{MONDAY} 15:00:00",
        "end_time": f"{MONDAY} 15:30:00",
        "local_start": f"{MONDAY} 10:00",
        "duration_minutes": "30",
        "invitee_name": "José",
        "invitee_email": "bob@example.com",
        "timezone": "UTC",
        "notes": 'She said "hi"\nand left',
        "answers": "company: Acme, Inc.\ntools: Pen, Ink\nsure: yes",
        "reason": "",
        "is_no_show": "0",
        "created_at": "2026-03-01 12:00:00",
    } == row
    assert f"{MONDAY} 20:30" == export(host, timezone="Asia/Kolkata")[1][0]["local_start"]


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20"])
def test_formulas_are_defused(host: Host, sign: str) -> None:
    """
    What a spreadsheet would reckon with begins with an apostrophe, whichever cell an invitee put it in.
    """
    formula = f'{sign}HYPERLINK("https://evil.example","x")'
    offer(host, name=formula, slug="call", requires_confirmation=True)
    made = book(host, "09:00", name=formula, notes=formula)
    host.post(f"/bookings/{made['id']}/decline", {"reason": formula})
    (row,) = export(host)[1]

    for column in ("event_type", "invitee_name", "notes", "reason"):
        assert f"'{formula}" == row[column], column


def test_line_ends_before_a_formula_do_not_hide_it() -> None:
    """
    Tabs and line ends are skipped by some spreadsheets, so a cell never begins with one.
    """
    for sign in "\t\r\n":
        assert f"'{sign}=1" == bookings_csv._defused(f"{sign}=1")
    assert "plain" == bookings_csv._defused("plain")


def test_an_export_has_the_filters_of_the_list(people: Host) -> None:
    """
    The same parameters choose the same bookings, in the same order.
    """
    assert ["José Núñez"] == [row["invitee_name"] for row in export(people, q="jose")[1]]
    assert ["Bob Johnson"] == [
        row["invitee_name"] for row in export(people, to=f"{MONDAY}T09:30:00Z", status="confirmed")[1]
    ]
    assert [] == export(people, status="declined")[1]
    assert people.expect(400, "GET", "/bookings.csv?status=done")["error"].startswith("status: ")
    assert people.expect(400, "GET", "/bookings.csv?timezone=Mars")["error"].startswith("timezone: ")
    assert "unauthenticated" == invitee(people).expect(401, "GET", "/bookings.csv")["code"]


def test_a_long_export_comes_in_several_reads(
    people: Host, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    However many bookings start at one time, each is there once, in the list's order.
    """
    with db.write() as tx:
        row = dict(tx.execute(select(Booking.__table__).limit(1)).mappings().one())
        row.pop("id")
        row["status"] = "cancelled"
        more = [{"uid": f"copy-{number}", "start_ts": row["start_ts"] + number // 9} for number in range(40)]
        tx.execute(insert(Booking.__table__), [row | each for each in more])
    monkeypatch.setattr(bookings_csv, "_BATCH", 4)

    assert [str(each["id"]) for each in people.get("/bookings")] == [each["id"] for each in export(people)[1]]


def moves(host: Host, booking_id: int, day: str = MONDAY, zone: str = "UTC") -> list[str]:
    answer = host.get(f"/bookings/{booking_id}/slots", start=day, end=day, timezone=zone)
    return list(answer["slots"].get(day, []))


def test_a_booking_can_be_moved_to_what_its_look_up_lists(host: Host) -> None:
    """
    Its own time is not in its way, others' are, and every listed time is accepted.
    """
    offer(host, slot_interval=15, buffer_after=15)
    mine, _other = book(host, "09:00"), book(host, "10:00")
    listed = moves(host, mine["id"])

    assert ["09:15", "10:45"] == listed[:2]
    for label in (listed[0], listed[-1]):
        host.post(f"/bookings/{mine['id']}/reschedule", {"start_time": f"{MONDAY}T{label}:00Z"})
    assert "09:00" in moves(host, mine["id"])


def test_moves_are_told_on_any_clock(host: Host) -> None:
    """
    Dates and labels are those of ``timezone``, and ``starts`` has the instants.
    """
    offer(host)
    made = book(host, "09:00")
    answer = host.get(f"/bookings/{made['id']}/slots", start=MONDAY, end=MONDAY, timezone="America/New_York")

    assert "04:30" == answer["slots"][MONDAY][0]
    assert f"{MONDAY}T09:30:00Z" == answer["starts"][MONDAY][0]


def test_only_a_live_booking_of_ones_own_can_be_moved(host: Host, sign_up: SignUp) -> None:
    """
    What is cancelled is a 409, somebody else's a 404, and an event type that is off still has its moves.
    """
    made_type = offer(host)
    made = book(host, "09:00")
    path = f"/bookings/{made['id']}/slots?start={MONDAY}&end={MONDAY}"

    assert "not_found" == sign_up("Ann").expect(404, "GET", path)["code"]
    assert "start" in host.expect(400, "GET", f"/bookings/{made['id']}/slots?end={MONDAY}")["error"]
    assert "end: " in host.expect(400, "GET", f"{path}&end=2026-02-01")["error"]
    host.delete(f"/event-types/{made_type['id']}")
    assert "09:30" == moves(host, made["id"])[0]
    host.post(f"/bookings/{made['id']}/cancel")
    assert "booking_state" == host.expect(409, "GET", path)["code"]
