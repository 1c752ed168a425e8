"""Reasons: a decision in plain words, so that its arithmetic can be followed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.deciding.triage import Action
from bot.desk.privacy import Clean

if TYPE_CHECKING:
    from bot.desk.deciding.chances import Candidate, Chances
    from bot.desk.deciding.triage import Evidence, Policy, Triage

CHANCES, COSTS, WORDS = (
    "Chances: ",
    "Expected cost, in needless pages: ",
    "Words that spoke most for ",
)
NEAREST, SEARCH, MODEL = "Most alike among labelled messages: ", "Search: ", "Classifier alone: "
STRANGE = "Unlike anything that the classifier was trained on: take its chances with care."

VERBATIM = "Asked in the very words of a question that this article has."

SMALL_PRINT = (CHANCES, COSTS, WORDS, NEAREST, SEARCH, MODEL, STRANGE)
"""How reasons begin that back up the first ones."""

GAP, NEEDS, MAY, UNSAFE, MANY = (
    "Knowledge gap: ",
    "Needs a person: ",
    "May need a person: ",
    "Nothing else is safe enough: ",
    "Many seem to be affected: ",
)
PLAIN = {
    GAP: "No article answers it.",
    NEEDS: "By its words it needs a person.",
    MAY: "It may need a person, and a missed call costs more than a needless one.",
    UNSAFE: "No answer was safe enough to give.",
    MANY: "Many seem to be affected.",
}
"""What called a person, without its arithmetic: who is woken at night reads this."""

SHOWN_NEAREST = 3
LIKELY = 0.5
HUNDREDTH = 0.01
FAR_OFF = 0.1
"""Search scores below this are of articles about something else."""

PARTS = {
    "dense": "meaning",
    "bm25": "words",
    "late": "word by word",
    "learned": "learned questions",
}
"""The parts of the search, as they are called in reasons."""

ACTIONS = {
    Action.ANSWER: "answer",
    Action.CLARIFY: "ask back",
    Action.ESCALATE: "call",
    Action.COURTESY: "courtesy reply",
}


def is_small_print(reason: str) -> bool:
    """Tell whether a reason only backs up the others."""
    return reason.startswith(SMALL_PRINT)


def plainly(reason: str) -> str:
    """Give a reason in a line without arithmetic; what has none stays as it is."""
    return next((said for begins, said in PLAIN.items() if reason.startswith(begins)), reason)


def why(decision: Triage) -> tuple[str, ...]:
    """Explain a decision: first what tipped it, then what it rests on."""
    chances, evidence, policy = decision.chances, decision.evidence, decision.policy
    if chances is None or evidence is None or policy is None:
        return decision.reasons
    named = bool(evidence.verbatim) and decision.article == evidence.verbatim
    found = (
        Clean(VERBATIM if named else _headline(decision, chances, policy)),
        Clean(STRANGE if evidence.abstain else ""),
        # Here alone others' words are told.
        _words(evidence),
        _nearest(evidence),
        Clean(_search(evidence)),
        Clean(_chances(decision, chances)),
        Clean(_costs(decision, policy)),
        Clean(_model(evidence)),
    )
    return tuple(filter(None, found))


def percent(chance: float) -> str:
    """Write a chance as people read it: never a certainty that there is not."""
    if 0 < chance < HUNDREDTH:
        return "under 1%"
    return "over 99%" if 1 - HUNDREDTH < chance < 1 else f"{chance:.0%}"


def _headline(decision: Triage, chances: Chances, policy: Policy) -> str:
    match decision.action:
        case Action.ANSWER:
            return (
                f"{_name(decision.candidates[0])} answers this: {percent(decision.confidence)}, "
                f"an answer is given from {percent(policy.answer_at)}; {_person(chances, policy)}."
            )
        case Action.CLARIFY if decision.unknown:
            return "Nothing may be concluded from it, so it is asked back: " + (
                "it is in another language than the one that the classifier learned, "
                "and no article surely answers it."
                if decision.evidence and decision.evidence.foreign
                else "it is unlike anything known, and nothing says that it asks for nothing."
            )
        case Action.CLARIFY:
            return _asking(decision, chances, policy)
        case Action.COURTESY:
            return (
                f"Asks for nothing: {percent(chances.chat)}, needed {percent(policy.chat_at)}; "
                f"{_person(chances, policy)}."
            )
        case _:
            return _calling(decision, chances, policy)


def _asking(decision: Triage, chances: Chances, policy: Policy) -> str:
    best, count = decision.choices[0].chance, len(decision.choices)
    articles = "One article may answer" if count == 1 else f"One of {count} articles may answer"
    unsure = (
        f"an answer is given from {percent(policy.answer_at)}"
        if best < policy.answer_at
        else "asking costs less than a wrong answer"
    )
    best_of = "" if count == 1 else f", the best {percent(best)}"
    return (
        f"{articles}: {percent(decision.confidence)}{best_of}; {unsure}; "
        f"{_person(chances, policy)}."
    )


def _calling(decision: Triage, chances: Chances, policy: Policy) -> str:
    best = decision.candidates[:1]
    answers = f"the best, {_name(best[0])}, {percent(best[0].chance)}" if best else "none was found"
    unanswered = f"no article fits {percent(chances.no_article)}; {answers}"
    if decision.gap:
        return f"{GAP}{unanswered}; {_person(chances, policy)}."
    if chances.person >= LIKELY:
        return (
            f"{NEEDS}{percent(chances.person)} (L2 {percent(chances.l2)}, "
            f"L3 {percent(chances.l3)}); called from {percent(policy.escalate_at)}."
        )
    if chances.person >= policy.escalate_at:
        costs = policy.costs
        return (
            f"{MAY}{percent(chances.person)} (L2 {percent(chances.l2)}, "
            f"L3 {percent(chances.l3)}). Called from {percent(policy.escalate_at)}, as a missed "
            f"call costs {costs.missed_escalation:g}, a needless one {costs.needless_page:g}."
        )
    return f"{UNSAFE}{_person(chances, policy)}; {unanswered}."


def _person(chances: Chances, policy: Policy) -> str:
    return f"needs a person {percent(chances.person)}, called from {percent(policy.escalate_at)}"


def _chances(decision: Triage, chances: Chances) -> str:
    known = [(_name(c), c.chance) for c in decision.candidates]
    other = chances.no_article + sum(chances.articles) - sum(chance for _, chance in known)
    every = [
        ("L2", chances.l2),
        ("L3", chances.l3),
        *known,
        ("another or no article", other),
        ("asks for nothing", chances.chat),
    ]
    shown = [(what, chance) for what, chance in every if chance >= HUNDREDTH]
    shown.sort(key=lambda one: -one[1])
    return CHANCES + ", ".join(f"{what} {percent(chance)}" for what, chance in shown) + "."


def _costs(decision: Triage, policy: Policy) -> str:
    if not decision.costs:
        return ""
    ranked = sorted(decision.costs.items(), key=lambda item: item[1])
    shown = ", ".join(f"{ACTIONS[action]} {cost:.2f}" for action, cost in ranked)
    if decision.action is ranked[0][0]:
        return f"{COSTS}{shown}."
    limits = f"answer_at {policy.answer_at:.2f}, escalate_at {policy.escalate_at:.2f}"
    return f"{COSTS}{shown}; the cheapest is beyond the error budget ({limits})."


def _words(evidence: Evidence) -> str:
    if not evidence.words:
        return ""
    likeliest = max(evidence.probabilities, key=lambda label: evidence.probabilities[label])
    return f"{WORDS}{likeliest}: {', '.join(evidence.words)}."


def _nearest(evidence: Evidence) -> str:
    return NEAREST + "; ".join(evidence.nearest[:SHOWN_NEAREST]) if evidence.nearest else ""


def _search(evidence: Evidence) -> str:
    if not evidence.candidates:
        return f"{SEARCH}no article was found."
    best, *others = evidence.candidates
    if best.score < FAR_OFF:
        return f"{SEARCH}nothing close; the best, {_name(best)}, scores {best.score:.2f}."
    found = f"{_name(best)} scores {best.score:.2f}"
    if others:
        ahead = best.score - others[0].score
        found += f", {ahead:.2f} ahead of {_name(others[0])}"
    agreed = ", ".join(PARTS.get(part, part) for part in best.agreed)
    differed = ", ".join(PARTS.get(part, part) for part in best.differed)
    if agreed and not differed:
        return f"{SEARCH}{found}; all parts put it first ({agreed})."
    if differed:
        return f"{SEARCH}{found}; first by {agreed or 'no part alone'}; not by {differed}."
    return f"{SEARCH}{found}."


def _model(evidence: Evidence) -> str:
    alone = ", ".join(f"{label} {percent(p)}" for label, p in evidence.probabilities.items())
    return f"{MODEL}{alone}." + (f" Model {evidence.model}." if evidence.model else "")


def _name(candidate: Candidate) -> str:
    return f"“{candidate.title or candidate.article}”"
