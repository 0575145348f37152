"""
How people are found by what somebody remembers of them: whatever the case, accents left out.
"""

import unicodedata


def search_key(text: str) -> str:
    """
    Return a text as it is searched: ``José`` and ``JOSE`` are ``jose``.

    Databases differ in what they take for the same letter, so this is kept beside the text.
    """
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in apart if not unicodedata.combining(char))


def words_of(text: str) -> list[str]:
    """
    Return what has to occur in a search key: the words of what somebody typed, in any order.
    """
    return search_key(text).split()
