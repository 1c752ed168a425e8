"""Installing the app in several workspaces: who may, what they get, and how it ends."""

from __future__ import annotations

import json
import re
import stat
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from cryptography.fernet import Fernet
from prometheus_client import generate_latest

from bot.cli import frontline
from bot.desk.errors import FrontlineError
from bot.desk.workspaces import HomeId, Serving
from bot.service.context import utc_now
from bot.settings.tokens import app_secrets
from bot.store.database import StoreError
from bot.store.installed import Installations
from bot.store.outbox import Letters
from bot.workspaces import House, desks, house, tending
from tests.scenarios.tenants import (
    CONFIGURATION,
    GRID,
    LARK,
    MERIDIAN,
    Tenant,
    Tenants,
    browse,
    meridian,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


pytestmark = pytest.mark.rare


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tenants]:
    """Two workspaces and a house; each story installs what it needs."""
    with Tenants(tmp_path_factory.mktemp("installing")) as opened:
        yield opened


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is tried again is tried again at once."""
    monkeypatch.setattr(desks, "AGAIN_S", 0.05)
    monkeypatch.setattr(house, "LOOK_EVERY_S", 0.1)


def tell(tenant: Tenant, kind: str, **event: Any) -> None:
    """Let Slack tell the app something of itself."""
    tenant.playground.control("deliver", event={"type": kind, **event})


def test_a_new_workspace_gets_a_folder_and_its_installer_is_told_how_to_go_on(
    both: Tenants,
) -> None:
    """A configuration as `frontline init` writes it, nothing that others can read, a welcome."""
    page = both.install(LARK)
    assert (page.status, "Frontline is installed in Larkfield" in page.text) == (200, True)
    both.wait(lambda: both.is_served(LARK))
    root = both.folder / "all" / LARK
    assert stat.S_IMODE(root.stat().st_mode) == 0o700
    assert f'admins = ["{both.known(LARK).installer}"]' in (root / "frontline.toml").read_text()
    assert (root / "articles").is_dir()
    told = both.wait(
        lambda: [e for e in both.lark.playground.record() if "I know nothing yet" in str(e)]
    )
    assert told[0]["arguments"]["channel"].startswith("D")
    asked = both.lark.ask(both.lark.ana, "My password is refused by the new desk")
    asked.waits_for("Reset your password at Larkfield")


def test_installing_again_keeps_all_and_makes_no_second(both: Tenants) -> None:
    """The same workspace twice: one installation, with the newer token, and its tickets."""
    before = both.lark.rows("SELECT count(*) FROM tickets")
    first = both.known(LARK)
    assert both.install(LARK).status == 200
    both.wait(lambda: both.house.desk(LARK).installation.token != first.token)  # type: ignore[union-attr]
    both.wait(lambda: both.is_served(LARK))
    assert [each.home for each in both.house.installations.all()] == [LARK]
    assert both.lark.rows("SELECT count(*) FROM tickets") == before
    both.lark.ask(both.lark.ana, "My password after the second time").waits_for("Reset your")


def test_since_when_something_waits_is_told_of_all_desks_together(
    both: Tenants, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It decides nothing; nor does a desk whose database cannot be read."""
    if not both.is_served(LARK):
        both.install(LARK)
        both.wait(lambda: both.is_served(LARK))
    monkeypatch.setattr(Letters, "waits_since", lambda _: "2026-03-02T12:00:00.000000+00:00")
    page = browse(f"{both.url}/readyz")
    said = json.loads(page.text)["outbox_waits_since"]
    assert (page.status, said) == (200, {"ok": True, "is": "2026-03-02T12:00:00.000000+00:00"})

    def away(_: object) -> None:
        raise StoreError("The file is gone.")

    monkeypatch.setattr(Letters, "waits_since", away)
    page = browse(f"{both.url}/readyz")
    said = json.loads(page.text)["outbox_waits_since"]
    assert (page.status, said) == (200, {"ok": True, "is": None})


def test_a_state_serves_once_and_in_one_browser(both: Tenants) -> None:
    """Neither whoever brings it again nor whoever was sent a link installs anything."""
    begun = both.begun()
    page = both.come_back(begun, LARK)
    assert page.status == 200
    again = browse(page.url, begun.cookie)
    assert (again.status, "finished before" in again.text) == (401, True)
    elsewhere = browse(page.url)
    assert (elsewhere.status, "opened elsewhere" in elsewhere.text) == (400, True)
    assert browse(f"{both.url}/slack/oauth_redirect?code=x&state=y", begun.cookie).status == 400
    for page in (again, elsewhere):
        assert begun.cookie.split("=")[1] not in page.text


def test_an_installation_that_is_cancelled_changes_nothing(both: Tenants) -> None:
    """The page says so, and where to begin again."""
    page = both.install("")
    assert (page.status, "was cancelled" in page.text) == (200, True)
    assert [each.home for each in both.house.installations.all()] == [LARK]
    hostile = browse(f"{both.url}/slack/oauth_redirect?error=<script>alert(1)</script>")
    assert "<script>" not in hostile.text


def test_who_is_not_listed_may_not_install(tmp_path: Path) -> None:
    """Closed by default: the token goes back to Slack, no folder is made."""
    with Tenants(tmp_path, allow=(MERIDIAN,)) as one:
        page = one.install(LARK)
        assert (page.status, "not on the list" in page.text) == (403, True)
        assert one.house.installations.all() == ()
        assert one.slack._tokens == {}
        assert not (tmp_path / "all" / LARK).exists()


def test_uninstalled_it_sends_nothing_keeps_what_it_has_and_comes_back(both: Tenants) -> None:
    """In the workspace's own time; the other workspace notices nothing."""
    both.installed(MERIDIAN)
    both.meridian.ask(both.meridian.ana, "My password before the end").waits_for("Reset your")
    tickets = both.meridian.rows("SELECT id, question FROM tickets")
    both.slack.revoke(MERIDIAN)
    tell(both.meridian, "tokens_revoked", tokens={"oauth": [], "bot": ["U0FRONT001"]})
    tell(both.meridian, "app_uninstalled")
    both.wait(lambda: both.house.desk(MERIDIAN) is None)
    ended = both.known(MERIDIAN)
    assert (ended.is_installed, ended.token, ended.stands) == (False, "", Serving.STOPPED)
    assert "as Slack told" in ended.ended_why
    both.meridian.begin()
    both.meridian.ana.say("it-help", "My password after the end")
    both.lark.ask(both.lark.ana, "My password, while the other is gone").waits_for("Reset your")
    assert both.meridian.calls("chat.postMessage") == []
    both.wait(lambda: both.house._tending._keepers.get(MERIDIAN))
    assert both.meridian.rows("SELECT id, question FROM tickets") == tickets
    assert both.install(MERIDIAN).status == 200
    both.wait(lambda: both.is_served(MERIDIAN))
    both.meridian.ask(both.meridian.ana, "My password once more").waits_for("Reset your")
    assert MERIDIAN not in both.house._tending._keepers
    assert set(tickets) < set(both.meridian.rows("SELECT id, question FROM tickets"))


def test_what_slack_tells_late_or_of_people_ends_nothing(both: Tenants) -> None:
    """The end of an installation before this one; the tokens of people, of which there are none."""
    both.wait(lambda: both.is_served(MERIDIAN))
    tell(both.meridian, "app_uninstalled")
    tell(both.meridian, "tokens_revoked", tokens={"oauth": ["U0ANA00001"], "bot": []})
    both.wait(lambda: not both.house._leaving)
    both.meridian.ask(both.meridian.ana, "My password, still").waits_for("Reset your")
    assert both.known(MERIDIAN).is_installed


def test_a_desk_that_cannot_start_stops_no_other_and_is_shown(both: Tenants) -> None:
    """A broken configuration and a revoked token; each is mended, and comes by itself."""
    both.house.stop()
    config = both.lark.folder / "frontline.toml"
    config.write_text(config.read_text() + "\n[who]\nstranger = 1\n")
    both.house_opens()
    both.wait(lambda: both.is_served(MERIDIAN))
    shown = both.wait(lambda: (k := both.known(LARK)).stands is Serving.BROKEN and k.says)
    assert "frontline.toml:" in shown
    assert "stranger" in shown
    both.meridian.ask(both.meridian.ana, "My password beside a broken desk").waits_for("Reset")
    config.write_text(CONFIGURATION)
    both.wait(lambda: both.is_served(LARK))
    both.wait(lambda: both.known(LARK).stands is Serving.SERVED)
    both.house.stop()
    both.slack.revoke(LARK)
    both.house_opens()
    both.wait(lambda: both.is_served(MERIDIAN))
    shown = both.wait(lambda: (k := both.known(LARK)).stands is Serving.WAITING and k.says)
    assert "token_revoked" in shown
    assert both.known(LARK).is_installed
    both.meridian.ask(both.meridian.ana, "My password beside a revoked one").waits_for("Reset")
    assert both.install(LARK).status == 200
    both.wait(lambda: both.is_served(LARK))
    both.lark.ask(both.lark.ana, "My password, with a token again").waits_for("Reset your")


def test_a_token_that_is_revoked_at_work_stops_one_and_loses_nothing(both: Tenants) -> None:
    """What was asked meanwhile is answered once the app is installed again."""
    both.slack.revoke(LARK)
    both.lark.begin()
    waits = both.lark.ask(both.lark.ana, "My password, asked of a revoked desk")
    both.meridian.ask(both.meridian.ana, "My password, asked of the other").waits_for("Reset your")
    both.wait(lambda: both.lark.rows("SELECT 1 FROM sending_stops"))
    assert waits.replies == []
    assert both.install(LARK).status == 200
    waits.waits_for("Reset your password at Larkfield")
    assert waits.count("Reset your password") == 1


def test_an_end_that_nobody_told_of_is_found_by_the_token(
    both: Tenants, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It came while nobody listened; after a day of refusals it is taken for one."""
    both.house.stop()
    both.slack.revoke(LARK)
    both.house_opens()
    both.wait(lambda: both.known(LARK).stands is Serving.WAITING)
    monkeypatch.setattr(tending, "ASK_EVERY", timedelta(0))
    monkeypatch.setattr(tending, "GIVEN_UP_AFTER", timedelta(0))
    both.wait(lambda: not both.known(LARK).is_installed)
    both.wait(lambda: both.house.desk(LARK) is None)
    assert "refused for a day" in both.known(LARK).ended_why
    assert both.known(MERIDIAN).is_installed
    monkeypatch.undo()
    assert both.install(LARK).status == 200
    both.wait(lambda: both.is_served(LARK))


def test_what_changed_is_taken_up_without_a_restart(both: Tenants) -> None:
    """On SIGHUP: who may install, and one desk's configuration; what is wrong changes nothing."""
    config = both.lark.folder / "frontline.toml"
    config.write_text(CONFIGURATION.replace('[channels.it-help]\nmode = "questions"\n', ""))
    other = both.house.desk(MERIDIAN).application  # type: ignore[union-attr]
    one = both.house.desk(LARK).application  # type: ignore[union-attr]
    both.house.read_again()
    both.wait(lambda: both.is_served(LARK) and both.house.desk(LARK).application is not one)  # type: ignore[union-attr]
    one = both.house.desk(LARK).application  # type: ignore[union-attr]
    both.lark.begin()
    both.lark.ana.say("it-help", "My password in a channel that is none any more")
    both.lark.ask(both.lark.ana, "<@U0FRONT001> My password, mentioned").waits_for("Reset your")
    posted = [each["arguments"]["channel"] for each in both.lark.calls("chat.postMessage")]
    assert len([channel for channel in posted if channel.startswith("C")]) == 1
    config.write_text("[channels.it-help]\nmode = 'sometimes'\n")
    both.house.read_again()
    both.wait(lambda: not both.house._wants_reading)
    both.lark.ask(both.lark.ana, "<@U0FRONT001> My password, again").waits_for("Reset your")
    assert both.house.desk(LARK).application is one  # type: ignore[union-attr]
    assert both.house.desk(MERIDIAN).application is other  # type: ignore[union-attr]
    config.write_text(CONFIGURATION)


def test_figures_of_all_are_told_apart(both: Tenants) -> None:
    """One page for Prometheus; a broken desk is counted too."""
    for tenant in (both.lark, both.meridian):
        asked = tenant.ask(tenant.ana, "<@U0FRONT001> My password, to be counted")
        asked.waits_for("Reset your password")
    text = generate_latest(both.figures).decode()
    assert 'frontline_workspaces{stands="served"} 2.0' in text
    for home in (LARK, MERIDIAN):
        assert re.search(rf'frontline_decisions_total{{[^}}]*workspace="{home}"}} [1-9]', text)
        assert f'frontline_queue_waiting{{queue="inbox",workspace="{home}"}}' in text
    assert text.count("# TYPE frontline_decisions_total counter") == 1


def test_replicas_know_of_each_others_installations(both: Tenants) -> None:
    """At once of what another installed; what one that stops writes is set right by the others."""
    settings = both.settings
    beside = House(settings, app_secrets(settings), both.begin, "127.0.0.1:0")
    beside._installed = frozenset()
    assert beside.is_installed(LARK)
    assert not beside.is_installed(HomeId("T0NOWHERE1"))
    both.house.installations.stand(MERIDIAN, Serving.STOPPED)
    both.wait(lambda: both.known(MERIDIAN).stands is Serving.SERVED)


def test_a_desk_is_looked_over_by_its_own_token(
    both: Tenants, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Scopes, channels and groups of that workspace; the token itself is shown to nobody."""
    for name, value in (
        ("FRONTLINE_TOKENS_KEY", both.key), ("SLACK_API_URL", both.slack.api_url),
        ("SLACK_SIGNING_SECRET", both.lark.playground.signing_secret),
    ):  # fmt: skip
        monkeypatch.setenv(name, value)
    config = both.folder / "frontline.toml"
    config.write_text(
        f'database = "{both.folder / "house.db"}"\n[workspaces]\nfolder = "{both.folder / "all"}"'
    )
    told = CliRunner().invoke(frontline, ["--config", str(config), "workspaces", "doctor", LARK])
    assert "bot token: frontline in Larkfield" in told.output, told.output
    assert "group l2: 2 people" in told.output
    assert both.known(LARK).token not in told.output


def test_no_token_is_in_clear_and_another_key_is_refused(both: Tenants) -> None:
    """What lies on the disk is of no use without the environment."""
    token = both.known(LARK).token
    assert token.startswith("xoxb-")
    for file in both.folder.rglob("*"):
        assert not file.is_file() or token.encode() not in file.read_bytes(), file
    other = Installations(both.settings.db, utc_now, Fernet.generate_key().decode())
    with pytest.raises(FrontlineError, match="another key than the one that sealed"):
        other.all()
    assert token not in repr(both.known(LARK))


def test_a_token_is_replaced_before_its_end(tmp_path: Path) -> None:
    """The desk goes on with the new one; the old one is of no use any more."""
    with Tenants(tmp_path, rotates=True) as one:
        one.installed(LARK)
        first = one.known(LARK)
        assert first.expires_at is not None
        soon = utc_now() + timedelta(hours=1)
        one.house.installations.rotated(LARK, first.token, first.refresh_token, soon)
        one.wait(lambda: one.known(LARK).token != first.token)
        one.wait(lambda: one.house.desk(LARK).installation.token != first.token)  # type: ignore[union-attr]
        del one.slack._tokens[first.token]
        asked = one.lark.ask(one.lark.ana, "My password with a new token")
        asked.waits_for("Reset your password")
        asked.press("Read the whole article")
        assert one.lark.ana.wait_for(one.lark.ana.modal)


def test_an_organisation_installs_for_all_of_its_workspaces(tmp_path: Path) -> None:
    """`team` is null; events, presses and commands name the organisation."""
    both = Tenants(tmp_path)
    seed = meridian()
    grid = replace(seed.team, enterprise_id=GRID, enterprise_name="North Grid")
    both.meridian = Tenant(tmp_path / "all" / GRID, seed=replace(seed, team=grid))
    with both:
        both.meridian.folder.mkdir(parents=True)
        (both.meridian.folder / "frontline.toml").write_text(CONFIGURATION)
        assert both.install(MERIDIAN).status == 200
        both.wait(lambda: both.is_served(GRID))
        assert both.known(GRID).is_organisation
        asked = both.meridian.ask(both.meridian.ana, "My password in the grid")
        asked.waits_for("Reset your password at North Grid")
        asked.press("That solved it")
        asked.waits_for("Glad")
        both.meridian.ana.command("it-help", "/helpdesk mine")
        both.meridian.settle()
        assert "in the grid" in str(both.meridian.ana.ephemerals())
        both.meridian.ask(both.meridian.ana, "The vpn drops in the grid").waits_for("passed it to")
        card = both.meridian.card(both.meridian.mei, "drops in the grid")
        card.press("Take it")
        card.top_becomes("taken by")
        card.press("Resolve")
        assert card.fill({"cause": "A cause", "fix": "A fix"}) is None
        card.top_becomes("resolved")
