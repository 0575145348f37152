"""
The command line: what it does, and what it says when it cannot.
"""

import os
import re
import socket
import subprocess
from pathlib import Path

import pytest
import typer
from commands import JANE, PASSWORD, Calendo, all_words

from calendo.cli import cli
from calendo.settings import Settings

pytest_plugins = ["cli_fixtures"]

ROOT = Path(__file__).parents[2]
COMMANDS = ["", "serve", "migrate", "user", "user create", "explain", "openapi", "webhook-receiver", "worker"]
WRONG = [
    ("data_dir", "tab\there", "printable"),
    ("database_url", "mysql://jane:hidden@localhost/calendo", "postgresql://user:password@host/database"),
    ("database_url", "sqlite+pysqlite:///calendo.db", "sqlite:///file.db"),
    ("database_url", "sqlite://", "sqlite:///file.db"),
    ("database_url", "postgresql://localhost:port/calendo", "postgresql://user:password@host/database"),
    ("registration", "maybe", "'open' or 'closed'"),
    ("redis_url", "http://localhost", "'redis'"),
    ("public_url", "meet.example.com", "valid URL"),
    ("secret_key", "hidden", "at least 16 characters"),
    ("trusted_proxies", "10.0.0.0/8, proxy", "'proxy' does not appear to be an IPv4 or IPv6 network"),
    ("webhook_allowed_networks", "10.0.0.0/99", "'10.0.0.0/99' does not appear to be"),
    ("rate_limit_public", "many", "such as 60/minute"),
    ("rate_limit_public", "0/minute", "such as 60/minute"),
    ("rate_limit_user", "300/minute; 10/second", "such as 60/minute"),
    ("smtp_url", "ftp://mail.example.com", "smtp"),
    ("mail_from", "nobody", ""),
    ("llm_base_url", "localhost:11434", "URL"),
    ("llm_model", "llama3", "set CALENDO_LLM_BASE_URL too"),
    ("llm_api_key", "hidden", "set CALENDO_LLM_BASE_URL too"),
    ("log_format", "xml", "'console' or 'json'"),
]


def test_the_list_of_commands_is_whole() -> None:
    """
    The tests below know every command there is.
    """
    assert sorted(COMMANDS[1:]) == sorted(_names(typer.main.get_command(cli)))


def _names(command: object, prefix: str = "") -> list[str]:
    names = []
    for name, child in getattr(command, "commands", {}).items():
        names += [f"{prefix}{name}", *_names(child, f"{prefix}{name} ")]
    return names


@pytest.mark.parametrize("command", COMMANDS)
def test_help_reads_well(calendo: Calendo, command: str) -> None:
    """
    Each command says what it is for and explains each option, within 80 columns.
    """
    shown = calendo.done(*command.split(), "--help")

    assert max(len(line) for line in shown.splitlines()) <= 80
    words = all_words(shown)
    assert "Usage:" == words[0]
    described = _described(command)
    assert described
    for part in described:
        assert " ".join(part.split()) in " ".join(words), part


def _described(name: str) -> list[str]:
    """
    List what the help of a command has to say: its own first paragraph, and one text per option.
    """
    command = typer.main.get_command(cli)
    for word in name.split():
        command = command.commands[word]  # type: ignore[attr-defined] # groups have it
    texts = [(command.help or "").split("\n\n")[0]]
    texts += [child.help.strip().split("\n\n")[0] for child in getattr(command, "commands", {}).values()]
    texts += [getattr(option, "help", None) for option in command.params]
    assert all(texts), f"{name}: something has no help"
    return texts


def test_without_a_command_the_help_is_shown(calendo: Calendo) -> None:
    """
    Who types only the program's name learns its commands.
    """
    shown = calendo.run()

    assert {"serve", "migrate", "user", "openapi"} <= set(all_words(shown.stdout + shown.stderr))


def test_every_setting_is_tried_with_a_wrong_value() -> None:
    """
    A new setting needs a row in the table of wrong values.
    """
    assert set(Settings.model_fields) == {name for name, _, _ in WRONG}


@pytest.mark.parametrize(("name", "value", "hint"), WRONG)
def test_a_wrong_setting_is_named(calendo: Calendo, name: str, value: str, hint: str) -> None:
    """
    A wrong setting stops the start with a line that names it, says what would be right, and tells no secret.
    """
    why = calendo.with_settings(**{name: value}).refused("serve", "--port", "0")

    assert why.startswith(f"The setting CALENDO_{name.upper()} is wrong: ")
    assert hint in why
    assert "hidden" not in why
    assert "Value error" not in why
    assert [] == list(calendo.folder.iterdir())


def test_a_taken_port_is_named(calendo: Calendo) -> None:
    """
    Where somebody else listens already, serve says so and how to choose another port.
    """
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        why = calendo.refused("serve", "--port", port)

    assert f"Cannot listen on 127.0.0.1 port {port}: Address already in use." in why
    assert "--port" in why


def test_a_host_that_is_not_ours_is_named(calendo: Calendo) -> None:
    """
    An address to listen on that this machine does not have is said to be so.
    """
    why = calendo.refused("serve", "--host", "a" * 80, "--port", "0")

    assert f"Cannot listen on {'a' * 80} port 0: " in why
    assert "Choose another with --host and --port." in why


def unusable_folders() -> list[str]:
    ways = ["a file in the way", "below a file"]
    # Nobody can lock root out with permissions.
    return ways if os.geteuid() == 0 else [*ways, "no permission"]


@pytest.mark.parametrize("way", unusable_folders())
def test_an_unusable_data_directory_is_named(calendo: Calendo, way: str) -> None:
    """
    A data directory that cannot be used is named, with the setting that moves it.
    """
    path = calendo.folder / "data"
    if way == "no permission":
        path.mkdir(mode=0o500)
    else:
        path.write_text("")
    if way == "below a file":
        path /= "deeper"

    why = calendo.with_settings(data_dir=str(path)).refused("serve", "--port", "0")

    assert why.startswith(f"The data directory {path} cannot be read and written.")
    assert "CALENDO_DATA_DIR" in why


@pytest.mark.parametrize("way", ["a folder", "empty"])
def test_an_unusable_secret_key_is_named(calendo: Calendo, way: str) -> None:
    """
    A secret key that cannot be read, or is lost, stops the start instead of being made anew.
    """
    path = calendo.folder / "data" / "secret_key"
    path.parent.mkdir(mode=0o700)
    if way == "a folder":
        path.mkdir()
    else:
        path.touch()

    why = calendo.refused("serve", "--port", "0")

    assert "The secret key in data/secret_key" in why
    assert "CALENDO_SECRET_KEY" in why


def test_openapi_says_what_it_cannot_write_or_read(calendo: Calendo) -> None:
    """
    A file that cannot be written and a wrong setting are named here too.
    """
    assert "missing/api.json cannot be written" in calendo.refused("openapi", "--output", "missing/api.json")
    assert "CALENDO_LOG_FORMAT" in calendo.with_settings(log_format="xml").refused("openapi")


def test_make_takes_a_port() -> None:
    """
    ``make run PORT=8123`` starts the demo there.
    """
    shown = subprocess.run(
        ["make", "--dry-run", "--no-print-directory", "run", "PORT=8123"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert re.search(r"calendo serve --demo --port 8123$", shown.strip())


def test_make_alone_lists_its_targets() -> None:
    """
    Who types ``make`` sees what there is.
    """
    shown = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert {"run", "test", "prove", "check"} <= {line.split()[0] for line in shown.splitlines()}


def test_a_user_can_be_made_from_nothing(calendo: Calendo, empty_url: str) -> None:
    """
    ``calendo user create`` sets an empty database up by itself.
    """
    made = calendo.with_settings(database_url=empty_url).done(*JANE, *PASSWORD)

    assert "Made jane@example.com; the booking page is /jane-smith\n" == made


def test_a_user_cannot_be_made_twice(calendo: Calendo) -> None:
    """
    An e-mail address that is taken, in whatever case, is refused; a name may repeat and gets another page.
    """
    program = calendo.with_settings(user_password="securepass123")
    program.done(*JANE)

    again = program.refused("user", "create", "--email", "JANE@example.com", "--name", "Janet")
    other = program.done("user", "create", "--email", "other@example.com", "--name", "Jane Smith")

    assert "There is already an account with this e-mail address." in again
    assert "Made other@example.com; the booking page is /jane-smith-2\n" == other


@pytest.mark.parametrize(
    ("option", "value"),
    [("--email", "jane"), ("--name", "  "), ("--password", "short"), ("--timezone", "Mars/Phobos")],
)
def test_a_user_with_a_bad_value_is_refused(calendo: Calendo, option: str, value: str) -> None:
    """
    What the API would refuse is refused here too, by the name of its option; nothing is made.
    """
    assert calendo.refused(*JANE, *PASSWORD, option, value).startswith(f"{option}: ")
    assert [] == list(calendo.folder.iterdir())


def test_a_password_is_asked_for(calendo: Calendo) -> None:
    """
    Without ``--password`` it is asked for twice, so that it stands in no shell history.
    """
    result = calendo.run(*JANE, stdin="securepass123\nsecurepass123\n")

    assert 0 == result.returncode, result.stderr
    assert "Made jane@example.com; the booking page is /jane-smith" in result.stdout
    assert "securepass123" not in result.stdout
