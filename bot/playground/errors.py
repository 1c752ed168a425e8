"""What the workspace refuses: to an app in Slack's error codes, to a person in plain words."""

from __future__ import annotations

from typing import Any


class PlaygroundError(Exception):
    """Anything that the workspace refuses or cannot do."""


class SlackError(PlaygroundError):
    """A refused Web API call, with the error code that Slack documents."""

    def __init__(self, code: str, *messages: str, **extra: Any) -> None:
        """With the code, what is wrong where, and other fields of the answer."""
        super().__init__(code if not messages else f"{code}: {'; '.join(messages)}")
        self.code = code
        self.messages = messages
        self.extra = extra

    def body(self) -> dict[str, Any]:
        """The JSON that the Web API answers."""
        answer: dict[str, Any] = {"ok": False, "error": self.code, **self.extra}
        if self.messages:
            marked = [f"[ERROR] {message}" for message in self.messages]
            answer["response_metadata"] = {"messages": marked}
            answer.setdefault("errors", list(self.messages))
        return answer


class Refused(PlaygroundError):  # noqa: N818  (a refusal is no fault of the program)
    """Something a person at the page cannot do; the message is shown to them."""


class BadSeed(PlaygroundError):  # noqa: N818  (says what is bad)
    """A seed file that cannot be used; the message names the file and the entry."""
