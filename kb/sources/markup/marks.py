"""Marks of template languages: gone where they only build the page, words where they say one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from kb.spans import between

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kb.sources.markup.known import Known

_HTML_COMMENT = re.compile(r"<!--")
_END_OF = {
    "<!--": re.compile("-->"), "%%": re.compile("%%"), "{/*": re.compile(r"\*/\}"),
}  # fmt: skip
_ANY_COMMENT = re.compile(r"<!--|%%|\{/\*")
_NOTE = re.compile(r"<!--|%%")
_MDX_COMMENT = re.compile(r"<!--|\{/\*")
_SHORTCODE = re.compile(
    r"\{\{(?P<kind>[<%])-?\s*+(?P<said>/?\s*+[\w./-]++(?:[^{}%>]++|[%>](?!\}))*+)[%>]\}\}\}?"
)
_TAG = re.compile(r"\{%-?\s*+(?P<said>[^%{}]*+(?:%(?!\})[^%{}]*+)*+)%\}")
_VALUE = re.compile(r"\{\{-?\s*+(?P<said>[^{}\n]*+)\}\}")
_OF_A_SITE = re.compile(r"(?:site|page|layout|include)\.|['\"]")
_RUBY = re.compile(r"<%(?P<said>(?:[^%<]++|%(?!>)|<(?!%))*+)%>")
_ODD = re.compile(r"<\{[A-Z]++:[^{}\n]*+\}>")
_QUOTED = re.compile(r"\"([^\"]*+)\"|'([^']*+)'|`([^`]*+)`")
_TITLE = re.compile(r"(?:title|text|label|name|caption)\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)')")
_NAMED_TAGS = re.compile(r"(?:tab|step|details|accordion|tabitem|stepper|swagger-\w+)\b")
_LINKING = re.compile(r"(?:ref|relref|link|post_url|url|absurl|relurl)\b\s*+(\S++)?")
_IN_ADDRESS = re.compile(r"(?:\]\(<?|=[\"'])[^\s)\"'<>]*+$")
_RAW = re.compile(r"\{%-?\s*+raw\s*+-?%\}")
_END_RAW = re.compile(r"\{%-?\s*+endraw\s*+-?%\}")
_EMPTY_LINK = re.compile(r"(?<!!)\[([^\[\]]*+)\]\(\s*+(?:<\s*+>)?\)")
_NO_WORDS = re.compile(r"(?<!!)\[\s*+\]\((?:[^()\n]|\([^()\n]*+\))*+\)")
_BRACE = "\ue002"
FAR_ENOUGH = 300


def without_comments(text: str, known: Known) -> str:
    """Take out what its writer hid, in the ways that the tool is known to have."""
    opening = _HTML_COMMENT
    if known.comments and known.components:
        opening = _ANY_COMMENT
    elif known.comments or known.components:
        opening = _NOTE if known.comments else _MDX_COMMENT
    return between(text, opening, lambda mark: _END_OF[mark[0]], lambda *_: "")


def without_marks(text: str, known: Known, fields: Mapping[str, Any]) -> str:
    """Take out marks that build the page; one that says a word in a sentence leaves that word.

    Where the tool is not known, `{% tags %}` and `{{ values }}` are somebody's text, unless they
    stand alone on their line or in an address.
    """
    if not any(mark in text for mark in ("{{", "{%", "<%", "<{")):
        return text
    text = between(text, _RAW, lambda _: _END_RAW, lambda _, kept: kept.replace("{", _BRACE))

    def shortcode(mark: re.Match[str]) -> str:
        return _said(mark, fields)

    def tag(mark: re.Match[str]) -> str:
        return _said(mark, fields) if known.liquid or _builds(mark) else mark[0]

    def value(mark: re.Match[str]) -> str:
        return _value(mark, fields) if _OF_A_SITE.match(mark["said"]) else mark[0]

    text = _TAG.sub(tag, _SHORTCODE.sub(shortcode, text))
    text = _ODD.sub("", _VALUE.sub(value, text))
    if known.ruby:
        text = _RUBY.sub(lambda mark: _said(mark, fields), text)
    text = _NO_WORDS.sub("", _EMPTY_LINK.sub(r"\1", text))
    return text.replace(_BRACE, "{")


def _line(mark: re.Match[str]) -> tuple[str, str]:
    """What stands before and behind a mark on its line."""
    text = mark.string
    begin = max(text.rfind("\n", 0, mark.start()) + 1, mark.start() - FAR_ENOUGH)
    end = text.find("\n", mark.end(), mark.end() + FAR_ENOUGH)
    return text[begin : mark.start()], text[
        mark.end() : end if end >= 0 else mark.end() + FAR_ENOUGH
    ]


def _builds(mark: re.Match[str]) -> bool:
    """Whether only marks stand on its line, or it is in an address."""
    before, behind = _line(mark)
    if _IN_ADDRESS.search(before):
        return True
    return not _TAG.sub("", before + behind).strip(" \t>-*")


def _said(mark: re.Match[str], fields: Mapping[str, Any]) -> str:
    """What stays of a mark: an address, the words that it shows, or nothing."""
    said = mark["said"].strip().rstrip("-/").strip().lstrip("=-").strip()
    before, _ = _line(mark)
    linking = _LINKING.match(said)
    if _IN_ADDRESS.search(before):
        return (linking[1] or "").strip("\"'`") if linking else ""
    title = _TITLE.search(said)
    if title and _NAMED_TAGS.match(said):
        return f"\n**{title[1] or title[2]}**\n"
    if not _is_in_a_sentence(before) or said.startswith(("/", "end", "%", "#")):
        return ""
    if title:
        return title[1] or title[2] or ""
    quoted = _QUOTED.search(said)
    if quoted:
        return _words(next(filter(None, quoted.groups()), ""), fields)
    name, _, rest = said.partition(" ")
    return (
        _words(rest.split()[0], fields)
        if name in {"param", "var", "variable", "vars"} and rest.split()
        else ""
    )


def _is_in_a_sentence(before: str) -> bool:
    """Whether words lead to a mark."""
    before = before.rstrip()
    return bool(before) and (before[-1].isalnum() or before[-1] in ",:;([\"'*_")


def _value(mark: re.Match[str], fields: Mapping[str, Any]) -> str:
    said = mark["said"].strip().rstrip("-").strip()
    quoted = _QUOTED.match(said)
    if quoted:
        return next(filter(None, quoted.groups()), "")
    if _IN_ADDRESS.search(_line(mark)[0]):
        return ""
    before, _ = _line(mark)
    return _words(said.partition("|")[0].strip(), fields) if _is_in_a_sentence(before) else ""


def _words(name: str, fields: Mapping[str, Any]) -> str:
    """What a name stands for, if the front matter says it; else the name as words."""
    last = name.rsplit(".", 1)[-1] if re.fullmatch(r"[\w.-]+", name) else name
    given = fields.get(last.lower())
    if isinstance(given, str | int | float) and name.startswith(("page.", "frontmatter.", ".")):
        return str(given)
    return re.sub(r"[_-]+", " ", last) if re.fullmatch(r"[\w-]+", last) else last
