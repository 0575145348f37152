"""
The machine underneath: which cores to use, and how to name it beside the figures.
"""

import os
import platform
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

Core = int | None


def two_cores() -> tuple[Core, Core]:
    """
    Choose a core for the server and one for the load, or None where that is not ours to choose.
    """
    if not hasattr(os, "sched_setaffinity"):
        return None, None
    usable = sorted(os.sched_getaffinity(0))
    if len(usable) < 2:
        return None, None
    # Two threads of one core would slow each other down.
    apart = [core for core in usable if core not in _siblings(usable[0])]
    return usable[0], (apart or usable[1:])[0]


@contextmanager
def pinned(core: Core) -> Iterator[None]:
    """
    Stay on a core, and so do the processes that start within the block.
    """
    if core is None:
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def cpu_seconds(pid: int) -> float:
    """
    Return the processor time that a process has used so far.
    """
    times = psutil.Process(pid).cpu_times()
    return times.user + times.system


def settled_cpu_seconds(pid: int, patience: float = 10.0) -> float:
    """
    Wait until a process rests, and return the processor time that it has used by then.
    """
    until = time.monotonic() + patience
    used, before = cpu_seconds(pid), -1.0
    while used > before and time.monotonic() < until:
        time.sleep(0.05)
        before, used = used, cpu_seconds(pid)
    return used


def memory_mib(pid: int) -> tuple[float, float]:
    """
    Return what a process holds in memory now, and at most so far.
    """
    now = psutil.Process(pid).memory_info().rss / 2**20
    status = Path(f"/proc/{pid}/status")
    peak = re.search(r"VmHWM:\s+(\d+) kB", status.read_text()) if status.exists() else None
    return now, int(peak[1]) / 1024 if peak else now


def processor() -> str:
    """
    Name the processor and count its cores.
    """
    cpuinfo = Path("/proc/cpuinfo")
    model = re.search(r"model name\s*: (.+)", cpuinfo.read_text()) if cpuinfo.exists() else None
    return f"{model[1] if model else platform.machine()}, {psutil.cpu_count()} cores"


def file_system(folder: Path) -> str:
    """
    Name the file system of a folder, since a commit costs what it takes to make a disk sure.
    """
    mounts = [mount for mount in psutil.disk_partitions(all=True) if folder.is_relative_to(mount.mountpoint)]
    return max(mounts, key=lambda mount: len(mount.mountpoint)).fstype if mounts else "unknown"


def _siblings(core: int) -> set[int]:
    path = Path(f"/sys/devices/system/cpu/cpu{core}/topology/thread_siblings_list")
    if not path.exists():
        return {core}
    found: set[int] = set()
    for part in path.read_text().strip().split(","):
        first, _, last = part.partition("-")
        found.update(range(int(first), int(last or first) + 1))
    return found
