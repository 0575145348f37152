"""
Settings: a wrong one stops the start with one line that names it; keys and folders are for their owner only.
"""

import os
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_network
from pathlib import Path

import pytest
from pydantic import ValidationError

from calendo.settings import MailServer, Settings, SetupError, load_settings

#: For each setting values that cannot be right. A data directory is wrong by what lies there.
WRONG = {
    "DATABASE_URL": [
        "mysql://user:hunter2@host/database",
        "calendo.db",
        "sqlite://",
        "sqlite:///:memory:",
        "://",
        "postgresql+asyncpg://user:hunter2@host/database",
        "postgresql://user:hunter2@host:port/database",
    ],
    "REGISTRATION": ["OPEN", "yes", "1"],
    "REDIS_URL": ["localhost", "http://user:hunter2@host", "6379"],
    "PUBLIC_URL": ["meet.example.com", "ftp://meet.example.com", "https://", "//meet.example.com"],
    "SECRET_KEY": ["hunter2", "15 characters.."],
    "TRUSTED_PROXIES": ["10.0.0.0/33", "proxy", "10.0.0.0/8 192.168.0.0/16", "10.0.0.0/8,proxy", "*"],
    "WEBHOOK_ALLOWED_NETWORKS": ["127.0.0.1:8000", "localhost", "2001:db8::/129"],
    "RATE_LIMIT_PUBLIC": ["60", "0/minute", "-1/minute", "60/fortnight", "60/minute;100/hour", "a\nb"],
    "RATE_LIMIT_USER": ["300", "300/", "/minute", "unlimited", "300/minute, 10/second"],
    "LOG_FORMAT": ["JSON", "text"],
    "LLM_BASE_URL": ["localhost:11434", "ftp://host/v1"],
    "LLM_MODEL": ["small"],
    "LLM_API_KEY": ["hunter2"],
    "SMTP_URL": [
        "localhost:25",
        "http://user:hunter2@host",
        "smtp://",
        "smtp://user:hunter2@host:port",
        "smtp://user:hunter2@host:0",
        "smtp://user:hunter2@host/folder",
        "smtp://user:hunter2@host#here",
        "smtp://user:hunter2%FF@host",
        "smtp://user:hunter2@host?starttls=maybe",
        "smtp://user:hunter2@host?starttls=off&starttls=off",
        "smtp://user:hunter2@host?verify=no",
        "smtps://user:hunter2@host?starttls=off",
        "smtp://user:hunter2@host\n",
    ],
    "MAIL_FROM": [
        "calendo",
        "a@example.com, b@example.com",
        "Jane <jane@example.com> <x@example.com>",
        "Jane\n <jane@example.com>",
        "Jane <jane@exa mple.com>",
        "jané@example.com",
        "jane@" + "x" * 70,
        "x" * 101 + " <jane@example.com>",
    ],
    "DATA_DIR": ["no\nfolder", "no\x7ffolder"],
}


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith("CALENDO_"):
            monkeypatch.delenv(name)


@pytest.fixture
def open_umask() -> Iterator[None]:
    """
    Nothing is masked: whatever mode a file gets is the one that was asked for.
    """
    former = os.umask(0)
    yield
    os.umask(former)


def mode(path: Path) -> int:
    """
    The permissions of a file or folder.
    """
    return stat.S_IMODE(path.stat().st_mode)


def test_every_setting_has_wrong_values_here() -> None:
    """
    So that a new one is not forgotten.
    """
    assert {name.upper() for name in Settings.model_fields} == WRONG.keys()


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in WRONG.items() for value in values], ids=ascii
)
def test_a_wrong_value_is_one_line_that_names_the_setting(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    And says nothing that should stay secret.
    """
    monkeypatch.setenv(f"CALENDO_{name}", value)

    with pytest.raises(SetupError) as caught:
        load_settings()

    message = str(caught.value)
    assert message.startswith(f"The setting CALENDO_{name} is wrong: ")
    assert message.endswith(".")
    assert message.isprintable()
    assert len(message) < 200
    assert "hunter2" not in message


def test_without_settings_everything_has_a_value_but_secrets() -> None:
    settings = load_settings()

    assert (Path("data"), "sqlite:///data/calendo.db") == (settings.data_dir, settings.database)
    assert ("60/minute", "300/minute") == (settings.rate_limit_public, settings.rate_limit_user)
    assert ("open", "console") == (settings.registration, settings.log_format)
    assert ((), ()) == (settings.trusted_proxies, settings.webhook_allowed_networks)
    assert [None, None, None, None] == [
        settings.database_url,
        settings.redis_url,
        settings.public_url,
        settings.secret_key,
    ]


def test_a_setting_that_is_empty_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    As compose files write those that nobody filled in.
    """
    for name in WRONG:
        monkeypatch.setenv(f"CALENDO_{name}", "")

    assert Settings.model_construct() == load_settings()


def test_right_values_are_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value in {
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": "postgresql://user:password@host/database",
        "REGISTRATION": "closed",
        "REDIS_URL": "redis://host:6380/1",
        "PUBLIC_URL": "https://meet.example.com",
        "SECRET_KEY": "16 characters...",
        "TRUSTED_PROXIES": " 10.1.2.3/8 , 2001:db8::/32,127.0.0.1,",
        "WEBHOOK_ALLOWED_NETWORKS": "127.0.0.0/8",
        "RATE_LIMIT_PUBLIC": "5/2 seconds",
        "RATE_LIMIT_USER": "1000 per hour",
        "LOG_FORMAT": "json",
        "SMTP_URL": "smtps://jane%40example.com:p%40ss@mail.example.com",
        "MAIL_FROM": "Meetings <meet@example.com>",
    }.items():
        monkeypatch.setenv(f"CALENDO_{name}", value)

    settings = load_settings()

    assert tmp_path == settings.data_dir
    assert "postgresql://user:password@host/database" == settings.database
    assert ("closed", "json") == (settings.registration, settings.log_format)
    assert "redis://host:6380/1" == str(settings.redis_url)
    assert settings.public_url is not None
    assert ("https", "meet.example.com") == (settings.public_url.scheme, settings.public_url.host)
    assert b"16 characters..." == settings.signing_key()
    proxies = [ip_network(text) for text in ("10.0.0.0/8", "2001:db8::/32", "127.0.0.1/32")]
    assert proxies == list(settings.trusted_proxies)
    assert [ip_network("127.0.0.0/8")] == list(settings.webhook_allowed_networks)
    assert MailServer("mail.example.com", 465, "always", "jane@example.com", "p@ss") == settings.smtp_url
    assert "Meetings <meet@example.com>" == str(settings.sender)


@pytest.mark.parametrize(
    ("url", "port", "tls"),
    [
        ("smtp://localhost", 25, "offered"),
        ("smtp://mail.example.com", 25, "offered"),
        ("smtp://user:pass@mail.example.com", 587, "require"),
        ("smtp://user:pass@127.0.0.1", 587, "offered"),
        ("smtp://user:pass@[::1]:2525", 2525, "offered"),
        ("smtp://user:pass@mail.example.com?starttls=off", 587, "off"),
        ("smtp://mail.example.com/?starttls=require", 25, "require"),
        ("smtps://mail.example.com", 465, "always"),
    ],
)
def test_the_way_to_the_mail_server_is_found(url: str, port: int, tls: str) -> None:
    """
    A password leaves the machine encrypted, unless whoever runs Calendo says it need not be.
    """
    server = Settings(smtp_url=url).smtp_url

    assert server is not None
    assert (port, tls) == (server.port, server.tls)


@pytest.mark.parametrize(
    ("settings", "sender"),
    [
        ({}, "Calendo <calendo@localhost>"),
        ({"public_url": "https://meet.example.com/"}, "Calendo <calendo@meet.example.com>"),
        ({"public_url": "http://192.0.2.1:8000"}, "Calendo <calendo@[192.0.2.1]>"),
        ({"mail_from": "jane@server.local"}, "jane@server.local"),
        ({"mail_from": '"Smith, Jane" <jane@localhost>'}, '"Smith, Jane" <jane@localhost>'),
        ({"mail_from": "Büro <info@bücher.example>"}, "Büro <info@xn--bcher-kva.example>"),
    ],
)
def test_mails_come_from_somebody(settings: dict[str, str], sender: str) -> None:
    assert sender == str(Settings(**settings).sender)


def test_the_password_of_the_mail_server_is_not_shown() -> None:
    settings = Settings(smtp_url="smtp://user:hunter2@mail.example.com")

    assert "hunter2" not in f"{settings!r} {settings}"


def test_settings_do_not_change_and_do_not_show_the_key() -> None:
    settings = Settings(secret_key="a key nobody may see")

    with pytest.raises(ValidationError):
        settings.registration = "closed"
    assert "nobody may see" not in repr(settings)


@pytest.mark.usefixtures("open_umask")
def test_a_missing_data_directory_is_made_for_its_owner_only(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "data"

    Settings(data_dir=folder).ensure_data_dir()

    assert 0o700 == mode(folder)
    Settings(data_dir=folder).ensure_data_dir()


def test_a_data_directory_that_is_there_stays_as_it_is(tmp_path: Path) -> None:
    tmp_path.chmod(0o750)

    Settings(data_dir=tmp_path).ensure_data_dir()

    assert 0o750 == mode(tmp_path)


@pytest.mark.parametrize("place", ["file", "file/below", "link"])
def test_a_data_directory_that_cannot_be_one_is_named(tmp_path: Path, place: str) -> None:
    """
    A file is in the way, or a link leads nowhere.
    """
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to(tmp_path / "nowhere" / "at" / "all")
    folder = tmp_path / place

    for act in (Settings(data_dir=folder).ensure_data_dir, Settings(data_dir=folder).signing_key):
        with pytest.raises(SetupError) as caught:
            act()
        message = str(caught.value)
        assert str(folder) in message
        assert "CALENDO_DATA_DIR" in message
        assert "\n" not in message


@pytest.mark.usefixtures("open_umask")
def test_a_key_is_made_once_for_its_owner_only_and_stays(tmp_path: Path) -> None:
    """
    Every start finds the same; nothing else is left in the folder.
    """
    folder = tmp_path / "data"

    first = Settings(data_dir=folder).signing_key()

    assert 64 == len(first)
    assert len(set(first)) > 8
    assert first == Settings(data_dir=folder).signing_key()
    assert 0o600 == mode(folder / "secret_key")
    assert 0o700 == mode(folder)
    assert ["secret_key"] == [path.name for path in folder.iterdir()]
    assert first != Settings(data_dir=tmp_path / "other").signing_key()


def test_processes_that_start_at_once_agree_on_the_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        keys = set(pool.map(lambda _: Settings(data_dir=tmp_path).signing_key(), range(64)))

    assert 1 == len(keys)
    assert ["secret_key"] == [path.name for path in tmp_path.iterdir()]


def test_a_key_that_is_set_is_used_and_none_is_made(tmp_path: Path) -> None:
    folder = tmp_path / "data"

    assert b"a key of one's own" == Settings(data_dir=folder, secret_key="a key of one's own").signing_key()
    assert not folder.exists()


def test_a_key_from_the_folder_may_end_in_a_line_break(tmp_path: Path) -> None:
    """
    As editors and secret stores write it.
    """
    (tmp_path / "secret_key").write_text("kept elsewhere until now\n")

    assert b"kept elsewhere until now" == Settings(data_dir=tmp_path).signing_key()


@pytest.mark.parametrize("way", ["empty", "folder", "link"])
def test_a_key_that_cannot_be_read_is_not_replaced(tmp_path: Path, way: str) -> None:
    """
    A new one would make every kept secret unreadable, so whoever runs the server decides.
    """
    path = tmp_path / "secret_key"
    if way == "empty":
        path.touch()
    elif way == "folder":
        path.mkdir()
    else:
        path.symlink_to(tmp_path / "not mounted")

    with pytest.raises(SetupError) as caught:
        Settings(data_dir=tmp_path).signing_key()

    message = str(caught.value)
    assert str(path) in message
    assert "CALENDO_SECRET_KEY" in message
    assert "\n" not in message


def test_an_endpoint_needs_a_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Which of the two is missing is named; together they are right, and the key stays secret.
    """
    monkeypatch.setenv("CALENDO_LLM_BASE_URL", "http://127.0.0.1:11434/v1")
    with pytest.raises(SetupError, match="CALENDO_LLM_MODEL"):
        load_settings()

    monkeypatch.setenv("CALENDO_LLM_MODEL", "small")
    monkeypatch.setenv("CALENDO_LLM_API_KEY", "hunter2")
    settings = load_settings()

    assert "small" == settings.llm_model
    assert "hunter2" not in repr(settings)
