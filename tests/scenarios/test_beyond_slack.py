"""Stories that leave Slack: pages that nobody takes, and what other systems are told."""

from __future__ import annotations

import hmac
import json
import threading
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest

from bot.settings.beyond import HookSettings, PageSettings, ReceiverSettings, TargetSettings
from tests.beyond.receiving import Receiver, Reply, receiver
from tests.fakes import TurnableClock
from tests.scenarios.office import ANA, MEI, Office, configuration
from tests.scenarios.over_http import answer_to

if TYPE_CHECKING:
    from pathlib import Path

    from bot.settings.file import FileSettings

pytestmark = pytest.mark.rare

EVERYBODY = "The vpn drops for everybody: nobody can log in"
SECRET = "what only two know"
NIGHT = datetime(2026, 3, 3, 2, 0, tzinfo=UTC)


def told(at: Receiver, at_step: str = "call lead", **target: Any) -> FileSettings:
    """The sample configuration with one target, which l2 pages at a step of its ladder."""
    file = configuration()
    pages = (PageSettings.model_validate({"at": at_step, "to": ["pager"], "priorities": ["P1"]}),)
    pager = {"kind": "json", "url": at.url, "internal": ["127.0.0.1"], **target}
    groups = {**file.groups, "l2": file.groups["l2"].model_copy(update={"pages": pages})}
    targets = {"pager": TargetSettings.model_validate(pager)}
    hook = {
        "kind": "pagerduty", "target": "pager", "secret_env": "PAGER_SECRET",
        "may": ["take", "settle"], "people": {"PMEI": MEI, "PANA": ANA},
    }  # fmt: skip
    return file.model_copy(
        update={
            "groups": groups,
            "targets": targets,
            "hooks": {"pd": HookSettings.model_validate(hook)},
            "receiver": ReceiverSettings(listen="127.0.0.1:0"),
        }
    )


@pytest.fixture(autouse=True)
def _secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the pager signs with."""
    monkeypatch.setenv("PAGER_SECRET", SECRET)


def tell(office: Office, page: str, what: str, by: str = "PMEI", event: str = "1") -> int:
    """Let the pager say that somebody acknowledged or resolved a page."""
    agent = {"id": by, "type": "user_reference", "summary": f"{by} <!channel>"}
    body = json.dumps({
        "event": {
            "id": event, "event_type": f"incident.{what}", "agent": agent,
            "occurred_at": NIGHT.isoformat(), "data": {"incident_key": page},
        }
    }).encode()  # fmt: skip
    assert office.application is not None
    (receiver,) = office.application.receivers
    signed = "v1=" + hmac.new(SECRET.encode(), body, sha256).hexdigest()
    status, _ = answer_to(
        receiver.port,
        "/hooks/pd",
        method="POST",
        body=body,
        headers={"X-PagerDuty-Signature": signed},
    )
    office.settle()
    return status


def test_a_p1_that_nobody_takes_leaves_slack_at_the_third_step(tmp_path: Path) -> None:
    """Not before; whoever takes it in Slack ends the calling there, and the end is told too."""
    clock = TurnableClock(NIGHT)
    with receiver() as at, Office(tmp_path, file=told(at), clock=clock) as office:
        office.ask(office.ana, EVERYBODY)
        card = office.card(office.mei, "for everybody")
        office.turn(minutes=5)
        office.turn(minutes=5)
        assert at.got == [], "reminded and called in Slack first"
        office.turn(minutes=10)
        (page,) = at.wait_for(1)
        assert page.body["type"] == "page.raised"
        assert page.body["ticket"]["priority"] == "P1"
        assert "for everybody" in page.body["ticket"]["subject"]
        assert "pager" in card.waits_for("Paged outside Slack")
        card.press("Take it")
        office.settle()
        (_, taken) = at.wait_for(2)
        assert taken.body["type"] == "page.acknowledged"
        assert taken.body["page"] == page.body["page"]
        assert taken.key != page.key


def test_who_acknowledges_there_has_taken_it_here(tmp_path: Path) -> None:
    """As themselves, told to everybody once; the pager hears of the end, and of nothing twice."""
    clock = TurnableClock(NIGHT)
    with receiver() as at, Office(tmp_path, file=told(at, "at once"), clock=clock) as office:
        asked = office.ask(office.ana, EVERYBODY)
        card = office.card(office.mei, "for everybody")
        (page,) = at.wait_for(1)
        key = page.body["page"]
        assert [tell(office, key, "acknowledged") for _ in range(3)] == [200, 200, 200]
        asked.waits_for("<@U0MEI00001> (L2) has taken")
        card.top_becomes("by <@U0MEI00001>")
        assert tell(office, key, "resolved", event="2") == 200
        asked.waits_for("Resolved in pager")
        office.settle()
        assert asked.count("has taken") == 1
        assert at.types() == ["page.raised", "page.acknowledged", "page.ended"]
        assert tell(office, key, "resolved", by="PINTEGRATION", event="3") == 200
        assert card.count("Nothing was changed here") == 0, "an echo of what we told"
        trail = office.rows("SELECT actor, what, details FROM audit ORDER BY id")
        assert (MEI, "acknowledged beyond Slack", "pager: PMEI <!channel>") in trail
        assert (MEI, "resolved beyond Slack", "pager: PMEI <!channel>") in trail


def test_who_may_not_press_may_not_by_the_pager(tmp_path: Path) -> None:
    """Ana is known and in no group; who is known to the pager alone takes it and settles nothing.

    A page that is not there is nobody's. Anybody of the group can still take it in Slack.
    """
    clock = TurnableClock(NIGHT)
    with receiver() as at, Office(tmp_path, file=told(at, "at once"), clock=clock) as office:
        asked = office.ask(office.ana, EVERYBODY)
        card = office.card(office.mei, "for everybody")
        key = at.wait_for(1)[0].body["page"]
        assert tell(office, key, "acknowledged", by="PANA", event="7") == 200
        assert tell(office, "frontline-T-1001-000000000000", "acknowledged", event="8") == 200
        assert asked.count("has taken") == 0
        assert at.types() == ["page.raised"]
        tell(office, key, "acknowledged", by="PWHO")
        told_there = card.waits_for("Told from outside Slack")
        assert "Acknowledged in pager by PWHO" in told_there
        assert "<!channel>" not in told_there, "nobody is paged by a name"
        asked.waits_for("Somebody on call (L2) has taken")
        office.turn(minutes=25)
        assert card.count("Nobody takes") == 0
        tell(office, key, "resolved", by="PWHO", event="2")
        card.waits_for("Nothing was changed here")
        card.press("Take it")
        card.top_becomes("by <@U0MEI00001>")
        asked.waits_for("<@U0MEI00001> (L2) has taken")


def test_who_starts_while_slack_refuses_alarms_and_lets_pages_out(tmp_path: Path) -> None:
    """A page that was under way when the bot was stopped; and the admins hear that it waits."""
    clock = TurnableClock(NIGHT)
    with receiver() as at:
        file = told(at, "at once")
        desk = file.desk.model_copy(update={"alarms": ("pager",)})
        office = Office(tmp_path, file=file.model_copy(update={"desk": desk}), clock=clock)
        with office:
            at.usually = Reply(500)
            office.ask(office.ana, EVERYBODY)
            at.wait_for(1)
            office.bot_leaves()
            at.usually = Reply()
            had = len(at.got)
            office.fault("error", "auth.test", code="invalid_auth", times=1_000)
            coming = threading.Thread(target=office.bot_comes)
            coming.start()
            for _ in range(40):
                clock.turn(40)
                with at.came:
                    if at.came.wait_for(lambda: len(at.got) >= had + 2, 0.5):
                        break
            got = at.got[had:]
            assert sorted({each.body["type"] for each in got}) == ["alarm", "page.raised"]
            assert at.got[0].key in {each.key for each in got}
            office.playground.control("clear_faults")
            coming.join(30)
            office.settle()
            assert "invalid_auth" in got[1].body["says"] + got[0].body["says"]
