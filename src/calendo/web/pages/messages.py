"""
What went wrong, in the language of a page. The API says it in English.
"""

from collections.abc import Mapping

from calendo.errors import CalendoError
from calendo.i18n import Texts

_ = str  # Babel finds texts by this name.
#: What pages raise in words of their own; what errors and the API say is found where it is said.
_OWN_WORDS = (
    _("There is no booking under this link. Use the one in the latest e-mail about it, whole and unchanged."),
    _("This meeting is no longer on offer, so there are no times to move it to."),
    _("Choose a time first."),
    _("This is not a time that can be booked."),
    _("This is not a time zone we know."),
)


def tell(texts: Texts, error: CalendoError) -> str:
    """
    Say what went wrong; in general where the very message is there in English only.
    """
    message = texts.gettext(error.message)
    if message == error.message and not texts.is_source:
        message = texts.gettext(error.default_message())
    return message


def tell_of_field(texts: Texts, error: CalendoError, labels: Mapping[str, str]) -> str:
    """
    Say an error to who filled in a form; ``labels`` has what it calls its fields, by their names.
    """
    field, colon, rest = error.message.partition(": ")
    label = labels.get(field) if colon else None
    if label is None:
        return tell(texts, error)
    if texts.is_source:
        return f"{label}: {rest}"
    return texts.gettext("Please look at “%(field)s” again.") % {"field": label}
