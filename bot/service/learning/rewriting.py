"""Drafts that wait are put into better words, where a model of one's own is configured."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from bot.desk.learning import DraftState, pieces_of, reworded
from bot.service.learning.cards import refresh_draft

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.desk.learning import Draft, DraftId
    from bot.service.context import Desk

    Reword = Callable[[Sequence[str]], list[str] | None]

log = structlog.get_logger(__name__)

AT_ONCE = 5


def reword_drafts(desk: Desk, reword: Reword, tried: set[DraftId]) -> int:
    """Put new drafts better, each once; gives how many. What a person changed is left alone.

    The model is asked while nothing is held; what somebody did meanwhile stands above it.
    """
    with desk.look() as uow:
        waiting = [
            each
            for each in uow.drafts.listed(DraftState.OPEN)
            if each.revision == 1 and each.id not in tried
        ][:AT_ONCE]
    return sum(_reword(desk, each, reword, tried) for each in waiting)


def _reword(desk: Desk, draft: Draft, reword: Reword, tried: set[DraftId]) -> bool:
    tried.add(draft.id)
    pieces = pieces_of(draft.text.body)
    said = reword([each.words for each in pieces]) if pieces else None
    text = reworded(draft.text, said) if said is not None else draft.text
    if text == draft.text:
        return False
    with desk.unit_of_work() as uow:
        now = uow.drafts.get(draft.id)
        if now is None or not now.is_open or now.revision != draft.revision:
            return False
        better = now.reworded(text, None)
        uow.drafts.save(better)
        refresh_draft(uow, better)
        uow.audit.note(draft.ticket, None, "draft reworded", f"{draft.name} by the model")
    log.info("draft_reworded", draft=draft.name)
    return True
