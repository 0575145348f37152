"""
An explained day as a table for the terminal.
"""

from calendo.core.instants import to_datetime
from calendo.ops.explanations import Explanation, clock_label, put_into_words


def as_table(explanation: Explanation) -> str:
    """
    Write a line for each candidate and each gap, with its reasons behind it.
    """
    labels = [
        clock_label(explanation, stretch.start)
        + (f" - {clock_label(explanation, stretch.end)}" if stretch.is_gap else "")
        for stretch in explanation.stretches
    ]
    width = max(map(len, labels), default=0)
    lines = [_title(explanation), ""]
    for label, stretch in zip(labels, explanation.stretches, strict=True):
        verdict = "offered" if stretch.is_offered else "closed" if stretch.is_gap else "not"
        reasons = " ".join(put_into_words(explanation, reason) for reason in stretch.reasons)
        lines.append(f"  {label:{width}}  {verdict:7}  {reasons}".rstrip())
    return "\n".join(lines)


def _title(explanation: Explanation) -> str:
    first, last = (to_datetime(instant, explanation.zone) for instant in explanation.bookable)
    return (
        f"{explanation.event_type.name}, {explanation.day:%A} {explanation.day}, on the clock of"
        f" {explanation.zone.key}\n"
        f"Bookings are made for {first:%Y-%m-%d %H:%M} and later, before {last:%Y-%m-%d %H:%M}."
    )
