"""
The words of a language and what they can mean: compiled tables, and texts looked up in them.

A table goes from senses to the words that have them::

    {"unit:week": ["week", "weeks"], "day:0 part:evening": ["tonight"]}

A word may stand under several senses, and has them all. Where two senses stand
in one key, the word is read as if two words stood there. A sense whose kind
ends in ``?`` is a weak one, such as ``month?:5`` for "may": the grammar asks
more of its surroundings, unless it is written with a capital inside a sentence.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from calendo.core.phrases.tokens import Token, fold, pieces

_LONGEST_NUMERAL = 8
_TEN = 10
_OPENING = frozenset('.!?:"(')
_NUMERALS = {numeral: value for value, numeral in enumerate("〇一二三四五六七八九")} | {
    "两": 2,
    "兩": 2,
    "零": 0,
}
_TENS = {"十": 10, "百": 100, "千": 1000}

Sense = tuple[str, object]
#: Puts right a word that no table knows, or returns None.
Mend = Callable[[str], str | None]


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """
    What one language brings to the grammar.

    ``tables``: see above. ``day_first``: whether 3/4 is the third of April.
    ``half_day``: whether people say "at 3" and mean the afternoon.
    ``weeks_only``: whether "this Tuesday" is always the one of this week. ``common``:
    frequent words, by which the language is known. ``mend``: see ``Mend``.
    """

    language: str
    tables: tuple[Mapping[str, Sequence[str]], ...] = ()
    day_first: bool = True
    half_day: bool = False
    weeks_only: bool = False
    common: frozenset[str] = frozenset()
    mend: Mend | None = None
    #: From the first piece of a phrase to its pieces and senses, the longest phrase first.
    phrases: dict[str, list[tuple[tuple[str, ...], tuple[tuple[Sense, ...], ...]]]] = field(
        default_factory=dict, init=False, repr=False
    )
    #: The longest word in a script without spaces.
    longest: int = field(default=0, init=False, repr=False)
    #: The same for words in scripts without spaces, by the whole word.
    runs: dict[str, tuple[tuple[Sense, ...], ...]] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        entries: dict[str, list[list[Sense]]] = {}
        for table in self.tables:
            for written, words in table.items():
                senses = [_sense(part) for part in written.split()]
                for word in words:
                    _enter(entries, fold(word), senses)
        for word, slots in entries.items():
            meaning = tuple(tuple(slot) for slot in slots)
            read = [] if word.isascii() and word.isalpha() else pieces(word)
            cut = tuple(token.text for token in read) or (word,)
            if len(read) == 1 and "run" in read[0].senses:
                self.runs[word] = meaning
            else:
                self.phrases.setdefault(cut[0], []).append((cut, meaning))
        object.__setattr__(self, "longest", max(map(len, self.runs), default=0))
        for found in self.phrases.values():
            found.sort(key=lambda phrase: -len(phrase[0]))

    def knows(self, word: str) -> bool:
        """
        Tell whether a word is in the tables, or frequent in the language.
        """
        return word in self.common or word in self.phrases or word in self.runs


def look_up(cut: list[Token], vocabulary: Vocabulary) -> list[Token]:
    """
    Give the tokens of a text the senses that they have in a language.

    The longest phrase is taken. What the tables do not know keeps its place, without a sense.
    """
    found: list[Token] = []
    at = 0
    while at < len(cut):
        token = cut[at]
        if "run" in token.senses:
            found.extend(_cut_run(token, vocabulary))
            at += 1
            continue
        phrase = _phrase_at(cut, at, vocabulary)
        if phrase is None:
            found.append(_mended(token, vocabulary))
            at += 1
            continue
        length, slots = phrase
        found.extend(_meant(cut[at : at + length], slots, at == 0 or cut[at - 1].text in _OPENING))
        at += length
    return found


def _phrase_at(
    cut: list[Token], at: int, vocabulary: Vocabulary
) -> tuple[int, tuple[tuple[Sense, ...], ...]] | None:
    for words, slots in vocabulary.phrases.get(cut[at].text, ()):
        length = len(words)
        if length == 1 or tuple(token.text for token in cut[at : at + length]) == words:
            return length, slots
    return None


def _meant(read: list[Token], slots: tuple[tuple[Sense, ...], ...], opens: bool) -> Iterable[Token]:
    """
    Yield a token for each slot of a phrase; all of them lie where the phrase lies.
    """
    first, last = read[0], read[-1]
    text = first.text if len(read) == 1 else " ".join(token.text for token in read)
    for slot in slots:
        senses = dict(first.senses) if len(read) == 1 else {}
        for kind, value in slot:
            if kind.startswith("glued") and not first.glued:
                continue
            # German writes "Dienstag Morgen" large, so a capital says nothing of parts of the day.
            strong = kind[:-1] if first.capital and not opens and kind != "part?" else kind
            if kind == "nothing":
                senses.clear()
            _give(senses, strong if kind.endswith("?") else kind, value)
        yield Token(first.start, last.end, text, senses, first.glued, first.capital)


def _cut_run(token: Token, vocabulary: Vocabulary) -> Iterable[Token]:
    """
    Cut a run without spaces into the longest words that the tables know, and numbers.
    """
    run, at = token.text, 0
    # A letter can fold into more than one; such a run is one place.
    exact = token.end - token.start == len(run)
    while at < len(run):
        length = _numeral_length(run, at)
        slots: tuple[tuple[Sense, ...], ...] = (
            ((("number", _numeral(run[at : at + length])),),) if length else ((),)
        )
        for longer in range(min(vocabulary.longest, len(run) - at), max(length, 0), -1):
            if run[at : at + longer] in vocabulary.runs:
                length, slots = longer, vocabulary.runs[run[at : at + longer]]
                break
        length = length or 1
        start = token.start + at if exact else token.start
        for slot in slots:
            senses: dict[str, object] = {}
            for kind, value in slot:
                _give(senses, kind, value)
            if run[at : at + length] in _NUMERALS or run[at : at + length] in _TENS:
                _give(senses, "number", _numeral(run[at : at + length]))
            yield Token(
                start,
                start + length if exact else token.end,
                run[at : at + length],
                senses,
                glued=at > 0 or token.glued,
            )
        at += length


def _numeral_length(run: str, at: int) -> int:
    length = 0
    while (
        at + length < len(run)
        and length < _LONGEST_NUMERAL
        and (run[at + length] in _NUMERALS or run[at + length] in _TENS)
    ):
        length += 1
    return length


def _numeral(written: str) -> int:
    """
    Read a number in ideographs: 二十五, or digit by digit, 二〇二〇.
    """
    if not any(sign in _TENS for sign in written):
        return int("".join(str(_NUMERALS[sign]) for sign in written))
    total, digit = 0, 0
    for sign in written:
        if sign in _TENS:
            total += (digit or 1) * _TENS[sign]
            digit = 0
        else:
            digit = _NUMERALS[sign]
    return total + digit


def _mended(token: Token, vocabulary: Vocabulary) -> Token:
    """
    Look a word up as it was meant, where it is misspelt.
    """
    if vocabulary.mend is None or "word" not in token.senses or token.text in vocabulary.common:
        return token
    meant = vocabulary.mend(token.text)
    slots = next((slots for words, slots in vocabulary.phrases.get(meant or "", ()) if len(words) == 1), None)
    if not slots or len(slots) > 1:
        return token
    mended = replace(token, senses=dict(token.senses))
    for kind, value in slots[0]:
        _give(mended.senses, kind, value)
    return mended


def _enter(entries: dict[str, list[list[Sense]]], word: str, senses: list[Sense]) -> None:
    if len(senses) > 1:
        slots = entries.get(word, [])
        if len(slots) == len(senses):
            for slot, sense in zip(slots, senses, strict=True):
                slot.append(sense)
        else:
            entries[word] = [[sense] for sense in senses]
    elif word not in entries:
        entries[word] = [senses[:]]
    elif len(entries[word]) == 1:
        entries[word][0].extend(senses)


def _sense(written: str) -> Sense:
    kind, _, value = written.partition(":")
    return kind, int(value or 1) if value.lstrip("-").isdigit() or not value else value


def _give(senses: dict[str, object], kind: str, value: object) -> None:
    """
    Add a sense, by its kind and by its kind and value: patterns can ask for either.
    """
    senses.setdefault(kind, value)
    senses[f"{kind}:{value}"] = value
    if kind in {"number", "ordinal"} and isinstance(value, int):
        if 0 < value < _TEN:
            senses["ones" if kind == "number" else "ordinal_ones"] = value
        elif kind == "number" and value % _TEN == 0 and 2 * _TEN <= value < _TEN * _TEN:
            senses["tens"] = value
