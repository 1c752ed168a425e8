"""A site by its sitemap: the pages that it names, as far as robots may read them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urljoin, urlsplit
from urllib.robotparser import RobotFileParser

from lxml import etree

from bot.live.asking import AGENT, GONE, TOKEN_REFUSED, Client, unpacked
from bot.live.wanted import LiveSource, TroubleError
from kb.sources.fields import slug

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.live.asking import Answer
    from bot.live.copies import Copy

MOST_SITEMAPS = 2_000
MOST_PAGES = 100_000
DEEPEST = 3
SLOWEST_S = 10.0
GZIP = b"\x1f\x8b"
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{2,30})", re.IGNORECASE)
_NOT_LISTED = re.compile(
    rb"<meta\s[^<>]{0,100}?name\s*=\s*[\"']?robots[\"']?\s[^<>]{0,100}?noindex", re.IGNORECASE
)
_PAGES = {".html", ".htm", ".xhtml", ".php", ".aspx", ".asp", ".jsp", ""}
LONGEST_STEM = 60
_OF_ADDRESSES = "!#$%&'()*+,/:;=?@[]~"
LEFT_ALONE = frozenset({429, 503})
MOST_FAILED = 10
"""Pages that cannot be had until the others are not asked for any more."""

_CONDITIONS = {"If-None-Match": "etag", "If-Modified-Since": "last-modified"}


@dataclass
class _Left:
    """What was left out, counted."""

    robots: int = 0
    elsewhere: int = 0
    refused: int = 0
    no_page: int = 0
    failed: int = 0

    def __str__(self) -> str:
        said = (
            (self.robots, "forbidden by robots.txt"),
            (self.elsewhere, "on other hosts"),
            (self.refused, "not for everybody"),
            (self.no_page, "no page of HTML"),
        )
        told = ", ".join(f"{many} {what}" for many, what in said if many)
        return f"Left out: {told}." if told else ""


def bring(source: LiveSource, copy: Copy, pause: Callable[[float], object]) -> str:
    """Bring in the pages that are new or changed; what the sitemap does not name any more goes.

    Raises:
        TroubleError: not all could be had; nothing goes then.
    """
    site = _Site(source, copy, pause)
    pages: dict[str, str] = {}
    for url, changed in _listed(site.client, source.url, site.hosts, site.left):
        if len(pages) >= MOST_PAGES:
            raise TroubleError(f"The sitemap names more than {MOST_PAGES:,} pages.")
        if urlsplit(url).path.startswith(source.within):
            pages[url] = changed
    if source.within and not pages:
        raise TroubleError(f"The sitemap names no page whose path begins with {source.within}.")
    there = [url for url, changed in pages.items() if site.has(url, changed)]
    if site.left.failed:
        raise TroubleError(
            f"{site.left.failed} of {len(pages)} pages of {urlsplit(source.url).hostname} could "
            "not be had; the others are up to date."
        )
    copy.keep_only(there)
    return str(site.left)


def _listed(client: Client, start: str, hosts: set[str], left: _Left) -> Iterator[tuple[str, str]]:
    """Every page that a sitemap and those below it name, and when each is said to have changed."""
    waiting, seen = [(start, 0)], {start}
    while waiting:
        url, depth = waiting.pop(0)
        is_index, found = _entries(client.get(url), url)
        if not is_index:
            for page, changed in found:
                if (urlsplit(page).hostname or "").lower() in hosts:
                    yield page, changed
                else:
                    left.elsewhere += 1
            continue
        for below, _ in found:
            if (urlsplit(below).hostname or "").lower() not in hosts or below in seen:
                continue
            if depth >= DEEPEST or len(seen) >= MOST_SITEMAPS:
                raise TroubleError(
                    f"{urlsplit(start).hostname} has sitemaps within sitemaps without an end."
                )
            seen.add(below)
            waiting.append((below, depth + 1))


def _entries(answer: Answer, url: str) -> tuple[bool, list[tuple[str, str]]]:
    """What a sitemap names; whether these are sitemaps themselves."""
    host = urlsplit(url).hostname or ""
    data = unpacked(answer.body, host) if answer.body.startswith(GZIP) else answer.body
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as failure:
        raise TroubleError(
            f"{host} answered with something that is no whole sitemap; is {urlsplit(url).path} "
            "the right address?"
        ) from failure
    kind = etree.QName(root).localname
    if kind not in {"urlset", "sitemapindex"}:
        raise TroubleError(f"{host}: {urlsplit(url).path} is no sitemap, but <{kind[:40]}>.")
    found = []
    for each in root:
        if not isinstance(each.tag, str):
            continue
        texts = {
            etree.QName(part).localname: (part.text or "").strip()
            for part in each
            if isinstance(part.tag, str)
        }
        if texts.get("loc"):
            page = quote(urljoin(url, texts["loc"]).partition("#")[0], safe=_OF_ADDRESSES)
            found.append((page, texts.get("lastmod", "")))
    return kind == "sitemapindex", found


class _Robots:
    """What robots.txt allows, host by host."""

    def __init__(self, client: Client, pause: Callable[[float], object]) -> None:
        self._client = client
        self._pause = pause
        self._of: dict[str, RobotFileParser] = {}

    def may_read(self, url: str) -> bool:
        """Whether a page may be read by us."""
        parts = urlsplit(url)
        base = f"{parts.scheme}://{parts.netloc}"
        if base not in self._of:
            self._of[base] = self._read(base)
        return self._of[base].can_fetch(AGENT, url)

    def wait(self, url: str) -> None:
        """Wait as long as a site wants between two pages."""
        parts = urlsplit(url)
        found = self._of.get(f"{parts.scheme}://{parts.netloc}")
        slow = found.crawl_delay(AGENT) if found is not None else None
        if slow:
            self._pause(min(float(slow), SLOWEST_S))

    def _read(self, base: str) -> RobotFileParser:
        parser = RobotFileParser()
        try:
            text = self._client.get(f"{base}/robots.txt").body.decode("utf-8", "replace")
        except TroubleError as failure:
            # RFC 9309: what is refused or not there forbids nothing; a server in trouble may.
            if not 400 <= failure.status < 500 or failure.wish is not None:  # noqa: PLR2004
                raise
            text = ""
        parser.parse(text.splitlines())
        return parser


class _Site:
    """One site, its pages, and the copy of them."""

    def __init__(self, source: LiveSource, copy: Copy, pause: Callable[[float], object]) -> None:
        self.client = Client(source.reach, follows=True)
        self.hosts = {(urlsplit(source.url).hostname or "").lower(), *source.hosts}
        self.left = _Left()
        self._robots = _Robots(self.client, pause)
        self._name = source.name
        self._copy = copy

    def has(self, url: str, changed: str) -> bool:
        """Bring in one page if it has changed; whether it is one that stays.

        Raises:
            TroubleError: the site wants to be left alone, or cannot be reached.
        """
        if not self._robots.may_read(url):
            self.left.robots += 1
            return False
        before = self._copy.kept.get(url)
        if before is not None and changed and before.mark == changed:
            return True
        self._robots.wait(url)
        try:
            answer = self.client.get(url, before.conditions if before is not None else None)
        except TroubleError as failure:
            return self._stays(failure, known=before is not None)
        if answer.is_unchanged:
            if before is not None:
                before.mark = changed
            return before is not None
        if not self._is_article(answer):
            return False
        self._copy.put(
            url,
            _page(answer, url),
            ending=".html",
            stem=_stem(url, self._name),
            mark=changed,
            conditions={
                ask: answer.headers[name]
                for ask, name in _CONDITIONS.items()
                if name in answer.headers
            },
        )
        return True

    def _is_article(self, answer: Answer) -> bool:
        if (urlsplit(answer.url).hostname or "").lower() not in self.hosts:
            self.left.elsewhere += 1
            return False
        kind = answer.headers.get("content-type", "text/html").lower()
        if "html" not in kind or _NOT_LISTED.search(answer.body[:20_000]):
            self.left.no_page += 1
            return False
        return True

    def _stays(self, failure: TroubleError, *, known: bool) -> bool:
        """Whether a page that could not be had stays as it was."""
        if failure.status in GONE:
            return False
        if failure.status in TOKEN_REFUSED:
            self.left.refused += 1  # what asks for a login now is not for everybody any more
            return False
        self.left.failed += 1
        if failure.status in LEFT_ALONE or self.left.failed >= MOST_FAILED:
            raise failure
        return known


def _page(answer: Answer, url: str) -> bytes:
    """The page in UTF-8 where its encoding was said, and with the address where it is read."""
    said = _CHARSET.search(answer.headers.get("content-type", ""))
    body = answer.body
    mark = b""
    if said is not None:
        try:
            body, mark = body.decode(said[1]).encode(), b"\xef\xbb\xbf"
        except (LookupError, UnicodeDecodeError):
            body = answer.body
    address = url.replace("&", "&amp;").replace('"', "%22").replace("<", "%3C")
    return mark + f'<link rel="canonical" href="{address}">\n'.encode() + body


def _stem(url: str, name: str) -> str:
    parts = urlsplit(url)
    path = unquote(parts.path).strip("/")
    ending = path.rsplit(".", 1)[-1].lower() if "." in path.rsplit("/", 1)[-1] else ""
    if f".{ending}" in _PAGES:
        path = path.removesuffix(path[-len(ending) - 1 :]) if ending else path
    words = slug(f"{path} {parts.query}") if path or parts.query else "home"
    return f"{name}-{words[:LONGEST_STEM].strip('-')}"
