"""A stand-in for Slack's Web API client, which records what was called and answers as told."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from tests.held import nothing_is_held


def answer(data: dict[str, Any], status: int = 200) -> SlackResponse:
    """Build what the client gives for a call."""
    return SlackResponse(
        client=None,
        http_verb="POST",
        api_url="https://slack.com/api/",
        req_args={},
        data=data,
        headers={},
        status_code=status,
    )


def refusal(code: str, status: int = 200) -> SlackApiError:
    """Build what the client raises for a call that Slack refuses."""
    return SlackApiError("Refused.", answer({"ok": False, "error": code}, status))


class FakeWebClient:
    """Answers each method from its list; the last answer stands for all that follow."""

    def __init__(self, **answers: list[dict[str, Any] | Exception]) -> None:
        """Give the answers of each method."""
        self._answers = answers
        self.headers: dict[str, str] = {}
        self.calls: dict[str, list[dict[str, Any]]] = defaultdict(list)

    def __getattr__(self, method: str) -> Any:
        """Give a method of the Web API."""
        if method.startswith("__") or method not in self._answers:
            raise AttributeError(method)

        def call(**arguments: Any) -> SlackResponse:
            nothing_is_held(f"Slack's {method}")
            self.calls[method].append(arguments)
            left = self._answers[method]
            given = left.pop(0) if len(left) > 1 else left[0]
            if isinstance(given, Exception):
                raise given
            answered = answer({"ok": True, **given})
            answered.headers.update(self.headers)
            return answered

        return call
