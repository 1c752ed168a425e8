"""Finding people by their address or name, as calendars and commands write them."""

from __future__ import annotations

import threading
import unicodedata
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
AGAIN = timedelta(minutes=1)
"""After this, people whom Slack could not name are asked for again."""
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
        self._known: dict[str, frozenset[UserId]] = {}
        self._short: dict[str, frozenset[UserId]] = {}
        self._gone: frozenset[UserId] = frozenset()

    def find(self, name: str) -> UserId | None:
        """Find a member by id, address, handle, name or initials; None where several match."""
        found = self._named(name)
        return next(iter(found)) if len(found) == 1 else None

    def several(self, name: str) -> int:
        """Count the members who share a name."""
        return len(self._named(name))

    def is_gone(self, user: UserId) -> bool:
        """Whether Slack says that there is no such active member; False where it says nothing."""
        self._look()
        return bool(self._known) and user not in self._known.get(_plain(user), frozenset())

    def was_deactivated(self, user: UserId) -> bool:
        """Whether an account of that id was deactivated."""
        self._look()
        return user in self._gone

    def _named(self, name: str) -> frozenset[UserId]:
        self._look()
        wanted = _plain(name)
        # A whole name comes before one with initials, which several may share.
        return self._known.get(wanted) or self._short.get(wanted.replace(".", ""), frozenset())

    def _look(self) -> None:
        """Ask Slack now and then; nobody holds the lock meanwhile, what is known serves others."""
        now = self._clock()
        with self._lock:
            fresh = FRESH if self._known else AGAIN
            is_mine = self._read_at is None or now - self._read_at > fresh
            if is_mine:
                self._read_at = now
        if is_mine:
            try:
                self._refresh()
            finally:
                self._first.set()
        elif not self._known:
            self._first.wait(FIRST_S)

    def _refresh(self) -> None:
        known: dict[str, frozenset[UserId]] = {}
        short: dict[str, frozenset[UserId]] = {}
        gone: set[UserId] = set()
        cursor: str | None = None
        try:
            while True:
                with translated("reading the members of the workspace"):
                    answer = self._client.users_list(cursor=cursor, limit=PAGE)
                for member in answer.get("members") or []:
                    if member.get("deleted"):
                        gone.add(UserId(str(member["id"])))
                    else:
                        _add(known, short, member)
                cursor = (answer.get("response_metadata") or {}).get("next_cursor") or None
                if cursor is None:
                    break
        except (DeliveryError, RetryableDeliveryError) as failure:
            log.warning("people_unavailable", error=str(failure))
            return
        self._known, self._short, self._gone = known, short, frozenset(gone)


def _add(
    known: dict[str, frozenset[UserId]],
    short: dict[str, frozenset[UserId]],
    member: dict[str, Any],
) -> None:
    if member.get("is_bot"):
        return
    user = UserId(str(member["id"]))
    profile = member.get("profile") or {}
    spoken = (member.get("real_name"), profile.get("real_name"), profile.get("display_name"))
    others = (user, member.get("name"), profile.get("email"))
    for name in {_plain(str(given)) for given in (*spoken, *others) if given}:
        known[name] = known.get(name, frozenset()) | {user}
    for name in {each for given in spoken if given for each in _shortened(str(given))}:
        short[name] = short.get(name, frozenset()) | {user}


def _shortened(name: str) -> tuple[str, ...]:
    """Give `J Berg` and `Jonas B` for `Jonas Berg`."""
    words = _plain(name).split()
    if len(words) == 1 or not words:
        return ()
    return (f"{words[0][:1]} {words[-1]}", f"{words[0]} {words[-1][:1]}")


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).casefold().lstrip("@").split())
