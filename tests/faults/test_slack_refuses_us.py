"""Slack refuses Frontline itself for a while: everything arrives, and a P1 is heard meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.cli.doctor import _database
from tests.beyond.receiving import receiver
from tests.fakes import TurnableClock
from tests.scenarios.office import Office, configuration

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.rare

OFTEN = 10_000


@pytest.mark.parametrize("code", ["token_revoked", "team_added_to_org"])
def test_a_refused_token_delays_and_the_first_priority_is_heard(
    tmp_path: Path, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While a P1 is called; an hour later it is mended, and nobody has to restart anything."""
    with receiver() as pager:
        monkeypatch.setenv("DESK_ALARM", pager.url)
        file = configuration()
        desk = file.desk.model_copy(update={"alarm_webhook_env": "DESK_ALARM"})
        with Office(
            tmp_path, file=file.model_copy(update={"desk": desk}), clock=TurnableClock()
        ) as office:
            assert office.clock is not None
            office.ask(office.ana, "my password first").waits_for("Reset your password")
            office.settle()
            for method in ("chat.postMessage", "auth.test", "chat.update", "reactions.add"):
                office.fault("error", method, code=code, times=OFTEN)
            asked = office.ask(office.tom, "The order system is down for the whole warehouse")
            office.ana.wait_for(lambda: pager.got, 20)
            assert code in pager.got[0].body["text"]
            office.clock.turn(45)
            office.ana.wait_for(lambda: any("P1" in told.body["text"] for told in pager.got), 20)
            assert not any("warehouse" in told.body["text"] for told in pager.got)
            stopped = [found for found in _database(office.settings) if found.subject == "sending"]
            assert [found.good for found in stopped] == [False]
            assert asked.replies == []

            office.clock.turn(3_600)
            office.playground.control("clear_faults")
            office.clock.turn(61)
            office.wake()
            office.card(office.priya, "order system is down", "l3-engineering")
            asked.waits_for("answered late")
            office.settle()
            assert len(asked.replies) == 1
            assert office.rows("SELECT count(*) FROM outbox WHERE state = 'dead'") == [(0,)]
