"""What a person types, turned into Slack's text and its `rich_text` blocks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

Element = dict[str, Any]

_KEPT = re.compile(
    r"<(@[UW][A-Z0-9]+|#C[A-Z0-9]+|!(?:here|channel|everyone)|!subteam\^S[A-Z0-9]+|https?://[^<>\s|]+"
    r"(?:\|[^<>]*)?|mailto:[^<>\s]+)(?:\|[^<>]*)?>"
)
_TYPED_MENTION = re.compile(r"(?<![\w@<&/])@([a-z0-9][a-z0-9._-]*)", re.IGNORECASE)
_TYPED_CHANNEL = re.compile(r"(?<![\w#<&/])#([a-z0-9][a-z0-9_-]*)")
_TYPED_LINK = re.compile(r"(?<![\w<|])(https?://[^\s<>|]+[^\s<>|.,;:!?)\]'\"])")
_INLINE = re.compile(
    r"<(?P<token>[^<>]+)>"
    r"|`(?P<code>[^`\n]+)`"
    r"|(?<![\w*])\*(?P<bold>[^*\s](?:[^*\n]*[^*\s])?)\*(?![\w*])"
    r"|(?<![\w_])_(?P<italic>[^_\s](?:[^_\n]*[^_\s])?)_(?![\w_])"
    r"|(?<![\w~])~(?P<strike>[^~\s](?:[^~\n]*[^~\s])?)~(?![\w~])"
    r"|:(?P<emoji>[a-z0-9_+'-]+):"
)
_FENCE = re.compile(r"```\n?(.*?)\n?```", re.DOTALL)
_BULLET = re.compile(r"^\s*(?:[•*-]) (.*)$")
_NUMBERED = re.compile(r"^\s*\d+[.)] (.*)$")


class Directory(Protocol):
    """Whom and what a typed name can mean."""

    def mention(self, name: str) -> str | None:
        """`<@U1>`, `<!subteam^S1>` or `<!here>` for a typed `@name`."""

    def channel_link(self, name: str) -> str | None:
        """`<#C1>` for a typed `#name`."""


def escape(text: str) -> str:
    """Escape the three characters that Slack escapes."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """The reverse of `escape`."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def encode(typed: str, directory: Directory) -> str:
    """The `text` of a message from what was typed: names become mentions, the rest is escaped.

    References that are already in Slack's form (`<@U1>`, `<!here>`) are kept.
    """
    pieces: list[str] = []
    at = 0
    for kept in _KEPT.finditer(typed):
        pieces.append(_encode_plain(typed[at : kept.start()], directory))
        pieces.append(kept.group(0))
        at = kept.end()
    pieces.append(_encode_plain(typed[at:], directory))
    return "".join(pieces)


def _encode_plain(text: str, directory: Directory) -> str:
    escaped = _TYPED_LINK.sub(r"<\1>", escape(text))
    escaped = _TYPED_MENTION.sub(
        lambda found: directory.mention(found[1].lower()) or found[0], escaped
    )
    return _TYPED_CHANNEL.sub(
        lambda found: directory.channel_link(found[1].lower()) or found[0], escaped
    )


def rich_text_block(text: str, block_id: str) -> dict[str, Any]:
    """The `rich_text` block that Slack's composer makes of a message's `text`."""
    elements: list[Element] = []
    at = 0
    for fence in _FENCE.finditer(text):
        elements += _paragraphs(text[at : fence.start()])
        elements.append(
            {
                "type": "rich_text_preformatted",
                "elements": [{"type": "text", "text": unescape(fence[1])}],
                "border": 0,
            }
        )
        at = fence.end()
    elements += _paragraphs(text[at:])
    return {"type": "rich_text", "block_id": block_id, "elements": elements}


def _paragraphs(text: str) -> list[Element]:
    """Quotes, lists and sections of a stretch of text without code fences."""
    found: list[Element] = []
    plain: list[str] = []

    def close() -> None:
        joined = "\n".join(plain).strip("\n")
        plain.clear()
        if joined:
            found.append({"type": "rich_text_section", "elements": list(_inline(joined))})

    for line in text.split("\n"):
        quote = line.removeprefix("&gt;") if line.startswith("&gt;") else None
        bullet, numbered = _BULLET.match(line), _NUMBERED.match(line)
        if quote is not None:
            close()
            _extend(found, "rich_text_quote", quote.removeprefix(" "), None)
        elif bullet or numbered:
            close()
            style = "bullet" if bullet else "ordered"
            _extend(found, "rich_text_list", (bullet or numbered)[1], style)  # type: ignore[index]
        else:
            plain.append(line)
    close()
    return found


def _extend(found: list[Element], kind: str, text: str, style: str | None) -> None:
    """Add a line to the quote or list that is open, or open one."""
    last = found[-1] if found else {}
    is_open = last.get("type") == kind and last.get("style") == style
    if kind == "rich_text_quote":
        if is_open:
            last["elements"] += [{"type": "text", "text": "\n"}, *_inline(text)]
        else:
            found.append({"type": kind, "elements": list(_inline(text))})
        return
    item = {"type": "rich_text_section", "elements": list(_inline(text))}
    if is_open:
        last["elements"].append(item)
    else:
        found.append({"type": kind, "style": style, "indent": 0, "border": 0, "elements": [item]})


def _inline(text: str, style: dict[str, bool] | None = None) -> Iterator[Element]:
    """Text runs, links, mentions and emoji of one stretch."""
    at = 0
    for found in _INLINE.finditer(text):
        if found.start() > at:
            yield _text(text[at : found.start()], style)
        at = found.end()
        kind = found.lastgroup or ""
        inner = found[kind]
        if kind == "token":
            yield _reference(inner, style)
        elif kind == "emoji":
            yield {"type": "emoji", "name": inner}
        elif kind == "code":
            yield _text(inner, {**(style or {}), "code": True})
        else:
            yield from _inline(inner, {**(style or {}), kind: True})
    if at < len(text):
        yield _text(text[at:], style)


def _text(text: str, style: dict[str, bool] | None) -> Element:
    element: Element = {"type": "text", "text": unescape(text)}
    if style:
        element["style"] = style
    return element


def _reference(inner: str, style: dict[str, bool] | None) -> Element:
    target, _, label = inner.partition("|")
    if target.startswith("@"):
        return {"type": "user", "user_id": target[1:]}
    if target.startswith("#"):
        return {"type": "channel", "channel_id": target[1:]}
    if target.startswith("!subteam^"):
        return {"type": "usergroup", "usergroup_id": target[9:]}
    if target.startswith("!"):
        return {"type": "broadcast", "range": target[1:]}
    element: Element = {"type": "link", "url": unescape(target)}
    if label:
        element["text"] = unescape(label)
    if style:
        element["style"] = style
    return element
