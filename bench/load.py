"""
The load: one call over and over on connections that stay open, by wrk or by our own client.
"""

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from bench.machine import Core, cpu_seconds, pinned, settled_cpu_seconds

_SCRIPT = Path(__file__).with_name("wrk.lua")


@dataclass(frozen=True, slots=True)
class Call:
    """
    A call to repeat. With ``bodies`` each call posts the next one.
    """

    target: str
    headers: Mapping[str, str] = field(default_factory=dict)
    bodies: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Sample:
    """
    What one short run showed.

    ``cpu_us`` is the server's processor time for an answer; ``load_share`` is how busy the
    load generator kept its own core, of 1.
    """

    answers: int
    per_second: float
    p50_ms: float
    p99_ms: float
    cpu_us: float
    load_share: float
    errors: int


class Generator:
    """
    Puts load on a server, from a core of its own.
    """

    def __init__(self, core: Core, *, own_client: bool = False) -> None:
        self._core = core
        self._wrk = None if own_client else _find_wrk()

    @property
    def name(self) -> str:
        """
        What makes the load.
        """
        if self._wrk is None:
            return "bench/client.py (uvloop)"
        shown = subprocess.run([self._wrk, "-v"], capture_output=True, text=True, check=False).stdout
        return " ".join(shown.split()[:2])

    def run(self, call: Call, base: str, pid: int, connections: int, seconds: int) -> Sample:
        """
        Repeat a call for some seconds; ``pid`` is the server's.
        """
        with tempfile.TemporaryDirectory(prefix="calendo-bench-") as folder:
            bodies = Path(folder) / "bodies"
            bodies.write_text("\n".join(call.bodies))
            if self._wrk is None:
                command = self._client_command(call, base, connections, seconds, bodies)
            else:
                command = self._wrk_command(call, base, connections, seconds, bodies)
            before, own_before, since = cpu_seconds(pid), _children_seconds(), time.monotonic()
            with pinned(self._core):
                done = subprocess.run(command, capture_output=True, text=True, check=False)
            took = time.monotonic() - since
        own_used = _children_seconds() - own_before
        # What the server still works on would slow the next run down.
        used = settled_cpu_seconds(pid) - before
        if done.returncode or "RESULT " not in done.stdout:
            raise RuntimeError(f"the load generator failed:\n{done.stdout}{done.stderr}")
        result = json.loads(done.stdout.partition("RESULT ")[2])
        return Sample(
            answers=result["answers"],
            per_second=result["answers"] / result["seconds"],
            p50_ms=result["p50_us"] / 1000,
            p99_ms=result["p99_us"] / 1000,
            # Each connection had one more call under way when the time was up.
            cpu_us=used / (result["answers"] + connections) * 1_000_000,
            load_share=own_used / took,
            errors=result["errors"],
        )

    def _wrk_command(self, call: Call, base: str, connections: int, seconds: int, bodies: Path) -> list[str]:
        assert self._wrk is not None
        headers = [part for name, value in call.headers.items() for part in ("-H", f"{name}: {value}")]
        shape = ["-t", "1", "-c", str(connections), "-d", f"{seconds}s", "--timeout", "10s"]
        given = [str(bodies)] if call.bodies else []
        return [self._wrk, *shape, *headers, "-s", str(_SCRIPT), base + call.target, "--", *given]

    def _client_command(
        self, call: Call, base: str, connections: int, seconds: int, bodies: Path
    ) -> list[str]:
        address = urlsplit(base)
        plan = {
            "host": address.hostname,
            "port": address.port,
            "target": call.target,
            "headers": dict(call.headers),
            "connections": connections,
            "seconds": seconds,
            "bodies": str(bodies) if call.bodies else None,
        }
        return [sys.executable, "-m", "bench.client", json.dumps(plan)]


def _find_wrk() -> str | None:
    wrk, apt = shutil.which("wrk"), shutil.which("apt-get")
    if wrk is None and apt is not None and os.geteuid() == 0:
        print("wrk is not here; trying apt-get install wrk", file=sys.stderr)
        subprocess.run([apt, "install", "-y", "-qq", "wrk"], capture_output=True, check=False)
        wrk = shutil.which("wrk")
    return wrk


def _children_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
