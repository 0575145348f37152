"""
What came of an attempt, in the words of who reads it; the log itself is in English.
"""

from calendo.db.models import Attempt
from calendo.i18n import Texts
from calendo.integrations.failures import Failure, read


def result_of(texts: Texts, attempt: Attempt) -> str:
    """
    Say what came of an attempt; a text that is none of ours stays as it is.
    """
    if attempt.error is None:
        return texts.gettext(Failure.ANSWERED) % {"number": attempt.status_code}
    found = read(attempt.error)
    if found is None:
        return attempt.error
    failure, values = found
    return texts.gettext(failure) % values
