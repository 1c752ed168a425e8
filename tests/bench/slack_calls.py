"""What a call to the Web API costs over TLS: `python -m tests.bench.slack_calls`.

By slack_sdk's own client and by ours, to a server on this machine whose certificate is checked
against the system's and one more. The local workspace speaks plain HTTP, so no other bench has it.
"""

# ruff: noqa: T201 (a benchmark prints its figures)

from __future__ import annotations

import os
import ssl
import statistics
import tempfile
import threading
import time
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from slack_sdk import WebClient

from bot.slack.app import web_client
from kb.encoding.loading import load_encoder

if TYPE_CHECKING:
    from collections.abc import Callable

CALLS = 40
BODY = b'{"ok": true}'


class Answering(BaseHTTPRequestHandler):
    """Answers, and counts connections."""

    protocol_version = "HTTP/1.1"
    opened = 0

    def setup(self) -> None:
        """Count."""
        super().setup()
        Answering.opened += 1

    def do_POST(self) -> None:
        """Answer."""
        self.rfile.read(int(self.headers["Content-Length"] or 0))
        self.send_response(200)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(BODY)))
        self.end_headers()
        self.wfile.write(BODY)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def certified(folder: Path) -> ssl.SSLContext:
    """Give a server's certificate, and let the system's be checked with it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
        .public_bytes(serialization.Encoding.PEM)
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    own = folder / "server.pem"
    own.write_bytes(secret + made)
    known = Path(ssl.get_default_verify_paths().cafile or os.devnull).read_bytes()
    (folder / "known.pem").write_bytes(known + made)
    os.environ["SSL_CERT_FILE"] = str(folder / "known.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own)
    return context


def a_call(call: Callable[[], object]) -> float:
    """Median of the caller's processor time, in ms."""
    spent = []
    for _ in range(CALLS):
        began = time.thread_time()
        call()
        spent.append(time.thread_time() - began)
    return statistics.median(spent) * 1e3


def main() -> None:
    """Print both, and one encoding beside them."""
    encoder = load_encoder()
    texts = iter(f"how do I get a second screen, and who pays for it {n}" for n in range(CALLS))
    encoding = a_call(lambda: encoder.encode([next(texts)]))
    print(f"one encoding: {encoding:.2f} ms of the processor")
    with tempfile.TemporaryDirectory() as name:
        server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
        server.socket = certified(Path(name)).wrap_socket(server.socket, server_side=True)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"https://127.0.0.1:{server.server_port}/api/"
        for who, client in (
            ("slack_sdk", WebClient("xoxb-1", base_url=url)),
            ("ours", web_client("xoxb-1", url)),
        ):
            Answering.opened = 0
            taken = a_call(lambda client=client: client.api_call("api.test", json={}))
            over = f"{taken / encoding:.2f} encodings"
            print(f"{who}: {taken:.2f} ms, {over}; connections a call: {Answering.opened / CALLS}")
        server.shutdown()


if __name__ == "__main__":
    main()
