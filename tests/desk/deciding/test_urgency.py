"""The first guess at a request's priority."""

from __future__ import annotations

import pytest

from bot.desk.deciding import first_priority
from bot.desk.promises import Priority
from bot.desk.tiers import Tier


@pytest.mark.parametrize(
    ("text", "tier", "priority"),
    [
        ("The order system is down for the whole warehouse", Tier.L3, Priority.P1),
        ("nobody can log in since nine", Tier.L3, Priority.P1),
        ("I typed my password into a phishing page", Tier.L3, Priority.P2),
        ("our team cannot work, the share is gone", Tier.L2, Priority.P2),
        ("my account stays locked out after the reset", Tier.L2, Priority.P3),
        ("the second screen flickers now and then", Tier.L2, Priority.P4),
        ("no rush: the logo on the wiki is the old one", Tier.L2, Priority.P4),
    ],
)
def test_the_words_of_a_request_give_its_first_priority(
    text: str, tier: Tier, priority: Priority
) -> None:
    """How many are affected and whether they can work decide; not how loud it is."""
    assert first_priority(text, tier) is priority
