"""From HTML to Markdown: what a reader of the page would read, and nothing else of it."""

# ruff: noqa: ARG002 (signatures of the library)

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bs4 import BeautifulSoup, Tag
from markdownify import MarkdownConverter

from kb.sources.markup.confluence import plain_storage, without_cdata
from kb.sources.markup.grids import nested_to_text, table_to_markdown
from kb.sources.markup.office import plain_office

if TYPE_CHECKING:
    from collections.abc import Sequence

NEVER_TEXT = (
    "script", "style", "noscript", "template", "iframe", "object", "svg", "head", "input",
    "select", "button", "textarea", "canvas", "nav",
)  # fmt: skip
FURNITURE = ("header", "footer", "aside")
_OWN = (
    "#main-content", ".wiki-content", ".article-body", ".article__body", ".page-body",
    "main", "[role=main]", "article",
)  # fmt: skip
"""What holds the page's own content, the surest first."""
MOST_OF_IT = 0.5
"""Share of the page's words that its content has to hold to be believed to be it."""

_BLOCK_BEGINS = re.compile(r"^(#{1,6}(?=\s)|[-+>](?=\s|$)|\d{1,9}(?=[.)](?:\s|$)))")
_LONG_TICKS = re.compile(r"`{3,}+")
_LANGUAGE = re.compile(r"(?:language|lang|brush|highlight-source)[-:]\s*+([\w+#-]++)")


def page_to_markdown(page: BeautifulSoup) -> str:
    """A page's own content, without scripts, navigation and the frame of its site."""
    return tag_to_markdown(own_content(page), whole=False)


def html_to_markdown(html: str, *, escaping: bool = True) -> str:
    """A piece of HTML, as it stands in a record; all of it is content.

    Without `escaping`, Markdown in its text stays Markdown.
    """
    return tag_to_markdown(parsed(html), whole=True, escaping=escaping)


def parsed(html: str) -> BeautifulSoup:
    """HTML, Confluence's storage format, or what an office program writes, as a tree."""
    page = BeautifulSoup(without_cdata(html), "lxml")
    plain_storage(page)
    plain_office(page)
    return page


def own_content(page: BeautifulSoup) -> Tag:
    """The part of a page that is its own; the page where none holds most of its words."""
    body = page.body or page
    total = _words(body, but_furniture=True)
    for path in _OWN:
        found = [each for each in page.select(path) if not _is_inside(each, path)]
        content = found[0] if len(found) == 1 else _around(found)
        if content is not None and _words(content) >= MOST_OF_IT * total:
            return content
    return body


def tag_to_markdown(content: Tag, *, whole: bool, escaping: bool = True) -> str:
    """What is in a tag as Markdown; if it is a `whole` page, without its frame."""
    furniture = FURNITURE if not whole and content.name in {"body", "[document]"} else ()
    for tag in content.find_all((*NEVER_TEXT, *furniture)):
        if not tag.decomposed:
            tag.decompose()
    text: str = _Converter(escaping=escaping).convert_soup(content)
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n").rstrip()


def _words(tag: Tag, *, but_furniture: bool = False) -> int:
    skipped = (*NEVER_TEXT, *FURNITURE) if but_furniture else NEVER_TEXT
    return sum(
        len(text.split()) for text in tag.find_all(string=True) if text.find_parent(skipped) is None
    )


def _is_inside(tag: Tag, path: str) -> bool:
    return any(parent.css.match(path) for parent in tag.parents if parent.parent is not None)


def _around(found: Sequence[Tag]) -> Tag | None:
    """The smallest tag that holds them all."""
    if not found:
        return None
    others = [set(map(id, each.parents)) for each in found[1:]]
    return next(
        (each for each in found[0].parents if all(id(each) in parents for parents in others)), None
    )


_Library: Any = MarkdownConverter
"""The library does not tell the types of what is changed here."""


class _Converter(_Library):  # type: ignore[misc]
    """As markdownify, with tables of any shape, and marks escaped only where they would be read."""

    def __init__(self, *, escaping: bool = True) -> None:
        super().__init__(
            heading_style="ATX",
            bullets="-",
            wrap=True,
            wrap_width=None,
            newline_style="backslash",
            code_language_callback=_language,
        )
        self._escaping = escaping

    def escape(self, text: str, parent_tags: set[str]) -> str:
        if not self._escaping:
            return text
        text = re.sub(r"(?<!\s)\*(?=\S)|(?<!\S)\*(?=\S)|(?<=\S)\*(?!\S)", r"\\*", text)
        text = re.sub(r"(?<![^\W_])_|_(?![^\W_])", r"\\_", text)
        return text.replace("`", r"\`")

    def convert_table(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        if el.find_parent("table") is not None:
            return f"\n{nested_to_text(el, self._cell)}\n"
        return f"\n\n{table_to_markdown(el, self._cell)}\n\n"

    def process_tag(self, node: Tag, parent_tags: set[str] | None = None) -> str:
        if node.name == "table":  # its cells are converted one by one
            return self.convert_table(node, "", parent_tags or set())
        text: str = super().process_tag(node, parent_tags)
        return text

    def _cell(self, cell: Tag) -> str:
        name, cell.name = cell.name, "div"
        try:
            return str(self.process_tag(cell, set())).strip()
        finally:
            cell.name = name

    def convert_p(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        given: str = super().convert_p(el, text, parent_tags)
        if "_inline" in parent_tags or not given.strip():
            return given
        plain = _BLOCK_BEGINS.sub(_escaped, given.strip())
        return f"\n\n{plain}\n\n"

    def convert_pre(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        code = el.get_text().strip("\n")
        if not code.strip():
            return ""
        longest = max((len(run) for run in _LONG_TICKS.findall(code)), default=2)
        fence = "`" * (longest + 1)
        return f"\n\n{fence}{_language(el)}\n{code}\n{fence}\n\n"

    def convert_img(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        alt = " ".join(str(el.get("alt") or "").split())
        source = str(el.get("src") or "").strip()
        if not source or source.lower().startswith(("data:", "blob:")):
            return alt
        given: str = super().convert_img(el, text, parent_tags)
        return given

    def convert_a(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        target = str(el.get("href") or "").strip()
        if target.lower().startswith(("data:", "javascript:", "blob:")) or not target:
            return text
        if re.search(r"[\s()<>]", target) and "_noformat" not in parent_tags and text.strip():
            plain = re.sub(r"\s", "%20", target).replace("<", "%3C").replace(">", "%3E")
            return f"[{text.strip()}](<{plain}>)"
        given: str = super().convert_a(el, text, parent_tags)
        return given

    def convert_summary(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return f"\n\n#### {' '.join(text.split())}\n\n" if text.strip() else ""

    def convert_dt(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return f"\n\n**{' '.join(text.split()).strip('*')}**\n\n" if text.strip() else ""

    def convert_dd(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return f"\n\n{text.strip()}\n\n" if text.strip() else ""

    def convert_sup(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        before = el.previous_sibling
        raised = text.strip().lstrip("-").isdigit() and str(before or "")[-1:].isdigit()
        return f"^{text.strip()}" if raised else text

    convert_figcaption = _Library.convert_div
    convert_details = _Library.convert_div
    convert_main = _Library.convert_div
    convert_header = _Library.convert_div
    convert_footer = _Library.convert_div
    convert_aside = _Library.convert_div
    convert_address = _Library.convert_div


def _escaped(begun: re.Match[str]) -> str:
    return f"{begun[1]}\\" if begun[1].isdigit() else f"\\{begun[1]}"


def _language(el: Any) -> str:
    inner = el.find("code") if isinstance(el, Tag) else None
    for tag in (el, inner):
        if isinstance(tag, Tag):
            names: Any = tag.get("class") or []
            named = " ".join(names) if isinstance(names, list) else str(names)
            found = _LANGUAGE.search(f"{named} {tag.get('data-language') or ''}")
            if found:
                return found[1]
    return ""
