"""What stands where a form of a message leaves a place: secrets, and what only looks like one."""

from __future__ import annotations

import base64
import string
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

ALNUM = string.ascii_letters + string.digits
UPPER = string.ascii_uppercase + string.digits
HEX = "0123456789abcdef"
LARGE = string.ascii_uppercase
WORDS_FILE = Path("training_data") / "secrets" / "words.txt"
USERS = ("anna", "bob", "c.meyer", "jdoe", "m.rossi", "kiosk", "svc-mail", "admin", "root", "sa",
         "scanner1", "lena.k", "tbrown", "deploy", "ci-bot", "p.novak", "u10234", "x4711", "ops",
         "reporting", "kasse3", "marie.l", "jan", "yildiz", "guest", "oracle", "postgres", "backup",
         "hr_app", "terminal-7", "DESKTOP\\max", "corp\\eva", "s.ito", "wang.li")  # fmt: skip
TOOLS = ("mysql", "psql", "curl", "wget", "docker login", "redis-cli", "mongo", "sqlplus", "sqlcmd",
         "net use", "runas", "smbclient", "ldapsearch", "svn", "git", "helm", "vault", "rdesktop",
         "kubectl", "influx", "mosquitto_pub", "cqlsh", "impala-shell", "beeline", "lftp", "http",
         "snowsql", "xfreerdp", "restic", "rclone", "az", "gcloud", "npm", "nuget")  # fmt: skip
SCHEMES = ("postgres", "mysql", "mongodb", "redis", "amqp", "ftp", "sftp", "https", "http",
           "ldap", "smtp", "mqtt", "rtsp", "nats", "imap")  # fmt: skip
PLACES = ("db", "API", "mail", "Orders", "billing", "Sales", "crm", "inventory", "proxy", "vpn",
          "jenkins", "Portal", "wiki", "backup", "grafana", "payroll", "store", "shop", "queue",
          "Webshop", "archive", "Lager", "finance", "HR", "nas")  # fmt: skip


@lru_cache(1)
def word_lists() -> tuple[list[str], list[str]]:
    """Give words that people make passwords of, Latin ones and Cyrillic ones."""
    lines = WORDS_FILE.read_text(encoding="utf-8").splitlines()[1:]
    return " ".join(lines[:-1]).split(), lines[-1].split()


def some(chance: Random, letters: str, size: int) -> str:
    """Give characters by chance."""
    return "".join(chance.choice(letters) for _ in range(size))


def plain_word(c: Random) -> str:
    """Give one word that is in a dictionary, as people choose them."""
    word = c.choice(word_lists()[0])
    return c.choice([word, word, word.capitalize(), word + c.choice(word_lists()[0])])


def _leet(c: Random, word: str) -> str:
    table = {"a": "4@", "e": "3", "i": "1!", "o": "0", "s": "5$", "t": "7"}
    return "".join(
        c.choice(table[each]) if each in table and c.random() < 0.4 else each  # noqa: PLR2004
        for each in word
    )


def _number(c: Random) -> str:
    return c.choice(
        [
            str(c.randint(0, 9)),
            f"{c.randint(0, 99):02d}",
            str(c.randint(100, 999)),
            str(c.randint(1950, 2027)),
            some(c, string.digits, 4),
        ]
    )


def _word_for_password(c: Random) -> str:
    word = c.choice(word_lists()[0])
    return c.choice([word, word.capitalize(), word.capitalize(), _leet(c, word), word.upper()])


def password(c: Random) -> str:
    """Give a password as people make them, or as a machine does."""
    one, two, marks = _word_for_password(c), _word_for_password(c), "!?#$%&*+-_.@=~^/"
    mark = c.choice(marks)
    shapes = (
        lambda: one + _number(c),
        lambda: f"{one}{c.choice('-_.')}{two}",
        lambda: (
            f"{one}{c.choice('-_.')}{c.choice(['of', 'and', 'the', 'my'])}{c.choice('-_.')}{two}"
        ),
        lambda: f"{one}-{two}-{_number(c)}",
        lambda: c.choice(word_lists()[1]) + c.choice(["", mark]) + _number(c),
        lambda: one + _number(c) + mark,
        lambda: one + mark + _number(c),
        lambda: one + mark + two,
        lambda: f"{one}{c.choice('-_.')}{two}{c.choice('-_.')}{_number(c)}",
        lambda: one + c.choice("-_.&+") + two + _number(c),
        lambda: one + two + c.choice([mark, _number(c)]),
        lambda: _leet(c, one) + two,
        lambda: _number(c) + one + mark,
        lambda: c.choice(["!", "#", "$", "@"]) + one + _number(c),
        lambda: some(c, ALNUM + "!#$%&*+-?", c.randint(8, 16)),
        lambda: some(c, ALNUM, c.randint(8, 14)),
        lambda: f"{some(c, ALNUM, 3)}-{some(c, ALNUM, 4)}-{some(c, ALNUM, 3)}",
        lambda: "".join(w[:1] for w in c.sample(word_lists()[0], 5)) + mark + _number(c),
    )
    return c.choice(shapes)()


def phrase(c: Random) -> str:
    """Give several words, with a number at times."""
    words = c.sample(word_lists()[0], c.randint(2, 4))
    return " ".join([*words, *([_number(c)] if c.random() < 0.4 else [])])  # noqa: PLR2004


def _key(c: Random) -> str:
    size = c.choice([12, 16, 20, 24, 32, 40])
    body = some(c, c.choice([ALNUM, ALNUM + "-_", HEX, ALNUM + "+/"]), size)
    return (
        c.choice(["", "", "", f"{c.choice(word_lists()[0])[:3]}_", "tok-", "k1."])
        + body
        + some(c, "37", 1)
    )


def _identifier(c: Random) -> str:
    return c.choice(
        [
            some(c, UPPER, c.randint(8, 12)),
            f"{some(c, LARGE, c.randint(2, 4))}-{some(c, string.digits, c.randint(4, 7))}",
            f"{some(c, string.ascii_uppercase, 3)}{some(c, string.digits, c.randint(3, 8))}",
            f"{some(c, string.ascii_uppercase, 2)}-{some(c, UPPER, 3)}-{some(c, string.digits, 3)}",
            some(c, string.digits, c.randint(7, 12)),
            f"{c.randint(2019, 2027)}-{some(c, LARGE, 3)}-{some(c, string.digits, 5)}",
        ]
    )


def _host(c: Random) -> str:
    place = c.choice(PLACES).lower()
    return c.choice(
        [
            f"{place}{c.randint(1, 9)}",
            f"{place}.corp.example",
            f"{place}-{c.randint(1, 30):02d}.internal",
            f"srv-{place}-{c.randint(1, 99)}",
            ip(c),
            f"{place}.local",
        ]
    )


def ip(c: Random) -> str:
    """Give an address of a network."""
    return ".".join(str(c.randint(1, 250)) for _ in range(4))


def _version(c: Random) -> str:
    return c.choice(["", "v"]) + ".".join(str(c.randint(0, 200)) for _ in range(c.randint(2, 4)))


def _error(c: Random) -> str:
    return c.choice(
        [
            "0x" + some(c, HEX, 8),
            str(c.randint(100, 9999)),
            f"{c.choice('ABEHKS')}{c.randint(10, 999)}",
            f"ORA-{some(c, string.digits, 5)}",
            f"-{c.randint(10, 999)}",
        ]
    )


def _groups(c: Random, letters: str, size: int, count: int, mark: str) -> str:
    return mark.join(some(c, letters, size) for _ in range(count))


def _name(c: Random) -> str:
    return c.choice(
        ["password", "pass", "pwd", "passwd", "secret", "token", "api_key", "apiKey", "key", "auth",
         "client_secret", "clientSecret", "authToken", "access_key", "db_password", "userPassword",
         "passphrase", "credentials", "private_key", "PassWord", "pw"]
    )  # fmt: skip


SECRETS: dict[str, Callable[[Random], str]] = {
    "pw": password,
    "any": lambda c: c.choice([password, password, password, plain_word, phrase])(c)
    if c.random() < 0.9  # noqa: PLR2004
    else some(c, string.digits, c.choice([6, 8])),
    "word": plain_word,
    "phrase": phrase,
    "key": _key,
    "hexkey": lambda c: some(c, HEX, c.choice([16, 24, 32, 40])),
    "upkey": lambda c: some(c, UPPER, c.choice([16, 20, 32])),
    "b64": lambda c: base64.b64encode(f"{c.choice(USERS)}:{password(c)}".encode()).decode(),
    "pin": lambda c: some(c, string.digits, c.choice([4, 4, 4, 5, 6]))
    if c.random() < 0.85  # noqa: PLR2004
    else _groups(c, string.digits, 2, c.choice([2, 3]), c.choice("- ")),
    "otp": lambda c: c.choice([some(c, string.digits, 6), some(c, string.digits, 6),
                               _groups(c, string.digits, 3, 2, " "),
                               _groups(c, string.digits, 3, 2, "-"), some(c, string.digits, 8)]),
    "long": lambda c: some(c, string.digits, 8),
    "cvv": lambda c: some(c, string.digits, 3),
    "half": lambda c: _groups(c, string.digits, 4, 2, c.choice([" ", "-"])),
    "dash": lambda c: _groups(c, string.ascii_lowercase + string.digits, c.choice([4, 5]), 2, "-"),
    "groups": lambda c: _groups(c, UPPER, c.choice([4, 5]), c.choice([4, 5, 6]), "-"),
    "blk": lambda c: _groups(c, string.digits, 6, 8, "-"),
    "seed": lambda c: " ".join(c.sample(word_lists()[0], 12)),
    "wifi": lambda c: c.choice([_groups(c, UPPER, 4, 3, "-"), some(c, string.digits, 16),
                                some(c, ALNUM, 12), password(c)]),
}  # fmt: skip
"""What stands between brackets."""

OTHERS: dict[str, Callable[[Random], str]] = {
    "user": lambda c: c.choice(USERS),
    "mail": lambda c: f"{c.choice(USERS[:6])}@{c.choice(PLACES).lower()}.example",
    "host": _host,
    "ip": ip,
    "port": lambda c: str(c.choice([22, 80, 443, 3306, 5432, 8080, 6379, 1521, 27017])),
    "word": lambda c: c.choice(PLACES),
    "name": lambda c: c.choice(PLACES).lower() + c.choice(".-_") + _name(c),
    "NAME": lambda c: (c.choice(PLACES) + "_" + _name(c)).upper().replace("-", "_"),
    "OTHER": lambda c: c.choice(PLACES).upper() + c.choice(["_HOST", "_URL", "_NAME"]),
    "pwname": _name,
    "scheme": lambda c: c.choice(SCHEMES),
    "tool": lambda c: c.choice(TOOLS),
    "problem": lambda c: c.choice(["wrong", "denied", "try again", "still nothing", "what now?"]),
    "n": lambda c: str(c.choice([401, 403, 404, 500, 5, 12, 86, 1326, 20, 3])),
    "ticket": lambda c: c.choice(["INC", "T-", "REQ", "CHG", "KB", "SD-", "#"])
    + some(c, string.digits, c.randint(4, 7)),
    "order": lambda c: some(c, string.digits, c.randint(6, 12)),
    "amount": lambda c: f"{c.randint(1, 9999)}{c.choice([',', '.'])}{c.randint(10, 99)} EUR",
    "serial": _identifier,
    "model": lambda c: c.choice(["T14", "X1", "EliteBook 840", "Dell 7420", "iPhone 15", "MX-5070",
                                 "HP-M404dn", "WD19S", "Latitude5540", "P2422H"]),
    "sha": lambda c: some(c, HEX, c.choice([7, 8, 10])),
    "longsha": lambda c: some(c, HEX, 40),
    "hex": lambda c: some(c, HEX, c.choice([12, 16, 32])),
    "uuid": lambda c: "-".join(some(c, HEX, n) for n in (8, 4, 4, 4, 12)),
    "mac": lambda c: _groups(c, c.choice([HEX, HEX.upper()]), 2, 6, c.choice(":-")),
    "ver": _version,
    "err": _error,
    "ERR": lambda c: c.choice(["ERR_CONNECTION_RESET", "SSL_ERROR_RX", "0xc000021a", "E_FAIL",
                               "STATUS_LOGON_FAILURE", "AADSTS50076", "ECONNREFUSED", "ORA-01017",
                               "INACCESSIBLE_BOOT_DEVICE", "CERT_HAS_EXPIRED"]),
    "file": lambda c: c.choice(["Budget_2026.xlsx", "app.py", "start.sh", "notes-v2.docx",
                                "pom.xml", "IMG_2041.jpg", "index.ts", "Q3-report.pdf"]),
    "path": lambda c: c.choice(["/etc/hosts", "C:\\Users\\kim", "src/main/app.py", "/var/log/x1",
                                "\\\\nas\\share\\2026", "~/.ssh/config", "docs/v2/readme.md"]),
    "printer": lambda c: c.choice(["PRN-2F-12", "HP-Lab3", "printer7", "RICOH-04", "zebra-z2",
                                   "PR_EG_01", "Brother-L6400"]),
    "room": lambda c: f"{c.choice(['B', 'H2.', 'R', ''])}{c.randint(1, 9)}{c.randint(10, 99)}",
    "group": lambda c: c.choice(["GRP_Sales_RW", "all-staff", "Guest-5G", "sec-vpn-users", "Team-2",
                                 "CORP_WLAN", "finance_ro", "Project-X9"]),
    "phone": lambda c: f"+{c.randint(1, 99)} {c.randint(10, 999)} {c.randint(100000, 9999999)}",
    "pin": lambda c: some(c, string.digits, c.randint(3, 6)),
    "meeting": lambda c: _groups(c, string.digits, 3, 3, " "),
    "date": lambda c: c.choice([f"{c.randint(1, 28)}.{c.randint(1, 12)}.2026", "2026-11-02",
                                f"{c.randint(1, 28)}/{c.randint(1, 12)}", "12 May", "Monday"]),
    "time": lambda c: f"{c.randint(0, 23)}:{c.randint(0, 59):02d}",
    "gadget": lambda c: c.choice(["iPhone12", "iPhone15", "iPad9", "Windows11", "Win10", "macOS14",
                                  "Galaxy-S23", "Pixel8", "MacBookPro", "ThinkPad-T14", "Office365",
                                  "Android14", "Ubuntu22", "Surface7", "Outlook2021"]),
    "hexerr": lambda c: "0x" + some(c, HEX, 8),
    "year": lambda c: str(c.randint(2019, 2028)),
}  # fmt: skip
"""What stands without them."""
