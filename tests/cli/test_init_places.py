"""`frontline init` with live sources: by flags or questions, or one line and nothing written."""

from __future__ import annotations

import subprocess
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.cli.adopting.places import Place, asked, named
from bot.settings.loading import load_settings
from bot.settings.writing import Wanted, configuration
from kb.glance import article_ids
from tests.live.site import Said, listening, page

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result


@pytest.mark.parametrize(
    ("place", "name", "settings"),
    [
        (Place("git", "https://git.example/it/Hand_book.git", within="docs"), "hand_book",
         {"url": "https://git.example/it/Hand_book.git", "within": "docs"}),
        (Place("git", "git@git.example:it/handbook.git"), "handbook",
         {"url": "git@git.example:it/handbook.git"}),
        (Place("sitemap", "https://help.example/sitemap.xml", within="/it/", user="x"), "help",
         {"url": "https://help.example/sitemap.xml", "within": "/it/"}),
        (Place("zendesk", "https://desk.zendesk.com/", user="a@b.example", token_env="Z"), "desk",
         {"url": "https://desk.zendesk.com/", "user": "a@b.example", "token_env": "Z"}),
        (Place("confluence", "https://w.atlassian.net/wiki", spaces=("IT",), token_env="W"), "w",
         {"url": "https://w.atlassian.net/wiki", "spaces": ("IT",), "token_env": "W"}),
        (Place("sitemap", "https://wiki/sitemap.xml", internal=("wiki",)), "wiki",
         {"url": "https://wiki/sitemap.xml", "internal": ("wiki",)}),
    ],
)  # fmt: skip
def test_what_is_written_is_read_as_it_was_meant(
    tmp_path: Path, place: Place, name: str, settings: dict[str, object]
) -> None:
    """Each kind with its own keys and no other; no folder is asked for beside it."""
    file = tmp_path / "frontline.toml"
    wanted = Wanted((), ("help",), "first", "second", places=named([place, place]))
    file.write_text(configuration(wanted), encoding="utf-8")
    read = load_settings(file)
    assert set(read.file.sources) == {name, f"{name}-2"}
    found = read.file.sources[name].model_dump(exclude_defaults=True)
    assert found == {"kind": place.kind, **settings}
    assert read.folders == ()


@pytest.mark.parametrize(
    ("answers", "folder", "place"),
    [
        (["folder", "Our Pages"], "Our Pages", None),
        (["Our Pages"], "Our Pages", None),
        (["git", "https://g.example/a"], "", Place("git", "https://g.example/a")),
        (["Sitemap", " https://s.example/x.xml "], "", Place("sitemap", "https://s.example/x.xml")),
        (["zendesk", "https://z", "", "T"], "", Place("zendesk", "https://z", token_env="T")),
        (["confluence", "https://c", "IT, HR", "a@b", "T"], "",
         Place("confluence", "https://c", spaces=("IT", "HR"), user="a@b", token_env="T")),
    ],
)  # fmt: skip
def test_each_kind_asks_for_what_it_needs(
    answers: list[str], folder: str, place: Place | None
) -> None:
    """And for nothing else; a path is an answer to the first question, too."""
    left = list(answers)
    assert asked(lambda _what, _default: left.pop(0)) == (folder, place)
    assert left == []


@pytest.mark.rare
def test_a_site_becomes_a_desk(run: Callable[..., Result], tmp_path: Path) -> None:
    """Brought in, calibrated, looked over; `kb sync` goes on with it."""
    with listening() as site:
        site.sitemap(("/badge", ""), ("/desk", ""))
        site.answers["/badge"] = page("Order a badge", "Write to the lodge, it takes a day.")
        site.answers["/desk"] = page("Book a desk", "Choose it in the plan of the floor.")
        words = ("--sitemap", f"{site.base}/sitemap.xml", "--internal", "127.0.0.1")
        done = run("init", "--yes", *words)
        assert done.exit_code == 0, done.output
        assert "2 articles in var/frontline.db" in done.output
        assert len(article_ids(Path("var/frontline.db"))) == 2
        assert "[sources.127]" in Path("frontline.toml").read_text()
        assert "as before" in run("kb", "sync").output


@pytest.mark.rare
@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (Said(b"no", 401), "401"),
        (Said(b"slowly", 429), "429"),
        (Said(b"broken", 500), "500"),
        (page("Sign in", "Give your name."), "sitemap"),
        (Said(b"<urlset></urlset>"), "Nothing was written"),
    ],
)
def test_a_site_that_gives_nothing_leaves_nothing(
    run: Callable[..., Result], tmp_path: Path, answer: Said, says: str
) -> None:
    """One line that names the source and the trouble; no half of a desk."""
    with listening() as site:
        site.answers["/sitemap.xml"] = answer
        words = ("--sitemap", f"{site.base}/sitemap.xml", "--internal", "127.0.0.1")
        refused = run("init", "--yes", *words)
    assert refused.exit_code == 1
    assert says in refused.output
    assert "Nothing was written" in refused.output
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_token_that_is_not_there_is_named(run: Callable[..., Result], tmp_path: Path) -> None:
    """Before anything is asked of the service."""
    words = ("--zendesk", "https://desk.zendesk.com", "--token-env", "NO_SUCH_TOKEN")
    refused = run("init", "--yes", *words)
    assert refused.exit_code == 1
    assert "NO_SUCH_TOKEN is not set in the environment. Nothing was written" in refused.output
    assert not (tmp_path / "frontline.toml").exists()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--confluence", "https://w.example/wiki"), "needs spaces"),
        (("--sitemap", "help.example/sitemap.xml"), "begins with https://"),
        (("--zendesk", "https://me:secret@z.example"), "url holds a name or password"),
        (("--git", "https://g.example/a", "--token-env", "no name"), "token_env"),
        (("--git", "nowhere"), "nowhere"),
    ],
)
def test_what_cannot_be_a_source_is_said(
    run: Callable[..., Result], tmp_path: Path, words: tuple[str, ...], says: str
) -> None:
    """By the rules of the configuration, and nothing is written."""
    refused = run("init", "--yes", *words)
    assert refused.exit_code == 1
    assert says in refused.output
    assert not (tmp_path / "frontline.toml").exists()


@pytest.mark.rare
def test_a_repository_of_this_machine_becomes_a_desk(
    run: Callable[..., Result], tmp_path: Path
) -> None:
    """Its folder may be given as it is typed, relative to where one stands."""
    place = tmp_path / "handbook"
    place.mkdir()
    (place / "lifts.md").write_text("# Lifts\n\nThey rest at night; ask the porter for a key.\n")
    git = ("git", "-C", str(place), "-c", "user.name=I", "-c", "user.email=i@x.example")
    subprocess.run([*git[:3], "init", "-q"], check=True)
    subprocess.run([*git, "add", "."], check=True)
    subprocess.run([*git, "commit", "-qm", "Lifts"], check=True)
    done = run("init", "--yes", "--git", "handbook")
    assert done.exit_code == 0, done.output
    written = tomllib.loads(Path("frontline.toml").read_text())
    assert written["sources"]["handbook"]["path"] == str(place)
    assert article_ids(Path("var/frontline.db")) == {"lifts"}
