"""
Event types: slugs and order by themselves, and schedules of their own host only.
"""

from datetime import date

import pytest

from calendo.core.instants import HOUR, MINUTE, get_zone
from calendo.core.slots import SlotRule
from calendo.db.engine import Database, query_in
from calendo.errors import InvalidInput, NotFound, SlugTaken
from calendo.ops import booking_pages, event_types, schedules, slots
from calendo.ops.slots import Draft
from ops.making import MONDAY_9, NOW, make_booking, make_host, make_type


def test_slugs_are_made_from_names(db: Database) -> None:
    """
    A taken slug gets a number; those of other hosts do not count.
    """
    with db.write() as tx:
        host, other = make_host(tx), make_host(tx)
        made = [
            make_type(tx, host.id, name=name).slug
            for name in ("Intro Call", "Intro call!", "🙂", "intro call 2")
        ]

        assert ["intro-call", "intro-call-2", "event", "intro-call-2-2"] == made
        assert "intro-call" == make_type(tx, other.id, name="Intro Call").slug


def test_a_given_slug_is_taken_as_it_is(db: Database) -> None:
    """
    Who names a slug gets that or a refusal, both when making and when changing.
    """
    with db.write() as tx:
        host = make_host(tx)
        intro = make_type(tx, host.id, slug="intro")
        other = make_type(tx, host.id, name="Other")
        with pytest.raises(SlugTaken):
            make_type(tx, host.id, slug="intro")
        with pytest.raises(SlugTaken):
            event_types.change(tx, host.id, other.id, {"slug": "intro"})

        event_types.change(tx, host.id, intro.id, {"slug": "intro"})
        event_types.change(tx, host.id, other.id, {"slug": "another"})

        assert ["intro", "another"] == [row.slug for row in event_types.list_types(tx, host.id)]


def test_renaming_keeps_the_slug(db: Database) -> None:
    """
    Addresses that were given away stay good.
    """
    with db.write() as tx:
        host = make_host(tx)
        made = make_type(tx, host.id, name="Intro")
        event_types.change(tx, host.id, made.id, {"name": "Introduction", "duration_minutes": 45})

        assert ("Introduction", 45, "intro") == (made.name, made.duration_minutes, made.slug)


def test_new_types_come_last(db: Database) -> None:
    """
    Types stand in the host's order, and in the order they were made where that says nothing.
    """
    with db.write() as tx:
        host = make_host(tx)
        for name, more in (
            ("b", {}),
            ("c", {"position": 7}),
            ("d", {}),
            ("a", {"position": 0}),
            ("e", {"position": 7}),
        ):
            make_type(tx, host.id, name=name, **more)

        rows = event_types.list_types(tx, host.id)
        assert [("b", 0), ("a", 0), ("c", 7), ("e", 7), ("d", 8)] == [
            (row.name, row.position) for row in rows
        ]


def test_switching_off_keeps_the_type(db: Database) -> None:
    """
    A type that is off is listed among those that are, and can be switched on again.
    """
    with db.write() as tx:
        host = make_host(tx)
        made = make_type(tx, host.id)
        event_types.switch_off(tx, host.id, made.id)

        assert ([], [made]) == (
            event_types.list_types(tx, host.id),
            event_types.list_types(tx, host.id, active=False),
        )
        event_types.change(tx, host.id, made.id, {"is_active": True})
        assert [made] == event_types.list_types(tx, host.id)


def test_a_type_uses_schedules_of_its_host_only(db: Database) -> None:
    """
    A schedule of somebody else, or none at all, is refused as invalid input.
    """
    with db.write() as tx:
        host, other = make_host(tx), make_host(tx)
        (mine,), (theirs,) = (schedules.list_schedules(tx, user.id) for user in (host, other))
        made = make_type(tx, host.id, schedule_id=mine.id)
        for schedule_id in (theirs.id, 4711):
            with pytest.raises(InvalidInput, match=r"^schedule_id: "):
                make_type(tx, host.id, schedule_id=schedule_id)
            with pytest.raises(InvalidInput, match=r"^schedule_id: "):
                event_types.change(tx, host.id, made.id, {"schedule_id": schedule_id})
        event_types.change(tx, host.id, made.id, {"schedule_id": None})

        assert None is made.schedule_id


def test_types_of_somebody_else_are_not_found(db: Database) -> None:
    """
    Reading, changing and switching off look like they were not there.
    """
    with db.write() as tx:
        host, other = make_host(tx), make_host(tx)
        made = make_type(tx, host.id)
        for act in (
            lambda: event_types.get_type(tx, other.id, made.id),
            lambda: event_types.change(tx, other.id, made.id, {"name": "Mine"}),
            lambda: event_types.switch_off(tx, other.id, made.id),
        ):
            with pytest.raises(NotFound):
                act()
        assert ("Call", True) == (made.name, made.is_active)


def test_an_order_names_those_that_come_first(db: Database) -> None:
    """
    The others follow as they were; an id of somebody else, or one that is there twice, is refused.
    """
    with db.write() as tx:
        host, other = make_host(tx), make_host(tx)
        a, b, c = (make_type(tx, host.id, name=name) for name in "abc")
        foreign = make_type(tx, other.id)
        event_types.reorder(tx, host.id, [c.id])
        for ids in ([a.id, foreign.id], [a.id, a.id], [4711]):
            with pytest.raises(InvalidInput, match=r"^ids: "):
                event_types.reorder(tx, host.id, ids)

        assert [c, a, b] == event_types.list_types(tx, host.id)


def test_a_copy_stands_behind_its_original(db: Database) -> None:
    """
    It has the original's settings and is on or off like it.
    """
    with db.write() as tx:
        host = make_host(tx)
        a = make_type(tx, host.id, name="a", duration_minutes=45, buffer_after=10)
        b = make_type(tx, host.id, name="b")
        event_types.switch_off(tx, host.id, a.id)
        copy = event_types.duplicate(tx, host.id, a.id, NOW)
        named = event_types.duplicate(tx, host.id, b.id, NOW, name="c")

        assert ("a (copy)", "a-copy", 45, 10, False) == (
            copy.name,
            copy.slug,
            copy.duration_minutes,
            copy.buffer_after,
            copy.is_active,
        )
        assert [a, copy] == event_types.list_types(tx, host.id, active=False)
        assert [b, named] == event_types.list_types(tx, host.id)
        assert a.position < copy.position < b.position < named.position


def test_a_draft_offers_what_is_made_of_it(db: Database) -> None:
    """
    By its own lengths and schedule, around the host's bookings; a schedule of somebody else is not there.
    """
    with db.write() as tx:
        host, other = make_host(tx), make_host(tx)
        made = make_type(tx, host.id, duration_minutes=45, buffer_after=15)
        make_booking(tx, made, MONDAY_9 + 45 * MINUTE)
        fields = {"name": "Late", "rules": [{"day": 1, "start": "18:00", "end": "20:00"}]}
        late = schedules.create(tx, host.id, {"timezone": "UTC", "overrides": [], **fields}, NOW)
        foreign = schedules.list_schedules(tx, other.id)[0]
        rule = SlotRule(duration_minutes=45, buffer_after_minutes=15)
        asked = ((date(2026, 3, 2), date(2026, 3, 4)), get_zone("Asia/Kolkata"), NOW)
        page = booking_pages.get_page(tx, host.id)

        drafted = slots.preview(tx, host.id, Draft(rule), *asked)

        assert drafted
        assert slots.look_up(query_in(tx), page.slug, made.slug, *asked) == drafted
        evening = MONDAY_9 + 9 * HOUR
        assert [evening, evening + 45 * MINUTE] == slots.preview(tx, host.id, Draft(rule, late.id), *asked)
        with pytest.raises(NotFound):
            slots.preview(tx, host.id, Draft(rule, foreign.id), *asked)
