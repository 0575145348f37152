"""
Slugs: the part of an address that names a booking page or an event type.
"""

from collections.abc import Container
from itertools import count

from slugify import slugify

MAX_SLUG_LENGTH = 80

#: First path segments that the program has or will have; no page may take them.
RESERVED = frozenset(
    """
    .well-known about account accounts admin api app apple-app-site-association assets auth avatars blog book
    booking bookings calendo confirm contact dashboard demo dev docs download embed embed.js event-types
    explain export favicon.ico feeds healthz help home ics images index index.html insights install legal
    llms.txt login logout manage manifest.json mcp media metrics new null oauth offline openapi.json page
    pages password pricing privacy readyz register reset robots.txt search security security.txt settings
    setup signin signup sitemap.xml static status support sw.js terms undefined unsubscribe users verify
    webhooks widget worker www
    """.split()  # noqa: SIM905 - a list of strings would take a line each
)


def slug_of(name: str, fallback: str) -> str:
    """
    Make a slug from a name in any script, or use ``fallback`` where nothing is left of it.
    """
    return slugify(name, max_length=60, word_boundary=True) or fallback


def first_free(wanted: str, taken: Container[str]) -> str:
    """
    Return ``wanted``, or with ``-2``, ``-3``, ... the first that is not taken.
    """
    if wanted not in taken:
        return wanted
    return next(slug for number in count(2) if (slug := f"{wanted}-{number}") not in taken)
