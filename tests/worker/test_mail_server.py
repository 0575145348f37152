"""
Mails are handed to real servers, and what those do decides whether they are tried again.
"""

import asyncio
import socket
import ssl
import stat
import time
from contextlib import closing
from pathlib import Path

import pytest
from mailing import (
    LINKS,
    Mailbox,
    Password,
    certificate,
    claimed,
    free_port,
    mail_server,
    parsed,
    send,
    text_of,
)
from structlog.testing import capture_logs

from calendo.integrations.mail import SmtpPost
from calendo.settings import MailServer, Settings
from calendo.worker.mails.sender import MailSender


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


def through(port: int, more: str = "", user: str = "", scheme: str = "smtp") -> Settings:
    return Settings(smtp_url=f"{scheme}://{user}127.0.0.1:{port}{more}")


def test_a_mail_arrives() -> None:
    """
    With its envelope, and what the server said is kept.
    """
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        outcome = send(through(port), claimed())

    assert (None, 250, "2.0.0 Queued as 42") == (outcome.error, outcome.status_code, outcome.answer)
    (envelope,) = mailbox.envelopes
    assert ("calendo@localhost", ["bob@example.com"]) == (envelope.mail_from, envelope.rcpt_tos)
    assert [False] == mailbox.was_tls


def test_the_password_goes_through_starttls(tmp_path: Path) -> None:
    server_tls, client_tls = certificate(tmp_path)
    mailbox, password = Mailbox(), Password("jane@example.com", "p@ss word/ü")
    with mail_server(mailbox, tls_context=server_tls, authenticator=password, auth_required=True) as port:
        settings = through(port, user="jane%40example.com:p%40ss%20word%2F%C3%BC@", more="?starttls=require")
        outcome = send(settings, claimed(), tls=client_tls)

    assert None is outcome.error
    assert [True] == mailbox.was_tls


def test_tls_from_the_start(tmp_path: Path) -> None:
    server_tls, client_tls = certificate(tmp_path)
    mailbox = Mailbox()
    with mail_server(mailbox, ssl_context=server_tls) as port:
        outcome = send(through(port, scheme="smtps"), claimed(), tls=client_tls)

    assert None is outcome.error
    assert [True] == mailbox.was_tls


def test_starttls_is_used_where_it_is_offered_whoever_signed(tmp_path: Path) -> None:
    """
    Where it need not be there, a certificate that is not good is better than none.
    """
    server_tls, _ = certificate(tmp_path)
    mailbox = Mailbox()
    with mail_server(mailbox, tls_context=server_tls) as port:
        assert None is send(through(port), claimed()).error
        assert None is send(through(port, "?starttls=off"), claimed()).error

    assert [True, False] == mailbox.was_tls


@pytest.mark.parametrize(("scheme", "more"), [("smtp", "?starttls=require"), ("smtps", "")])
def test_a_certificate_that_has_to_be_good_is_checked(tmp_path: Path, scheme: str, more: str) -> None:
    server_tls, _ = certificate(tmp_path)
    mailbox = Mailbox()
    given = {"ssl_context": server_tls} if scheme == "smtps" else {"tls_context": server_tls}
    with mail_server(mailbox, **given) as port:
        outcome = send(through(port, more, scheme=scheme), claimed())

    assert outcome.error is not None
    assert outcome.error.startswith("The mail server's certificate is not good")
    assert not outcome.is_final
    assert [] == mailbox.envelopes


def test_without_the_starttls_that_is_required_nothing_is_sent() -> None:
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        outcome = send(through(port, "?starttls=require"), claimed())

    assert "STARTTLS" in (outcome.error or "")
    assert [] == mailbox.envelopes


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_a_wrong_password_is_tried_again_and_never_shown() -> None:
    """
    Whoever runs the server may mend it meanwhile; neither error nor log has it.
    """
    password = Password("jane", "right")
    given = {"authenticator": password, "auth_required": True, "auth_require_tls": False}
    with mail_server(Mailbox(), **given) as port, capture_logs() as logs:
        outcome = send(through(port, user="jane:hunter2@"), claimed())

    assert "The mail server refused the user name and password (535)." == outcome.error
    assert not outcome.is_final
    assert "hunter2" not in f"{outcome} {logs}"
    assert {b"hunter2"} == {came.password for came in password.came}


def test_a_mail_that_is_put_off_is_tried_again() -> None:
    """
    A 451 is no refusal: the next attempt hands over the same mail, known by its Message-ID.
    """
    mailbox = Mailbox("451 4.7.1 Greylisted, please try again")
    with mail_server(mailbox) as port:
        first = send(through(port), claimed())
        second = send(through(port), claimed())

    assert (451, False) == (first.status_code, first.is_final)
    assert "The mail server answered 451." == first.error
    assert "4.7.1 Greylisted, please try again" == first.answer
    assert None is second.error
    assert "<0b5ff7a8-5d3c-4a6e-9d4e-2f0d5f6f7a11.invitee@localhost>" == mailbox.mail()["Message-ID"]


@pytest.mark.parametrize("answer", ["550 5.1.1 No such user", "552 Too big", "554 Looks like spam"])
def test_a_refusal_is_final(answer: str) -> None:
    with mail_server(Mailbox(answer)) as port:
        outcome = send(through(port), claimed())

    assert (int(answer[:3]), answer[4:]) == (outcome.status_code, outcome.answer)
    assert outcome.is_final


def test_a_recipient_who_is_refused_is_final() -> None:
    class Picky(Mailbox):
        async def handle_RCPT(self, *given: object) -> str:  # noqa: N802 - aiosmtpd's
            return "550 5.1.1 No such user here"

    with mail_server(Picky()) as port:
        outcome = send(through(port), claimed())

    assert (550, "5.1.1 No such user here", True) == (outcome.status_code, outcome.answer, outcome.is_final)


def test_a_server_that_is_away_is_asked_again() -> None:
    """
    Nobody listens at first, then somebody does.
    """
    port = free_port()
    away = send(through(port), claimed())
    mailbox = Mailbox()
    with mail_server(mailbox, port):
        back = send(through(port), claimed())

    assert (away.error or "").startswith("The mail server cannot be reached: ")
    assert (None, False) == (away.status_code, away.is_final)
    assert None is back.error
    assert 1 == len(mailbox.envelopes)


@pytest.mark.parametrize("tls", ["off", "always"])
def test_a_server_that_hangs_is_left_in_time(tls: str) -> None:
    """
    It takes the connection and never says a word.
    """
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        server = MailServer("127.0.0.1", silent.getsockname()[1], tls)  # type: ignore[arg-type] # one of them
        began = time.monotonic()
        outcome = _send_within(server, 0.5)

    assert time.monotonic() - began < 3
    assert "The mail server did not take the mail within 0.5 seconds." == outcome
    # What is not said here is the default: less than the lease of a delivery.
    assert SmtpPost(server)._total_seconds == 20


def test_a_server_that_hangs_after_it_took_a_mail_has_it() -> None:
    """
    Sending it again would make it come twice.
    """

    class Sleepy(Mailbox):
        async def handle_QUIT(self, *given: object) -> str:  # noqa: N802 - aiosmtpd's
            await asyncio.sleep(30)
            return "221 Bye"

    mailbox = Sleepy()
    with mail_server(mailbox) as port:
        outcome = send(through(port), claimed())

    assert None is outcome.error
    assert 1 == len(mailbox.envelopes)


def test_an_address_beyond_ascii_takes_a_server_that_knows_them() -> None:
    """
    A domain has a form in ASCII; what stands before the @ has none.
    """
    mailbox = Mailbox()
    knows, does_not = {"enable_SMTPUTF8": True}, {"enable_SMTPUTF8": False}
    domain = {"name": "Bob", "email": "bob@bücher.example", "timezone": "UTC", "locale": None}
    user = {**domain, "email": "jürgen@example.com"}
    with mail_server(mailbox, **does_not) as port:
        assert None is send(through(port), claimed(invitee=domain)).error
        assert "SMTPUTF8" in (send(through(port), claimed(invitee=user)).error or "")
    with mail_server(mailbox, **knows) as port:
        assert None is send(through(port), claimed(invitee=user)).error

    assert [["bob@xn--bcher-kva.example"], ["jürgen@example.com"]] == [
        envelope.rcpt_tos for envelope in mailbox.envelopes
    ]


@pytest.mark.parametrize(
    "email", ["", "bob", "bob@", "bob@example.com\r\nRCPT TO:<x@example.com>", "a b@c.de"]
)
def test_what_is_no_address_gets_no_mail(email: str) -> None:
    """
    None can be made by the API; should one rest in the tables all the same, nobody is asked.
    """
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        outcome = send(through(port), claimed(invitee={**claimed().facts["invitee"], "email": email}))  # type: ignore[index] # it has them

    assert "The invitee has no address that mails can go to." == outcome.error
    assert outcome.is_final
    assert [] == mailbox.envelopes


def test_without_a_server_mails_are_files(folder: Path) -> None:
    """
    For their owner only, told apart by their names, in the order in which they were written.
    """
    settings = Settings(data_dir=folder)
    for delivery in (claimed(), claimed(), claimed("booking.cancelled", "host")):
        outcome = send(settings, delivery)
        assert (None, None) == (outcome.error, outcome.status_code)

    files = sorted(path for path in (folder / "mails").iterdir())
    assert [
        "20260309T170000Z-booking.cancelled-host-0b5ff7a8.eml",
        "20260309T170000Z-booking.created-invitee-0b5ff7a8.eml",
    ] == [path.name for path in files]
    assert {0o600} == {stat.S_IMODE(path.stat().st_mode) for path in files}
    assert 0o700 == stat.S_IMODE((folder / "mails").stat().st_mode)
    assert "bob@example.com" in str(parsed(files[1].read_bytes())["To"])
    assert "Dienstag, 10. März 2026" in text_of(parsed(files[1].read_bytes()))


def test_that_mails_are_files_is_said_once(folder: Path) -> None:
    async def both() -> None:
        sender = MailSender(Settings(data_dir=folder), LINKS, base_url="http://calendo.test")
        await sender.send(claimed())
        await sender.send(claimed("booking.cancelled"))

    with capture_logs() as logs:
        asyncio.run(both())

    assert [str(folder / "mails")] == [line["folder"] for line in logs]
    assert "CALENDO_SMTP_URL" in logs[0]["event"]


def test_a_folder_that_cannot_be_written_is_told(folder: Path) -> None:
    folder.mkdir()
    (folder / "mails").write_text("in the way")

    outcome = send(Settings(data_dir=folder), claimed())

    assert "cannot be written" in (outcome.error or "")
    assert not outcome.is_final
    assert "in the way" == (folder / "mails").read_text()


def test_a_delivery_to_an_endpoint_is_no_mail(folder: Path) -> None:
    with pytest.raises(ValueError, match="not a mail's"):
        send(Settings(data_dir=folder), claimed(recipient=None))  # type: ignore[arg-type] # the point


def _send_within(server: MailServer, seconds: float) -> str:
    async def once() -> str:
        sender = MailSender(Settings(), LINKS, base_url="http://calendo.test")
        sender._post = SmtpPost(server, total_seconds=seconds, tls=ssl.create_default_context())
        return (await sender.send(claimed())).error or ""

    return asyncio.run(once())
