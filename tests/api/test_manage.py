"""
``/api/manage/{token}``: what invitees can do about their bookings, and that only their link lets them.
"""

from collections.abc import Callable
from urllib.parse import quote

import pytest
from sqlalchemy import select, update
from steps import MONDAY, ask, book, invitee, manage_path, offer, refused, times, wanted

from calendo.core.instants import HOUR
from calendo.db.engine import Database
from calendo.db.models import Booking, IdempotencyKey
from calendo.integrations.links import Links, Purpose
from calendo.settings import Settings
from conftest import Clock, Host


def test_the_link_shows_the_booking_and_what_can_be_done(host: Host) -> None:
    """
    The booking is as the answer to booking it was; beside it stands with whom, and until when what goes.
    """
    offer(host, name="30 Minute Call", cancel_notice_hours=1, reschedule_notice_hours=24)
    host.put("/booking-page", {"display_name": "Dr. Smith"})
    booking = ask(host, "14:00", "30-minute-call", timezone="America/New_York", notes="Hi")

    seen = invitee(host).get(manage_path(booking))

    assert {
        "booking": booking,
        "host": "Dr. Smith",
        "page_slug": host.slug,
        "event_slug": "30-minute-call",
        "can_cancel": 1,
        "can_reschedule": 1,
        "cancel_until": "2026-03-02 13:00:00",
        "reschedule_until": "2026-03-01 14:00:00",
    } == seen


def test_an_invitee_cancels_once(host: Host) -> None:
    """
    The host sees who did it and why, the time is free, and a second time is a conflict.
    """
    offer(host)
    booking = ask(host, "09:00")
    path = manage_path(booking)

    done = invitee(host).post(f"{path}/cancel", {"reason": "I am ill."})
    again = invitee(host).expect(409, "POST", f"{path}/cancel")

    assert {"ok": True, "booking": {**booking, "status": "cancelled"}} == done
    assert "booking_state" == again["code"]
    assert "09:00" in times(host)
    (seen,) = host.get("/bookings")
    assert ("cancelled", "I am ill.") == (seen["status"], seen["reason"])
    assert {"action": "cancelled", "actor": "invitee", "reason": "I am ill."}.items() <= host.get(
        f"/bookings/{seen['id']}/history"
    )[-1].items()
    left = invitee(host).get(path)
    assert ("cancelled", 0, 0) == (left["booking"]["status"], left["can_cancel"], left["can_reschedule"])
    move = invitee(host).expect(409, "POST", f"{path}/reschedule", {"start_time": f"{MONDAY}T10:00:00Z"})
    assert "booking_state" == move["code"]


@pytest.mark.parametrize(
    ("start", "moved_to"),
    [
        ("2026-03-02T17:00:00+01:00", "2026-03-02 16:00:00"),
        ("2026-03-02T10:00:00", "2026-03-02 15:00:00"),
        ("2026-03-03 09:30", "2026-03-03 14:30:00"),
    ],
)
def test_an_invitee_moves_it(host: Host, start: str, moved_to: str) -> None:
    """
    Any offset will do; a time without one is on the clock the booking was made by.
    """
    offer(host)
    booking = ask(host, "14:00", timezone="America/New_York")

    done = invitee(host).post(
        f"{manage_path(booking)}/reschedule", {"start_time": start, "reason": "The train is late."}
    )

    assert moved_to == done["booking"]["start_time"]
    assert [booking[name] for name in ("uid", "status", "manage_url")] == [
        done["booking"][name] for name in ("uid", "status", "manage_url")
    ]
    (seen,) = host.get("/bookings")
    assert {
        "action": "rescheduled",
        "actor": "invitee",
        "at": "2026-03-01 12:00:00",
        "start_time": moved_to,
        "former_start_time": "2026-03-02 14:00:00",
        "reason": "The train is late.",
    } == host.get(f"/bookings/{seen['id']}/history")[-1]
    assert "14:00" in times(host)


def test_it_moves_to_what_is_on_offer_only(host: Host) -> None:
    """
    A time that is taken, closed, off the grid or too soon is refused; half over itself it may move.
    """
    offer(host, duration_minutes=60, slot_interval=30)
    booking = ask(host, "09:00")
    ask(host, "11:00", email="other@example.com")
    path = f"{manage_path(booking)}/reschedule"
    for start in (
        "2026-03-02T11:30:00Z",
        "2026-03-02T03:00:00Z",
        "2026-03-02T09:10:00Z",
        "2026-03-01T13:00:00Z",
    ):
        assert "slot_unavailable" == invitee(host).expect(409, "POST", path, {"start_time": start})["code"]

    assert (
        "2026-03-02 09:30:00"
        == invitee(host).post(path, {"start_time": "2026-03-02T09:30:00Z"})["booking"]["start_time"]
    )


def test_the_times_it_can_move_to_are_listed(host: Host, clock: Clock) -> None:
    """
    In the shape of a look-up: its own time is in nobody's way, and all that is listed can be moved to.
    """
    offer(host, duration_minutes=120, slot_interval=60)
    booking = ask(host, "12:00")
    ask(host, "15:00", email="other@example.com")
    path = manage_path(booking)
    asked = {"start": MONDAY, "end": MONDAY, "timezone": "Asia/Tokyo"}
    public = invitee(host).get(f"/availability/{host.slug}/call", **asked)

    answer = invitee(host).call("GET", f"{path}/availability", params=asked)

    assert ["18:00", "19:00"] == public["slots"][MONDAY]
    assert ["18:00", "19:00", "20:00", "22:00"] == answer.json()["slots"][MONDAY]
    assert f"{MONDAY}T13:00:00Z" == answer.json()["starts"][MONDAY][-1]
    assert "no-store" == answer.headers["Cache-Control"]
    assert (
        "end: " in invitee(host).expect(400, "GET", f"{path}/availability", params={"start": MONDAY})["error"]
    )
    for start in answer.json()["starts"][MONDAY]:
        invitee(host).post(f"{path}/reschedule", {"start_time": start})
    invitee(host).post(f"{path}/cancel")
    assert {"slots": {}, "starts": {}} == invitee(host).get(f"{path}/availability", **asked)


def test_a_link_that_is_none_finds_nothing(
    host: Host, db: Database, settings: Settings, engine_name: str
) -> None:
    """
    Whatever its shape, and whatever is asked for: one and the same 404, and nothing is changed.
    """
    offer(host)
    booking = ask(host, "09:00")
    token = manage_path(booking).removeprefix("/manage/")
    links = Links(settings.signing_key())
    first = "B" if token[0] == "A" else "A"
    last = "B" if token[-1] == "A" else "A"
    wrong = [
        "x",
        "0",
        "null",
        booking["uid"],
        token[:-1],
        token + "A",
        token + "=",
        first + token[1:],
        token[:-1] + last,
        token.swapcase(),
        "A" * 48,
        "=" * 48,
        "€" * 48,
        "é" * 24,
        "\0" * 48,
        "\0",
        token[:-1] + "\0",
        "%" + token[1:],
        " " + token,
        "9" * 5000,
        links.token(Purpose.DECIDE, booking["uid"], 0),
        links.token(Purpose.FEED, booking["uid"], 0),
        links.token(Purpose.MANAGE, booking["uid"], 1),
        Links(b"another key").token(Purpose.MANAGE, booking["uid"], 0),
    ]
    answers = []
    for text in wrong:
        path = f"/manage/{quote(text, safe='')}"
        answers += [
            invitee(host).call("GET", path),
            invitee(host).call("POST", f"{path}/cancel"),
            invitee(host).call("POST", f"{path}/reschedule", {"start_time": "2026-03-02T10:00:00Z"}),
        ]
    with_a_key = host.call("POST", f"/manage/{wrong[0]}/cancel")

    assert {404} == {answer.status_code for answer in (*answers, with_a_key)}
    assert {"not_found"} == {answer.json()["code"] for answer in answers}
    assert ["confirmed"] == [row["status"] for row in host.get("/bookings")]


def test_raising_the_counter_replaces_the_link(host: Host, db: Database, settings: Settings) -> None:
    """
    The old link is a 404 from then on, and the new one is as good as the old one was.
    """
    offer(host)
    booking = ask(host, "09:00")
    with db.write() as tx:
        tx.execute(update(Booking).values(link_counter=1))
    fresh = Links(settings.signing_key()).token(Purpose.MANAGE, booking["uid"], 1)

    assert 404 == invitee(host).call("GET", manage_path(booking)).status_code
    assert 404 == invitee(host).call("POST", f"{manage_path(booking)}/cancel").status_code
    assert fresh == manage_path(invitee(host).get(f"/manage/{fresh}")["booking"]).removeprefix("/manage/")


@pytest.mark.parametrize(
    ("verb", "field"), [("cancel", "cancel_notice_hours"), ("reschedule", "reschedule_notice_hours")]
)
def test_up_to_the_notice_and_no_later(host: Host, clock: Clock, verb: str, field: str) -> None:
    """
    The second of the notice is still in time; one later is a 409 that says until when it was possible.
    """
    offer(host, **{field: 2}, min_notice_hours=0)
    body = {"start_time": "2026-03-03T09:00:00Z"} if verb == "reschedule" else {}
    late, in_time = ask(host, "11:00"), ask(host, "12:00")
    other = "reschedule" if verb == "cancel" else "cancel"

    clock.set("2026-03-02T09:00:01+00:00")
    answer = invitee(host).expect(409, "POST", f"{manage_path(late)}/{verb}", body)
    seen = invitee(host).get(manage_path(late))
    clock.set("2026-03-02T10:00:00+00:00")
    invitee(host).post(f"{manage_path(in_time)}/{verb}", body)

    assert "too_late" == answer["code"]
    assert "until 2026-03-02 09:00:00 UTC, 2 hours before its start" in answer["error"]
    assert (0, 1) == (seen[f"can_{verb}"], seen[f"can_{other}"])
    assert "2026-03-02 09:00:00" == seen[f"{verb}_until"]
    # The host is not bound by what invitees are told.
    (row,) = (row for row in host.get("/bookings") if row["uid"] == late["uid"])
    host.post(f"/bookings/{row['id']}/{verb}", body and {"start_time": "2026-03-03T10:00:00Z"})


def test_without_a_notice_until_the_start(host: Host, clock: Clock) -> None:
    """
    A second before the start goes, at the start it is too late.
    """
    offer(host, min_notice_hours=0)
    first, second = ask(host, "09:00"), ask(host, "09:30")

    clock.set("2026-03-02T08:59:59+00:00")
    invitee(host).post(f"{manage_path(first)}/cancel")
    clock.set("2026-03-02T09:30:00+00:00")
    answers = [
        invitee(host).expect(409, "POST", f"{manage_path(second)}/cancel"),
        invitee(host).expect(
            409, "POST", f"{manage_path(second)}/reschedule", {"start_time": "2026-03-02T11:00:00Z"}
        ),
    ]

    assert ["too_late", "too_late"] == [answer["code"] for answer in answers]
    assert all("until 2026-03-02 09:30:00 UTC, its start" in answer["error"] for answer in answers)


def test_what_is_switched_off_can_be_cancelled_but_not_moved(host: Host) -> None:
    """
    No slots of it are listed any more, so none can be moved to.
    """
    made = offer(host)
    booking = ask(host, "09:00")
    host.delete(f"/event-types/{made['id']}")
    path = manage_path(booking)

    seen = invitee(host).get(path)
    move = invitee(host).expect(409, "POST", f"{path}/reschedule", {"start_time": "2026-03-02T10:00:00Z"})
    invitee(host).post(f"{path}/cancel")

    assert (1, 0) == (seen["can_cancel"], seen["can_reschedule"])
    assert "slot_unavailable" == move["code"]


def test_a_request_can_be_taken_back_or_moved_while_it_waits(host: Host) -> None:
    """
    It stays a request; once declined nothing can be done about it.
    """
    offer(host, requires_confirmation=True)
    moved, declined = ask(host, "09:00"), ask(host, "10:00")
    (row,) = (row for row in host.get("/bookings") if row["uid"] == declined["uid"])
    host.post(f"/bookings/{row['id']}/decline")

    done = invitee(host).post(f"{manage_path(moved)}/reschedule", {"start_time": "2026-03-02T11:00:00Z"})
    assert "pending" == done["booking"]["status"]
    assert "cancelled" == invitee(host).post(f"{manage_path(moved)}/cancel")["booking"]["status"]
    assert "booking_state" == invitee(host).expect(409, "POST", f"{manage_path(declined)}/cancel")["code"]


def test_the_link_is_kept_nowhere(host: Host, db: Database) -> None:
    """
    What is kept of a call with an idempotency key holds no token, and its repetition has the same link.
    """
    offer(host)
    call = ("POST", f"/book/{host.slug}/call", wanted("09:00"))
    answers = [invitee(host).call(*call, headers={"Idempotency-Key": "k"}) for _ in range(2)]
    with db.read() as tx:
        kept = tx.scalars(select(IdempotencyKey.answer)).one()

    assert answers[0].content == answers[1].content
    assert set(answers[0].json()["booking"]) - {"manage_url"} == set(kept["booking"])
    assert "confirmed" == invitee(host).get(manage_path(answers[1].json()["booking"]))["booking"]["status"]


def test_the_address_is_kept_from_others(host: Host) -> None:
    """
    No cache keeps an answer under a token, and no other site hears of the address.
    """
    offer(host)
    headers = invitee(host).call("GET", manage_path(ask(host, "09:00"))).headers

    assert ("no-store", "no-referrer") == (headers["Cache-Control"], headers["Referrer-Policy"])


def test_a_full_calendar_of_one_invitee(sign_up: Callable[..., Host], clock: Clock) -> None:
    """
    Five to come is the most at first, however the address is written; the host can allow more.

    Those of others, with other hosts, over, cancelled or declined do not count.
    """
    host, other = sign_up(), sign_up()
    for one in (host, other):
        one.put("/auth/me", {"max_bookings_per_invitee": 5})
        offer(one, min_notice_hours=0)
    offer(host, name="Asks", requires_confirmation=True)
    made = [ask(host, f"{hour:02}:00", email="Bob@Example.com") for hour in range(9, 13)]
    ask(host, "13:00", "asks", email="bob@example.com")

    assert "too_many_bookings" == refused(host, "14:00", email="BOB@example.COM")
    ask(host, "14:00", email="ann@example.com")
    ask(other, "14:00", email="bob@example.com")
    invitee(host).post(f"{manage_path(made[3])}/cancel")
    ask(host, "12:00", email="bob@example.com")
    assert "too_many_bookings" == refused(host, "15:00", email="bob@example.com")
    (asked,) = (row for row in host.get("/bookings") if row["status"] == "pending")
    host.post(f"/bookings/{asked['id']}/decline")
    ask(host, "13:00", email="bob@example.com")
    assert "too_many_bookings" == refused(host, "15:00", email="bob@example.com")
    clock.set("2026-03-02T09:00:00+00:00")
    ask(host, "15:00", email="bob@example.com")
    assert "too_many_bookings" == refused(host, "15:30", email="bob@example.com")
    host.put("/auth/me", {"max_bookings_per_invitee": 6})
    ask(host, "15:30", email="bob@example.com")
    assert "too_many_bookings" == refused(host, "16:00", email="bob@example.com")


def test_a_no_show_is_noted_after_the_start(host: Host, clock: Clock) -> None:
    """
    Before the start, and of what does not take place, it is a conflict; twice is as good as once.
    """
    offer(host, min_notice_hours=0)
    booking, cancelled = book(host, "09:00"), book(host, "10:00")
    host.post(f"/bookings/{cancelled['id']}/cancel")
    path = f"/bookings/{booking['id']}/no-show"

    assert "booking_state" == host.expect(409, "POST", path)["code"]
    clock.forward(22 * HOUR)
    first, second = host.post(path), host.post(path)

    assert {"ok": True, "booking": {**booking, "is_no_show": 1}} == first == second
    assert "booking_state" == host.expect(409, "POST", f"/bookings/{cancelled['id']}/no-show")["code"]
    assert ["booked", "no_show"] == [row["action"] for row in host.get(f"/bookings/{booking['id']}/history")]
