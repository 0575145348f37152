"""
Booking over HTTP: what is listed can be booked, once.
"""

from conftest import Host


def test_a_booked_slot_is_gone(host: Host) -> None:
    """
    The second booking of a slot is refused, and the slot is not listed any more.
    """
    host.post("/event-types", {"name": "Call"})
    wanted = {"name": "Bob", "email": "bob@example.com", "start_time": "2026-03-02T16:30:00Z"}

    booking = host.post(f"/book/{host.slug}/call", wanted)["booking"]
    refusal = host.expect(409, "POST", f"/book/{host.slug}/call", wanted)

    assert "confirmed" == booking["status"]
    assert "slot_unavailable" == refusal["code"]
    listed = host.get(f"/availability/{host.slug}/call", start="2026-03-02", end="2026-03-02")
    assert 15 == len(listed["slots"]["2026-03-02"])
    assert "16:30" not in listed["slots"]["2026-03-02"]
