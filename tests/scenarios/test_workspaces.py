"""Two workspaces, one process: each its own articles, tickets and people, at every door.

People, channels, groups and tickets have the same ids in both: whatever went astray would fit.
"""

from __future__ import annotations

import json
import time
import urllib.parse
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from bot.cli import frontline
from bot.slack import actions as ids
from tests.scenarios.office import ANA, MEI
from tests.scenarios.over_http import answer_to
from tests.scenarios.tenants import LARK, MERIDIAN, Tenant, Tenants
from tests.scenarios.test_http_mode import signed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.rare

BREATHING = ("holder", "presence", "sqlite_sequence", "languages", "home_viewers")
"""Tables that change while nobody does anything."""


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tenants]:
    """Both workspaces, with the app installed, and a question passed on in each."""
    with Tenants(tmp_path_factory.mktemp("both")) as opened:
        opened.installed(LARK, MERIDIAN)
        for tenant in (opened.lark, opened.meridian):
            tenant.ask(tenant.ana, "The vpn drops at the gate").waits_for("passed it to")
            tenant.settle()
        yield opened


def everything(tenant: Tenant) -> dict[str, list[Any]]:
    """All that a workspace's database holds, but what beats by itself."""
    return {
        name: sorted(map(repr, tenant.rows(f'SELECT * FROM "{name}"')))
        for (name,) in tenant.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
        if name not in BREATHING and not name.startswith(("kb_", "ticket_words", "sqlite_"))
    }


@contextmanager
def untouched(tenant: Tenant) -> Iterator[None]:
    """Fail where something that is done elsewhere is seen in a workspace."""
    tenant.settle()
    tenant.begin()
    before = everything(tenant)
    yield
    tenant.settle()
    assert everything(tenant) == before
    said = [e for e in tenant.playground.record(tenant._since) if e["kind"] == "request"]
    assert [e["method"] for e in said if e["method"].startswith(("chat.", "views."))] == []


def test_each_is_answered_from_its_own_articles(both: Tenants) -> None:
    """The same person, channel and question, in two workspaces."""
    here = both.lark.ask(both.lark.ana, "My password is refused by the press")
    there = both.meridian.ask(both.meridian.ana, "My password is refused by the loom")
    here.waits_for("Reset your password at Larkfield")
    there.waits_for("Reset your password at Meridian")
    assert here.count("Meridian") == there.count("Larkfield") == 0
    assert both.lark.holding("by the loom") == both.meridian.holding("by the press") == set()


def ask_and_press(lark: Tenant) -> None:
    """A message, an answer, a press."""
    asked = lark.ask(lark.ana, "My password, again")
    asked.waits_for("[That solved it]")
    asked.press("That solved it")
    asked.waits_for("Glad")


def take_and_resolve(lark: Tenant) -> None:
    """A card, two presses, and a modal with what was entered."""
    card = lark.card(lark.mei, "at the gate")
    card.press("Take it")
    card.top_becomes("taken by")
    card.press("Resolve")
    assert card.fill({"cause": "A cause of Larkfield", "fix": "A fix"}) is None


def look_for_the_same(lark: Tenant) -> None:
    """The options of a menu, while somebody types."""
    asked = lark.ask(lark.ana, "The vpn drops at the bridge")
    asked.waits_for("passed it to")
    card = lark.card(lark.mei, "at the bridge")
    card.press("Take it")
    card.top_becomes("taken by")
    lark.settle()
    card.choose("Duplicate of")
    lark.mei.wait_for(lark.mei.modal)
    found = lark.mei.suggest("original", "gate")
    assert "loom" not in str(found)
    lark.mei.close_modal()


def command(lark: Tenant) -> None:
    """Slash commands, with and without words to look for."""
    lark.ana.command("it-help", "/helpdesk mine")
    lark.ana.command("it-help", "/helpdesk search gate")
    lark.mei.command("l2-support", "/oncall l2")
    lark.settle()


def look_home(lark: Tenant) -> None:
    """The app's Home."""
    lark.ana.open_home()
    assert lark.ana.wait_for(lark.ana.home)


def use_shortcuts(lark: Tenant) -> None:
    """A global shortcut, and one on a message."""
    lark.ana.shortcut(ids.ASK_ANYTHING)
    lark.ana.wait_for(lark.ana.modal)
    lark.ana.close_modal()
    ts = lark.ana.say("warehouse", "The printer by the scales is lazy")
    lark.ana.shortcut(ids.ASK_ABOUT, "warehouse", ts)
    lark.settle()


def edit_and_delete(lark: Tenant) -> None:
    """What is changed and taken back."""
    ts = lark.ana.say("it-help", "My password is what it is")
    lark.settle()
    lark.ana.edit("it-help", ts, "My password is not what it is")
    lark.settle()
    lark.ana.delete("it-help", ts)


@pytest.mark.parametrize(
    "door",
    [ask_and_press, command, use_shortcuts,
     *(pytest.param(each, marks=pytest.mark.rare)
       for each in (take_and_resolve, look_for_the_same, look_home, edit_and_delete))],
)  # fmt: skip
def test_what_is_done_in_one_is_not_seen_in_the_other(
    both: Tenants, door: Callable[[Tenant], None]
) -> None:
    """Through each door the usual way."""
    with untouched(both.meridian):
        door(both.lark)
        both.lark.settle()


# --- what somebody would have to forge, or Slack words in its own way


def event(team: str, *, of: str | None = None, **more: Any) -> dict[str, Any]:
    """A message in #it-help, whose event names `team`; it is for the installation `of`."""
    ts = f"{time.time():.6f}"
    given = [{"team_id": of, "enterprise_id": None, "is_enterprise_install": False}] if of else []
    return {
        "type": "event_callback", "team_id": team, "api_app_id": "A0FRONT001",
        "event_id": f"Ev{time.time_ns()}", "event_time": int(time.time()), "authorizations": given,
        "event": {"type": "message", "user": ANA, "channel": "C0ITHELP01", "channel_type":
                  "channel", "ts": ts, "event_ts": ts, "text": "My password strays"},
    } | more  # fmt: skip


def press(team: str, ticket: int, **more: Any) -> dict[str, Any]:
    """A press that says that Ana is helped, under a message in #it-help."""
    action = {
        "type": "button", "action_id": ids.SOLVED, "block_id": "b", "value": str(ticket),
        "action_ts": "1.1",
    }  # fmt: skip
    return {
        "type": "block_actions", "api_app_id": "A0FRONT001", "trigger_id": f"1.{time.time_ns()}",
        "team": {"id": team, "domain": "x"}, "user": {"id": ANA, "team_id": team}, "enterprise":
        None, "is_enterprise_install": False, "actions": [action], "channel": {"id": "C0ITHELP01"},
        "container": {"type": "message", "channel_id": "C0ITHELP01", "message_ts": "1.000001"},
        "message": {"ts": "1.000001", "text": "", "bot_id": "B0FRONT001"},
    } | more  # fmt: skip


def send(both: Tenants, payload: dict[str, Any], *, at: float | None = None) -> int:
    """Send a payload as Slack does; gives the status."""
    is_event = payload["type"] == "event_callback"
    body = json.dumps(payload)
    if not is_event:
        body = urllib.parse.urlencode({"payload": body})
    kind = "application/json" if is_event else "application/x-www-form-urlencoded"
    raw = body.encode()
    secret = both.lark.playground.signing_secret
    named = signed(secret, raw, time.time() if at is None else at, kind)
    headers = {name.replace("_", "-"): value for name, value in named.items()}
    return answer_to(both.house.port, "/slack/events", method="POST", body=raw, headers=headers)[0]


def test_a_press_that_names_a_ticket_of_the_other(both: Tenants) -> None:
    """Numbers are each desk's own: what is no ticket here is none, whoever has it."""
    theirs = both.meridian
    for number in range(8):
        theirs.ask(theirs.ana, f"My password, number {number}").waits_for("Reset your password")
    theirs.settle()
    (newest,) = theirs.rows("SELECT max(id) FROM tickets")[0]
    assert both.lark.rows("SELECT id FROM tickets WHERE id = ?", newest) == []
    with untouched(theirs):
        assert send(both, press(LARK, newest)) == 200
        both.lark.settle()
    assert both.lark.holding("number 7") == set()


def test_an_event_is_for_whom_it_was_granted_not_where_it_happened(both: Tenants) -> None:
    """In a shared channel the event names the workspace of whoever wrote."""
    with untouched(both.meridian):
        assert send(both, event(MERIDIAN, of=LARK)) == 200
        both.lark.settle()
    assert both.lark.holding("password strays")


def test_a_modal_is_of_the_workspace_that_showed_it(both: Tenants) -> None:
    """`team` is the presser's; the view says whose it is."""
    entered = {"type": "plain_text_input", "value": "My password in a modal"}
    view = {
        "id": "V1", "hash": "1.a", "callback_id": ids.ASK_HOME_MODAL, "app_installed_team_id": LARK,
        "private_metadata": ids.ModalOrigin(0, ANA, "", None).dump(),
        "state": {"values": {ids.TEXT: {ids.TEXT: entered}}},
    }  # fmt: skip
    with untouched(both.meridian):
        given = {k: v for k, v in press(MERIDIAN, 0).items() if k not in {"actions", "container"}}
        assert send(both, {**given, "type": "view_submission", "view": view}) == 200
        both.lark.settle()
    assert "tickets.question" in both.lark.holding("in a modal")


@pytest.mark.parametrize(
    "payload",
    [
        event("T0NOWHERE1"),
        event("T0NOWHERE1", of="T0NOWHERE1"),
        event(LARK, of="T0NOWHERE1"),
        event("E0NOWHERE1", authorizations=[
            {"team_id": LARK, "enterprise_id": "E0NOWHERE1", "is_enterprise_install": True}]),
        event(""),
        press("T0NOWHERE1", 1001),
        press(LARK, 1001, view={"app_installed_team_id": "T0NOWHERE1"}),
        press(LARK, 1001, is_enterprise_install=True, enterprise={"id": "E0NOWHERE1"}),
        {**press(LARK, 1001), "team": None},
    ],
    ids=[
        "event", "granted elsewhere", "happened here, granted elsewhere", "organisation", "nobody",
        "press", "modal of another", "organisation's press", "press of nobody",
    ],
)  # fmt: skip
def test_what_is_for_nobody_reaches_nobody(both: Tenants, payload: dict[str, Any]) -> None:
    """Signed as Slack signs, for a workspace that has not installed the app: 200, and no more."""
    with untouched(both.lark), untouched(both.meridian):
        assert send(both, payload) == 200


def test_forged_and_replayed_requests_reach_nobody(both: Tenants) -> None:
    """The signature is looked at before whose it is."""
    with untouched(both.lark), untouched(both.meridian):
        assert send(both, event(LARK, of=LARK), at=time.time() - 301) == 401
        told = answer_to(
            both.house.port, "/slack/events", method="POST", body=json.dumps(event(LARK)).encode()
        )
        assert told[0] == 401


def test_each_has_its_own_folder_and_nothing_of_the_other_is_in_it(both: Tenants) -> None:
    """Not in a table, a file, or what the command line reads."""
    for tenant, other in ((both.lark, "Meridian"), (both.meridian, "Larkfield")):
        files = [each for each in tenant.folder.rglob("*") if each.is_file()]
        assert files
        assert not [each for each in files if f"at {other}".encode() in each.read_bytes()]


@pytest.mark.sqlite
def test_the_command_line_sees_the_workspace_in_whose_folder_it_stands(
    both: Tenants, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And no ticket of another, by whatever number."""
    both.meridian.ask(both.meridian.ana, "The vpn drops at the weir's end").waits_for("passed it")
    both.meridian.settle()
    (newest,) = both.meridian.rows("SELECT max(id) FROM tickets")[0]
    monkeypatch.chdir(both.lark.folder)
    told = CliRunner().invoke(frontline, ["tickets", "list", "--json"])
    assert told.exit_code == 0, told.output
    shown = {json.loads(line)["ticket"] for line in told.stdout.splitlines()}
    assert shown
    assert shown <= {f"T-{number}" for (number,) in both.lark.rows("SELECT id FROM tickets")}
    assert "weir" not in told.output
    there_too = both.lark.rows("SELECT 1 FROM tickets WHERE id = ?", newest)
    told = CliRunner().invoke(frontline, ["tickets", "show", f"T-{newest}"])
    assert there_too or told.exit_code == 1
    assert "weir" not in told.output


def test_engineers_of_one_may_nothing_in_the_other(both: Tenants) -> None:
    """Membership is asked of each workspace for itself."""
    asked = both.meridian.ask(both.meridian.ana, "The vpn drops at the weir")
    asked.waits_for("passed it to")
    both.meridian.playground.control("group", usergroup="S0L2ONCALL", users=["U0JONAS001"])
    both.meridian.settle()
    card = both.meridian.card(both.meridian.mei, "at the weir")
    card.press("Take it")
    card.waits_for_whisper("resolver group only")
    both.meridian.playground.control("group", usergroup="S0L2ONCALL", users=[MEI, "U0JONAS001"])
