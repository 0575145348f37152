"""
Every setting, described once: environment variables ``CALENDO_*``.

A wrong value stops the start with one line that names the setting. No secret has
a default.
"""

import os
import re
import secrets
from dataclasses import dataclass, field
from email.headerregistry import Address
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from limits import parse_many
from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    HttpUrl,
    InstanceOf,
    RedisDsn,
    SecretStr,
    ValidationError,
    ValidationInfo,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

_SECRET_LENGTH = 16


class SetupError(Exception):
    """
    The program cannot start or go on; the message says what to mend, in one line.
    """


Network = IPv4Network | IPv6Network
Tls = Literal["always", "require", "offered", "off"]

_ADDRESS = r"[\w.!#$%&'*+/=?^`{|}~-]+@[^\s@<>\"(),:;\[\]]+"
_SENDER = re.compile(
    rf'(?P<only>{_ADDRESS})|"?(?P<name>[^"<>]{{0,100}})"?\s*<(?P<address>{_ADDRESS})>', re.ASCII
)
# The ports of a server that takes mails from programs with TLS from the start, of one that
# takes them from users, and of one that takes them from whoever may.
_PORTS = {("smtps", True): 465, ("smtps", False): 465, ("smtp", True): 587, ("smtp", False): 25}


@dataclass(frozen=True, slots=True)
class MailServer:
    """
    Where mails are handed over, and how the way there is kept secret.

    ``tls`` is from the start (``always``), by STARTTLS (``require``), by STARTTLS where
    ``offered``, or ``off``. In the first two cases the server's certificate has to be good.
    """

    host: str
    port: int
    tls: Tls
    user: str | None = None
    password: str = field(default="", repr=False)


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


def _mail_server(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        url = urlsplit(value)
        return _read_mail_server(value, url, url.port)
    except ValueError:
        raise ValueError(
            "use smtp://user:password@host or smtps://user:password@host, percent-encoded; "
            "?starttls=require or ?starttls=off may follow smtp"
        ) from None


def _read_mail_server(value: str, url: SplitResult, port: int | None) -> MailServer:
    options = parse_qs(url.query, keep_blank_values=True, strict_parsing=True) if url.query else {}
    asked = options.pop("starttls", ["offered"])
    tls = asked[0]
    known = tls in {"require", "off"} if url.query else True
    if (
        not value.isprintable()
        or not (known and url.hostname and url.scheme in {"smtp", "smtps"} and port != 0)
        or options
        or len(asked) > 1
        or url.path not in {"", "/"}
        or url.fragment
        or (url.scheme == "smtps" and url.query)
    ):
        raise ValueError
    user = unquote(url.username, errors="strict") if url.username else None
    if user and tls == "offered" and not _is_this_machine(url.hostname):
        # Whoever sits between could say that TLS is not on offer, and be told the password.
        tls = "require"
    return MailServer(
        host=url.hostname,
        port=port or _PORTS[url.scheme, user is not None],
        tls="always" if url.scheme == "smtps" else tls,  # type: ignore[arg-type]  # checked above
        user=user,
        password=unquote(url.password or "", errors="strict"),
    )


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _is_name(host: str) -> bool:
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return True
    return False


def _with_endpoint(value: object, info: ValidationInfo) -> object:
    # The endpoint stands before it; one that is wrong is told of first.
    if value is not None and info.data.get("llm_base_url", "") is None:
        raise ValueError("set CALENDO_LLM_BASE_URL too")
    return value


def _model(value: str | None, info: ValidationInfo) -> str | None:
    if value is None and info.data.get("llm_base_url") is not None:
        raise ValueError("name the model that CALENDO_LLM_BASE_URL has to offer")
    return value


def _mail_from(value: object) -> object:
    if not isinstance(value, str):
        return value
    given = _SENDER.fullmatch(value)
    if given is None or not value.isprintable():
        raise ValueError("use an address, or Name <address>")
    user, _, host = (given["only"] or given["address"]).rpartition("@")
    try:
        return Address((given["name"] or "").strip(), user, host.encode("idna").decode())
    except ValueError:
        raise ValueError("use an address whose host can be one") from None


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
    smtp_url: Annotated[MailServer | None, NoDecode, BeforeValidator(_mail_server)] = Field(
        None,
        description="smtp://user:password@host or smtps://user:password@host: "
        "the server that takes our mails. "
        "Default: none; mails are written to the folder mails in the data directory.",
    )
    mail_from: Annotated[InstanceOf[Address] | None, BeforeValidator(_mail_from)] = Field(
        None,
        description="Address, or Name <address>, that mails come from. "
        "Default: Calendo <calendo@HOST> with the host of the public URL, or localhost.",
    )
    llm_base_url: HttpUrl | None = Field(
        None,
        description="Where a language model speaks the OpenAI chat API, such as "
        "http://127.0.0.1:11434/v1. Default: none; the assistant understands by itself.",
    )
    llm_model: Annotated[str | None, AfterValidator(_with_endpoint), AfterValidator(_model)] = Field(
        None,
        validate_default=True,
        description="The model's name at that endpoint. It is needed where the endpoint is set.",
    )
    llm_api_key: Annotated[SecretStr | None, AfterValidator(_with_endpoint)] = Field(
        None,
        description="The key to that endpoint. Default: none; a model on this machine needs none.",
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

    @property
    def sender(self) -> Address:
        """
        Whom mails come from, the default filled in.
        """
        if self.mail_from is not None:
            return self.mail_from
        host = (self.public_url.host if self.public_url else None) or "localhost"
        # An IP address stands in brackets behind an @.
        host = host if _is_name(host) else f"[{host.strip('[]')}]"
        return Address("Calendo", "calendo", host)

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
