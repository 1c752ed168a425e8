"""A base calibrated on itself: its own words, asked without the article that they are from."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from kb.searching.base import KnowledgeBase
from kb.searching.ranking import probabilities
from kb.searching.scale import Scale
from kb.tuning.calibrating import MOST_ARTICLES, calibrate
from tests.kb.conftest import WordEncoder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TOPICS = ("boiler", "lift", "badge", "canteen", "parking", "projector", "locker", "bicycle shed",
          "water cooler", "fire door", "reception", "post room")  # fmt: skip


def page(topic: str) -> str:
    """Build an article with a title, a heading and sentences that share most words."""
    return (
        f"# Use the {topic} in our building\n\nEverybody may use the {topic} from eight to six.\n\n"
        f"## When the {topic} does not work\n\nTell the caretaker which {topic} it was and when."
    )


@pytest.fixture
def base(tmp_path: Path) -> Iterator[KnowledgeBase]:
    """A base of a dozen pages that share their vocabulary."""
    folder = tmp_path / "pages"
    folder.mkdir()
    for topic in TOPICS:
        (folder / f"{topic.replace(' ', '-')}.md").write_text(page(topic))
    opened = KnowledgeBase.open(tmp_path / "kb.db", WordEncoder())
    opened.sync([folder])
    yield opened
    opened.close()


def test_scores_are_measured_by_what_the_base_cannot_answer(base: KnowledgeBase) -> None:
    """What only shares the words of all pages scores less than what one page says."""
    scale = calibrate(base)
    assert scale is not None
    assert base.calibrated
    idle, asked = base.search_batch(["use the trampoline in our building", "the lift is broken"])
    assert asked[0].article == "lift"
    assert asked[0].score > idle[0].score


def test_a_scale_of_another_search_is_found_anew(base: KnowledgeBase) -> None:
    """Nothing of the articles has changed."""
    scale = calibrate(base)
    assert scale is not None
    before = replace(scale, middle=0.9, form=0)
    base.measure_by(before)
    assert calibrate(base) == scale


@pytest.mark.parametrize(("middle", "spread"), [(0.3, 0.05), (0.4, 0.1), (0.6, 0.15), (0.6, 0.02)])
def test_a_score_counts_by_how_far_above_the_unanswerable_it_stands(
    middle: float, spread: float
) -> None:
    """The same height in spreads is the same chance, wherever a base's scores lie."""
    curve = Scale(middle, spread, 50, "words").curve()

    def chance(height: float, lead: float) -> float:
        fused = np.array([middle + height * spread, middle + (height - lead) * spread], np.float32)
        return float(probabilities(fused, curve)[0])

    assert chance(0.0, 0.0) == pytest.approx(0.327, abs=0.01)
    assert chance(-2.0, 0.0) < 0.12
    assert chance(1.0, 1.0) == pytest.approx(0.797, abs=0.01)


def test_the_order_of_articles_stays(base: KnowledgeBase) -> None:
    """A scale says what scores mean, not which article is better."""
    asked = [f"where is the {topic}" for topic in TOPICS]
    before = [[hit.article for hit in hits] for hits in base.search_batch(asked)]
    calibrate(base)
    assert [[hit.article for hit in hits] for hits in base.search_batch(asked)] == before


def test_it_is_found_anew_only_where_much_has_changed(base: KnowledgeBase, tmp_path: Path) -> None:
    """One page of forty is not worth the time; five of them are."""
    folder = tmp_path / "pages"
    for number in range(40 - len(TOPICS)):
        (folder / f"room-{number}.md").write_text(page(f"meeting room {number}"))
    base.sync([folder])
    first = calibrate(base)
    assert first is not None
    (folder / "lift.md").write_text(page("elevator"))
    base.sync([folder])
    assert calibrate(base) == first
    for number in range(5):
        (folder / f"room-{number}.md").write_text(page(f"gym hall {number}"))
    base.sync([folder])
    again = calibrate(base)
    assert again is not None
    assert again.marks != first.marks


@pytest.mark.parametrize("kept", [1, 2, 5, 7])
def test_a_base_too_small_to_tell_has_the_usual_scale(
    base: KnowledgeBase, tmp_path: Path, kept: int
) -> None:
    """What was found before is let go of; the only article there is does not answer everything."""
    assert calibrate(base).asked
    for file in sorted((tmp_path / "pages").glob("*.md"))[kept:]:
        file.unlink()
    base.sync([tmp_path / "pages"], prune=True)
    assert calibrate(base).asked == 0
    assert base.calibrated
    (idle,), (asked, *_) = base.search_batch(["reset my password"], top=1) + base.search_batch(
        ["use the badge in our building from eight to six"]
    )
    assert idle.score < 0.3
    assert asked.score > idle.score + 0.3


def test_learned_questions_and_tuned_weights_have_their_own_curve(base: KnowledgeBase) -> None:
    """They come from questions whose answer is known, which says more."""
    calibrate(base)
    base.keep(base.profile)
    assert not base.calibrated


def test_another_encoder_has_another_scale(base: KnowledgeBase) -> None:
    """What its scores were is nothing to the next one's."""
    scale = Scale(0.4, 0.1, 50, "another", ())
    base.measure_by(scale)
    assert base.scale is None
    assert not base.calibrated
    found = calibrate(base)
    assert found is not None
    assert found.encoder == base.encoder.name


def test_nothing_is_asked_of_the_article_that_it_is_from(
    base: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two questions an article at most, of so many articles at most; each asked without it."""
    seen: list[str] = []
    whole = base.explain_batch

    def heard(queries: list[str], **options: int) -> object:
        seen.extend(queries)
        return whole(queries, **options)

    monkeypatch.setattr(base, "explain_batch", heard)
    scale = calibrate(base)
    assert scale is not None
    assert len(seen) == scale.asked <= 2 * min(len(TOPICS), MOST_ARTICLES)
    assert not any(re.search(r"[#*_`]", text) for text in seen)
    # Nobody asks in an article's own sentences: said whole, they are found better than people's.
    said = " ".join(page(topic) for topic in TOPICS).lower()
    assert not any(text in said for text in seen)
    own = [found[0].fused for found in whole(list(seen), top=1)]
    assert scale.middle < sorted(own)[len(own) // 2]
