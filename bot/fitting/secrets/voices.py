"""Messages made of many voices, with what is secret in them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.fitting.secrets.filling import OTHERS, SECRETS
from bot.fitting.secrets.likeness import like

if TYPE_CHECKING:
    from pathlib import Path
    from random import Random

PLACE = re.compile(r"\{(⟦?)(\w+)⟧?\}")
UNSPACED = {"ja", "zh"}
SLIPS = 0.12
"""How often a word is typed wrongly."""
SAID = (
    "lead pw is ⟦any⟧ trouble",
    "pw is ⟦any⟧ trouble",
    "pw is ⟦any⟧",
    "lead pw for is ⟦any⟧",
    "trouble , pw is ⟦pw⟧",
    "pw : ⟦any⟧",
    "pw : ⟦pw⟧ , trouble",
    'pw is "⟦any⟧" trouble',
    "pw \n ⟦any⟧ \n trouble",
    "trouble \n pw : ⟦any⟧",
    "lead user is USER and ⟦pw⟧ trouble",
    "user is USER and pw is ⟦any⟧ trouble",
    "user : USER \n pw : ⟦any⟧ \n trouble",
    "lead , user USER pw ⟦any⟧ trouble",
    "user USER and ⟦pw⟧ trouble",
    "tried ⟦pw⟧ trouble",
    "lead tried ⟦pw⟧ , trouble",
    "tried USER and ⟦pw⟧ , trouble",
    "tried pw ⟦any⟧ trouble",
    "tried ⟦pw⟧ and ⟦pw⟧ trouble",
    "net is ⟦any⟧ trouble",
    "net : ⟦wifi⟧",
    "code is ⟦pin⟧ trouble",
    "lead code ⟦otp⟧ trouble",
    "code : ⟦otp⟧",
    "tried ⟦otp⟧ code trouble",
    "lead pw ⟦pw⟧",
    "⟦pw⟧ is pw , trouble",
    "lead , plain . pw is ⟦any⟧ . trouble",
    "pw for is ⟦any⟧ , trouble , plain",
    "pw is ⟦any⟧ trouble NEUTRAL",
    "NEUTRAL , pw is ⟦any⟧ , trouble",
    "pw for NEUTRAL is ⟦pw⟧ , trouble NEUTRAL",
    "user USER on NEUTRAL , pw ⟦pw⟧ trouble",
)
SILENT = (
    "lead plain", "plain", "plain trouble", "lead plain , trouble", "pw trouble",
    "lead pw for trouble",
    "user USER trouble", "lead user USER trouble , plain", "pw for USER trouble", "code trouble",
    "net trouble", "tried NEUTRAL trouble", "lead tried NEUTRAL , plain", "plain NEUTRAL",
    "NEUTRAL trouble", "user : USER \n trouble", "plain \n NEUTRAL trouble", "lead NEUTRAL plain",
    "pw trouble lead", "pw plain", "user is USER , trouble", "lead pw trouble , NEUTRAL",
    "code NEUTRAL trouble", "tried pw trouble", "lead , trouble tried", "pw and pw trouble",
    "pw trouble NEUTRAL NEUTRAL", "pw for NEUTRAL trouble , NEUTRAL", "code trouble NEUTRAL",
    "net trouble NEUTRAL", "plain , NEUTRAL and NEUTRAL",
)  # fmt: skip
NEUTRAL = ("host", "ticket", "serial", "ver", "file", "printer", "group", "date", "time", "room",
           "model", "path", "ERR", "mail", "order", "uuid", "err")  # fmt: skip


@dataclass(frozen=True)
class Marked:
    """A message, and where its secrets stand."""

    text: str
    secrets: tuple[tuple[int, int], ...]


def marked(text: str) -> Marked:
    """Take the brackets out of a text, and keep where they stood."""
    parts, secrets, size = [], [], 0
    for number, piece in enumerate(re.split("[⟦⟧]", text)):
        if number % 2:
            secrets.append((size, size + len(piece)))
        parts.append(piece)
        size += len(piece)
    return Marked("".join(parts), tuple(secrets))


def forms(path: Path, chance: Random, count: int) -> list[Marked]:
    """Fill forms, each in turn."""
    lines = [
        line for line in path.read_text(encoding="utf-8").splitlines() if line[:2] in {"+ ", "- "}
    ]
    return [_form(lines[number % len(lines)][2:], chance) for number in range(count)]


def pasted(path: Path, chance: Random) -> list[Marked]:
    """Give messages that people pasted so, with other secrets in them."""
    return [
        marked(re.sub("⟦([^⟦⟧]*+)⟧", lambda each: f"⟦{like(each.group(1), chance)}⟧", line))
        for line in _lines(path)
    ]


def read(path: Path) -> list[Marked]:
    """Give messages as they were written."""
    return [marked(line) for line in _lines(path)]


def _lines(path: Path) -> list[str]:
    """Give messages; what a scanner would take for somebody's key is written in two parts."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.replace("‖", "").replace("\\n", "\n") for line in lines]


def _form(line: str, chance: Random) -> Marked:
    def fill(match: re.Match[str]) -> str:
        if match.group(1):
            return f"⟦{SECRETS[match.group(2)](chance)}⟧"
        return OTHERS[match.group(2)](chance)

    text = PLACE.sub(fill, line.replace("\\n", "\n"))
    if chance.random() < 0.3:  # noqa: PLR2004
        text = chance.choice(["hi, ", "help: ", "please look\n", "hallo, ", "so ", "> "]) + text
    if chance.random() < 0.3:  # noqa: PLR2004
        text += chance.choice([" any idea?", "\nthanks", " since today", " - why", ", please help"])
    return marked(text)


def tongues(path: Path) -> dict[str, dict[str, list[str]]]:
    """Read how people of each language say it."""
    found: dict[str, dict[str, list[str]]] = {}
    language = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            language = line.strip("[]")
            found[language] = {}
        elif line and not line.startswith("#"):
            name, _, rest = line.partition(": ")
            found[language][name] = [each.strip() for each in rest.split("|")]
    return found


def spoken(path: Path, chance: Random, count: int, *, silent: bool) -> list[Marked]:
    """Put sentences together; English half of the time."""
    said = tongues(path)
    names = list(said)
    found = []
    for _ in range(count):
        name = "en" if chance.random() < 0.4 else chance.choice(names)  # noqa: PLR2004
        pattern = chance.choice(SILENT if silent else SAID)
        found.append(_sentence(pattern, said[name], chance, "" if name in UNSPACED else " "))
    return found


def _sentence(pattern: str, said: dict[str, list[str]], chance: Random, gap: str) -> Marked:
    parts: list[str] = []
    for word in pattern.split(" "):
        piece = _piece(word, said, chance)
        if not piece:
            continue
        glued = piece in {",", ".", ":", "\n"} or not parts or parts[-1] == "\n"
        if piece == ":" and chance.random() < 0.3:  # noqa: PLR2004
            glued = False
        if parts and parts[-1] in {":", "="} and chance.random() < 0.3:  # noqa: PLR2004
            glued = True
        parts += [piece] if glued else [gap, piece]
    text = "".join(parts)
    return marked(text.capitalize() if chance.random() < 0.1 and "⟦" not in text else text)  # noqa: PLR2004


def _piece(word: str, said: dict[str, list[str]], chance: Random) -> str:
    if word.strip('"') != word:
        return f'"{_piece(word.strip(chr(34)), said, chance)}"'
    if word.startswith("⟦"):
        return f"⟦{SECRETS[word.strip('⟦⟧')](chance)}⟧"
    if word == "USER":
        return OTHERS[chance.choice(["user", "user", "mail"])](chance)
    if word == "NEUTRAL":
        return OTHERS[chance.choice(NEUTRAL)](chance)
    if word not in said:
        return "\n" if word == "\n" else word
    piece = chance.choice(said[word])
    return _slipped(piece, chance) if chance.random() < SLIPS else piece


def _slipped(text: str, chance: Random) -> str:
    """Type a word wrongly: two letters changed round, one left out, one twice."""
    if len(text) < 4:  # noqa: PLR2004
        return text
    at = chance.randint(1, len(text) - 2)
    return chance.choice(
        [
            text[:at] + text[at + 1] + text[at] + text[at + 2 :],
            text[:at] + text[at + 1 :],
            text[:at] + text[at] + text[at:],
            text.lower(),
            text.upper(),
        ]
    )
