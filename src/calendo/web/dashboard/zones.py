"""
Time zones to choose from, by region and city, as a language calls them.
"""

from functools import cache

from babel.core import get_global

from calendo.core.instants import zone_names
from calendo.i18n import Texts, gettext_noop

Regions = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]

# The first part of most names, which is where their city lies. Others are kept for old programs.
_REGIONS = {
    "Africa": gettext_noop("Africa"),
    "America": gettext_noop("America"),
    "Antarctica": gettext_noop("Antarctica"),
    "Arctic": gettext_noop("Arctic"),
    "Asia": gettext_noop("Asia"),
    "Atlantic": gettext_noop("Atlantic"),
    "Australia": gettext_noop("Australia"),
    "Europe": gettext_noop("Europe"),
    "Indian": gettext_noop("Indian Ocean"),
    "Pacific": gettext_noop("Pacific"),
}


def present_name(zone: str) -> str:
    """
    Return what a city's zone is called by now: browsers still say ``Asia/Calcutta``.
    """
    name = str(get_global("zone_aliases").get(zone, zone))
    return name if name in zone_names() and name.partition("/")[0] in _REGIONS else zone


def regions(texts: Texts, chosen: str = "UTC") -> Regions:
    """
    List the zones that people choose, and the one that is ``chosen`` even if they do not.
    """
    found = _regions(texts)
    known = {key for _, zones in found for key, _ in zones}
    return found if chosen in known or chosen not in zone_names() else ((chosen, ((chosen, chosen),)), *found)


@cache
def _regions(texts: Texts) -> Regions:
    by_region: dict[str, list[tuple[str, str]]] = {}
    for key in sorted(zone_names()):
        region, _, rest = key.partition("/")
        if region in _REGIONS and rest and present_name(key) == key:
            by_region.setdefault(region, []).append((key, texts.city(key)))
    listed = [
        (texts.gettext(name), tuple(sorted(by_region[region], key=lambda zone: zone[1])))
        for region, name in _REGIONS.items()
    ]
    return (*listed, ("UTC", (("UTC", "UTC"),)))
