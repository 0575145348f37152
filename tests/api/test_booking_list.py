"""
The list of bookings: its order, its filters, and its pages.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from sqlalchemy import insert, select
from steps import book, offer

from calendo.db.engine import Database
from calendo.db.models import Booking
from conftest import Host

SignUp = Callable[..., Host]


def starts(host: Host, **params: Any) -> list[str]:
    """
    The start times of the bookings listed, without the seconds.
    """
    return [row["start_time"][:16] for row in host.get("/bookings", **params)]


def pages(host: Host, **params: Any) -> Iterator[list[dict[str, Any]]]:
    """
    Follow the Link headers from the first page to the last.
    """
    response = host.call("GET", "/bookings", params=params)
    while True:
        assert response.status_code == 200, response.text
        yield response.json()
        link = response.headers.get("Link")
        if link is None:
            return
        (address,) = re.fullmatch(r'<(http://calendo\.test/api/bookings\?\S+)>; rel="next"', link).groups()
        response = host.call("GET", f"/bookings?{urlsplit(address).query}")


def test_the_list_is_a_bare_array_latest_first(host: Host) -> None:
    """
    However they were made, the one that starts last comes first.
    """
    assert [] == host.get("/bookings")
    offer(host)
    for start in ("10:00", "2026-03-04T09:00:00Z", "09:00"):
        book(host, start)

    assert ["2026-03-04 09:00", "2026-03-02 10:00", "2026-03-02 09:00"] == starts(host)


@pytest.mark.parametrize("copies", [99, 100, 250])
def test_a_long_list_comes_in_parts_and_whole(host: Host, db: Database, copies: int) -> None:
    """
    It is read and sent a hundred at a time; what arrives is one list, as long as was told.
    """
    offer(host)
    book(host, "09:00")
    with db.write() as tx:
        booked = tx.scalars(select(Booking)).one()
        kept = {column.key: getattr(booked, column.key) for column in Booking.__table__.columns}
        del kept["id"]
        # What is cancelled blocks no time.
        others = [{**kept, "status": "cancelled", "uid": str(uuid4())} for _ in range(copies)]
        tx.execute(insert(Booking), others)

    response = host.call("GET", "/bookings")

    rows = response.json()
    assert copies + 1 == len(rows) == len({row["uid"] for row in rows})
    assert len(response.content) == int(response.headers["Content-Length"])
    assert [row["id"] for row in rows] == sorted((row["id"] for row in rows), reverse=True)


def test_a_status_filters(host: Host) -> None:
    """
    One or several, separated by commas.
    """
    offer(host)
    offer(host, slug="asked", requires_confirmation=True)
    by_status = {
        "confirmed": book(host, "09:00")["id"],
        "cancelled": book(host, "10:00")["id"],
        "pending": book(host, "11:00", "asked")["id"],
        "declined": book(host, "12:00", "asked")["id"],
    }
    host.post(f"/bookings/{by_status['cancelled']}/cancel")
    host.post(f"/bookings/{by_status['declined']}/decline")

    for status, booking_id in by_status.items():
        assert [booking_id] == [row["id"] for row in host.get("/bookings", status=status)]
    assert ["2026-03-02 11:00", "2026-03-02 09:00"] == starts(host, status="pending,confirmed")
    assert ["2026-03-02 12:00", "2026-03-02 10:00"] == starts(host, status="cancelled, declined")
    assert 4 == len(starts(host))


def test_an_event_type_filters(host: Host, sign_up: SignUp) -> None:
    """
    One that is off as well; somebody else's has no bookings here.
    """
    first, second = offer(host, slug="first"), offer(host, slug="second")
    book(host, "09:00", "first")
    book(host, "10:00", "second")
    host.delete(f"/event-types/{second['id']}")
    foreign = offer(sign_up("Ann"))

    assert ["2026-03-02 09:00"] == starts(host, event_type_id=first["id"])
    assert ["2026-03-02 10:00"] == starts(host, event_type_id=second["id"])
    assert [] == starts(host, event_type_id=foreign["id"])


RANGES: list[tuple[dict[str, str], list[str]]] = [
    ({"from": "2026-03-03"}, ["04 16:30", "03 16:30", "03 09:00"]),
    ({"to": "2026-03-03"}, ["03 16:30", "03 09:00", "02 16:30"]),
    ({"from": "2026-03-03", "to": "2026-03-03"}, ["03 16:30", "03 09:00"]),
    ({"from": "2026-03-04", "to": "2026-03-03"}, []),
    ({"from": "2026-03-03T09:00:00Z"}, ["04 16:30", "03 16:30", "03 09:00"]),
    ({"from": "2026-03-03T09:00:01Z"}, ["04 16:30", "03 16:30"]),
    ({"to": "2026-03-03T09:00:00Z"}, ["02 16:30"]),
    ({"to": "2026-03-03T09:00:01Z"}, ["03 09:00", "02 16:30"]),
    ({"from": "2026-03-03T10:00:00+01:00", "to": "2026-03-03T16:30:00"}, ["03 09:00"]),
    ({"from": "2026-03-03 16:30:00"}, ["04 16:30", "03 16:30"]),
    ({"from": "0001-01-01", "to": "9999-12-31"}, ["04 16:30", "03 16:30", "03 09:00", "02 16:30"]),
]


def test_dates_and_instants_filter(host: Host) -> None:
    """
    A date is a whole day in UTC, the last one included; an instant counts from it on, or up to it.
    """
    offer(host)
    for start in ("02T16:30", "03T09:00", "03T16:30", "04T16:30"):
        book(host, f"2026-03-{start}:00Z")

    for params, expected in RANGES:
        assert [f"2026-03-{start}" for start in expected] == starts(host, **params), params


def test_a_plus_sign_may_be_left_as_it_is(host: Host) -> None:
    """
    In a query it means a space, and whoever pastes an instant forgets that.
    """
    offer(host)
    book(host, "09:00")
    book(host, "10:00")

    rows = host.expect(200, "GET", "/bookings?from=2026-03-02T12:00:00+02:00")

    assert ["2026-03-02 10:00:00"] == [row["start_time"] for row in rows]


def test_pages_show_every_booking_once(host: Host) -> None:
    """
    Also where many start at the same time: each was cancelled before the next one took the slot.
    """
    offer(host)
    for start in ("09:00", "10:00", "10:00", "10:00", "10:00", "11:00"):
        booking = book(host, start)
        host.post(f"/bookings/{booking['id']}/cancel")
    book(host, "10:00")
    whole = host.get("/bookings")
    assert 7 == len(whole)

    for limit in (1, 2, 3, 6, 7, 8):
        read = list(pages(host, limit=limit))

        assert whole == [row for page in read for row in page], limit
        assert [limit] * (len(read) - 1) == [len(page) for page in read[:-1]]
        assert read[-1]


def test_pages_keep_the_filter(host: Host) -> None:
    """
    The address in the Link header asks for the same bookings as the first page.
    """
    offer(host)
    for start in ("09:00", "09:30", "10:00", "10:30", "2026-03-03T09:00:00Z"):
        book(host, start)
    host.post(f"/bookings/{host.get('/bookings', to='2026-03-02')[1]['id']}/cancel")

    read = list(pages(host, limit=1, status="confirmed,pending", to="2026-03-02T10:30:00+00:00"))

    assert [["2026-03-02 09:30:00"], ["2026-03-02 09:00:00"]] == [[r["start_time"] for r in p] for p in read]


def test_a_booking_made_meanwhile_moves_no_page(host: Host) -> None:
    """
    What comes in before the cursor is not shown again, and nothing behind it is lost.
    """
    offer(host)
    for start in ("09:00", "10:00", "11:00", "12:00"):
        book(host, start)

    reading = pages(host, limit=2)
    seen = next(reading)
    book(host, "13:00")
    seen += [row for page in reading for row in page]

    assert ["12:00", "11:00", "10:00", "09:00"] == [row["start_time"][11:16] for row in seen]


def test_without_a_limit_there_is_no_link(host: Host) -> None:
    """
    All of them come at once, and a last page has no next one either.
    """
    offer(host)
    book(host, "09:00")

    assert "Link" not in host.call("GET", "/bookings").headers
    assert "Link" not in host.call("GET", "/bookings?limit=1").headers


def test_what_is_wrong_is_named(host: Host) -> None:
    """
    A filter that cannot be understood is a 400, not an empty list.
    """
    cursors = ["x", "W10", "bnVsbA", "WzEsMiwzXQ", "WyJhIiwiYiJd", "W1sxXSxbMl1d", "é", "=" * 5]
    wrong: dict[str, list[str]] = {
        "status": ["", "done", "confirmed,", "CONFIRMED", "confirmed;pending"],
        "event_type_id": ["0", "-1", "call", "1.5", str(2**63)],
        "from": ["", "yesterday", "2026-02-30", "2026-3-2", "1772442000"],
        "to": ["", "tomorrow", "2026-03-02T25:00:00Z"],
        "limit": ["0", "-1", "1001", "all", ""],
        "cursor": cursors,
    }
    for name, values in wrong.items():
        for value in values:
            answer = host.expect(400, "GET", "/bookings", params={name: value})
            assert answer["error"].startswith(f"{name}: "), (value, answer)


def test_a_list_is_ones_own(host: Host, sign_up: SignUp) -> None:
    """
    A cursor is a place in a list, not a way into another one.
    """
    offer(host)
    for start in ("09:00", "10:00"):
        book(host, start)
    link = host.call("GET", "/bookings?limit=1").headers["Link"]
    other = sign_up("Ann")
    offer(other)
    book(other, "09:30")

    query = urlsplit(link.partition(">")[0][1:]).query
    rows = other.expect(200, "GET", f"/bookings?{query}")

    assert ["2026-03-02 09:30:00"] == [row["start_time"] for row in rows]
