"""Messages with secrets in them, made from three sittings of carriers; nothing in them is real."""

from __future__ import annotations

import base64
import json
import random
import re
import string
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.scrubbing.numbers import LENGTHS, is_card

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).parent / "secrets"
EACH = 250
"""So many messages of each sitting."""

POOLS = {
    "sitting_one": (
        "Sommer2024! hunter2 Tr0ub4dor&3 kX9!fm2Q correcthorse9 Winter#88 P@ssw0rd abc12345 "
        "Qwertz123 Zebra-Lampe-42 Monday1! f00tball_ R3dApple$ g7Kp2mQx Lund!2025 secret99 "
        "MyDog1sRex ch4ngeMe! blue.Sky.77 N0tMyPass aA1!bB2? Rotterdam010 sun$hine7 0xDEADb33f "
        "Frühling24! Vikings1998 T3stT3st! Gw!8zz%Lq 1qaz2wsx Passw0rd2026 Kaffee&Kuchen3 "
        "sunshine Liverpool dragonfly"
    ).split(),
    "sitting_two": (
        "Welkom01! Gr4nny$mith Ajax1995 pallet#77 xT5?qLm9 letmein22 Bella2019 Hanna&Tom1 "
        "Z0mer2026 Kraków!71 truckST0P 7Dwarves! M1lkyway_ Porto#2016 qwe123!! Lagerhalle4 "
        "n3wYear26 Janek1987 Blauw-Fiets-9 Ch4rlie! B0nj0ur22 Mamma.Mia5 soleil75! 9Lives&cat "
        "Espresso_88 Forklift2! ab!c9D3f Kissa1234 Hund&Katt7 Pa55w0rt Tulpe!2025 yW3#vB8k "
        "chocolate Barcelona snowflake"
    ).split(),
    "sitting_three": (
        "Campus2026! b1blioThek Linus&Lucy7 m0odle!Now Herbst_25 9Planets! qP7$zzX2 rosebud42 "
        "Kant1724 Zahlen-Wald-8 Uni4ever! T4fel&Kreide s3mester25 fisica.91 aula_Magna3 Nobel1901! "
        "pr0f3ss0r kolibri99 Eclipse#24 w8!Ry2Lk Student2025 hamster Florence thunderstorm"
    ).split(),
}


@dataclass(frozen=True)
class Made:
    """A message, its language, and the secrets in it."""

    text: str
    language: str
    secrets: tuple[str, ...]


def made(sitting: str, count: int = EACH) -> list[Made]:
    """Fill a sitting's carriers, each in turn, with secrets from its own pool."""
    lines = (HERE / f"{sitting}.tsv").read_text(encoding="utf-8").splitlines()
    chance = random.Random(f"{sitting}-1")
    found = []
    for number in range(count):
        language, carrier = lines[number % len(lines)].split("\t", 1)
        secrets: list[str] = []

        def fill(match: re.Match[str], secrets: list[str] = secrets) -> str:
            value = _secret(match.group(1), sitting, chance)
            secrets.append(value)
            return value

        text = re.sub(r"\{(\w+)\}", fill, carrier.replace("\\n", "\n"))
        found.append(Made(text, language, tuple(secrets)))
    return found


def _secret(kind: str, sitting: str, chance: random.Random) -> str:
    if kind == "pw":
        return chance.choice(POOLS[sitting])
    return MAKERS[kind](chance)


def _some(chance: random.Random, letters: str, size: int) -> str:
    return "".join(chance.choice(letters) for _ in range(size))


MIXED = string.ascii_letters + string.digits
UPPER = string.ascii_uppercase + string.digits
HEX = "0123456789abcdef"


def _card(chance: random.Random) -> str:
    start, size = chance.choice([("4", 16), ("52", 16), ("37", 15), ("4", 16)])
    while True:
        digits = start + _some(chance, string.digits, size - len(start))
        if is_card(digits):
            mark = chance.choice(["", " ", "-"])
            return mark.join(digits[n : n + 4] for n in range(0, size, 4))


def _iban(chance: random.Random) -> str:
    country = chance.choice(["DE", "NL", "FR", "GB", "PL", "ES", "AT"])
    bank = "ABNA" if country in {"NL", "GB"} else ""
    rest = bank + _some(chance, string.digits, LENGTHS[country] - 4 - len(bank))
    number = int("".join(str(int(c, 36)) for c in f"{rest}{country}00"))
    whole = f"{country}{98 - number % 97:02d}{rest}"
    spaced = " ".join(whole[n : n + 4] for n in range(0, len(whole), 4))
    return chance.choice([whole, spaced])


def _jwt(chance: random.Random) -> str:
    head = base64.urlsafe_b64encode(b'{"alg":"HS256","typ":"JWT"}').decode().rstrip("=")
    body = json.dumps({"sub": _some(chance, MIXED, 9), "exp": 1_790_000_000}).encode()
    middle = base64.urlsafe_b64encode(body).decode().rstrip("=")
    return f"{head}.{middle}.{_some(chance, MIXED, 43)}"


def _mixed(chance: random.Random) -> str:
    return "a7" + _some(chance, MIXED + "-_", 30) + "Q"


def _private_key(chance: random.Random) -> str:
    kind = chance.choice(["RSA ", "", "OPENSSH ", "EC "])
    lines = "\n".join(_some(chance, MIXED + "+/", 64) for _ in range(4))
    return f"-----BEGIN {kind}PRIVATE KEY-----\n{lines}\n-----END {kind}PRIVATE KEY-----"


MAKERS: dict[str, Callable[[random.Random], str]] = {
    "pin": lambda c: _some(c, string.digits, c.choice([4, 4, 6])),
    "otp": lambda c: _some(c, string.digits, 6),
    "backup": lambda c: f"{_some(c, string.digits, 8)}",
    "card": _card,
    "iban": _iban,
    "jwt": _jwt,
    "mixed": _mixed,
    "hex": lambda c: _some(c, HEX, 31) + "7a",
    "privkey": _private_key,
    "github": lambda c: c.choice(["ghp_", "gho_"]) + _some(c, MIXED, 36),
    "gitlab": lambda c: "glpat-" + _some(c, MIXED, 20),
    # Put together here, so that no scanner takes this file for a leak.
    "slack": lambda c: "xo" + f"xb-{_some(c, string.digits, 12)}-{_some(c, MIXED, 24)}",
    "slackhook": lambda c: (
        "https://hooks.slack" + f".com/services/T{_some(c, UPPER, 8)}/B{_some(c, UPPER, 8)}"
        f"/{_some(c, MIXED, 24)}"
    ),
    "awsid": lambda c: "AKIA" + _some(c, UPPER, 16),
    "awssecret": lambda c: "wJ7" + _some(c, MIXED + "/+", 37),
    "stripe": lambda c: "sk" + "_live_" + _some(c, MIXED, 24),
    "openai": lambda c: "sk-proj-" + _some(c, MIXED, 48),
    "sendgrid": lambda c: f"SG.{_some(c, MIXED, 22)}.{_some(c, MIXED, 43)}",
    "google": lambda c: "AIza" + _some(c, MIXED, 35),
    "npm": lambda c: "npm_" + _some(c, MIXED, 36),
    "pypi": lambda c: "pypi-AgEIcHlwaS5vcmc" + _some(c, MIXED, 80),
    "azure": lambda c: _some(c, MIXED + "+/", 86) + "==",
    "sas": lambda c: _some(c, MIXED, 43) + "%3D",
    "telegram": lambda c: f"{_some(c, '123456789', 9)}:AA{_some(c, MIXED, 33)}",
    "bitlocker": lambda c: "-".join(_some(c, string.digits, 6) for _ in range(8)),
}
