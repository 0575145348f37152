"""
All routers of the dashboard, in the order in which they are tried.
"""

from fastapi import APIRouter

from calendo.web.dashboard.account import entry, reset, welcome
from calendo.web.dashboard.availability import dates, schedules, why
from calendo.web.dashboard.bookings import calendar, moving, one
from calendo.web.dashboard.bookings import listing as bookings
from calendo.web.dashboard.event_types import editing
from calendo.web.dashboard.event_types import listing as event_types
from calendo.web.dashboard.insights import page as insights
from calendo.web.dashboard.page import editing as booking_page
from calendo.web.dashboard.page import picture
from calendo.web.dashboard.settings import data, keys, profile, reminders, security
from calendo.web.dashboard.webhooks import deliveries, endpoints

ROUTERS: tuple[APIRouter, ...] = (
    entry.public,
    entry.private,
    reset.router,
    welcome.router,
    # Before the one booking: to its routes "week" is an id that is none.
    bookings.router,
    calendar.router,
    moving.router,
    one.router,
    event_types.router,
    editing.router,
    # Before the schedules: to their routes "why" is an id that is none.
    why.router,
    schedules.router,
    dates.router,
    booking_page.router,
    picture.router,
    endpoints.router,
    deliveries.router,
    insights.router,
    profile.router,
    reminders.router,
    security.router,
    keys.router,
    data.router,
)
