"""
Signs that mean the same in all languages, and names of zones.
"""

from functools import lru_cache
from zoneinfo import available_timezones

from babel import Locale

SIGNS = {
    "comma": ",",
    "dot": ".",
    "stop": ". | ! | ? | ; | ...",
    "dash": "-",
    "slash": "/",
    "apostrophe": "'",
    "and": "&",
    "polite": "? | !",
    "plus": "+",
    "nothing": "24/7",
}

#: Short names of zones, as they are written behind a time.
ZONES = {
    "zone:Etc/UTC": "utc | gmt",
    "zone:America/New_York": "est | edt | eastern time | eastern",
    "zone:America/Chicago": "cdt | central time",
    "zone:America/Denver": "mdt | mountain time",
    "zone:America/Los_Angeles": "pst | pdt | pacific time | pacific",
    "zone:Europe/Paris": "cet | cest",
    "zone:Europe/Berlin": "mez | mesz",
    "zone:Europe/Athens": "eet | eest",
    "zone:Asia/Tokyo": "jst",
    "zone:Australia/Sydney": "aest | aedt",
    "zone:Asia/Singapore": "sgt",
    "zone:Asia/Hong_Kong": "hkt",
}
#: Those that several zones share; the first is taken.
SHARED_ZONES = {
    "zone:America/Chicago,Asia/Shanghai": "cst",
    "zone:Europe/London,Asia/Dhaka": "bst",
    "zone:Asia/Kolkata,Europe/Dublin,Asia/Jerusalem": "ist",
    "zone:America/Denver,Europe/Moscow": "mst",
}


@lru_cache
def cities(language: str) -> dict[str, str]:
    """
    Make a table of the cities that zones are named after, in English and in a language.
    """
    named = Locale.parse(language).time_zones
    found: dict[str, set[str]] = {}
    for zone in available_timezones():
        area, _, city = zone.rpartition("/")
        if area and not area.startswith(("Etc", "SystemV", "US", "posix", "right")):
            found[f"city:{zone}"] = {city.replace("_", " "), named.get(zone, {}).get("city", city.replace("_", " "))}
    return {sense: " | ".join(sorted(names)) for sense, names in sorted(found.items())}
