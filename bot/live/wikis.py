"""Spaces of a Confluence wiki in the cloud, by its API: pages, and who may see each of them."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode, urlsplit

from bot.live.asking import GONE, TOKEN_REFUSED, Client, listed, rows_of, same_host
from bot.live.rights import Rights, as_the_source, in_both
from bot.live.wanted import TroubleError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.live.copies import Copy
    from bot.live.wanted import LiveSource

A_LIST = 250
AT_ONCE = 25
"""Pages whose words are asked for at once."""

_EXPANDED = "restrictions.read.restrictions.user,restrictions.read.restrictions.group"
DEEPEST = 100


@dataclass(frozen=True)
class _Page:
    """A page as the list has it, without its words."""

    id: str
    version: str
    parent: str
    space: str


@dataclass(frozen=True)
class _Readers:
    """Who may read a page by its own restriction; `is_open` where it has none."""

    is_open: bool
    groups: tuple[tuple[str, str], ...] = ()


def bring(source: LiveSource, copy: Copy, _pause: Callable[[float], object]) -> str:
    """Bring in what is new or changed; what is not there any more goes.

    Raises:
        TroubleError: a list was not whole; nothing goes then.
    """
    wiki = _Wiki(source)
    pages: dict[str, _Page] = {}
    readers: dict[str, _Readers] = {}
    for key in source.spaces:
        space, name = wiki.space(key)
        pages |= wiki.pages(space, name)
        readers |= wiki.restricted(key)
    rights = Rights(source)
    there = {}
    for page in pages.values():
        audience = wiki.audience(page, pages, readers, rights)
        if audience is not None:
            there[page.id] = audience
    changed = []
    for id_, audience in there.items():
        before = copy.kept.get(id_)
        mark = f"{pages[id_].version} {pages[id_].space}"
        if before is None or before.mark != mark or frozenset(before.audience) != audience:
            changed.append(id_)
    # What not everybody may see any more goes first, whatever happens to the rest.
    for id_ in copy.kept.keys() & pages.keys() - there.keys():
        copy.drop(id_)
    empty = 0
    for first in range(0, len(changed), AT_ONCE):
        some = changed[first : first + AT_ONCE]
        words = wiki.words(some)
        for id_ in some:
            record = words.get(id_)
            if record is None:
                there.pop(id_)
                empty += 1
                continue
            page = pages[id_]
            copy.put(
                id_,
                json.dumps({**record, "area": page.space}, ensure_ascii=False, indent=1).encode(),
                ending=".json",
                stem=f"{source.name}-{id_}",
                mark=f"{page.version} {page.space}",
                audience=there[id_],
            )
    copy.keep_only(there)
    left = f"Left out: {empty} without words." if empty else ""
    return " ".join(each for each in (left, str(rights)) if each)


class _Wiki:
    """One wiki, asked by its API."""

    def __init__(self, source: LiveSource) -> None:
        url = source.url.rstrip("/")
        self._base = url if url.endswith("/wiki") else f"{url}/wiki"
        self._host = urlsplit(url).hostname or ""
        self._name = source.name
        hidden = {"Authorization": _authorization(source)} if source.token else {}
        self._client = Client(source.reach, hidden=hidden, token=source.token_env)
        self._asked: dict[str, _Readers | None] = {}

    def space(self, key: str) -> tuple[str, str]:
        """Give a space's id and name by its key."""
        answer = self._client.json(f"{self._base}/api/v2/spaces?{urlencode({'keys': key})}")
        rows = rows_of(answer, "results", self._host)
        for row in rows:
            if str(row.get("key")) == key:
                return str(row.get("id")), str(row.get("name") or key)
        raise TroubleError(f"{self._host} has no space {key!r}, or the token may not see it.")

    def pages(self, space: str, name: str) -> dict[str, _Page]:
        """Give the pages of a space that are neither drafts nor archived."""
        found: dict[str, _Page] = {}
        seen: set[str] = set()
        start = f"{self._base}/api/v2/spaces/{quote(space, safe='')}/pages"
        for answer in listed(self._client, f"{start}?limit={A_LIST}&status=current", self._next):
            rows = rows_of(answer, "results", self._host)
            fresh = {str(row.get("id")) for row in rows} - seen
            if rows and not fresh:
                raise TroubleError(f"{self._host} gives its list without an end.")
            seen |= fresh
            current = (_page(row, name) for row in rows if row.get("status") == "current")
            found |= {page.id: page for page in current}
        return found

    def restricted(self, key: str) -> dict[str, _Readers]:
        """Give who may read each page of a space, as far as one list tells it of all."""
        quoted = key.replace("\\", "\\\\").replace('"', '\\"')
        asked = {"cql": f'space = "{quoted}" and type = page', "expand": _EXPANDED, "limit": 100}
        found: dict[str, _Readers] = {}
        start = f"{self._base}/rest/api/content/search?{urlencode(asked)}"
        for answer in listed(self._client, start, self._next):
            for row in rows_of(answer, "results", self._host):
                said = row.get("restrictions")
                readers = _readers(said.get("read")) if isinstance(said, dict) else None
                if readers is not None:
                    found[str(row.get("id"))] = readers
        return found

    def audience(
        self,
        page: _Page,
        pages: dict[str, _Page],
        readers: dict[str, _Readers],
        rights: Rights,
    ) -> frozenset[str] | None:
        """Who may see a page: who may by its own restriction and by those of all above it.

        Empty for whoever may see the source, None for nobody that is known.
        """
        found: frozenset[str] | None = None
        groups: list[tuple[str, str]] = []
        for id_ in _and_above(page, pages):
            own = readers.get(id_) or self._readers_of(id_)
            if own is None:
                rights.leave_out([("", "what cannot be told")])
                return None
            if own.is_open:
                continue
            groups += own.groups
            found = in_both(found, rights.of_any(own.groups))
            if not found:
                rights.leave_out(dict.fromkeys(groups))
                return None
        return as_the_source(found) if found is not None else frozenset()

    def _readers_of(self, id_: str) -> _Readers | None:
        """Ask for one page or folder by itself; None where nobody tells us."""
        if id_ not in self._asked:
            url = (
                f"{self._base}/rest/api/content/{quote(id_, safe='')}/restriction/byOperation/read"
            )
            try:
                self._asked[id_] = _readers(
                    self._client.json(f"{url}?expand=restrictions.user,restrictions.group")
                )
            except TroubleError as failure:
                if failure.status not in TOKEN_REFUSED | GONE:
                    raise
                self._asked[id_] = None
        return self._asked[id_]

    def words(self, ids: list[str]) -> dict[str, dict[str, Any]]:
        """Give what some pages say; those without words are left out."""
        asked = {"id": ",".join(ids), "body-format": "storage", "limit": A_LIST}
        answer = self._client.json(f"{self._base}/api/v2/pages?{urlencode(asked, safe=',')}")
        links = answer.get("_links")
        base = links.get("base") if isinstance(links, dict) else None
        found: dict[str, dict[str, Any]] = {}
        for row in rows_of(answer, "results", self._host):
            body = row.get("body")
            storage = body.get("storage") if isinstance(body, dict) else None
            value = storage.get("value") if isinstance(storage, dict) else None
            own = row.get("_links")
            path = own.get("webui") if isinstance(own, dict) else None
            if row.get("title") and isinstance(value, str) and value.strip():
                found[str(row.get("id"))] = {
                    "id": f"{self._name}-{row['id']}",
                    "title": str(row["title"]),
                    "body_html": value,
                    "url": f"{base or self._base}{path}" if path else None,
                }
        missing = set(ids) - {str(row.get("id")) for row in answer["results"]}
        if missing:
            raise TroubleError(f"{self._host} gave {len(missing)} of its pages without words.")
        return found

    def _next(self, answer: dict[str, Any], _url: str) -> str | None:
        links = answer.get("_links")
        found = links.get("next") if isinstance(links, dict) else None
        if not isinstance(found, str) or not found:
            return None
        if found.startswith("/wiki/"):
            found = self._base.removesuffix("/wiki") + found
        elif found.startswith("/"):
            found = self._base + found
        return same_host(found, self._base)


def _and_above(page: _Page, pages: dict[str, _Page]) -> Iterator[str]:
    """The page and all that it stands below, each once."""
    seen: set[str] = set()
    id_ = page.id
    while id_ and id_ not in seen and len(seen) < DEEPEST:
        seen.add(id_)
        yield id_
        id_ = pages[id_].parent if id_ in pages else ""


def _page(row: dict[str, Any], space: str) -> _Page:
    version = row.get("version")
    number = version.get("number") if isinstance(version, dict) else None
    return _Page(str(row.get("id")), str(number), str(row.get("parentId") or ""), space)


def _readers(said: object) -> _Readers | None:
    """Read a restriction; None where it does not tell all that there is to know."""
    given = said.get("restrictions") if isinstance(said, dict) else None
    if not isinstance(given, dict):
        return None
    user, group = given.get("user"), given.get("group")
    if not isinstance(user, dict) or not isinstance(group, dict):
        return None
    groups = group.get("results")
    people = user.get("results")
    if not isinstance(groups, list) or not isinstance(people, list):
        return None
    is_open = not groups and not people and not user.get("size") and not group.get("size")
    named = [each for each in groups if isinstance(each, dict)]
    return _Readers(
        is_open, tuple((str(each.get("id") or ""), str(each.get("name") or "")) for each in named)
    )


def _authorization(source: LiveSource) -> str:
    if not source.user:
        return f"Bearer {source.token}"
    return "Basic " + base64.b64encode(f"{source.user}:{source.token}".encode()).decode()
