"""`frontline kb sync` with live sources: each is a line, and one stops no other."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from bot.cli import frontline
from bot.live.bringing import alone
from bot.service.context import utc_now
from bot.store.unit_of_work import Store
from tests.kb.conftest import WordEncoder
from tests.live.site import Said, Site, listening, page

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from click.testing import Result

pytestmark = pytest.mark.rare


@pytest.fixture
def site() -> Iterator[Site]:
    """A site with one page."""
    with listening() as found:
        found.sitemap(("/badge", ""))
        found.answers["/badge"] = page("Order a badge", "Write to the lodge.")
        yield found


@pytest.fixture
def desk(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a configuration of two sources, and an encoder without a model."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FRONTLINE_DB", raising=False)
    monkeypatch.setattr("kb.encoding.loading.load_encoder", lambda *_: WordEncoder())
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "vpn.md").write_text("# VPN\n\nStart the client.\n")
    (tmp_path / "frontline.toml").write_text(
        'database = "var/f.db"\n[sources.docs]\nkind = "folder"\npath = "docs"\n'
        f'[sources.site]\nkind = "sitemap"\nurl = "{site.base}/sitemap.xml"\n'
        'internal = ["127.0.0.1"]\n'
    )
    return tmp_path


def run(*words: str) -> Result:
    """Run a command."""
    return CliRunner().invoke(frontline, list(words))


def test_all_sources_are_brought_in_by_hand(desk: Path) -> None:
    """And the second time nothing is done."""
    first = run("kb", "sync")
    assert first.exit_code == 0, first.output
    assert first.stdout == "docs: 1 changed, 1 articles\nsite: 1 changed, 1 articles\n"
    assert run("kb", "sync").stdout == "docs: as before\nsite: as before\n"
    assert run("kb", "sync", "--source", "site").stdout == "site: as before\n"
    rows = [json.loads(line) for line in run("kb", "sources", "--json").stdout.splitlines()]
    assert [(row["source"], row["articles"], row["well"]) for row in rows] == [
        ("docs", 1, True),
        ("site", 1, True),
    ]


def test_one_in_trouble_stops_no_other(desk: Path, site: Site) -> None:
    """It keeps what it had, and the exit says so."""
    run("kb", "sync")
    (desk / "docs" / "wifi.md").write_text("# Wifi\n\nChoose it.\n")
    site.answers["/sitemap.xml"] = Said(b"", 429, {"Retry-After": "7200"})
    result = run("kb", "sync")
    assert result.exit_code == 1
    assert result.stdout == "docs: 1 changed, 2 articles\n"
    assert "site: 127.0.0.1 answered 429" in result.stderr
    assert "1 of 2 sources could not be brought in; see above." in result.stderr
    line = run("kb", "sources").stdout.splitlines()[1]
    assert "1 article of" in line
    assert "1 try failed" in line
    state = Store(desk / "var" / "f.db", utc_now).live.states({"site": ""})[0]
    assert state.next_at is not None
    assert state.began_at is not None
    assert (state.next_at - state.began_at).total_seconds() >= 7_199


def test_a_database_that_was_lost_is_filled_again(desk: Path, site: Site) -> None:
    """Though the copy says that nothing has changed."""
    run("kb", "sync")
    for file in (desk / "var").glob("f.db*"):
        file.unlink()
    assert "site: 1 changed, 1 articles" in run("kb", "sync").stdout


def test_more_than_half_goes_only_where_somebody_says_so(desk: Path) -> None:
    """By the word that the line names."""
    for number in range(9):
        (desk / "docs" / f"{number}.md").write_text(f"# Number {number}\n\nWords.\n")
    run("kb", "sync")
    for number in range(9):
        (desk / "docs" / f"{number}.md").unlink()
    refused = run("kb", "sync", "--source", "docs")
    assert refused.exit_code == 1
    assert "9 of 10 articles would be gone" in refused.stderr
    told = run("kb", "sync", "--source", "docs", "--prune")
    assert told.stdout == "docs: 9 changed, 1 articles\n"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--source", "wiki"], "there is no source 'wiki': there are docs, site"),
        (["docs", "--source", "docs"], "--source is for live sources alone"),
        (["--source", "docs", "--dry-run"], "--source is for live sources alone"),
    ],
)
def test_wrong_usage_is_said(desk: Path, words: list[str], says: str) -> None:
    """Before anything is done."""
    result = run("kb", "sync", *words)
    assert result.exit_code == 2
    assert says in result.stderr


def test_two_at_once_are_one(desk: Path) -> None:
    """A second process leaves a source alone that is being brought in."""
    with alone(desk / "var" / "sources" / "docs"):
        result = run("kb", "sync", "--source", "docs")
    assert result.exit_code == 1
    assert "docs: It is being brought in just now." in result.stderr
