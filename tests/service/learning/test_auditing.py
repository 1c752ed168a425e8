"""A share of automatic answers is looked over: by chance, by engineers, with one press."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.desk.asking import Solved
from bot.desk.ids import TicketId, Ts
from bot.desk.learning import AuditAnswer, AuditCard, DraftWord, Share, is_sampled
from bot.store.database import reading
from bot.store.learning.outcomes import SqliteOutcomes
from tests import builders as a
from tests.service.conftest import Office, the

if TYPE_CHECKING:
    from bot.desk.learning import Precision
    from bot.store.outbox import OutboxRow

AT = a.spot(a.MEI, a.L2_CHANNEL, "1772453000.000002")


@pytest.fixture(autouse=True)
def all_of_them(office: Office) -> None:
    """Every answer is looked over."""
    office.desk = replace(office.desk, audit_share=1.0)


def ask(office: Office, **changes: object) -> list[OutboxRow]:
    """Let Ana ask what an article answers."""
    return office.handle(a.message("How do I connect to the VPN?", **changes))


def look(
    office: Office, sent: list[OutboxRow], *, right: bool, at: object = None
) -> list[OutboxRow]:
    """Let an engineer press under the card."""
    row = the(sent, AuditCard)
    ts = Ts(f"1772453000.{row.id:06d}")
    spot = replace(at or AT, channel=row.channel, ts=ts)  # type: ignore[type-var]
    return office.handle(AuditAnswer(spot, office.ticket().id, right))  # type: ignore[arg-type]


def precision(office: Office) -> Precision:
    """What is known of a day."""
    with office.desk.look() as uow:
        return uow.audits.precision(office.clock() - timedelta(days=1))


@pytest.mark.parametrize("right", [True, False])
def test_one_press_says_whether_it_was_right_and_another_takes_it_back(
    office: Office, *, right: bool
) -> None:
    """It stands on the card, counts once, and becomes an outcome."""
    sent = ask(office)
    card = the(look(office, sent, right=right), AuditCard).notice
    assert isinstance(card, AuditCard)
    assert (card.right, card.by) == (right, a.MEI)
    assert (precision(office).looked_over.hits, precision(office).looked_over.of) == (right, 1)
    look(office, sent, right=not right)
    assert precision(office).looked_over == Share(int(not right), 1)
    with reading(office.store.path) as database:
        ((outcome,),) = SqliteOutcomes(database).by_ticket()
    assert (outcome.right, outcome.article) == (not right, a.VPN)


def test_who_is_no_engineer_says_nothing(office: Office) -> None:
    """Buttons are no proof."""
    sent = look(office, ask(office), right=True, at=replace(AT, user=a.BEN))
    word = the(sent, DraftWord).notice
    assert isinstance(word, DraftWord)
    assert word.why == "not_in_group"
    assert precision(office).looked_over.of == 0


@pytest.mark.parametrize("kind", ["none", "direct", "private", "kept"])
def test_what_is_not_for_everybody_is_not_looked_over(office: Office, kind: str) -> None:
    """Nor anything, where the share is none."""
    channel = {"direct": a.DIRECT, "private": "C0PRIVATE1"}.get(kind, a.IT_HELP)
    if kind == "none":
        office.desk = replace(office.desk, audit_share=0.0)
    if kind == "private":
        office.directory.private = {"C0PRIVATE1"}
        office.desk = replace(office.desk, modes={"C0PRIVATE1": office.desk.modes["it-help"]})
    if kind == "kept":
        office.triager.only_for = {a.VPN: "#it-help"}
    sent = ask(office, channel=channel)
    assert "answer" in [row.notice.kind for row in sent]
    assert not [row for row in sent if isinstance(row.notice, AuditCard)]


def test_requesters_stand_beside_and_silence_apart(office: Office) -> None:
    """Three figures that are never added up."""
    ask(office)
    office.handle(Solved(a.spot(a.ANA, a.IT_HELP, "9.1", thread_ts=a.ASKED), office.ticket().id))
    found = precision(office)
    assert (found.confirmed, found.silent, found.looked_over.of) == (Share(1, 1), 0, 0)
    assert not found.drifts


@pytest.mark.parametrize("share", [0.0, 0.03, 0.3, 1.0])
def test_the_sample_is_as_large_as_it_is_set(share: float) -> None:
    """By the ticket's number alone: asked twice it is the same."""
    picked = [is_sampled(TicketId(number), share) for number in range(1_001, 21_001)]
    assert sum(picked) / len(picked) == pytest.approx(share, abs=0.006)
    assert picked == [is_sampled(TicketId(number), share) for number in range(1_001, 21_001)]


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [(0, 0, 0.0, 1.0), (10, 10, 0.722, 1.0), (0, 10, 0.0, 0.278), (38, 41, 0.806, 0.975),
     (500, 1000, 0.469, 0.531)],
)  # fmt: skip
def test_an_interval_is_wilsons(hits: int, of: int, low: float, high: float) -> None:
    """Also where all or none are right, and of none at all."""
    assert Share(hits, of).interval == pytest.approx((low, high), abs=0.001)


def test_two_shares_differ_only_beyond_chance() -> None:
    """What engineers find and what requesters say."""
    assert Share(90, 100).differs(Share(60, 100))
    assert not Share(9, 10).differs(Share(6, 10))
    assert not Share(0, 0).differs(Share(60, 100))
