"""
What went wrong, in the language of a page. The API says it in English.
"""

from collections.abc import Mapping

from calendo.errors import CalendoError
from calendo.i18n import Texts

_ = str  # Babel finds texts by this name.
#: What some errors say in words of their own, where those are worth more than the usual ones.
_IN_OTHER_WORDS = frozenset(
    {
        _(
            "There is no booking under this link. Use the one in the latest e-mail about it,"
            " whole and unchanged."
        ),
        _("This meeting is no longer on offer, so there are no times to move it to."),
        _("Choose a time first."),
        _("This is not a time that can be booked."),
        _("This is not a time zone we know."),
    }
)


def said(error: CalendoError, texts: Texts, labels: Mapping[str, str] | None = None) -> str:
    """
    Say an error to people; ``labels`` has what a form calls its fields, by their names.

    English is what the error itself says, which is the most there is to say. Elsewhere it is
    what its code means, in fewer words.
    """
    field, colon, rest = error.message.partition(": ")
    label = (labels or {}).get(field) if colon else None
    if texts.locale.language == "en":
        return f"{label}: {rest}" if label else error.message
    if label:
        return texts.gettext("Please look at “%(field)s” again.") % {"field": label}
    if error.message in _IN_OTHER_WORDS:
        return texts.gettext(error.message)
    return _by_code(texts).get(error.code, error.message)


def _by_code(texts: Texts) -> dict[str, str]:
    _ = texts.gettext
    return {
        "slot_unavailable": _("This time is not, or no longer, on offer. Please choose another one."),
        "too_many_bookings": _(
            "This e-mail address has as many bookings to come as this host allows. Cancel one first."
        ),
        "too_late": _("It is too late to change this booking here. Please get in touch with your host."),
        "booking_state": _("The booking's status does not allow this."),
        "invalid_input": _("Something in it is not right. Please look at it again."),
        "not_found": _("There is nothing at this address."),
        "method_not_allowed": _("There is nothing at this address."),
        "body_too_large": _("That is more text than fits."),
        "unavailable": _(
            "The server is too busy, or its database is away. Please try again in a few seconds."
        ),
        "internal_error": _(
            "Something went wrong on our end. Please try again; if it lasts, tell whoever runs this server."
        ),
    }
