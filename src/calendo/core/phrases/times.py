"""
What is built on times of day: "from 2 to 4", "after 3", "half an hour", "in two hours".
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from calendo.core.phrases.clock import Clock
from calendo.core.phrases.context import Context
from calendo.core.phrases.grammar import Grammar

#: Ranges that name the half of the day once: "2-4 pm".
halves = Grammar()
#: From one time to another, and before and after a time.
time_ranges = Grammar()
#: The same of bare numbers.
bare_ranges = Grammar()
#: How long something takes.
lengths = Grammar()
#: In how long it is.
moments = Grammar()

_NOON = 12
_MOST_MINUTES = 24 * 60
#: "2h" is a length, "10h" rather a time.
_MOST_HOURS = 6
_UNIT_MINUTES = {"hour": 60, "minute": 1}


@dataclass(frozen=True, slots=True)
class Clocks:
    """
    A range of times; an open end is None. ``loose``: only two numbers, which may mean something else.
    """

    start: Clock | None
    end: Clock | None
    loose: bool = False


@halves.rule(
    "clocks",
    "[from] [at] h=number [oclock] to|dash [at] k=number [oclock] m=meridiem",
    "between h=number and|dash|to k=number m=meridiem",
    "[from] [at] h=hhmm|dotted to|dash k=hhmm|dotted m=meridiem",
    "between h=hhmm and k=hhmm m=meridiem",
    "[from] h=number to|dash k=hhmm m=meridiem",
    "[from] h=hhmm to|dash k=number m=meridiem",
    "m=meridiem h=number oclock to|dash k=number oclock",
    "m=meridiem h=number oclock from_ k=number oclock [until_]",
)
def _half_said_once(_: Context, h: int | tuple[int, int], k: int | tuple[int, int], m: str) -> Clocks:
    start, end = _plain(h), _plain(k)
    if m == "am":
        return joined(start.in_half(afternoon=False), end)
    return joined(start, end.in_half(afternoon=True))


@halves.rule("length", "a unit:hour and n=half", "h=number and [a] n=half unit:hour")
def _hour_and_a_half(_: Context, n: int, h: int = 1) -> int:
    return 60 * h + n


@halves.rule(
    "clocks",
    "from [at] h=number [oclock] to|dash [at] k=number oclock",
    "[at] h=digits [oclock] to|dash [at] k=digits oclock",
    "between [at] [the] h=number [oclock] and [at] [the] k=number oclock",
    "[from] [at] h=hhmm|dotted [oclock] to|dash [at] k=hhmm|dotted oclock",
    "between [at] h=hhmm|dotted and k=hhmm|dotted oclock",
)
def _oclock_said_once(_: Context, h: int | tuple[int, int], k: int | tuple[int, int]) -> Clocks:
    return joined(_plain(h), _plain(k))


@halves.rule(
    "clocks",
    "[from] [at] h=number [oclock] to|dash [at] k=number [oclock] [in] [of] [the] p=part",
    "p=part [from] [at] h=number|hhmm [oclock] to|dash [at] k=number|hhmm [oclock]",
    "between [at] [the] h=number [oclock] and [at] [the] k=number [oclock] [in] [of] [the] p=part",
    "[from] [at] h=hhmm [oclock] to|dash [at] k=hhmm [oclock] [in] [of] [the] p=part",
)
def _part_said_once(_: Context, h: int | tuple[int, int], k: int | tuple[int, int], p: str) -> Clocks:
    start, end = _plain(h), _plain(k)
    if p == "morning":
        return Clocks(start.in_part(p), joined(start.in_part(p), end).end)
    return joined(start, end.in_part(p))


def _plain(written: int | tuple[int, int]) -> Clock:
    hour, minute = written if isinstance(written, tuple) else (written, 0)
    return Clock(hour, minute, sure=hour > _NOON or hour == 0)


def joined(start: Clock, end: Clock, *, loose: bool = False) -> Clocks:
    """
    Make a range of two times. One that is sure tells the half of the day of the other: 11-1 pm, 9-5.
    """
    if start.sure and not end.sure:
        end = min(
            (end.in_half(afternoon=half) for half in (False, True)),
            key=lambda at: (at.time <= start.time, at.time),
        )
    elif end.sure and not start.sure:
        latest = max(
            (start.in_half(afternoon=half) for half in (False, True)),
            key=lambda at: (at.time < end.time, at.time),
        )
        start = latest
    return Clocks(start, end, loose=loose)


@time_ranges.rule(
    "clocks",
    "[from] a=clock to|dash [at] b=clock [until_]",
    "between [at] a=clock and|dash|to [at] b=clock",
    "a=clock from_ b=clock [until_]",
    "from a=clock b=clock",
    "a=clock b=clock between_",
)
def _range(_: Context, a: Clock, b: Clock) -> Clocks:
    return joined(a, b)


@time_ranges.rule("clock", "move_from [at] clock to [at] b=clock")
def _moved(_: Context, b: Clock) -> Clock:
    return b


@bare_ranges.rule(
    "clocks",
    "from [at] [the] h=number to|dash [at] [the] k=number [oclock]",
    "between [at] [the] h=number and|dash|to [at] [the] k=number [oclock]",
    "from [at] h=number to|dash [at] b=clock",
    "[from] a=clock to|dash [at] k=number",
    "between [at] h=number and b=clock",
    "between a=clock and k=number",
    "at h=number to|dash k=number",
    "h=number to|dash b=clock",
    "h=number from_ k=number until_",
)
def _bare_range(_: Context, h: int = 0, k: int = 0, a: Clock | None = None, b: Clock | None = None) -> Clocks:
    return joined(a or _plain(h), b or _plain(k))


@time_ranges.rule(
    "clock_choice",
    "a=clock or [at] k=number|clock",
    "a=clock comma [at] k=number|clock or [at] j=number|clock",
)
def _either(_: Context, a: Clock, k: int | Clock, j: int | Clock | None = None) -> tuple[Clock, ...]:
    """
    Read "at 10 or 11": what is sure of the first holds for the others.
    """
    others = [other if isinstance(other, Clock) else _plain(other) for other in (k, j) if other is not None]
    if a.sure:
        others = [other if other.sure else joined(a, other).end or other for other in others]
    return (a, *others)


@time_ranges.rule("clocks", "h=number to|dash k=number")
def _loose_range(_: Context, h: int, k: int) -> Clocks | None:
    return joined(_plain(h), _plain(k), loose=True) if h and k and h != k else None


@time_ranges.rule(
    "clocks",
    "after [at] [about] [the] a=clock",
    "from [at] a=clock onwards|on",
    "since a=clock",
    "a=clock onwards",
    "a=clock from_ onwards",
    "not before [at] a=clock",
    "a=clock after_",
    "a=clock or later",
    "from a=clock",
    "a=clock from_",
    "not until a=clock",
    "later than a=clock",
)
def _from_on(_: Context, a: Clock) -> Clocks:
    return Clocks(a, None)


@time_ranges.rule(
    "clocks",
    "after [at] [the] h=number [oclock]",
    "from [at] h=number onwards|on",
    "not before [at] h=number",
    "later than h=number",
    "since [at] h=number [oclock]",
)
def _from_hour_on(_: Context, h: int) -> Clocks:
    return Clocks(_plain(h), None)


@time_ranges.rule(
    "clocks",
    "before|before_time [at] [about] [the] a=clock",
    "until [at] [the] a=clock",
    "a=clock before_",
    "a=clock until_",
    "a=clock or earlier",
    "not after [at] a=clock",
    "not later than a=clock",
    "earlier than a=clock",
)
def _up_to(_: Context, a: Clock) -> Clocks:
    return Clocks(None, a)


@time_ranges.rule(
    "clocks",
    "before|before_time [at] [the] h=number [oclock]",
    "not after [at] h=number",
    "not later than h=number",
    "earlier than h=number",
)
def _up_to_hour(_: Context, h: int) -> Clocks:
    return Clocks(None, _plain(h))


@lengths.rule(
    "length",
    "n=number|a [dash] u=unit:hour|unit:minute [dash] [long]",
    "u=unit:hour dash long",
    "n=number glued_min",
)
def _length(_: Context, u: str = "minute", n: int = 1) -> int | None:
    minutes = n * _UNIT_MINUTES[u]
    return minutes if 0 < minutes <= _MOST_MINUTES else None


@lengths.rule(
    "length",
    "half [dash] [of] [a] unit:hour",
    "n=half_hour",
    "a half unit:hour",
    "n=quarter_hour [of] [a] unit:hour",
    "n=quarter_hour of [a] unit:hour",
)
def _half_hour(_: Context, n: int = 30) -> int:
    return n


@lengths.rule(
    "length",
    "n=number|a unit:hour [and] k=number [unit:minute]",
    "n=number|a unit:hour and [a] half",
    "n=number and [a] half unit:hour",
    "n=number|a unit:hour half",
    "n=number|a half unit:hour",
)
def _hours_and_minutes(_: Context, n: int, k: int = 30) -> int | None:
    return n * 60 + k if n <= 24 and k < 60 else None  # noqa: PLR2004 - a day's hours, an hour's minutes


@lengths.rule("length", "n=number glued_hour")
def _short_hours(_: Context, n: int) -> int | None:
    return 60 * n if 0 < n <= _MOST_HOURS else None


@lengths.rule("length", "n=number and_half")
def _and_half(_: Context, n: int) -> int:
    return n * 60 + 30


@lengths.rule("length", "n=dotted unit:hour")
def _decimal_hours(_: Context, n: tuple[int, int]) -> int:
    hours, tenths = n
    return hours * 60 + tenths * (6 if tenths < 10 else 1)  # noqa: PLR2004 - one digit


@moments.rule(
    "moment",
    "in n=length [time_word]",
    "n=length hence",
    "hence n=length",
    "in n=length hence",
    "within_ n=length",
)
def _moment(c: Context, n: int) -> datetime:
    return (c.now + timedelta(minutes=n)).replace(second=0, microsecond=0)


@moments.rule("nothing", "n=length ago", "ago n=length")
def _past(_: Context, n: int) -> int:
    return n
