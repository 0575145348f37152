"""
What came of an attempt, in the words of who reads it; the log itself is in English.
"""

import re

from calendo.db.models import Attempt
from calendo.i18n import Texts, gettext_noop

#: What the worker writes down; a sentence that is not here is shown as it is.
KNOWN = (
    gettext_noop("The endpoint refused the connection."),
    gettext_noop("The endpoint cannot be reached."),
    gettext_noop("The endpoint closed the connection before it had answered."),
    gettext_noop("The connection to the endpoint broke off."),
    gettext_noop("The endpoint's answer broke off, or is not valid HTTP."),
    gettext_noop("What the endpoint answered is not valid HTTP."),
    gettext_noop("The endpoint sent far more than an answer has."),
    gettext_noop("The endpoint answered 410: it is gone for good."),
    gettext_noop("interrupted: the worker stopped"),
)
_ANSWERED = gettext_noop("The endpoint answered %(number)s.")
_NUMBERED = (
    (r"The endpoint answered (\d+)\.", _ANSWERED),
    (
        r"The endpoint answered (\d+); redirects are not followed\.",
        gettext_noop("The endpoint answered %(number)s; redirects are not followed."),
    ),
    (
        r"The endpoint did not answer within (\d+) seconds\.",
        gettext_noop("The endpoint did not answer within %(number)s seconds."),
    ),
    (
        r"The endpoint did not finish its answer within (\d+) seconds\.",
        gettext_noop("The endpoint did not finish its answer within %(number)s seconds."),
    ),
)


def result_of(texts: Texts, attempt: Attempt) -> str:
    """
    Say what came of an attempt.
    """
    error = attempt.error
    if error is None:
        return texts.gettext(_ANSWERED) % {"number": attempt.status_code}
    for pattern, message in _NUMBERED:
        found = re.fullmatch(pattern, error)
        if found:
            return texts.gettext(message) % {"number": found[1]}
    return texts.gettext(error)
