"""Telling a target by e-mail: SMTP, never in clear unless the configuration says so."""

from __future__ import annotations

import smtplib
import socket
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import getaddresses
from typing import TYPE_CHECKING, Any, Literal, cast

from bot.beyond.shapes import generic
from bot.desk.errors import DeliveryError, MisdirectedError
from bot.desk.errors import RetryableDeliveryError as NotNowError
from bot.reaching import InsideError

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.desk.beyond import Outgoing
    from bot.reaching import Reach

SILENCE_S = 10.0
FOR_GOOD = 500
LONGEST_SUBJECT = 200

Security = Literal["tls", "starttls", "none"]


@dataclass(frozen=True)
class Mailbox:
    """Where mail is handed over, and from whom to whom."""

    host: str
    port: int
    sender: str
    to: tuple[str, ...]
    security: Security = "starttls"
    user: str | None = None
    password: str | None = None


class MailCourier:
    """Carries news as e-mail; the same news has the same Message-ID, however often it is sent."""

    def __init__(
        self,
        mailbox: Mailbox,
        reach: Reach,
        context: Callable[[], ssl.SSLContext] = ssl.create_default_context,
    ) -> None:
        """Name the mailbox; `context` says whose certificates are trusted."""
        self._box = mailbox
        self._reach = reach
        self._context = context

    def carry(self, outgoing: Outgoing) -> str:
        """Send it to all; one whom the server refuses does not keep it from the others."""
        box = self._box
        try:
            with self._connected() as server:
                # To these alone, whatever the message says of itself.
                told = [address for _, address in getaddresses(box.to)]
                refused = server.send_message(message(outgoing, box), to_addrs=told)
        except InsideError as failure:
            raise MisdirectedError(str(failure)) from failure
        except smtplib.SMTPRecipientsRefused as failure:
            codes = [code for code, _ in failure.recipients.values()]
            raise _by_code(min(codes, default=0), "refuses everybody it is for", box) from failure
        except (smtplib.SMTPNotSupportedError, ssl.SSLError) as failure:
            raise MisdirectedError(
                f"{box.host} offers no connection that is safe ({type(failure).__name__}); "
                "nothing is sent in clear."
            ) from failure
        except (smtplib.SMTPAuthenticationError, smtplib.SMTPSenderRefused) as failure:
            if failure.smtp_code < FOR_GOOD:
                raise NotNowError(f"{box.host} answered {failure.smtp_code}.") from failure
            raise MisdirectedError(
                f"{box.host} answered {failure.smtp_code}: the user, password or sender is wrong."
            ) from failure
        except smtplib.SMTPResponseException as failure:
            raise _by_code(failure.smtp_code, "refuses the message", box) from failure
        except (OSError, smtplib.SMTPException) as failure:
            raise NotNowError(
                f"{box.host} cannot be reached, or broke off ({type(failure).__name__})."
            ) from failure
        return f"sent to {len(box.to) - len(refused)} of {len(box.to)}"

    def _connected(self) -> smtplib.SMTP:
        box = self._box
        server = _Within(self._reach, self._context() if box.security == "tls" else None)
        server.connect(box.host, box.port)
        try:
            if box.security == "starttls":
                server.starttls(context=self._context())
            if box.user is not None and box.password is not None:
                server.login(box.user, box.password)
        except BaseException:
            server.close()
            raise
        return server


class _Within(smtplib.SMTP):
    """Connects within a reach, to the address that was checked."""

    def __init__(self, reach: Reach, context: ssl.SSLContext | None) -> None:
        self._reach = reach
        self._tls = context
        super().__init__(timeout=SILENCE_S)

    def connect(self, host: str = "localhost", port: int = 0, *_: Any) -> tuple[int, bytes]:
        # STARTTLS checks the certificate against this name.
        self._host = host
        return super().connect(host, port)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        failure = OSError("no address")
        for family, kind, protocol, _, place in self._reach.places(host, port):
            made = socket.socket(family, kind, protocol)
            try:
                made.settimeout(timeout)
                made.connect(place)
                if self._tls is not None:
                    return self._tls.wrap_socket(made, server_hostname=host)
            except OSError as error:
                made.close()
                failure = error
            else:
                return made
        raise failure


def _by_code(code: int, what: str, box: Mailbox) -> Exception:
    if code >= FOR_GOOD:
        return DeliveryError(f"{box.host} {what} ({code}).")
    return NotNowError(f"{box.host} {what} now ({code}).")


def message(outgoing: Outgoing, box: Mailbox) -> EmailMessage:
    """Write news as a message; what belongs to one page stands in one thread."""
    domain = box.sender.rpartition("@")[2].rstrip("> ") or "frontline.invalid"
    mail = EmailMessage()
    mail["From"] = box.sender
    mail["To"] = ", ".join(box.to)
    mail["Subject"] = _subject(outgoing)
    mail["Date"] = outgoing.at
    mail["Message-ID"] = f"<{outgoing.key}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    if outgoing.page:
        mail["References"] = f"<{outgoing.page}@{domain}>"
    mail.set_content(_text(outgoing))
    return mail


def _subject(outgoing: Outgoing) -> str:
    priority = outgoing.about.priority if outgoing.about else None
    head = f"[{priority}] " if priority else ""
    # A line break would begin a header of the sender's own; so would one within an encoded word,
    # which the header takes apart before it is written.
    told = f"{head}Frontline: {outgoing.says}".replace("=?", "= ?")
    return " ".join(told.split())[:LONGEST_SUBJECT]


def _text(outgoing: Outgoing) -> str:
    told = generic(outgoing)
    ticket = cast("dict[str, Any]", told.get("ticket", {}))
    lines = [outgoing.says, ""]
    lines += [
        f"{name}: {value}"
        for name, value in ticket.items()
        if value not in {None, "", False} and name not in {"subject", "reopened"}
    ]
    if outgoing.page:
        lines += ["", "Open Slack and take it there: the page ends when somebody has it."]
    return "\n".join(lines) + "\n"
