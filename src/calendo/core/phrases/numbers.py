"""
Numbers: "twenty-three", "the 23rd", "a couple of".
"""

from calendo.core.phrases.context import Context
from calendo.core.phrases.grammar import Grammar

numbers = Grammar()


@numbers.rule("number", "t=tens [dash] u=ones", "t=tens and u=ones", "t=tens dash and dash u=ones")
def _two_words(_: Context, t: int, u: int) -> int:
    return t + u


@numbers.rule("ordinal", "t=tens [dash] u=ordinal_ones", "t=tens and u=ordinal_ones")
def _two_word_ordinal(_: Context, t: int, u: int) -> int:
    return t + u


@numbers.rule("ordinal+nth", "n=digits glued_th")
def _digits_with_ending(_: Context, n: int) -> int | None:
    return n or None


@numbers.rule("ordinal", "ordinal_mark n=number")
def _marked_ordinal(_: Context, n: int) -> int | None:
    return n or None


@numbers.rule("month", "n=number month_mark")
def _numbered_month(_: Context, n: int) -> int | None:
    return n if 1 <= n <= 12 else None  # noqa: PLR2004 - months


@numbers.rule("number", "t=number thousand", "t=number thousand [and] n=number")
def _thousands(_: Context, t: int, n: int = 0) -> int:
    return t * 1000 + n


@numbers.rule("year", "t=number thousand [and] n=number")
def _year_in_words(_: Context, t: int, n: int) -> int | None:
    year = t * 1000 + n
    return year if 1900 <= year < 2200 else None  # noqa: PLR2004 - years somebody may mean


@numbers.rule("year", "c=apostrophe n=digits")
def _short_year(_: Context, c: str, n: int) -> int | None:
    return 2000 + n if c and 0 < n < 100 else None  # noqa: PLR2004 - two digits
