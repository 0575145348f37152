"""
Mails leave here: by SMTP to the server that is set, or as files where none is.
"""

import asyncio
import os
import secrets
import ssl
from contextlib import suppress
from dataclasses import dataclass
from email.headerregistry import Address
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import structlog

from calendo.settings import MailServer

if TYPE_CHECKING:
    import aiosmtplib

_log = structlog.get_logger()

#: For all of a mail: connecting, TLS, logging in, and handing it over. The lease is 30 s.
TOTAL_SECONDS = 20.0
#: Saying goodbye is polite and no more.
_QUIT_SECONDS = 1.0
_DONE, _PERMANENT = 250, 500


@dataclass(frozen=True, slots=True)
class Letter:
    """
    A mail as it travels, and where it goes.

    ``name`` tells it from all others, in letters fit for a file's name. Beyond ASCII are
    its headers only where the recipient's address is.
    """

    content: bytes
    sender: Address
    recipient: str
    name: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """
    What whoever took a mail said.
    """

    code: int | None = None
    text: str | None = None


class MailNotTaken(Exception):
    """
    A mail was not taken; the message says why, without a secret.

    ``code`` and ``text`` are the server's, if it said something about this mail. After
    an ``is_final`` refusal trying again makes no sense.
    """

    def __init__(
        self, problem: str, *, code: int | None = None, text: str | None = None, is_final: bool = False
    ) -> None:
        super().__init__(problem)
        self.code = code
        self.text = text
        self.is_final = is_final


class Post(Protocol):
    """
    Whoever takes mails.
    """

    async def take(self, letter: Letter) -> Receipt:
        """
        Take a mail, or raise ``MailNotTaken``.
        """


class SmtpPost:
    """
    Hands mails to a server, over a connection for each.

    ``tls`` says whose certificates are good, where they matter; the default is the machine's way.
    """

    def __init__(
        self, server: MailServer, *, tls: ssl.SSLContext | None = None, total_seconds: float = TOTAL_SECONDS
    ) -> None:
        self._server = server
        self._tls = tls
        self._total_seconds = total_seconds

    async def take(self, letter: Letter) -> Receipt:
        """
        Hand a mail over, within the total time.
        """
        import aiosmtplib  # noqa: PLC0415 - only who sends mails needs it in memory

        if self._tls is None:
            # Reading all the certificates of a machine takes a while.
            self._tls = await asyncio.to_thread(_context, self._server)

        client = self._client(letter.sender.domain)
        try:
            async with asyncio.timeout(self._total_seconds):
                await client.connect()
                _errors, said = await client.sendmail(
                    letter.sender.addr_spec,
                    [letter.recipient],
                    letter.content,
                    mail_options=[] if letter.recipient.isascii() else ["SMTPUTF8", "BODY=8BITMIME"],
                )
            # It is taken, so whatever happens now must not make us send it again.
            with suppress(Exception):
                await client.quit(timeout=_QUIT_SECONDS)
            return Receipt(_DONE, said)
        except (OSError, aiosmtplib.SMTPException) as error:
            raise self._problem(error) from None
        finally:
            client.close()

    def _client(self, local_hostname: str) -> "aiosmtplib.SMTP":
        import aiosmtplib  # noqa: PLC0415 - as above

        server = self._server
        return aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            username=server.user,
            password=server.password if server.user else None,
            use_tls=server.tls == "always",
            start_tls={"require": True, "offered": None}.get(server.tls, False),
            tls_context=self._tls,
            # The library would ask the name service who we are, each time.
            local_hostname=local_hostname,
            timeout=self._total_seconds,
        )

    def _problem(self, error: Exception) -> MailNotTaken:
        import aiosmtplib  # noqa: PLC0415 - as above

        match error:
            case aiosmtplib.SMTPRecipientsRefused():
                return _refused(error.recipients[0])
            case aiosmtplib.SMTPSenderRefused() | aiosmtplib.SMTPDataError():
                return _refused(error)
            case aiosmtplib.SMTPAuthenticationError():
                # What it said may repeat what it was told.
                problem = f"The mail server refused the user name and password ({error.code})."
            case aiosmtplib.SMTPResponseException():
                # About all mails rather than this one, and so what whoever runs it may mend.
                problem = f"The mail server is not ready for mails ({error.code})."
            case TimeoutError():
                problem = f"The mail server did not take the mail within {self._total_seconds:g} seconds."
            case ssl.SSLError():
                problem = _tls_problem(error)
            case OSError(__cause__=ssl.SSLError() as cause):
                problem = _tls_problem(cause)
            case OSError():
                problem = f"The mail server cannot be reached: {_why(error)}."
            case _:
                problem = f"The mail server cannot do what is needed: {_why(error)}."
        return MailNotTaken(problem)


class FilePost:
    """
    Writes mails to files, for those who try things out or have no mail server yet.

    With the first one the log says so.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._is_known = False

    async def take(self, letter: Letter) -> Receipt:
        """
        Write a mail to a file of its own, for the owner only; the same mail again to the same file.
        """
        if not self._is_known:
            self._is_known = True
            _log.warning(
                "no mail server is set (CALENDO_SMTP_URL): mails are written to files",
                folder=str(self._folder),
            )
        try:
            await asyncio.to_thread(self._write, letter)
        except OSError as error:
            raise MailNotTaken(f"{self._folder} cannot be written: {error.strerror}.") from None
        return Receipt()

    def _write(self, letter: Letter) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Written aside and moved into place, so that nobody finds half a mail.
        draft = self._folder / f".{secrets.token_hex(8)}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(letter.content)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self._folder / f"{letter.name}.eml")
        except OSError:
            draft.unlink(missing_ok=True)
            raise


def _context(server: MailServer) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if server.tls == "offered":
        # Whoever could forge the certificate could as well hide that TLS is on offer, and
        # many a server that mails are relayed through on one machine signed its own.
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _refused(refusal: "aiosmtplib.errors.SMTPResponseException") -> MailNotTaken:
    return MailNotTaken(
        f"The mail server answered {refusal.code}.",
        code=refusal.code,
        text=refusal.message,
        is_final=refusal.code >= _PERMANENT,
    )


def _tls_problem(error: ssl.SSLError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"The mail server's certificate is not good: {error.verify_message}."
    return f"TLS with the mail server failed: {error.reason or 'no agreement'}."


def _why(error: Exception) -> str:
    text = str(getattr(error, "strerror", None) or error.args[0] if error.args else type(error).__name__)
    return " ".join(text.split()).removesuffix(".")
