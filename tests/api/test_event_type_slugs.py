"""
The slug of an event type: made from its name once, or chosen, and one host's own.
"""

from collections.abc import Callable

from steps import invitee, offer, times

from conftest import Host

SignUp = Callable[..., Host]


def test_a_slug_is_made_from_the_name(host: Host) -> None:
    """
    Transliterated, and numbered when it is taken, be it by a type that is off.
    """
    host.delete(f"/event-types/{offer(host, name='Café, Zürich!')['id']}")

    assert "cafe-zurich-2" == offer(host, name="Café, Zürich!")["slug"]
    assert "cafe-zurich-3" == offer(host, name="cafe zurich")["slug"]
    assert "zhong-wen" == offer(host, name="中文")["slug"]
    assert "event" == offer(host, name="🎉")["slug"]
    assert "event-2" == offer(host, name="!!!")["slug"]


def test_a_long_name_still_gives_a_slug_that_works(host: Host) -> None:
    """
    Two hundred letters become an address one can call, the second time too.
    """
    first, second = offer(host, name="x" * 200), offer(host, name="x" * 200)

    assert first["slug"] != second["slug"]
    assert times(host, event=first["slug"])
    assert times(host, event=second["slug"])


def test_renaming_keeps_the_slug(host: Host) -> None:
    """
    Links that are out there go on working.
    """
    made = offer(host, name="Call")

    renamed = host.put(f"/event-types/{made['id']}", {"name": "Conversation"})

    assert ["Conversation", "call"] == [renamed["name"], renamed["slug"]]
    assert times(host, event="call")


def test_a_given_slug_that_is_taken_is_a_conflict(host: Host, sign_up: SignUp) -> None:
    """
    Slugs are one host's own: another host may have the same.
    """
    first, second = offer(host, slug="intro"), offer(host, slug="talk")

    answers = [
        host.expect(409, "POST", "/event-types", {"name": "New", "slug": "intro"}),
        host.expect(409, "PUT", f"/event-types/{second['id']}", {"slug": "intro"}),
    ]

    assert ["slug_taken", "slug_taken"] == [answer["code"] for answer in answers]
    assert "intro" == host.put(f"/event-types/{first['id']}", {"slug": "intro"})["slug"]
    assert "intro" == offer(sign_up("Ann"), slug="intro")["slug"]


def test_a_new_slug_takes_the_old_ones_place(host: Host) -> None:
    """
    The old address is gone, and free for another type.
    """
    made = offer(host, slug="intro")
    host.put(f"/event-types/{made['id']}", {"slug": "hello"})

    invitee(host).expect(404, "GET", f"/booking-pages/{host.slug}/intro")
    assert times(host, event="hello")
    assert "intro" == offer(host, slug="intro")["slug"]
