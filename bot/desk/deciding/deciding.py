"""Deciding: the action of least expected cost, within the limits of an error budget."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.desk.deciding.chances import join
from bot.desk.deciding.reasons import why
from bot.desk.deciding.routes import suspicion_of
from bot.desk.deciding.triage import Action, Triage
from bot.desk.tiers import Tier

if TYPE_CHECKING:
    from bot.desk.deciding.chances import Candidate, Chances
    from bot.desk.deciding.triage import Evidence, Policy


GUESSED_FROM = 0.05
"""Articles of this search score are offered as a guess, where nothing may be concluded."""


def decide(evidence: Evidence, policy: Policy) -> Triage:
    """Take the action of least expected cost among those that the error budget allows."""
    if evidence.foreign:
        policy = policy.abroad()
    chances = join(evidence.probabilities, evidence.candidates, policy.joint)
    candidates = _with_chances(evidence.candidates, chances)
    choices = tuple(c for c in candidates[: policy.choices] if c.chance >= policy.candidate_at)
    tier = _tier(chances, policy)
    costs = expected_costs(chances, choices, candidates[:1], policy, tier)
    allowed = _allowed(
        chances, choices, candidates, policy, evidence.probabilities.get("chat", 0.0)
    )
    action = min(allowed, key=lambda each: costs[each])
    named = tuple(c for c in candidates if c.article == evidence.verbatim)
    if named:
        # What a page has word for word among its questions, somebody found to be its matter. What
        # is broken for many calls people all the same.
        action = Action.ANSWER
        candidates = (*named, *(c for c in candidates if c not in named))
    elif _is_unknown(evidence, action):
        return ask_what(evidence, policy, chances, candidates)
    escalates, answers = action is Action.ESCALATE, action is Action.ANSWER
    gap = escalates and is_gap(chances)
    best = evidence.candidates[0] if evidence.candidates else None
    strong = best.article if escalates and best and best.score >= policy.strong_at else None
    decision = Triage(
        action=action,
        tier=tier if escalates else Tier.L1,
        confidence=_confidence(action, chances, choices, candidates),
        probabilities=evidence.probabilities,
        article=candidates[0].article if answers else strong,
        candidates=choices if action is Action.CLARIFY else candidates,
        meanwhile=strong,
        gap=gap,
        chances=chances,
        costs=costs,
        evidence=evidence,
        policy=policy,
        suspicion=suspicion_of(evidence.matters, policy.limits_of(foreign=evidence.foreign)),
    )
    return replace(decision, reasons=why(decision))


def _is_unknown(evidence: Evidence, action: Action) -> bool:
    """Tell whether nothing may be concluded: courtesy and silence need evidence of their own."""
    if evidence.foreign:
        # Whom it needs was learned in English: a page that surely answers is proof, and no more.
        return evidence.unread or action is not Action.ANSWER
    return evidence.abstain and action is Action.COURTESY


def ask_what(
    evidence: Evidence,
    policy: Policy,
    chances: Chances,
    candidates: tuple[Candidate, ...],
) -> Triage:
    """Ask back about what is unlike anything known; what search found is offered as a guess."""
    guesses = tuple(c for c in candidates if c.score >= GUESSED_FROM)[: policy.choices]
    confidence = sum(guess.chance for guess in guesses)
    decision = Triage(
        Action.CLARIFY,
        Tier.L1,
        confidence,
        evidence.probabilities,
        candidates=guesses,
        unknown=True,
        suspicion=suspicion_of(evidence.matters, policy.limits_of(foreign=evidence.foreign)),
        chances=chances,
        evidence=evidence,
        policy=policy,
    )
    return replace(decision, reasons=why(decision))


def is_gap(chances: Chances) -> bool:
    """Tell whether it is likeliest that no article answers, more than that a person must look."""
    return chances.no_article > max(chances.person, *chances.articles, 0.0)


def expected_costs(
    chances: Chances,
    choices: tuple[Candidate, ...],
    best: tuple[Candidate, ...],
    policy: Policy,
    tier: Tier,
) -> dict[Action, float]:
    """What each action costs on average, if the chances are right.

    A question in vain, with no right choice, costs more: the requester says so, and waits.
    """
    costs = policy.costs
    missed = costs.missed_escalation * chances.person
    chatty = costs.needless_answer * chances.chat
    right = sum(c.chance for c in best)
    offered = sum(c.chance for c in choices)
    wrong_tier = chances.l2 if tier is Tier.L3 else chances.l3
    return {
        Action.ANSWER: missed + costs.wrong_answer * (chances.l1 - right) + chatty,
        Action.CLARIFY: missed
        + costs.clarifying_question * (1 + policy.in_vain * (chances.l1 - offered))
        + chatty,
        Action.ESCALATE: costs.needless_page * (sum(chances.articles) + chances.chat)
        + costs.wrong_tier * wrong_tier,
        Action.COURTESY: missed + costs.wrong_courtesy * chances.l1,
    }


def _allowed(
    chances: Chances,
    choices: tuple[Candidate, ...],
    candidates: tuple[Candidate, ...],
    policy: Policy,
    said_to_be_chat: float,
) -> list[Action]:
    # People first: passing over an outage that reads like a remark costs the most.
    if chances.person >= policy.escalate_at:
        return [Action.ESCALATE]
    allowed = [Action.ESCALATE]
    # A search that finds nothing makes no small talk of a request: the words have to say so too.
    if min(chances.chat, said_to_be_chat) >= policy.chat_at:
        allowed.append(Action.COURTESY)
    if candidates and candidates[0].chance >= policy.answer_at:
        allowed.append(Action.ANSWER)
    if choices:
        allowed.append(Action.CLARIFY)
    return allowed


def _tier(chances: Chances, policy: Policy) -> Tier:
    # What no article answers is looked into by L2, who may write one; and so is what goes to
    # people for want of an answer alone, however two small chances compare.
    needed = chances.person >= policy.escalate_at and not is_gap(chances)
    return Tier.L3 if needed and chances.l3 > chances.l2 else Tier.L2


def _with_chances(candidates: tuple[Candidate, ...], chances: Chances) -> tuple[Candidate, ...]:
    """Say of each candidate how probably it answers; the likeliest first."""
    known = [
        replace(c, chance=chance) for c, chance in zip(candidates, chances.articles, strict=False)
    ]
    return (*sorted(known, key=lambda c: -c.chance), *candidates[len(known) :])


def _confidence(
    action: Action,
    chances: Chances,
    choices: tuple[Candidate, ...],
    candidates: tuple[Candidate, ...],
) -> float:
    """The chance that the action is right."""
    return {
        Action.ANSWER: candidates[0].chance if candidates else 0.0,
        Action.CLARIFY: sum(c.chance for c in choices),
        Action.ESCALATE: chances.person + chances.no_article,
        Action.COURTESY: chances.chat,
    }[action]
