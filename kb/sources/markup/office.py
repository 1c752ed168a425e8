"""HTML as Google Docs and Word write it: titles, lists, links and comments in their own ways."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from bs4 import Tag

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bs4 import BeautifulSoup

_LEVEL = re.compile(r"\blevel(\d)\b")
_NUMBERED = re.compile(r"^\s*(?:\d{1,3}|[a-z]{1,4})[.)]", re.IGNORECASE)


def plain_office(page: BeautifulSoup) -> None:
    """Give what both say by classes and styles the tags that it has elsewhere, in place."""
    _without_comments(page)
    for link in page.select('a[href*="google.com/url?"]'):
        asked = parse_qs(urlsplit(str(link["href"])).query).get("q")
        if asked:
            link["href"] = asked[0]
    title = page.select_one("body.doc-content p.title, p.MsoTitle")
    if title is not None and page.find("h1") is None:
        title.name = "h1"
    _lists(page)


def _without_comments(page: BeautifulSoup) -> None:
    """What reviewers said in the margin is no part of the text."""
    for mark in page.select('a[id^="cmnt_ref"]'):
        (mark.find_parent("sup") or mark).decompose()
    for comment in page.select('a[id^="cmnt"]'):
        if not comment.decomposed:
            (comment.find_parent("div") or comment.find_parent("p") or comment).decompose()
    for comment in page.select("[style*='mso-element:comment'], .MsoCommentReference"):
        if not comment.decomposed:
            comment.decompose()


def _lists(page: BeautifulSoup) -> None:
    """Word's items are paragraphs, each with its number in front."""
    items = [
        (item, marker)
        for marker in page.select('[style*="mso-list:Ignore"], [style*="mso-list: Ignore"]')
        if (item := marker.find_parent("p")) is not None
    ]
    held: dict[int, Tag] = {}
    for item, marker in items:
        level = _LEVEL.search(str(item.get("style", "")))
        depth = int(level[1]) if level else 1
        kind = "ol" if _NUMBERED.match(marker.get_text(" ")) else "ul"
        before = _before(item)
        if before is not held.get(1):
            held.clear()
        under = held.get(depth)
        if under is None or under.name != kind:
            under = page.new_tag(kind)
            _place(item, under, held, depth)
        held = {each: tag for each, tag in held.items() if each < depth} | {depth: under}
        marker.decompose()
        item.name = "li"
        under.append(item.extract())


def _place(item: Tag, made: Tag, held: dict[int, Tag], depth: int) -> None:
    """Put a new list where its first item stands, or under the item that it goes into."""
    outer = next((held[each] for each in sorted(held, reverse=True) if each < depth), None)
    last = _last(outer.find_all("li", recursive=False)) if outer is not None else None
    if last is not None:
        last.append(made)
    else:
        item.insert_before(made)


def _before(item: Tag) -> Tag | None:
    found = item.find_previous_sibling()
    return found if isinstance(found, Tag) else None


def _last(found: Iterable[object]) -> Tag | None:
    tags = [each for each in found if isinstance(each, Tag)]
    return tags[-1] if tags else None
