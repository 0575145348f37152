"""
Whatever hosts and invitees do: every slot that is listed can be booked, and nothing else can.
"""

import os
from collections import Counter
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from calendo.core.instants import DAY, HOUR, MINUTE, get_zone
from calendo.db.engine import Database, Tx
from calendo.db.models import Booking, EventType, Message
from calendo.errors import BookingState, NotFound, SlotUnavailable
from calendo.ops import booking_pages, bookings, event_types, schedules, slots
from core.minute_by_minute import Case, bookable_starts
from ops.calendars import (
    BLOCKING,
    INVITEES,
    ONE_DAY,
    PLACES,
    Host,
    Hours,
    Meeting,
    Type,
    draw_hours,
    event_type_fields,
    question,
    utc_midnight,
)
from ops.making import make_booking, make_host, make_type

PROVE = bool(os.environ.get("CALENDO_PROVE"))
LIVES = {"sqlite": 1000 if PROVE else 15, "postgresql": 250 if PROVE else 5}
STEPS = 40 if PROVE else 25

TURNS = {
    "confirm": (bookings.confirm, {"pending"}, "confirmed", "booking.created"),
    "decline": (bookings.decline, {"pending"}, "declined", "booking.declined"),
    "cancel": (bookings.cancel, BLOCKING, "cancelled", "booking.cancelled"),
}


class Calendars(RuleBasedStateMachine):
    """
    Hosts who change their minds, invitees who book, and time that passes.
    """

    def __init__(self, db: Database, figures: Counter[str]) -> None:
        super().__init__()
        self.db = db
        self.figures = figures
        self.hosts: list[Host] = []
        self.tried: dict[int, tuple[Case, list[int]]] = {}
        self.looks = 0

    @initialize(
        around=st.sampled_from(sorted(PLACES)),
        late=st.integers(0, DAY // MINUTE),
        seconds=st.sampled_from([0, 0, 1, 59]),
        data=st.data(),
    )
    def a_first_host_signs_up(self, around: date, late: int, seconds: int, data: st.DataObject) -> None:
        self.around = around
        self.dates = (around - ONE_DAY, around)
        self.asked = (utc_midnight(around - ONE_DAY), utc_midnight(around + ONE_DAY))
        self.now = self.asked[0] - DAY + late * MINUTE + seconds
        self.figures["lives"] += 1
        self._sign_up(data)
        self._offer(data, self.hosts[0])
        self._book(data, self.hosts[0].types[0])

    @rule(data=st.data())
    def a_host_offers_a_meeting(self, data: st.DataObject) -> None:
        if len(self.hosts) < 2 and data.draw(st.booleans()):
            self._sign_up(data)
        host = data.draw(st.sampled_from(self.hosts))
        event_type = data.draw(st.sampled_from([*host.types, None])) if host.types else None
        if event_type or len(host.types) == 2:
            self._change(data, event_type or host.types[0])
        else:
            self._offer(data, host)

    @rule(data=st.data())
    def a_host_thinks_of_other_hours(self, data: st.DataObject) -> None:
        host = data.draw(st.sampled_from(self.hosts))
        hours = draw_hours(data, self.around)
        former = data.draw(st.sampled_from([*host.hours, None]))
        if former:
            with self.db.write() as tx:
                schedules.change(tx, host.id, former.id, hours.columns())
            former.zone, former.rules, former.overrides = hours.zone, hours.rules, hours.overrides
        else:
            is_default = data.draw(st.booleans())
            with self.db.write() as tx:
                fields = {"name": "Others", "is_default": is_default} | hours.columns()
                hours.id = schedules.create(tx, host.id, fields, self.now).id
            host.hours.append(hours)
            if is_default:
                host.default = hours
            elif host.types:
                self._change(data, data.draw(st.sampled_from(host.types)), hours)

    @rule(data=st.data(), how_many=st.integers(1, 3))
    def invitees_book(self, data: st.DataObject, how_many: int) -> None:
        for _ in range(how_many):
            self._book(data, self._draw_type(data))

    @rule(data=st.data(), verb=st.sampled_from(sorted(TURNS)))
    @precondition(lambda self: any(host.meetings for host in self.hosts))
    def a_host_turns_a_booking(self, data: st.DataObject, verb: str) -> None:
        turn, allowed, status, topic = TURNS[verb]
        booking = self._draw_meeting(data)
        host = booking.type.host
        if booking.status in allowed and not (verb == "confirm" and booking.meeting[0] <= self.now):
            with self.db.write() as tx:
                turn(tx, host.id, booking.id, self.now)
            booking.status = status
            host.messages.append((booking.id, topic))
            self.figures["turns"] += 1
        else:
            with pytest.raises(BookingState), self.db.write() as tx:
                turn(tx, host.id, booking.id, self.now)

    @rule(data=st.data())
    @precondition(lambda self: any(host.meetings for host in self.hosts))
    def a_host_moves_a_booking(self, data: st.DataObject) -> None:
        booking = self._draw_meeting(data)
        host, was = booking.type.host, booking.meeting[0]
        free = bookable_starts(question(booking.type, self.around, self.asked, self.now, without=booking))
        near = [was + minutes * MINUTE for minutes in (-60, -30, -1, 0, 1, 30, 60)]
        candidates = [start for start in [*near, *free] if self.asked[0] <= start < self.asked[1]]
        start = data.draw(st.sampled_from(candidates))
        refusal = None
        if booking.status not in BLOCKING:
            refusal = BookingState
        elif start != was and start not in free:
            refusal = SlotUnavailable
        if refusal:
            with pytest.raises(refusal), self.db.write() as tx:
                bookings.reschedule(tx, host.id, booking.id, start, self.now)
            return
        with self.db.write() as tx:
            bookings.reschedule(tx, host.id, booking.id, start, self.now)
        if start != was:
            booking.meeting, booking.blocked = booking.type.times(start)
            host.messages.append((booking.id, "booking.rescheduled"))
            self.figures["moves"] += 1

    @rule(seconds=st.sampled_from([1, 59, 15 * MINUTE, 40 * MINUTE, HOUR, 3 * HOUR, 13 * HOUR]))
    def time_passes(self, seconds: int) -> None:
        self.now += seconds

    @rule(data=st.data(), seconds=st.sampled_from([0, 0, 1]))
    def something_is_due(self, data: st.DataObject, seconds: int) -> None:
        event_type = self._draw_type(data)
        begins = [booking.meeting[0] for booking in event_type.host.meetings if booking.status in BLOCKING]
        closes = [start - event_type.notice for start in self._listed(event_type)[:1]]
        moments = [moment for moment in begins + closes if moment >= self.now]
        if moments:
            self.now = data.draw(st.sampled_from(sorted(moments))) + seconds

    @invariant()
    def what_is_listed_can_be_booked(self) -> None:
        """
        Exactly the listed starts can be booked, and they are those that a patient person would find.
        """
        for event_type in self._types():
            listed = self._listed(event_type)
            if not event_type.is_active:
                assert [] == listed
                continue
            case = question(event_type, self.around, self.asked, self.now)
            assert bookable_starts(case) == listed
            soon = self.now + event_type.notice - 1
            known = (replace(case, now=0), listed)
            if known != self.tried.get(event_type.id):
                self.tried[event_type.id] = known
                self._try(event_type, {*listed}, self._near(event_type, listed) | {soon})
            else:
                # Only time has passed and nothing has come of it, so the edges are enough.
                self._try(event_type, {*listed[:1], *listed[-1:]}, {soon})

    @invariant()
    def a_range_is_its_days(self) -> None:
        """
        Looking up a range finds what looking up its days one by one finds, wherever the invitee is.
        """
        self.looks += 1
        zone = INVITEES[self.looks % len(INVITEES)]
        for event_type in self._types():
            by_day = [start for day in self.dates for start in self._listed(event_type, (day, day), zone)]
            assert by_day == self._listed(event_type, self.dates, zone)

    @invariant()
    def the_books_are_in_order(self) -> None:
        """
        The database has the bookings as they were agreed, none overlapping, and a message for each change.
        """
        self.figures["looks"] += 1
        for host in self.hosts:
            with self.db.read() as tx:
                kept = tx.scalars(select(Booking).where(Booking.host_id == host.id).order_by(Booking.id))
                agreed = [
                    (
                        row.id,
                        (row.start_ts, row.end_ts),
                        (row.blocked_start_ts, row.blocked_end_ts),
                        row.status,
                    )
                    for row in kept
                ]
                about = select(Message.booking_id, Message.topic).where(Message.host_id == host.id)
                told = [tuple(row) for row in tx.execute(about.order_by(Message.id))]
            assert [(was.id, was.meeting, was.blocked, was.status) for was in host.meetings] == agreed
            assert all(earlier[1] <= later[0] for earlier, later in pairwise(host.blocked()))
            assert host.messages == told

    def _try(self, event_type: Type, listed: set[int], near: set[int]) -> None:
        """
        Book each listed start and each near one that is not, as if it were the only one.
        """
        unlisted = {start for start in near - listed if self.asked[0] <= start < self.asked[1]}
        booked = set()
        with self.db.write() as tx:
            row = self._row(tx, event_type)
            for start in sorted(listed | unlisted):
                savepoint = tx.begin_nested()
                try:
                    make_booking(tx, row, start, now=self.now)
                    booked.add(start)
                except SlotUnavailable:
                    pass
                savepoint.rollback()
        assert listed == booked
        self.figures["tried"] += len(listed)
        self.figures["refused"] += len(unlisted)

    def _near(self, event_type: Type, listed: list[int]) -> set[int]:
        """
        List starts that could be taken by mistake: off the grid, just outside, and around what is blocked.
        """
        near = {start + shift for start in listed[:1] for shift in (-event_type.step, -MINUTE, 1)}
        near |= {start + shift for start in listed[-1:] for shift in (MINUTE, event_type.step)}
        for start, end in event_type.host.blocked()[-2:]:
            near |= {start, start - event_type.length + MINUTE, end - MINUTE}
        return near | {booking.meeting[0] for booking in event_type.host.meetings[-3:]}

    def _listed(
        self, event_type: Type, dates: tuple[date, date] | None = None, zone: str = "UTC"
    ) -> list[int]:
        address = (event_type.host.slug, event_type.slug)
        try:
            with self.db.quick() as query:
                return slots.look_up(query, *address, dates or self.dates, get_zone(zone), self.now)
        except NotFound:
            assert not event_type.is_active
            return []

    def _sign_up(self, data: st.DataObject) -> None:
        hours = draw_hours(data, self.around)
        with self.db.write() as tx:
            user = make_host(tx, timezone=hours.zone, now=self.now)
            # Bob books here over and over.
            user.max_bookings_per_invitee = 1_000_000
            slug = booking_pages.get_page(tx, user.id).slug
            hours.id = schedules.list_schedules(tx, user.id)[0].id
            schedules.change(tx, user.id, hours.id, hours.columns())
        self.hosts.append(Host(user.id, slug, [hours], hours))

    def _offer(self, data: st.DataObject, host: Host) -> None:
        fields = data.draw(event_type_fields)
        hours: Hours | None = data.draw(st.none() | st.sampled_from(host.hours))
        with self.db.write() as tx:
            made = make_type(tx, host.id, now=self.now, schedule_id=hours and hours.id, **fields)
        host.types.append(Type(made.id, host, made.slug, fields, hours))

    def _change(self, data: st.DataObject, event_type: Type, hours: Hours | None = None) -> None:
        event_type.fields = data.draw(event_type_fields)
        event_type.hours = hours or data.draw(st.none() | st.sampled_from(event_type.host.hours))
        event_type.is_active = data.draw(st.sampled_from([True, True, True, True, False]))
        changes = event_type.fields | {
            "schedule_id": event_type.hours and event_type.hours.id,
            "is_active": event_type.is_active,
        }
        with self.db.write() as tx:
            event_types.change(tx, event_type.host.id, event_type.id, changes)

    def _book(self, data: st.DataObject, event_type: Type) -> None:
        listed = self._listed(event_type)
        if not listed:
            return
        start = data.draw(st.sampled_from(listed))
        with self.db.write() as tx:
            booking = make_booking(tx, self._row(tx, event_type), start, now=self.now)
        waits = event_type.fields["requires_confirmation"]
        status = "pending" if waits else "confirmed"
        host = event_type.host
        host.meetings.append(Meeting(booking.id, event_type, *event_type.times(start), status))
        host.messages.append((booking.id, "booking.requested" if waits else "booking.created"))
        self.figures["bookings"] += 1

    def _types(self) -> list[Type]:
        return [event_type for host in self.hosts for event_type in host.types]

    def _draw_type(self, data: st.DataObject) -> Type:
        return data.draw(st.sampled_from(self._types()))

    def _draw_meeting(self, data: st.DataObject) -> Meeting:
        return data.draw(st.sampled_from([booking for host in self.hosts for booking in host.meetings]))

    def _row(self, tx: Tx, event_type: Type) -> EventType:
        return booking_pages.get_public_type(tx, event_type.host.slug, event_type.slug)


@pytest.mark.prove
def test_listed_means_bookable(db: Database, engine_name: str) -> None:
    """
    However hosts, invitees and time play together, what is listed can be booked, and nothing else.
    """
    figures: Counter[str] = Counter()
    run_state_machine_as_test(
        lambda: Calendars(db, figures),
        settings=settings(
            max_examples=LIVES[engine_name],
            stateful_step_count=STEPS,
            deadline=None,
            print_blob=True,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )

    print(f"\n{engine_name}: {figures['lives']} lives, {figures['looks']} looks at the slots on offer")
    print(f"  {figures['bookings']} bookings, {figures['turns']} turns, {figures['moves']} moves")
    print(f"  {figures['tried']} listed slots could be booked, {figures['refused']} others could not")
    assert all(figures[what] > 0 for what in ("bookings", "tried", "refused"))
