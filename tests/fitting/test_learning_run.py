"""A run of learning on a small desk: taken up, refused, undone, forgotten."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.desk.errors import FrontlineError
from bot.fitting.learning import candidate, running
from bot.fitting.learning.running import Report, Setup, learn, undo
from classifier.registry import artifact
from classifier.serving.predict import Classifier
from tests.classifier.conftest import OPENINGS, SAID, HashingEncoder
from tests.fitting.small_desk import NOW, lessons, state

if TYPE_CHECKING:
    from pathlib import Path

    from bot.desk.learning import Lesson
    from bot.fitting.learning.candidate import Bench, Learned

pytestmark = pytest.mark.rare

NEW_WORDS = ("please", "today", "again", "now")


def said(setup: Setup, text: str) -> str:
    """What the model that serves says of a message."""
    return Classifier.load(setup.versions.model, HashingEncoder()).predict([text])[0].label


def run(setup: Setup, found: list[Lesson], *, dry_run: bool = False) -> Report:
    """One run by hand."""
    return learn(setup, found, dry_run=dry_run, by_hand=True)


def test_what_several_people_say_is_learned_and_undone(setup: Setup) -> None:
    """Better on the month, no worse on the holdout: it serves; one command back: it does not."""
    before = state(setup)
    report = run(setup, lessons())
    assert report.outcome == running.PROMOTED, report.reasons
    assert report.month is not None
    assert report.month.gain[0] > 0
    assert said(setup, "turnstile badge reader amber") == "L2"
    assert setup.versions.serving() is not None
    assert undo(setup, lessons()) is None
    assert state(setup)[:3] == before[:3]
    assert setup.versions.held


def test_a_dry_run_changes_nothing_and_says_all(setup: Setup) -> None:
    """It is judged all the same, and stands in the journal."""
    before = state(setup)
    report = run(setup, lessons(), dry_run=True)
    assert report.outcome == running.TRIED
    assert report.accepted
    assert state(setup) == before
    (line,) = setup.versions.journal()
    assert line["dry_run"]
    assert line["learned"] == report.kept > 50
    assert sum(line["people"].values()) == report.kept
    assert set(line["people"]) == {"e0", "e1", "e2"}


def test_after_going_back_nothing_is_taken_up_at_night(setup: Setup) -> None:
    """Until somebody runs it by hand."""
    run(setup, lessons())
    undo(setup, lessons())
    at_night = learn(setup, lessons(), dry_run=False, by_hand=False)
    assert at_night.outcome == running.REFUSED
    assert "went back" in at_night.objections[-1]
    assert run(setup, lessons()).outcome == running.PROMOTED


def test_what_is_known_already_is_not_better_beyond_chance(setup: Setup) -> None:
    """Refused, with the reason, and nothing changes."""
    known = [
        replace(each, text=f"{OPENINGS[place % 6]} {SAID['L2'][place % 2]} {place}")
        for place, each in enumerate(lessons())
    ]
    before = state(setup)
    report = run(setup, known)
    assert report.outcome == running.REFUSED
    assert any("not better beyond chance" in reason for reason in report.reasons)
    assert state(setup) == before


def test_the_second_run_has_nothing_new(setup: Setup) -> None:
    """And changes nothing."""
    run(setup, lessons())
    before = state(setup)
    assert run(setup, lessons()).outcome == running.NOTHING
    assert state(setup) == before


def test_articles_are_found_by_what_people_confirmed(setup: Setup) -> None:
    """The search learns with the model, and forgets with it."""
    found = [replace(each, label="L1", article="travel", source="requester", by=each.asker)
             for each in lessons()]  # fmt: skip
    assert run(setup, found).outcome == running.PROMOTED
    assert setup.base.search("turnstile badge reader amber")[0].article == "travel"
    undo(setup, found)
    assert setup.base.store.rows("select count(*) from kb_learned")[0][0] == 0


def test_a_question_that_a_page_was_written_from_does_not_speak_for_what_serves(
    setup: Setup, tmp_path: Path
) -> None:
    """Any search finds a page by its own words: judged is whether it finds it by others."""
    found = [replace(each, label="L1", article="travel", source="requester", by=each.asker)
             for each in lessons()]  # fmt: skip
    written = [each.text for each in found if each.at >= NOW - timedelta(days=30)]
    page = "".join(f"  - {text}\n" for text in written)
    (tmp_path / "travel.md").write_text(
        f"---\ntitle: {written[0]}\nid: travel\nquestions:\n{page}---\n\nOpen the page.\n",
        encoding="utf-8",
    )
    setup.base.sync([tmp_path])
    assert setup.base.search(written[-1])[0].article == "travel"
    report = run(setup, found)
    assert report.outcome == running.PROMOTED, report.reasons
    assert setup.base.search(written[-1])[0].article == "travel"


def test_where_the_tiers_would_do_harm_the_search_alone_learns(
    setup: Setup, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same classifier serves on, under its own name."""
    train_on = candidate.train_on

    def spoiled(bench: Bench, learned: Learned, *where: Any) -> None:
        wrong = tuple(replace(each, label="L3") for each in learned.lessons)
        train_on(bench, replace(learned, lessons=wrong), *where)

    monkeypatch.setattr(candidate, "train_on", spoiled)
    found = [replace(each, label="L1", article="travel", source="requester", by=each.asker)
             for each in lessons()]  # fmt: skip
    asked = "turnstile badge reader amber"
    before, version = said(setup, asked), artifact.read_manifest(setup.versions.model)["version"]
    report = run(setup, found)
    assert report.outcome == running.PROMOTED, report.reasons
    assert "the search alone learns" in report.refitted[-1]
    assert setup.base.search(asked)[0].article == "travel"
    assert said(setup, asked) == before
    assert artifact.read_manifest(setup.versions.model)["version"] == version
    assert undo(setup, found) is None
    assert setup.base.store.rows("select count(*) from kb_learned")[0][0] == 0


def test_what_is_refused_is_not_said_to_learn(setup: Setup) -> None:
    """Three candidates, and none is better: what people confirm is answered so already."""
    found = [
        replace(each, text=f"reset my password {NEW_WORDS[place % 4]}", label="L1",
                article="reset", source="requester", by=each.asker)
        for place, each in enumerate(lessons())
    ]  # fmt: skip
    report = run(setup, found)
    assert report.outcome == running.REFUSED
    assert not any("search alone learns" in each for each in report.refitted)


ASKED = "reset my password"


def turned_by(people: int) -> list[Lesson]:
    """So many requesters say, one after the other, that another article answers it."""
    return [
        replace(
            each, text=f"{ASKED} {each.text.rpartition(' ')[2]} {NEW_WORDS[place % 4]}",
            label="L1", article="travel", source="requester",
            by=f"p{place % people}", asker=f"p{place % people}",
        )
        for place, each in enumerate(lessons())
    ]  # fmt: skip


def test_what_five_people_agreed_to_press_moves_no_topic(setup: Setup) -> None:
    """Eighty times, in the latest month too, by which a candidate is judged."""
    before = state(setup)
    report = run(setup, turned_by(5))
    assert report.turned == 0
    assert report.outcome != running.PROMOTED
    assert state(setup) == before
    assert setup.base.search(ASKED)[0].article == "reset"


def test_a_topic_that_turned_is_answered_by_the_other_article_until_undone(setup: Setup) -> None:
    """Whatever its own page says, and in words that nobody used."""
    asked = ASKED
    assert setup.base.search(asked)[0].article == "reset"
    found = turned_by(20)
    report = run(setup, found)
    assert report.outcome == running.PROMOTED, report.reasons
    serving = setup.versions.serving()
    assert serving is not None
    assert ("reset", "travel") in serving.turned
    assert setup.base.search(asked)[0].article == "travel"
    assert undo(setup, found) is None
    assert setup.base.search(asked)[0].article == "reset"


def test_whoever_is_forgotten_is_not_in_what_serves_after_the_next_run(setup: Setup) -> None:
    """Their tickets are gone from the version, and older versions with them are deleted."""
    run(setup, lessons())
    first = setup.versions.serving()
    assert first is not None
    theirs = {each.ticket for each in lessons() if each.asker == "p3"}
    left = [each for each in lessons() if each.asker != "p3"]
    later = replace(setup, now=NOW + timedelta(hours=1))
    report = run(later, left)
    now = setup.versions.serving()
    assert report.outcome in {running.PROMOTED, running.WITHDRAWN}
    assert now is not None
    assert not now.tickets & theirs
    assert not (setup.versions.folder / first.name).exists()
    assert (
        len(artifact.load(setup.versions.model).tables["memory_texts"])
        == len(artifact.load(setup.versions.base).tables["memory_texts"]) + report.kept
    )


def test_where_all_are_forgotten_the_shipped_labels_serve(setup: Setup) -> None:
    """Nothing is left to learn from."""
    before = state(setup)
    run(setup, lessons())
    report = run(replace(setup, now=NOW + timedelta(hours=1)), [])
    assert report.outcome == running.BACK
    assert state(setup)[:3] == before[:3]


def test_nobodys_words_or_names_stand_in_what_is_kept(setup: Setup) -> None:
    """The model shows a ticket's number; versions and journal name tickets alone."""
    run(setup, lessons())
    for file in setup.versions.folder.rglob("*.json*"):
        assert "turnstile badge reader" not in file.read_text(encoding="utf-8")
    tables = (setup.versions.model / "tables.json").read_text(encoding="utf-8")
    assert "turnstile badge reader" not in tables
    assert "T-1" in tables


def test_matters_priorities_and_followups_stay_as_they_were(setup: Setup) -> None:
    """What else the model can do is the base's, bit by bit."""
    run(setup, lessons())
    base, now = (artifact.load(each) for each in (setup.versions.base, setup.versions.model))
    own = {"known", "known_layers", "dual", "prior", "slopes", "starts", "word_weights"}
    for name in base.arrays:
        if name.startswith(("followup_", "priority.")):
            assert (base.arrays[name] == now.arrays[name]).all()
    assert own & now.arrays.keys()


def test_two_runs_at_once_are_refused(setup: Setup) -> None:
    """The second says so."""
    with setup.versions.alone(), pytest.raises(FrontlineError, match="learning just now"):
        run(setup, lessons())


def test_nothing_to_undo_is_said(setup: Setup) -> None:
    """With what goes back further."""
    with pytest.raises(FrontlineError, match="model rollback"):
        undo(setup, [])


def test_labels_other_than_the_models_are_refused(setup: Setup, tmp_path: Path) -> None:
    """A candidate of other shipped labels would not be compared with its like."""
    other = tmp_path / "other.jsonl"
    rows = [{"text": f"text {n}", "label": ("L1", "L2")[n % 2]} for n in range(8)]
    other.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    with pytest.raises(FrontlineError, match="--data"):
        run(replace(setup, data=(other,)), lessons())
