"""The ids by which Slack tells us which button or modal it was, and what travels with them."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from functools import cache
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

SOLVED = "frontline.solved"
NOT_HELPFUL = "frontline.not_helpful"
CALL_PERSON = "frontline.call_person"
SOMETHING_ELSE = "frontline.something_else"
BESIDES = "frontline.besides"
NOT_FIXED = "frontline.not_fixed"
WALK = "frontline.walk"
STEP = "frontline.step"
BRANCH = "frontline.branch"
ROUTE_YES = "frontline.route.yes"
ROUTE_NO = "frontline.route.no"
CHOOSE = "frontline.choose"
WAY = "frontline.way"
READ_ARTICLE = "frontline.read_article"
TAKE = "frontline.take"
ESCALATE = "frontline.escalate"
RESOLVE = "frontline.resolve"
ON_CALL_CONFIRM = "frontline.oncall.confirm"
ON_CALL_LEAVE = "frontline.oncall.leave"

RETURN = "frontline.return"
ASK = "frontline.ask"
REPLY = "frontline.reply"
MORE = "frontline.more"
HAND_OVER = "frontline.hand_over"
PRIORITY = "frontline.priority"
DUPLICATE = "frontline.duplicate"
WRONG_CALL = "frontline.wrong_call"
WHY = "frontline.why"
FURTHER = "frontline.further"
"""*More…* on a card; `MORE` is the menu that older cards and Homes have."""
MUTE = "frontline.mute"
INCIDENT = "frontline.incident"
UPDATE_ALL = "frontline.update_all"
OTHER_PROBLEM = "frontline.other_problem"
FOR_NOW = "frontline.for_now"
SNOOZE = "frontline.snooze"
WAKE = "frontline.wake"
QUEUE = "frontline.queue"
FIXED = "frontline.fixed"
RATE = "frontline.rate"
REMARK = "frontline.remark"
SHOW_MASKED = "frontline.show_masked"

DRAFT_PUBLISH = "frontline.draft.publish"
DRAFT_REPLACE = "frontline.draft.replace"
DRAFT_EDIT = "frontline.draft.edit"
DRAFT_MERGE = "frontline.draft.merge"
DRAFT_DISMISS = "frontline.draft.dismiss"
DRAFT_AGAIN = "frontline.draft.again"
GAP_DRAFT = "frontline.gap.draft"
GAP_DONE = "frontline.gap.done"
GAP_DISMISS = "frontline.gap.dismiss"
WORDS_TAKE = "frontline.words.take"
WORDS_LEAVE = "frontline.words.leave"
"""With a dot and a number behind it: one for each article."""
AUDIT_RIGHT = "frontline.audit.right"
AUDIT_WRONG = "frontline.audit.wrong"
PROBLEM_LINK = "frontline.problem.link"
"""With a dot and the problem's number behind it, as the next two."""
PROBLEM_CLOSE = "frontline.problem.close"
PROBLEM_OPEN = "frontline.problem.open"
PROBLEM_LINK_MODAL = "frontline.modal.problem_link"
DRAFT_EDIT_MODAL = "frontline.modal.draft_edit"
DRAFT_MERGE_MODAL = "frontline.modal.draft_merge"

SEND_ON = "frontline.send_to_requester"
"""The message shortcut *Send to the requester*."""

ASK_ABOUT = "frontline.ask_about"
"""The message shortcut *Ask Frontline about this*."""
DECLARE = "frontline.declare"
"""The message shortcut *Declare an incident*."""
OPEN_ESCALATION = "frontline.open_escalation"
"""The message shortcut *Open an escalation*."""
ASK_ANYTHING = "frontline.ask_anything"
"""The global shortcut *New support request*."""
HOME = "frontline.home"
ASK_HOME = "frontline.home.ask"
CHOOSE_ON_HOME = "frontline.home.choose"
"""With a dot and what is chosen behind it: group, priority, show."""
TURN_PAGE = "frontline.home.page"
"""With a dot and the direction behind it."""

ESCALATE_MODAL = "frontline.modal.escalate"
RESOLVE_MODAL = "frontline.modal.resolve"
ARTICLE_MODAL = "frontline.modal.article"

ASK_MODAL = "frontline.modal.ask"
REPLY_MODAL = "frontline.modal.reply"
RETURN_MODAL = "frontline.modal.return"
HAND_OVER_MODAL = "frontline.modal.hand_over"
PRIORITY_MODAL = "frontline.modal.priority"
DUPLICATE_MODAL = "frontline.modal.duplicate"
WRONG_CALL_MODAL = "frontline.modal.wrong_call"
INCIDENT_MODAL = "frontline.modal.incident"
UPDATE_ALL_MODAL = "frontline.modal.update_all"
REMARK_MODAL = "frontline.modal.remark"
FURTHER_MODAL = "frontline.modal.further"
SNOOZE_MODAL = "frontline.modal.snooze"
ASK_HOME_MODAL = "frontline.modal.ask_home"
DECLARE_MODAL = "frontline.modal.declare"
OPEN_ESCALATION_MODAL = "frontline.modal.open_escalation"

FINDINGS = "findings"
CAUSE = "cause"
CAUSE_TOLD = "cause_told"
FIX = "fix"
PREVENTION = "prevention"
RIGHT_TIER = "right_tier"
ARTICLE_WANTED = "article_wanted"
ARTICLE_WORDS = "article_words"
TEXT = "text"
CHOICE = "choice"
REASON = "reason"
TIER = "tier"
TARGET = "target"
TITLE = "title"
PRIORITY_FIELD = "priority"
ORIGINAL = "original"
LABEL = "label"
ARTICLE = "article"
DRAFT_TITLE = "draft_title"
DRAFT_QUESTIONS = "draft_questions"
DRAFT_BODY = "draft_body"
DRAFT_INTO = "draft_into"
DRAFT_INSTEAD = "draft_instead"
LINK = "link"
SPAN = "span"
UNTIL = "until"
YES = "yes"


NUMBER = re.compile(r"[0-9]{1,18}")


def about(number: int, article: str | None = None) -> str:
    """Write a button's value: a ticket or escalation number, and an article where it has one."""
    return str(number) if article is None else f"{number}|{article}"


def read_about(value: str) -> tuple[int, str | None]:
    """Read a button's value back.

    Raises:
        ValueError: the value was not written by `about`.
    """
    number, _, article = value.partition("|")
    if not NUMBER.fullmatch(number):
        raise ValueError(f"{number[:40]!r} is no number of a ticket or an escalation")
    return int(number), article or None


@dataclass(frozen=True)
class ModalOrigin:
    """Where a modal was opened from; travels in its private metadata.

    `escalation` is the number on the button: a ticket's, where the requester pressed it.
    A modal about a message that is on no record carries its words and their author.
    """

    escalation: Annotated[int, Field(ge=0, lt=2**63)]
    channel: str
    ts: str
    thread_ts: str | None
    text: str = ""
    author: str | None = None
    whole: bool = True
    """Whether that is all of its words; a modal carries some 3,000 characters."""

    def dump(self) -> str:
        """Write as private metadata."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def load(cls, metadata: str) -> ModalOrigin:
        """Read from private metadata.

        Raises:
            ValueError: the metadata was not written by `dump`.
        """
        try:
            return _origins().validate_json(metadata, strict=True)
        except ValidationError as failure:
            # Errors are logged, and this one quotes what somebody wrote.
            where = failure.errors(include_input=False, include_context=False)[0]["loc"]
            raise ValueError(f"no ModalOrigin (at {where})") from None


@cache
def _origins() -> TypeAdapter[ModalOrigin]:
    return TypeAdapter(ModalOrigin)
