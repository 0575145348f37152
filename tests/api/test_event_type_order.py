"""
The order of event types, and copies of them.
"""

from collections.abc import Callable

from steps import invitee, offer

from conftest import Host

SignUp = Callable[..., Host]


def names(host: Host) -> list[str]:
    return [row["name"] for row in host.get("/event-types")]


def test_a_host_puts_event_types_in_order(host: Host) -> None:
    """
    The list and the booking page show them so, and those that are not named follow.
    """
    made = {name: offer(host, name=name)["id"] for name in "abcd"}
    answer = host.put("/event-types/order", {"ids": [made["c"], made["a"]]})
    page = invitee(host).get(f"/booking-pages/{host.slug}")

    assert ["c", "a", "b", "d"] == names(host)
    assert ["c", "a", "b", "d"] == [row["name"] for row in answer]
    assert ["c", "a", "b", "d"] == [row["name"] for row in page["event_types"]]
    assert [0, 1, 2, 3] == [row["position"] for row in answer]


def test_those_that_are_off_keep_their_place(host: Host) -> None:
    """
    They can be named too, and are where they were put once they are on again.
    """
    made = {name: offer(host, name=name)["id"] for name in "abc"}
    host.delete(f"/event-types/{made['a']}")
    host.put("/event-types/order", {"ids": [made["c"], made["a"], made["b"]]})
    host.put(f"/event-types/{made['a']}", {"is_active": True})

    assert ["c", "a", "b"] == names(host)


def test_a_wrong_order_changes_nothing(host: Host, sign_up: SignUp) -> None:
    """
    Ids that are named twice, unknown, or somebody else's are refused.
    """
    made = [offer(host, name=name)["id"] for name in "abc"]
    foreign = offer(sign_up("Ann"))["id"]
    for ids in ([made[2], made[2]], [made[2], 4711], [made[2], foreign], ["1"], [0], None):
        assert "ids" in host.expect(400, "PUT", "/event-types/order", {"ids": ids})["error"]

    assert ["a", "b", "c"] == names(host)


def test_an_event_type_is_duplicated(host: Host) -> None:
    """
    The copy has all settings, a name and a slug of its own, and stands right behind.
    """
    question = {"id": "why", "label": "Why?", "type": "text", "required": True, "options": []}
    made = offer(
        host,
        name="Intro",
        color="#123456",
        duration_minutes=45,
        slot_interval=15,
        buffer_before=5,
        buffer_after=10,
        min_notice_hours=1,
        max_future_days=9,
        location_type="custom",
        location="Here",
        questions=[question],
        is_secret=True,
        requires_confirmation=True,
        cancel_notice_hours=2,
        reschedule_notice_hours=3,
        reminder_minutes=[30],
        schedule_id=host.get("/availability-schedules")[0]["id"],
        description="Say hello",
    )
    offer(host, name="Last")
    copy = host.expect(201, "POST", f"/event-types/{made['id']}/duplicate")
    own = {"id", "name", "slug", "position", "created_at"}

    assert {name: made[name] for name in made.keys() - own} == {
        name: copy[name] for name in copy.keys() - own
    }
    assert ("Intro (copy)", "intro-copy") == (copy["name"], copy["slug"])
    assert ["Intro", "Intro (copy)", "Last"] == names(host)
    assert copy == host.get(f"/event-types/{copy['id']}")


def test_a_copy_may_have_a_name(host: Host) -> None:
    """
    A given one is taken; a long one is cut, so that what is added fits.
    """
    made = offer(host, name="n" * 200)
    named = host.post(f"/event-types/{made['id']}/duplicate", {"name": "Evenings"})
    unnamed = host.post(f"/event-types/{made['id']}/duplicate")

    assert ("Evenings", "evenings") == (named["name"], named["slug"])
    assert "n" * 193 + " (copy)" == unnamed["name"]
    assert "name" in host.expect(400, "POST", f"/event-types/{made['id']}/duplicate", {"name": " "})["error"]


def test_a_copy_of_what_is_off_is_off(host: Host, sign_up: SignUp) -> None:
    """
    Nothing gets onto the booking page by being copied, and nothing of somebody else can be.
    """
    made = offer(host)
    host.delete(f"/event-types/{made['id']}")

    assert 0 == host.post(f"/event-types/{made['id']}/duplicate")["is_active"]
    assert [] == names(host)
    assert "not_found" == sign_up("Ann").expect(404, "POST", f"/event-types/{made['id']}/duplicate")["code"]
