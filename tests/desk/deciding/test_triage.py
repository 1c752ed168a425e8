"""The decision: what holds whatever the evidence and the thresholds are."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.desk.deciding import (
    Action,
    Candidate,
    Costs,
    Evidence,
    Joint,
    Policy,
    decide,
    join,
    with_breadth,
)
from bot.desk.privacy import Clean
from bot.desk.tiers import Tier
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
        Candidate(article, score, agreed=("dense",) if score > 0.5 else (), differed=("bm25",))
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
prices = st.integers(0, 50).map(lambda tenths: tenths / 10)
policies = st.builds(
    Policy,
    costs=st.builds(
        Costs,
        needless_page=prices,
        missed_escalation=prices,
        wrong_answer=prices,
        clarifying_question=prices,
        wrong_tier=prices,
        wrong_courtesy=prices,
        needless_answer=prices,
    ),
    chat_at=shares,
    escalate_at=shares,
    answer_at=shares,
    candidate_at=shares,
    strong_at=shares,
)


def person_of(seen: Evidence, policy: Policy) -> float:
    """Give the chance that a person is needed, all evidence joined."""
    return join(seen.probabilities, seen.candidates, policy.joint).person


@MANY
@given(evidence)
def test_the_chances_of_all_outcomes_are_one_together(seen: Evidence) -> None:
    """Each is a chance, whatever the classifier and the search say."""
    chances = join(seen.probabilities, seen.candidates, Joint())
    every = (*chances.articles, chances.no_article, chances.l2, chances.l3, chances.chat)
    assert all(0 <= chance <= 1 for chance in every)
    assert sum(every) == pytest.approx(1)


@MANY
@given(evidence, policies)
def test_no_answer_is_given_where_a_person_is_needed(seen: Evidence, policy: Policy) -> None:
    """At or above the threshold for a person nobody is fobbed off, whatever it costs."""
    assume(person_of(seen, policy) >= policy.escalate_at)
    assert decide(seen, policy).action is Action.ESCALATE


@MANY
@given(evidence, policies)
def test_what_is_done_is_the_cheapest_that_the_limits_allow(seen: Evidence, policy: Policy) -> None:
    """Anything cheaper than what was done is forbidden by a threshold."""
    decision = decide(seen, policy)
    assume(not decision.unknown)
    chances = decision.chances
    assert chances is not None
    best = max(chances.articles, default=0.0)
    allowed = {
        Action.ESCALATE: True,
        Action.ANSWER: bool(chances.articles) and best >= policy.answer_at,
        Action.CLARIFY: bool(chances.articles) and best >= policy.candidate_at,
        Action.COURTESY: min(chances.chat, seen.probabilities["chat"]) >= policy.chat_at,
    }
    if chances.person >= policy.escalate_at:
        assert decision.action is Action.ESCALATE
        return
    assert allowed[decision.action]
    cheapest = min(cost for action, cost in decision.costs.items() if allowed[action])
    assert decision.costs[decision.action] == pytest.approx(cheapest)


def test_a_courtesy_needs_more_than_being_unlike_anything_known() -> None:
    """What is strange, and what no model can read, is asked back: silence needs evidence."""
    chat = Evidence({"L1": 0.02, "L2": 0.01, "L3": 0.01, "chat": 0.96})
    assert decide(chat, Policy()).action is Action.COURTESY
    for strange in (replace(chat, abstain=True), replace(chat, foreign=True)):
        asked = decide(strange, Policy())
        assert (asked.action, asked.unknown) == (Action.CLARIFY, True)


def test_another_language_is_answered_by_a_page_that_surely_answers() -> None:
    """Where the encoder reads it, and the tiers do not speak against it; nobody is called by it."""
    sure = Candidate("vpn-connect", 0.95, agreed=("dense",))
    seen = Evidence({"L1": 0.9, "L2": 0.06, "L3": 0.02, "chat": 0.02}, (sure,), foreign=True)
    answered = decide(seen, Policy())
    assert (answered.action, answered.unproven) == (Action.ANSWER, True)
    assert not replace(answered, action=Action.ESCALATE).unproven
    assert not decide(replace(seen, foreign=False), Policy()).unproven
    assert decide(seen, Policy(answer_at=0.999)).action is Action.CLARIFY
    unsure = replace(seen, candidates=(replace(sure, score=0.3),))
    tried = replace(seen, probabilities={"L1": 0.2, "L2": 0.7, "L3": 0.08, "chat": 0.02})
    for other in (unsure, tried, replace(seen, unread=True)):
        asked = decide(other, Policy())
        assert (asked.action, asked.unknown) == (Action.CLARIFY, True)
        assert [choice.article for choice in asked.choices] == ["vpn-connect"]


def test_what_no_model_can_read_offers_what_search_found_as_a_guess() -> None:
    """Whatever the classifier thinks of it; what scores nothing is no guess."""
    found = (Candidate("vpn-connect", 0.3), Candidate("badge-access", 0.001))
    seen = Evidence({"L1": 0.1, "L2": 0.8, "L3": 0.05, "chat": 0.05}, found, foreign=True)
    asked = decide(seen, Policy())
    assert asked.action is Action.CLARIFY
    assert [choice.article for choice in asked.choices] == ["vpn-connect"]
    assert "language than the one that the classifier learned" in asked.reasons[0]


def test_what_a_page_is_asked_in_the_same_words_is_answered_from_it() -> None:
    """Wherever the search puts it, and in English whatever the words sound like; for many not."""
    found = (Candidate("vpn-connect", 0.3), Candidate("badge-access", 0.001))
    seen = Evidence(
        {"L1": 0.1, "L2": 0.8, "L3": 0.05, "chat": 0.05},
        found, foreign=True, verbatim="badge-access",
    )  # fmt: skip
    answered = decide(seen, Policy())
    assert (answered.action, answered.article) == (Action.ANSWER, "badge-access")
    assert not answered.unknown
    assert "in the very words" in answered.reasons[0]
    read = replace(seen, foreign=False)
    assert decide(replace(read, verbatim=""), Policy()).action is Action.ESCALATE
    assert decide(read, Policy()).article == "badge-access"
    broad = replace(read, impacts={"many": 0.9})
    assert with_breadth(decide(broad, Policy())).action is Action.ESCALATE
    assert decide(replace(seen, verbatim="gone"), Policy()).action is Action.CLARIFY


def test_a_search_that_finds_nothing_makes_no_small_talk_of_a_request() -> None:
    """The words ask for something; that no article fits is no reason to pass over them."""
    seen = Evidence({"L1": 0.62, "L2": 0.0, "L3": 0.0, "chat": 0.38})
    decision = decide(seen, Policy())
    assert decision.chances is not None
    assert decision.chances.chat > Policy().chat_at
    assert decision.action is Action.ESCALATE


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
    """An answer is the likeliest article; beside a call stands what the search is sure of."""
    decision = decide(seen, policy)
    if decision.action is Action.ANSWER:
        best = decision.candidates[0]
        assert (decision.article, decision.confidence) == (best.article, best.chance)
        assert best.chance == max(c.chance for c in decision.candidates)
        assert best.chance >= policy.answer_at
    elif decision.meanwhile is not None:
        assert decision.meanwhile == seen.candidates[0].article
        assert seen.candidates[0].score >= policy.strong_at


@MANY
@given(evidence, policies)
def test_a_question_back_offers_one_to_three_articles_that_fit(
    seen: Evidence, policy: Policy
) -> None:
    """There is always something to choose, and nothing unfit among it."""
    decision = decide(seen, policy)
    if decision.action is Action.CLARIFY:
        assert 1 <= len(decision.choices) <= policy.choices
        assert all(choice.chance >= policy.candidate_at for choice in decision.choices)
    else:
        assert decision.choices == ()


@MANY
@given(evidence, policies)
def test_confidence_is_a_probability(seen: Evidence, policy: Policy) -> None:
    """It lies between 0 and 1, up to rounding."""
    assert 0.0 <= decide(seen, policy).confidence <= 1.0 + 1e-9


@MANY
@given(evidence, policies, shares)
def test_more_need_for_a_person_never_ends_a_call_that_was_forced(
    seen: Evidence, policy: Policy, moved: float
) -> None:
    """Moving probability from L1 to L2 keeps a person called whom the limit called."""
    assume(person_of(seen, policy) >= policy.escalate_at)
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
    """L3 only where it is likelier than L2, and where somebody is likely to be needed at all."""
    decision = decide(seen, policy)
    if decision.tier is Tier.L3:
        assert decision.chances is not None
        assert decision.policy is not None
        assert decision.chances.person >= decision.policy.escalate_at
        assert decision.chances.l3 > decision.chances.l2


EASY = {"L1": 0.94, "L2": 0.02, "L3": 0.02, "chat": 0.02}


def found(article: str, score: float, *, first: bool) -> Candidate:
    """Build an article that all parts of the search put first, or none."""
    parts = ("dense", "bm25", "late")
    return Candidate(article, score, agreed=parts if first else (), differed=() if first else parts)


def test_a_search_that_is_sure_makes_a_person_less_likely() -> None:
    """Both kinds of evidence speak on every outcome."""
    likely = {"L1": 0.6, "L2": 0.3, "L3": 0.05, "chat": 0.05}
    sure = join(likely, (found(a.VPN, 0.9, first=True),), Joint())
    unsure = join(likely, (found(a.VPN, 0.05, first=False),), Joint())
    assert sure.person < unsure.person
    assert sure.no_article < unsure.no_article


def test_an_article_that_all_parts_of_the_search_put_first_is_likelier() -> None:
    """Agreement of meaning and words counts beside the score."""
    agreed = join(EASY, (found(a.VPN, 0.5, first=True),), Joint())
    alone = join(EASY, (found(a.VPN, 0.5, first=False),), Joint())
    assert agreed.articles[0] > alone.articles[0]


def test_nothing_that_fits_is_called_a_knowledge_gap() -> None:
    """The requester is told that there is no article, so the decision must say so."""
    decision = decide(Evidence(EASY, (found(a.VPN, 0.01, first=False),)), Policy())
    assert (decision.action, decision.tier) == (Action.ESCALATE, Tier.L2)
    assert decision.gap
    assert decision.reasons[0].startswith("Knowledge gap")


def test_a_close_call_for_a_person_is_explained_by_what_missing_it_costs() -> None:
    """Who is woken at 20% reads why."""
    seen = Evidence(
        {"L1": 0.8, "L2": 0.15, "L3": 0.03, "chat": 0.02}, (found(a.VPN, 0.4, first=True),)
    )
    decision = decide(seen, Policy(escalate_at=0.05))
    assert decision.action is Action.ESCALATE
    assert decision.reasons[0].startswith("May need a person: ")
    assert "a missed call costs 5, a needless one 1" in decision.reasons[0]


def test_two_close_articles_lead_to_a_question_back() -> None:
    """Neither is clearly the best, so the requester is asked."""
    seen = Evidence(EASY, (Candidate(a.VPN, 0.60), Candidate(a.MFA, 0.55)))
    decision = decide(seen, Policy())
    assert decision.action is Action.CLARIFY
    assert [choice.article for choice in decision.choices] == [a.VPN, a.MFA]


def test_dear_questions_are_not_asked() -> None:
    """What a question costs is the organisation's to say."""
    seen = Evidence(EASY, (found(a.VPN, 0.6, first=True), found(a.MFA, 0.5, first=False)))
    policy = Policy(answer_at=0.5)
    cheap = replace(policy, costs=Costs(clarifying_question=0.01))
    dear = replace(policy, costs=Costs(clarifying_question=2.0))
    assert decide(seen, cheap).action is Action.CLARIFY
    assert decide(seen, dear).action is Action.ANSWER


def test_a_call_is_explained_from_its_chances_to_its_costs() -> None:
    """What an engineer needs: why, how sure, what weighed, what was found, and the model."""
    seen = Evidence(
        {"L1": 0.2, "L2": 0.6, "L3": 0.1, "chat": 0.1},
        (found(a.VPN, 0.3, first=True), found(a.MFA, 0.1, first=False)),
        abstain=True,
        words=("down", "office"),
        nearest=("the wiki is down (L2)", "wiki again (L3)"),
        model="20260302-1",
    )
    decision = decide(seen, Policy())
    told = "\n".join(decision.reasons)
    assert decision.reasons[0].startswith("Needs a person: ")
    for words in (
        "called from 15%",
        "Unlike anything",
        "for L2: down, office",
        "the wiki is down (L2); wiki again (L3)",
        f"“{a.VPN}” scores 0.30, 0.20 ahead of “{a.MFA}”; all parts put it first",
        "Expected cost, in needless pages: call",
        "L2 60%",
        "Model 20260302-1",
    ):
        assert words in told
    others = [each for each in decision.reasons if not isinstance(each, Clean)]
    assert [each.partition(": ")[0] for each in others] == [
        "Words that spoke most for L2",
        "Most alike among labelled messages",
    ]


def test_a_limit_that_costs_more_is_said_to_be_one() -> None:
    """The cheapest action was forbidden: the reasons name the limits."""
    seen = Evidence(EASY, (found(a.VPN, 0.9, first=True),))
    decision = decide(seen, Policy(escalate_at=0.0))
    assert decision.action is Action.ESCALATE
    assert any("beyond the error budget" in reason for reason in decision.reasons)


@pytest.mark.parametrize("chat", [0.8, 0.9, 1.0])
def test_small_talk_gets_a_courtesy(chat: float) -> None:
    """Nobody is called and no article is shown."""
    rest = (1 - chat) / 4
    likely = {"L1": 2 * rest, "L2": rest, "L3": rest, "chat": chat}
    seen = Evidence(likely, (found(a.VPN, 0.01, first=False),))
    assert decide(seen, Policy(escalate_at=0.3)).action is Action.COURTESY


def test_thresholds_of_a_model_replace_the_defaults_that_they_name() -> None:
    """Unknown names in a manifest are left alone, and so is what is no threshold."""
    policy = Policy.from_thresholds({"answer_at": 0.7, "choices": 9, "costs": 1, "colour": 1.0})
    assert policy == replace(Policy(), answer_at=0.7)


def test_weights_of_a_model_replace_the_defaults_that_they_name() -> None:
    """A model of another version may name weights that this one does not have."""
    assert Joint.from_mapping({"score": 0.5, "moon": 3}) == replace(Joint(), score=0.5)


@pytest.mark.parametrize("score", [0.05, 0.3, 0.5, 0.8, 0.99])
def test_sureness_as_heavy_as_the_score_weighs_its_odds(score: float) -> None:
    """A score of 0.99 says much more than one of 0.9; its logarithm alone says hardly more."""
    joint = Joint(article=0.0, score=1.0, agreement=0.0, sureness=1.0)
    found = join({"L1": 1.0}, (Candidate("vpn", score),), joint)
    assert found.articles[0] / found.no_article == pytest.approx(score / (1 - score))
