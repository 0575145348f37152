"""
Running ``calendo`` as people do: in a process of its own.
"""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import parts

JANE = ("user", "create", "--email", "jane@example.com", "--name", "Jane Smith")
PASSWORD = ("--password", "securepass123")


@dataclass(frozen=True)
class Calendo:
    """
    The program in a folder, with settings; ``package`` is where its code lies, if elsewhere.
    """

    folder: Path
    settings: Mapping[str, str]
    package: Path | None = None

    @property
    def environment(self) -> dict[str, str]:
        found = parts.environment(self.settings)
        if self.package is not None:
            found["PYTHONPATH"] = os.pathsep.join([str(self.package), found.get("PYTHONPATH", "")])
        return {**found, "COLUMNS": "80", "NO_COLOR": "1"}

    def run(self, *arguments: str, stdin: str = "") -> "subprocess.CompletedProcess[str]":
        """
        Run a command to its end.
        """
        return subprocess.run(
            [sys.executable, "-m", "calendo", *arguments],
            cwd=self.folder,
            env=self.environment,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            start_new_session=True,
        )

    def done(self, *arguments: str, stdin: str = "") -> str:
        """
        Run a command that has to succeed, and return what it prints.
        """
        result = self.run(*arguments, stdin=stdin)
        assert (0, "") == (result.returncode, result.stderr), result.stderr
        return result.stdout

    def refused(self, *arguments: str) -> str:
        """
        Run a command that has to fail with exit code 1 and one line that says why; return the line.
        """
        return why_refused(self.run(*arguments))

    def with_settings(self, **settings: str) -> "Calendo":
        """
        Return the same with more settings, named without their prefix.
        """
        more = {f"CALENDO_{name.upper()}": value for name, value in settings.items()}
        return Calendo(self.folder, {**self.settings, **more}, self.package)

    def of_version(self, package: Path) -> "Calendo":
        """
        Return the same with the code of another version.
        """
        return Calendo(self.folder, self.settings, package)


def why_refused(result: "subprocess.CompletedProcess[str]") -> str:
    """
    See that a command failed with exit code 1 and one line that says why; return the line.
    """
    assert (1, "") == (result.returncode, result.stdout), result.stderr
    lines = result.stderr.splitlines()
    assert 1 == len(lines), result.stderr
    assert lines[0].startswith("calendo: ")
    return lines[0].removeprefix("calendo: ")


def all_words(text: str) -> Sequence[str]:
    """
    Return a text's words, however a terminal broke its lines and drew its frames.
    """
    return "".join(" " if char in "│╭╮╰╯─" else char for char in text).split()
