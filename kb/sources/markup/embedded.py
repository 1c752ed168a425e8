"""HTML and components inside Markdown, as Markdown: text, links and pictures stay, tags go."""

from __future__ import annotations

import re
from functools import cache

from bs4 import BeautifulSoup

from kb.sources.markup.pages import html_to_markdown
from kb.spans import between

_DROPPED = re.compile(
    r"<(script|style|noscript|template|iframe|object|svg|video|form)\b[^<>]*+>", re.IGNORECASE
)
_NESTING = re.compile(r"<(?P<end>/?)(?P<name>table|ol|ul|dl)\b[^<>]*+>", re.IGNORECASE)
_ROW = re.compile(r"<t[rdh]\b", re.IGNORECASE)
_MARKDOWN_INSIDE = re.compile(r"\n[ \t]*\n|^[ \t]*\ue000\d+\ue001[ \t]*$", re.MULTILINE)
_CLOSED = re.compile(r"</([A-Za-z][\w.-]*)\s*+>")
_NEVER_ENDED = frozenset(["br", "hr", "wbr", "img", "p", "li", "dt", "dd", "td", "th", "tr"])
_DATA_PICTURE = re.compile(
    r"!?\[([^\[\]]*+)\]\(\s*+<?data:[^()\s<>]*+(?:\([^()\s]*+\)[^()\s<>]*+)*+>?[^()\n]*+\)"
)
_DATA_DEFINITION = re.compile(r"^ {0,3}\[[^\]\n]+\]:[ \t]*<?data:\S*+[^\n]*+$", re.MULTILINE)
_DATA = re.compile(r"data:[\w.+-]++/[\w.+-]++(?:;[\w=.-]++)*+,[\w+/=%.~-]{24,}+")
_CODE = re.compile(r"<(pre)\b[^<>]*+>", re.IGNORECASE)
_TAG = re.compile(
    r"<(?P<end>/?)(?P<name>[A-Za-z][\w.-]*)"
    r"(?P<rest>(?:\s[^<>\"'{}]*+(?:(?:\"[^\"]{0,2000}+\"|'[^']{0,2000}+'"
    r"|\{[^{}]{0,2000}+(?:\{[^{}]{0,2000}+\}[^{}]{0,2000}+){0,64}+\})[^<>\"'{}]*+){0,64}+)?+)/?>"
)
"""A tag of up to 64 values, each up to 2,000 characters: more is no tag, but an attack."""
_ATTRIBUTE = re.compile(r"(?<![\w-])([\w-]++)\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)')")
_ANYTHING = re.compile(r"[^ \t\n]")

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
    text = between(text, _DROPPED, _end_of, lambda *_: "")
    text = between(text, _CODE, _end_of, lambda _, code: f"\n\n```\n{_text(code)}\n```\n\n")
    text = _whole(text)
    components = _components(text)
    closed = {name.lower() for name in _CLOSED.findall(text)}
    open_links: list[str] = []

    def plain(tag: re.Match[str]) -> str:
        if _is_placeholder(tag, closed, components):
            return tag[0]
        return _tag(tag, components, open_links)

    return _tidied(_TAG.sub(plain, text))


def without_data(text: str) -> str:
    """Take out pictures that are written out in letters; what they are called stays."""
    if "data:" not in text:
        return text
    text = _DATA_PICTURE.sub(r"\1", text)
    return _DATA.sub("", _DATA_DEFINITION.sub("", text))


def _whole(text: str) -> str:
    """Tables and lists of HTML, with all that is nested in them, become those of Markdown."""
    parts: list[str] = []
    done = depth = begin = 0
    name = ""
    for tag in _NESTING.finditer(text):
        if depth == 0:
            if tag["end"]:
                continue
            begin, name = tag.start(), tag["name"].lower()
        elif tag["name"].lower() != name:
            continue
        depth += -1 if tag["end"] else 1
        if depth == 0:
            instead = _converted(name, text[begin : tag.end()])
            if instead is not None:
                parts += [text[done:begin], instead]
                done = tag.end()
    return "".join([*parts, text[done:]])


def _converted(name: str, html: str) -> str | None:
    """What is written wholly in HTML; between its tags there may be Markdown instead."""
    if name == "table":
        if not _ROW.search(html):
            return None
    elif _MARKDOWN_INSIDE.search(html):
        return None
    return f"\n\n{html_to_markdown(html, escaping=False)}\n\n"


def _is_placeholder(tag: re.Match[str], closed: set[str], components: frozenset[str]) -> bool:
    """Whether `<address>` is what somebody is to fill in: alone, and never ended."""
    name = tag["name"]
    if tag["end"] or tag["rest"].strip() or name in components or tag[0].endswith("/>"):
        return False
    return name.lower() not in closed and name.lower() not in _NEVER_ENDED


@cache
def _ending(name: str) -> re.Pattern[str]:
    return re.compile(rf"</{name}\s*+>", re.IGNORECASE)


def _end_of(tag: re.Match[str]) -> re.Pattern[str]:
    return _ending(tag[1].lower())


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
            if given.get("src", "").startswith("data:"):
                return str(given.get("alt", ""))
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
    begin = tag.string.rfind("\n", 0, tag.start()) + 1
    found = _ANYTHING.search(tag.string, begin)
    return found is not None and found[0] == "|"


def _goes_on(tag: re.Match[str]) -> bool:
    begin = tag.string.rfind("\n", 0, tag.start()) + 1
    if _ANYTHING.search(tag.string, begin, tag.start()) is None:
        return False
    return _ANYTHING.search(tag.string, tag.end()) is not None


def _components(text: str) -> frozenset[str]:
    """Names that are used as components: closed somewhere, by themselves or by an end tag."""
    found = set(re.findall(r"</([A-Z][\w.]*+)\s*+>", text))
    return frozenset(found | set(re.findall(r"<([A-Z][\w.]*+)(?:\s[^<>]*)?/>", text)))


def _text(html: str) -> str:
    return BeautifulSoup(html, "html.parser").get_text().strip("\n")


def _tidied(text: str) -> str:
    return re.sub(r"\n{3,}", "\n\n", text)
