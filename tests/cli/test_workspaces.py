"""`frontline workspaces`, and what `serve` wants before it serves several."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from cryptography.fernet import Fernet

from bot.cli import frontline
from bot.desk.ids import UserId
from bot.desk.workspaces import HomeId, Installation, Serving
from bot.service.context import utc_now
from bot.settings.writing import Wanted, configuration
from bot.store.holding import Holding
from bot.store.installed import Installations
from bot.store.unit_of_work import Store
from tests.scenarios.tenants import CONFIGURATION

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

ONE, TWO = HomeId("T0LARK0001"), HomeId("T0MERID001")


@pytest.fixture
def house(tmp_path: Path, empty_database: Path, monkeypatch: pytest.MonkeyPatch) -> Installations:
    """Two workspaces on record, with their folders."""
    monkeypatch.chdir(tmp_path)
    key = Fernet.generate_key().decode()
    monkeypatch.setenv("FRONTLINE_TOKENS_KEY", key)
    # Nothing listens there: a token cannot be given back, and that is no failure.
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:9/api/")
    (tmp_path / "frontline.toml").write_text(
        'database = "house.db"\n[workspaces]\nfolder = "all"\nallow = ["T0LARK0001"]\n'
    )
    shutil.copy(empty_database, tmp_path / "house.db")
    known = Installations(tmp_path / "house.db", utc_now, key)
    for home, name in ((ONE, "Larkfield"), (TWO, "Meridian")):
        known.save(
            Installation(
                home, name, "xoxb-1", UserId("U0FRONT001"), UserId("U0SAM00001"), utc_now()
            )
        )
        folder = tmp_path / "all" / home
        (folder / "var").mkdir(parents=True)
        (folder / "frontline.toml").write_text(CONFIGURATION)
        shutil.copy(empty_database, folder / "var" / "frontline.db")
    return known


def run(*words: str) -> Result:
    """Run a command."""
    return CliRunner().invoke(frontline, list(words))


def test_the_list_says_how_each_desk_stands(house: Installations) -> None:
    """With the reason, since when, and where; no token."""
    house.stand(ONE, Serving.SERVED)
    house.stand(TWO, Serving.WAITING, "Slack refuses Frontline: token_revoked.")
    told = run("workspaces", "list").output
    assert "T0LARK0001 Larkfield: served since" in told
    assert "token_revoked" in told
    assert "xoxb" not in told
    rows = [json.loads(line) for line in run("workspaces", "list", "--json").output.splitlines()]
    assert [(each["home"], each["stands"]) for each in rows] == [(ONE, "served"), (TWO, "waiting")]


def test_a_served_desk_that_sends_nothing_says_why(house: Installations, tmp_path: Path) -> None:
    """Its token was revoked, and nobody told us."""
    house.stand(ONE, Serving.SERVED)
    Store(tmp_path / "all" / ONE / "var" / "frontline.db", utc_now).stops.stop(
        "all", "Slack refuses Frontline: token_revoked."
    )
    told = run("workspaces", "list").output.splitlines()
    assert "token_revoked" in told[0]
    assert "token_revoked" not in told[1]


def test_one_is_taken_out_and_the_other_stays(house: Installations, tmp_path: Path) -> None:
    """Its token is gone, its data stays; with --data that goes too, once nobody works on it."""
    assert run("workspaces", "remove", ONE, "--yes").exit_code == 0
    first, second = house.all()
    assert (first.is_installed, first.token) == (False, "")
    assert second.is_installed
    assert (tmp_path / "all" / ONE / "var" / "frontline.db").exists()
    assert "ended" in run("workspaces", "list").output
    assert run("workspaces", "remove", ONE, "--yes", "--data").exit_code == 0
    assert not (tmp_path / "all" / ONE).exists()
    assert [each.home for each in house.all()] == [TWO]
    assert (tmp_path / "all" / TWO / "frontline.toml").exists()


def test_what_is_in_use_is_not_deleted(
    house: Installations, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A desk that has not stopped keeps its folder."""
    monkeypatch.setattr("bot.cli.serving.workspaces.STOPS_WITHIN_S", -1.0)
    holding = Holding(tmp_path / "all" / ONE / "var" / "frontline.db", utc_now)
    holding.lock()
    refused = run("workspaces", "remove", ONE, "--yes", "--data")
    holding.unlock()
    assert refused.exit_code == 1
    assert "Nothing was deleted" in refused.output
    assert (tmp_path / "all" / ONE).exists()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("workspaces", "remove", "T0NOWHERE1", "--yes"), "There is no workspace T0NOWHERE1"),
        (("serve",), "needs --http"),
        (("serve", "--http", "127.0.0.1:0"), "SLACK_CLIENT_ID and SLACK_CLIENT_SECRET"),
        (("doctor",), "`frontline workspaces list`"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(
    house: Installations, words: tuple[str, ...], says: str
) -> None:
    """And why."""
    told = run(*words)
    assert told.exit_code in {1, 2}
    assert says in " ".join(told.output.split())
    assert len(house.all()) == 2


def test_a_key_that_is_none_is_named(house: Installations, monkeypatch: pytest.MonkeyPatch) -> None:
    """By its own name: `FRONTLINE_KEY` is another."""
    monkeypatch.setenv("FRONTLINE_TOKENS_KEY", "secret")
    told = run("workspaces", "list")
    assert told.exit_code == 1
    assert "FRONTLINE_TOKENS_KEY is no key; put back the one" in told.output
    assert len(house.all()) == 2


def test_without_a_classifier_nothing_is_served(
    house: Installations, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Said at the start, not when somebody installs the app."""
    for name in ("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "SLACK_SIGNING_SECRET"):
        monkeypatch.setenv(name, "x")
    told = run("serve", "--http", "127.0.0.1:0")
    assert told.exit_code == 1
    assert "`frontline classifier train` once" in told.output
    assert len(house.all()) == 2


def test_a_desks_own_configuration_serves_no_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor does one of several say anything about a desk."""
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "frontline.toml"
    file.write_text(configuration(Wanted((), ("it-help",), "l2", "l3")))
    assert "it is of one desk" in run("workspaces", "list").output
    file.write_text('[workspaces]\nfolder = "all"\n[desk]\nadmins = ["U0SAM00001"]\n')
    assert "each workspace's own" in run("workspaces", "list").output


def test_the_manifest_of_several_has_what_installing_needs() -> None:
    """Where Slack comes back to, organisations, rotation, and the ends of installations."""
    told = json.loads(run("manifest", "--several", "--http", "https://desk.example").output)
    assert told["oauth_config"]["redirect_urls"] == ["https://desk.example/slack/oauth_redirect"]
    assert told["settings"]["org_deploy_enabled"]
    assert told["settings"]["token_rotation_enabled"]
    assert "app_uninstalled" in told["settings"]["event_subscriptions"]["bot_events"]
    assert run("manifest", "--several").exit_code == 2
