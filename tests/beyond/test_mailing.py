"""Telling by e-mail, against a mail server on this machine that takes, refuses or breaks off."""

from __future__ import annotations

import email.policy
import socketserver
import threading
from contextlib import contextmanager
from email.parser import BytesParser
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.beyond.mailing import Mailbox, MailCourier, message
from bot.desk.beyond import About, Happening, Outgoing
from bot.desk.errors import DeliveryError, MisdirectedError, RetryableDeliveryError
from bot.reaching import Reach
from tests import builders as a

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage

PAGE = "frontline-T-1001-0123456789ab"
HERE = Reach(("127.0.0.1",))


def news(says: str = "T-1001, P1, has been taken by nobody yet: It is down") -> Outgoing:
    """A page."""
    return Outgoing("mail", Happening.PAGE, "k1", a.NOON, says, About("T-1001", "P1"), PAGE)


def box(port: int, **changes: Any) -> Mailbox:
    """A mailbox at a server on this machine."""
    given_ = {"security": "none", "to": ("mei@example.org", "jonas@example.org"), **changes}
    return Mailbox("127.0.0.1", port, "Frontline <desk@example.org>", **given_)


@contextmanager
def server(**answers: str) -> Iterator[tuple[int, list[bytes]]]:
    """A mail server; `answers` are what it says to a verb instead of yes, "" breaks off."""
    got: list[bytes] = []

    class Handler(socketserver.StreamRequestHandler):
        def _say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

        def handle(self) -> None:
            self._say("220 here")
            refused = 0
            while line := self.rfile.readline().decode().strip():
                verb = line.split(maxsplit=1)[0].upper()
                answer = answers.get(verb.lower())
                if verb == "RCPT" and answer and (refused or "jonas" in line):
                    self._say(answer)
                    continue
                if answer is not None and verb != "RCPT":
                    if not answer:
                        return
                    self._say(answer)
                elif verb == "DATA":
                    self._say("354 go on")
                    got.append(b"".join(iter(self.rfile.readline, b".\r\n")))
                    if "end" in answers:
                        return
                    self._say("250 taken")
                elif verb == "QUIT":
                    self._say("221 bye")
                    return
                else:
                    self._say("250 yes")

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True

    with Server(("127.0.0.1", 0), Handler) as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield running.server_address[1], got
        running.shutdown()
        thread.join()


def parsed(raw: bytes) -> EmailMessage:
    """A message as a reader has it."""
    found: EmailMessage = BytesParser(policy=email.policy.default).parsebytes(raw)  # type: ignore[assignment]
    return found


def test_a_page_arrives_as_a_message() -> None:
    """With its subject, whom it is for, and an id of its own that stays the same."""
    with server() as (port, got):
        courier = MailCourier(box(port), HERE)
        assert courier.carry(news()) == "sent to 2 of 2"
        courier.carry(news())
    first, again = map(parsed, got)
    assert first["Subject"].startswith("[P1] Frontline: T-1001, P1, has been taken by nobody yet")
    assert first["Message-ID"] == again["Message-ID"] == "<k1@example.org>"
    assert first["References"] == f"<{PAGE}@example.org>"
    assert "It is down" in first.get_content()


@pytest.mark.parametrize(
    ("answers", "kind"),
    [
        ({"mail": "451 later"}, RetryableDeliveryError),
        ({"data": "452 full"}, RetryableDeliveryError),
        ({"data": "554 no"}, DeliveryError),
        ({"mail": "550 who are you"}, MisdirectedError),
        ({"mail": ""}, RetryableDeliveryError),
        ({"end": ""}, RetryableDeliveryError),
        ({"ehlo": "421 busy", "helo": "421 busy"}, RetryableDeliveryError),
    ],
    ids=["sender later", "full", "refused", "sender wrong", "breaks off", "no word", "busy"],
)
def test_what_the_server_says_is_understood(answers: dict[str, str], kind: type) -> None:
    """Later, never, or not from us."""
    with server(**answers) as (port, _), pytest.raises(kind) as failure:
        MailCourier(box(port), HERE).carry(news())
    assert "127.0.0.1" in str(failure.value)
    assert (kind is MisdirectedError) == isinstance(failure.value, MisdirectedError)


def test_one_whom_the_server_refuses_keeps_it_from_nobody_else() -> None:
    """And it is told how many it went to."""
    with server(rcpt="550 no such person") as (port, got):
        assert MailCourier(box(port), HERE).carry(news()) == "sent to 1 of 2"
    assert len(got) == 1


def test_nothing_is_sent_in_clear_unless_it_is_written_so() -> None:
    """A server without STARTTLS gets no word, nor the password."""
    with server(ehlo="250 no more") as (port, got), pytest.raises(MisdirectedError, match="clear"):
        MailCourier(box(port, security="starttls"), HERE).carry(news())
    assert got == []


def test_a_server_inside_is_not_asked() -> None:
    """Unless the configuration names it."""
    with server() as (port, got), pytest.raises(MisdirectedError, match="no public address"):
        MailCourier(box(port), Reach(named="in [targets.mail]")).carry(news())
    assert got == []


@given(st.text(max_size=400))
def test_no_words_become_a_header(says: str) -> None:
    """Whatever people write, and however it is broken into lines."""
    whole = message(news(f"{says}\r\nBcc: all@example.org"), box(25))
    assert whole["Bcc"] is None
    raw = whole.as_bytes(policy=email.policy.SMTP)
    assert parsed(raw)["Bcc"] is None
    assert parsed(raw)["To"] == "mei@example.org, jonas@example.org"


@pytest.mark.parametrize(
    "says",
    [
        "=?utf-8?q?x=0ABcc:_all@example.net?=",
        "=?us-ascii?q?x=0D=0ABcc=3A=20all@example.net=0D=0A=0D=0Abody?= is down",
        "=?utf-8?b?eApCY2M6IGFsbEBleGFtcGxlLm5ldA==?=",
        "==?utf-8?q?=0ABcc:_all@example.net?=",
    ],
)
def test_no_encoded_words_become_a_header_or_a_recipient(says: str) -> None:
    """Whoever writes what mail programs decode gets it shown as it was written."""
    whole = parsed(message(news(says), box(25)).as_bytes(policy=email.policy.SMTP))
    assert whole["Bcc"] is None
    assert says.replace("=?", "= ?") in whole["Subject"]
    with server() as (port, got):
        assert MailCourier(box(port), HERE).carry(news(says)) == "sent to 2 of 2"
    assert b"\nBcc:" not in got[0]
