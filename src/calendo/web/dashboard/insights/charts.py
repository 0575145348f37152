"""
Charts as numbers: how high which part of which bar is, and what the lines behind them stand for.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from calendo.core.insights import Counts

#: The drawing is so wide and so high, in its own units, and stretched to the room there is.
WIDTH = 1000
HEIGHT = 200

_FILLED = 0.72
_MOST_STEPS = 4
#: So few bars have a label each; of more than that some have.
_FEW = 12
_MOST_LABELS = 8


@dataclass(frozen=True, slots=True)
class Bar:
    """
    A part of a bar: ``kind`` is what it counts.
    """

    x: float
    y: float
    width: float
    height: float
    kind: str


@dataclass(frozen=True, slots=True)
class Point:
    """
    What one bar stands for: a day, an hour. ``label`` is short, for the axis.
    """

    label: str
    name: str
    counts: Counts


@dataclass(frozen=True, slots=True)
class Chart:
    """
    Bars over points; ``ticks`` are the numbers at the side, from the top down, ``labelled`` the
    points that have room for a label.
    """

    points: Sequence[Point]
    bars: Sequence[Sequence[Bar]]
    ticks: Sequence[int]
    labelled: Sequence[int]

    @property
    def lines(self) -> list[float]:
        """
        Where the lines behind the bars are.
        """
        return [HEIGHT * index / (len(self.ticks) - 1) for index in range(len(self.ticks))]


def draw(points: Sequence[Point]) -> Chart:
    """
    Draw a bar for each point: what took place at the bottom, no-shows and what fell through upon it.
    """
    most = max((sum(number for _, number in parts_of(point.counts)) for point in points), default=0)
    step = step_for(most)
    steps = max(-(-most // step), 1)
    slot = WIDTH / max(len(points), 1)
    every = 1 if len(points) <= _FEW else -(-len(points) // _MOST_LABELS)
    return Chart(
        points=points,
        bars=[_bar(index * slot, slot, point.counts, steps * step) for index, point in enumerate(points)],
        ticks=[step * number for number in range(steps, -1, -1)],
        labelled=range(0, len(points), every),
    )


def parts_of(counts: Counts) -> list[tuple[str, int]]:
    """
    Split counts into what a bar is made of, from the bottom up.
    """
    return [
        ("kept", counts.bookings - counts.no_shows),
        ("missed", counts.no_shows),
        ("gone", counts.cancelled + counts.declined),
    ]


def step_for(most: int) -> int:
    """
    Choose how much lies between two lines, 1, 2 or 5 and their tenfolds, so that a few reach to ``most``.
    """
    step = 1
    while True:
        for factor in (1, 2, 5):
            if step * factor * _MOST_STEPS >= most:
                return step * factor
        step *= 10


def _bar(x: float, slot: float, counts: Counts, top: int) -> list[Bar]:
    bars: list[Bar] = []
    below = 0
    for kind, number in parts_of(counts):
        if number:
            below += number
            bars.append(
                Bar(
                    x=round(x + slot * (1 - _FILLED) / 2, 2),
                    y=round(HEIGHT * (1 - below / top), 2),
                    width=round(slot * _FILLED, 2),
                    height=round(HEIGHT * number / top, 2),
                    kind=kind,
                )
            )
    return bars
