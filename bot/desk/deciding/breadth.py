"""Breadth: what is broken for many reaches people, whatever page speaks of the same thing.

Who reads impact learned from whole reports how scope is told; the tiers learned from single
requests, and hear "wifi is down in building 3" as a question about the wifi.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.desk.deciding.reasons import MANY, percent
from bot.desk.deciding.rules import called
from bot.desk.deciding.triage import Action
from bot.desk.deciding.worsening import is_outage
from bot.desk.tiers import Tier

if TYPE_CHECKING:
    from bot.desk.deciding.triage import Evidence, Triage

MANY_AT = 0.6
"""From this chance on many are taken to be affected. Of 3,187 first-line messages, one is."""
MANY_ABROAD_AT = 0.5
"""The same in another language than English, where less can be sure: of 28 outages in eight
languages 21 are heard so, 13 from the limit above; of 600 ordinary messages four call, or three.
By a script that is not kept."""
STATED = f"{MANY}stated in plain words"
CAN_WAIT, AT_MOST = "can wait", 0.5
"""What can wait is no outage."""


def is_broad(evidence: Evidence | None) -> bool:
    """Whether many seem to be affected by something that cannot wait."""
    if evidence is None or evidence.unread:
        return False
    waits = evidence.urgencies.get(CAN_WAIT, 0.0)
    return evidence.impacts.get("many", 0.0) >= _many_at(evidence) and waits < AT_MOST


def _many_at(evidence: Evidence) -> float:
    return MANY_ABROAD_AT if evidence.foreign else MANY_AT


def with_breadth(triage: Triage, text: str = "") -> Triage:
    """Call the engineers for what many are affected by; what is small talk stays that.

    In another language plain words of `text` tell, too, and L2 is called: words are no proof.
    """
    evidence = triage.evidence
    if evidence is None or triage.action not in {Action.ANSWER, Action.CLARIFY}:
        return triage
    if not is_broad(evidence):
        if not evidence.foreign or not is_outage(text):
            return triage
        said = f"{STATED}; without that: {triage.action}."
        return replace(called(triage, Tier.L2, said), unknown=False)
    many = evidence.impacts["many"]
    said = f"{MANY}{percent(many)}, called from {percent(_many_at(evidence))}"
    escalated = called(triage, Tier.L3, f"{said}; without that: {triage.action}.")
    return replace(escalated, confidence=many, unknown=False)
