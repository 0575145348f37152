"""
``Idempotency-Key``: a booking call that is repeated books once.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from httpx2 import Response
from steps import invitee, offer, wanted

from conftest import Clock, Host

SignUp = Callable[..., Host]


def send(host: Host, key: str, start: str, event: str = "call", **more: Any) -> Response:
    """
    Book with a key.
    """
    path, body = f"/book/{host.slug}/{event}", wanted(start, **more)
    return invitee(host).call("POST", path, body, headers={"Idempotency-Key": key})


def test_a_repetition_gets_the_first_answer_byte_for_byte(host: Host, clock: Clock) -> None:
    """
    Also after the booking went on: it is the answer that is repeated, not the booking that is read.
    """
    offer(host, questions=[{"id": "q", "label": "How many?", "type": "number"}])
    asked = {"notes": "Zoë\n李", "locale": "pt-BR", "answers": {"q": 2.5}}

    first = send(host, "k1", "09:00", **asked)
    clock.forward(600)
    second = send(host, "k1", "09:00", **asked)
    (booking,) = host.get("/bookings")
    host.post(f"/bookings/{booking['id']}/cancel")
    third = send(host, "k1", "09:00", **asked)

    assert [201, 201, 201] == [answer.status_code for answer in (first, second, third)]
    assert first.content == second.content == third.content
    assert ["cancelled"] == [row["status"] for row in host.get("/bookings")]


def test_the_order_of_fields_is_no_difference(host: Host) -> None:
    """
    A body is compared by what it says.
    """
    offer(host)
    first = send(host, "k1", "09:00")
    backwards = dict(reversed(wanted("09:00").items()))

    path = f"/book/{host.slug}/call"
    again = invitee(host).call("POST", path, backwards, headers={"Idempotency-Key": "k1"})

    assert first.content == again.content
    assert 1 == len(host.get("/bookings"))


def test_another_body_under_the_same_key_is_a_conflict(host: Host) -> None:
    """
    Another time, or just another name; nothing is booked, and the first answer stays.
    """
    offer(host)
    first = send(host, "k1", "09:00")

    for other in (send(host, "k1", "10:00"), send(host, "k1", "09:00", name="Ann")):
        assert [409, "idempotency_key_reused"] == [other.status_code, other.json()["code"]]
    assert 1 == len(host.get("/bookings"))
    assert first.content == send(host, "k1", "09:00").content


def test_refusals_are_not_kept(host: Host) -> None:
    """
    What failed can be tried again under the same key, changed or as it was.
    """
    offer(host, questions=[{"id": "q", "label": "Why?", "required": True}])
    send(host, "first", "09:00", answers={"q": "Because"})
    (booking,) = host.get("/bookings")

    assert 400 == send(host, "k1", "09:00").status_code
    assert 409 == send(host, "k1", "09:00", answers={"q": "So"}).status_code
    host.post(f"/bookings/{booking['id']}/cancel")
    assert 201 == send(host, "k1", "09:00", answers={"q": "So"}).status_code


def test_keys_are_kept_per_event_type(host: Host, sign_up: SignUp) -> None:
    """
    Two forms may use the same key; so may those of two hosts.
    """
    other = sign_up("Ann")
    for owner, slug in [(host, "call"), (host, "talk"), (other, "call")]:
        offer(owner, slug=slug)

    answers = [send(host, "k1", "09:00"), send(host, "k1", "10:00", "talk"), send(other, "k1", "09:00")]

    assert [201, 201, 201] == [answer.status_code for answer in answers]
    assert 3 == len({answer.json()["booking"]["uid"] for answer in answers})


def test_a_key_is_forgotten_after_a_day(host: Host, clock: Clock) -> None:
    """
    A second before it still repeats; then it is a new call like any other.
    """
    offer(host)
    first = send(host, "k1", "2026-03-04T09:00:00Z")

    clock.forward(24 * 3600 - 1)
    assert first.content == send(host, "k1", "2026-03-04T09:00:00Z").content

    clock.forward(1)
    assert 409 == send(host, "k1", "2026-03-04T09:00:00Z").status_code
    assert 201 == send(host, "k1", "2026-03-04T10:00:00Z").status_code


def test_a_key_has_1_to_255_characters(host: Host) -> None:
    """
    Any printable ones; another length is a 400 that names the header.
    """
    offer(host)

    assert 201 == send(host, "k" * 255, "09:00").status_code
    assert 201 == send(host, 'a "quoted" {key}', "10:00").status_code
    for key in ("", "k" * 256):
        answer = send(host, key, "11:00")
        assert 400 == answer.status_code
        assert "idempotency-key" in answer.json()["error"].lower()


def test_without_a_key_every_call_counts(host: Host) -> None:
    """
    The second one finds its time taken.
    """
    offer(host)
    path, body = f"/book/{host.slug}/call", wanted("09:00")

    assert [201, 409] == [invitee(host).call("POST", path, body).status_code for _ in range(2)]


def test_twenty_repetitions_at_once_book_once(host: Host) -> None:
    """
    All of them get the one answer, whoever came first.
    """
    offer(host)
    start = Barrier(20)

    def repeat(_: int) -> Response:
        start.wait()
        return send(host, "k1", "09:00")

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(repeat, range(20)))

    assert {201} == {answer.status_code for answer in answers}
    assert 1 == len({answer.content for answer in answers})
    assert 1 == len(host.get("/bookings"))


def test_one_key_for_twenty_different_calls_at_once_books_one(host: Host) -> None:
    """
    The others are told that the key is taken, though their times are free.
    """
    offer(host, duration_minutes=15)
    start = Barrier(20)

    def call(number: int) -> Response:
        start.wait()
        return send(host, "k1", f"{9 + number // 4:02}:{number % 4 * 15:02}")

    with ThreadPoolExecutor(20) as pool:
        statuses = sorted(answer.status_code for answer in pool.map(call, range(20)))

    assert [201] + 19 * [409] == statuses
    assert 1 == len(host.get("/bookings"))
