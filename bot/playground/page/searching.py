"""Searching what was said: in the channels, threads and direct messages of one person."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.playground.site import Site
    from bot.playground.state.timeline import Message
    from bot.playground.state.workspace import Channel

MOST = 30
LONGEST_QUERY = 200
SNIPPET = 180
MARKUP = re.compile(r"<([@#!])?([^<>|]*)(?:\|([^<>]*))?>")
TEXTS = frozenset({"text", "fallback", "pretext", "title", "alt_text"})
UNSAID = frozenset({"tombstone"})


def search(site: Site, user: str, query: str) -> dict[str, Any]:
    """Find messages with all these words, the newest first, in what somebody is a member of.

    `in:` names a channel, `from:` a person; whoever is not in a channel finds nothing of it,
    and what one person alone was shown is in no history.
    """
    words, places, authors = _read(query)
    found: list[dict[str, Any]] = []
    if words or places or authors:
        for channel in site.workspace.visible_to(user):
            if not places or _name_of(site, channel, user) in places:
                found += _in_channel(site, channel, words, authors)
    found.sort(key=lambda each: str(each["ts"]), reverse=True)
    return {"found": found[:MOST], "more": len(found) > MOST, "words": words}


def _read(query: str) -> tuple[list[str], set[str], set[str]]:
    words, places, authors = [], set(), set()
    for part in query[:LONGEST_QUERY].casefold().split():
        kind, colon, rest = part.partition(":")
        rest = rest.lstrip("#@")
        if colon and rest and kind == "in":
            places.add(rest)
        elif colon and rest and kind == "from":
            authors.add(rest)
        else:
            words.append(part)
    return words, places, authors


def _name_of(site: Site, channel: Channel, user: str) -> str:
    """Give a channel's name as one person writes it; of direct messages, the other's handle."""
    if not channel.is_im:
        return channel.name.casefold()
    other = next((each for each in channel.members if each != user), user)
    known = site.workspace.users.get(other)
    return known.name.casefold() if known else ""


def _in_channel(
    site: Site, channel: Channel, words: list[str], authors: set[str]
) -> Iterator[dict[str, Any]]:
    for ts, message in site.workspace.timelines[channel.id].by_ts.items():
        if message.get("subtype") in UNSAID or not _is_by(site, message, authors):
            continue
        said = plain(site, message)
        folded = said.casefold()
        if all(word in folded for word in words):
            yield {
                "channel": channel.id,
                "ts": ts,
                "thread_ts": message.get("thread_ts"),
                "user": message.get("user"),
                "bot_id": message.get("bot_id"),
                "username": message.get("username"),
                "snippet": _around(said, folded, words),
            }


def _is_by(site: Site, message: Message, authors: set[str]) -> bool:
    if not authors:
        return True
    author = site.workspace.users.get(str(message.get("user")))
    names = {author.name.casefold(), author.real_name.casefold()} if author else set()
    return bool(names & authors)


def plain(site: Site, message: Message) -> str:
    """Give all words of a message as they are read on the screen, each once."""
    parts = [str(message.get("text") or "")]
    blocks = [each for each in message.get("blocks") or () if each.get("type") != "rich_text"]
    parts += _texts(blocks)
    parts += _texts(message.get("attachments") or ())
    parts += [str(file.get("name") or "") for file in message.get("files") or ()]
    said = dict.fromkeys(" ".join(_read_aloud(site, part).split()) for part in parts)
    return " ".join(part for part in said if part)


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if isinstance(value, str):
                if key in TEXTS:
                    yield value
            else:
                yield from _texts(value)
    elif isinstance(node, list | tuple):
        for value in node:
            yield from _texts(value)


def _read_aloud(site: Site, text: str) -> str:
    def spoken(found: re.Match[str]) -> str:
        kind, target, label = found.groups()
        if kind == "@":
            person = site.workspace.users.get(target)
            return f"@{person.real_name or person.name}" if person else f"@{label or target}"
        if kind == "#":
            channel = site.workspace.channels.get(target)
            return f"#{channel.name if channel else label or target}"
        if kind == "!" and target.startswith("subteam^"):
            group = site.workspace.usergroups.get(target.partition("^")[2])
            return f"@{group.handle}" if group else str(label or "")
        return str(label or target)

    return html.unescape(MARKUP.sub(spoken, text))


def _around(said: str, folded: str, words: list[str]) -> str:
    """Give what stands around the first word that was found."""
    # Folding may change the length of a text; then the beginning has to do.
    places = [folded.find(word) for word in words] if len(folded) == len(said) else []
    first = min((place for place in places if place >= 0), default=0)
    begin = max(0, first - SNIPPET // 3)
    if begin:
        begin = said.find(" ", begin) + 1
    cut = said[begin : begin + SNIPPET]
    return f"{'…' if begin else ''}{cut}{'…' if begin + SNIPPET < len(said) else ''}"
