"""
Words that are dates only in company: "may", "march", "sun", "mar"; and "later", which moves on only alone.
"""

from collections.abc import Collection
from dataclasses import replace

from calendo.core.phrases.tokens import Token

#: A weak word behind one of these means the month or day.
_BEFORE = frozenset(
    [
        "on",
        "in",
        "of",
        "rel",
        "before",
        "after",
        "until",
        "since",
        "by",
        "from",
        "edge",
        "ordinal",
        "digits",
        "weekday",
        "month",
        "date_word",
        "next_to",
        "the_day",
        "starting",
        "year",
        "between",
        "within",
        "day",
        "not",
    ]
)
#: And so before one of these.
_BEHIND = frozenset(
    [
        "digits",
        "nth",
        "year",
        "ordinal",
        "day_mark",
        "part",
        "meridiem",
        "hhmm",
        "at",
        "rel",
        "edge_",
        "weekday",
        "apostrophe",
        "on_",
        "named_time",
        "not",
        "cannot",
    ]
)
#: Between two weak or strong words of the calendar.
_LINKS = frozenset({"to", "or", "and", "dash", "comma", "slash"})
_CALENDAR = frozenset({"month", "month?", "weekday", "weekday?"})
_DAYS = frozenset({"day", "weekday", "weekday?", "month", "digits", "nth"})
_WEAK = ("month?", "weekday?", "part?", "zone?", "move?")
#: A word such as "the second", alone, chooses from what was offered.
_MOST_OFFERED = 5


def strengthen(tokens: list[Token], common: Collection[str] = ()) -> None:
    """
    Let weak senses count where the words beside them speak for it, or where the word stands alone.

    A word of ``common`` needs company in any case: "so" is no Sunday.
    """
    said = [token for token in tokens if not token.senses.keys() & {"stop", "comma", "dot", "polite"}]
    if len(said) == 1 and "dotted" in said[0].senses:
        place = tokens.index(said[0])
        tokens[place] = replace(said[0], senses={**said[0].senses, "day_month": said[0].senses["dotted"]})
    chosen = [token for token in said if not token.senses.keys() & {"the", "the_day"}]
    if len(chosen) == 1 and 0 < _number(chosen[0]) <= _MOST_OFFERED:
        chosen[0].senses = {"pick": chosen[0].senses["ordinal"]}
    for place, token in enumerate(tokens):
        weak = [kind for kind in _WEAK if kind in token.senses]
        if not weak:
            continue
        for kind in weak:
            if (len(said) == 1 and kind != "part?" and token.text not in common) or _in_company(
                tokens, place, kind, common
            ):
                value = token.senses[kind]
                token.senses[kind[:-1]] = value
                token.senses[f"{kind[:-1]}:{value}"] = value
                if kind == "part?":
                    # "Montag Morgen": not tomorrow.
                    token.senses.pop("day", None)


def _number(token: Token) -> int:
    ordinal = token.senses.get("ordinal")
    return ordinal if isinstance(ordinal, int) else 0


def _in_company(tokens: list[Token], place: int, kind: str, common: Collection[str]) -> bool:
    before = tokens[place - 1].senses.keys() if place else set()
    if kind == "zone?":
        # "3pm est", but not "15h est possible".
        return tokens[place].text not in common and bool(before & {"meridiem", "hhmm", "digits"})
    if kind in {"part?", "move?"}:
        return kind == "part?" and bool(before & _DAYS)
    behind = tokens[place + 1].senses.keys() if place + 1 < len(tokens) else set()
    if before & _BEFORE or behind & _BEHIND:
        return True
    beyond = tokens[place + 2].senses.keys() if place + 2 < len(tokens) else set()
    if behind & {"between", "from"} and beyond & {"number", "hhmm", "at", "the"}:
        return True
    if place > 1 and before & _LINKS and tokens[place - 2].senses.keys() & _CALENDAR:
        return True
    return bool(behind & _LINKS) and bool(beyond & _CALENDAR)
