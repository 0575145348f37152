"""
What the settings say of dates, languages and browsers.
"""

import re
from typing import Final

from babel import Locale
from babel.dates import format_date

from calendo.core.instants import Instant, to_datetime
from calendo.i18n import gettext_noop
from calendo.web.dashboard.visitors import Visit

WRONG_PASSWORD = gettext_noop("This is not your present password.")
#: Languages to choose from: those there are texts in, and regions that write dates and times otherwise.
_TAGS = (
    "en",
    "en-GB",
    "en-AU",
    "en-CA",
    "de",
    "de-AT",
    "de-CH",
    "fr",
    "fr-CA",
    "fr-CH",
    "es",
    "es-MX",
    "es-US",
    "pt",
    "pt-PT",
    "ja",
)
# In this order: most browsers call themselves by the names of others as well.
_BROWSERS: Final = (
    ("Edge", "Edg(?:e|A|iOS)?/"),
    ("Opera", "OPR/|Opera"),
    ("Samsung Internet", "SamsungBrowser/"),
    ("Firefox", "Firefox/|FxiOS/"),
    ("Chrome", "Chrome/|Chromium/|CriOS/"),
    ("Safari", "Safari/"),
    ("curl", "curl/"),
)
_SYSTEMS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("ChromeOS", "CrOS"),
    ("Windows", "Windows"),
    ("macOS", "Macintosh|Mac OS X"),
    ("Linux", "Linux|X11"),
)
_SHOWN_LENGTH = 60


def day(visit: Visit, instant: Instant) -> str:
    """
    Write a date with its year, as the host's calendar has it: ``Mar 10, 2026``.
    """
    return format_date(to_datetime(instant, visit.zone), "medium", locale=visit.texts.locale)


def moment(visit: Visit, instant: Instant) -> str:
    """
    Write a date with its year, and the time.
    """
    return f"{day(visit, instant)}, {visit.texts.time(instant, visit.zone)}"


def languages(chosen: str) -> list[tuple[str, str]]:
    """
    List languages by tag and own name, with the one that is ``chosen`` even if it is a rare one.
    """
    tags = _TAGS if not chosen or chosen in _TAGS else (chosen, *_TAGS)
    return [(tag, _own_name(tag)) for tag in tags]


def browser_name(user_agent: str | None) -> str | None:
    """
    Name a browser and its system, as far as what it calls itself can be told: ``Firefox, Linux``.

    What cannot be told is shown as it is, cut.
    """
    if not user_agent:
        return None
    found = [_first(names, user_agent) for names in (_BROWSERS, _SYSTEMS)]
    return ", ".join(name for name in found if name) or user_agent[:_SHOWN_LENGTH]


def _first(names: tuple[tuple[str, str], ...], text: str) -> str | None:
    return next((name for name, pattern in names if re.search(pattern, text)), None)


def _own_name(tag: str) -> str:
    name = Locale.parse(tag, sep="-").get_display_name() or tag
    return name[:1].upper() + name[1:]
