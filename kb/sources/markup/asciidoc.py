"""From AsciiDoc, as Antora and Asciidoctor have it, to Markdown.

Written out: what reads AsciiDoc in Python runs programs, is not kept, or brings in other files.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_ATTRIBUTE = re.compile(r":([\w-]{1,60}+)!?:(?:[ \t]++(.*+))?$")
_REFERENCE = re.compile(r"\{([\w-]{1,60}+)\}")
_HEADING = re.compile(r"(={1,6})[ \t]++(\S.*+)$")
_BLOCK = re.compile(r"^(-{4,}|\.{4,}|={4,}|\*{4,}|_{4,}|\+{4,}|/{4,}|--|```[\w-]*)[ \t]*+$")
_STYLE = re.compile(r"\[(?!\[)(.{0,400})\]$")
_ANCHOR = re.compile(r"\[\[[^\[\]]{0,200}+\]\]|\[#[\w.-]{1,200}+\](?=\s|$)")
_TOLD = re.compile(r"(?:include|toc|ifdef|ifndef|ifeval|endif|audio|video)::?[^\[\]]{0,400}+\[.*+$")
_TITLE = re.compile(r"\.(?![ .\t])(\S.*+)$")
_ADMONITION = re.compile(r"(NOTE|TIP|IMPORTANT|WARNING|CAUTION):[ \t]++(.*+)$")
_ITEM = re.compile(r"^[ \t]*+(\*{1,6}|\.{1,6}|-)[ \t]++(?:\[[ x*]\][ \t]++)?(\S.*+)$")
_NUMBERED = re.compile(r"^[ \t]*+(?:<(?:\d{1,3}|\.)>|\d{1,3}\.)[ \t]++(\S.*+)$")
_TERM = re.compile(
    r"^[ \t]*+(\S[^:\n]{0,200}+(?::(?!:)[^:\n]{0,200}+){0,5}):{2,4}(?:[ \t]++(.*+))?$"
)
_CELL = re.compile(r"(?:(?<=\s)|^)(?:\d{0,3}[.\d+*]{0,6}[<^>.]{0,4}[aehlmsdv]?)\|")
_COLUMNS = re.compile(r"cols\s*=\s*\"?([^\"\]]{1,200})")
_CODE = re.compile(r"`[^`\n]{1,400}`")
_LINK = re.compile(
    r"(?:link:(?P<to>[^\s\[\]]{1,400})|(?P<url>https?://[^\s\[\]<>]{1,400}))\[(?P<words>[^\]\n]{0,400})\]"
)
_PAGE = re.compile(r"xref:(?P<to>[^\[\]\n]{1,300})\[(?P<words>[^\]\n]{0,400})\]")
_WITHIN = re.compile(r"<<(?P<to>[^<>,\n]{1,200})(?:,[ \t]*(?P<words>[^<>\n]{1,300}))?>>")
_PICTURE = re.compile(r"image::?[^\s\[\]]{1,400}\[([^\]\n]{0,400})\]")
_KEYS = re.compile(r"(?:kbd|btn):\[([^\]\n]{1,100})\]")
_MENU = re.compile(r"menu:([^\[\]\n]{1,60})\[([^\]\n]{0,200})\]")
_ASIDE = re.compile(r"(?:footnote|pass):[\w,]{0,40}\[([^\]\n]{0,400})\]")
_BOLD = re.compile(r"(?<![\w*])\*(?!\s)([^*\n]{1,300}?)(?<!\s)\*(?![\w*])")
_STRESSED = re.compile(r"(?<![\w_])_(?!\s)([^_\n]{1,300}?)(?<!\s)_(?![\w_])")
_MARKED = re.compile(r"(?:\[[^\]\n]{1,60}\])?(?<![\w#])#(?![\s#])([^#\n]{1,300}?)(?<!\s)#(?![\w#])")

KNOWN = {"nbsp": " ", "empty": "", "blank": "", "sp": " ", "lt": "<", "gt": ">", "amp": "&"}
VERBATIM = ("-", ".", "`", "+")
INDENT = "   "
MOST_COLUMNS = 20


def plain_asciidoc(text: str) -> str:
    """Give AsciiDoc as Markdown; nothing of other files is brought in."""
    return re.sub(r"\n{3,}", "\n\n", "\n".join(_Page(iter(text.split("\n"))).plain())).strip()


@dataclass
class _Page:
    """A page that is read line by line."""

    lines: Iterator[str]
    known: dict[str, str] = field(default_factory=lambda: dict(KNOWN))
    style: str = ""
    """What the line in brackets above says of the block to come."""
    hang: str = ""
    """How far what belongs to an item of a list is indented."""
    below: str = ""
    """The same, once a `+` said that the next block belongs to it."""

    def plain(self) -> Iterator[str]:
        """Give its lines as Markdown."""
        for line in self.lines:
            if not line.strip():
                self.below = ""
                yield ""
            elif (block := _BLOCK.match(line)) is not None:
                yield from self._block(block[1])
            elif line.startswith("|==="):
                yield from self._table()
            else:
                yield from self._line(line.rstrip())

    def _line(self, line: str) -> Iterator[str]:
        if line.startswith("//") or _TOLD.match(line):
            return
        if attribute := _ATTRIBUTE.match(line):
            self.known[attribute[1]] = self._said((attribute[2] or "").strip())
        elif line == "+":
            self.below = self.hang
            yield ""
        elif style := _STYLE.match(line):
            self.style = style[1]
        elif heading := _HEADING.match(line):
            self.hang = self.style = ""
            yield from ("", f"{'#' * len(heading[1])} {self._said(heading[2])}", "")
        elif title := _TITLE.match(line):
            yield from ("", f"{self.below}**{self._said(title[1])}**", "")
        elif told := _ADMONITION.match(line):
            yield f"{self.below}**{told[1].capitalize()}:** {self._said(told[2])}"
        else:
            yield from self._words(line)

    def _words(self, line: str) -> Iterator[str]:
        if item := _ITEM.match(line):
            depth = len(item[1]) - 1
            mark = "1." if item[1][0] == "." else "-"
            self.hang = INDENT * (depth + 1)
            yield f"{INDENT * depth}{mark} {self._said(item[2])}"
        elif numbered := _NUMBERED.match(line):
            self.hang = INDENT
            yield f"1. {self._said(numbered[1])}"
        elif term := _TERM.match(line):
            yield from ("", f"**{self._said(term[1])}**", "")
            if term[2]:
                yield self._said(term[2])
        else:
            yield f"{self.below}{self._said(line.strip())}"

    def _block(self, mark: str) -> Iterator[str]:
        style, self.style = self.style, ""
        inside = list(self._until(mark))
        if mark[0] == "/":
            return
        below = self.below
        if mark[0] in VERBATIM and mark != "--":
            kind, _, rest = style.partition(",")
            language = mark[3:] if mark[0] == "`" else rest.split(",")[0].strip()
            if kind.strip() not in {"source", "", ",source"}:
                language = ""
            yield from ("", f"{below}```{language}", *(f"{below}{each}" for each in inside))
            yield from (f"{below}```", "")
            return
        told = style.split(",")[0].split("%")[0].strip()
        if told.isupper():
            yield from ("", f"{below}**{told.capitalize()}**")
        yield ""
        again = _Page(iter(inside), self.known)
        yield from (f"{below}{each}".rstrip() for each in again.plain())
        yield ""

    def _until(self, mark: str) -> Iterator[str]:
        end = "```" if mark.startswith("```") else mark
        for line in self.lines:
            if line.rstrip() == end:
                return
            yield line

    def _table(self) -> Iterator[str]:
        inside = list(self._until("|==="))
        style, self.style = self.style, ""
        told = [line for line in inside if line.strip()]
        if not told:
            return
        cells = _cells("\n".join(line.removesuffix(" +") for line in told))
        width = _width(style) or len(_cells(told[0]))
        rows = [
            [self._said(" ".join(cell.split())).replace("|", "\\|") for cell in each]
            for each in _chunks(cells, min(max(1, width), MOST_COLUMNS))
        ]
        yield ""
        for number, row in enumerate(rows):
            yield f"| {' | '.join(row)} |"
            if not number:
                yield f"|{' --- |' * len(row)}"
        yield ""

    def _said(self, text: str) -> str:
        text = _REFERENCE.sub(lambda found: self.known.get(found[1], found[0]), text)
        pieces, end = [], 0
        for code in _CODE.finditer(text):
            pieces += [
                _inline(text[end : code.start()]),
                code[0].replace("`+", "`").replace("+`", "`"),
            ]
            end = code.end()
        return "".join([*pieces, _inline(text[end:])])


def _inline(text: str) -> str:
    text = _ANCHOR.sub("", text)
    text = _PICTURE.sub(lambda found: found[1].split(",")[0].strip('"'), text)
    text = _ASIDE.sub(r"\1", text)
    text = _KEYS.sub(r"`\1`", text)
    text = _MENU.sub(
        lambda found: " → ".join([found[1], *map(str.strip, found[2].split(">"))]), text
    )
    text = _BOLD.sub(r"**\1**", text)
    text = _STRESSED.sub(r"*\1*", text)
    text = _MARKED.sub(r"\1", text)
    text = _LINK.sub(_link, text)
    text = _PAGE.sub(_page, text)
    text = _WITHIN.sub(lambda found: found["words"] or _name(found["to"]), text)
    return re.sub(r"[ \t]\+$", "\\\\", text)


def _link(found: re.Match[str]) -> str:
    to = found["to"] or found["url"]
    words = re.split(r",[ \t]*(?:window|role)=", found["words"])[0].rstrip("^").strip('" ')
    return f"[{words or to}]({to})"


def _page(found: re.Match[str]) -> str:
    """A page of Antora's, `version@component:module:page.adoc`, leads to the page."""
    to = found["to"].rpartition(":")[2]
    words = found["words"].strip('" ') or _name(to)
    return words if to.startswith("#") or "." not in to else f"[{words}]({to})"


def _name(to: str) -> str:
    page = to.partition("#")[2] or to.rpartition("/")[2].partition(".")[0]
    return re.sub(r"[-_]+", " ", page).strip()


def _width(style: str) -> int:
    """How many columns `cols="1,2"` or `cols="3*"` names; 0 where nothing does."""
    found = _COLUMNS.search(style)
    if found is None:
        return 0
    times = [re.match(r"(\d{1,2})\*", each.strip()) for each in found[1].split(",")]
    return sum(int(each[1]) if each else 1 for each in times)


def _cells(text: str) -> list[str]:
    return _CELL.sub("\x00", text.replace("\\|", "&#124;")).split("\x00")[1:]


def _chunks(cells: list[str], width: int) -> Iterator[list[str]]:
    rest = iter(cells)
    while row := list(islice(rest, width)):
        yield row + [""] * (width - len(row))
