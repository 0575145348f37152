"""
The report: tables that read well on a terminal and in Markdown, and the verdict on each target.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.measure import Figure


@dataclass(frozen=True, slots=True)
class Target:
    """
    What we promise, what was measured, and whether that keeps the promise.
    """

    claim: str
    measured: str
    met: bool


def figures_table(figures: Sequence[Figure]) -> str:
    """
    Lay out ours, the bare server's, and how they relate.
    """
    head = [
        "", "database", "bookings", "conn.", "ours/s", "bare/s", "ratio",
        "p50 ms", "x bare", "p99 ms", "x bare", "CPU µs", "x bare",
    ]  # fmt: skip
    rows = [
        [
            figure.what,
            figure.engine,
            f"{figure.bookings:,}",
            str(figure.connections),
            f"{figure.ours('per_second'):,.0f}",
            f"{figure.bare('per_second'):,.0f}" + ("+" if figure.generator_bound else ""),
            f"{figure.ratio:.3f}",
            *(
                part
                for name in ("p50_ms", "p99_ms", "cpu_us")
                for part in (_short(figure.ours(name)), f"{figure.times(name):.1f}")
            ),
        ]
        for figure in figures
    ]
    return table(head, rows)


def targets_table(targets: Sequence[Target]) -> str:
    """
    Lay out the promises.
    """
    return table(
        ["target", "measured", ""],
        [[target.claim, target.measured, "PASS" if target.met else "FAIL"] for target in targets],
        numbers=False,
    )


def table(head: Sequence[str], rows: Sequence[Sequence[str]], *, numbers: bool = True) -> str:
    """
    Align a Markdown table, numbers to the right.
    """
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    right = [
        numbers and all(re.fullmatch(r"[\d,.+]+", row[column]) for row in rows) for column in range(len(head))
    ]

    def line(cells: Sequence[str]) -> str:
        padded = [
            cell.rjust(width) if to_right else cell.ljust(width)
            for cell, width, to_right in zip(cells, widths, right, strict=True)
        ]
        return f"| {' | '.join(padded)} |"

    rule = [
        "-" * (width + 1) + (":" if to_right else "-") for width, to_right in zip(widths, right, strict=True)
    ]
    return "\n".join([line(head), f"|{'|'.join(rule)}|", *map(line, rows)])


def put_into(file: Path, report: str, name: str = "bench") -> None:
    """
    Replace what stands between a document's markers of that name; the prose around it stays.
    """
    first, last = f"<!-- {name} -->", f"<!-- end of {name} -->"
    block = f"{first}\n\n{report}\n\n{last}"
    if not file.exists():
        file.write_text(f"{block}\n")
        return
    before, start, rest = file.read_text().partition(first)
    _, end, after = rest.partition(last)
    if not start or not end:
        raise SystemExit(f"{file} has no place for the report: put {first} and {last} where it belongs.")
    file.write_text(before + block + after)


def _short(value: float) -> str:
    return f"{value:,.2f}" if value < 100 else f"{value:,.0f}"
