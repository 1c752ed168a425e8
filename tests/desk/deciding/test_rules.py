"""Hard rules call a person for a breach, and leave questions about breaches alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.desk.deciding import Action, Triage, with_rules
from bot.desk.tiers import Tier

ANSWERED = Triage(Action.ANSWER, Tier.L1, 0.9, {"L1": 0.9}, article="phishing-report")


@pytest.mark.parametrize(
    "text",
    [
        "I typed my password into a fake page",
        "we entered our credentials on a site that turned out to be a scam",
        "all files on the drive are encrypted and a text wants bitcoin",
        "my mailbox has been hacked",
        "I gave my password to a man on the phone who said he was from IT",
    ],
)
def test_a_breach_that_has_happened_always_reaches_l3(text: str) -> None:
    """Whatever the model thinks; and the rule is named first among the reasons."""
    triage = with_rules(text, ANSWERED)
    assert (triage.action, triage.tier) == (Action.ESCALATE, Tier.L3)
    assert triage.reasons[0].startswith("Hard rule:")


def test_a_rule_says_what_would_have_been_done_without_it() -> None:
    """Why it would have been answered is left out; the evidence stays."""
    answered = replace(
        ANSWERED, reasons=("“Phishing” answers this: 90%.", "Search: found it.", "Chances: many.")
    )
    reasons = with_rules("my mailbox has been hacked", answered).reasons
    assert reasons[0].endswith("without it: answer, L1.")
    assert reasons[1:] == ("Search: found it.", "Chances: many.")


def test_a_rule_is_named_also_where_the_person_was_called_anyway() -> None:
    """The engineer sees that it is an incident by rule; the call stays as it was."""
    called = Triage(Action.ESCALATE, Tier.L3, 0.9, {"L3": 0.9}, reasons=("Needs a person: 90%.",))
    ruled = with_rules("my mailbox has been hacked", called)
    assert (ruled.action, ruled.tier) == (called.action, called.tier)
    assert ruled.reasons[0].startswith("Hard rule:")
    assert ruled.reasons[1] == "Needs a person: 90%."


@pytest.mark.parametrize(
    "text",
    [
        "how do I report a phishing mail",
        "I typed my password three times and now it is locked",
        "is my laptop encrypted?",
        "what happens if an account is hacked",
    ],
)
def test_a_question_about_such_things_stays_a_question(text: str) -> None:
    """The words alone decide nothing."""
    assert with_rules(text, ANSWERED) == ANSWERED
