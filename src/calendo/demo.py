"""
The demo: a host to look at and to book, in a database of its own.
"""

from dataclasses import dataclass
from datetime import timedelta
from secrets import token_urlsafe
from typing import Any

from sqlalchemy import delete

from calendo.core.instants import DAY, HOUR, Instant, get_zone, local_date, written_iso
from calendo.db.engine import Database, Tx, query_in
from calendo.db.models import ApiKey, User
from calendo.ops import (
    accounts,
    api_keys,
    booking_lists,
    booking_pages,
    bookings,
    event_types,
    passwords,
    slots,
)
from calendo.ops.accounts import NewAccount
from calendo.ops.booking_lists import BookingFilter
from calendo.ops.bookings import BookingRequest

PAGE_SLUG = "jane-smith"
EVENT_SLUG = "30-minute-call"
EMAIL = "jane@example.com"
ZONE = "America/Los_Angeles"
_UPCOMING = 4

_EVENT_TYPES: list[dict[str, Any]] = [
    {
        "name": "30 Minute Call",
        "description": "A quick call to get to know each other.",
        "color": "#0069ff",
        "duration_minutes": 30,
        "location_type": "google_meet",
    },
    {
        "name": "Design Review",
        "description": "Bring your screens; we go through them together.",
        "color": "#7c3aed",
        "duration_minutes": 60,
        "buffer_after": 15,
        "location_type": "zoom",
        "questions": [
            {
                "id": "link",
                "label": "Where can I see your design?",
                "type": "text",
                "required": True,
                "options": [],
            },
            {
                "id": "stage",
                "label": "How far along is it?",
                "type": "select",
                "required": False,
                "options": ["Sketch", "Prototype", "Shipped"],
            },
        ],
    },
    {
        "name": "Portfolio Chat",
        "description": "Fifteen minutes about your portfolio. I confirm each one by hand.",
        "color": "#059669",
        "duration_minutes": 15,
        "requires_confirmation": True,
        "location_type": "phone",
    },
]
_DEFAULTS: dict[str, Any] = {
    "slug": None,
    "slot_interval": None,
    "location_type": None,
    "location": None,
    "questions": [],
    "is_secret": False,
    "requires_confirmation": False,
    "buffer_before": 0,
    "buffer_after": 0,
    "min_notice_hours": 4,
    "max_future_days": 60,
    "cancel_notice_hours": 0,
    "reschedule_notice_hours": 0,
    "reminder_minutes": [1440, 60],
    "schedule_id": None,
    "position": None,
}
_INVITEES = [
    ("Bob Johnson", "bob@example.com", "America/New_York"),
    ("Aiko Tanaka", "aiko@example.com", "Asia/Tokyo"),
    ("Lena Fischer", "lena@example.com", "Europe/Berlin"),
    ("Thomas Dubois", "thomas@example.com", "Europe/Paris"),
]


@dataclass(frozen=True, slots=True)
class Demo:
    """
    What to print: a fresh API key and password, a range of dates to look at and a start that is free.
    """

    api_key: str
    password: str
    first_on: str
    last_on: str
    free_start: str


def prepare(db: Database, now: Instant) -> Demo:
    """
    Make the demo host where it is missing, see to a few coming bookings, replace API key and password.

    Sessions stay, so that a browser that is logged in is still so after a restart.
    """
    password = token_urlsafe(9)
    password_hash = passwords.hash_password(password)
    with db.write() as tx:
        user = accounts.find_by_email(tx, EMAIL)
        if user is None:
            user = _make_host(tx, password_hash, now)
        user.password_hash = password_hash
        _top_up(tx, user, now)
        tx.execute(delete(ApiKey).where(ApiKey.user_id == user.id, ApiKey.label == "Demo"))
        _, key = api_keys.create(tx, user.id, "Demo", None, now)
        # Still on offer when somebody gets around to booking it.
        free = _free_starts(tx, EVENT_SLUG, now + DAY)
        first_on = local_date(free[0] if free else now, get_zone(ZONE))
        return Demo(
            api_key=key,
            password=password,
            first_on=first_on.isoformat(),
            last_on=(first_on + timedelta(days=4)).isoformat(),
            free_start=written_iso(free[0] if free else now),
        )


def _make_host(tx: Tx, password_hash: str, now: Instant) -> User:
    user = accounts.register(tx, NewAccount(EMAIL, password_hash, "Jane Smith", ZONE), now - 30 * DAY)
    booking_pages.change(
        tx,
        user.id,
        {"bio": "Product Designer at Acme", "welcome_message": "Pick a time that works for you!"},
    )
    for fields in _EVENT_TYPES:
        event_types.create(tx, user.id, {**_DEFAULTS, **fields}, now - 30 * DAY)
    # As if somebody had booked three weeks ago: a meeting that is over.
    _book(tx, EVENT_SLUG, 0, now - 21 * DAY, {})
    return user


def _top_up(tx: Tx, user: User, now: Instant) -> None:
    coming = booking_lists.list_bookings(
        tx, user.id, BookingFilter(statuses=("pending", "confirmed"), from_ts=now)
    )
    plan = [
        (EVENT_SLUG, {}),
        ("design-review", {"link": "https://example.com/board", "stage": "Prototype"}),
        ("portfolio-chat", {}),
        (EVENT_SLUG, {}),
    ]
    for number in range(len(coming), _UPCOMING):
        slug, answers = plan[number]
        _book(tx, slug, number, now, answers)


def _book(tx: Tx, slug: str, number: int, now: Instant, answers: dict[str, str]) -> None:
    free = _free_starts(tx, slug, now + 20 * HOUR)
    if not free:
        return
    name, email, zone = _INVITEES[number]
    event_type = booking_pages.get_public_type(tx, PAGE_SLUG, slug)
    start_ts = free[(number * 5) % len(free)]
    bookings.book(
        tx, event_type, BookingRequest(start_ts, name=name, email=email, timezone=zone, answers=answers), now
    )


def _free_starts(tx: Tx, slug: str, now: Instant) -> list[Instant]:
    zone = get_zone(ZONE)
    first_on = local_date(now, zone)
    dates = (first_on, first_on + timedelta(days=10))
    return slots.look_up(query_in(tx), PAGE_SLUG, slug, dates, zone, now)
