"""
Languages: what is said to people in theirs, and dates, times and zones as they write them.

English is the source. Translations rest in ``locales/<language>/<domain>.po`` and are read
when first needed; ``python -m calendo.locales.catalogs`` sees to it that none is missing.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.dates import (
    format_date,
    format_interval,
    format_skeleton,
    format_time,
    format_timedelta,
    get_timezone_gmt,
)

from calendo.core.instants import MINUTE, Instant, to_datetime

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog
    from jinja2 import Environment

#: The languages there are texts in; the first one is that of the sources.
LANGUAGES = ("en", "de", "fr", "es", "pt", "ja")
LOCALES = Path(__file__).parent / "locales"

_ENGLISH = Locale(LANGUAGES[0])
# Thin and narrow blanks look well, and as boxes where a font has none.
_BLANKS = str.maketrans({"\u2009": " ", "\u202f": "\u00a0"})


class UnknownLocale(ValueError):
    """No such language."""


def normalize_locale(tag: str) -> str:
    """
    Return the canonical form of a BCP 47 language tag, such as ``pt-BR``.

    Raises ``UnknownLocale`` for a tag that CLDR has no data for.
    """
    return _tag(_parse(tag))


def gettext_noop(message: str) -> str:
    """
    Mark a message that is translated where it is shown.
    """
    return message


@cache
def translations(tag: str | None, *domains: str) -> "Texts":
    """
    Return the texts of a domain, such as ``mails`` or ``pages``, in somebody's language.

    What the first of several domains does not have is looked for in the next. A regional
    tag takes the texts of its language and keeps its own formats: ``de-AT`` speaks German.
    A language without texts is answered in English, formats included.
    """
    try:
        locale = _ENGLISH if tag is None else _parse(tag)
    except UnknownLocale:
        locale = _ENGLISH
    if locale.language not in LANGUAGES:
        locale = _ENGLISH
    return Texts(locale, _catalog(locale.language, *domains))


@dataclass(frozen=True)
class Texts:
    """
    What is said in one language, and how it writes dates, times and zones.

    Blanks in what the formats give may be ones that do not break.
    """

    locale: Locale
    catalog: NullTranslations

    @property
    def tag(self) -> str:
        """
        The BCP 47 tag, for the ``lang`` of a page.
        """
        return _tag(self.locale)

    @property
    def direction(self) -> str:
        """
        ``ltr`` or ``rtl``, for the ``dir`` of a page.
        """
        return self.locale.text_direction

    @property
    def is_source(self) -> bool:
        """
        Whether these are the texts as the sources have them, in English.
        """
        return self.locale.language == _ENGLISH.language

    def gettext(self, message: str) -> str:
        """
        Translate a message.
        """
        return self.catalog.gettext(message)

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        """
        Translate a message that depends on a number.
        """
        return self.catalog.ngettext(singular, plural, number)

    def date(self, instant: Instant, zone: ZoneInfo) -> str:
        """
        Write a date in full: ``Tuesday, March 10, 2026``.
        """
        return _plain(format_date(to_datetime(instant, zone), "full", locale=self.locale))

    def short_date(self, instant: Instant, zone: ZoneInfo) -> str:
        """
        Write a date short and without its year: ``Tue, Mar 10``.
        """
        return _plain(format_skeleton("MMMEd", to_datetime(instant, zone), locale=self.locale))

    def time(self, instant: Instant, zone: ZoneInfo) -> str:
        """
        Write a time of day as the locale's clocks show it: ``1:30 PM`` or ``13:30``.

        Where the clock shows it twice, on a day it is set back, the offset is added.
        """
        local = to_datetime(instant, zone)
        text = format_time(local, "short", locale=self.locale)
        return _plain(f"{text} {self._offset(local)}" if _is_repeated(local) else text)

    def moment(self, instant: Instant, zone: ZoneInfo) -> str:
        """
        Write date and time short, in one piece: ``Tue, Mar 10, 1:30 PM``.
        """
        pattern = str(self.locale.datetime_formats["short"])
        both = {"{1}": self.short_date(instant, zone), "{0}": self.time(instant, zone)}
        return re.sub(r"\{[01]\}", lambda found: both[found[0]], pattern.replace("'", ""))

    def time_range(self, start: Instant, end: Instant, zone: ZoneInfo) -> str:
        """
        Write from when to when, with the date of the end where that is another one.
        """
        first, last = to_datetime(start, zone), to_datetime(end, zone)
        if first.date() != last.date():
            return f"{self.time(start, zone)} – {self.short_date(end, zone)}, {self.time(end, zone)}"
        if first.utcoffset() != last.utcoffset() or _is_repeated(first) or _is_repeated(last):
            return f"{self.time(start, zone)} – {self.time(end, zone)}"
        skeleton = "Hm" if "H" in self.locale.time_formats["short"].pattern else "hm"
        return _plain(format_interval(first, last, skeleton, tzinfo=zone, locale=self.locale))

    def duration(self, minutes: int) -> str:
        """
        Write how long: ``30 minutes``, ``1 hour 30 minutes``.
        """
        hours, rest = divmod(minutes, 60)
        parts = [self._units(hours * 60 * MINUTE, "hour")] if hours else []
        if rest or not hours:
            parts.append(self._units(rest * MINUTE, "minute"))
        return " ".join(parts)

    def zone(self, instant: Instant, zone: ZoneInfo) -> str:
        """
        Name a zone as people there do, and its city: ``Pacific Time (Los Angeles)``.

        A language that has no such name for it gets the city and the offset at ``instant``.
        """
        local = to_datetime(instant, zone)
        spellings = _spellings(zone.key)
        region, _, city = spellings[-1].rpartition("/")
        if region in {"", "Etc"}:
            return self._offset(local) if local.utcoffset() else "UTC"
        names: dict[str, str] = {}
        for key in spellings:
            known = self.locale.time_zones.get(key, {})
            city = known.get("city", city)
            metazone = get_global("meta_zones").get(key, "")
            names |= {**self.locale.meta_zones.get(metazone, {}).get("long", {}), **known.get("long", {})}
        name = names.get("generic") or names.get("daylight" if _is_summer(local) else "standard")
        city = city.replace("_", " ")
        return f"{name} ({city})" if name else f"{city} ({self._offset(local)})"

    def city(self, name: str) -> str:
        """
        Name the city of a zone, by its IANA name: ``Wien`` for ``Europe/Vienna``.
        """
        known = (self.locale.time_zones.get(key, {}).get("city") for key in reversed(_spellings(name)))
        *within, city = name.replace("_", " ").split("/")
        in_english = f"{city} ({within[1]})" if within[1:] else city
        return next((city for city in known if city), in_english)

    def _offset(self, local: datetime) -> str:
        return get_timezone_gmt(local, locale=self.locale)

    def _units(self, seconds: int, unit: Any) -> str:
        # A threshold that is never reached keeps 60 minutes from becoming an hour.
        return _plain(format_timedelta(seconds, granularity=unit, threshold=10**9, locale=self.locale))


def install_texts(templates: "Environment") -> None:
    """
    Let templates say ``_("...")``; they are rendered with ``texts``, a ``Texts``, in their context.

    Values go into a message by name and are escaped there: ``_("With %(name)s", name=name)``.
    """
    from jinja2 import pass_context  # noqa: PLC0415 - whoever has no templates needs no Jinja
    from jinja2.runtime import Context  # noqa: PLC0415 - as above

    def bound(name: str) -> Callable[..., str]:
        @pass_context
        def call(context: Context, *arguments: Any) -> str:
            text: str = getattr(context["texts"], name)(*arguments)
            return text

        return call

    templates.add_extension("jinja2.ext.i18n")
    templates.install_gettext_callables(  # type: ignore[attr-defined]  # the extension adds it
        bound("gettext"), bound("ngettext"), newstyle=True
    )


@cache
def table(language: str, domain: str) -> dict[str, str]:
    """
    Return what the scripts of a domain say and its translations; English needs none.
    """
    if language == _ENGLISH.language:
        return {}
    return {
        str(message.id): str(message.string)
        for message in _read_catalog(language, domain)
        if any(name.endswith(".js") for name, _ in message.locations)
    }


@cache
def _catalog(language: str, *domains: str) -> NullTranslations:
    if language == _ENGLISH.language or not domains:
        return NullTranslations()
    # Only where there is something to translate is all this needed.
    from babel.messages.mofile import write_mo  # noqa: PLC0415 - only at a first use

    compiled = BytesIO()
    write_mo(compiled, _read_catalog(language, domains[0]))
    compiled.seek(0)
    found = GNUTranslations(compiled)
    found.add_fallback(_catalog(language, *domains[1:]))
    return found


def _read_catalog(language: str, domain: str) -> "Catalog":
    from babel.messages.pofile import read_po  # noqa: PLC0415 - as above

    with (LOCALES / language / f"{domain}.po").open("rb") as file:
        return read_po(file, locale=language)


@cache
def _spellings(zone: str) -> tuple[str, ...]:
    """
    List the names of a zone, the present one last: CLDR knows some by a former one.
    """
    aliases = get_global("zone_aliases")
    present = aliases.get(zone, zone)
    return (zone, *sorted(name for name in aliases if aliases[name] == present), present)


def _parse(tag: str) -> Locale:
    try:
        return Locale.parse(tag.replace("_", "-"), sep="-")
    except (ValueError, UnknownLocaleError, TypeError):
        raise UnknownLocale(tag) from None


def _tag(locale: Locale) -> str:
    return str(locale).replace("_", "-")


def _plain(text: str) -> str:
    return text.translate(_BLANKS)


def _is_repeated(local: datetime) -> bool:
    """
    Say whether clocks show this time twice.
    """
    other = local.replace(fold=1 - local.fold)
    first, second = sorted((local, other), key=lambda moment: moment.fold)
    offsets = first.utcoffset(), second.utcoffset()
    return None not in offsets and offsets[0] > offsets[1]  # type: ignore[operator]  # neither is None


def _is_summer(local: datetime) -> bool:
    """
    Say whether clocks are ahead of what they show in the other half of the year.

    ``dst()`` would not do: by it Ireland's summer is the standard, and its winter behind it.
    """
    offsets = [local.replace(month=month, day=1).utcoffset() for month in (1, 7)]
    return local.utcoffset() != min(offset for offset in offsets if offset is not None)
