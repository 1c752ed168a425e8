"""From the Markdown that site generators understand to the plain one that everybody does.

Admonitions, tabs and callouts become bold lead-ins, `<details>` and bold questions become headings,
templates and icons go. Code stays as it is, letter for letter.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING, Any

from kb.sources.markup.embedded import plain_html, without_data
from kb.sources.markup.known import Known, seen_in
from kb.sources.markup.marks import without_comments, without_marks
from kb.sources.structure import code_blocks, references
from kb.spans import between, code_spans, outside_code

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_FENCE = re.compile(r"^\s*(`{3,}|~{3,})")
_INDENTED = re.compile(
    r"^(?P<indent>[ \t]*+)(?:!!!|\?\?\?\+?|===[!+]?)[ \t]++(?P<kind>[\w-]++(?:[ \t]++[\w-]++)*+)?"
    r"[ \t]*+(?:\"(?P<title>[^\"]*+)\")?[ \t]*+$"
)
_COLON = re.compile(r"^[ \t]*:{3,}[ \t]*(?P<kind>[\w-]*)[ \t]*(?P<title>.*)$", re.MULTILINE)
_CALLOUT = re.compile(
    r"^(?P<quote>[ \t]*>[ \t]*)\[!(?P<kind>[\w-]+)(?:\|[^\]\n]*)?\][+-]?[ \t]*(?P<title>.*)$",
    re.MULTILINE,
)
_CODE_TAG = re.compile(r"(?:\{\{[<%]|\{%)-?\s*+(?P<name>highlight|code)\b[^{}]*+\}{1,2}+\n?")
_CODE_TAG_END = {
    name: re.compile(rf"(?:\{{\{{[<%]|\{{%)-?\s*+(?:/\s*+|end){name}\b[^{{}}]*+\}}{{1,2}}+")
    for name in ("highlight", "code")
}
_RAW = re.compile(r"^[^\n]*+\n[ \t]*+\{%-?\s*+raw\s*+-?%\}[ \t]*+\n?")
_END_RAW = re.compile(r"\{%-?\s*+endraw\s*+-?%\}[ \t]*+")
"""All of a fence's code between marks that say: this looks like a template, but is none."""
_MODULE_LINE = re.compile(
    r"^(?:import\s+(?:[\w*{][^;]{0,1000}?\sfrom\s+)?['\"][^'\"\n]*['\"];?[ \t]*$"
    r"|export\s+(?:const|default|function|let)\b(?:.++\n?)*+)",
    re.MULTILINE,
)
_EMBED = re.compile(
    r"!\[\[([^\[\]|]+\.(?:png|jpe?g|gif|svg|webp|mp4|pdf))(?:\|[^\[\]]*+)?\]\]", re.IGNORECASE
)
_WIKI_LINK = re.compile(r"!?\[\[(?!\s)([^\[\]|]++)(?:\|([^\[\]]++))?\]\]")
_ICON = re.compile(r":(?:octicons|material|fontawesome|simple)-[\w-]+:(?:\{[^{}\n]*+\})?[ \t]*")
_ATTRIBUTES = re.compile(
    r"(?<![ \t])[ \t]*+\{:[ \t]*+(?:[.#][\w-]++|[\w-]++=\"[^\"{}]*+\"|toc)[^{}\n]*+\}"
    r"|(?<![ \t])[ \t]*+\{(?:[.#][\w-]++|[\w-]++=\"[^\"{}]*+\"|toc)[^{}\n]*+\}(?=[ \t]*+$)"
    r"|(?<=[\])*_`\ue001])\{[ \t]*+(?:[.#][\w-]++|[\w-]++=\"[^\"{}]*+\")[^{}\n]*+\}",
    re.MULTILINE,
)
"""With a colon, at the end of a line, or at a link, stress or code: else it is somebody's text."""
_FURNITURE = re.compile(
    r"^[ \t]*+(?:\[\[?_?TOC_?\]\]?|(?:[*-]|\d+\.)[ \t]++[^\n]*+\n\{:toc\}|-++8<-++.*+|\^[\w-]{4,}+"
    r"|(?:\[!\[[^\]\n]*\]\([^)\n]*\)\]\([^)\n]*\)[ \t]*+)++)[ \t]*$",
    re.MULTILINE,
)
"""Contents, included files, marks of blocks, and rows of badges."""
_BLOCK_ID = re.compile(r"(?<![ \t])[ \t]+\^[\w-]{4,}[ \t]*$", re.MULTILINE)
_REFERENCE = re.compile(r"(?<![\]\\])(!?)\[([^\[\]]+)\](?:\[([^\[\]]*)\])?(?![\[(:])")
_DEFINITION = re.compile(r"^ {0,3}\[(?!\^)[^\]\n]+\]:[ \t]*\S.*$", re.MULTILINE)
_HEADING = re.compile(r"^[ \t]{0,3}(#{1,6})[ \t]", re.MULTILINE)
_BOLD_QUESTION = re.compile(
    r"^(?:\*\*|__)(?P<line>[^\n]++)$\n?"
    r"(?P<answer>[ \t]*+(?:\*\*)?A(?:nswer)?[.:](?:\*\*)?[ \t]*+)?",
    re.MULTILINE,
)
_PLAIN_QUESTION = re.compile(
    r"^Q(?:uestion)?[ \t]*+\d*+[.:)][ \t]++(?P<asked>[^\n]++)\n\s*+"
    r"A(?:nswer)?[ \t]*+\d*+[.:)][ \t]++",
    re.MULTILINE,
)
_NUMBERED_QUESTION = re.compile(r"(?:Q(?:uestion)?[ \t]*+\d*+[.:)][ \t]*+)++")
DEEPEST = 6


def plain_markdown(
    text: str, known: Known | None = None, fields: Mapping[str, Any] | None = None
) -> str:
    """Markdown without what only a site generator understands; code stays as it is.

    `known` says which marks are the generator's, `fields` are the front matter that they may name.
    """
    known = (known or Known()) | seen_in(text)
    text = _code_tags(_without_raw_marks(text))
    text = "\n".join(_unindented(text.split("\n")))

    def change(plain: str) -> str:
        plain = _with_question_headings(plain)
        plain = _plain(without_marks(without_comments(plain, known), known, fields or {}), known)
        return _with_links_inline(without_data(plain_html(plain)))

    return outside_code(text, change, () if known.components else code_blocks(text))


def _code_tags(text: str) -> str:
    """Code between tags of a template language becomes a fence."""

    def fence(_tag: re.Match[str], code: str) -> str:
        if "```" in code:
            return code
        code = code.strip("\n")
        return f"\n```\n{code}\n```\n"

    return between(text, _CODE_TAG, lambda tag: _CODE_TAG_END[tag["name"]], fence)


def _without_raw_marks(text: str) -> str:
    parts: list[str] = []
    done = 0
    for begin, end in code_spans(text):
        raw = _RAW.match(text, begin, end)
        ended = _last(_END_RAW, text, raw.end(), end) if raw else None
        if raw is None or ended is None:
            continue
        opening = text[begin : text.index("\n", begin) + 1]
        code = text[raw.end() : ended.start()].removesuffix("\n")
        parts += [text[done:begin], opening, code]
        done = ended.end()
    return "".join([*parts, text[done:]])


def _last(mark: re.Pattern[str], text: str, begin: int, end: int) -> re.Match[str] | None:
    """The mark, where it is the last thing before a fence ends."""
    line = text.rfind("\n", begin, end)
    found = mark.search(text, max(begin, text.rfind("\n", begin, max(line, begin)) + 1), end)
    return found if found and found.end() == line else None


def _plain(text: str, known: Known) -> str:
    text = _WIKI_LINK.sub(_wiki_link, _EMBED.sub("", text))
    text = _CALLOUT.sub(_callout, text)
    text = _COLON.sub(lambda mark: _lead_in(mark["kind"], mark["title"]), text)
    if known.components:
        text = _MODULE_LINE.sub("", text)
    text = _BLOCK_ID.sub("", _FURNITURE.sub("", _ICON.sub("", text)))
    return _ATTRIBUTES.sub("", text)


def _wiki_link(link: re.Match[str]) -> str:
    note, _, heading = link[1].strip().partition("#")
    return link[2] or " › ".join(part for part in (note, heading.lstrip("^")) if part)  # noqa: RUF001 (a breadcrumb)


def _callout(mark: re.Match[str]) -> str:
    title = mark["title"].strip() or _named(mark["kind"])
    return f"{mark['quote']}**{title}**\n{mark['quote'].rstrip()}"


def _lead_in(kind: str, title: str) -> str:
    title = re.sub(r"\{[^{}]*+\}", "", title).strip().removeprefix("[").removesuffix("]")
    if kind in {"", "code-group", "tabs", "steps", "container", "div"}:
        return f"**{title}**\n" if title else ""
    return f"**{title or _named(kind)}**\n"


def _named(kind: str) -> str:
    return kind.replace("-", " ").title()


def _unindented(lines: list[str]) -> Iterator[str]:
    """Admonitions and tabs whose body is indented: lead-in, then the body as it would stand."""
    fence = ""
    place = 0
    while place < len(lines):
        line = lines[place]
        place += 1
        opened = _FENCE.match(line)
        if opened and not fence:
            fence = opened[1]
        elif opened and fence and opened[1].startswith(fence):
            fence = ""
        block = None if fence else _INDENTED.match(line)
        if block is None or (block["kind"] is None and block["title"] is None):
            yield line
            continue
        inside = block["indent"] + "    "
        end = place
        while end < len(lines) and (not lines[end].strip() or lines[end].startswith(inside)):
            end += 1
        title = block["title"] if block["title"] is not None else (block["kind"] or "").split()[0]
        if title:
            yield f"{block['indent']}**{title if block['title'] else _named(title)}**"
        yield ""
        yield from _unindented([block["indent"] + each[len(inside) :] for each in lines[place:end]])
        place = end


def _with_question_headings(plain: str) -> str:
    """Bold questions become headings, one level below that under which they stand."""
    depths = [(found.start(), len(found[1])) for found in _HEADING.finditer(plain)]

    def heading(question: re.Match[str], asked: str) -> str:
        above = bisect_left(depths, (question.start(), 0))
        marks = "#" * min(DEEPEST, (depths[above - 1][1] if above else 1) + 1)
        return f"\n{marks} {asked.strip().strip('*').strip()}\n\n"

    def bold(question: re.Match[str]) -> str:
        asked = _asked_in_bold(question["line"])
        return heading(question, asked) if asked else question[0]

    def unmarked(question: re.Match[str]) -> str:
        return heading(question, question["asked"].rstrip(" \t\\"))

    return _PLAIN_QUESTION.sub(unmarked, _BOLD_QUESTION.sub(bold, plain))


def _asked_in_bold(line: str) -> str:
    """The question of a line whose bold begins before it; empty where it asks nothing."""
    line = line.rstrip(" \t\\")
    if not line.endswith(("**", "__")):
        return ""
    inner = line[:-2].strip(" \t")
    numbered = _NUMBERED_QUESTION.match(inner)
    if numbered:
        return inner[numbered.end() :]
    return inner if inner.endswith("?") and "*" not in inner else ""


def _with_links_inline(text: str) -> str:
    """Links by reference get their address: a passage is shown without what stands below it."""
    known = references(text) if _DEFINITION.search(text) else {}
    if not known:
        return text

    def inline(link: re.Match[str]) -> str:
        name = " ".join((link[3] or link[2]).split()).upper()
        target = known.get(name)
        return f"{link[1]}[{link[2]}](<{target}>)" if target else link[0]

    return _REFERENCE.sub(inline, _DEFINITION.sub("", text))
