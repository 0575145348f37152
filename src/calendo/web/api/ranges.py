"""
Dates and zones in the addresses of look-ups.
"""

from datetime import date
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import Field

from calendo.core.instants import UnknownZone, get_zone
from calendo.errors import InvalidInput
from calendo.web.api.fields import parse_date

MAX_RANGE_DAYS = 92

#: A date in an address; ``read_date`` and ``read_range`` read it.
DateText = Annotated[str, Field(json_schema_extra={"format": "date"})]
#: A zone in an address; ``read_zone`` reads it.
ZoneName = Annotated[str, Field(json_schema_extra={"format": "time-zone"})]


def read_range(
    first: str, last: str, *, names: tuple[str, str] = ("start", "end"), max_days: int = MAX_RANGE_DAYS
) -> tuple[date, date]:
    """
    Read two parameters that are dates, both included.
    """
    start, end = names
    first_on, last_on = _date(start, first), _date(end, last)
    if last_on < first_on:
        raise InvalidInput(f"{end}: this lies before {start}.")
    if (last_on - first_on).days >= max_days:
        raise InvalidInput(f"{end}: ask for at most {max_days} days at once.")
    return reckonable(first_on), reckonable(last_on)


def read_date(name: str, text: str) -> date:
    """
    Read a parameter that is a date.
    """
    return reckonable(_date(name, text))


def read_zone(name: str) -> ZoneInfo:
    """
    Read the parameter ``timezone``.
    """
    try:
        return get_zone(name)
    except UnknownZone:
        raise InvalidInput("timezone: this is not an IANA time zone, such as Europe/Berlin.") from None


def _date(name: str, text: str) -> date:
    try:
        return parse_date(text)
    except ValueError as error:
        raise InvalidInput(f"{name}: {error}.") from None


def reckonable(day: date) -> date:
    """
    Move a date into the years that can be reckoned with: near the calendar's ends there are no slots.
    """
    return min(max(day, date(1970, 1, 2)), date(9990, 1, 1))
