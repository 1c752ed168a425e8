"""Hard rules: what always reaches a person, whatever the model thinks."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.desk.deciding.reasons import is_small_print
from bot.desk.deciding.triage import Action
from bot.desk.tiers import Tier

if TYPE_CHECKING:
    from bot.desk.deciding.triage import Triage


@dataclass(frozen=True)
class HardRule:
    """Words that always call a person of a tier; the name stands among the reasons."""

    name: str
    words: re.Pattern[str]
    tier: Tier


BREACH = HardRule(
    "words of a security incident that has happened",
    re.compile(
        r"\b(i|we|he|she|they|user|colleague)\b[^.?!\n]{0,40}\b"
        r"(typed|entered|gave|put in|handed over|submitted|filled in)\b[^.?!\n]{0,40}\b"
        r"(password|pin|credentials|code|login)\b[^.?!\n]{0,60}\b"
        r"(phish\w*|fake|scam\w*|suspicious|not (ours|our|real)|wrong (page|site)|stranger)\b"
        r"|\b(gave|told|read out|handed)\b[^.?!\n]{0,30}\b(password|pin|code|login|mine)\b"
        r"[^.?!\n]{0,20}\b(to )?(a|some|the|this) (guy|man|woman|lady|person|caller|stranger)\b"
        r"|\b(files?|everything|drive|laptop|computer|desktop)\b[^.?!\n]{0,30}\bencrypted\b"
        r"[^.?!\n]{0,60}\b(ransom|bitcoin|pay)\b"
        r"|\bransom ?note\b"
        r"|\b(my|our|his|her|their|the) (account|mailbox|e-?mail)\b[^.?!\n]{0,15}"
        r"\b(was|is|has been|got|were)\b (just )?(hacked|taken over|compromised)\b",
        re.IGNORECASE,
    ),
    Tier.L3,
)

DEFAULT_RULES = (BREACH,)


def with_rules(text: str, triage: Triage, rules: tuple[HardRule, ...] = DEFAULT_RULES) -> Triage:
    """Let the first hard rule that a text meets call its tier; a call as high stays as it is."""
    for rule in rules:
        if not rule.words.search(text):
            continue
        reason = f"Hard rule: {rule.name}"
        if triage.action is Action.ESCALATE and triage.tier.rank >= rule.tier.rank:
            return replace(triage, reasons=(f"{reason}.", *triage.reasons))
        return called(triage, rule.tier, f"{reason}; without it: {triage.action}, {triage.tier}.")
    return triage


def called(triage: Triage, tier: Tier, reason: str) -> Triage:
    """Call a person of this tier instead of what was decided.

    Why it would have been answered tells nothing about why a person was called.
    """
    kept = tuple(each for each in triage.reasons if is_small_print(each))
    return replace(
        triage,
        action=Action.ESCALATE,
        tier=tier,
        article=None,
        gap=False,
        reasons=(reason, *kept),
    )
