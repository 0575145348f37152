"""
Languages and formats by locale.
"""

from babel import Locale, UnknownLocaleError


class UnknownLocale(ValueError):
    """No such language."""


def normalize_locale(tag: str) -> str:
    """
    Return the canonical form of a BCP 47 language tag, such as ``pt-BR``.

    Raises ``UnknownLocale`` for a tag that CLDR has no data for.
    """
    try:
        locale = Locale.parse(tag.replace("_", "-"), sep="-")
    except (ValueError, UnknownLocaleError, TypeError):
        raise UnknownLocale(tag) from None
    return str(locale).replace("_", "-")
