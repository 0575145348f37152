"""
The files with the words of a language, read: one ``.toml`` for each.

``words`` goes from senses to words, as ``calendo.core.phrases.lexicon`` has
them. What follows a rule is written shorter: ``count`` (words that count up
from 0, with ``/`` between the forms of one), ``fused`` (numbers in one word,
the ones first) and ``paired`` (a weekday and a part of the day in one word).
"""

import tomllib
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent

Table = dict[str, list[str]]


@dataclass(frozen=True)
class Words:
    """
    The words of a language, and its habits: see ``Vocabulary``.
    """

    table: Table
    common: list[str]
    half_day: bool = False
    weeks_only: bool = False


def load(name: str) -> Words:
    """
    Read a file of words.
    """
    file = tomllib.loads((_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    table: dict[str, list[str]] = defaultdict(list)
    for part in (file["words"], _counted(file), _fused(file), _paired(file)):
        for sense, words in part.items():
            table[sense].extend(words)
    return Words(dict(table), file["common"], file.get("half_day", False), file.get("weeks_only", False))


def _counted(file: dict[str, Any]) -> Table:
    return {
        f"{kind}:{number}": word.split("/")
        for kind, words in file.get("count", {}).items()
        for number, word in enumerate(words)
        if word
    }


def _fused(file: dict[str, Any]) -> Table:
    """
    Make numbers whose ones come first: "einundzwanzig".
    """
    return {
        f"{rule['kind']}:{int(ten) + one}": [unit + rule["joint"] + word]
        for rule in file.get("fused", [])
        for ten, word in rule["tens"].items()
        for one, unit in enumerate(rule["ones"], 1)
    }


def _paired(file: dict[str, Any]) -> Table:
    """
    Make weekdays with a part of the day: "Montagmorgen", "montagmorgens".
    """
    rule = file.get("paired", {"weekdays": [], "parts": {}})
    return {
        f"weekday:{number} part:{part}": [day + word + ending for word in words for ending in ("", "s")]
        for number, day in enumerate(rule["weekdays"])
        for part, words in rule["parts"].items()
    }
