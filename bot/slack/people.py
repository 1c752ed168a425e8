"""Finding people by their address or name, as calendars and commands write them."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import structlog

from bot.desk.errors import DeliveryError, RetryableDeliveryError
from bot.desk.ids import UserId
from bot.slack.errors import translated

if TYPE_CHECKING:
    from datetime import datetime

    from slack_sdk import WebClient

    from bot.desk.ports.time import Clock

FRESH = timedelta(minutes=30)
PAGE = 200
FIRST_S = 30.0
"""So long the first look-up is waited for by those who need it as well."""

log = structlog.get_logger(__name__)


class People:
    """The members of the workspace by address and name; read now and then, all at once."""

    def __init__(self, client: WebClient, clock: Clock) -> None:
        """Use a Web API client; nothing is asked until it is needed."""
        self._client = client
        self._clock = clock
        self._lock = threading.Lock()
        self._first = threading.Event()
        self._read_at: datetime | None = None
        self._known: dict[str, UserId | None] = {}

    def find(self, name: str) -> UserId | None:
        """Find a member by address, handle or full name; None where nobody or several match."""
        now = self._clock()
        with self._lock:
            is_mine = self._read_at is None or now - self._read_at > FRESH
            if is_mine:
                self._read_at = now
        # Nobody holds the lock while Slack is asked; who comes by meanwhile is told what is known.
        if is_mine:
            try:
                self._refresh()
            finally:
                self._first.set()
        elif not self._known:
            self._first.wait(FIRST_S)
        return self._known.get(_plain(name))

    def _refresh(self) -> None:
        known: dict[str, UserId | None] = {}
        cursor: str | None = None
        try:
            while True:
                with translated("reading the members of the workspace"):
                    answer = self._client.users_list(cursor=cursor, limit=PAGE)
                for member in answer.get("members") or []:
                    _add(known, member)
                cursor = (answer.get("response_metadata") or {}).get("next_cursor") or None
                if cursor is None:
                    break
        except (DeliveryError, RetryableDeliveryError) as failure:
            log.warning("people_unavailable", error=str(failure))
            return
        self._known = known


def _add(known: dict[str, UserId | None], member: dict[str, Any]) -> None:
    if member.get("deleted") or member.get("is_bot"):
        return
    user = UserId(str(member["id"]))
    profile = member.get("profile") or {}
    names = {
        _plain(str(given))
        for given in (
            member.get("name"),
            member.get("real_name"),
            profile.get("real_name"),
            profile.get("display_name"),
            profile.get("email"),
        )
        if given
    }
    for name in names:
        # A name that two people share names neither.
        known[name] = None if name in known else user


def _plain(name: str) -> str:
    return " ".join(name.casefold().lstrip("@").split())
