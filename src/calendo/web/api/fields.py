"""
The types of fields: what a stranger's input must be to become ours.
"""

import re
import unicodedata
from datetime import date, datetime
from typing import Annotated, Any

from email_validator import EmailNotValidError, validate_email
from fastapi import Path
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from calendo.core.instants import Instant, UnknownZone, get_zone, to_instant
from calendo.i18n import UnknownLocale, normalize_locale
from calendo.ops.slugs import MAX_SLUG_LENGTH

_LINE_BREAKS = frozenset("\n\t")
# Marks that reorder text; in a name they make it look like another one.
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_MAX_BIGINT = 2**63 - 1


class Body(BaseModel):
    """
    A request's JSON object: types as they are, no unknown fields.
    """

    model_config = ConfigDict(extra="forbid", strict=True)


def example(*bodies: dict[str, Any]) -> ConfigDict:
    """
    Give a model examples for the API's description.
    """
    return ConfigDict(json_schema_extra={"examples": list(bodies)})


def unset() -> Any:
    """
    Make the default of a field that a change may leave out; it may not be null.
    """
    return Field(default_factory=lambda: None)


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


def _email(text: str) -> str:
    try:
        return validate_email(text, check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise ValueError(str(error)) from None


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


def pattern(regex: str, message: str) -> AfterValidator:
    """
    Check that the whole text matches, and say ``message`` where it does not.
    """
    compiled = re.compile(regex, re.ASCII)

    def check(text: str) -> str:
        if not compiled.fullmatch(text):
            raise ValueError(message)
        return text

    return AfterValidator(check)


Line = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), AfterValidator(_one_line)
]
OptionalLine = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=500), AfterValidator(_one_line)
]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=5000), AfterValidator(_lines)]
Email = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=254),
    AfterValidator(_email),
    Field(json_schema_extra={"format": "email"}),
]
Password = Annotated[
    str, StringConstraints(min_length=8, max_length=1000), Field(json_schema_extra={"format": "password"})
]
Zone = Annotated[str, AfterValidator(_zone), Field(examples=["America/New_York"])]
LocaleTag = Annotated[
    str, StringConstraints(max_length=35), AfterValidator(_locale), Field(examples=["pt-BR"])
]
Slug = Annotated[
    str,
    StringConstraints(min_length=1, max_length=MAX_SLUG_LENGTH),
    pattern(r"[a-z0-9]+(-[a-z0-9]+)*", "use lower-case letters, digits and single hyphens"),
]
Color = Annotated[
    str,
    pattern(r"#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})", "use a hex color such as #2563eb"),
    Field(examples=["#2563eb"]),
]
Flag = Annotated[bool, BeforeValidator(_flag)]
Id = Annotated[int, Path(ge=1, le=_MAX_BIGINT)]
RowId = Annotated[int, Field(ge=1, le=_MAX_BIGINT)]


def parse_date(text: str) -> date:
    """
    Read ``YYYY-MM-DD`` and nothing else.
    """
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
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
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        moment = None
    if moment is None or ":" not in text:
        raise ValueError("use an ISO 8601 date and time, such as 2026-03-10T19:00:00Z")
    if moment.microsecond:
        raise ValueError("leave out fractions of a second")
    return moment


def to_utc_instant(moment: datetime) -> Instant:
    """
    Read a moment without an offset as UTC, as the API's answers have it.
    """
    return to_instant(moment if moment.tzinfo else moment.replace(tzinfo=get_zone("UTC")))
