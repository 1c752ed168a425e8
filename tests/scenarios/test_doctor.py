"""`frontline doctor` as an admin reads it: it looks at everything, and changes nothing."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from bot.cli import frontline
from bot.service.context import utc_now
from bot.store.unit_of_work import Store
from tests.scenarios.office import ANA, BOT, MEI, Office, configuration

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.rare

CONFIG = """
[channels.it-help]
mode = "questions"
[groups.l2]
tier = "L2"
channel = "l2-support"
usergroup = "l2-oncall"
fallback = ["U0NEVER001"]
[groups.l2.rota]
members = ["U0MEI00001", "U0GHOST001"]
[groups.l3]
tier = "L3"
channel = "l3-engineering"
usergroup = "l3-oncall"
"""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A workspace with the bot in it."""
    with Office(tmp_path_factory.mktemp("doctor"), file=configuration()) as opened:
        yield opened


def doctor(office: Office, monkeypatch: pytest.MonkeyPatch, db: Path, **tokens: str) -> str:
    """Run the doctor with a configuration of its own; gives what it prints."""
    monkeypatch.setenv("SLACK_BOT_TOKEN", tokens.get("bot", office.playground.bot_token))
    monkeypatch.setenv("SLACK_APP_TOKEN", tokens.get("app", office.playground.app_token))
    monkeypatch.setenv("SLACK_API_URL", office.playground.api_url)
    config = db.parent.parent / "frontline.toml"
    if not config.exists():
        config.write_text(CONFIG, "utf-8")
    done = CliRunner().invoke(frontline, ["--config", str(config), "doctor", "--db", str(db)])
    return done.output


def everything(folder: Path) -> dict[str, str]:
    """Give each file below a folder with its hash, and each folder."""
    return {
        str(each.relative_to(folder)): hashlib.sha256(each.read_bytes()).hexdigest()
        if each.is_file()
        else "folder"
        for each in sorted(folder.rglob("*"))
    }


def test_the_doctor_makes_nothing_where_nothing_is(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither database nor folder."""
    (tmp_path / "frontline.toml").write_text(CONFIG, "utf-8")
    before = everything(tmp_path)
    said = doctor(office, monkeypatch, tmp_path / "var" / "frontline.db")
    assert everything(tmp_path) == before
    assert "does not exist yet" in said


@pytest.mark.sqlite
def test_the_doctor_changes_nothing_that_is_there(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even beside a database that was closed properly."""
    db = tmp_path / "var" / "frontline.db"
    store = Store(db, utc_now)
    store.migrate()
    store.glance.close()
    (tmp_path / "frontline.toml").write_text(CONFIG, "utf-8")
    before = everything(tmp_path)
    said = doctor(office, monkeypatch, db)
    assert everything(tmp_path) == before
    assert "frontline.db opens" in said


@pytest.mark.sqlite
def test_the_doctor_reads_beside_a_running_bot(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same rows stay, and nothing new lies beside them."""
    office.settle()
    names = {each.name for each in office.settings.db.parent.iterdir()}
    said = doctor(office, monkeypatch, office.settings.db)
    assert "opens" in said
    assert {each.name for each in office.settings.db.parent.iterdir()} == names


def test_a_channel_without_the_bot_and_people_who_are_none_are_named(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All is not well when it is in none of its channels."""
    office.playground.control("member", channel="l2-support", user=BOT, remove=True)
    try:
        said = doctor(office, monkeypatch, tmp_path / "var" / "frontline.db")
    finally:
        office.playground.control("member", channel="l2-support", user=BOT)
    assert "FAIL channel l2-support" in said
    assert "the bot is not in it; write /invite" in said
    assert "ok   channel l3-engineering" in said
    assert "U0NEVER001: is no member of the workspace; take them out of groups.l2.fallback" in said
    assert "U0GHOST001: is no member of the workspace; take them out of groups.l2.rota" in said
    assert f"person {MEI}" not in said
    assert "All is well" not in said
    assert ANA not in said


def test_a_group_that_calls_nobody_is_named_before_there_is_an_app(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the configuration alone, and once; a rota, a user group or a fallback is somebody."""
    (tmp_path / "frontline.toml").write_text(
        CONFIG.replace('usergroup = "l3-oncall"\n', ""), encoding="utf-8"
    )
    db = tmp_path / "var" / "frontline.db"
    for tokens in ({"bot": "", "app": ""}, {}):
        said = doctor(office, monkeypatch, db, **tokens)
        assert said.count("group l3: ") == 1
        assert "FAIL group l3: nobody is called; name `usergroup`, `fallback` or a rota" in said
        assert "group l2: nobody" not in said


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"app": "xapp-wrong"}, "FAIL app token: Slack refuses SLACK_APP_TOKEN"),
        ({"bot": "xoxb-wrong"}, "check SLACK_BOT_TOKEN"),
        ({"bot": "xapp-1", "app": "xoxb-1"}, "are they swapped?"),
        ({"app": "xoxb-2"}, "SLACK_APP_TOKEN"),
        ({"bot": ""}, "SLACK_BOT_TOKEN not set"),
    ],
)
def test_a_wrong_token_is_told_by_its_name(
    office: Office,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    given: dict[str, str],
    says: str,
) -> None:
    """A wrong app token is not a wrong bot token."""
    assert says in doctor(office, monkeypatch, tmp_path / "var" / "frontline.db", **given)
