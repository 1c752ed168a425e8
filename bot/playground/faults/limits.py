"""Slack's rate limits, for those who want to meet them."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.playground.errors import SlackError

if TYPE_CHECKING:
    from bot.playground.state.clock import Clock

WINDOW_SECONDS = 60.0
POSTS_IN_A_BURST = 5

# Calls a minute, for each method; Slack promises at least as many.
_TIER_2, _TIER_3, _TIER_4 = 20, 50, 100
_PER_MINUTE = {
    "conversations.create": _TIER_2,
    "conversations.list": _TIER_2,
    "usergroups.list": _TIER_2,
    "usergroups.users.list": _TIER_2,
    "usergroups.users.update": _TIER_2,
    "users.list": _TIER_2,
    "chat.delete": _TIER_3,
    "chat.update": _TIER_3,
    "conversations.history": _TIER_3,
    "conversations.info": _TIER_3,
    "conversations.join": _TIER_3,
    "conversations.open": _TIER_3,
    "conversations.replies": _TIER_3,
    "reactions.add": _TIER_3,
    "chat.postEphemeral": _TIER_4,
    "conversations.members": _TIER_4,
    "users.info": _TIER_4,
    "views.open": _TIER_4,
    "views.publish": _TIER_4,
    "views.push": _TIER_4,
    "views.update": _TIER_4,
}


@dataclass
class RateLimits:
    """Counts calls, if it is switched on: a workspace to try things in does not refuse them."""

    clock: Clock
    enforced: bool = False
    _calls: dict[str, deque[float]] = field(default_factory=dict)
    _posts: dict[str, tuple[float, float]] = field(default_factory=dict)

    def count(self, method: str, channel: str) -> None:
        """Count a call; raises SlackError("ratelimited") if it is one too many."""
        wait = self._seconds_to_wait(method, channel) if self.enforced else 0
        if wait:
            raise SlackError("ratelimited", retry_after=wait)

    def _seconds_to_wait(self, method: str, channel: str) -> int:
        now = self.clock.now()
        if method == "chat.postMessage":
            return self._post(channel, now)
        largest = _PER_MINUTE.get(method)
        if largest is None:
            return 0
        calls = self._calls.setdefault(method, deque())
        while calls and calls[0] <= now - WINDOW_SECONDS:
            calls.popleft()
        if len(calls) >= largest:
            return max(1, math.ceil(calls[0] + WINDOW_SECONDS - now))
        calls.append(now)
        return 0

    def _post(self, channel: str, now: float) -> int:
        """One message a second and channel, after a short burst."""
        left, since = self._posts.get(channel, (float(POSTS_IN_A_BURST), now))
        left = min(float(POSTS_IN_A_BURST), left + now - since)
        if left < 1:
            self._posts[channel] = (left, now)
            return max(1, math.ceil(1 - left))
        self._posts[channel] = (left - 1, now)
        return 0
