"""
The docs are whole and true: all there is has its place in them, and they speak of nothing else.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer

from calendo.app import create_app
from calendo.cli import cli
from calendo.db.engine import Database
from calendo.db.models import STATUSES, Base
from calendo.errors import CalendoError
from calendo.ops.outbox import Topic
from calendo.settings import Settings

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(DOCS.rglob("*.md"))]
CONFIGURATION = [ROOT / "compose.yaml", ROOT / "Dockerfile"]
SETTINGS = {f"CALENDO_{name.upper()}": field for name, field in Settings.model_fields.items()}
DECISIONS = sorted((DOCS / "decisions").glob("*.md"))
#: Read by the tests themselves, see ``parts.py``.
TEST_VARIABLES = {
    "CALENDO_TEST_POSTGRES_URL",
    "CALENDO_TEST_REDIS_URL",
    "CALENDO_TEST_CHROMIUM",
    "CALENDO_PROVE",
}


def page_name(page: Path) -> str:
    return str(page.relative_to(ROOT))


every_page = pytest.mark.parametrize("page", PAGES, ids=page_name)


def doc(name: str) -> str:
    return (DOCS / name).read_text()


def rows(text: str) -> list[list[str]]:
    """
    Return the cells of all table rows of a page.
    """
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def prose(text: str) -> str:
    return re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)


def errors(kind: type[CalendoError] = CalendoError) -> Iterator[type[CalendoError]]:
    yield kind
    for child in kind.__subclasses__():
        yield from errors(child)


ERRORS = {(kind.status, kind.code) for kind in errors()}


def commands(command: Any, name: str = "calendo") -> Iterator[tuple[str, Any]]:
    if not hasattr(command, "commands"):
        yield name, command
    for child, inner in getattr(command, "commands", {}).items():
        yield from commands(inner, f"{name} {child}")


COMMANDS = dict(commands(typer.main.get_command(cli)))
PASSWORD_VARIABLES = {
    variable
    for command in COMMANDS.values()
    for option in command.params
    for variable in ([option.envvar] if isinstance(option.envvar, str) else option.envvar or [])
}


@pytest.fixture(scope="module")
def operations() -> set[tuple[str, str]]:
    app = create_app(Settings(secret_key="only the description is asked for"), Database("sqlite://"))
    return {
        (method.upper(), re.sub(r"{\w+}", "*", path))
        for path, methods in app.openapi()["paths"].items()
        for method in methods
    }


def test_every_setting_is_documented() -> None:
    """
    The table of settings says of each what the program says, and its default.
    """
    documented = {row[0].strip("`"): row[1:] for row in rows(doc("reference/settings.md"))}

    assert set(SETTINGS) == {name for name in documented if name.startswith("CALENDO_")}
    for name, field in SETTINGS.items():
        default, text = documented[name]
        assert ("" if field.default in (None, ()) else f"`{field.default}`") == default
        assert field.description == text


def test_every_error_is_documented() -> None:
    """
    The table of errors has exactly the codes there are, each with its status.
    """
    documented = {
        (int(row[0]), row[1].strip("`")) for row in rows(doc("reference/errors.md")) if row[0].isdigit()
    }

    assert ERRORS == documented


def test_every_topic_is_documented() -> None:
    """
    The table of topics has exactly the topics there are.
    """
    documented = {row[0].strip("`") for row in rows(doc("reference/topics.md"))}

    assert {topic.value for topic in Topic} == {name for name in documented if name.startswith("booking.")}


def test_every_command_is_documented() -> None:
    """
    Each command has a heading of its own, and under it a row for each argument and option, with its default.
    """
    sections = re.split(r"^## ", doc("reference/commands.md"), flags=re.MULTILINE)[1:]
    documented = {section.split("\n")[0].strip("`"): rows(section) for section in sections}

    assert set(COMMANDS) == set(documented)
    for name, command in COMMANDS.items():
        shown = {row[0].strip("`"): row[1].strip("`") for row in documented[name] if row[0].startswith("`")}
        assert {spelt(option) for option in command.params} - {"--help"} == set(shown), name
        for option in command.params:
            if option.default and not callable(option.default) and option.opts[0] in shown:
                assert str(option.default) == shown[option.opts[0]], f"{name} {option.opts[0]}"


def spelt(param: Any) -> str:
    is_argument = param.param_type_name == "argument"
    return str((param.metavar or param.name).upper() if is_argument else param.opts[0])


def test_every_table_has_its_word() -> None:
    """
    The glossary has the noun of each table, and names no table that there is not.
    """
    tables = {
        row[1].strip("`") for row in rows(doc("glossary.md")) if len(row) > 2 and row[1].startswith("`")
    }

    assert set(Base.metadata.tables) == tables


def test_every_status_has_its_word() -> None:
    """
    The glossary explains each status of a booking.
    """
    words = [row[0].strip("`") for row in rows(doc("glossary.md"))]

    assert set(STATUSES) <= set(words)


def test_every_decision_has_its_four_parts() -> None:
    """
    Decisions are numbered without a gap, and each says context, decision, consequences and what enforces it.
    """
    assert DECISIONS
    for number, page in enumerate(DECISIONS, 1):
        text = page.read_text()
        assert page.name.startswith(f"{number:04}-")
        assert text.startswith(f"# {number}. ")
        assert ["Context", "Decision", "Consequences", "Enforced by"] == re.findall(
            r"^## (.+)$", text, re.MULTILINE
        )


@pytest.mark.parametrize("page", [*PAGES, *CONFIGURATION], ids=page_name)
def test_no_page_speaks_of_a_setting_that_is_not(page: Path) -> None:
    """
    Whatever is spelt like a setting is one.
    """
    spoken_of = set(re.findall(r"CALENDO_[A-Z_]*[A-Z]", page.read_text()))

    assert spoken_of <= {*SETTINGS, *PASSWORD_VARIABLES, *TEST_VARIABLES}


@every_page
def test_no_page_speaks_of_an_error_that_is_not(page: Path) -> None:
    """
    A code behind a status, or in an example of an answer, exists, and has that status.
    """
    text = page.read_text()

    for status, code in re.findall(r"\b([45]\d\d) `([A-Za-z_]+)`", text):
        assert (int(status), code) in ERRORS
    for code in re.findall(r'"code": ?"([^"]+)"', text):
        assert code in {known for _, known in ERRORS}


@every_page
def test_no_page_speaks_of_a_topic_that_is_not(page: Path) -> None:
    """
    Whatever is spelt like a topic is one.
    """
    assert set(re.findall(r"\bbooking\.[a-z]+\b", prose(page.read_text()))) <= {
        topic.value for topic in Topic
    }


@every_page
def test_no_page_speaks_of_a_name_that_is_not(page: Path) -> None:
    """
    Names in backticks, such as fields, columns, codes and functions, stand in the program as well.
    """
    program = source_words()

    for name in re.findall(r"`([a-z]+(?:_[a-z]+)+)`", prose(page.read_text())):
        assert name in program, name


@cache
def source_words() -> set[str]:
    sources = [*(ROOT / "src").rglob("*.py"), *(ROOT / "bench").rglob("*.py")]
    return {word for path in sources for word in re.findall(r"[a-z]\w+", path.read_text())}


# A command in backticks or on a line to type; in prose "calendo" stands alone.
_COMMAND_LINE = r"(?:`|^\$ (?:\w+=\S+ )*)(?:\.venv/bin/|docker compose run --rm app )?calendo ([a-z][^`\n]*)"


@every_page
def test_no_page_speaks_of_a_command_that_is_not(page: Path) -> None:
    """
    Commands and make targets that a page names can be typed, with the options it gives them.
    """
    text = page.read_text()
    makefile = (ROOT / "Makefile").read_text()

    for line in re.findall(_COMMAND_LINE, text, re.MULTILINE):
        words = line.split()
        name = next((known for known in COMMANDS if f"calendo {line}".startswith(known)), None)
        assert name, line
        for option in (word for word in words if word.startswith("--")):
            assert option.partition("=")[0] in {opt for param in COMMANDS[name].params for opt in param.opts}
    for target in re.findall(r"(?:`|^\$ )make ([a-z][\w./]*)", text, re.MULTILINE):
        assert re.search(rf"^{re.escape(target)}:", makefile, re.MULTILINE), target


@every_page
def test_no_page_speaks_of_an_operation_that_is_not(page: Path, operations: set[tuple[str, str]]) -> None:
    """
    A method and an address in backticks are an operation of the API.
    """
    for method, path in re.findall(r"`(GET|POST|PUT|DELETE) (/api/[^`?\s]+)", page.read_text()):
        assert (method, re.sub(r"{\w+}", "*", path)) in operations


@every_page
def test_no_page_speaks_of_a_file_that_is_not(page: Path) -> None:
    """
    Files of the repository that a page names are there.
    """
    for name in re.findall(r"`((?:src|tests|bench|docs|web|core|ops)/[\w./-]*)", page.read_text()):
        assert (ROOT / name).exists() or (ROOT / "src" / "calendo" / name).exists(), name


@every_page
def test_links_lead_somewhere(page: Path) -> None:
    """
    A link within the repository leads to a file that exists and to a heading in it.
    """
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(page.read_text())):
        if target.startswith(("http://", "https://")):
            continue
        path, _, anchor = target.partition("#")
        found = (page.parent / path).resolve() if path else page
        assert found.exists(), target
        assert found.is_relative_to(ROOT)
        assert not anchor or anchor in anchors(found), target


def anchors(page: Path) -> set[str]:
    """
    List the anchors of a page's headings, as GitHub makes them.
    """
    headings = re.findall(r"^#+ (.+)$", prose(page.read_text()), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def test_every_page_can_be_reached() -> None:
    """
    Following links from the README leads to every page, decisions included.
    """
    reached: set[Path] = set()
    ahead = [ROOT / "README.md"]
    while ahead:
        page = ahead.pop()
        if page in reached:
            continue
        reached.add(page)
        for target in re.findall(r"\]\(([^)\s#]+)[^)]*\)", page.read_text()):
            found = (page.parent / target).resolve()
            if found.is_dir():
                ahead += found.glob("*.md")
            elif found.suffix == ".md" and found.is_file():
                ahead.append(found)

    assert set(PAGES) == reached


def test_the_readme_has_the_way_in() -> None:
    """
    The README gives the two commands and three calls: list slots, book, list bookings.
    """
    readme = (ROOT / "README.md").read_text()
    calls = [line for line in readme.splitlines() if line.startswith("curl ")]

    assert {"run", "test"} == set(re.findall(r"^\$ make (\w+)$", readme, re.MULTILINE))
    assert ["/api/availability/", "/api/book/", "/api/bookings"] == [
        match[0] for call in calls for match in re.findall(r"(/api/(availability/|book/|bookings))", call)
    ]
