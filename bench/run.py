"""
One run: every world on every database, each with a bare server beside it.
"""

import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from time import sleep

import httpx2
from sqlalchemy import text

from bench.alone import commits_per_second
from bench.deliveries import Throughput, deliveries_per_second
from bench.load import Call, Generator
from bench.machine import Core, file_system, memory_mib
from bench.measure import Figure, Subject, compare, run
from bench.servers import Process, bare_server, our_server
from bench.world import World
from calendo.db.engine import Database
from parts import postgres_server

BOOKINGS = (100, 1_000, 10_000)
#: The world in which bookings are listed and made.
MIDDLE = 1_000
CONNECTIONS = (1, 16)
SLOTS, FIRST_PAGE, LISTING, BOOK = "look up slots", "list 100 bookings", "list all bookings", "book a slot"
#: More bookings than a server makes in a second.
_BOOKINGS_PER_SECOND = 3_000
#: After so long a server has given back what the rush has needed, and its mails are written.
_REST_SECONDS = 15


class Run:
    """
    Collects what is found, engine by engine.
    """

    def __init__(self, generator: Generator, cores: tuple[Core, Core], rounds: int, seconds: int) -> None:
        self._generator = generator
        self._cores = cores
        self._core = cores[0]
        self._rounds = rounds
        self._seconds = seconds
        self.figures: list[Figure] = []
        #: By engine and bookings: MiB after the run, and at most.
        self.memory: dict[tuple[str, int], tuple[float, float]] = {}
        #: What a look-up is made of: the server's processor time for an answer, in microseconds.
        self.steps: dict[str, float] = {}
        #: By engine: how often a second one row can be written for good.
        self.commits: dict[str, float] = {}
        #: By engine: how fast what waits for one endpoint is sent.
        self.deliveries: dict[str, Throughput] = {}
        #: What the databases and their disk are.
        self.databases: list[str] = []

    def measure(self, engine: str) -> None:
        """
        Measure everything over one database engine.
        """
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="calendo-bench-")))
            urls = stack.enter_context(_databases(engine, folder))
            self._look_at_database(engine, next(urls), folder)
            groups: list[list[Subject]] = [[]]
            processes: dict[int, Process] = {}
            for bookings in BOOKINGS:
                place = folder / str(bookings)
                place.mkdir()
                url = next(urls)
                ours = processes[bookings] = stack.enter_context(our_server(url, place, self._core))
                world = World(ours.base, url, bookings)
                _see_that_it_is_so(ours, world)
                calls = _calls(world, self._seconds)
                samples = [world.booking(1) if what == BOOK else call() for what, call in calls.items()]
                bare = stack.enter_context(bare_server(ours, samples, place, self._core))
                if engine == "sqlite" and bookings == MIDDLE:
                    self._take_steps(ours, bare, world)
                for what, call in calls.items():
                    subject = Subject(what, engine, bookings, ours, bare, call)
                    # The look-ups of all worlds take turns, so that they can be compared.
                    groups[0].append(subject) if what == SLOTS else groups.append([subject])
            for group in groups:
                for connections in CONNECTIONS:
                    self._measure(group, connections)
            sleep(_REST_SECONDS)
            for bookings, process in processes.items():
                self.memory[engine, bookings] = memory_mib(process.pid)
        self._measure_deliveries(engine)

    def _measure_deliveries(self, engine: str) -> None:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="calendo-bench-")))
            url = next(stack.enter_context(_databases(engine, folder)))
            found = deliveries_per_second(url, folder, self._cores, self._rounds)
        self.deliveries[engine] = found
        print(f"{engine}: {found.ours:,.0f} deliveries/s, {found.ratio:.3f} of bare", file=sys.stderr)

    def _measure(self, subjects: Sequence[Subject], connections: int) -> None:
        found = compare(subjects, self._generator, connections, self._rounds, self._seconds)
        self.figures += found
        for figure in found:
            print(
                f"{figure.engine}: {figure.what}, {figure.bookings:,} bookings, {connections} conn.: "
                f"{figure.ours('per_second'):,.0f}/s, {figure.ratio:.3f} of bare",
                file=sys.stderr,
            )

    def _take_steps(self, ours: Process, bare: Process, world: World) -> None:
        """
        Measure calls that do ever more of what a look-up does.
        """
        steps = {
            "the bare server, the same bytes": (bare, world.slots),
            "`/healthz`: the framework around a constant": (ours, Call("/healthz")),
            "look up slots of a week that is over: none": (ours, world.slots_in_the_past),
            "look up slots of a day": (ours, world.slots_of_a_day),
            "look up slots of the week": (ours, world.slots),
        }
        for what, (process, call) in steps.items():
            samples = [
                run(self._generator, what, call, process, CONNECTIONS[-1], self._seconds)
                for _ in range(self._rounds + 1)
            ]
            self.steps[what] = median(sample.cpu_us for sample in samples[1:])

    def _look_at_database(self, engine: str, url: str, folder: Path) -> None:
        db = Database(url)
        version = "sqlite_version()" if db.is_sqlite else "current_setting('server_version')"
        with db.read() as tx:
            shown = tx.scalar(text(f"SELECT {version}"))
        db.close()
        name = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[engine]
        self.databases.append(
            f"{name} {shown}" + (f" on {file_system(folder)}" if engine == "sqlite" else "")
        )
        self.commits[engine] = commits_per_second(url, self._seconds)


def _calls(world: World, seconds: int) -> dict[str, Callable[[], Call]]:
    """
    What is measured in a world. Bookings come last, since they make the lists longer.
    """
    calls: dict[str, Callable[[], Call]] = {SLOTS: lambda: world.slots}
    if world.bookings == MIDDLE:
        calls[FIRST_PAGE] = lambda: world.first_page
        calls[LISTING] = lambda: world.listing
        calls[BOOK] = lambda: world.booking(_BOOKINGS_PER_SECOND * seconds)
    return calls


def _see_that_it_is_so(ours: Process, world: World) -> None:
    """
    Count the slots before measuring, since an empty answer would be a fast one.
    """
    answer = httpx2.get(ours.base + world.slots.target).raise_for_status().json()
    free = sum(len(day) for day in answer["starts"].values())
    if free != world.free_in_week:
        raise RuntimeError(f"{free} slots are free in the week instead of {world.free_in_week}")


@contextmanager
def _databases(engine: str, folder: Path) -> Iterator[Iterator[str]]:
    """
    Lend URLs of empty databases, one after the other.
    """
    if engine == "sqlite":
        yield (f"sqlite:///{folder / f'{number}.db'}" for number in range(100))
        return
    made: list[str] = []
    with postgres_server() as server:

        def make() -> Iterator[str]:
            while True:
                made.append(server.make(migrated=False))
                yield made[-1]

        yield make()
        for url in made:
            server.drop(url)
