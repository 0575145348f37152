"""
The types of fields: what a stranger's input must be to become ours.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated, Any, TypeVar, cast

from email_validator import EmailNotValidError, validate_email
from fastapi import Path
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    StringConstraints,
    WithJsonSchema,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core.core_schema import CoreSchema, no_info_after_validator_function

from calendo.core.instants import DAY, Instant, UnknownZone, get_zone, to_instant
from calendo.errors import InvalidInput
from calendo.i18n import UnknownLocale, normalize_locale
from calendo.ops.slugs import MAX_SLUG_LENGTH

T = TypeVar("T")

_LINE_BREAKS = frozenset("\n\t")
# Marks that reorder text; in a name they make it look like another one.
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# The largest whole number that every JSON parser keeps exact.
_MAX_ID = 2**53 - 1
_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_MOMENT = rf"{_DATE}[T ][0-9]{{2}}:[0-9]{{2}}(:[0-9]{{2}}(\.[0-9]{{1,9}})?)?(Z|[+-][0-9]{{2}}:?[0-9]{{2}})?"
_LAST_YEAR = 9998


class Body(BaseModel):
    """
    A request's JSON object: types as they are, no unknown fields.
    """

    model_config = ConfigDict(extra="forbid", strict=True)


def example(*bodies: dict[str, Any]) -> ConfigDict:
    """
    Give a model examples for the API's description.
    """
    # In answers a field that has a default is there too.
    return ConfigDict(
        json_schema_extra={"examples": list(bodies)}, json_schema_serialization_defaults_required=True
    )


def unset() -> Any:
    """
    Make the default of a field that a change may leave out; it may not be null.
    """
    return Field(default_factory=lambda: None)


def _filled(text: str) -> str:
    if not text:
        raise ValueError("this must not be blank")
    return text


def _one_line(text: str) -> str:
    if any(unicodedata.category(char) in {"Cc", "Zl", "Zp", "Cs"} or char in _BIDI for char in text):
        raise ValueError("use one line without control characters")
    return text


def _lines(text: str) -> str:
    text = text.replace("\r\n", "\n")
    if any(
        (unicodedata.category(char) in {"Cc", "Cs"} and char not in _LINE_BREAKS) or char in _BIDI
        for char in text
    ):
        raise ValueError("leave out control characters")
    return text


class NotAnAddress(ValueError):
    """This is no e-mail address; the message says why."""


def _email(text: str) -> str:
    try:
        return validate_email(text, check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise NotAnAddress(str(error)) from None


def _known_email(text: str) -> str:
    # Spelled as signing up spells it; what is no address at all just finds nobody.
    try:
        return _email(text)
    except ValueError:
        return text


def _zone(name: str) -> str:
    try:
        get_zone(name)
    except UnknownZone:
        raise ValueError("this is not an IANA time zone, such as Europe/Berlin") from None
    return name


def _locale(tag: str) -> str:
    try:
        return normalize_locale(tag)
    except UnknownLocale:
        raise ValueError("this is not a language tag we know, such as en or pt-BR") from None


def _flag(value: object) -> object:
    # Answers have flags as 0 and 1, and what was read may be sent back.
    return bool(value) if value in (0, 1) and isinstance(value, int) else value


@dataclass(frozen=True)
class Pattern:
    """
    The whole text has to match ``regex``: ``message`` says so in words, the schema to programs.
    """

    regex: str
    message: str

    def check(self, text: str) -> str:
        """
        Return the text, or raise ``ValueError``.
        """
        if not re.fullmatch(self.regex, text, re.ASCII):
            raise ValueError(self.message)
        return text

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {**handler(schema), "pattern": f"^({self.regex})$"}


# What is typed into forms has blanks around it. Lengths count before these go, since
# that is what the description says.
TRIMMED = AfterValidator(str.strip)
FILLED = AfterValidator(_filled)

Line = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200),
    TRIMMED,
    FILLED,
    AfterValidator(_one_line),
    Field(json_schema_extra={"pattern": r"\S"}),
]
OptionalLine = Annotated[str, StringConstraints(max_length=500), TRIMMED, AfterValidator(_one_line)]
Text = Annotated[str, StringConstraints(max_length=5000), TRIMMED, AfterValidator(_lines)]
Email = Annotated[
    str,
    StringConstraints(max_length=254),
    TRIMMED,
    AfterValidator(_email),
    Field(json_schema_extra={"format": "email"}),
]
#: The address of an account there may be, for logging in.
KnownEmail = Annotated[str, StringConstraints(max_length=320), TRIMMED, AfterValidator(_known_email)]
Password = Annotated[
    str, StringConstraints(min_length=8, max_length=1000), Field(json_schema_extra={"format": "password"})
]
Zone = Annotated[
    str,
    AfterValidator(_zone),
    Field(examples=["America/New_York"], json_schema_extra={"format": "time-zone"}),
]
LocaleTag = Annotated[
    str,
    StringConstraints(max_length=35),
    Pattern("[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*", "use a language tag such as en or pt-BR"),
    AfterValidator(_locale),
    Field(examples=["pt-BR"]),
]
Slug = Annotated[
    str,
    StringConstraints(min_length=1, max_length=MAX_SLUG_LENGTH),
    Pattern("[a-z0-9]+(-[a-z0-9]+)*", "use lower-case letters, digits and single hyphens"),
]
Color = Annotated[
    str,
    Pattern("#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})", "use a hex color such as #2563eb"),
    Field(examples=["#2563eb"]),
]
Flag = Annotated[
    bool,
    BeforeValidator(_flag),
    WithJsonSchema({"anyOf": [{"type": "boolean"}, {"type": "integer", "enum": [0, 1]}]}),
]
Id = Annotated[int, Path(ge=1, le=_MAX_ID, description="The id, as the list and the answer to POST have it")]
PageSlug = Annotated[str, Path(description="Slug of the booking page", examples=["jane-smith"])]
EventSlug = Annotated[str, Path(description="Slug of the event type", examples=["30-minute-call"])]
RowId = Annotated[int, Field(ge=1, le=_MAX_ID)]


class _NotNull:
    """
    A parameter cannot be sent as null, so its schema does not offer that.
    """

    @staticmethod
    def __get_pydantic_json_schema__(schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        (described,) = (kind for kind in handler(schema)["anyOf"] if kind != {"type": "null"})
        return cast("JsonSchemaValue", described)


#: A query parameter or header that may be left out.
Omittable = Annotated[T | None, _NotNull]


def parse_date(text: str) -> date:
    """
    Read ``YYYY-MM-DD`` and nothing else.
    """
    if not re.fullmatch(_DATE, text):
        raise ValueError("use a date such as 2026-03-10")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError("there is no such date") from None


def parse_moment(text: str) -> datetime:
    """
    Read an ISO 8601 date and time, with an offset or without one.
    """
    try:
        # What Python reads beyond the pattern differs from version to version.
        moment = datetime.fromisoformat(text) if re.fullmatch(_MOMENT, text) else None
    except ValueError:
        moment = None
    if moment is None:
        raise ValueError("use an ISO 8601 date and time, such as 2026-03-10T19:00:00Z")
    if moment.microsecond:
        raise ValueError("leave out fractions of a second")
    if moment.year > _LAST_YEAR:
        # In UTC it could lie beyond what a date can say.
        raise ValueError("this lies too far ahead")
    return moment


def _moment(text: str) -> str:
    parse_moment(text)
    return text


#: A date, or a date and time with or without an offset, in an address; ``parse_bound`` reads it.
Bound = Annotated[str, Field(json_schema_extra={"pattern": f"^({_DATE}|{_MOMENT})$"})]
#: A date and time; what one without an offset means is up to the field.
Moment = Annotated[
    str,
    AfterValidator(_moment),
    Field(
        max_length=64,
        examples=["2026-03-10T19:00:00Z"],
        json_schema_extra={"pattern": f"^{_MOMENT}$"},
    ),
]


def to_utc_instant(moment: datetime) -> Instant:
    """
    Read a moment without an offset as UTC, as the API's answers have it.
    """
    return to_instant(moment if moment.tzinfo else moment.replace(tzinfo=get_zone("UTC")))


def parse_bound(name: str, text: str, *, end: bool = False) -> Instant:
    """
    Read a parameter that is a date (UTC) or an instant; of a date the beginning, or the ``end``.
    """
    try:
        day = parse_date(text)
    except ValueError:
        pass
    else:
        return to_instant(datetime.combine(day, datetime.min.time(), UTC)) + (DAY if end else 0)
    try:
        # A plus sign that was not escaped arrives as a space.
        return to_utc_instant(parse_moment(text.replace(" ", "+") if "T" in text else text))
    except ValueError:
        raise InvalidInput(f"{name}: use a date such as 2026-03-10, or an ISO 8601 instant.") from None


def choices(words: Sequence[str]) -> Any:
    """
    Describe a parameter that names one or more of some words; ``parse_choices`` reads it.
    """
    one = f"({'|'.join(words)})"
    return Field(json_schema_extra={"pattern": f"^{one}(,{one})*$"})


def parse_choices(name: str, text: str, words: Sequence[str]) -> tuple[str, ...]:
    """
    Read a parameter that names one or more of some words, with commas between them.
    """
    chosen = tuple(part.strip() for part in text.split(","))
    if not set(chosen) <= set(words):
        raise InvalidInput(f"{name}: use one or more of {', '.join(words)}.")
    return chosen
