"""
Names of days, months and parts of the day, as CLDR has them.
"""

from babel import Locale

_WIDTHS = ("wide", "abbreviated")


def calendar_names(language: str, weak: frozenset[str] = frozenset()) -> dict[str, str]:
    """
    Make a table of a language's weekdays and months, in full and short, as they stand in dates and alone.

    ``weak``: those that are common words, too.
    """
    locale = Locale.parse(language)
    found: dict[str, set[str]] = {}
    for kind, names, shift in (("weekday", locale.days, 0), ("month", locale.months, 0)):
        for context in ("format", "stand-alone"):
            for width in _WIDTHS:
                for number, name in names[context][width].items():
                    plain = name.strip().removesuffix(".").lower()
                    mark = "?" if plain in weak else ""
                    found.setdefault(f"{kind}{mark}:{number + shift}", set()).add(plain)
    return {sense: " | ".join(sorted(names)) for sense, names in found.items()}
