"""
Which language a page speaks: the one that is asked for, that of the person, or the browser's first.
"""

from babel import Locale, UnknownLocaleError
from fastapi import Request

from calendo.i18n import LANGUAGES, Texts, translations

DOMAIN = "pages"
_ERRORS = "errors"


def texts_for(request: Request, *domains: str, liked: str | None = None) -> Texts:
    """
    Return the texts for whoever asks: by ``?lang=``, else as ``liked``, else by ``Accept-Language``.

    What is liked is the language that mails to them are written in, where that is known.
    """
    asked = request.query_params.get("lang")
    wanted = [tag for tag in (asked, liked) if tag]
    wanted += _accepted(request.headers.get("accept-language", ""))
    tag = next((tag for tag in wanted if _is_spoken(tag)), LANGUAGES[0])
    return translations(tag, *(domains or (DOMAIN, _ERRORS)))


def _accepted(header: str) -> list[str]:
    weighted = []
    for part in header.split(","):
        tag, _, weight = part.partition(";")
        try:
            quality = float(weight.strip().removeprefix("q=") or 1)
        except ValueError:
            quality = 0.0
        if quality > 0:
            weighted.append((quality, tag.strip()))
    # Stable: of equal ones the first is liked best.
    return [tag for _, tag in sorted(weighted, key=lambda one: -one[0])]


def _is_spoken(tag: str) -> bool:
    try:
        return Locale.parse(tag, sep="-").language in LANGUAGES
    except (ValueError, UnknownLocaleError, TypeError):
        return False
