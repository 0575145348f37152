"""
What a message is understood to say: days, times, lengths, choices, and what was unclear about them.

These are values. All dates and times are wall time in the zone of the reference
that the message was read against, and nothing here knows a language.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum

#: Where in the message something stands: from the first character to behind the last.
Span = tuple[int, int]

#: An open end ("after the 28th") is taken as so many days.
OPEN_DAYS = 7
#: No wish is read as more days than this.
MOST_DAYS = 366


class Part(StrEnum):
    """
    A part of the day, by the names that the API uses. Night counts as evening.
    """

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


class Intent(StrEnum):
    """
    What a message does, beside naming days and times. One message can do several things.
    """

    GREETING = "greeting"
    THANKS = "thanks"
    GOODBYE = "goodbye"
    YES = "yes"
    NO = "no"
    BOOK = "book"
    CANCEL = "cancel"
    RESCHEDULE = "reschedule"
    HELP = "help"
    UNRELATED = "unrelated"


class Unclear(StrEnum):
    """
    Why something can be read in two ways.
    """

    #: "3/4": the third of April, or the fourth of March.
    DAY_OR_MONTH = "day_or_month"
    #: "next Friday": the coming one, or the one of next week.
    NEXT_WEEKDAY = "next_weekday"
    #: "at 8": in the morning or in the evening.
    HALF_OF_DAY = "half_of_day"
    #: "Monday the 14th", where the 14th is no Monday.
    WEEKDAY_AND_DATE = "weekday_and_date"
    #: "CST": a name that several zones share.
    ZONE = "zone"
    #: "the 31st of June": there is no such day.
    NO_SUCH_DATE = "no_such_date"


@dataclass(frozen=True, slots=True)
class Ambiguity:
    """
    Something that can be read in several ways. The first of ``readings`` is the one taken.

    Readings are texts: dates as ``YYYY-MM-DD``, times as ``HH:MM``, zones by IANA name.
    """

    about: Unclear
    readings: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class DayWish:
    """
    Days that were named together: one, or a range with both ends in it.

    ``weekday`` (0 = Monday) is set where a weekday was all that was said ("on
    Tuesday"), and ``day`` where it was a day of the month ("the 12th"): these
    can still mean another week or month when more becomes known.
    """

    first_on: date
    last_on: date
    span: Span
    weekday: int | None = None
    day: int | None = None

    def __iter__(self) -> Iterator[date]:
        """
        Yield the days, at most ``MOST_DAYS``.
        """
        count = min((self.last_on - self.first_on).days + 1, MOST_DAYS)
        return (self.first_on + timedelta(days=step) for step in range(count))

    def __contains__(self, day: date) -> bool:
        return self.first_on <= day <= self.last_on


@dataclass(frozen=True, slots=True)
class TimeWish:
    """
    When on a day a meeting should start.

    ``exact``: at ``start_time``; ``end_time`` may still say how long it is meant
    to take ("from 3 to 4"). Otherwise from ``start_time`` (None: from the day's
    beginning) until before ``end_time`` (None: the day's end). An end at or
    before the start is one past midnight. ``part`` is set for a part of the day.
    """

    start_time: time | None
    end_time: time | None
    span: Span
    exact: bool = False
    part: Part | None = None
    other_time: time | None = None

    def allows(self, start: time) -> bool:
        """
        Tell whether a meeting that starts at ``start`` is meant.
        """
        if self.exact:
            return start == self.start_time
        low, high = self.start_time or time.min, self.end_time
        if high is None:
            return start >= low
        return low <= start < high if low < high else start >= low or start < high


class Move(StrEnum):
    """
    A wish for other times than those offered: "anything later?".
    """

    LATER = "later"
    EARLIER = "earlier"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Pick:
    """
    A choice from what was offered: the first is 1, the last is -1, and 0 is "that one".
    """

    place: int
    span: Span


@dataclass(frozen=True, slots=True)
class Understood:
    """
    All that a message, or a conversation so far, is understood to say.

    ``days`` are alternatives, and so are ``times``; ``not_days`` and ``not_times``
    are ruled out. ``earliest_on`` and ``latest_on`` are bounds, themselves
    included. ``corrects`` says that the message takes something back ("no, the
    14th instead"). ``flexible``: "any time is fine". Spans lie in the message
    that was read last.
    """

    reference: datetime
    language: str = "en"
    days: tuple[DayWish, ...] = ()
    not_days: tuple[DayWish, ...] = ()
    not_weekdays: frozenset[int] = frozenset()
    earliest_on: date | None = None
    latest_on: date | None = None
    times: tuple[TimeWish, ...] = ()
    not_times: tuple[TimeWish, ...] = ()
    duration_minutes: int | None = None
    zone: str | None = None
    pick: Pick | None = None
    move: Move | None = None
    corrects: bool = False
    flexible: bool = False
    intents: frozenset[Intent] = frozenset()
    ambiguities: tuple[Ambiguity, ...] = ()
    spans: tuple[Span, ...] = field(default=())

    @property
    def dates(self) -> tuple[date, ...]:
        """
        The dates meant, in order: none before the reference's, and none that is ruled out.

        Empty where none was named. Only bounds, and no days, give the days
        between them, or ``OPEN_DAYS`` where one is open.
        """
        wishes: tuple[DayWish, ...] = self.days or self._between_bounds()
        return tuple(sorted({day for wish in wishes for day in wish if self.allows_date(day)}))

    @property
    def preferred_time(self) -> str | None:
        """
        The first time wished for, as the API writes it: ``HH:MM`` or a part of the day.
        """
        for wish in self.times:
            if wish.part:
                return wish.part.value
            if wish.start_time or wish.exact:
                return f"{wish.start_time:%H:%M}"
            if wish.end_time:
                return Part.MORNING.value if wish.end_time.hour <= 12 else Part.AFTERNOON.value  # noqa: PLR2004 - noon
        return None

    @property
    def says_when(self) -> bool:
        """
        Whether anything about days or times was said.
        """
        return bool(
            self.days
            or self.times
            or self.not_days
            or self.not_times
            or self.not_weekdays
            or self.earliest_on
            or self.latest_on
        )

    def allows_date(self, day: date) -> bool:
        """
        Tell whether ``day`` is within the bounds and not ruled out.
        """
        return (
            (self.earliest_on or self.reference.date()) <= day
            and (self.latest_on is None or day <= self.latest_on)
            and day.weekday() not in self.not_weekdays
            and not any(day in wish for wish in self.not_days)
        )

    def allows_time(self, start: time) -> bool:
        """
        Tell whether a meeting may start at this wall time: one of ``times``, none of ``not_times``.
        """
        return (not self.times or any(wish.allows(start) for wish in self.times)) and not any(
            wish.allows(start) for wish in self.not_times
        )

    def _between_bounds(self) -> tuple[DayWish, ...]:
        if self.earliest_on is None and self.latest_on is None:
            return ()
        first_on = self.earliest_on or self.reference.date()
        last_on = self.latest_on or min(first_on, date.max - timedelta(days=OPEN_DAYS)) + timedelta(
            days=OPEN_DAYS - 1
        )
        return (DayWish(first_on, last_on, (0, 0)),)
