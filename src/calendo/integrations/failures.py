"""
Why a webhook was not delivered: every sentence that the log of attempts can have.

The log and the API have them in English; the dashboard finds them again by ``read``, and
says them in its host's language.
"""

import re
from collections.abc import Mapping
from enum import StrEnum

from calendo.i18n import gettext_noop


class Failure(StrEnum):
    """
    A sentence. What varies in it goes in by name: numbers, hosts, and ``why`` in others' words.
    """

    REDIRECTED = gettext_noop("The endpoint answered %(number)s; redirects are not followed.")
    GONE = gettext_noop("The endpoint answered 410: it is gone for good.")
    ANSWERED = gettext_noop("The endpoint answered %(number)s.")
    SILENT = gettext_noop("The endpoint did not answer within %(number)s seconds.")
    UNFINISHED = gettext_noop("The endpoint did not finish its answer within %(number)s seconds.")
    REFUSED = gettext_noop("The endpoint refused the connection.")
    UNREACHABLE = gettext_noop("The endpoint cannot be reached.")
    UNREACHABLE_WHY = gettext_noop("The endpoint cannot be reached (%(why)s).")
    CERTIFICATE = gettext_noop("The endpoint's certificate is not accepted: %(why)s.")
    TLS = gettext_noop("The endpoint does not speak TLS as it should (%(why)s).")
    CLOSED = gettext_noop("The endpoint closed the connection before it had answered.")
    BROKE_OFF = gettext_noop("The connection to the endpoint broke off.")
    ANSWER_BROKE_OFF = gettext_noop("The endpoint's answer broke off, or is not valid HTTP.")
    NOT_HTTP = gettext_noop("What the endpoint answered is not valid HTTP.")
    TOO_LONG = gettext_noop("The endpoint sent far more than an answer has.")
    BAD_ADDRESS = gettext_noop("This is not a valid address.")
    UNKNOWN_NAME = gettext_noop("%(host)s is not known: it has no address.")
    IS_PRIVATE = gettext_noop("%(host)s is a private address.")
    RESOLVES_TO_PRIVATE = gettext_noop("%(host)s resolves to a private address.")
    IS_PUBLIC = gettext_noop("%(host)s is a public address; only https goes there.")
    RESOLVES_TO_PUBLIC = gettext_noop("%(host)s resolves to a public address; only https goes there.")
    IS_HERE = gettext_noop("%(host)s is this machine.")
    IS_SOCKET = gettext_noop("Webhooks do not go to sockets of this machine.")
    NO_SECRET = gettext_noop(
        "The secret of this webhook cannot be decrypted, since CALENDO_SECRET_KEY has changed. "
        "Give the webhook a new secret."
    )
    INTERRUPTED = gettext_noop("interrupted: the worker stopped")
    SWITCHED_OFF = gettext_noop("not sent: the webhook is switched off")
    INTERNAL = gettext_noop("internal error: %(why)s")

    def of(self, **values: object) -> str:
        """
        Write the sentence with what varies in it.
        """
        return self % values


class WhyOff(StrEnum):
    """
    Why the worker switched a webhook off.
    """

    GONE = gettext_noop("It answered 410 Gone.")
    HOPELESS = gettext_noop("For five days there were nothing but failures.")


def read(text: str) -> tuple[Failure, Mapping[str, str]] | None:
    """
    Find the sentence that was written, and what went into it; None for any other text.
    """
    found = ((failure, pattern.fullmatch(text)) for failure, pattern in _PATTERNS.items())
    return next(((failure, match.groupdict()) for failure, match in found if match), None)


# Reasons of others may be anything, numbers and hosts are one word.
_PLACES = {"why": "(?P<why>.*)", "host": r"(?P<host>\S+)", "number": r"(?P<number>\S+)"}


def _pattern(sentence: str) -> re.Pattern[str]:
    pattern = re.escape(sentence)
    for name, place in _PLACES.items():
        pattern = pattern.replace(re.escape(f"%({name})s"), place)
    return re.compile(pattern, re.DOTALL)


_PATTERNS = {failure: _pattern(failure) for failure in Failure}
