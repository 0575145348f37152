"""
Measuring: short runs of ours and of the bare server in turn, and the medians of them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from bench.load import Call, Generator, Sample
from bench.servers import Process

#: A generator busier than this may be what holds a server back.
_BUSY = 0.95
#: Fewer answers than this make a run too short to judge by.
_FEW = 50


@dataclass(frozen=True, slots=True)
class Subject:
    """
    One thing to measure: what it is called, both servers, and how to come by the next call.
    """

    what: str
    engine: str
    bookings: int
    ours: Process
    bare: Process
    call: Callable[[], Call]


@dataclass(frozen=True, slots=True)
class Figure:
    """
    What the runs of one subject showed, ours and bare run by run.
    """

    what: str
    engine: str
    bookings: int
    connections: int
    pairs: Sequence[tuple[Sample, Sample]]

    @property
    def ratio(self) -> float:
        """
        Our answers per second, as a share of the bare server's.
        """
        return median(ours.per_second / bare.per_second for ours, bare in self.pairs)

    def ours(self, name: str) -> float:
        """
        The median of a figure of our runs.
        """
        return median(getattr(ours, name) for ours, _ in self.pairs)

    def bare(self, name: str) -> float:
        """
        The median of a figure of the bare server's runs.
        """
        return median(getattr(bare, name) for _, bare in self.pairs)

    def times(self, name: str) -> float:
        """
        How many times the bare server's figure ours is.
        """
        return median(getattr(ours, name) / max(getattr(bare, name), 1e-9) for ours, bare in self.pairs)

    @property
    def unrest(self) -> float:
        """
        How far apart the bare server's runs lay, which should all be alike: the half in the middle.
        """
        rates = sorted(bare.per_second for _, bare in self.pairs)
        quarter = len(rates) // 4
        return (rates[-1 - quarter] - rates[quarter]) / median(rates)

    @property
    def generator_bound(self) -> bool:
        """
        Whether the bare server might have answered more, had more been asked.
        """
        return self.bare("load_share") > _BUSY


def slowdown(fewer: Figure, more: Figure) -> float:
    """
    How many times as long an answer takes in one world as in another that took turns with it.

    Each beside the bare server of the same moment, so that the machine's moods cancel out.
    """
    return median(
        (ours.per_second / bare.per_second) / (ours_more.per_second / bare_more.per_second)
        for (ours, bare), (ours_more, bare_more) in zip(fewer.pairs, more.pairs, strict=True)
    )


def compare(
    subjects: Sequence[Subject], generator: Generator, connections: int, rounds: int, seconds: int
) -> list[Figure]:
    """
    Measure several subjects in turn, round by round, so that a slow minute of the machine meets all.
    """
    pairs: list[list[tuple[Sample, Sample]]] = [[] for _ in subjects]
    lengths = [seconds] * len(subjects)
    # The first round warms up and is not counted.
    for number in range(rounds + 1):
        for at, subject in enumerate(subjects):
            call = subject.call()
            ours, bare = (
                run(generator, subject.what, call, process, connections, lengths[at])
                for process in (subject.ours, subject.bare)
            )
            if number:
                pairs[at].append((ours, bare))
            elif ours.answers < _FEW:
                lengths[at] *= 4
    return [
        Figure(subject.what, subject.engine, subject.bookings, connections, found)
        for subject, found in zip(subjects, pairs, strict=True)
    ]


def run(
    generator: Generator, what: str, call: Call, process: Process, connections: int, seconds: int
) -> Sample:
    """
    Put load on a server once. A call that fails ends it all, since it would count as a fast answer.
    """
    sample = generator.run(call, process.base, process.pid, connections, seconds)
    if sample.errors:
        raise RuntimeError(f"{what}: {sample.errors} calls failed at {process.base}")
    return sample
