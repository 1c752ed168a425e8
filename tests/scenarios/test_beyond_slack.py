"""Stories that leave Slack: pages that nobody takes, and what other systems are told."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bot.settings.beyond import PageSettings, TargetSettings
from tests.beyond.receiving import Receiver, receiver
from tests.fakes import TurnableClock
from tests.scenarios.office import Office, configuration

if TYPE_CHECKING:
    from pathlib import Path

    from bot.settings.file import FileSettings

EVERYBODY = "The vpn drops for everybody: nobody can log in"
NIGHT = datetime(2026, 3, 3, 2, 0, tzinfo=UTC)


def told(at: Receiver, at_step: str = "call lead", **target: Any) -> FileSettings:
    """The sample configuration with one target, which l2 pages at a step of its ladder."""
    file = configuration()
    pages = (PageSettings.model_validate({"at": at_step, "to": ["pager"], "priorities": ["P1"]}),)
    pager = {"kind": "json", "url": at.url, "internal": ["127.0.0.1"], **target}
    groups = {**file.groups, "l2": file.groups["l2"].model_copy(update={"pages": pages})}
    targets = {"pager": TargetSettings.model_validate(pager)}
    return file.model_copy(update={"groups": groups, "targets": targets})


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
        card.press("Take it")
        office.settle()
        (_, taken) = at.wait_for(2)
        assert taken.body["type"] == "page.acknowledged"
        assert taken.body["page"] == page.body["page"]
        assert taken.key != page.key
