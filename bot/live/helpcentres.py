"""A help centre of Zendesk, by its API: articles, and the segments of users who may see them."""

from __future__ import annotations

import base64
import json
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from bot.live.asking import GONE, TOKEN_REFUSED, Client, listed, rows_of, same_host
from bot.live.rights import Rights, as_the_source
from bot.live.wanted import TroubleError

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.live.copies import Copy
    from bot.live.wanted import LiveSource

A_PAGE = "page%5Bsize%5D=100"
LARGE = 1_000
"""Articles from which on mostly what changed is asked for, in a list of its own."""

WHOLE_EVERY = 24
"""Every so many runs the whole list is asked for: the other does not tell what was removed."""

FULL = 1_000
"""Articles of one answer of that other list; one with fewer is the last."""


def bring(source: LiveSource, copy: Copy, _pause: Callable[[float], object]) -> str:
    """Bring in what is new or changed; drafts and what was removed go.

    Raises:
        TroubleError: the list was not whole; nothing goes then.
    """
    centre = _Centre(source, copy)
    since, runs = copy.memory.get("until"), int(copy.memory.get("runs") or 0)
    may = len(copy.kept) >= LARGE and not source.locale and runs < WHOLE_EVERY
    is_same = copy.memory.get("shape") == source.shape
    if may and is_same and isinstance(since, int) and centre.changed_since(since):
        copy.memory["runs"] = runs + 1
        return str(copy.memory.get("notes") or "")
    there = centre.all_articles()
    copy.keep_only(there)
    copy.memory |= {"runs": 0, "shape": source.shape, "notes": centre.notes()}
    return centre.notes()


class _Centre:
    """One help centre, and the copy of its articles."""

    def __init__(self, source: LiveSource, copy: Copy) -> None:
        self._source = source
        self._copy = copy
        self._host = urlsplit(source.url).hostname or ""
        self._base = f"{source.url.rstrip('/')}/api/v2/help_center"
        hidden = {"Authorization": _authorization(source)} if source.token else {}
        self._client = Client(source.reach, hidden=hidden, token=source.token_env)
        self._rights = Rights(source)
        self._segments = self._names("user_segments") if source.token else {}
        self._sections = self._names("sections", source.locale)
        self._drafts = self._empty = 0

    def notes(self) -> str:
        """Say what was left out."""
        said = ((self._drafts, "drafts"), (self._empty, "without words"))
        told = ", ".join(f"{many} {what}" for many, what in said if many)
        left = f"Left out: {told}." if told else ""
        return " ".join(each for each in (left, str(self._rights)) if each)

    def all_articles(self) -> list[str]:
        """Take in the whole list; gives the names of the articles that stay."""
        there: list[str] = []
        seen: set[str] = set()
        latest = 0
        start = self._start("articles", self._source.locale)
        for answer in listed(self._client, start, self._next):
            rows = rows_of(answer, "articles", self._host)
            fresh = {str(row.get("id")) for row in rows} - seen
            if rows and not fresh:
                raise TroubleError(f"{self._host} gives its list without an end.")
            seen |= fresh
            there += [name for row in rows if (name := self._take(row)) is not None]
            latest = max([latest, *(_seconds(row.get("updated_at")) for row in rows)])
            count = answer.get("count")
            if "meta" not in answer and not answer.get("next_page") and isinstance(count, int):
                self._check(len(seen), count)
        # Whatever changes within the second of the latest change comes again, and is the same.
        self._copy.memory["until"] = latest
        return there

    def changed_since(self, since: int) -> bool:
        """Take in what changed; whether that list may be had, which is for agents alone."""
        start = f"{self._base}/incremental/articles.json?start_time={since}"
        try:
            for answer in listed(self._client, start, self._later):
                for row in rows_of(answer, "articles", self._host):
                    if self._take(row) is None:
                        self._copy.drop(str(row.get("id")))
                ended = answer.get("end_time")
                if isinstance(ended, int):
                    self._copy.memory["until"] = max(since, ended)
        except TroubleError as failure:
            if failure.status not in TOKEN_REFUSED | GONE:
                raise
            return False
        return True

    def _check(self, came: int, said: int) -> None:
        if came < said:
            raise TroubleError(
                f"{self._host} lists {came} of {said} articles; nothing was removed."
            )

    def _take(self, row: dict[str, Any]) -> str | None:
        """Take an article in; gives its name, None where it is not to be seen here."""
        name = str(row.get("id") or "")
        if row.get("draft") is not False:
            self._drafts += 1
            return None
        if not name.isdigit() or not row.get("title") or not row.get("body"):
            self._empty += 1
            return None
        audience = self._audience(row)
        if audience is None:
            return None
        record = {
            "id": f"{self._source.name}-{name}",
            "title": str(row["title"]),
            "body_html": str(row["body"]),
            "url": row.get("html_url"),
            "area": self._sections.get(str(row.get("section_id")), ""),
        }
        self._copy.put(
            name,
            json.dumps(record, ensure_ascii=False, indent=1).encode(),
            ending=".json",
            stem=f"{self._source.name}-{name}",
            mark=str(row.get("updated_at") or ""),
            audience=audience,
        )
        return name

    def _audience(self, row: dict[str, Any]) -> frozenset[str] | None:
        """Who may see an article: empty for whoever may see the source, None for nobody."""
        own = row.get("user_segment_id")
        several = row.get("user_segment_ids")
        ids = [str(each) for each in several] if isinstance(several, list) else []
        if own is not None and str(own) not in ids:
            ids.append(str(own))
        if "user_segment_id" in row and not ids:
            return frozenset()
        groups = [(each, self._segments.get(each, "")) for each in ids]
        found = self._rights.of_any(groups)
        if not found:
            self._rights.leave_out(groups)
            return None
        return as_the_source(found)

    def _names(self, what: str, locale: str = "") -> dict[str, str]:
        """The names of segments or sections by id; none where we may not see them."""
        found: dict[str, str] = {}
        try:
            for answer in listed(self._client, self._start(what, locale), self._next):
                rows = rows_of(answer, what, self._host)
                found |= {str(row.get("id")): str(row.get("name") or "") for row in rows}
        except TroubleError as failure:
            if failure.status not in TOKEN_REFUSED | GONE:
                raise
        return found

    def _start(self, what: str, locale: str = "") -> str:
        return "/".join(each for each in (self._base, locale, f"{what}.json?{A_PAGE}") if each)

    def _next(self, answer: dict[str, Any], _url: str) -> str | None:
        """Where the list goes on, by cursors or by numbers."""
        meta = answer.get("meta")
        if isinstance(meta, dict):
            links = answer.get("links")
            found = links.get("next") if isinstance(links, dict) else None
            if not meta.get("has_more"):
                return None
            if not isinstance(found, str):
                raise TroubleError(f"{self._host} gives half a list; nothing was removed.")
            return same_host(found, self._base)
        found = answer.get("next_page")
        return same_host(found, self._base) if isinstance(found, str) and found else None

    def _later(self, answer: dict[str, Any], url: str) -> str | None:
        """Where the list of changes goes on: it leads to itself when there are no more."""
        found = answer.get("next_page")
        is_last = len(rows_of(answer, "articles", self._host)) < FULL
        if is_last or not isinstance(found, str) or found == url:
            return None
        return same_host(found, self._base)


def _authorization(source: LiveSource) -> str:
    if not source.user:
        return f"Bearer {source.token}"
    user = source.user if source.user.endswith("/token") else f"{source.user}/token"
    return "Basic " + base64.b64encode(f"{user}:{source.token}".encode()).decode()


def _seconds(said: object) -> int:
    try:
        return int(datetime.fromisoformat(str(said)).timestamp())
    except ValueError:
        return 0
