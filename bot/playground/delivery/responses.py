"""Response URLs: half an hour and five uses to answer an interaction."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.playground.errors import SlackError

if TYPE_CHECKING:
    from bot.playground.state.clock import Clock
    from bot.playground.state.ids import Ids

LIFE_SECONDS = 30 * 60.0
USES = 5

# Beyond this many, the long dead are forgotten.
_MANY = 10_000


@dataclass
class ResponseUrl:
    """Where the answer goes: a channel, a person, and the message that was acted on."""

    user: str
    channel: str
    expires: float
    message_ts: str | None = None
    thread_ts: str | None = None
    is_ephemeral: bool = False
    uses_left: int = USES


@dataclass
class ResponseUrls:
    """The response URLs that were handed out."""

    clock: Clock
    ids: Ids
    _known: dict[str, ResponseUrl] = field(default_factory=dict)

    def create(
        self,
        user: str,
        channel: str,
        *,
        message_ts: str | None = None,
        thread_ts: str | None = None,
        is_ephemeral: bool = False,
    ) -> str:
        """The key of a new response URL."""
        now = self.clock.now()
        if len(self._known) > _MANY:
            self._known = {k: r for k, r in self._known.items() if r.expires > now}
        key = self.ids.uuid().replace("-", "")
        expires = now + LIFE_SECONDS
        self._known[key] = ResponseUrl(user, channel, expires, message_ts, thread_ts, is_ephemeral)
        return key

    def use(self, key: str) -> ResponseUrl:
        """Spend one use; raises SlackError when it is unknown, too old or spent."""
        found = self._known.get(key)
        if found is None:
            raise SlackError("invalid_url")
        if found.expires < self.clock.now():
            raise SlackError("expired_url")
        if found.uses_left <= 0:
            raise SlackError("used_url")
        found.uses_left -= 1
        return found
