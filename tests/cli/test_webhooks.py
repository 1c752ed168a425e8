"""`frontline webhooks`: who is told what; one target tried; the doctor's look at all."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from bot.cli import frontline
from bot.cli.checks.targets import target_findings
from bot.settings.loading import load_settings
from tests.beyond.receiving import Reply, receiver

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

    from tests.beyond.receiving import Receiver

BAD = {
    "no such kind": ('[targets.x]\nkind = "fax"\nurl = "https://x.example"', "kind"),
    "no address": ('[targets.x]\nkind = "json"', "url"),
    "no key": ('[targets.x]\nkind = "pagerduty"', "secret_env"),
    "mail without a server": ('[targets.x]\nkind = "email"', "host"),
    "password in clear": (
        (
            '[targets.x]\nkind = "email"\nhost = "h"\nsender = "a@b.example"\nto = ["c@d.de"]\n'
            'security = "none"\nuser = "u"\nsecret_env = "P"'
        ),
        "clear",
    ),
    "a pager that listens to everything": (
        '[targets.x]\nkind = "pagerduty"\nsecret_env = "K"\nevents = ["ticket.opened"]',
        "pages and alarms alone",
    ),
    "an event of another name": (
        '[targets.x]\nkind = "json"\nurl = "https://x.example"\nevents = ["ticket.lost"]',
        "ticket.opened",
    ),
    "alarms to nobody": ('[desk]\nalarms = ["gone"]', "add [targets.gone]"),
    "a hook of nobody": (
        '[hooks.h]\nkind = "json"\ntarget = "gone"\nsecret_env = "S"',
        "add [targets.gone]",
    ),
    "pages to nobody": (
        '[groups.l2]\ntier = "L2"\nchannel = "c"\n[[groups.l2.pages]]\nto = ["gone"]',
        "add [targets.gone]",
    ),
    "a group that is gone": (
        '[targets.x]\nkind = "json"\nurl = "https://x.example"\ngroups = ["gone"]',
        "add [groups.gone]",
    ),
}


def write(folder: Path, at: Receiver) -> Path:
    """Configure three targets at a receiver; one of them takes pages, and one alarms."""
    path = folder / "frontline.toml"
    path.write_text(f"""
[desk]
alarms = ["chat"]
[groups.l2]
tier = "L2"
channel = "l2"
[[groups.l2.pages]]
at = "at once"
to = ["pager"]
[targets.pager]
kind = "pagerduty"
url = "{at.url}"
secret_env = "PAGER_KEY"
internal = ["127.0.0.1"]
[targets.chat]
kind = "chat"
url = "{at.url}"
internal = ["127.0.0.0/8"]
[targets.warehouse]
kind = "json"
url_env = "WAREHOUSE_URL"
events = ["ticket.settled"]
[hooks.pd]
kind = "pagerduty"
target = "pager"
secret_env = "PAGER_SECRET"
""", encoding="utf-8")  # fmt: skip
    return path


def run(path: Path, *words: str) -> Result:
    """Run a command on a configuration."""
    return CliRunner().invoke(frontline, ["--config", str(path), "webhooks", *words])


def test_the_list_says_who_is_told_what(tmp_path: Path) -> None:
    """And who may tell us something; no address and no secret."""
    with receiver() as at:
        path = write(tmp_path, at)
        told = run(path, "list").output
    assert "pager (pagerduty): pages of l2 at at once" in told
    assert "chat (chat): alarms" in told
    assert "warehouse (json): ticket.settled" in told
    assert "/hooks/pd (pagerduty), pages of pager: may take" in told
    assert "secret-path" not in told


def test_a_pager_is_tried_by_an_alert_and_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the lowest kind, under one key; a failure is one line without the address."""
    monkeypatch.setenv("PAGER_KEY", "R0UTE")
    with receiver() as at:
        path = write(tmp_path, at)
        assert run(path, "test", "pager").exit_code == 0
        begin, end = [each.body for each in at.got]
        at.usually = Reply(403)
        failed = run(path, "test", "pager")
    assert (begin["event_action"], end["event_action"]) == ("trigger", "resolve")
    assert begin["dedup_key"] == end["dedup_key"]
    assert begin["payload"]["severity"] == "info"
    assert failed.exit_code == 1
    assert "127.0.0.1 answered 403: the address or the secret is wrong." in failed.output
    assert "secret-path" not in failed.output


def test_a_dry_run_sends_nothing(tmp_path: Path) -> None:
    """It shows what a receiver of JSON would get."""
    with receiver() as at:
        told = run(write(tmp_path, at), "test", "warehouse", "--dry-run")
        assert at.got == []
    assert json.loads(told.output)["type"] == "test"


def test_what_is_not_configured_is_said(tmp_path: Path) -> None:
    """With what is."""
    with receiver() as at:
        failed = run(write(tmp_path, at), "test", "pagr")
    assert failed.exit_code == 1
    assert "There is no target pagr; configured are: pager, chat, warehouse." in failed.output


def test_the_doctor_looks_at_each(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is it there, and is what it needs in the environment? No byte is sent."""
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.delenv("WAREHOUSE_URL", raising=False)
    monkeypatch.delenv("PAGER_SECRET", raising=False)
    monkeypatch.setenv("PAGER_KEY", "R0UTE")
    with receiver() as at:
        settings = load_settings(write(tmp_path, at))
        found = {name: (good, says) for name, good, says in target_findings(settings)}
        assert at.got == []
    assert found["target pager"][0] is True
    assert found["target warehouse"] == (
        False,
        (
            "[targets.warehouse] takes what it needs from WAREHOUSE_URL, which is not set in the "
            "environment."
        ),
    )
    assert found["hooks"][0] is False
    gone = {name: good for name, good, _ in target_findings(settings)}
    assert gone["target chat"] is False, "nobody listens there any more"


@pytest.mark.parametrize(("text", "says"), BAD.values(), ids=BAD)
def test_what_is_wrong_in_the_configuration_is_said(tmp_path: Path, text: str, says: str) -> None:
    """With what to write instead."""
    path = tmp_path / "frontline.toml"
    path.write_text(text, encoding="utf-8")
    failed = run(path, "list")
    assert failed.exit_code == 1
    assert says in failed.output
