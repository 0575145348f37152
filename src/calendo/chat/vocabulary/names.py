"""
Names that CLDR has: of weekdays, months, and the cities that zones are called after.
"""

from collections.abc import Collection
from zoneinfo import available_timezones

from babel import Locale

from calendo.core.phrases.tokens import fold

_WIDTHS = ("wide", "abbreviated")
_NO_PLACES = ("Etc", "SystemV", "US", "posix", "right")


def calendar_names(language: str, weak: Collection[str] = ()) -> dict[str, list[str]]:
    """
    Make a table of a language's weekdays and months, in full and short, as they stand in dates and alone.

    ``weak``: those that are common words, too.
    """
    locale = Locale.parse(language)
    found: dict[str, set[str]] = {}
    for kind, names in (("weekday", locale.days), ("month", locale.months)):
        for context in ("format", "stand-alone"):
            for width in _WIDTHS:
                for number, name in names[context][width].items():
                    plain = name.strip().removesuffix(".").lower()
                    mark = "?" if plain in weak else ""
                    found.setdefault(f"{kind}{mark}:{number}", set()).add(plain)
    return {sense: sorted(names) for sense, names in found.items()}


def cities(language: str, common: Collection[str] = ()) -> dict[str, list[str]]:
    """
    Make a table of the cities that zones are named after, in English and in a language.

    Those called like a word of ``common`` are left out: "hora de reunión" is no time zone.
    """
    named = Locale.parse(language).time_zones
    found: dict[str, list[str]] = {}
    for zone in sorted(available_timezones()):
        area, _, city = zone.rpartition("/")
        if area and not area.startswith(_NO_PLACES):
            plain = city.replace("_", " ")
            names = {plain, named.get(zone, {}).get("city", plain)}
            found[f"city:{zone}"] = sorted(name for name in names if fold(name) not in common)
    return found
