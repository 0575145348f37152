"""
The areas of the dashboard, in the order of the navigation.

An area is shown once it has a page: the app's own routes say whether it does.
"""

from dataclasses import dataclass
from typing import cast

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from calendo.i18n import gettext_noop


@dataclass(frozen=True, slots=True)
class Area:
    """
    A part of the dashboard. ``name`` is English, and translated where it is shown.
    """

    path: str
    icon: str
    name: str


# Translations of long words say by soft hyphens where they may break: a narrow screen has little room.
AREAS = (
    Area("/app/bookings", "calendar", gettext_noop("Bookings")),
    Area("/app/event-types", "layers", gettext_noop("Event types")),
    Area("/app/availability", "clock", gettext_noop("Availability")),
    Area("/app/page", "page", gettext_noop("Booking page")),
    Area("/app/webhooks", "send", gettext_noop("Webhooks")),
    Area("/app/insights", "chart", gettext_noop("Insights")),
    Area("/app/settings", "sliders", gettext_noop("Settings")),
)


def areas_of(app: FastAPI) -> tuple[Area, ...]:
    """
    List the areas that have a page.
    """
    if not hasattr(app.state, "areas"):
        paths = {route.path for route in iter_route_contexts(app.routes)}
        app.state.areas = tuple(area for area in AREAS if area.path in paths)
    return cast("tuple[Area, ...]", app.state.areas)
