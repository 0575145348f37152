"""
Every setting, described once: environment variables ``CALENDO_*``.

A wrong value stops the start with one line that names the setting. No secret has
a default.
"""

import os
import secrets
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Literal

from limits import parse_many
from pydantic import AfterValidator, BeforeValidator, Field, HttpUrl, RedisDsn, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

_SECRET_LENGTH = 16


class SetupError(Exception):
    """
    The program cannot start or go on; the message says what to mend, in one line.
    """


Network = IPv4Network | IPv6Network


def _networks(value: object) -> object:
    if not isinstance(value, str):
        return value
    return tuple(ip_network(part.strip(), strict=False) for part in value.split(",") if part.strip())


def _limit(value: str) -> str:
    try:
        limits = parse_many(value)
    except ValueError:
        limits = []
    if len(limits) != 1 or limits[0].amount < 1:
        raise ValueError("use a number of calls and a time, such as 60/minute")
    return value


def _folder(value: Path) -> Path:
    # SQLAlchemy reads paths as UTF-8, and other bytes would name another file.
    if not str(value).isprintable():
        raise ValueError("use a path of printable characters in UTF-8")
    return value


def _secret(value: SecretStr) -> SecretStr:
    if len(value.get_secret_value()) < _SECRET_LENGTH:
        raise ValueError(f"use at least {_SECRET_LENGTH} characters")
    return value


def _database_url(value: str) -> str:
    try:
        url = make_url(value)
    except (ArgumentError, ValueError):
        url = URL.create("unreadable")
    # A database in memory would be another one in each thread.
    is_file = url.database not in {None, "", ":memory:"} and not url.query
    if url.drivername not in {"postgresql", "postgres"} and not (url.drivername == "sqlite" and is_file):
        raise ValueError("use postgresql://user:password@host/database or sqlite:///file.db")
    return value


Networks = Annotated[tuple[Network, ...], NoDecode, BeforeValidator(_networks)]
RateLimit = Annotated[str, AfterValidator(_limit)]


class Settings(BaseSettings):
    """
    What whoever runs Calendo can choose.
    """

    model_config = SettingsConfigDict(env_prefix="CALENDO_", frozen=True, env_ignore_empty=True)

    data_dir: Annotated[Path, AfterValidator(_folder)] = Field(
        Path("data"),
        description="Folder for the SQLite database and generated keys; made with mode 0700 if missing.",
    )
    database_url: Annotated[str, AfterValidator(_database_url)] | None = Field(
        None,
        description="postgresql://user:password@host/database, or sqlite:///file.db. "
        "Default: the file calendo.db in the data directory.",
    )
    registration: Literal["open", "closed"] = Field(
        "open",
        description="Whether people can sign up themselves. With 'closed', use calendo user create.",
    )
    redis_url: RedisDsn | None = Field(
        None,
        description="redis://host:6379/0: where several processes count their rate limits together. "
        "Default: each process counts in memory.",
    )
    public_url: HttpUrl | None = Field(
        None,
        description="The address people reach this server at, such as https://meet.example.com. "
        "With https, session cookies are Secure. Default: none; cookies travel over http too.",
    )
    secret_key: Annotated[SecretStr, AfterValidator(_secret)] | None = Field(
        None,
        description="Encrypts webhook secrets; at least 16 characters. "
        "Default: made once and kept in the data directory, mode 0600.",
    )
    trusted_proxies: Networks = Field(
        (),
        description="Comma-separated networks whose X-Forwarded-For is believed, such as 10.0.0.0/8. "
        "Default: none.",
    )
    webhook_allowed_networks: Networks = Field(
        (),
        description="Comma-separated private networks that webhooks may go to, over plain http too. "
        "Default: none; webhooks go to public https addresses only.",
    )
    rate_limit_public: RateLimit = Field(
        "60/minute",
        description="How many public calls one address may make.",
    )
    rate_limit_user: RateLimit = Field(
        "300/minute",
        description="How many authenticated calls one user may make.",
    )
    log_format: Literal["console", "json"] = Field(
        "console",
        description="Log lines for people, or one JSON object each for machines.",
    )

    @property
    def database(self) -> str:
        """
        The database's URL, the default filled in.
        """
        return self.database_url or self.database_in_data_dir("calendo.db")

    def database_in_data_dir(self, name: str) -> str:
        """
        The URL of an SQLite database in the data directory, whatever that is called.
        """
        return URL.create("sqlite", database=str(self.data_dir / name)).render_as_string()

    def ensure_data_dir(self) -> None:
        """
        Make the data directory, for its owner only, if it is missing.
        """
        try:
            self.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
            usable = os.access(self.data_dir, os.R_OK | os.W_OK | os.X_OK)
        except OSError:
            usable = False
        if not usable or not self.data_dir.is_dir():
            raise SetupError(
                f"The data directory {self.data_dir} cannot be read and written. "
                "Mend its permissions, or set CALENDO_DATA_DIR to another folder."
            )

    def signing_key(self) -> bytes:
        """
        Return the secret key; without a setting, the one kept in the data directory.
        """
        if self.secret_key is not None:
            return self.secret_key.get_secret_value().encode()
        self.ensure_data_dir()
        path = self.data_dir / "secret_key"
        try:
            return self._keep_key(path)
        except OSError as error:
            raise SetupError(
                f"The secret key in {path} cannot be read ({error.strerror}). "
                "Mend its permissions, or set CALENDO_SECRET_KEY."
            ) from None

    @staticmethod
    def _keep_key(path: Path) -> bytes:
        if not path.exists():
            # Written aside and linked into place, so that of several processes
            # starting at once one wins and none reads half a key.
            draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_hex(32))
            try:
                os.link(draft, path)
            except FileExistsError:
                pass
            finally:
                draft.unlink()
        key = path.read_bytes().strip()
        if not key:
            raise SetupError(f"The secret key in {path} is empty. Restore it, or set CALENDO_SECRET_KEY.")
        return key


def load_settings() -> Settings:
    """
    Read the settings from the environment, or raise ``SetupError`` naming the wrong one.
    """
    try:
        return Settings()
    except ValidationError as error:
        problem = error.errors(include_input=False, include_url=False)[0]
        name = f"CALENDO_{str(problem['loc'][0]).upper()}"
        message = problem["msg"].removeprefix("Value error, ")
        raise SetupError(f"The setting {name} is wrong: {message}.") from None
