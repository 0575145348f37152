"""
Choices from what was offered, and time zones: "the second one", "3pm London time".
"""

from calendo.core.phrases.context import Context
from calendo.core.phrases.dates import dates
from calendo.core.phrases.grammar import Grammar

#: Zones, and numbers that count something else than days and hours.
zones = Grammar()


@dates.rule(
    "pick",
    "[the] n=ordinal|place option",
    "option [number_word] n=number",
    "[the] r=rel:last option",
    "[the] r=rel:first option",
    "[the] option n=ordinal|place",
    "number_word n=number",
    "that option",
    "[the] [that] option r=rel:last",
)
def _pick(_: Context, n: int = 0, r: str = "") -> int | None:
    place = {"last": -1, "first": 1}.get(r, n)
    return place if -1 <= place <= 20 else None  # noqa: PLR2004 - more is never offered


@zones.rule(
    "in_zone",
    "z=city zone_word",
    "zone_word [of] [in] z=city",
    "i_am_in z=city",
    "z=city i_am_in_",
    "z=zone zone_word",
    "z=zone",
    "z=zone slash z2=zone",
)
def _zone(_: Context, z: str, z2: str = "") -> str:
    return z or z2


@zones.rule("nothing", "n=nth no_day", "n=ordinal no_day", "n=number no_time")
def _no_day(_: Context, n: int) -> int:
    return n
