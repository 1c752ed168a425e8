"""The body of a record: HTML, Markdown with some HTML in it, or words; told by how it looks."""

from __future__ import annotations

import re
from html import unescape

from kb.sources.markup.confluence import is_storage
from kb.sources.markup.embedded import plain_html, without_data
from kb.sources.markup.pages import html_to_markdown
from kb.sources.structure import code_blocks
from kb.spans import outside_code

_BLOCK_END = re.compile(
    r"</(?:p|div|ul|ol|li|h[1-6]|table|td|tr|pre|blockquote|section|article|body|dl|figure)\s*>",
    re.IGNORECASE,
)
_BEGINS = re.compile(r"<(?:!doctype|[a-z][a-z0-9:-]*)(?:\s[^<>]*)?/?>", re.IGNORECASE)
_ESCAPED = re.compile(r"&lt;(?:p|div|ul|ol|h[1-6]|table|span)\b", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_MARKDOWN = re.compile(
    r"^(?:#{1,6}[ \t]|[ \t]*(?:[-*+]|\d+[.)])[ \t]|```|~~~)|\*\*\S|\]\(", re.MULTILINE
)


def body_to_markdown(text: str, *, is_html: bool | None = None) -> str:
    """A body as Markdown; `is_html` says it where the name of the field does."""
    if _ESCAPED.match(text.lstrip()) and _BLOCK_END.search(text) is None:
        text = unescape(text)
    if is_html or (is_html is None and _looks_like_html(text)):
        return html_to_markdown(text)
    if "<" not in text and "data:" not in text:
        return text
    return outside_code(text, lambda plain: without_data(plain_html(plain)), code_blocks(text))


def _looks_like_html(text: str) -> bool:
    if is_storage(text):
        return True
    if _BLOCK_END.search(text) is None:
        return (
            bool(_BEGINS.match(text.lstrip())) and not _MARKDOWN.search(text) and "\n\n" not in text
        )
    if _BEGINS.match(text.lstrip()):
        # A page of Markdown may begin with a picture in a paragraph of HTML.
        return _MARKDOWN.search(_TAG.sub("", text)) is None or "\n\n" not in text.strip()
    return _MARKDOWN.search(_TAG.sub("", text)) is None
