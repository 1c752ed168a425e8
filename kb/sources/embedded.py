"""HTML and components inside Markdown, as Markdown: text, links and pictures stay, tags go."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup
from markdownify import MarkdownConverter

_DROPPED = re.compile(
    r"<(script|style|noscript|template|iframe|object|svg|video|form)\b[^>]*>.*?</\1\s*>",
    re.DOTALL | re.IGNORECASE,
)
_TABLE = re.compile(r"^[ \t]*<table\b.*?</table\s*>", re.DOTALL | re.IGNORECASE | re.MULTILINE)
_CODE = re.compile(r"<pre\b[^>]*>(.*?)</pre\s*>", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(
    r"<(?P<end>/?)(?P<name>[A-Za-z][\w.-]*)"
    r"(?P<rest>(?:\s+(?:[^<>\"'{}]|\"[^\"]*\"|'[^']*'|\{(?:[^{}]|\{[^{}]*\})*\})*)?)/?>"
)
_ATTRIBUTE = re.compile(r"([\w-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")

_HTML_NAMES = (
    "a abbr address article aside b big blockquote body br button caption center cite code col "
    "colgroup dd del details dfn div dl dt em embed figcaption figure font footer h1 h2 h3 h4 h5 "
    "h6 head header hr html i img input ins kbd label li link main mark meta nav ol p picture pre "
    "q s samp section small source span strike strong sub summary sup table tbody td tfoot th "
    "thead time title tr tt u ul var wbr"
)
_HTML = frozenset(_HTML_NAMES.split())
_MARKS = {
    "b": "**", "strong": "**", "i": "*", "em": "*", "code": "`", "kbd": "`", "tt": "`",
    "del": "~~", "s": "~~", "strike": "~~",
}  # fmt: skip
_BLOCK_NAMES = (
    "address article aside blockquote body center dd details div dl dt figcaption figure footer "
    "header html main nav ol p section table tr ul"
)
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_NAMED = ("title", "label", "header", "summary")
"""What components call the words that stand above their content."""


def plain_html(text: str) -> str:
    """Turn known tags into Markdown; what only looks like a tag, `<name>`, stays."""
    if "<" not in text:
        return text
    text = _DROPPED.sub("", text)
    text = _CODE.sub(lambda code: f"\n\n```\n{_text(code[1])}\n```\n\n", text)
    text = _TABLE.sub(lambda table: f"\n\n{_table(table[0])}\n\n", text)
    components = _components(text)
    open_links: list[str] = []
    return _tidied(_TAG.sub(lambda tag: _tag(tag, components, open_links), text))


def _tag(tag: re.Match[str], components: frozenset[str], open_links: list[str]) -> str:
    name, end = tag["name"], bool(tag["end"])
    given = {key.lower(): a or b for key, a, b in _ATTRIBUTE.findall(tag["rest"])}
    if name in components:
        # On a line of its own: what is around it, and how far that is indented, stays.
        title = next((given[key] for key in _NAMED if given.get(key)), "")
        return f"**{title}**" if title and not end else ""
    name = name.lower()
    if name not in _HTML:
        return tag[0]
    match name:
        case "a":
            return _link(given, end=end, open_links=open_links)
        case "img":
            alt = " ".join(given.get("alt", "").split()) or "picture"
            return f"![{alt}]({given['src'].replace(' ', '%20')})" if given.get("src") else ""
        case "br":
            return "<br>" if _in_table(tag) else "\\\n" if _goes_on(tag) else "\n"
        case "summary":
            return "\n\n" if end else "\n\n#### "
        case "h1" | "h2" | "h3" | "h4" | "h5" | "h6":
            return "\n\n" if end else f"\n\n{'#' * int(name[1])} "
        case "li":
            return "" if end else "\n- "
        case "hr":
            return "\n\n---\n\n"
        case _ if name in _MARKS:
            return _MARKS[name]
    return "\n\n" if name in _BLOCKS else ""


def _link(given: dict[str, str], *, end: bool, open_links: list[str]) -> str:
    if end:
        target = open_links.pop() if open_links else ""
        return f"](<{target}>)" if target else ""
    open_links.append(given.get("href", ""))
    return "[" if given.get("href") else ""


def _in_table(tag: re.Match[str]) -> bool:
    line = tag.string[tag.string.rfind("\n", 0, tag.start()) + 1 :].split("\n", 1)[0]
    return line.lstrip().startswith("|")


def _goes_on(tag: re.Match[str]) -> bool:
    begin = tag.string.rfind("\n", 0, tag.start()) + 1
    before = tag.string[begin : tag.start()].strip()
    return bool(before) and bool(tag.string[tag.end() :].strip(" \t").strip("\n"))


def _components(text: str) -> frozenset[str]:
    """Names that are used as components: closed somewhere, by themselves or by an end tag."""
    found = set(re.findall(r"</([A-Z][\w.]*)\s*>", text))
    return frozenset(found | set(re.findall(r"<([A-Z][\w.]*)(?:\s[^<>]*)?/>", text)))


def _table(html: str) -> str:
    converted: str = MarkdownConverter().convert(html)
    return converted.strip()


def _text(html: str) -> str:
    return BeautifulSoup(html, "html.parser").get_text().strip("\n")


def _tidied(text: str) -> str:
    return re.sub(r"\n{3,}", "\n\n", text)
