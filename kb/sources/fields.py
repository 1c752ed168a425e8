"""From the many names that tools give to the same fields to an Article."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from kb.articles import Article
from kb.errors import ArticleError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_ID = ("id", "slug", "uid", "key", "sys_id", "number", "article_id")
TITLE_NAMES = (
    "title", "question", "name", "short_description", "subject", "headline", "sidebar_label",
    "linktitle", "nav_title",
)  # fmt: skip
BODY_NAMES = ("body", "text", "answer", "content", "html_body", "solution", "description")
_QUESTIONS = ("questions", "aliases_questions", "sample_questions", "utterances", "ask")
AREA_NAMES = ("area", "section", "category", "topic", "section_name", "categories")
_OWNER = ("owner", "owner_group", "team", "group")
LONGEST_SHORT = 60
_URL = ("url", "html_url", "link", "permalink", "canonical_url")
_ADDRESS = re.compile(r"https?://\S+|/(?!/)[^\s:]*", re.IGNORECASE)
_STEERING = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*+[ -/]*+[@-~]|\x1b(?:\][^\x07\x1b]{0,200}+(?:\x07|\x1b\\)?|.)?"
    r"|[\x00-\x08\x0b\x0e-\x1f\x7f\x80-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069]"
)
"""What steers a terminal or turns the writing round; nobody reads it."""
_HANDLE = re.compile(r"^[#@]\S+$|^[^\s@]++@[^\s@.]++(?:\.[^\s@.]++)++$|^\w+://\S+$")


def build_article(
    record: Mapping[str, Any],
    *,
    file: Path,
    line: int | None,
    collection: str,
    fallback_id: str,
) -> Article:
    """Make an article of a record; raise ArticleError if title or body is missing."""
    fields = _lower(record)
    body = _body(fields)
    title = _text(fields, TITLE_NAMES)
    if not title:
        raise ArticleError(file, line, "has no title", "add `title:`, or a first heading")
    if not body:
        raise ArticleError(file, line, "has a title but no text", "write it or remove it")
    return Article(
        id=_text(fields, _ID) or fallback_id,
        title=title,
        area=_text(fields, AREA_NAMES),
        owner=_text(fields, _OWNER),
        questions=_many(fields)[1],
        body=body,
        url=address_of(fields),
        collection=_text(fields, ("collection",)) or collection,
        other=short_fields(fields),
    )


def short_fields(fields: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """The short ones, by names in small letters: of a list its first, of a table each."""
    flat: list[tuple[str, Any]] = []
    for name, value in fields.items():
        inner = value if isinstance(value, dict) else {}
        flat += [(name, value), *((f"{name}.{key}", each) for key, each in inner.items())]
    firsts = [
        (name, one[0] if isinstance(one, list | tuple) and one else one) for name, one in flat
    ]
    return tuple(
        (name.lower(), " ".join(one.split()))
        for name, one in firsts
        if isinstance(one, str) and 0 < len(one.strip()) <= LONGEST_SHORT
    )


def says_yes(fields: Mapping[str, Any], name: str) -> bool:
    """Whether a field says so, in TOML, YAML or words."""
    return str(fields.get(name, "")).strip().lower() in {"true", "yes", "on", "1"}


def says_no(fields: Mapping[str, Any], name: str) -> bool:
    """Whether a field says the contrary."""
    return str(fields.get(name, "")).strip().lower() in {"false", "no", "off", "0"}


def has_title(fields: Mapping[str, Any]) -> bool:
    """Whether one of the names of a title has something."""
    return bool(_text(fields, TITLE_NAMES))


def has_body(fields: Mapping[str, Any]) -> bool:
    """Whether one of the names of a body has something."""
    return bool(_text(fields, BODY_NAMES))


def trimmed(text: str) -> str:
    """Without blank lines around it; code at the beginning keeps its indentation."""
    return re.sub(r"\A(?:[^\S\n]*\n)+", "", text).rstrip()


def _body(fields: Mapping[str, Any]) -> str:
    for name in BODY_NAMES:
        value = fields.get(name)
        if isinstance(value, str) and value.strip():
            return trimmed(value)
    return _text(fields, BODY_NAMES)


def address_of(fields: Mapping[str, Any]) -> str | None:
    """Where the article is read: an address, or a path on the site of its collection."""
    given = (_text(fields, (name,)) for name in _URL)
    return next((each for each in given if _ADDRESS.fullmatch(each) and each != "/"), None)


def slug(text: str) -> str:
    """A short, stable identifier: lower case, words joined by hyphens."""
    return re.sub(r"[^\w]+", "-", text.lower()).strip("-")[:80] or "untitled"


def _text(fields: Mapping[str, Any], names: tuple[str, ...]) -> str:
    for name in names:
        value = fields.get(name)
        if isinstance(value, list | tuple):
            value = ", ".join(str(item) for item in value if item is not None)
        if value is not None and str(value).strip():
            return str(value).strip()
    return ""


def questions_in(record: Mapping[str, Any]) -> tuple[str, ...]:
    """The questions that an article of this record has."""
    return _many(_lower(record))[1]


def questions_name(record: Mapping[str, Any]) -> str | None:
    """The field, in small letters, that gives them; None where there are none."""
    return _many(_lower(record))[0]


def _lower(record: Mapping[str, Any]) -> dict[str, Any]:
    return {str(name).strip().lower(): _legible(value) for name, value in record.items() if name}


def _legible(value: Any) -> Any:
    if isinstance(value, str):
        return _STEERING.sub("", value)
    if isinstance(value, list | tuple):
        return [_legible(each) for each in value]
    return value


def _many(fields: Mapping[str, Any]) -> tuple[str | None, tuple[str, ...]]:
    for name in _QUESTIONS:
        value = fields.get(name)
        if isinstance(value, str):
            value = re.split(r"\n|\|", value)
        if isinstance(value, list | tuple):
            said = [str(item).strip() for item in value if isinstance(item, str)]
            if found := tuple(each for each in said if _is_asked(each)):
                return name, found
    names = _other_names(fields.get("aliases"))
    return ("aliases" if names else None), names


def _is_asked(text: str) -> bool:
    """Whether people might say it: `slack-channel`, `#team` and `it@example.com` nobody asks."""
    if _HANDLE.search(text):
        return False
    spoken = len(text.split()) > 1 or text.endswith(("?", "\uff1f"))
    return spoken or (not text.isascii() and len(text) > 1)


def _other_names(aliases: Any) -> tuple[str, ...]:
    """Obsidian's other names of a note; Hugo's are the paths where it used to stand."""
    names = [aliases] if isinstance(aliases, str) else aliases
    if not isinstance(names, list | tuple):
        return ()
    return tuple(str(each).strip() for each in names if each and "/" not in str(each))
