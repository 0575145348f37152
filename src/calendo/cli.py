"""
The command line: serve, worker, migrate, user create, explain, openapi, webhook-receiver.
"""

import json
import signal
import sys
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, Any, NoReturn, cast

import typer
from pydantic import SecretStr, TypeAdapter, ValidationError
from sqlalchemy import make_url
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from calendo.clock import read_clock
from calendo.db.engine import Database
from calendo.db.schema import SchemaState, migrate, schema_state
from calendo.errors import CalendoError
from calendo.explained import as_table
from calendo.listening import address, listen, reachable
from calendo.logs import set_up_logs
from calendo.ops import accounts, booking_pages, explanations, passwords
from calendo.ops.accounts import DEFAULT_TIMEZONE, NewAccount
from calendo.settings import Settings, SetupError, load_settings
from calendo.web.api.fields import Email, Line, Password, Zone
from calendo.web.api.ranges import read_date, read_zone

cli = typer.Typer(
    help="Calendo: scheduling that people run themselves. Settings are environment variables CALENDO_*; "
    "docs/reference/settings.md lists them.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
users = typer.Typer(help="Hosts and their accounts.", no_args_is_help=True)
cli.add_typer(users, name="user")


def main() -> None:
    """
    Run a command; what cannot go on says why in one line and exits with 1.
    """
    try:
        cli()
    except SetupError as error:
        print(f"calendo: {error}", file=sys.stderr)
        sys.exit(1)


@cli.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 for all.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=0, max=65535)] = 8000,
    *,
    demo_mode: Annotated[
        bool,
        typer.Option(
            "--demo", help="Use a demo database, and print an API key, a password and calls to try."
        ),
    ] = False,
    no_worker: Annotated[
        bool, typer.Option("--no-worker", help="Leave webhooks and mails to calendo worker.")
    ] = False,
) -> None:
    """
    Serve the API and the booking pages, and send webhooks and mails.

    A new database is set up by itself; for one of an older version run calendo migrate first.
    """
    for asked in (signal.SIGTERM, signal.SIGINT):
        signal.signal(asked, _end)
    settings = load_settings()
    set_up_logs(settings.log_format)
    if demo_mode:
        settings.ensure_data_dir()
        settings = settings.model_copy(update={"database_url": settings.database_in_data_dir("demo.db")})
    db = _open(settings)
    _make_ready(db, settings, migrate_older=demo_mode)
    listener = listen(host, port)
    from calendo import serving  # noqa: PLC0415 - commands that do not serve need not wait for the web

    serving.serve(settings, db, listener, host, demo_mode=demo_mode, no_worker=no_worker)


@cli.command("worker")
def run_worker() -> None:
    """
    Send webhooks and mails, beside servers that run with --no-worker.

    As many can run as you like; they share the work.
    """
    for asked in (signal.SIGTERM, signal.SIGINT):
        signal.signal(asked, _end)
    settings = load_settings()
    set_up_logs(settings.log_format)
    db = _open(settings)
    _make_ready(db, settings)
    from calendo import serving  # noqa: PLC0415 - as for serve

    serving.work(settings, db)


@cli.command("migrate")
def migrate_command() -> None:
    """
    Bring the database's schema up to date.
    """
    settings = load_settings()
    db = _open(settings)
    state = _migrate(db, settings, only_if_empty=False)
    print("The schema was current already." if state is SchemaState.CURRENT else "The schema is current now.")


@users.command("create")
def create_user(
    email: Annotated[str, typer.Option(help="E-mail address to log in with.")],
    name: Annotated[str, typer.Option(help="Name that invitees see.")],
    password: Annotated[
        str,
        typer.Option(
            help="At least 8 characters; asked for when left out.",
            prompt=True,
            hide_input=True,
            confirmation_prompt=True,
            envvar="CALENDO_USER_PASSWORD",
        ),
    ],
    timezone: Annotated[str, typer.Option(help="IANA time zone of the working hours.")] = DEFAULT_TIMEZONE,
) -> None:
    """
    Make a host, with a booking page and working hours, also where registration is closed.
    """
    settings = load_settings()
    account = NewAccount(
        email=_checked(Email, email, "email"),
        password_hash=passwords.hash_password(_checked(Password, password, "password")),
        name=_checked(Line, name, "name"),
        timezone=_checked(Zone, timezone, "timezone"),
    )
    db = _open(settings)
    _make_ready(db, settings)
    try:
        with db.write() as tx:
            user = accounts.register(tx, account, read_clock())
            slug = booking_pages.get_page(tx, user.id).slug
    except CalendoError as error:
        raise SetupError(error.message) from None
    print(f"Made {account.email}; the booking page is /{slug}")


@cli.command("explain")
def explain_day(
    page: Annotated[str, typer.Argument(help="Slug of the booking page.")],
    event: Annotated[str, typer.Argument(help="Slug of the event type.")],
    day: Annotated[str, typer.Argument(metavar="DATE", help="The day, such as 2026-03-10.")],
    timezone: Annotated[
        str | None,
        typer.Option(help="Whose day it is, an IANA time zone; without it, the host's."),
    ] = None,
) -> None:
    """
    Say of each time of a day whether it is on offer, and if not, why.
    """
    settings = load_settings()
    db = _open(settings)
    _make_ready(db, settings)
    try:
        asked_on = read_date("DATE", day)
        zone = None if timezone is None else read_zone(timezone)
        with db.read() as tx:
            event_type = explanations.get_type_at(tx, page, event)
            print(as_table(explanations.explain(tx, event_type, asked_on, zone, read_clock())))
    except CalendoError as error:
        raise SetupError(error.message) from None


@cli.command("openapi")
def print_openapi(
    output: Annotated[Path | None, typer.Option(help="File to write instead of printing.")] = None,
) -> None:
    """
    Print the API's description as OpenAPI JSON.
    """
    from calendo.app import create_app  # noqa: PLC0415 - as for serve

    # The description needs neither secrets nor a database; this one is never opened.
    settings = load_settings().model_copy(update={"secret_key": SecretStr("unused")})
    app = create_app(settings, Database("sqlite://"))
    document = json.dumps(app.openapi(), indent=2) + "\n"
    if output is None:
        sys.stdout.write(document)
        return
    try:
        output.write_text(document)
    except OSError as error:
        raise SetupError(f"{output} cannot be written: {error.strerror}.") from None


@cli.command("webhook-receiver")
def webhook_receiver(
    port: Annotated[
        int, typer.Option(help="Port to listen on; 0 takes a free one.", min=0, max=65535)
    ] = 8100,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    secret: Annotated[
        str | None,
        typer.Option(
            help="The webhook's secret; without it signatures are not checked.",
            envvar="CALENDO_WEBHOOK_SECRET",
        ),
    ] = None,
    status: Annotated[int, typer.Option(help="Status to answer with.", min=200, max=599)] = 204,
) -> None:
    """
    Print and verify the webhooks that arrive, for trying things out.
    """
    for asked in (signal.SIGTERM, signal.SIGINT):
        signal.signal(asked, _end)
    # Only this command needs an HTTP server of the simple kind.
    from calendo.receiver import Receiver  # noqa: PLC0415 - see above

    # What a terminal's encoding lacks is spelt out instead of failing.
    cast("TextIOWrapper", sys.stdout).reconfigure(errors="backslashreplace", line_buffering=True)
    receiver = Receiver(listen(host, port), secret, status, read_clock, print)
    print(_receiver_block(host, receiver.server_port))
    receiver.serve_forever()


def _receiver_block(host: str, port: int) -> str:
    network = "::1/128" if ":" in reachable(host) else "127.0.0.0/8"
    return f"""\
Waiting for webhooks. Register {address(reachable(host), port)}/ under POST /api/webhooks, on a server
that was started with CALENDO_WEBHOOK_ALLOWED_NETWORKS={network}
Ctrl+C stops it.
"""


def _open(settings: Settings) -> Database:
    if settings.database_url is None:
        settings.ensure_data_dir()
    return Database(settings.database)


def _make_ready(db: Database, settings: Settings, *, migrate_older: bool = False) -> None:
    """
    Migrate an empty database; raise ``SetupError`` for one that is not of this version.
    """
    state = _migrate(db, settings, only_if_empty=not migrate_older)
    if state is SchemaState.OLDER and not migrate_older:
        raise SetupError(
            f"The database {_shown(settings)} has an older schema. Back it up, then run: calendo migrate"
        )


def _migrate(db: Database, settings: Settings, *, only_if_empty: bool) -> SchemaState:
    try:
        state = schema_state(db)
        if state is not SchemaState.CURRENT:
            state = migrate(db, only_if_empty=only_if_empty)
    except OperationalError as error:
        need = "its folder exists and can be written" if db.is_sqlite else "the server runs and lets you in"
        raise SetupError(
            f"The database {_shown(settings)} cannot be opened ({_first_line(error)}). "
            f"Check CALENDO_DATABASE_URL, and that {need}."
        ) from None
    except SQLAlchemyError as error:
        raise SetupError(
            f"The database {_shown(settings)} cannot be used ({_first_line(error)}). "
            "Set CALENDO_DATABASE_URL to another one, or restore a backup."
        ) from None
    if state is SchemaState.NEWER:
        raise SetupError(
            f"The database {_shown(settings)} belongs to a newer version of Calendo. "
            "Run that version, or set CALENDO_DATABASE_URL to another database."
        )
    if state is SchemaState.FOREIGN:
        raise SetupError(
            f"The database {_shown(settings)} holds tables that are not Calendo's. "
            "Set CALENDO_DATABASE_URL to an empty database."
        )
    return state


def _end(_signal: int, _frame: object) -> NoReturn:
    # The server finishes what is in flight and then raises the signal again;
    # to have been asked to end is no failure.
    sys.exit(0)


def _shown(settings: Settings) -> str:
    url = make_url(settings.database)
    return str(url.database) if url.drivername == "sqlite" else url.render_as_string(hide_password=True)


def _first_line(error: SQLAlchemyError) -> str:
    return str(getattr(error, "orig", None) or error).strip().split("\n")[0]


def _checked(kind: Any, value: str, name: str) -> str:
    try:
        checked: str = TypeAdapter(kind).validate_python(value)
    except ValidationError as error:
        raise SetupError(f"--{name}: {error.errors()[0]['msg'].removeprefix('Value error, ')}") from None
    return checked
