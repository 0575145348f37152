"""
What tests of the API do over and over: offer a meeting, book it, see what is free.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from conftest import Api, Host

#: The day after the tests' clock: a Monday, on which a new host is there from 09:00 to 17:00.
MONDAY = "2026-03-02"


def invitee(host: Host) -> Api:
    """
    Somebody without an account, calling the same server.
    """
    return Api(host.client)


def offer(host: Host, **fields: Any) -> dict[str, Any]:
    """
    Make an event type: a call of 30 minutes, unless ``fields`` say otherwise.
    """
    made: dict[str, Any] = host.post("/event-types", {"name": "Call", **fields})
    return made


def wanted(start: str, **more: Any) -> dict[str, Any]:
    """
    The body of a booking call; ``start`` may be just a time on Monday, in UTC.
    """
    if len(start) == len("09:00"):
        start = f"{MONDAY}T{start}:00Z"
    return {"name": "Bob Johnson", "email": "bob@example.com", "start_time": start, **more}


def ask(host: Host, start: str, event: str = "call", **more: Any) -> dict[str, Any]:
    """
    Book as an invitee, and return the booking as its invitee sees it.
    """
    made = invitee(host).expect(201, "POST", f"/book/{host.slug}/{event}", wanted(start, **more))
    return dict(made["booking"])


def manage_path(booking: Mapping[str, Any]) -> str:
    """
    The path at which an invitee manages a booking, under ``/api`` and as a page.
    """
    return f"/manage/{booking['manage_url'].rpartition('/')[2]}"


def book(host: Host, start: str, event: str = "call", **more: Any) -> dict[str, Any]:
    """
    Book as an invitee, and return the booking as its host sees it.
    """
    made = invitee(host).expect(201, "POST", f"/book/{host.slug}/{event}", wanted(start, **more))
    (seen,) = (row for row in host.get("/bookings") if row["uid"] == made["booking"]["uid"])
    return dict(seen)


def refused(host: Host, start: str, event: str = "call", **more: Any) -> str:
    """
    Try to book what is not on offer, and return the code of the refusal.
    """
    answer = invitee(host).expect(409, "POST", f"/book/{host.slug}/{event}", wanted(start, **more))
    return str(answer["code"])


def times(host: Host, day: str = MONDAY, event: str = "call", zone: str = "UTC") -> list[str]:
    """
    The labels that an invitee in ``zone`` sees on ``day``.
    """
    answer = invitee(host).get(f"/availability/{host.slug}/{event}", start=day, end=day, timezone=zone)
    return list(answer["slots"].get(day, []))


def not_refused(
    api: Api, method: str, path: str, bodies: Mapping[str, Iterable[Mapping[str, Any]]]
) -> list[Any]:
    """
    Send bodies that are wrong in the field named; return those that no 400 naming it answers.
    """
    passed: list[Any] = []
    for field, wrong in bodies.items():
        for body in wrong:
            response = api.call(method, path, body)
            if response.status_code != 400 or field not in response.json()["error"]:
                passed.append((body, response.status_code, response.text))
    return passed
