"""Gate and weights fitted anew: on whom, what is kept of it, and why the rest stays as it was."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from bot.desk.deciding import Costs, Joint, Policy
from bot.fitting.gate import FOLDS, Budget
from bot.fitting.learning import refitting
from bot.fitting.learning.refitting import Gated, Known, Rules, known_of, refit
from classifier.data.labels import LABELS
from classifier.progress import silent
from kb.searching.base import Explanation, KnowledgeBase
from kb.searching.ranking import Profile
from kb.tuning.heldout import Trial
from tests.classifier.conftest import HashingEncoder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from kb.articles import Article
    from kb.tuning.heldout import Example

TOPICS = tuple(f"topic{number}" for number in range(12))
PARTS = ("dense", "bm25", "coverage", "late", "exact", "learned")
CALLS_ALL = Policy(escalate_at=0.0)
CALLS_NOBODY = Policy(joint=Joint(article=9.0), escalate_at=0.99, answer_at=0.01)
ASKED = ("what is", "where is", "who has", "when comes", "why not", "how does", "can i", "may we",
         "is there")  # fmt: skip
Asked = list[tuple[tuple[str, ...], tuple[str, ...]]]


def made(folder: Path) -> KnowledgeBase:
    """Give a base of twelve articles."""
    (folder / "pages").mkdir()
    for name in TOPICS:
        page = f"---\nid: {name}\ntitle: How to {name}\n---\n\n1. Open {name}.\n"
        (folder / "pages" / f"{name}.md").write_text(page, encoding="utf-8")
    opened = KnowledgeBase.open(folder / "kb.db", HashingEncoder())
    opened.sync([folder / "pages"])
    return opened


@pytest.fixture
def base(tmp_path: Path) -> Iterator[KnowledgeBase]:
    """Twelve articles, some questions of each learned: enough to be searched as well."""
    opened = made(tmp_path)
    opened.learn([(f"{ask} {name}", name) for name in TOPICS for ask in ASKED])
    yield opened
    opened.close()


def messages(count: int = 260) -> list[Known]:
    """Messages of sixty people, of which the classifier is as often right as it says."""
    draw = random.Random(18)
    found = []
    for number in range(count):
        label = draw.choices(LABELS, [4 if each == "L1" else 2 for each in LABELS])[0]
        sure = draw.uniform(0.55, 0.95)
        said = label if draw.random() < sure else draw.choice([x for x in LABELS if x != label])
        chances = dict.fromkeys(LABELS, (1 - sure) / (len(LABELS) - 1)) | {said: sure}
        article = draw.choice(TOPICS) if label == "L1" else ""
        person = f"p{number % 60}"
        found.append(Known(f"text {number}", label, article, person, person, chances))
    return found


def answering(
    known: Sequence[Known], *, worse: str = "", seen: Asked | None = None
) -> Callable[..., list[Trial]]:
    """Give a search that finds what is right first; `worse` names the part that misleads it."""
    label_of = {one.text: one.label for one in known}

    def ask(
        articles: Sequence[Article],
        encoder: object,
        learned: Sequence[Example],
        asked: Sequence[Example],
        state: Mapping[str, str],
    ) -> list[Trial]:
        assert len(articles) == len(TOPICS)
        assert isinstance(encoder, HashingEncoder)
        if seen is not None:
            seen.append((tuple(e.text for e in learned), tuple(e.text for e in asked)))
        return [_trial(each, label_of[each.text], worse) for each in asked]

    return ask


def _trial(each: Example, label: str, worse: str) -> Trial:
    right = each.article or TOPICS[0]
    wrong = TOPICS[(TOPICS.index(right) + 1) % len(TOPICS)]
    score = 0.9 if label == "L1" else 0.1
    for_right = {part: (0.2 if part == worse else score) for part in PARTS}
    for_wrong = {
        part: (1.0 if part == worse else score * (0.9 if worse else 0.3)) for part in PARTS
    }
    found = [
        Explanation(right, score, score, for_right),
        Explanation(wrong, score / 3, score / 3, for_wrong),
    ]
    return Trial(each.text, each.article, "default", tuple(found))


def rules(present: Policy = CALLS_NOBODY) -> Rules:
    """Decide by the gate that a model has, or else by `present`."""

    def policy_of(model: Gated, _: KnowledgeBase) -> Policy:
        gate: Mapping[str, Any] = model.manifest.get("gate") or {}
        if not gate:
            return present
        policy = Policy.from_thresholds(gate["thresholds"])
        return replace(policy, joint=Joint.from_mapping(gate["joint"]))

    return Rules(policy_of, Costs(), Budget())


NONE = Gated({}, {})


def test_each_is_asked_of_a_search_that_learned_nothing_of_its_person(
    base: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """But all that others said, and what was learned elsewhere; what is gone is asked nowhere."""
    known = messages()
    gone = Known("where is the gone one", "L1", "gone", "p1", "p1", known[0].probabilities)
    seen: Asked = []
    monkeypatch.setattr(refitting, "ask", answering(known, seen=seen))
    refit([*known, gone], base, NONE, rules(), silent)
    whose = {one.text: one.person for one in known}
    assert len(seen) == FOLDS
    for learned, asked in seen:
        assert "what is topic0" in learned
        theirs = {whose[text] for text in learned if text in whose}
        assert theirs
        assert not theirs & {whose[text] for text in asked}
    every = [text for _, asked in seen for text in asked]
    assert sorted(every) == sorted(one.text for one in known)


def test_of_many_the_latest_lessons_and_as_many_shipped_ones_are_asked(
    base: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is a search; what is learned is learned of all."""
    known = [replace(one, is_lesson=place >= 130) for place, one in enumerate(messages())]
    seen: Asked = []
    monkeypatch.setattr(refitting, "ask", answering(known, seen=seen))
    monkeypatch.setattr(refitting, "MOST_ASKED", 100)
    refit([*known, *(replace(k, text=f"{k.text} too") for k in known)], base, NONE, rules(), silent)
    assert not seen  # a hundred are too few to fit to
    monkeypatch.setattr(refitting, "MOST_ASKED", 220)
    refit(known, base, NONE, rules(), silent)
    asked = {text for _, texts in seen for text in texts}
    assert len(asked) == 220
    assert {one.text for one in known[-110:]} <= asked


LACKS = {
    "too few": (messages(150), "200 are needed"),
    "no articles": ([replace(one, article="") for one in messages()], "name an article"),
    "one label": ([replace(one, label="L1") for one in messages()], "no message is labelled"),
}


@pytest.mark.parametrize("what", LACKS)
def test_with_too_little_all_stays_and_it_is_said_why(base: KnowledgeBase, what: str) -> None:
    """Nothing is asked for that."""
    known, why = LACKS[what]
    found = refit(known, base, NONE, rules(), silent)
    assert not found.is_new
    assert len(found.said) == 1
    assert why in found.said[0]


def test_a_gate_that_decides_better_is_new_and_the_second_run_leaves_it(
    base: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What serves called nobody; by the same messages nothing is better than what was fitted."""
    known = messages()
    monkeypatch.setattr(refitting, "ask", answering(known))
    found = refit(known, base, NONE, rules(), silent)
    assert found.gate is not None
    assert "the gate is new" in found.said[-1]
    again = refit(known, base, Gated({"gate": found.gate}, {}), rules(), silent)
    assert again.gate is None
    assert "no more than chance" in again.said[-1]


def test_a_gate_that_calls_for_less_of_what_needs_a_person_stays_out(
    base: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though decisions would cost less by it."""
    known = messages()
    monkeypatch.setattr(refitting, "ask", answering(known))
    found = refit(known, base, NONE, rules(CALLS_ALL), silent)
    assert found.gate is None
    assert "needs a person" in found.said[-1]
    assert "100.0%" in found.said[-1]


def test_a_gate_that_could_not_serve_stays_out(
    base: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The search finds nothing that is right: a gate would learn to answer nothing."""
    known = messages()
    never = [replace(one, text=f"{one.text}?") for one in known]
    right = answering(never)

    def wrong(*given: Any) -> list[Trial]:
        return [replace(trial, found=trial.found[1:]) for trial in right(*given)]

    monkeypatch.setattr(refitting, "ask", wrong)
    found = refit(never, base, NONE, rules(), silent)
    assert found.gate is None
    assert "would answer nothing" in found.said[-1]


def test_weights_are_new_where_articles_that_were_not_fitted_to_rank_higher(
    base: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A part that misleads counts for less; where none does, nothing is gained."""
    known = messages()
    part = "late"
    monkeypatch.setattr(refitting, "ask", answering(known, worse=part))
    found = refit(known, base, NONE, rules(), silent)
    assert found.profile is not None
    assert "weights of the search are new" in found.said[0]
    now = Profile.from_json(found.profile)
    assert getattr(now.weights, part) < getattr(base.profile.weights, part)
    monkeypatch.setattr(refitting, "ask", answering(known))
    assert refit(known, base, NONE, rules(), silent).profile is None


def test_a_search_that_learned_nothing_keeps_its_weights(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are for learned questions; nothing is said of them."""
    known = messages()
    monkeypatch.setattr(refitting, "ask", answering(known, worse="dense"))
    with_none = made(tmp_path)
    found = refit(known, with_none, NONE, rules(), silent)
    with_none.close()
    assert found.profile is None
    assert len(found.said) == 1


def test_messages_are_joined_with_what_the_classifier_said_without_their_person() -> None:
    """In the order in which it kept them; others are left out."""
    rows = messages(5)
    proba = [[0.1, 0.2, 0.3, 0.4], [0.4, 0.3, 0.2, 0.1]]
    found = known_of(rows, [3, 1], proba)
    assert [one.text for one in found] == ["text 3", "text 1"]
    assert [list(one.probabilities.values()) for one in found] == proba
    assert list(found[0].probabilities) == list(LABELS)
