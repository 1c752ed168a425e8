"""Signatures over what is sent and received: HMAC-SHA256 of the raw body, with its time."""

from __future__ import annotations

import hmac
from hashlib import sha256

HEADER = "Frontline-Signature"
OLDEST_S = 300
"""What was signed longer ago, or so far ahead, is refused: it may be somebody's recording."""

LONGEST = 4_096
LONGEST_TIME = 12


def signature(secret: bytes, body: bytes, at: int) -> str:
    """Sign a body: `t=<seconds>,v1=<hex>`, over `<seconds>.<body>`."""
    return f"t={at},v1={_hex(secret, f'{at}.'.encode() + body)}"


def is_signed(secret: bytes, body: bytes, header: str, now: float) -> bool:
    """Tell whether a header is our own kind of signature of a body, and not too old."""
    parts = [part.strip().partition("=") for part in header[:LONGEST].split(",")]
    times = [value for name, _, value in parts if name == "t"]
    if len(times) != 1 or not times[0].isascii() or not times[0].isdigit():
        return False
    if abs(now - int(times[0][:LONGEST_TIME])) > OLDEST_S:
        return False
    wanted = _hex(secret, f"{times[0]}.".encode() + body)
    return _one_of(wanted, (value for name, _, value in parts if name == "v1"))


def is_pagerdutys(secret: bytes, body: bytes, header: str) -> bool:
    """Tell whether a header is PagerDuty's signature of a body: `v1=<hex>`, one for each secret."""
    parts = (part.strip().partition("=") for part in header[:LONGEST].split(","))
    return _one_of(_hex(secret, body), (value for name, _, value in parts if name == "v1"))


def _hex(secret: bytes, signed: bytes) -> str:
    return hmac.new(secret, signed, sha256).hexdigest()


def _one_of(wanted: str, given: object) -> bool:
    # All are compared, so that the time tells nothing.
    found = [hmac.compare_digest(wanted.encode(), str(each).encode()) for each in given]  # type: ignore[attr-defined]
    return any(found)
