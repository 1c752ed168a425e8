"""What a message means where its conversation stands."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.desk.asking import Meaning, Stage

if TYPE_CHECKING:
    from bot.desk.asking import Understood
    from bot.service.asking.standing import Standing
    from bot.service.context import Desk

FOUND_MEANWHILE, NOT_RULED_OUT = 0.7, 0.02
"""Who was asked back answers, as a rule. What would surely end an answered matter ends this one,
too: of 64 messages of held-out authors to whom something was asked back none is taken for it."""


def understood_in(text: str, standing: Standing, desk: Desk) -> Understood:
    """Say what a message means in its thread."""
    said = standing.said(text)
    understood = desk.triager.understand(said)
    if said.stage is Stage.ASKED_BACK and understood.chance(Meaning.SOLVED) >= NOT_RULED_OUT:
        found = desk.triager.understand(replace(said, stage=Stage.ANSWERED))
        if found.chance(Meaning.SOLVED) >= FOUND_MEANWHILE:
            return found
    return understood
