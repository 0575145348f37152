"""
Forms: what was typed, what it means, and what is wrong with it, in the words of who typed it.
"""

import re
from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast, get_origin

from pydantic import BaseModel, ValidationError

from calendo.errors import CalendoError, InvalidInput
from calendo.i18n import Texts, gettext_noop
from calendo.web.api.fields import NotAnAddress
from calendo.web.pages.messages import tell
from calendo.web.pages.parts import Fields

M = TypeVar("M", bound=BaseModel)

_NAMED = re.compile(r"([a-z_]+(?:\.\w+)*): ?(.+)", re.DOTALL)
#: What is said about a field, by Pydantic's word for the problem. Its numbers go in by their names.
_SAID = {
    "missing": gettext_noop("Please fill this in."),
    "string_too_short": gettext_noop("Use %(min_length)s characters or more."),
    "string_too_long": gettext_noop("Use %(max_length)s characters or less."),
    "too_short": gettext_noop("Choose one at least."),
    "too_long": gettext_noop("Use %(max_length)s or less."),
    "int_parsing": gettext_noop("Use a whole number."),
    "int_from_float": gettext_noop("Use a whole number."),
    "greater_than_equal": gettext_noop("Use %(ge)s or more."),
    "less_than_equal": gettext_noop("Use %(le)s or less."),
    "value_error": gettext_noop("This does not look like an e-mail address."),
}
_UNREADABLE = gettext_noop("This cannot be read. Please change it.")


class Form:
    """
    A form's values, as text, and its problems by the name of their field.

    A problem of no field stands under ``""``. Templates give each field's label to ``label``.
    """

    def __init__(self, texts: Texts, values: Fields) -> None:
        self.texts = texts
        self.errors: dict[str, str] = {}
        self.labels: dict[str, str] = {}
        self._values = values

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def value(self, name: str, default: str = "") -> str:
        """
        Return what was typed into a field.
        """
        return self._values.get(name, [default])[0]

    def values(self, name: str) -> list[str]:
        """
        Return all that was chosen of several.
        """
        return self._values.get(name, [])

    def put(self, name: str, *values: str) -> None:
        """
        Change a field before the form is shown again.
        """
        self._values = {**self._values, name: list(values)}

    def label(self, name: str, text: str) -> str:
        """
        Note how a field is called, for the list of problems; it shows nothing.
        """
        self.labels[name] = text
        return ""

    def read(self, model: type[M]) -> M:
        """
        Read the fields that a model has; ``InvalidInput`` if something is wrong, which is noted by field.

        A field left blank is one that was left out, if it may be. What was not ticked is
        not sent at all, so a model's flags have to default to False.
        """
        given = {}
        for name, field in model.model_fields.items():
            if name not in self._values:
                continue
            if get_origin(field.annotation) is list:
                given[name] = self.values(name)
            elif self.value(name).strip() or field.is_required():
                given[name] = cast("Any", self.value(name))
        try:
            # Not strict: a form has nothing but text.
            return model.model_validate(given, strict=False)
        except ValidationError as error:
            for problem in error.errors():
                place = ".".join(str(part) for part in problem["loc"])
                self.errors.setdefault(place, said(self.texts, problem))
            raise InvalidInput from None

    def blame(self, error: CalendoError, field: str | None = None) -> Self:
        """
        Note an error with the field it is about: ``field``, or the one that its message begins with.
        """
        if not self.errors:
            message = tell(self.texts, error)
            named = _NAMED.fullmatch(message)
            if named and (field is None or named[1] == field):
                field, message = named[1], named[2]
            self.errors[field or ""] = message[:1].upper() + message[1:]
        return self


def said(texts: Texts, problem: Mapping[str, Any]) -> str:
    """
    Say what Pydantic found wrong with one field.
    """
    context: Mapping[str, Any] = problem.get("ctx", {})
    if problem["type"] == "value_error" and not isinstance(context["error"], NotAnAddress):
        message = texts.gettext(str(context["error"]))
        return f"{message[:1].upper()}{message[1:].rstrip('.')}."
    kind = "missing" if problem["input"] == "" else problem["type"]
    return texts.gettext(_SAID.get(kind, _UNREADABLE)) % context
