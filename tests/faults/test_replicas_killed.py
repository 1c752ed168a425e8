"""Three `frontline serve` on one PostgreSQL: killed, PostgreSQL started again, updated in turn."""

from __future__ import annotations

import contextlib
import random
from typing import TYPE_CHECKING

import psycopg
import pytest

from bot.store.postgresql.locks import LEADING
from tests.chaos.people import People, judge, presses_on_record
from tests.chaos.replicas import Replicas, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.rare

LEADER_WITHIN_S = 10.0
LEADS = f"""
SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1 AND granted
AND (classid::bigint << 32) | objid::bigint = {LEADING}
""".encode()


@pytest.fixture(scope="module")
def replicas(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replicas]:
    """The workspace and three processes."""
    with contextlib.closing(Replicas(tmp_path_factory.mktemp("replicas"))) as three:
        three.start_all()
        yield three


def is_led(replicas: Replicas) -> bool:
    """Whether one of them has the lead."""
    with psycopg.connect(replicas.cluster.address) as connection:
        found = connection.execute(LEADS).fetchone()
    return found is not None and found[0] == 1


def test_nothing_is_lost_or_said_twice_and_nobody_left_in_silence(replicas: Replicas) -> None:
    """The leader is killed, another is killed, and PostgreSQL is started again, as by a crash."""
    people = People(replicas.office, random.Random(1), 2.0)
    for trouble in (0, 1, "immediate"):
        people.talk(3.0)
        if isinstance(trouble, str):
            replicas.cluster.restart(trouble)
        else:
            replicas.kill(trouble)
            wait_until(lambda: is_led(replicas), LEADER_WITHIN_S)
            people.talk(2.0)
            replicas.start(trouble)
            replicas.wait_for_all()
    people.talk(2.0)
    assert replicas.settle()
    verdict = judge(people)
    assert verdict.asked > 10
    assert verdict.silent == verdict.lost == verdict.doubled == ()
    assert verdict.tickets_twice == verdict.cards_twice == 0
    assert verdict.more_lost == verdict.more_silent == ()
    assert verdict.out_of_order == ()
    assert verdict.presses_lost <= 0
    assert replicas.died() == []


def test_an_update_one_after_the_other_is_noticed_by_nobody(replicas: Replicas) -> None:
    """Each is stopped as an update does; presses are taken all the time, and nothing waits."""
    office = replicas.office
    people = People(office, random.Random(2), 2.0, on_record=presses_on_record(office))
    for which in range(3):
        people.talk(2.0)
        replicas.stop(which)
        replicas.start(which)
        replicas.wait_for_all()
    people.talk(2.0)
    assert replicas.settle()
    verdict = judge(people)
    assert people.refused_presses == 0
    assert verdict.nothing_lost
    assert verdict.out_of_order == ()
