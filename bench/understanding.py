"""
How well the assistant understands: our reading of public sentences beside dateparser's and parsedatetime's.

``CALENDO_EVAL`` names the folder with the sentences. Their rows are judged as
the action of a chat would be: by the dates and the time of the last suggestion.
"""

import argparse
import json
import os
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha1
from pathlib import Path
from typing import Any

from calendo.chat.vocabulary import read
from calendo.core.phrases import Intent, Understood, combine

Row = dict[str, Any]
Answer = tuple[list[str], str | None]
#: Which hours a part of the day holds, as the judge has it.
_PARTS = {"morning": (0, 12), "afternoon": (12, 18), "evening": (17, 22), "night": (18, 30)}
_LANGUAGES = ("de", "fr", "es", "pt", "it", "nl", "ja", "zh")


def turns_of(row: Row) -> list[str]:
    """
    The messages of a row, oldest first.
    """
    return row.get("turns") or [row["utterance"]]


def ours(row: Row) -> Answer:
    """
    Answer as the assistant's built-in understanding does.
    """
    now = datetime.fromisoformat(row["reference_now"])
    so_far: Understood | None = None
    for turn in turns_of(row):
        said = read(turn, now)
        so_far = combine(so_far, said) if so_far else said
    if so_far is None or Intent.UNRELATED in so_far.intents:
        return [], None
    return [str(day) for day in so_far.dates], so_far.preferred_time


def dateparser_answer(row: Row) -> Answer:
    """
    Answer with the first date that dateparser finds in the last message that has one.
    """
    from dateparser.search import search_dates  # noqa: PLC0415 - only the comparison needs it

    now = datetime.fromisoformat(row["reference_now"])
    settings = {"RELATIVE_BASE": now, "PREFER_DATES_FROM": "future", "RETURN_TIME_AS_PERIOD": True}
    language = row["language"].split("-")[0]
    for turn in reversed(turns_of(row)):
        try:
            found = search_dates(turn, languages=[language], settings=settings)
        except Exception:  # noqa: BLE001 - whatever it stumbles over counts as no answer
            found = None
        if found:
            at = found[0][1]
            clock = f"{at:%H:%M}" if (at.hour, at.minute) not in {(now.hour, now.minute), (0, 0)} else None
            return [str(at.date())], clock
    return [], None


def parsedatetime_answer(row: Row) -> Answer:
    """
    Answer with what parsedatetime, which reads English, makes of the last message that has a date.
    """
    import parsedatetime  # noqa: PLC0415 - only the comparison needs it

    now = datetime.fromisoformat(row["reference_now"])
    calendar = parsedatetime.Calendar(version=parsedatetime.VERSION_CONTEXT_STYLE)
    for turn in reversed(turns_of(row)):
        try:
            at, context = calendar.parseDT(turn, sourceTime=now)
        except Exception:  # noqa: BLE001 - whatever it stumbles over counts as no answer
            continue
        if context.hasDate:
            return [str(at.date())], f"{at:%H:%M}" if context.hasTime else None
    return [], None


def judge(row: Row, answer: Answer) -> dict[str, bool]:
    """
    Judge an answer: every date has to lie in what is expected, and the time has to agree.
    """
    dates, clock = answer
    if row["category"] == "negative":
        return {"negative": not dates}
    expected = row["expected"]
    verdicts = []
    for wanted in [expected, *expected.get("alternatives", [])]:
        hit = bool(dates) and set(dates) <= set(wanted["dates"])
        verdict = {"date": hit}
        if wanted.get("time") or wanted.get("part_of_day"):
            verdict["time"] = _time_agrees(clock, wanted.get("time"), wanted.get("part_of_day"))
        verdict["all"] = hit and verdict.get("time", True)
        verdicts.append(verdict)
    return max(verdicts, key=lambda verdict: (verdict["all"], verdict["date"], verdict.get("time", False)))


def _time_agrees(said: str | None, clock: str | None, part: str | None) -> bool:
    if said is None:
        return False
    on_clock = said[0].isdigit()
    if clock:
        return said == clock if on_clock else _within(clock, said)
    if part is None:
        return True
    return _within(said, part) if on_clock else said == part or {said, part} <= {"evening", "night"}


def _within(clock: str, part: str) -> bool:
    hour = int(clock[:2]) + int(clock[3:]) / 60
    low, high = _PARTS[part]
    return low <= hour < high or low <= hour + 24 < high


@dataclass
class Score:
    """
    Counts of one group: how many rows, and how many had each thing right.
    """

    rows: int = 0
    right: dict[str, list[bool]] = field(default_factory=lambda: defaultdict(list))

    def add(self, verdict: dict[str, bool]) -> None:
        """
        Count a verdict.
        """
        self.rows += 1
        for name, right in verdict.items():
            self.right[name].append(right)

    def share(self, name: str) -> str:
        """
        Write a share in per cent.
        """
        found = self.right[name]
        return f"{100 * sum(found) / len(found):5.1f}" if found else "    -"


def language_of(row: Row) -> str:
    """
    The language of a row, without its region; those we do not read are "other".
    """
    language = row["language"].split("-")[0]
    return language if language in ("en", *_LANGUAGES) else "other"


def part_of(row: Row) -> str:
    """
    The part of the rows that a row belongs to, by a hash of its name.

    One half was looked at while the grammar was written. Of the other half a
    part was looked at in the end, and the last part was only ever measured.
    """
    if _hashed("half", row) % 2 == 0:
        return "worked"
    return "looked" if _hashed("part", row) % 3 == 0 else "unseen"


def _hashed(salt: str, row: Row) -> int:
    return int(sha1((salt + row["id"]).encode(), usedforsecurity=False).hexdigest(), 16)


def groups_of(row: Row) -> Iterator[str]:
    """
    The groups that a row counts in.
    """
    language = language_of(row)
    yield f"{row['source']} {language}"
    yield f"= {language}"
    if language in _LANGUAGES:
        yield "= the other eight"


def measure(
    rows: list[Row], answer: Callable[[Row], Answer]
) -> tuple[dict[str, Score], list[float], list[Row]]:
    """
    Return the scores by group, the processor seconds that each message took, and the rows that were wrong.
    """
    scores: dict[str, Score] = defaultdict(Score)
    seconds: list[float] = []
    wrong: list[Row] = []
    for row in rows:
        began = time.process_time()
        given = answer(row)
        seconds.append((time.process_time() - began) / len(turns_of(row)))
        verdict = judge(row, given)
        for group in groups_of(row):
            scores[group].add(verdict)
        if not all(verdict.values()):
            wrong.append({**row, "given": given})
    return scores, seconds, wrong


def main() -> None:
    """
    Print the table.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", choices=("worked", "looked", "unseen"), help="only this part of the rows")
    parser.add_argument("--alone", action="store_true", help="without the libraries")
    parser.add_argument("--wrong", help="show what this group has wrong, such as 'sgd en' or '= de'")
    given = parser.parse_args()
    folder = Path(os.environ.get("CALENDO_EVAL", "../shared/eval"))
    path = folder / "chat-dev.jsonl"
    if not path.exists():
        sys.exit(f"There are no sentences in {folder}: set CALENDO_EVAL to the folder of chat-dev.jsonl.")
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    rows = [row for row in rows if row["category"] != "intent_only" and language_of(row) != "other"]
    if given.part:
        rows = [row for row in rows if part_of(row) == given.part]
    readers: dict[str, Callable[[Row], Answer]] = {"calendo": ours}
    if not given.alone:
        readers |= {"dateparser": dateparser_answer, "parsedatetime": parsedatetime_answer}
    measured = {name: measure(rows, reader) for name, reader in readers.items()}
    if given.wrong:
        _show_wrong(measured["calendo"][2], given.wrong)
        return
    _show(measured)


def _show(measured: dict[str, tuple[dict[str, Score], list[float], list[Row]]]) -> None:
    print(f"{'':24s}{'rows':>6s}", *(f"| {name:^23s}" for name in measured))
    print(f"{'':30s}", *(f"| {'date':>5s} {'time':>5s} {'all':>5s} {'none':>5s}" for _ in measured))
    ours_, *_ = measured.values()
    for group in sorted(ours_[0], key=lambda name: (name.startswith("="), name)):
        columns = [
            "| " + " ".join(scores[group].share(name) for name in ("date", "time", "all", "negative"))
            for scores, _, _ in measured.values()
        ]
        print(f"{group:24s}{ours_[0][group].rows:6d}", *columns)
    for name, (_, seconds, _) in measured.items():
        worst = sorted(seconds)[int(len(seconds) * 0.99)]
        median = statistics.median(seconds)
        print(f"{name}: {median * 1e3:.2f} ms a message at the median, {worst * 1e3:.1f} at p99")


def _show_wrong(wrong: list[Row], group: str) -> None:
    for row in wrong:
        if group in groups_of(row):
            expected = row["expected"]
            dates = expected["dates"]
            wanted = f"{dates[0]}..{dates[-1]}" if len(dates) > 1 else "".join(dates)
            at = expected["time"] or expected["part_of_day"] or ""
            got, clock = row["given"]
            said = f"{got[0]}..{got[-1]}" if len(got) > 1 else "".join(got)
            text = " // ".join(turns_of(row))
            print(f"{row['reference_now'][:16]} | {text} | {wanted} {at} | {said} {clock or ''}")


if __name__ == "__main__":
    main()
