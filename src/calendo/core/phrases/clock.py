"""
Times of day: "3 pm", "half past two", "halb vier", "15 Uhr 30", "afternoon", "from 2 to 4".
"""

from dataclasses import dataclass, replace
from datetime import time, timedelta

from calendo.core.phrases.context import Context
from calendo.core.phrases.days import Days, one
from calendo.core.phrases.grammar import Grammar
from calendo.core.phrases.meaning import Part

#: Clock times that cannot be anything else.
clock_times = Grammar()
#: Bare numbers that are times by the word before them.
bare_times = Grammar()

_NOON, _DAY_HOURS, _MINUTES, _HALF = 12, 24, 60, 30
#: From when a bare hour is one of the morning, where people say "at 3" for the afternoon.
_FIRST_MORNING_HOUR = 8
#: When the parts of the day begin and end.
PARTS: dict[str, tuple[int, int, Part]] = {
    "morning": (5, 12, Part.MORNING),
    "noon": (12, 14, Part.AFTERNOON),
    "afternoon": (12, 18, Part.AFTERNOON),
    "evening": (17, 22, Part.EVENING),
    "night": (18, 24, Part.EVENING),
}


@dataclass(frozen=True, slots=True)
class Clock:
    """
    A time on the clock. ``sure``: it is known which half of the day is meant.
    """

    hour: int
    minute: int = 0
    sure: bool = False

    def __post_init__(self) -> None:
        if not (0 <= self.hour <= _DAY_HOURS and 0 <= self.minute < _MINUTES):
            raise ValueError("no such time")

    @property
    def time(self) -> time:
        """
        The wall time; 24:00 is midnight.
        """
        return time(self.hour % _DAY_HOURS, self.minute)

    @property
    def other(self) -> "Clock":
        """
        The same in the other half of the day.
        """
        return replace(self, hour=(self.hour + _NOON) % _DAY_HOURS)

    def in_half(self, afternoon: bool) -> "Clock":
        """
        The same on a clock of twelve hours, in the given half of the day.
        """
        if self.hour > _NOON or (self.hour == 0):
            return replace(self, sure=True)
        return Clock(self.hour % _NOON + _NOON * afternoon, self.minute, sure=True)

    def in_part(self, part: str) -> "Clock":
        """
        The same in a part of the day: 8 in the evening is 20:00, 2 at night 02:00.
        """
        if self.sure:
            return self
        if part in {"night", "evening"}:
            # From four on it is evening; "tonight at 2" is after midnight.
            return self.in_half(afternoon=4 <= self.hour < _NOON)  # noqa: PLR2004 - see above
        if part == "noon":
            return self.in_half(afternoon=self.hour not in {10, 11})
        if part == "morning" and self.hour == _NOON:
            return replace(self, sure=True)
        return self.in_half(afternoon=part != "morning")


def _clock(hour: int, minute: int = 0) -> Clock:
    return Clock(hour, minute, sure=hour > _NOON or hour == 0)


@clock_times.rule(
    "clock",
    "n=hhmm [oclock]",
    "n=hhmm minute_mark",
    "at n=dotted [oclock]",
    "n=dotted oclock",
    "oclock_ n=dotted",
)
def _written(_: Context, n: tuple[int, int]) -> Clock:
    return _clock(*n)


@clock_times.rule(
    "clock",
    "[at] [about] n=hhmm|dotted [oclock] [comma] m=meridiem",
    "m=meridiem [at] n=hhmm|dotted [oclock]",
)
def _written_half(_: Context, n: tuple[int, int], m: str) -> Clock:
    return _clock(*n).in_half(m == "pm")


@clock_times.rule(
    "clock",
    "h=number [oclock] m=meridiem",
    "m=meridiem [at] h=number oclock",
    "h=number n=number m=meridiem",
    "m=meridiem h=number oclock n=number [minute_mark]",
    "h=number oclock n=number m=meridiem",
    "m=meridiem h=number oclock n=half|quarter_hour",
)
def _half(_: Context, h: int, m: str, n: int = 0) -> Clock | None:
    return _clock(h, n).in_half(m == "pm") if 0 < h <= _DAY_HOURS else None


@clock_times.rule(
    "clock",
    "h=number oclock",
    "h=number oclock n=number [minute_mark]",
    "oclock_ h=number [n=number]",
    "h=number oclock [and] n=half",
    "h=number oclock n=quarter_hour",
)
def _oclock(_: Context, h: int, n: int = 0) -> Clock:
    return _clock(h, n)


@clock_times.rule(
    "clock",
    "half_past h=number [oclock]",
    "h=number [oclock] and n=half",
    "half [oclock] h=number and",
    "n=half|quarter_hour past h=number [oclock]",
    "n=number [unit:minute] past h=number [oclock]",
    "h=number [oclock] and n=quarter_hour",
    "n=quarter_past h=number [oclock]",
    "h=number oclock past n=quarter_hour|number",
)
def _past(_: Context, h: int, n: int = 30) -> Clock | None:
    return _clock(h, n) if h <= _DAY_HOURS else None


@clock_times.rule(
    "clock",
    "n=half_to h=number [oclock]",
    "n=quarter_hour to_hour h=number [oclock]",
    "n=number unit:minute to|to_hour h=number [oclock]",
    "n=quarter_to h=number [oclock]",
    "h=number [oclock] minus n=quarter_hour|number",
    "n=quarter_hour to h=number [oclock]",
    "at f=number to|to_hour h=number [oclock]",
)
def _to(_: Context, h: int, n: int = 0, f: int = 0) -> Clock | None:
    n = n or (f if f in {5, 10, 20, 25} else 0)
    if not n or not 1 <= h <= _DAY_HOURS:
        return None
    earlier = _clock(h - 1 or _NOON, _MINUTES - n)
    return replace(earlier, sure=h > _NOON)


@clock_times.rule("clock", "h=number oclock named_time:1200", "named_time:1200 h=number oclock")
def _at_noon(_: Context, h: int) -> Clock:
    return _clock(h).in_part("noon")


@clock_times.rule("clock", "n=number [unit:minute] to_hour half_to h=number [oclock]")
def _before_half(_: Context, n: int, h: int) -> Clock:
    return _clock(h - 1 or _NOON, _HALF - n)


@clock_times.rule("clock", "n=number [unit:minute] past half_to h=number [oclock]")
def _after_half(_: Context, n: int, h: int) -> Clock:
    return _clock(h - 1 or _NOON, _HALF + n)


@clock_times.rule("clock", "n=named_time", "[at] n=named_time")
def _named(_: Context, n: int) -> Clock:
    return Clock(n // 100, n % 100, sure=True)


@clock_times.rule(
    "clock",
    "h=number in|of|at [the] p=part",
    "h=number p=in_part",
    "h=number oclock p=in_part",
    "at [about] h=number p=in_part",
    "p=part [dash] [at] [about] h=number",
    "p=part [at] [about] n=hhmm|dotted",
    "p=part [at] h=number n=number",
    "h=number oclock [in] [of] [the] p=part",
    "at [about] h=number p=part",
    "p=part [of] h=number oclock [n=number] [minute_mark]",
    "p=part [of] h=number oclock n=half",
)
def _of_part(_: Context, p: str, h: int | None = None, n: tuple[int, int] | int = 0) -> Clock | None:
    clock = _clock(*n) if isinstance(n, tuple) else _clock(h or 0, n)
    return clock.in_part(p) if 0 < clock.hour <= _NOON or n else None


@clock_times.rule("clock", "at h=number plus_minutes n=number", "h=hour plus_minutes n=number")
def _plus_minutes(_: Context, h: int, n: int) -> Clock:
    return _clock(h, n)


@clock_times.rule("date&clock", "[at] h=number day:0 p=part", "at h=number d=day p=part")
def _that_day(c: Context, h: int, p: str, d: int = 0) -> tuple[Days, Clock] | None:
    """
    Read "9 tonight".
    """
    return (one(c.today + timedelta(days=d), fixed=True), _clock(h).in_part(p)) if h else None


@clock_times.rule("clock", "h=hour", "h=hour and n=half", "h=hour and n=quarter_hour")
def _worded_hour(_: Context, h: int, n: int = 0) -> Clock:
    return _clock(h, n)


@bare_times.rule(
    "clock",
    "at [about] h=number [n=number]",
    "at [about] f=four [unit:hour]",
    "around h=number",
    "about m=number",
    "f=four oclock|unit:hour",
)
def _bare(_: Context, h: int = 0, n: int = 0, f: int | None = None, m: int = 0) -> Clock | None:
    """
    Read "at 5", "at seven thirty", "at 1730": minutes have two digits.
    """
    if f is not None:
        if f % 5:
            return None  # rather a house than a time
        return replace(_clock(f // 100, f % 100), sure=True)
    if m > _NOON:
        return None  # "what about 21?"
    h = h or m
    if n and not 10 <= n < _MINUTES:  # noqa: PLR2004 - minutes have two digits
        return None
    return _clock(h, n)
