"""An article as a page of Markdown with front matter, as `kb sync` reads it."""

from __future__ import annotations

import json
import re
import unicodedata
from contextlib import suppress
from typing import TYPE_CHECKING

from kb.errors import PublishingError
from kb.publishing.fronts import quoted, read_front, with_questions
from kb.sources.markdown import ORIGIN

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from kb.articles import Article

LONGEST_ID = 60
FEW_WORDS = 4
REPLACES = "replaces"
"""Names the article that a page was published in place of, for whoever reads it."""

_WORD = re.compile(r"\w+")
_MARK = re.compile(r"\A\s*+(?:[-*+\u2022]|\d{1,3}+[.)])(?=\s)")
_NEVER = re.compile(r"(?!)")
_STEPS = re.compile(r"^1[.)] ", re.MULTILINE)
_LINK = re.compile(r"\[([^\[\]\n]{1,200})\]\([^()\s]{0,2000}\)")
_APART = re.compile(r"[^a-z0-9]+")
_LIKE_LATIN = {"ß": "ss", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "\u0131": "i"}


def page_of(article: Article, origin: str, instead_of: str | None = None) -> str:
    """Write an article as a page; every value is quoted, so that no word is taken for YAML."""
    lines = [
        "---",
        f"id: {_quoted(article.id)}",
        f"title: {_quoted(article.title)}",
        f"area: {_quoted(article.area)}",
        f"owner: {_quoted(article.owner)}",
        f"{ORIGIN}: {_quoted(origin)}",
    ]
    if instead_of is not None:
        lines.append(f"{REPLACES}: {_quoted(instead_of)}")
    if article.questions:
        lines += ["questions:", *(f"  - {_quoted(each)}" for each in article.questions)]
    return "\n".join([*lines, "---", article.body.strip(), ""])


def origin_of(page: str) -> str | None:
    """Tell what a page was drafted from; None where a person wrote it."""
    return _said(page, ORIGIN)


def _said(page: str, key: str) -> str | None:
    found = re.search(rf"^{key}: (\".*\")$", _front(page), re.MULTILINE)
    return str(json.loads(found[1])) if found else None


def extended(
    page: str, heading: str, body: str, questions: Sequence[str], *, name: str = "the page"
) -> str:
    """Give a page with a section more, and with questions that it did not have.

    What the page says already is not said again; it is asked by the heading too, then.

    Raises:
        PublishingError: it would not be read as before with these; `name` is what it is called.
    """
    page = with_questions(page, [" ".join(each.split()) for each in questions], name)
    if says(page, body):
        return with_questions(page, [" ".join(heading.split())], name)
    section = section_of(heading, _unsaid(page, body))
    if section in page:
        return page
    whole = f"{page.rstrip()}\n\n{section}\n"
    fields, _ = read_front(page, name)
    # A line above the text and one in the section would be taken for fences.
    for each in (whole, f"---\n---\n{whole}"):
        with suppress(PublishingError):
            if read_front(each, name)[0] == fields:
                return each
    raise PublishingError(
        f"{name} begins with a line that would be taken for front matter; write a heading above it"
    )


def says(page: str, body: str) -> bool:
    """Tell whether each line of an answer stands in a page, whatever its headings and numbers."""
    told = _told(page)
    lines = _lines(body)
    # Of a word or two nobody can tell.
    return len("".join(lines).split()) >= FEW_WORDS and all(line in told for line in lines)


def _unsaid(page: str, body: str) -> str:
    """Leave out what a page says already: whole parts, and of lists without an order, lines.

    The answer and its steps are one part: who reads three steps of five is lost.
    """
    told = _told(page)
    parts = [part for part in re.split(r"^(?=#{1,6} )", body, flags=re.MULTILINE) if part.strip()]
    if len(parts) > 1 and not parts[0].startswith("#") and _STEPS.search(parts[1]):
        parts[:2] = ["".join(parts[:2])]
    kept = []
    for part in parts:
        lines = [line for line in part.splitlines() if _is_new(line, told)]
        if any(not line.startswith("#") for line in lines if line.strip()):
            is_list = all(line.startswith(("#", "- ")) for line in part.split("\n") if line.strip())
            kept.append("\n".join(lines) if is_list else part.strip())
    return "\n\n".join(kept)


def _is_new(line: str, told: str) -> bool:
    words = _lines(line)
    return not words or words[0] not in told


def _lines(text: str, marks: re.Pattern[str] = _MARK) -> list[str]:
    """Give the words of each line that says something, without headings and marks of lists."""
    plain = (marks.sub("", line) for line in text.splitlines() if not line.lstrip().startswith("#"))
    return [words for line in plain if (words := _words(line)).strip()]


def _told(page: str) -> str:
    """Give all that the text of a page says, with and without the numbers of its steps."""
    text = page.removeprefix(_front(page))
    runs = (" ".join("".join(_lines(text, marks)).split()) for marks in (_MARK, _NEVER))
    return "\n".join(f" {run} " for run in runs)


def _words(text: str) -> str:
    """Give the words of a text as they are read, each once apart, between spaces."""
    shown = _LINK.sub(r"\1", text)
    return f" {' '.join(_WORD.findall(shown.casefold()))} "


def section_of(heading: str, body: str) -> str:
    """Give what is added to a page: its own headings one level lower."""
    lower = re.sub(r"^(#{1,5}) ", r"#\1 ", body.strip(), flags=re.MULTILINE)
    return f"## {heading}\n{lower}"


def id_of(title: str, taken: Container[str]) -> str:
    """Give an id of small Latin letters for a title; one that nothing else has."""
    plain = unicodedata.normalize("NFKD", "".join(_LIKE_LATIN.get(c, c) for c in title.lower()))
    short = _APART.sub("-", plain.encode("ascii", "ignore").decode()).strip("-")[:LONGEST_ID]
    first = short.rpartition("-")[0] if len(short) == LONGEST_ID and "-" in short else short
    first = first.strip("-") or "article"
    found, number = first, 1
    while found in taken:
        number += 1
        found = f"{first}-{number}"
    return found


def _front(page: str) -> str:
    found = re.match(r"\A---\n.*?^---\n", page, re.DOTALL | re.MULTILINE)
    return found[0] if found else ""


def _quoted(text: str) -> str:
    return quoted(" ".join(text.split()))
