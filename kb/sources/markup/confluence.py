"""Confluence's storage format: its macros, links and pictures become plain HTML.

Its tags are told in Atlassian's documentation, "Confluence Storage Format".
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from bs4 import BeautifulSoup, Tag

from kb.spans import between

if TYPE_CHECKING:
    from collections.abc import Iterable

_CDATA = re.compile(r"<!\[CDATA\[")
_CDATA_END = re.compile(r"\]\]>")
_MARK = re.compile(r"<(?:ac|ri):", re.IGNORECASE)
_CODE = {"code", "noformat", "code-block"}
_NAMED = {"info": "Info", "note": "Note", "warning": "Warning", "tip": "Tip", "panel": ""}
_TITLED = {"expand", "ui-expand", "details", "excerpt", "section", "column", "div", "ui-tab"}
_SAYS_ITS_NAME = {"status": "title", "jira": "key"}


def is_storage(html: str) -> bool:
    """Whether a text is in the storage format."""
    return _MARK.search(html) is not None


def without_cdata(html: str) -> str:
    """Character data as escaped text, so that a parser of HTML keeps it."""
    if "<![CDATA[" not in html:
        return html
    return between(html, _CDATA, lambda _: _CDATA_END, lambda _, data: escape(data, quote=False))


def plain_storage(page: BeautifulSoup) -> None:
    """Put plain HTML in the place of what only Confluence knows."""
    if not page.find(re.compile(r"^(?:ac|ri):")):
        return
    for macro in _inner_first(page.find_all(("ac:structured-macro", "ac:macro"))):
        _macro(page, macro)
    for link in page.find_all("ac:link"):
        _link(link)
    for image in page.find_all("ac:image"):
        _image(page, image)
    for task in page.find_all("ac:task"):
        task.name = "li"
    for tasks in page.find_all("ac:task-list"):
        tasks.name = "ul"
    for extension in page.find_all("ac:adf-extension"):
        fallback = extension.find("ac:adf-fallback")
        extension.replace_with(fallback.extract() if fallback else "")
    for mark in page.find_all(("ac:task-id", "ac:task-status", "ac:task-uuid", "ac:placeholder")):
        mark.decompose()
    for face in page.find_all("ac:emoticon"):
        face.replace_with(str(face.get("ac:emoji-fallback") or ""))
    for time in page.find_all("time"):
        if not time.get_text(strip=True) and time.get("datetime"):
            time.string = str(time["datetime"])
    for left in page.find_all("ac:parameter"):
        left.decompose()
    for left in page.find_all(re.compile(r"^(?:ac|ri):")):
        left.unwrap()


def _inner_first(found: Iterable[Tag]) -> list[Tag]:
    return list(reversed(list(found)))


def _macro(page: BeautifulSoup, macro: Tag) -> None:
    kind = str(macro.get("ac:name", "")).lower()
    title = _parameter(macro, "title")
    plain = macro.find("ac:plain-text-body", recursive=False)
    rich = macro.find("ac:rich-text-body", recursive=False)
    if kind in _SAYS_ITS_NAME:
        macro.replace_with(_parameter(macro, _SAYS_ITS_NAME[kind]))
    elif isinstance(plain, Tag):
        code = page.new_tag("pre" if kind in _CODE else "p")
        if kind in _CODE and (language := _parameter(macro, "language")):
            code["class"] = f"language-{language}"
        code.string = plain.get_text()
        macro.replace_with(code)
    elif isinstance(rich, Tag):
        rich.extract()
        rich.name = "div"
        lead = title or _NAMED.get(kind, "")
        if lead:
            rich.insert(0, _lead(page, lead, heading=kind in _TITLED))
        macro.replace_with(rich)
    else:
        macro.decompose()  # contents, lists of pages, anchors: made when the page is shown


def _lead(page: BeautifulSoup, words: str, *, heading: bool) -> Tag:
    lead = page.new_tag("h4" if heading else "p")
    inner = lead if heading else page.new_tag("strong")
    inner.string = words
    if inner is not lead:
        lead.append(inner)
    return lead


def _parameter(macro: Tag, name: str) -> str:
    for each in macro.find_all("ac:parameter", recursive=False):
        if each.get("ac:name") == name:
            return " ".join(each.get_text().split())
    return ""


def _link(link: Tag) -> None:
    body = link.find(("ac:link-body", "ac:plain-text-link-body"))
    words = body.get_text() if isinstance(body, Tag) else ""
    if not words.strip():
        words = next(
            (
                str(target[name])
                for target in link.find_all(re.compile("^ri:"))
                for name in ("ri:content-title", "ri:filename", "ri:space-key")
                if target.get(name)
            ),
            str(link.get("ac:anchor") or ""),
        )
    link.replace_with(words)


def _image(page: BeautifulSoup, image: Tag) -> None:
    alt = str(image.get("ac:alt") or image.get("ac:title") or "")
    address = image.find("ri:url")
    picture = page.new_tag("img", attrs={"alt": alt})
    if isinstance(address, Tag) and address.get("ri:value"):
        picture["src"] = str(address["ri:value"])
    image.replace_with(picture)
