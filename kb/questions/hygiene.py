"""Finding the question in what people write: greetings, mentions, logs and signatures go."""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST_WORDS = 90
"""Above this a message is a page with a question in it, not a question."""

KEPT_ERRORS = 3

_SLACK_LINK = re.compile(r"<(?:https?|mailto)[^<|>\s]*+(?:\|([^<>]*+))?>")
_SLACK_MENTION = re.compile(r"<[@#!][^<>]*+>")
_EMOJI = re.compile(r":[a-z0-9_+'-]+(?:::skin-tone-\d)?:", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_LONG_URL = re.compile(r"(https?://[^\s/]+/)\S{60,}")
_SIGNATURE = re.compile(
    r"^(?:--+|(?:(?:kind|best|warm|many)\s*+)?regards\b.*|cheers,?|sent from my .*|"
    r"mit freundlichen gr.*|thanks(?: and regards)?,)$",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"^(?:(?:hi|hello|hey|hallo|howdy|greetings|dear|good\s+(?:morning|afternoon|evening|day))\b"
    r"(?:\s+(?:all|there|team|everyone|everybody|folks|guys|support|it|again|colleagues|"
    r"help\s?desk))*[\s,.!:;-]*)+",
    re.IGNORECASE,
)
_APOLOGY = re.compile(
    r"\b(?:(?:i'?m\s++|so\s++|very\s++){0,4}sorry\s++(?:to\s++(?:bother|disturb|bug)\w*+\s*+(?:you)?+(?:\s++\w++)?+|"
    r"for\s++(?:the\s++)?(?:bother|trouble|noise|disturbance|long\s++message))|"
    r"(?:many\s++)?(?:thanks?|thank\s++you|thx|tia)(?:\s++(?:a\s++lot|so\s++much|in\s++advance|all|"
    r"very\s++much|for\s++(?:your|the|any)\s++help))*+|"
    r"(?:hope|hoping)\s++(?:you(?:'re|\s++are)|everyone\s++is)\s++(?:all\s++)?(?:doing\s++)?(?:well|fine)|"
    r"any\s++help\s++(?:is|would\s++be)\s++(?:much\s++|greatly\s++)?appreciated|"
    r"quick\s++question)[\s,.!:;-]*+",
    re.IGNORECASE,
)
_LOG_LINE = re.compile(
    r"^(?:\s{8,}|\s*+(?:\d{4}-\d\d-\d\d|\d\d:\d\d:\d\d|\[?\d{2}/\w{3}/|at\s+[\w.$<>]+\(|File\s+\"|"
    r"\[?(?:debug|trace|info|warn|warning)\b|[\w.]+\.(?:go|py|java|js|ts|c|rb):\d+|>>>))",
    re.IGNORECASE,
)
_ERROR = re.compile(
    r"\b(?:\w*error|\w*exception|fail(?:ed|ure)?|fatal|denied|refused|timed?\s?out|not\s+found|"
    r"invalid|unable|cannot|unauthori[sz]ed|forbidden|e\d{3,})\b",
    re.IGNORECASE,
)
_ASKING = re.compile(
    r"\?|\b(?:how|what|why|where|when|who|which|can\s+i|could\s+you|i\s+(?:need|want|can'?t|cannot)|"
    r"help|does\s?n[o']?t|won'?t|not\s+work\w*|broken|stuck|unable)\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"\"([^\"\n]{3,60})\"|`([^`\n]{3,60})`")
_TOKEN = re.compile(r"[A-Za-z0-9]+(?:[-_.:/][A-Za-z0-9]+)*")

MOST_IDENTIFIERS = 8


@dataclass(frozen=True)
class Query:
    """A message made ready to search with."""

    text: str
    identifiers: tuple[str, ...]
    """Error codes, host names, versions and quoted strings, which count as they are."""


def clean(message: str) -> Query:
    """Take the question out of a message; the message itself where nothing would be left."""
    plain = _CONTROL.sub(" ", message)
    plain = _SLACK_LINK.sub(lambda link: link[1] or "", plain)
    plain = _EMOJI.sub(" ", _SLACK_MENTION.sub(" ", plain))
    plain = plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    plain = _LONG_URL.sub(r"\1", plain)
    text = _without_courtesies(_without_signature(plain))
    if len(text.split()) > LONGEST_WORDS:
        text = _condensed(text)
    text = " ".join(text.split()) or " ".join(plain.split())
    return Query(text, _identifiers(text))


def _identifiers(text: str) -> tuple[str, ...]:
    quoted = [one or other for one, other in _QUOTED.findall(text)]
    tokens = [token for token in _TOKEN.findall(text) if _is_identifier(token)]
    return tuple(dict.fromkeys([*quoted, *tokens]))[:MOST_IDENTIFIERS]


def _is_identifier(token: str) -> bool:
    """Letters with digits, a version, a dotted or underscored name: not a word of a language."""
    digits = any(character.isdigit() for character in token)
    letters = any(character.isalpha() for character in token)
    return (digits and (letters or "." in token)) or "_" in token or "." in token


def _without_signature(text: str) -> str:
    lines = text.splitlines()
    # A signature stands in the last lines and never at the top.
    for number in range(max(1, len(lines) - 8), len(lines)):
        if _SIGNATURE.match(lines[number].strip()):
            return "\n".join(lines[:number])
    return text


def _without_courtesies(text: str) -> str:
    stripped = _APOLOGY.sub(" ", _OPENING.sub("", text.strip()))
    stripped = _OPENING.sub("", stripped.strip())
    return stripped if re.search(r"\w", stripped) else text


def _condensed(text: str) -> str:
    """Of a pasted page: what is asked, what failed, then the beginning as far as it fits."""
    pieces = [piece for line in text.splitlines() for piece in _sentences(line) if piece.strip()]
    errors = [piece for piece in pieces if _ERROR.search(piece)]
    errors = list(dict.fromkeys(_bare(piece) for piece in errors))[-KEPT_ERRORS:]
    prose = [piece for piece in pieces if not _LOG_LINE.match(piece)]
    asking = [piece for piece in prose if _ASKING.search(piece)]
    chosen: list[str] = []
    left = LONGEST_WORDS
    for piece in [*asking, *errors, *prose]:
        words = piece.split()
        if piece not in chosen and left > 0:
            chosen.append(" ".join(words[:left]))
            left -= len(words)
    return "\n".join(chosen) or " ".join(text.split()[:LONGEST_WORDS])


def _sentences(line: str) -> list[str]:
    return [line] if _LOG_LINE.match(line) else re.split(r"(?<=[.!?])\s+", line)


def _bare(log_line: str) -> str:
    """A log line without its time and level, which say nothing about the fault."""
    return re.sub(
        r"^[\s\[\]\d:.,/TZ+-]*(?:(?:error|fatal|warn\w*|info)\b[\]:\s-]*)?",
        "",
        log_line,
        flags=re.IGNORECASE,
    )
