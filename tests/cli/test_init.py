"""`frontline init`: a desk of one's own from a folder, or one line why not, and nothing written."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import classifier
import kb
from bot.bootstrap.learning import labels_of
from bot.settings.loading import load_settings
from classifier.data.shipped import shipped_data
from kb.glance import article_ids, is_sample
from kb.searching.base import KnowledgeBase
from tests.classifier.conftest import HashingEncoder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from click.testing import Result

    from kb.encoding.encoder import Encoder

PAGES = ("badges", "bicycles", "canteen", "desks", "heating", "lifts", "lockers", "meetings",
         "parking", "visitors")  # fmt: skip


@pytest.fixture
def run(run: Callable[..., Result], tmp_path: Path) -> Callable[..., Result]:
    """Run a command beside ten pages."""
    pages = tmp_path / "our pages"
    pages.mkdir()
    for name in PAGES:
        text = f"# All about {name}\n\nWhoever needs {name} asks the porter for {name} today.\n"
        (pages / f"{name}.md").write_text(text)
    return run


def test_a_folder_becomes_a_desk(run: Callable[..., Result]) -> None:
    """Configuration, articles, calibration and next steps; nothing of the sample."""
    done = run("init", "--yes", "--articles", "our pages", "--channel", "#help", "--zone",
               "Europe/Berlin", "--admin", "U0ABCDEFG1", "--l2-usergroup", "@first")  # fmt: skip
    assert done.exit_code == 0, done.output
    settings = load_settings()
    assert [str(path) for path in settings.file.knowledge.sources] == ["our pages"]
    assert list(settings.modes) == ["help"]
    assert settings.groups.groups[0].usergroup == "first"
    assert str(settings.groups.groups[0].hours.zone) == "Europe/Berlin"
    assert settings.admins == {"U0ABCDEFG1"}
    assert "U0SAM" not in Path("frontline.toml").read_text()
    assert article_ids(settings.db) == set(PAGES)
    assert not (settings.db.stat().st_mode | settings.db.parent.stat().st_mode) & 0o077
    assert "10 articles" in done.output
    assert 'frontline ask "All about badges"' in done.output
    assert "#help, #l2-support, #l3-engineering" in done.output
    again = run("kb", "sync")
    assert "unchanged 10" in again.output


@pytest.mark.rare
def test_what_is_not_given_is_asked(run: Callable[..., Result]) -> None:
    """An answer of Enter takes what is proposed."""
    done = run("init", said="our pages\nfront-desk\n\n#nights\n")
    assert done.exit_code == 0, done.output
    settings = load_settings()
    assert list(settings.modes) == ["front-desk"]
    assert [group.channel for group in settings.groups.groups] == ["l2-support", "nights"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--articles", "gone"), "gone: no such file or folder"),
        (("--articles", "empty"), "empty: no articles in this folder"),
        (("--articles", "notes"), "no reader for .txt (1: rename it to .md if it is an article)"),
        (
            ("--articles", "pictures"),
            "pictures: no articles in this folder (no reader for .png (1))",
        ),
        (("--articles", "our pages", "--zone", "Mars/Base"), "'Mars/Base' is no time zone"),
        (("--articles", "our pages", "--channel", "#"), "a channel has no name"),
        (("--articles", "our pages", "--admin", "sam"), "desk.admins"),
        (("--articles", "our pages", "--articles", "gone"), "gone: no such file or folder"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_written(
    run: Callable[..., Result], words: Sequence[str], said: str
) -> None:
    """One clear line; no half of a desk."""
    Path("empty").mkdir()
    Path("pictures").mkdir()
    Path("pictures/plan.png").write_bytes(b"\x89PNG")
    Path("notes").mkdir()
    Path("notes/a.txt").write_text("how to do it")
    refused = run("init", "--yes", *words)
    assert refused.exit_code in {1, 2}
    assert said in refused.output
    assert {path.name for path in Path().iterdir()} == {"empty", "notes", "our pages", "pictures"}


@pytest.mark.rare
def test_whoever_interrupts_goes_on_with_the_same_command(
    run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No configuration of half a desk; what was read stays, and is not read again."""

    def interrupted(*_: object, **_named: object) -> None:
        raise KeyboardInterrupt

    words = ("init", "--yes", "--articles", "our pages")
    with monkeypatch.context() as patch:
        patch.setattr("kb.tuning.calibrating.calibrate", interrupted)
        stopped = run(*words)
    assert stopped.exit_code == 1
    assert "Error: interrupted; frontline.toml is not written yet" in stopped.output
    assert not list(Path().glob("frontline.toml*"))
    assert article_ids(Path("var/frontline.db")) == set(PAGES)
    with monkeypatch.context() as patch:
        patch.setattr("kb.searching.base.KnowledgeBase.sync", interrupted)
        stopped = run("kb", "sync", "our pages", "--db", "var/frontline.db")
    assert "interrupted; what was embedded is kept: the same command goes on" in stopped.output
    done = run(*words)
    assert done.exit_code == 0, done.output
    assert load_settings().db == Path("var/frontline.db")


@pytest.mark.rare
def test_a_configuration_that_is_there_stays(run: Callable[..., Result]) -> None:
    """With --force it is kept beside."""
    Path("frontline.toml").write_text('database = "ours.db"\n')
    refused = run("init", "--yes", "--articles", "our pages")
    assert refused.exit_code == 1
    assert "is here already" in refused.output
    assert run("init", "--yes", "--articles", "our pages", "--force").exit_code == 0
    assert tomllib.loads(Path("frontline.toml.before").read_text()) == {"database": "ours.db"}


def _sample_beside(db: Path, encoder: Encoder) -> None:
    source = Path("kb/articles").absolute()  # files are read by a child, which stays where it began
    source.mkdir(parents=True)
    for file in sorted((Path(kb.__file__).parent / "articles").glob("*.md"))[:4]:
        (source / file.name).write_bytes(file.read_bytes())
    db.parent.mkdir(exist_ok=True)
    base = KnowledgeBase.open(db, encoder)
    base.sync([source])
    base.close()


@pytest.mark.rare
def test_sample_articles_do_not_stay_beside_own_ones(run: Callable[..., Result]) -> None:
    """Those that a demo left in the database go; own ones of the same name stay."""
    _sample_beside(Path("var/frontline.db"), HashingEncoder())
    done = run("init", "--yes", "--articles", "our pages")
    assert "removed 4 articles of the sample desk" in done.output
    assert article_ids(Path("var/frontline.db")) == set(PAGES)


@pytest.mark.rare
def test_a_collection_is_removed_whole(run: Callable[..., Result]) -> None:
    """And what is no collection is said, with those that there are."""
    assert run("init", "--yes", "--articles", "our pages").exit_code == 0
    Path("rules").mkdir()
    Path("rules/dogs.md").write_text("# Dogs\n\nMay come in on Fridays, on a lead.\n")
    rules = str(Path("rules").absolute())  # read by a child, which stays where it began
    assert run("kb", "sync", rules, "--collection", "rules").exit_code == 0
    refused = run("kb", "remove", "rule")
    assert refused.exit_code == 1
    assert "no collection 'rule' here; the collections are: default, rules" in refused.output
    done = run("kb", "remove", "rules")
    assert done.exit_code == 0, done.output
    assert "removed 1 articles; 10 are left" in done.output
    assert run("kb", "remove", "--sample").exit_code == 1
    assert run("kb", "remove").exit_code == 2
    assert "added 1" in run("kb", "sync", rules, "--collection", "rules").output


def test_the_shipped_messages_are_found_from_any_folder(run: Callable[..., Result]) -> None:
    """They are beside the package, in a checkout as in an installation."""
    assert shipped_data() == Path(classifier.__file__).resolve().parents[1] / "training_data"
    assert (shipped_data() / "holdout.json").is_file()
    assert run("init", "--yes", "--articles", "our pages").exit_code == 0
    own = Path("labels")
    assert labels_of(load_settings()) == (shipped_data(),)
    own.mkdir(exist_ok=True)
    (own / "mine.jsonl").write_text("{}", encoding="utf-8")
    assert labels_of(load_settings()) == (shipped_data(), own)


@pytest.mark.parametrize(
    ("ids", "sample"),
    [
        (set(), False),
        ({"leave", "parking"}, False),
        ({"reset-password", "parking", "leave"}, False),
        ({"reset-password", "api-key-rotation"}, True),
        ({"reset-password", "api-key-rotation", "leave"}, True),
    ],
)
def test_a_base_is_the_samples_if_most_of_it_is(ids: set[str], sample: bool) -> None:
    """One article of the same name makes none."""
    assert is_sample(frozenset(ids)) is sample
