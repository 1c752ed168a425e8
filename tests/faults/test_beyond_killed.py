"""Killed while it tells a target: nothing is lost, and what comes again has its key."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time
from typing import TYPE_CHECKING

import pytest

from bot.beyond.building import build_courier
from bot.desk.beyond import Happening, Target, Targets
from bot.desk.ids import Thread, Ts
from bot.service.context import utc_now
from bot.settings.beyond import TargetSettings
from bot.store.unit_of_work import Store
from bot.worker import BeyondRelay
from bot.worker.pacing import Pacer
from bot.worker.senders import Senders
from tests import builders as a
from tests.beyond.receiving import Reply, receiver

if TYPE_CHECKING:
    from pathlib import Path

TICKETS = 80
KILLS = 6
ENOUGH_S = 60.0


def work(path: Path, url: str) -> None:
    """Tell the target all that waits, as the bot does, until killed."""
    store = Store(path, utc_now)
    store.outbox.recover()
    given = TargetSettings.model_validate({"kind": "json", "url": url, "internal": ["127.0.0.1"]})
    pacer = Pacer(burst=10_000)
    relay = BeyondRelay(store, {"pager": build_courier("pager", given, utc_now)}, pacer)
    Senders(store, relay, calls_at_once=8, wakeup=store.beyond_wakeup).start()
    while True:
        time.sleep(1)


@pytest.mark.rare
def test_each_key_arrives_however_often_it_is_killed(store: Store) -> None:
    """Six kills among calls that fail, break off and are slow; afterwards all has arrived."""
    events = frozenset({Happening.OPENED})
    told = Store(store.path, utc_now, targets=Targets((Target("pager", events),)))
    for number in range(TICKETS):
        ts = Ts(f"1772452800.{number:06}")
        with told.unit_of_work() as uow:
            uow.tickets.open(Thread(a.TEAM, a.IT_HELP, ts), a.ANA, "It is down", ts)
    dice = random.Random(7)
    fork = multiprocessing.get_context("fork")
    with receiver() as at:
        at.replies.extend(
            dice.choice([Reply(), Reply(500), Reply(breaks=True), Reply()]) for _ in range(16)
        )
        for _ in range(KILLS):
            worker = fork.Process(target=work, args=(told.path, at.url))
            worker.start()
            had = len(at.got)
            at.wait_for(min(had + dice.randint(1, 12), TICKETS))
            os.kill(worker.pid or 0, signal.SIGKILL)
            worker.join()
        last = fork.Process(target=work, args=(told.path, at.url))
        last.start()
        end = time.monotonic() + ENOUGH_S
        while told.letters.waiting() and time.monotonic() < end:
            time.sleep(0.1)
        os.kill(last.pid or 0, signal.SIGKILL)
        last.join()
    keys = {each.key for each in at.got}
    assert not told.letters.waiting()
    assert not told.letters.set_aside()
    assert len(keys) == TICKETS, "each has one key, and each key came"
    assert len({each.body["ticket"]["id"] for each in at.got}) == TICKETS
    assert len(at.got) < TICKETS + 16 + KILLS * 8, "what is told again is what was under way"
