"""
Measure our figures beside a bare server's, in one run, and say whether they keep what we promise.

Exits with 1 when a target is missed.
"""

import argparse
import platform
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median

from bench import report
from bench.alone import Timing, time_find_slots
from bench.load import Generator
from bench.machine import Core, pinned, processor, two_cores
from bench.measure import slowdown
from bench.report import Target
from bench.run import CONNECTIONS, SLOTS, Run
from parts import ENGINES

MIN_RATIO = 0.08
MAX_SLOWDOWN = 1.2
MAX_MEMORY_MIB = 150
MAX_FIND_SLOTS_MS = 1.0
MIN_DELIVERIES_RATIO = 0.4


def main() -> int:
    """
    Run the benchmark and return the exit code.
    """
    options = _options()
    server_core, load_core = two_cores()
    generator = Generator(load_core, own_client=options.own_client)
    run = Run(generator, (server_core, load_core), rounds=2 if options.quick else 7, seconds=1)
    with pinned(server_core):
        timings = time_find_slots(200 if options.quick else 2000)
    for engine in [options.engine] if options.engine else ENGINES:
        run.measure(engine)
    targets = _targets(run, timings[0])
    tables = "\n\n".join(
        [
            _setting(run, generator, server_core, load_core),
            report.figures_table(run.figures),
            report.table(
                ["what a look-up costs the server, sqlite, 1,000 bookings", "CPU µs"],
                [[what, f"{cost:,.0f}"] for what, cost in run.steps.items()],
            ),
            report.table(
                ["webhooks to one fast receiver", "worker/s", "bare httpx2/s", "ratio"],
                [
                    [engine, f"{found.ours:,.0f}", f"{found.bare:,.0f}", f"{found.ratio:.3f}"]
                    for engine, found in run.deliveries.items()
                ],
            ),
            _parts_table(run, timings),
            report.targets_table(targets),
        ]
    )
    print(f"\n{tables}")
    if options.markdown is not None:
        report.put_into(options.markdown, tables)
    return 0 if all(target.met for target in targets) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="two rounds: a look, not a record")
    parser.add_argument("--engine", choices=ENGINES, help="measure over this database only")
    parser.add_argument(
        "--own-client", action="store_true", help="make the load with bench/client.py, not wrk"
    )
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="put the tables between FILE's markers")
    return parser.parse_args()


def _setting(run: Run, generator: Generator, server_core: Core, load_core: Core) -> str:
    cores = "not pinned" if server_core is None else f"server on core {server_core}, load on core {load_core}"
    python = f"{platform.python_implementation()} {platform.python_version()}"
    libraries = ", ".join(f"{name} {version(name)}" for name in ("uvicorn", "uvloop", "httptools"))
    unrest = median(figure.unrest for figure in run.figures)
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {processor()}, {platform.system()} {platform.release()}; {cores}. "
        f"{python}, {libraries}; {', '.join(run.databases)}; load from {generator.name}. "
        f"Runs of the bare server that should be alike lay {unrest:.0%} apart."
    )


def _parts_table(run: Run, timings: tuple[Timing, Timing]) -> str:
    rows = [
        ["`find_slots`, 60 days, 500 bookings", _time(timings[0])],
        ["the same with making the windows", _time(timings[1])],
    ]
    rows += [
        [f"commits of one row, {engine}", f"{rate:,.0f} a second"] for engine, rate in run.commits.items()
    ]
    rows += [
        [f"memory, {engine}, {bookings:,} bookings", f"{now:.0f} MiB, at most {peak:.0f} MiB"]
        for (engine, bookings), (now, peak) in run.memory.items()
    ]
    return report.table(["alone, and after the run", "measured"], rows, numbers=False)


def _time(timing: Timing) -> str:
    return f"{timing.median_ms:.3f} ms, at best {timing.fastest_ms:.3f} ms"


def _targets(run: Run, find_slots: Timing) -> list[Target]:
    targets = []
    for connections in CONNECTIONS:
        look_ups = {
            (figure.engine, figure.bookings): figure
            for figure in run.figures
            if (figure.what, figure.connections) == (SLOTS, connections)
        }
        if ("sqlite", 1_000) in look_ups:
            ratio = look_ups["sqlite", 1_000].ratio
            claim = f"{SLOTS}, sqlite, 1,000 bookings, {connections} conn.: at least {MIN_RATIO} of bare"
            targets.append(Target(claim, f"{ratio:.3f}", ratio >= MIN_RATIO))
        for engine in run.commits:
            times = slowdown(look_ups[engine, 1_000], look_ups[engine, 10_000])
            claim = (
                f"{SLOTS}, {engine}, {connections} conn.: 10,000 bookings at most {MAX_SLOWDOWN} times 1,000"
            )
            targets.append(Target(claim, f"{times:.2f}", times <= MAX_SLOWDOWN))
    for engine, found in run.deliveries.items():
        claim = f"webhooks to one receiver, {engine}: at least {MIN_DELIVERIES_RATIO} of a bare httpx2 loop"
        targets.append(Target(claim, f"{found.ratio:.3f}", found.ratio >= MIN_DELIVERIES_RATIO))
    memory = max(now for now, _ in run.memory.values())
    claim = f"memory after the run: below {MAX_MEMORY_MIB} MiB"
    targets.append(Target(claim, f"{memory:.0f} MiB", memory < MAX_MEMORY_MIB))
    took = find_slots.median_ms
    claim = f"`find_slots` alone: below {MAX_FIND_SLOTS_MS:g} ms"
    targets.append(Target(claim, f"{took:.3f} ms", took < MAX_FIND_SLOTS_MS))
    return targets


if __name__ == "__main__":
    sys.exit(main())
