"""
The container files, as far as they can be checked where no container runs.
"""

import re
import shlex
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())


def instructions(name: str) -> list[str]:
    return re.findall(rf"^{name} (.+)$", DOCKERFILE, re.MULTILINE)


def test_what_is_copied_exists_and_is_not_ignored() -> None:
    """
    Each file that the Dockerfile copies is in the repository, and let through by .dockerignore.
    """
    let_through = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line[:1] == "!"}
    copied = {
        word for line in instructions("COPY") if not line.startswith("--from") for word in line.split()[:-1]
    }

    assert {"pyproject.toml", "uv.lock", "README.md", "LICENSE", "src"} == copied
    assert copied == let_through
    assert all((ROOT / name).exists() for name in copied)


def test_the_image_is_built_with_the_tools_of_the_makefile() -> None:
    """
    The image has the version of uv that make uses, and a Python that the program supports.
    """
    makefile = (ROOT / "Makefile").read_text()
    version = re.search(r"UV_VERSION = (\S+)", makefile)
    assert version

    assert f"uv=={version[1]}" in DOCKERFILE
    assert {"python:3.13-slim"} == {line.split()[0] for line in instructions("FROM")}


def test_the_image_runs_nothing_as_root() -> None:
    """
    The server runs as a user of its own, for whom the data directory is made.
    """
    last_stage = DOCKERFILE.rpartition("\nFROM ")[2]

    assert ["USER calendo"] == re.findall(r"^USER .+$", last_stage, re.MULTILINE)
    assert "install -d -o calendo -m 0700 /data" in last_stage
    assert "CALENDO_DATA_DIR=/data" in last_stage
    assert last_stage.index("USER calendo") < last_stage.index('CMD ["calendo", "serve"')


def test_the_services_know_each_other() -> None:
    """
    The addresses in the app's settings are those of the other services, which keep no secret in the file.
    """
    services = COMPOSE["services"]
    settings = services["app"]["environment"]

    assert {"app", "database", "cache"} == set(services)
    assert "@database/calendo" in settings["CALENDO_DATABASE_URL"]
    assert "redis://cache:6379/0" == settings["CALENDO_REDIS_URL"]
    assert set(services["app"]["depends_on"]) == {"database", "cache"}
    assert services["database"]["environment"]["POSTGRES_DB"] == "calendo"
    assert services["database"]["environment"]["POSTGRES_PASSWORD"].startswith("${POSTGRES_PASSWORD:?")
    assert "${POSTGRES_PASSWORD:?" in settings["CALENDO_DATABASE_URL"]


def test_every_volume_is_declared() -> None:
    """
    Named volumes that services mount are declared, and no other is.
    """
    mounted = {
        volume.split(":")[0]
        for service in COMPOSE["services"].values()
        for volume in service.get("volumes", [])
    }

    assert set(COMPOSE["volumes"]) == mounted


def test_continuous_integration_runs_what_people_run() -> None:
    """
    ``.ci/run`` can be run, stops at the first failure, and ends with ``make check`` and ``make test``.
    """
    script = ROOT / ".ci" / "run"
    lines = script.read_text().splitlines()

    assert script.stat().st_mode & 0o111
    assert "set -euo pipefail" in lines
    assert ["make check", "make test"] == lines[-2:]
    assert all(shlex.split(line) for line in lines[-2:])
