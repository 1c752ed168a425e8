"""The messages of one channel, by time and by thread."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from typing import Any

Message = dict[str, Any]


@dataclass
class Timeline:
    """Messages in order; adding one costs the same however many there are.

    A `ts` is a string of fixed width, so that text order is time order.
    """

    by_ts: dict[str, Message] = field(default_factory=dict)
    everything: list[str] = field(default_factory=list)
    top_level: list[str] = field(default_factory=list)
    threads: dict[str, list[str]] = field(default_factory=dict)

    def add(self, message: Message) -> None:
        """Append a message, and tell its thread's parent about it."""
        self.place(message)
        parent = self.parent_of(message)
        if parent is not None:
            _count_reply(parent, message)

    def place(self, message: Message) -> None:
        """Append a message whose parent, if it has one, has counted it already."""
        ts, thread_ts = message["ts"], message.get("thread_ts")
        self.by_ts[ts] = message
        self.everything.append(ts)
        is_reply = thread_ts is not None and thread_ts != ts
        if is_reply:
            self.threads.setdefault(str(thread_ts), []).append(ts)
        if not is_reply or message.get("subtype") == "thread_broadcast":
            self.top_level.append(ts)

    def remove(self, ts: str) -> Message | None:
        """Take a message out, and correct its thread's parent."""
        message = self.by_ts.pop(ts, None)
        if message is None:
            return None
        for order in (self.everything, self.top_level):
            _discard(order, ts)
        thread_ts = message.get("thread_ts")
        if thread_ts is not None and thread_ts != ts:
            _discard(self.threads.get(thread_ts, []), ts)
            parent = self.by_ts.get(thread_ts)
            if parent is not None:
                self._recount(parent)
        return message

    def parent_of(self, message: Message) -> Message | None:
        """The message that this one replies to."""
        thread_ts = message.get("thread_ts")
        if thread_ts is None or thread_ts == message["ts"]:
            return None
        return self.by_ts.get(thread_ts)

    def thread(self, ts: str) -> list[Message]:
        """The parent and its replies, oldest first."""
        parent = self.by_ts.get(ts)
        replies = [self.by_ts[reply] for reply in self.threads.get(ts, [])]
        return [parent, *replies] if parent is not None else replies

    def after(self, ts: str) -> list[Message]:
        """Everything later than a moment, replies included."""
        start = bisect_right(self.everything, ts)
        return [self.by_ts[later] for later in self.everything[start:]]

    def latest(self) -> str | None:
        """The `ts` of the newest top-level message."""
        return self.top_level[-1] if self.top_level else None

    def _recount(self, parent: Message) -> None:
        for key in ("reply_count", "reply_users", "reply_users_count", "latest_reply"):
            parent.pop(key, None)
        replies = self.threads.get(parent["ts"], [])
        for reply in replies:
            _count_reply(parent, self.by_ts[reply])
        if not replies:
            parent.pop("thread_ts", None)


def _count_reply(parent: Message, reply: Message) -> None:
    parent["thread_ts"] = parent["ts"]
    parent["reply_count"] = parent.get("reply_count", 0) + 1
    parent["latest_reply"] = reply["ts"]
    author = reply.get("user") or reply.get("bot_id")
    users = parent.setdefault("reply_users", [])
    if author is not None and author not in users:
        users.append(author)
    parent["reply_users_count"] = len(users)


def _discard(order: list[str], ts: str) -> None:
    at = bisect_left(order, ts)
    if at < len(order) and order[at] == ts:
        del order[at]
