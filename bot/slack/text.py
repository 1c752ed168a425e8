"""Text between people and Slack: read what they wrote, quote it so that it pages nobody."""

from __future__ import annotations

import re
from unicodedata import normalize

UNSHOWABLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f\u200b\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
"""Control characters, what turns the writing round, and halves of characters."""
DIRECTION_MARKS = re.compile("[\u061c\u200e\u200f\u2060\ufeff]")
"""Marks without a width, which phones and copied texts bring along."""
JOINER = "\u2060"
CALLS_ALL = re.compile(r"(?<!\w)@(?=(?:channel|here|everyone|group)\b)", re.IGNORECASE)
"""Slack finds "certain mentions" in plain words of a block as well, where it is not told not to."""
DEFUSED = re.compile(rf"@{JOINER}(?=(?:channel|here|everyone|group)\b)", re.IGNORECASE)
SKIN_TONE = re.compile(r"(?<=[\w+-]):{1,2}skin-tone-[2-6]:")
SCHEME = re.compile(r"\A(?:https?://|mailto:|tel:)")
SHOWN_BARE = ("mailto:", "tel:")
TOKEN = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")
LEADS_WITH_MENTION = re.compile(r"(?<!\s)\s*+<@[UW][A-Z0-9]++(\|[^<>]*+)?>")
HALF_ENTITY = re.compile(r"&[a-z]{0,3}$")
SENTENCE_END = re.compile(r"(?<=[.!?])\s")


def showable(text: str) -> str:
    """Take out what no screen shows and no database keeps."""
    return UNSHOWABLE.sub("", text)


def seen(text: str) -> str:
    """Take out the marks without a width as well: who reads does not see them."""
    return DIRECTION_MARKS.sub("", showable(text))


def escape(text: str) -> str:
    """Escape what Slack would read as markup or as a call to all; mentions become plain text."""
    shown = escape_code(text)
    return CALLS_ALL.sub(f"@{JOINER}", shown) if "@" in shown else shown


def escape_code(text: str) -> str:
    """Escape `&`, `<` and `>`: within code Slack reads nothing else, and people copy it."""
    return showable(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """Undo Slack's escaping once."""
    plain = DEFUSED.sub("@", text)
    return plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def clip(text: str, limit: int, more: str = "…") -> str:
    """Cut a text at a sentence, else at a word, so that it fits; `more` says that it goes on."""
    if len(text) <= limit:
        return text
    room = text[: limit - len(more)]
    sentences = [match.start() for match in SENTENCE_END.finditer(room)]
    if sentences and sentences[-1] > limit // 2:
        return room[: sentences[-1]] + more
    word = room.rfind(" ")
    return (room[:word] if word > limit // 2 else room) + more


def clip_escaped(text: str, limit: int) -> str:
    """Escape and cut, counting what escaping adds; never cuts through an entity."""
    shown = clip(text, limit)
    while len(escape(shown)) > limit:
        shown = clip(shown, int(len(shown) * limit / len(escape(shown))) - 1)
    return escape(shown)


def quote(text: str, limit: int = 1_500) -> str:
    """Quote somebody's words as a Slack block quote, its marks counted."""
    lines = clip_escaped(text, limit).strip().splitlines() or [""]
    quoted: list[str] = []
    room = limit
    for line in lines:
        if len(line) > room:
            quoted.append("…")
            break
        quoted.append(line)
        room -= len(line) + len("> \n")
    return "\n".join(f"> {line}" for line in quoted)


def readable(text: str) -> str:
    """Read a message as Slack delivers it: links, mentions and entities as a person sees them."""
    marked = SKIN_TONE.sub(":", TOKEN.sub(_token, text))
    return normalize("NFC", seen(unescape(marked))).strip()


def _token(match: re.Match[str]) -> str:
    kind, target, label = match.groups()
    if kind == "!":
        return f"@{(label or target.split('^')[0]).lstrip('@')}"
    if kind:
        return f"{kind}{label or target}"
    address = SCHEME.sub("", target)
    if label and label.rstrip("/") not in {target, address.rstrip("/")}:
        return f"{label} ({address if target.startswith(SHOWN_BARE) else target})"
    # Slack itself makes a link of a bare address: it reads as it was typed.
    return label or (address if target.startswith(SHOWN_BARE) else target)


def clip_mrkdwn(text: str, limit: int, more: str = "…") -> str:
    """Cut rendered mrkdwn so that it fits, never inside a link and never leaving code open."""
    if len(text) <= limit:
        return text
    fence = "\n```"
    shown = clip(text, limit - len(fence) - len(more), "")
    if shown.rfind("<") > shown.rfind(">"):
        shown = shown[: shown.rfind("<")]
    shown = HALF_ENTITY.sub("", shown)
    if shown.count("```") % 2:
        shown += fence
    return shown + more
