"""Finding the questions of an FAQ that is one file: at whatever depth of heading they stand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

from kb.sources.structure import Heading
from kb.sources.structure import headings as headings_of
from kb.spans import LINK, PICTURE

QUESTIONS_OF_AN_FAQ = 4
"""A file with this many headings of one depth, most of them questions, is an FAQ."""

SHORTEST_REST = 25
"""Words between the questions from which on they are an article of their own."""

_ASKS = re.compile(
    r"\?|^(?:how|what|why|where|when|who|which|can|do|does|is|are|should|will|i )\b",
    re.IGNORECASE,
)
_ASKED = re.compile(r"^q(?:uestion)?\s*\d*[.:)]\s*", re.IGNORECASE)
_NUMBER = re.compile(r"^\d+(?:\.\d+)*[.):]\s+(?=\S)")
_CHAPTER = re.compile(r"^\d+(?:\.\d+)+\s+(?=\S)")
"""Without a full stop behind it, it may be a version as well."""
_STRESS = re.compile(r"(?<!\w)(\*\*|~~)(?=\S)(.{1,300}?)(?<=\S)\1(?!\w)")


@dataclass(frozen=True)
class Section:
    """What stands under one heading."""

    title: str
    line: int
    body: str
    group: str = ""
    """The heading that it stands under, below the file's own title."""

    @property
    def asks(self) -> bool:
        """Whether its title is a question."""
        return bool(_ASKED.match(self.title) or _ASKS.search(plain_title(self.title)))


def plain_title(text: str) -> str:
    """A heading as people would say it: no pictures, links, marks, numbers and `Q:`."""
    text = LINK.sub(r"\1", PICTURE.sub("", unescape(text)))
    text = re.sub(r"<br>|\\", " ", text)
    text = _STRESS.sub(r"\2", text).lstrip("# ")
    text = _ASKED.sub("", _NUMBER.sub("", " ".join(text.split()))).strip()
    unnumbered = _CHAPTER.sub("", text)
    return unnumbered if _ASKS.search(unnumbered) else text


def questions_of(body: str, *, alone: bool) -> list[Section]:
    """The sections of an FAQ; none where the text is an article as it stands.

    With them comes what stands between, if it is more than a few words. A file that was given
    `alone` is an FAQ if half of its sections ask.
    """
    lines, headings = body.splitlines(), headings_of(body)
    best: list[Section] = []
    depth_of_best = 0
    for depth in sorted({heading.depth for heading in headings}):
        sections = [one for one in _at(depth, lines, headings) if one.body]
        if _is_faq(sections, alone=alone) and _asking(sections) > _asking(best):
            best, depth_of_best = sections, depth
    if not best:
        return []
    rest = [
        one
        for one in _between(depth_of_best, lines, headings)
        if len(one.body.split()) >= SHORTEST_REST
    ]
    return sorted([*best, *rest], key=lambda section: section.line)


def _is_faq(sections: list[Section], *, alone: bool) -> bool:
    asking = _asking(sections)
    if alone and len(sections) > 1 and asking * 2 >= len(sections):
        return True
    return len(sections) >= QUESTIONS_OF_AN_FAQ and asking * 10 >= len(sections) * 6


def _asking(sections: list[Section]) -> int:
    return sum(section.asks for section in sections)


def _at(depth: int, lines: list[str], headings: list[Heading]) -> list[Section]:
    """Every section of one depth, with all that is below its heading."""
    sections = []
    above: list[int] = []
    ends = _ends(depth, lines, headings)
    for place, heading in enumerate(headings):
        while above and headings[above[-1]].depth >= heading.depth:
            above.pop()
        if heading.depth == depth:
            text = "\n".join(lines[heading.below : ends[place]]).strip()
            group = _group(above[-1], headings) if above else ""
            sections.append(Section(heading.title, heading.line + 1, text, group))
        above.append(place)
    return sections


def _ends(depth: int, lines: list[str], headings: list[Heading]) -> list[int]:
    """For each heading, the line of the next that is no deeper than `depth`."""
    ends = [len(lines)] * len(headings)
    following = len(lines)
    for place in range(len(headings) - 1, -1, -1):
        ends[place] = following
        if headings[place].depth <= depth:
            following = headings[place].line
    return ends


def _between(depth: int, lines: list[str], headings: list[Heading]) -> list[Section]:
    """What stands above the first heading, and directly under headings of lesser depth."""
    starts = [Heading(0, 0, 0, ""), *headings]
    found = []
    for heading, end in zip(starts, _ends(depth, lines, starts), strict=True):
        if heading.depth >= depth:
            continue
        text = "\n".join(lines[heading.below : end]).strip()
        found.append(Section(heading.title, heading.line + 1, text))
    return found


def _group(above: int, headings: list[Heading]) -> str:
    is_title = above == 0 and headings[above].depth == 1
    return "" if is_title else plain_title(headings[above].title)
