"""The reviewer of the quarter: once a day, one press for each draft that waits.

Once a week they draft what the report names, and let articles be found by what was asked of them.
"""

from __future__ import annotations

import json
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.playground.errors import Refused
from bot.slack import actions as ids
from tests.bench.quarters.workplace import REVIEWERS
from tests.scenarios.screen import labels

if TYPE_CHECKING:
    from tests.bench.quarters.requesters import Case
    from tests.bench.quarters.truth import Truth
    from tests.bench.quarters.workplace import Workplace
    from tests.scenarios.screen import Message

OVERLOOKS = 0.2
"""So many wrong drafts are published unread."""
ONE_OFFS = 0.3
INSTEAD = "Publish instead of "
TAKE_WORDS = "Let them be found so"
MINUTES = 2.0

WAITING = """
SELECT d.id, t.thread_ts, d.body, d.near, coalesce(o.sent_channel, h.sent_channel),
    coalesce(o.sent_ts, h.sent_ts)
FROM drafts d JOIN tickets t ON t.id = d.ticket LEFT JOIN outbox o ON o.id = d.notice
    LEFT JOIN outbox_history h ON h.id = d.notice
WHERE d.state = 'open' ORDER BY d.id
"""
"""What was sent a while ago stands in the history: its message is in the channel all the same."""
TYPICAL = "SELECT t.thread_ts FROM gaps g JOIN tickets t ON t.id = g.typical WHERE g.id = ?"


@dataclass
class Reviewer:
    """Somebody who knows what is right, and has little time."""

    place: Workplace
    truth: Truth
    seed: int
    cases: dict[str, Case]
    week: int = 1
    presses: Counter[str] = field(default_factory=Counter)
    pages: dict[str, str] = field(default_factory=dict)
    """The page that was published on each topic last, and is right as far as they know."""

    def review(self) -> int:
        """Decide on every draft that waits; tells how many."""
        waiting = self.place.rows(WAITING)
        for number, root, body, near, channel, ts in waiting:
            case = self.cases.get(root)
            if case is None or ts is None:
                continue
            self._decide(case, body, _near(near), (channel, ts))
            self.place.settle()
            if self._state_of(number) == "open":
                # What the article that is there does not say is not worth a page beside it.
                self._press((channel, ts), "Not worth it")
                self.place.settle()
            self._remember(number, case)
        return len(waiting)

    def _decide(self, case: Case, body: str, near: list[str], at: tuple[str, str]) -> None:
        asked = case.question
        is_right = self.truth.helps(asked.topic, self.week, "", body)
        careful = asked.draw("overlooked", self.seed) >= OVERLOOKS
        if not is_right and careful:
            self._press(at, "Not worth it")
            return
        if not asked.is_known and asked.draw("one off", self.seed) >= ONE_OFFS:
            self._press(at, "Not worth it")
            return
        known = self.pages.get(asked.topic)
        if known is None and asked.topic in near:
            # The card names the article that says so already, wherever it is kept.
            known = asked.topic
        if is_right and known is not None and self._says_so(asked.topic, known):
            self._merge(at, known, near, asked.topic)
            return
        if not (is_right and self._instead(asked.topic, at)):
            self._press(at, "Publish")

    def _instead(self, topic: str, at: tuple[str, str]) -> bool:
        """Publish in place of the article that failed, where that is no longer right."""
        failed = self._failed(topic, at)
        if failed is None:
            return False
        self._press(at, f"{INSTEAD}{failed}")
        return True

    def _failed(self, topic: str, at: tuple[str, str]) -> str | None:
        """Give the article of a topic that failed and is no longer right; None for none."""
        channel, ts = at
        found = labels(self.place.message(channel, ts))
        label = next((each for each in found if each.startswith(INSTEAD)), None)
        failed = label.removeprefix(INSTEAD) if label else ""
        # What is about something else, and was only shown here, stays.
        is_its_own = failed in {topic, self.pages.get(topic)}
        return failed if label and is_its_own and not self._is_right(topic, failed) else None

    def _is_right(self, topic: str, article: str) -> bool:
        page = self.place.knowledge.article(article)
        body = page.body if page is not None else ""
        return self.truth.helps(topic, self.week, article, body)

    def _says_so(self, topic: str, article: str) -> bool:
        page = self.place.knowledge.article(article)
        return page is not None and self.truth.helps(topic, self.week, "", page.body)

    def _merge(self, at: tuple[str, str], article: str, near: list[str], topic: str) -> None:
        failed = self._failed(topic, at)
        self._press(at, "Merge into an article")
        named = {ids.DRAFT_INTO: article} if article in near else {ids.ARTICLE: article}
        if failed is not None and failed != article:
            self.presses["Find no more"] += 1
            named[ids.DRAFT_INSTEAD] = failed
        self.place.fill(REVIEWERS[at[0]], named)

    def _press(self, at: tuple[str, str], label: str) -> None:
        channel, ts = at
        self.presses[label] += 1
        if not self.place.press(
            REVIEWERS[channel], channel, self.place.message(channel, ts), label
        ):
            self.presses[f"no button {label}"] += 1

    def _state_of(self, number: int) -> str:
        return str(self.place.rows("SELECT state FROM drafts WHERE id = ?", number)[0][0])

    def _remember(self, number: int, case: Case) -> None:
        ((state, article),) = self.place.rows(
            "SELECT state, article FROM drafts WHERE id = ?", number
        )
        self.presses[f"became {state}"] += 1
        if state == "published":
            self.pages[case.question.topic] = article

    def read_report(self, since: str) -> None:
        """Have what the weekly report names drafted, where an article is worth it."""
        workspace = self.place.office.playground._running().workspace
        for channel in REVIEWERS:
            for message in workspace.timelines[channel].after(since):
                if "What to write next" in str(message.get("text")):
                    self._draft_gaps(channel, message)
                if TAKE_WORDS in labels(message):
                    self._press((channel, message["ts"]), TAKE_WORDS)
                    self.place.settle()

    def _draft_gaps(self, channel: str, message: Message) -> None:
        for block in list(message.get("blocks") or ()):
            for element in block.get("elements") or ():
                if element.get("action_id", "").startswith(ids.GAP_DRAFT):
                    rows = self.place.rows(TYPICAL, int(element["value"]))
                    case = self.cases.get(rows[0][0]) if rows else None
                    if case is not None and case.question.is_known:
                        self.presses["Draft an article"] += 1
                        # Gone by then, where a draft of it is there already.
                        with suppress(Refused):
                            self.place.act(
                                REVIEWERS[channel], "press", channel=channel, ts=message["ts"],
                                action_id=element["action_id"], block_id=block["block_id"],
                                value=element["value"],
                            )  # fmt: skip
                        self.place.settle()


def _near(text: str) -> list[str]:
    return [str(each[0]) for each in json.loads(text)]
