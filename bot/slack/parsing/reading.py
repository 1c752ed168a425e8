"""The one reading of a message: all of its words, and its files.

What was forwarded comes first, since it is what is asked about; the comment stands beside it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.desk.tickets import File
from bot.slack.limits import LONGEST_TEXT, MOST_FIELDS
from bot.slack.parsing.blocks import text_of
from bot.slack.text import readable, showable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.slack.parsing.shapes import Payload

ADDRESS = re.compile(r"https://[^\s<>|\]]+")
LABEL = re.compile(r"<([@#!][^<>|]*)\|[^<>]*>")
WORD = re.compile(r"\w+")
SAID_BY = re.compile(r"\A\[[^\]\n]{1,60}\] [^:\n]{1,80}: ")
"""How Slack begins the fallback of a forwarded message: `[November 24th] tom: `."""
EMPTY_FALLBACK = "[no preview available]"
NESTED = 3
"""So deep may what was forwarded hold what was forwarded."""

NOT_THERE = {
    "tombstone": "a file that was deleted",
    "hidden_by_limit": "a file that the workspace's plan hides",
}
ELSEWHERE = frozenset({"check_file_info", "access_denied", "file_not_found"})


@dataclass(frozen=True)
class Read:
    """A message in Slack's own marks: what its writer put there, and everything with it."""

    own: str
    whole: str
    files: tuple[File, ...]


def read_message(message: Payload) -> Read:
    """Read a message of any kind: typed, forwarded, posted by an app, with blocks alone."""
    own = _joined(str(message.get("text") or ""), text_of(message.get("blocks")))
    forwarded, beside = [], []
    for each in _dicts(message.get("attachments")):
        if is_forwarded(each):
            forwarded.append(_forwarded(each, 0))
        elif not (own.strip() and _is_preview(each)):
            beside.append(_attached(each))
    whole = "\n".join(part for part in (*forwarded, own, *beside) if part.strip())
    return Read(own, whole[:LONGEST_TEXT], tuple(_once(_files(message, 0))))


def words_of(message: Payload) -> tuple[str, tuple[File, ...]]:
    """Read a message's words, as a person sees them, and its files."""
    read = read_message(message)
    return readable(read.whole), read.files


def is_forwarded(attachment: Payload) -> bool:
    """Whether it is somebody's message, passed on or linked to."""
    return bool(attachment.get("is_share") or attachment.get("is_msg_unfurl"))


def _is_preview(attachment: Payload) -> bool:
    """Whether it shows what an address leads to: nobody said that here."""
    return bool(attachment.get("from_url") or attachment.get("original_url"))


def _forwarded(attachment: Payload, depth: int) -> str:
    inside = [
        text_of(each.get("blocks"))
        for block in _dicts(attachment.get("message_blocks"))
        if isinstance(each := block.get("message"), dict)
    ]
    said = _joined(_attached(attachment), "\n".join(filter(None, inside)))
    if depth < NESTED:
        deeper = (_forwarded(each, depth + 1) for each in _dicts(attachment.get("attachments")))
        said = "\n".join(filter(None, (said, *deeper)))
    return said


def _attached(attachment: Payload) -> str:
    fields = (
        ": ".join(filter(None, (_str(field.get("title")), _str(field.get("value")))))
        for field in _dicts(attachment.get("fields"))
    )
    parts = [_str(attachment.get(key)) for key in ("pretext", "title", "text")]
    said = "\n".join(part for part in (*parts, *fields) if part.strip())
    said = _joined(said, text_of(attachment.get("blocks")))
    if said.strip() or attachment.get("message_blocks"):
        return said
    fallback = SAID_BY.sub("", _str(attachment.get("fallback")))
    return "" if fallback.strip().casefold() == EMPTY_FALLBACK else fallback


def _joined(text: str, blocks: str) -> str:
    """Add to a text the lines of its blocks that it does not say already.

    Slack writes what people type into both; an app's text is often a mere notification.
    """
    if not text.strip():
        return blocks
    places = defaultdict[str, list[int]](list)
    for place, word in enumerate(_words(text)):
        places[word].append(place)
    lacking = [line for line in blocks.splitlines() if not _says(places, line, text)]
    return "\n".join((text, *lacking))


def _says(places: dict[str, list[int]], line: str, text: str) -> bool:
    words = _words(line)
    if not words:
        return line.strip(" `&gt;•") in text or not line.strip(" `")
    after = 0
    for word in words:
        found = places.get(word, [])
        next_one = bisect_left(found, after)
        if next_one == len(found):
            return False
        after = found[next_one] + 1
    return True


def _words(text: str) -> list[str]:
    return WORD.findall(readable(LABEL.sub(r"<\1>", text)).casefold())


# --- files


def _files(message: Payload, depth: int) -> Iterator[File]:
    for each in _dicts(message.get("files")):
        yield _file(each)
    if depth > NESTED:
        return
    for each in _dicts(message.get("attachments")):
        if is_forwarded(each) or each.get("files"):
            yield from _files(each, depth + 1)
    for block in _dicts(message.get("message_blocks")):
        if isinstance(inside := block.get("message"), dict):
            yield from _files(inside, depth + 1)
    for block in _dicts(message.get("blocks")):
        if block.get("type") == "image" and isinstance(block.get("slack_file"), dict):
            yield _file({"name": block.get("alt_text") or "picture", **block["slack_file"]})


def _once(files: Iterable[File]) -> list[File]:
    return list(dict.fromkeys(files))


def _file(file: Payload) -> File:
    name = _str(file.get("name")) or _str(file.get("title"))
    mode = NOT_THERE.get(_str(file.get("mode")))
    if mode is not None:
        name = f"{name} ({mode})" if name else mode
    elif not name and _str(file.get("file_access")) in ELSEWHERE:
        name = "a file of another organisation"
    name = " ".join(showable(name).split()) or "unnamed"
    address = _str(file.get("permalink"))
    return File(name, address if ADDRESS.fullmatch(address) else "")


def _dicts(given: object) -> list[dict[str, Any]]:
    if not isinstance(given, list):
        return []
    return [each for each in given[:MOST_FIELDS] if isinstance(each, dict)]


def _str(given: object) -> str:
    return given if isinstance(given, str) else ""
