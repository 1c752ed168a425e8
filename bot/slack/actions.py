"""The ids by which Slack tells us which button or modal it was, and what travels with them."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

SOLVED = "frontline.solved"
NOT_HELPFUL = "frontline.not_helpful"
CALL_PERSON = "frontline.call_person"
NOT_FIXED = "frontline.not_fixed"
CHOOSE = "frontline.choose"
READ_ARTICLE = "frontline.read_article"
TAKE = "frontline.take"
ESCALATE = "frontline.escalate"
RESOLVE = "frontline.resolve"

ESCALATE_MODAL = "frontline.modal.escalate"
RESOLVE_MODAL = "frontline.modal.resolve"
ARTICLE_MODAL = "frontline.modal.article"

FINDINGS = "findings"
CAUSE = "cause"
FIX = "fix"


def about(number: int, article: str | None = None) -> str:
    """Write a button's value: a ticket or escalation number, and an article where it has one."""
    return str(number) if article is None else f"{number}|{article}"


def read_about(value: str) -> tuple[int, str | None]:
    """Read a button's value back.

    Raises:
        ValueError: the value was not written by `about`.
    """
    number, _, article = value.partition("|")
    return int(number), article or None


@dataclass(frozen=True)
class ModalOrigin:
    """Where a modal was opened from; travels in its private metadata."""

    escalation: int
    channel: str
    ts: str
    thread_ts: str | None

    def dump(self) -> str:
        """Write as private metadata."""
        return json.dumps(asdict(self))

    @classmethod
    def load(cls, metadata: str) -> ModalOrigin:
        """Read from private metadata."""
        return cls(**json.loads(metadata))
