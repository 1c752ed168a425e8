"""Requesters of the quarter: they read what they are shown, and know what they asked about."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.slack import actions as ids
from tests.bench.quarters.workplace import DESK
from tests.scenarios.screen import labels, reads

if TYPE_CHECKING:
    from datetime import datetime

    from tests.bench.quarters.questions import Question
    from tests.bench.quarters.tracing import Trace
    from tests.bench.quarters.truth import Truth
    from tests.bench.quarters.workplace import Workplace
    from tests.scenarios.screen import Message

SAYS_IT_HELPED, SAYS_IT_FAILED, SAYS_NOT_FIXED = 0.6, 0.75, 0.7
"""So many of them press what they mean; the others say nothing."""
PATIENCE = 2
"""After so many wrong answers they want a person."""


@dataclass
class Case:
    """One question, and what became of it."""

    question: Question
    user: str
    ts: str
    answered_at: datetime | None = None
    by_article: str | None = None
    wrong: int = 0
    wrong_of: list[str] = field(default_factory=list)
    is_escalated: bool = False
    is_repeat: bool = False
    is_fixed: bool = True
    is_over: bool = False
    trace: Trace | None = None
    """Why a person was called again, where one was."""
    seen: set[tuple[str, ...]] = field(default_factory=set)


@dataclass
class Requesters:
    """Everybody who asks."""

    place: Workplace
    truth: Truth
    seed: int

    def look(self, case: Case) -> bool:
        """Read the thread and do what one does; tells whether something was pressed."""
        if case.is_over:
            return False
        found = _newest(self.place.thread(case.ts))
        if found is None:
            return False
        seen = (found["ts"], *labels(found))
        if seen in case.seen:
            return False
        case.seen.add(seen)
        shown = set(labels(found))
        if case.question.is_talk:
            case.is_over = True
            return False
        if "That solved it" in shown:
            return self._answered(case, found)
        if any(a.startswith((ids.ROUTE_YES, ids.ROUTE_NO)) for a in _values(found)):
            return self._routed(case, found)
        if "It is not fixed" in shown:
            return self._settled(case, found)
        if any(action.startswith(ids.CHOOSE) for action in _values(found)):
            return self._asked_back(case, found)
        if "Talk to a person" in shown and not case.is_escalated:
            return self._press(case, found, "Talk to a person")
        return False

    def _answered(self, case: Case, found: Message) -> bool:
        asked = case.question
        article = _values(found)[ids.NOT_HELPFUL].partition("|")[2]
        right = not asked.needs_person and self.truth.helps(
            asked.topic, asked.week, article, reads(found)
        )
        if right:
            case.answered_at, case.by_article = self.place.clock(), article
            case.is_over = True
            if asked.draw("helped", self.seed) < SAYS_IT_HELPED:
                return self._press(case, found, "That solved it")
            return False
        case.wrong += 1
        case.wrong_of.append(article)
        if asked.needs_person or case.wrong >= PATIENCE:
            return self._press(case, found, "Talk to a person")
        if asked.draw("failed", self.seed) < SAYS_IT_FAILED:
            return self._press(case, found, "Not what I need")
        case.is_over = True
        return False

    def _asked_back(self, case: Case, found: Message) -> bool:
        asked = case.question
        for action, value in _values(found).items():
            article = value.partition("|")[2]
            if (
                action.startswith(ids.CHOOSE)
                and not asked.needs_person
                and self._fits(case, article)
            ):
                return self._press(case, found, _label(found, action))
        wanted = "None of these" if not asked.needs_person else "Talk to a person"
        return self._press(case, found, wanted) or self._press(case, found, "Talk to a person")

    def _fits(self, case: Case, article: str) -> bool:
        asked = case.question
        page = self.place.knowledge.article(article)
        body = page.body if page is not None else ""
        return self.truth.helps(asked.topic, asked.week, article, body)

    def _routed(self, case: Case, found: Message) -> bool:
        asked = case.question
        is_so = asked.label == "L3" and asked.area == "security"
        wanted = ids.ROUTE_YES if is_so else ids.ROUTE_NO
        action = next((each for each in _values(found) if each.startswith(wanted)), None)
        if action is None:
            return self._press(case, found, "Talk to a person")
        return self._press(case, found, _label(found, action))

    def _settled(self, case: Case, found: Message) -> bool:
        if case.is_fixed or case.question.draw("not fixed", self.seed) >= SAYS_NOT_FIXED:
            return False
        return self._press(case, found, "It is not fixed")

    def _press(self, case: Case, found: Message, label: str) -> bool:
        return self.place.press(case.user, DESK, found, label)


def _newest(thread: list[Message]) -> Message | None:
    """Give the newest message that can be answered; what offers a second request hides none."""
    found = [
        m
        for m in thread
        if m.get("bot_id") and labels(m) and not any(a.startswith(ids.BESIDES) for a in _values(m))
    ]
    return found[-1] if found else None


def _buttons(message: Message) -> list[dict[str, Any]]:
    return [
        element
        for block in message.get("blocks") or ()
        for element in block.get("elements") or ()
        if element.get("type") == "button"
    ]


def _values(message: Message) -> dict[str, str]:
    return {button["action_id"]: str(button.get("value", "")) for button in _buttons(message)}


def _label(message: Message, action: str) -> str:
    return next(
        str(button["text"]["text"]) for button in _buttons(message) if button["action_id"] == action
    )
