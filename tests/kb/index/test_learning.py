"""Articles found through questions that they are known to answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from kb.questions.grams import index
from kb.questions.recogniser import Recogniser, fit
from kb.searching.base import KnowledgeBase
from kb.searching.ranking import profile
from kb.sources import read_source
from kb.tuning.heldout import Example, ask
from tests.kb.conftest import WordEncoder

if TYPE_CHECKING:
    from pathlib import Path

PAIRS = [("my token is rejected at the gate", "vpn"), ("paper jam again", "printer")]


def test_an_article_is_found_through_a_learned_question(base: KnowledgeBase, folder: Path) -> None:
    """No word of it is in the article."""
    base.sync([folder])
    report = base.learn(PAIRS)
    assert (report.added, report.known, report.unknown) == (2, 0, ())
    assert base.search("paper jam")[0].article == "printer"
    assert "jam" not in base.search("paper jam")[0].passage


def test_learning_again_embeds_nothing_and_unknown_articles_are_named(
    base: KnowledgeBase, folder: Path, encoder: WordEncoder
) -> None:
    """By content, whatever greeting stands before it."""
    base.sync([folder])
    base.learn(PAIRS)
    encoder.embedded.clear()
    report = base.learn([("Hi! paper jam again", "printer"), ("where is it", "nowhere")])
    assert (report.added, report.known, report.unknown) == (0, 1, ("nowhere",))
    assert encoder.embedded == []


def test_learned_questions_outlive_a_change_and_go_with_their_article(
    base: KnowledgeBase, folder: Path
) -> None:
    """A later article of the same id begins anew."""
    base.sync([folder])
    base.learn(PAIRS)
    file = folder / "printer.md"
    text = file.read_text()
    file.write_text(text + "\nMore text.\n")
    base.sync([folder])
    assert base.search("paper jam")[0].article == "printer"
    file.unlink()
    base.sync([folder], prune=True)
    assert base.store.learned_count() == 1
    file.write_text(text)
    base.sync([folder])
    assert base.search("paper jam")[0].article != "printer"


def test_a_recogniser_tells_articles_apart_and_survives_storage() -> None:
    """Fitted once, read back the same."""
    texts = [f"{word} number {n}" for word in ("printer", "badge") for n in range(6)]
    keys = np.array([1] * 6 + [2] * 6)
    vectors = WordEncoder().encode(texts)
    fitted = fit(texts, vectors, keys)
    again = Recogniser.from_bytes(fitted.to_bytes())
    question = "which printre"
    vector = WordEncoder().encode([question])[0]
    assert fitted.articles[fitted.probabilities(question, vector).argmax()] == 1
    assert again.probabilities(question, vector) == pytest.approx(
        fitted.probabilities(question, vector), abs=1e-2
    )


@pytest.mark.parametrize("most", [0, 1, 7, 4_096])
@pytest.mark.parametrize(
    "asked", ["", "?!", "printer number 3", "prniter prniter number", "nothing of the kind"]
)
def test_what_is_summed_up_beforehand_changes_no_probability(
    asked: str, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However much of it: none, some buckets or all."""
    texts = [f"{word} number {n}" for word in ("printer", "badge", "vpn") for n in range(4)]
    vectors = WordEncoder().encode(texts)
    fitted = fit(texts, vectors, np.repeat([1, 2, 3], 4))
    vector = WordEncoder().encode([asked])[0]
    plain = (vector - fitted.centre) @ fitted.meaning
    plain += fitted.grams.products(asked) @ fitted.duals
    shares = np.exp(plain - plain.max())
    monkeypatch.setattr("kb.questions.recogniser.MOST_SUMMED", most)
    assert fitted.probabilities(asked, vector) == pytest.approx(shares / shares.sum(), abs=1e-5)


@pytest.mark.parametrize("text", ["", "?!", "\ud800", "a" * 9_000])
def test_any_text_has_products_without_an_error(text: str) -> None:
    """Nothing in common is zero."""
    found = index(["printer paper", "badge"]).products(text)
    assert found.shape == (2,)
    assert not found.any()


def test_many_learned_questions_are_fitted_to_and_kept(
    base: KnowledgeBase, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fit is stored, and used until the questions change."""
    monkeypatch.setattr("kb.searching.fitting.LEAST_LEARNED", 6)
    base.sync([folder])
    base.learn([(f"{word} {n}", "vpn") for n, word in enumerate(("gate", "tunnel", "remote"))])
    base.learn([(f"{word} {n}", "printer") for n, word in enumerate(("paper", "toner", "jam"))])
    found = base.explain("toner is empty")[0]
    assert (found.article, found.parts["learned"] > 0.5) == ("printer", True)
    monkeypatch.setattr("kb.searching.fitting.fit", None)
    other = KnowledgeBase(base.store, WordEncoder())
    assert other.explain("toner is empty")[0].parts == pytest.approx(found.parts, abs=1e-2)


@pytest.mark.parametrize(("each", "share"), [(3, 0.3), (10, 1.0), (14, 1.0)])
def test_the_recogniser_counts_as_far_as_its_articles_learned(
    base: KnowledgeBase,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    each: int,
    share: float,
) -> None:
    """A few questions in each article do not change at once what every score means."""
    monkeypatch.setattr("kb.searching.fitting.LEAST_LEARNED", 6)
    base.sync([folder])
    taught = ("vpn", "printer")
    base.learn([(f"{name} asks number {n} of it", name) for name in taught for n in range(each)])
    snapshot = base._current().snapshot
    assert snapshot.recogniser is not None
    part = len(taught) / base.count()
    assert snapshot.learned_share == pytest.approx(share * part, abs=0.01)
    plain = profile(snapshot.asked_share, 0.0, snapshot.passages_an_article)
    whole = profile(snapshot.asked_share, 1.0, snapshot.passages_an_article)
    learned = plain.weights.learned, base.profile.weights.learned, whole.weights.learned
    assert learned == tuple(sorted(learned))


def test_what_is_asked_is_not_learned(folder: Path) -> None:
    """The measure asks only what the base did not learn."""
    articles = [r.article for r in read_source(folder, collection="c") if r.article]
    examples = [Example(text, article) for text, article in PAIRS]
    found = list(ask(articles, WordEncoder(), examples[:1], examples[1:]))
    assert [(trial.article, trial.collection) for trial in found] == [("printer", "c")]
