"""Presses and modals of a draft, a gap and a problem, read as commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.ids import TicketId
from bot.desk.learning import (
    AuditAnswer,
    CloseProblem,
    DismissDraft,
    DismissGap,
    DraftGap,
    DraftId,
    EditDraft,
    FinishGap,
    GapId,
    LeaveWords,
    LinkProblem,
    MergeDraft,
    OpenProblem,
    ProblemId,
    PublishDraft,
    TakeUpDraft,
    TakeWords,
    Text,
)
from bot.slack import actions as ids

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.desk.addresses import Spot
    from bot.desk.learning import DraftPress, LearningPress, ProblemPress

MODALS = frozenset({ids.DRAFT_EDIT_MODAL, ids.DRAFT_MERGE_MODAL, ids.PROBLEM_LINK_MODAL})


def read_draft_press(
    action_id: str, at: Spot, number: int, article: str | None = None
) -> LearningPress | None:
    """Read a press on a draft, a gap, its words or a problem; None where it is none."""
    match action_id:
        case ids.DRAFT_PUBLISH:
            return PublishDraft(at, DraftId(number))
        case ids.DRAFT_REPLACE if article:
            return PublishDraft(at, DraftId(number), article)
        case ids.DRAFT_DISMISS:
            return DismissDraft(at, DraftId(number))
        case ids.DRAFT_AGAIN:
            return TakeUpDraft(at, DraftId(number))
        case ids.WORDS_TAKE:
            return TakeWords(at)
        case _ if action_id.startswith(f"{ids.WORDS_LEAVE}.") and article:
            return LeaveWords(at, article)
        case ids.AUDIT_RIGHT | ids.AUDIT_WRONG:
            return AuditAnswer(at, TicketId(number), action_id == ids.AUDIT_RIGHT)
        case _ if action_id.startswith(f"{ids.GAP_DRAFT}."):
            return DraftGap(at, GapId(number))
        case _ if action_id.startswith(f"{ids.GAP_DONE}."):
            return FinishGap(at, GapId(number))
        case _ if action_id.startswith(f"{ids.GAP_DISMISS}."):
            return DismissGap(at, GapId(number))
        case _ if action_id.startswith(f"{ids.PROBLEM_CLOSE}."):
            return CloseProblem(at, ProblemId(number))
        case _ if action_id.startswith(f"{ids.PROBLEM_OPEN}."):
            return OpenProblem(at, ProblemId(number))
        case _:
            return None


def read_draft_modal(
    callback: str, at: Spot, origin: ids.ModalOrigin, values: Mapping[str, str]
) -> DraftPress | ProblemPress:
    """Read what was entered; the revision that it was made from travels with the modal."""
    if callback == ids.PROBLEM_LINK_MODAL:
        return LinkProblem(at, ProblemId(origin.escalation), values.get(ids.LINK, "").strip())
    number = DraftId(origin.escalation)
    if callback == ids.DRAFT_MERGE_MODAL:
        named = values.get(ids.DRAFT_INTO, "") or values.get(ids.ARTICLE, "")
        return MergeDraft(at, number, named.strip(), values.get(ids.DRAFT_INSTEAD) or None)
    lines = joined(values, ids.DRAFT_QUESTIONS).splitlines()
    questions = tuple(" ".join(line.split()) for line in lines if line.strip())
    title = " ".join(values[ids.DRAFT_TITLE].split())
    text = Text(title, questions, joined(values, ids.DRAFT_BODY).strip())
    return EditDraft(at, number, int(origin.text), text)


def joined(values: Mapping[str, str], field: str) -> str:
    """Join the pieces again of what stood in several fields."""
    names = sorted(
        (name for name in values if name.startswith(f"{field}.")),
        key=lambda name: int(name.rpartition(".")[2]),
    )
    return "".join(values[name] for name in names)
