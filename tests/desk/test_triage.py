"""The decision: what holds whatever the evidence and the thresholds are."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.desk.triage import Action, Candidate, Evidence, Policy, Tier, decide
from tests import builders as a

shares = st.integers(0, 20).map(lambda twentieths: twentieths / 20)
"""On a grid, so that scores and thresholds often meet."""


@st.composite
def probabilities(draw: st.DrawFn) -> dict[str, float]:
    """Draw the classifier's probabilities, which sum to 1."""
    weights = draw(st.tuples(*[st.integers(0, 100)] * 4).filter(any))
    return {
        label: weight / sum(weights)
        for label, weight in zip(("L1", "L2", "L3", "chat"), weights, strict=True)
    }


candidates = st.dictionaries(st.sampled_from("abcdefgh"), shares, max_size=6).map(
    lambda found: tuple(
        Candidate(article, score)
        for article, score in sorted(found.items(), key=lambda item: -item[1])
    )
)
MANY = settings(max_examples=100)

evidence = st.builds(
    Evidence,
    probabilities=probabilities(),
    candidates=candidates,
    abstain=st.booleans(),
    nearest=st.lists(st.text(max_size=20), max_size=2).map(tuple),
    words=st.lists(st.text(max_size=8), max_size=3).map(tuple),
)
policies = st.builds(
    Policy,
    chat_at=shares,
    escalate_at=shares,
    answer_at=shares,
    candidate_at=shares,
    clear_margin=shares,
    strong_at=shares,
)


def person_of(given_evidence: Evidence) -> float:
    """Give the probability that a person is needed."""
    return given_evidence.probabilities["L2"] + given_evidence.probabilities["L3"]


@MANY
@given(evidence, policies)
def test_no_answer_is_given_where_a_person_is_needed(seen: Evidence, policy: Policy) -> None:
    """At or above the threshold for a person, nobody is fobbed off, by article or courtesy."""
    assume(person_of(seen) >= policy.escalate_at)
    assert decide(seen, policy).action is Action.ESCALATE


@MANY
@given(evidence, policies)
def test_every_decision_says_why_and_names_a_tier(seen: Evidence, policy: Policy) -> None:
    """Reasons are never missing or blank, and people are called at L2 or L3 alone."""
    decision = decide(seen, policy)
    assert decision.reasons
    assert all(reason.strip() for reason in decision.reasons)
    assert (decision.tier is not Tier.L1) == (decision.action is Action.ESCALATE)


@MANY
@given(evidence, policies)
def test_an_article_is_named_only_to_be_shown(seen: Evidence, policy: Policy) -> None:
    """An answer has an article; an escalation at most one for the meantime; others none."""
    decision = decide(seen, policy)
    if decision.action is Action.ANSWER:
        assert decision.article is not None
        assert decision.meanwhile is None
    elif decision.action is Action.ESCALATE:
        assert decision.article == decision.meanwhile
    else:
        assert decision.article is None
        assert decision.meanwhile is None


@MANY
@given(evidence, policies)
def test_what_is_shown_was_strong_enough(seen: Evidence, policy: Policy) -> None:
    """Whatever article is shown is the best one found, at or above its threshold."""
    decision = decide(seen, policy)
    shown = decision.article or decision.meanwhile
    if shown is not None:
        asked_of_it = policy.strong_at if decision.meanwhile else policy.answer_at
        assert shown == seen.candidates[0].article
        assert seen.candidates[0].score >= asked_of_it


@MANY
@given(evidence, policies)
def test_a_question_back_offers_one_to_three_articles_that_fit(
    seen: Evidence, policy: Policy
) -> None:
    """There is always something to choose, and nothing unfit among it."""
    decision = decide(seen, policy)
    if decision.action is Action.CLARIFY:
        assert 1 <= len(decision.choices) <= policy.choices
        assert all(choice.score >= policy.candidate_at for choice in decision.choices)
    else:
        assert decision.choices == ()


@MANY
@given(evidence, policies)
def test_confidence_is_a_probability(seen: Evidence, policy: Policy) -> None:
    """It lies between 0 and 1, up to rounding."""
    assert 0.0 <= decide(seen, policy).confidence <= 1.0 + 1e-9


@MANY
@given(evidence, policies, shares)
def test_a_better_best_article_never_loses_the_answer(
    seen: Evidence, policy: Policy, gain: float
) -> None:
    """Raising the best article's score keeps an answer an answer."""
    if decide(seen, policy).action is not Action.ANSWER:
        return
    best, *others = seen.candidates
    raised = replace(best, score=min(1.0, best.score + gain))
    better = replace(seen, candidates=(raised, *others))
    assert decide(better, policy).action is Action.ANSWER


@MANY
@given(evidence, policies, shares)
def test_more_need_for_a_person_never_turns_a_call_into_an_answer(
    seen: Evidence, policy: Policy, moved: float
) -> None:
    """Moving probability from L1 to L2 keeps an escalation an escalation."""
    if decide(seen, policy).action is not Action.ESCALATE:
        return
    shift = moved * seen.probabilities["L1"]
    changed = dict(seen.probabilities)
    changed["L1"] -= shift
    changed["L2"] += shift
    assert decide(replace(seen, probabilities=changed), policy).action is Action.ESCALATE


@MANY
@given(evidence, policies, shares)
def test_a_stricter_answer_threshold_never_creates_answers(
    seen: Evidence, policy: Policy, stricter: float
) -> None:
    """Whoever demands more evidence gets fewer answers."""
    strict = replace(policy, answer_at=max(policy.answer_at, stricter))
    if decide(seen, strict).action is Action.ANSWER:
        assert decide(seen, policy).action is Action.ANSWER


@MANY
@given(evidence, policies)
def test_the_likelier_tier_is_called(seen: Evidence, policy: Policy) -> None:
    """L3 only where it is likelier than L2."""
    decision = decide(seen, policy)
    if decision.tier is Tier.L3:
        assert seen.probabilities["L3"] > seen.probabilities["L2"]


def test_nothing_that_fits_is_called_a_knowledge_gap() -> None:
    """The requester is told that there is no article, so the reason must say so."""
    seen = Evidence({"L1": 0.9, "L2": 0.05, "L3": 0.03, "chat": 0.02}, (a.candidate(score=0.01),))
    decision = decide(seen, Policy())
    assert (decision.action, decision.tier) == (Action.ESCALATE, Tier.L2)
    assert decision.reasons[0].startswith("Knowledge gap")


def test_two_close_articles_lead_to_a_question_back() -> None:
    """Neither is clearly the best, so the requester is asked."""
    seen = Evidence(
        {"L1": 0.9, "L2": 0.05, "L3": 0.03, "chat": 0.02},
        (Candidate(a.VPN, 0.60), Candidate(a.MFA, 0.55)),
    )
    decision = decide(seen, Policy())
    assert decision.action is Action.CLARIFY
    assert [choice.article for choice in decision.choices] == [a.VPN, a.MFA]


def test_a_message_unlike_all_training_is_said_to_be_so() -> None:
    """Engineers read that the classifier stood on thin ice."""
    seen = Evidence(
        {"L1": 0.2, "L2": 0.6, "L3": 0.1, "chat": 0.1},
        abstain=True,
        words=("down", "office"),
        nearest=("the wiki is down (L2)",),
    )
    told = " ".join(decide(seen, Policy()).reasons)
    assert "Unlike anything" in told
    assert "down, office" in told
    assert "the wiki is down" in told


@pytest.mark.parametrize("chat", [0.5, 0.51, 1.0])
def test_small_talk_gets_a_courtesy(chat: float) -> None:
    """At or above its threshold nobody is called and no article is shown."""
    rest = (1 - chat) / 3
    seen = Evidence({"L1": rest, "L2": rest, "L3": rest, "chat": chat}, (a.candidate(),))
    assert decide(seen, Policy()).action is Action.COURTESY


def test_thresholds_of_a_model_replace_the_defaults_that_they_name() -> None:
    """Unknown names in a manifest are left alone, and so is the number of choices."""
    policy = Policy.from_thresholds({"answer_at": 0.7, "choices": 9, "colour": 1.0})
    assert policy == replace(Policy(), answer_at=0.7)
