"""How people stand to the workspace: read of all at once, and of one who is not known yet."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, NamedTuple

import structlog

from bot.desk.admission import Standing
from bot.desk.errors import DeliveryError, RetryableDeliveryError
from bot.desk.ids import UserId
from bot.slack.errors import translated

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from slack_sdk import WebClient

GRANT_S = 60.0
"""What grants a right was told by Slack within this time."""
KNOWN_S = 1_800.0
"""Who may ask is known for so long: Slack tells of a change by an event."""
MOST_REMEMBERED = 50_000
PAGE = 500

log = structlog.get_logger(__name__)


class _Known(NamedTuple):
    """What was told of somebody, and when."""

    standing: Standing
    locale: str
    at: datetime


class Standings:
    """Remembers how people stand to the workspace, and which language their Slack is set to.

    A thousand people who write within a minute are not looked up one by one: Slack allows a
    hundred such calls a minute, and each would keep somebody waiting.
    """

    def __init__(
        self,
        client: WebClient,
        clock: Callable[[], datetime],
        read: Callable[[dict[str, Any]], Standing],
    ) -> None:
        """Use a Web API client; `read` tells the standing from what Slack says of somebody."""
        self._client = client
        self._clock = clock
        self._read = read
        self._known: dict[UserId, _Known] = {}
        self._changes = 0
        self._lock = threading.Lock()

    def of(self, user: UserId, within_s: float = GRANT_S) -> Standing:
        """Tell how somebody stands to the workspace; asked again after this time."""
        known = self.known(user, within_s)
        if known is not None:
            return known
        with self._lock:
            before, changes = self._known.get(user), self._changes
        locale = before.locale if before else ""
        try:
            with translated(f"looking up {user}"):
                answer = self._client.users_info(user=user, include_locale=True)
            person = answer.get("user") or {}
            told, locale = self._read(person), str(person.get("locale") or "")
        except (DeliveryError, RetryableDeliveryError) as failure:
            # Remembered as well: while Slack is slow to fail, not every message waits for it.
            log.warning("person_unavailable", user=user, error=str(failure))
            told = Standing.UNKNOWN
        with self._lock:
            # Where people changed meanwhile, what was asked before is not relied on.
            if changes == self._changes and self._known.get(user) is before:
                self._keep(user, _Known(told, locale, self._clock()))
        return told

    def known(self, user: UserId, within_s: float = KNOWN_S) -> Standing | None:
        """Tell how somebody stands, as it was told within this time; asks nobody."""
        if user.startswith("B"):
            return Standing.BOT  # an app without a user of its own: there is nobody to look up
        with self._lock:
            known = self._known.get(user)
        if known is None:
            return None
        if known.standing is Standing.UNKNOWN:
            within_s = GRANT_S
        age = (self._clock() - known.at).total_seconds()
        return known.standing if 0 <= age <= within_s else None

    def locale(self, user: UserId) -> str:
        """Give the language of somebody's Slack, as it was told last."""
        known = self._known.get(user)
        return known.locale if known else ""

    def forget(self) -> None:
        """Rely on nothing that was told so far."""
        with self._lock:
            self._changes += 1
            self._known.clear()

    def changed(self, person: dict[str, Any]) -> bool:
        """Take over what Slack tells of somebody's change; True where their rights may differ."""
        user, told = UserId(str(person.get("id") or "")), self._read(person)
        with self._lock:
            before = self._known.get(user)
            locale = str(person.get("locale") or (before.locale if before else ""))
            self._keep(user, _Known(told, locale, self._clock()))
        return told is not (before.standing if before else Standing.MEMBER)

    def learn(self, wait: Callable[[float], bool]) -> None:
        """Read everybody, page by page; `wait` waits so many seconds, and tells whether to end."""
        cursor: str | None = None
        while True:
            began = self._clock()
            try:
                with translated("reading the members of the workspace"):
                    answer = self._client.users_list(cursor=cursor, limit=PAGE, include_locale=True)
            except (DeliveryError, RetryableDeliveryError) as failure:
                asked_to_wait = getattr(failure, "retry_after", None)
                if asked_to_wait is not None:
                    if wait(asked_to_wait):
                        return
                    continue
                # They are looked up one by one, as they write.
                log.warning("people_unavailable", error=str(failure))
                return
            self._keep_all(answer.get("members") or [], began)
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or None
            if cursor is None or len(self._known) >= MOST_REMEMBERED:
                return

    def _keep_all(self, members: Sequence[dict[str, Any]], began: datetime) -> None:
        with self._lock:
            for person in members:
                user = UserId(str(person["id"]))
                before = self._known.get(user)
                # What was told of them alone meanwhile is newer.
                if before is None or before.at < began:
                    locale = str(person.get("locale") or "")
                    self._keep(user, _Known(self._read(person), locale, began))

    def _keep(self, user: UserId, known: _Known) -> None:
        if len(self._known) >= MOST_REMEMBERED and user not in self._known:
            del self._known[next(iter(self._known))]
        self._known[user] = known
