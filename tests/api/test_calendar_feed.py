"""
Bookings in calendars by HTTP: files to take away, and a feed that whoever has its address can read.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from time import process_time
from typing import Any
from urllib.parse import urlsplit

import pytest
import vobject
from fastapi.testclient import TestClient
from httpx2 import Response
from icalendar import Calendar
from sqlalchemy import event, select
from steps import MONDAY, book, invitee, manage_path, offer, wanted

from calendo.app import create_app
from calendo.core.instants import DAY, HOUR, Instant
from calendo.db.engine import Database
from calendo.db.models import Booking, User
from calendo.integrations.links import Links, Purpose
from calendo.ops import api_keys
from calendo.settings import Settings
from conftest import Api, Clock, Host
from ops.making import make_host


def entries(response: Response) -> list[Any]:
    """
    Parse an answer's file by both parsers, see that they find the same, and return its entries.
    """
    assert 200 == response.status_code, response.text
    assert "text/calendar; charset=utf-8" == response.headers["Content-Type"]
    found = list(Calendar.from_ical(response.content).walk("VEVENT"))
    others = getattr(vobject.readOne(response.text), "vevent_list", [])
    assert [str(entry["uid"]) for entry in found] == [other.uid.value for other in others]
    assert [entry["dtstart"].dt for entry in found] == [other.dtstart.value for other in others]
    assert [str(entry["summary"]) for entry in found] == [other.summary.value for other in others]
    return found


def feed_url(host: Host) -> str:
    return str(host.get("/calendar-feed")["url"])


def fetch(host: Host, url: str | None = None, method: str = "GET", **headers: str) -> Response:
    """
    Ask for the feed as a calendar does: without any credential.
    """
    host.client.cookies.clear()
    return host.client.request(method, url or feed_url(host), headers=headers)


def token_of(url: str) -> str:
    return urlsplit(url).path.removeprefix("/feeds/").removesuffix(".ics")


def add_bookings(
    db: Database, event_type_id: int, starts: Sequence[Instant], status: str = "confirmed"
) -> None:
    """
    Write bookings of half an hour as rows, past ones among them.
    """
    with db.write() as tx:
        host_id = tx.scalars(select(User.id)).one()
        tx.add_all(
            Booking(
                uid=f"{status}-{number}",
                host_id=host_id,
                event_type_id=event_type_id,
                start_ts=start,
                end_ts=start + HOUR // 2,
                blocked_start_ts=start,
                blocked_end_ts=start + HOUR // 2,
                status=status,
                invitee_name=f"Invitee {number}",
                invitee_email="bob@example.com",
                invitee_key="bob@example.com",
                timezone="UTC",
                notes="Looking forward to it. " * 10,
                answers={},
                created_ts=start - DAY,
                updated_ts=start - DAY,
            )
            for number, start in enumerate(starts)
        )


@contextmanager
def statements(db: Database) -> Iterator[list[str]]:
    """
    Note what is asked of the database.
    """
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield seen
    event.remove(db.engine, "before_cursor_execute", note)


def test_an_entry_stays_one_through_its_life(host: Host, clock: Clock) -> None:
    """
    Asked, confirmed, moved twice, cancelled: host, invitee and feed see one uid and a sequence that rises.
    """
    offer(host, requires_confirmation=True)
    made = invitee(host).expect(201, "POST", f"/book/{host.slug}/call", wanted("09:00"))["booking"]
    (row,) = host.get("/bookings")
    path = f"/bookings/{row['id']}"
    steps: list[tuple[Api, str, Any]] = [
        (host, f"{path}/confirm", None),
        (invitee(host), f"{manage_path(made)}/reschedule", {"start_time": "2026-03-03T09:00:00Z"}),
        (host, f"{path}/reschedule", {"start_time": "2026-03-04T09:00:00Z"}),
        (host, f"{path}/cancel", None),
    ]
    lives: list[list[tuple[Any, ...]]] = [[], [], []]
    for step in [None, *steps]:
        if step is not None:
            clock.forward(60)
            step[0].post(*step[1:])
        for life, response in zip(
            lives,
            (
                host.call("GET", f"{path}.ics"),
                invitee(host).call("GET", f"{manage_path(made)}/calendar.ics"),
                fetch(host),
            ),
            strict=True,
        ):
            (entry,) = entries(response)
            life.append(
                (
                    str(entry["uid"]),
                    entry["sequence"],
                    str(entry["status"]),
                    f"{entry['dtstart'].dt:%d %H:%M}",
                    f"{entry['dtstamp'].dt:%H:%M}",
                )
            )

    uid = f"{row['uid']}@calendo"
    assert [
        (uid, 0, "TENTATIVE", "02 09:00", "12:00"),
        (uid, 1, "CONFIRMED", "02 09:00", "12:01"),
        (uid, 2, "CONFIRMED", "03 09:00", "12:02"),
        (uid, 3, "CONFIRMED", "04 09:00", "12:03"),
        (uid, 4, "CANCELLED", "04 09:00", "12:04"),
    ] == lives[0]
    assert lives[0] == lives[1] == lives[2]


def test_each_side_downloads_what_concerns_it(host: Host) -> None:
    """
    The host reads of the invitee and the invitee of the host, and only the latter has the manage link.
    """
    offer(host, questions=[{"id": "co", "label": "Company", "type": "text", "required": False}])
    body = wanted("09:00", notes="One\ntwo", answers={"co": "Acme; Inc, Ltd"})
    made = invitee(host).expect(201, "POST", f"/book/{host.slug}/call", body)["booking"]
    (row,) = host.get("/bookings")
    hosts = host.call("GET", f"/bookings/{row['id']}.ics")
    invitees = invitee(host).call("GET", f"{manage_path(made)}/calendar.ics")
    (seen,), (got,) = entries(hosts), entries(invitees)

    assert ("Call with Bob Johnson", "Call with Jane Smith") == (seen["summary"], got["summary"])
    assert "Bob Johnson <bob@example.com>\nCompany: Acme; Inc, Ltd\nNotes: One\ntwo" == seen["description"]
    assert made["manage_url"] == got["url"]
    assert made["manage_url"] in got["description"]
    assert "url" not in seen
    assert "/manage/" not in hosts.text
    for response in (hosts, invitees):
        assert 'attachment; filename="booking.ics"' == response.headers["Content-Disposition"]
        assert "private, no-cache" == response.headers["Cache-Control"]
        assert "nosniff" == response.headers["X-Content-Type-Options"]


def test_each_side_downloads_it_in_their_language(host: Host) -> None:
    """
    A host who speaks German and an invitee who speaks French.
    """
    host.put("/auth/me", {"locale": "de"})
    offer(host)
    body = wanted("09:00", notes="One", locale="fr")
    made = invitee(host).expect(201, "POST", f"/book/{host.slug}/call", body)["booking"]
    (row,) = host.get("/bookings")
    (seen,) = entries(host.call("GET", f"/bookings/{row['id']}.ics"))
    (got,) = entries(invitee(host).call("GET", f"{manage_path(made)}/calendar.ics"))

    assert "Call mit Bob Johnson" == seen["summary"]
    assert seen["description"].endswith("Anmerkungen: One")
    assert "Call avec Jane Smith" == got["summary"]
    assert "Voir ou modifier cette réservation : " in got["description"]


def test_what_is_no_booking_is_not_found(host: Host, sign_up: Any) -> None:
    """
    Another host's id, one that is none, and text that is no id are answered alike.
    """
    offer(host)
    booking = book(host, "09:00")
    other = sign_up()
    refusal = host.expect(404, "GET", "/bookings/999999.ics")

    assert refusal == other.expect(404, "GET", f"/bookings/{booking['id']}.ics")
    for odd in ("0", "-1", "1.5", "x", "%00", f"{2**63}"):
        assert "not_found" == host.expect(404, "GET", f"/bookings/{odd}.ics")["code"], odd
    assert "unauthenticated" == invitee(host).expect(401, "GET", f"/bookings/{booking['id']}.ics")["code"]


def test_the_feed_has_all_that_is_to_come_and_the_last_90_days(
    host: Host, db: Database, clock: Clock
) -> None:
    """
    Earliest first, those that wait or were called off marked as such; before that nothing.
    """
    made = offer(host)
    asked = offer(host, name="Asks", requires_confirmation=True)
    add_bookings(db, made["id"], [clock() - 91 * DAY, clock() - 89 * DAY, clock() + 300 * DAY])
    add_bookings(db, made["id"], [clock() - 90 * DAY], "cancelled")
    add_bookings(db, asked["id"], [clock() + DAY], "declined")
    book(host, "09:00", "asks")
    book(host, "10:00")

    assert [
        ("Call with Invitee 0", "CANCELLED", "TRANSPARENT"),
        ("Call with Invitee 1", "CONFIRMED", "OPAQUE"),
        ("Asks with Bob Johnson", "TENTATIVE", "OPAQUE"),
        ("Call with Bob Johnson", "CONFIRMED", "OPAQUE"),
        ("Asks with Invitee 0", "CANCELLED", "TRANSPARENT"),
        ("Call with Invitee 2", "CONFIRMED", "OPAQUE"),
    ] == [(entry["summary"], entry["status"], entry["transp"]) for entry in entries(fetch(host))]


def test_a_feed_is_for_reading_only(host: Host) -> None:
    """
    It invites nobody, rings nobody, is kept by no cache in between, and has the host's name.
    """
    offer(host)
    book(host, "09:00")
    response = fetch(host)
    (entry,) = entries(response)

    assert "X-WR-CALNAME:Jane Smith" in response.text.split("\r\n")
    assert "METHOD:PUBLISH" in response.text.split("\r\n")
    assert "attendee" not in entry
    assert [] == entry.walk("VALARM")
    assert "private, no-cache" == response.headers["Cache-Control"]
    assert "no-referrer" == response.headers["Referrer-Policy"]
    assert 'inline; filename="bookings.ics"' == response.headers["Content-Disposition"]


def test_a_host_without_bookings_can_be_subscribed_to(host: Host) -> None:
    """
    The calendar is there before the first booking, and has the host's name, whatever that becomes.
    """
    empty = fetch(host)
    host.put("/auth/me", {"name": "Jane Jones"})

    assert [] == entries(empty)
    assert "X-WR-CALNAME:Jane Jones" in fetch(host, **{"If-None-Match": empty.headers["ETag"]}).text


def test_a_feed_that_did_not_change_is_not_sent_again(host: Host, clock: Clock) -> None:
    """
    Its tag holds while nothing changes, whatever the time is, and no longer.
    """
    made = offer(host)
    booking = book(host, "09:00")
    url = feed_url(host)
    first = fetch(host, url)
    tag = first.headers["ETag"]
    clock.forward(HOUR)
    for known in (tag, f'"other", W/{tag}', "*"):
        again = fetch(host, url, **{"If-None-Match": known})

        assert (304, b"", tag) == (again.status_code, again.content, again.headers["ETag"])
    assert first.content == fetch(host, url, **{"If-None-Match": '"other"'}).content

    tags = {tag}
    for change in (
        lambda: host.post(f"/bookings/{booking['id']}/reschedule", {"start_time": f"{MONDAY}T10:00:00Z"}),
        lambda: host.put(f"/event-types/{made['id']}", {"name": "Chat"}),
        lambda: host.put("/auth/me", {"name": "Jane Jones"}),
        lambda: host.post(f"/bookings/{booking['id']}/cancel"),
    ):
        change()
        changed = fetch(host, url, **{"If-None-Match": tag})
        tag = changed.headers["ETag"]

        assert 200 == changed.status_code
        assert tag not in tags
        tags.add(tag)


def test_programs_may_look_without_reading(host: Host) -> None:
    """
    HEAD answers like GET; nothing else is taken.
    """
    offer(host)
    book(host, "09:00")
    url = feed_url(host)
    got, looked = fetch(host, url), fetch(host, url, "HEAD")

    assert (200, got.headers["ETag"]) == (looked.status_code, looked.headers["ETag"])
    assert got.headers["Content-Type"] == looked.headers["Content-Type"]
    refused = fetch(host, url, "POST")
    assert (405, "GET, HEAD") == (refused.status_code, refused.headers["Allow"])


def test_a_replaced_feed_is_dead(host: Host) -> None:
    """
    The new address shows what the former did; that one is not found from here on, nor come back to.
    """
    offer(host)
    book(host, "09:00")
    urls = [feed_url(host)]
    for _ in range(3):
        urls.append(host.post("/calendar-feed/replace")["url"])

        assert urls[-1] == feed_url(host)
        assert 1 == len(entries(fetch(host, urls[-1])))
        for former in urls[:-1]:
            gone = fetch(host, former)
            assert (404, "not_found") == (gone.status_code, gone.json()["code"])
    assert 4 == len(set(urls))


def test_every_host_has_a_feed_of_their_own(host: Host, sign_up: Any) -> None:
    """
    Replacing one leaves the other, and neither shows the other's bookings.
    """
    other = sign_up("Ben Other")
    offer(host)
    book(host, "09:00")
    others = feed_url(other)
    host.post("/calendar-feed/replace")

    assert others == feed_url(other) != feed_url(host)
    assert [] == entries(fetch(other, others))
    assert 1 == len(entries(fetch(host)))


def test_no_other_token_opens_a_feed(host: Host, db: Database, settings: Settings) -> None:
    """
    Tokens of other purposes, rows, counters and keys, and what is no token at all, are not found.
    """
    offer(host)
    made = invitee(host).expect(201, "POST", f"/book/{host.slug}/call", wanted("09:00"))["booking"]
    with db.read() as tx:
        user = tx.scalars(select(User)).one()
    links, strange = Links(settings.signing_key()), Links(b"another key")
    good = links.token(Purpose.FEED, user.uid, 0)
    assert good == token_of(feed_url(host))
    managing = manage_path(made).rpartition("/")[2]
    wrong = [
        managing,
        links.token(Purpose.MANAGE, user.uid, 0),
        links.token(Purpose.DECIDE, user.uid, 0),
        links.token(Purpose.FEED, made["uid"], 0),
        links.token(Purpose.FEED, user.uid, 1),
        links.token(Purpose.FEED, user.uid, -1),
        strange.token(Purpose.FEED, user.uid, 0),
        good[:-1],
        f"{good}A",
        good.swapcase(),
        user.uid,
        "%00" * 48,
        "%F0%9F%98%80",
        "x",
    ]
    for token in wrong:
        for method in ("GET", "HEAD"):
            response = fetch(host, f"/feeds/{token}.ics", method)
            assert 404 == response.status_code, token

    for token in (good, links.token(Purpose.DECIDE, made["uid"], 0), managing[:-1], "x"):
        assert "not_found" == invitee(host).expect(404, "GET", f"/manage/{token}/calendar.ics")["code"]


def test_no_other_credential_opens_a_feed(host: Host) -> None:
    """
    Who has an account still needs the token.
    """
    response = host.client.get("/feeds/x.ics", headers={"X-API-Key": host.key or ""})

    assert 404 == response.status_code


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_feeds_are_counted_like_public_calls(db: Database, tmp_path: Any, clock: Clock) -> None:
    """
    One who guesses tokens is told to wait, in a form that programs read, credential or not.
    """
    limited = Settings(
        data_dir=tmp_path, secret_key="a key that only the tests use", rate_limit_public="3/minute"
    )
    with db.write() as tx:
        _, key = api_keys.create(tx, make_host(tx).id, "tests", None, clock())
    with TestClient(create_app(limited, db, clock), base_url="http://calendo.test") as client:
        answers = [client.get("/feeds/x.ics", headers={"X-API-Key": key}) for _ in range(4)]

    assert [404, 404, 404, 429] == [answer.status_code for answer in answers]
    assert ["2", "1", "0", "0"] == [answer.headers["X-RateLimit-Remaining"] for answer in answers]
    assert 1 <= int(answers[3].headers["Retry-After"]) <= 60
    assert "RATE_LIMIT_EXCEEDED" == answers[3].json()["error"]["code"]


def test_a_thousand_bookings_take_no_more_questions_than_one(host: Host, db: Database, clock: Clock) -> None:
    """
    The database is asked as often as for one, and it takes no noticeable time.
    """
    made = offer(host)
    url = feed_url(host)
    add_bookings(db, made["id"], [clock()])
    with statements(db) as for_one:
        assert 1 == len(entries(fetch(host, url)))
    add_bookings(db, made["id"], [clock() + number * HOUR for number in range(1, 1000)], "cancelled")

    spent = [process_time()]
    with statements(db) as for_many:
        first = fetch(host, url)
    spent.append(process_time())
    again = fetch(host, url)
    spent.append(process_time())
    known = fetch(host, url, **{"If-None-Match": first.headers["ETag"]})
    spent.append(process_time())
    seconds = [after - before for before, after in pairwise(spent)]

    assert len(for_one) == len(for_many) <= 3
    assert 1000 == first.text.count("BEGIN:VEVENT")
    assert first.content == again.content
    assert 304 == known.status_code
    print(f"1,000 entries: {seconds[0]:.2f} s of CPU, again {seconds[1]:.2f} s, unchanged {seconds[2]:.2f} s")
    assert seconds[0] < 5


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_names_that_strangers_type_break_out_of_nothing(host: Host) -> None:
    """
    What the API lets through as text is text in the file, for both parsers.
    """
    texts = {
        "name": 'Bob";X-A="1:mailto:x@y.z,\\n',
        "notes": "END:VEVENT\nBEGIN:VEVENT\nUID:evil\\N\\\\;,",
    }
    offer(host, location_type="custom", location='https://a.example/;X-B=1:"x')
    made = invitee(host).expect(201, "POST", f"/book/{host.slug}/call", wanted("09:00", **texts))["booking"]
    for response in (fetch(host), invitee(host).call("GET", f"{manage_path(made)}/calendar.ics")):
        (entry,) = entries(response)

        assert {"organizer", "location"} <= {name.lower() for name in entry}
        assert not [name for name in entry if name.lower().startswith("x-")]
    (entry,) = entries(fetch(host))
    assert f"Call with {texts['name']}" == entry["summary"]
