"""Gaps are found, told weekly, drafted, done, and open again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.desk.articles import StepOutcome, TriedStep
from bot.desk.deciding import KNOWLEDGE_GAP, Action
from bot.desk.ids import TicketId, Ts
from bot.desk.learning import (
    DismissDraft,
    DismissGap,
    DraftCard,
    DraftGap,
    DraftId,
    DraftWord,
    FinishGap,
    Gap,
    GapReport,
    GapState,
    PublishDraft,
    TakeUpDraft,
)
from bot.desk.promises import TimerKind
from bot.desk.tickets import Resolution, Resolve
from bot.desk.tiers import Tier
from bot.service.learning.gaps import draft_of, look_for_gaps, plan_gap_reports
from bot.service.learning.gathering import Sight
from bot.service.views.homes import home_view
from bot.slack.blocks.rendering import render
from bot.worker.slowly.learning import LearningKeeper
from kb.publishing import Shelf
from kb.questions.clustering import grouped
from kb.searching.base import KnowledgeBase
from tests import builders as a
from tests.kb.conftest import WordEncoder
from tests.service.conftest import Office, place_of, the

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from bot.desk.ids import UserId
    from bot.store.outbox import OutboxRow

BIKES = ("where is the bike repair stand", "bike repair stand booking", "repair stand for my bike")
PLANTS = ("who waters the plants", "the plants need water")
AT = a.spot(a.MEI, a.L2_CHANNEL, "8.1")


class Desk:
    """An office whose gaps are looked for."""

    def __init__(self, office: Office, base: KnowledgeBase) -> None:
        """Join an office with an empty base."""
        self.office = office
        self.base = base
        desk = office.desk
        self.sight = Sight(
            desk.unit_of_work, desk.look, desk.clock, base.encoder.encode, base.asked,
            lambda _: None, grouped,
        )  # fmt: skip
        self._asked = 0

    def ask(self, text: str, by: UserId = a.ANA, *, fix: str = "", channel: str = a.IT_HELP) -> int:
        """Let somebody ask what no article answers; it is settled after an hour."""
        self._asked += 1
        ts = Ts(f"17725{self._asked:05}.000100")
        gap = replace(a.triage(Action.ESCALATE, Tier.L2), reasons=(f"{KNOWLEDGE_GAP}no article",))
        self.office.triager.decision = gap
        self.office.handle(a.message(text, user=by, ts=ts, channel=channel))
        with self.office.desk.look() as uow:
            (ticket,) = [
                each for each in uow.tickets.of_requester(by, a.NOON) if each.asked_ts == ts
            ]
            escalation = uow.escalations.latest_for(ticket.id)
        assert escalation is not None
        self.office.clock.turn(3600)
        if fix:
            at = a.spot(a.TOM, a.L2_CHANNEL, "5.1")
            self.office.handle(Resolve(at, escalation.id, "Nobody said so", fix))
        return ticket.id

    def look(self) -> tuple[Gap, ...]:
        """Look for gaps."""
        look_for_gaps(self.sight)
        return self.gaps()

    def gaps(self) -> tuple[Gap, ...]:
        """The gaps on record."""
        with self.office.desk.look() as uow:
            return uow.gaps.all()

    def report(self) -> list[OutboxRow]:
        """Tell the owners."""
        return self.office.apply(plan_gap_reports(self.office.desk))


@pytest.fixture
def desk(office: Office, tmp_path: Path) -> Iterator[Desk]:
    """A desk with a folder to publish into, and no article."""
    opened = KnowledgeBase.open(tmp_path / "kb.db", WordEncoder())
    office.desk = replace(office.desk, shelf=Shelf(opened, tmp_path / "published"))
    yield Desk(office, opened)
    opened.close()


def test_what_no_article_answered_is_taken_together_and_told_the_dearest_first(
    desk: Desk,
) -> None:
    """With people, hours, and the group that had it; one question alone is no report."""
    for text, by in zip(BIKES, (a.ANA, a.BEN, a.ANA), strict=True):
        desk.ask(text, by, fix="Book it in Rooms")
    for text in PLANTS:
        desk.ask(text, fix="Ask the greenery people")
    desk.ask("my chair squeaks")
    found = desk.look()
    assert [len(each.missed) for each in found] == [3, 2, 1]
    row = the(desk.report(), GapReport)
    report = row.notice
    assert isinstance(report, GapReport)
    assert row.channel == a.groups().named("l2").channel
    assert [(each.asked, each.people, each.minutes) for each in report.lines] == [
        (3, 2, 180), (2, 1, 120),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("fix", "known"),
    [("Book it in Rooms", True), ("done", False), ("", False), ("works again", False)],
)
def test_what_settled_a_question_is_compared_where_it_says_something(
    desk: Desk, fix: str, known: bool
) -> None:
    """Fix and cause of whoever settled it last."""
    desk.ask(BIKES[0], fix=fix)
    with desk.office.desk.look() as uow:
        (missed,) = uow.gaps.missed(a.NOON)
    assert (fix in missed.settled.splitlines()) is known


@pytest.mark.parametrize("kind", ["direct", "restricted", "confidential", "answered", "forgotten"])
def test_what_is_not_for_all_or_was_answered_is_no_gap(desk: Desk, kind: str) -> None:
    """Neither quoted nor counted."""
    number = desk.ask(BIKES[0], channel=a.DIRECT if kind == "direct" else a.IT_HELP, fix="Rooms do")
    with desk.office.store.unit_of_work() as uow:
        ticket = uow.tickets.get(number)  # type: ignore[arg-type]
        assert ticket is not None
        if kind == "restricted":
            uow.tickets.save(ticket.routed(None, "l2"))
        if kind == "confidential":
            uow.tickets.save(ticket.routed("confidential"))
        if kind == "forgotten":
            uow.tickets.save(ticket.reworded("(forgotten)"))
        if kind == "answered":
            uow.tickets.save(replace(ticket, resolution=Resolution.ARTICLE))
    assert [each for each in desk.look() if each.missed] == []
    assert desk.report() == []


def by_words(text: str, others: Sequence[str]) -> list[float]:
    """Texts are alike by the words that they share."""
    own = set(text.lower().split())
    return [len(own & set(one.lower().split())) / (len(own) or 1) for one in others]


@pytest.fixture
def alike_by_words(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let texts be compared by their words."""
    monkeypatch.setattr(office.triager, "likeness", by_words)


@pytest.mark.usefixtures("alike_by_words")
def test_a_gap_is_drafted_from_all_that_was_asked_and_settled(desk: Desk) -> None:
    """What most wrote first, the others below; published, it is done and people are told."""
    fixes = ("Go to the porter", "Book it in Rooms under B2", "Book it in Rooms under B2")
    for text, by, fix in zip(BIKES, (a.ANA, a.BEN, a.ANA), fixes, strict=True):
        desk.ask(text, by, fix=fix)
    (gap,) = desk.look()
    card = the(desk.office.handle(DraftGap(AT, gap.id)), DraftCard).notice
    assert isinstance(card, DraftCard)
    assert set(card.questions) == set(BIKES)
    assert card.body.startswith("Book it in Rooms under B2")
    assert card.body.count("Book it in Rooms under B2") == 1
    assert "## What helped others\n- Go to the porter" in card.body
    assert desk.gaps()[0].state is GapState.IN_WORK
    again = the(desk.office.handle(DraftGap(AT, gap.id)), DraftWord).notice
    assert isinstance(again, DraftWord)
    assert again.why == "in_work"
    sent = desk.office.handle(PublishDraft(AT, DraftId(1)))
    assert [row.notice.kind for row in sent].count("article_news") == 3
    assert desk.gaps()[0].state is GapState.DONE


@pytest.mark.usefixtures("alike_by_words")
def test_a_gap_that_took_two_things_together_is_drafted_of_the_one_that_most_settled(
    desk: Desk,
) -> None:
    """An article answers one thing: who asked for the other is told nothing of it."""
    asked = (*BIKES, "my bike was stolen out of the stand", "who sees a bike being stolen")
    fixes = ("Book it in Rooms under B2",) * 3 + ("Report it to security at once", "")
    for text, fix in zip(asked, fixes, strict=True):
        desk.ask(text, fix=fix)
    number = desk.look()[0].id
    everything = replace(desk.gaps()[0], missed=tuple(m for g in desk.gaps() for m in g.missed))
    draft, _ = draft_of(desk.office.desk, everything, desk.office.desk.groups.named("l2"))
    assert draft is not None
    assert set(draft.text.questions) == set(BIKES)
    assert "security" not in draft.text.body
    assert len(draft.sources) == 3
    assert number == everything.id


@pytest.mark.usefixtures("alike_by_words")
def test_what_is_asked_again_of_a_gap_is_drafted_without_what_an_article_says_by_now(
    desk: Desk,
) -> None:
    """It was published and did not do: what settles it since is what is new."""
    for text in BIKES[:2]:
        desk.ask(text, fix="Book it in Rooms")
    (gap,) = desk.look()
    desk.office.handle(DraftGap(AT, gap.id))
    desk.office.handle(PublishDraft(AT, DraftId(1)))
    desk.office.clock.turn(timedelta(days=9).total_seconds())
    desk.ask(BIKES[2], a.BEN, fix="Scan the code at the stand since July")
    (found,) = desk.look()
    assert found.state is GapState.OPEN
    card = the(desk.office.handle(DraftGap(AT, gap.id)), DraftCard).notice
    assert isinstance(card, DraftCard)
    assert card.questions == (BIKES[2],)
    assert "Book it in Rooms" not in card.body


def test_done_is_open_again_when_it_is_asked_a_week_later(desk: Desk) -> None:
    """Within the week it was on its way; after it, the article does not do."""
    for text in BIKES[:2]:
        desk.ask(text, fix="Book it in Rooms")
    (gap,) = desk.look()
    desk.office.handle(DraftGap(AT, gap.id))
    desk.office.handle(PublishDraft(AT, DraftId(1)))
    desk.office.clock.turn(timedelta(days=3).total_seconds())
    desk.ask(BIKES[2], a.BEN)
    assert [each.state for each in desk.look()] == [GapState.DONE]
    desk.office.clock.turn(timedelta(days=6).total_seconds())
    desk.ask("bike stand repair", a.BEN)
    (found,) = desk.look()
    assert (found.id, found.state, len(found.missed)) == (gap.id, GapState.OPEN, 4)


def test_what_is_not_worth_a_draft_is_a_gap_again(desk: Desk) -> None:
    """A draft that was put away leaves the gap open."""
    desk.ask(BIKES[0], fix="Book it in Rooms")
    (gap,) = desk.look()
    desk.office.handle(DraftGap(AT, gap.id))
    desk.office.handle(DismissDraft(AT, DraftId(1)))
    assert desk.gaps()[0].state is GapState.OPEN


@pytest.mark.parametrize("what", [DraftGap, DismissGap])
def test_only_the_group_decides_on_its_gaps(desk: Desk, what: type[DraftGap | DismissGap]) -> None:
    """Buttons are no proof."""
    desk.ask(BIKES[0], fix="Book it in Rooms")
    (gap,) = desk.look()
    sent = desk.office.handle(what(a.spot(a.BEN, a.L2_CHANNEL, "8.1"), gap.id))
    word = the(sent, DraftWord).notice
    assert isinstance(word, DraftWord)
    assert word.why == "not_in_group"
    desk.office.handle(DismissGap(AT, gap.id))
    assert desk.gaps()[0].state is GapState.DISMISSED


@pytest.mark.rare
def test_the_keeper_looks_daily_and_tells_weekly(desk: Desk) -> None:
    """A desk that has just begun has a week to fill."""
    keeper = LearningKeeper(desk.office.desk, desk.sight)
    for text in BIKES:
        desk.ask(text, fix="Book it in Rooms")
    keeper.step()
    keeper.step()
    assert desk.office.apply(lambda _: None) == []
    desk.office.clock.turn(timedelta(days=8).total_seconds())
    keeper.step()
    keeper.step()
    assert [row.notice.kind for row in desk.office.apply(lambda _: None)] == ["gap_report"]


def test_what_a_draft_answered_before_is_no_new_gap(desk: Desk) -> None:
    """A resolution's own draft was published before anybody looked for gaps."""
    number = desk.ask(BIKES[0])
    with desk.office.desk.look() as uow:
        escalation = uow.escalations.latest_for(number)  # type: ignore[arg-type]
    assert escalation is not None
    at = a.spot(a.TOM, a.L2_CHANNEL, "5.1")
    desk.office.handle(Resolve(at, escalation.id, "?", "Book it in Rooms", article_wanted=True))
    desk.office.handle(PublishDraft(AT, DraftId(1)))
    assert [each.state for each in desk.look()] == [GapState.DONE]


def test_an_article_that_fails_is_named_with_its_step(desk: Desk) -> None:
    """To the group that takes what articles leave; one that is kept to some is not named."""
    for number in range(1, 4):
        desk.ask(f"The tunnel closes after {number} minutes", fix="Use the other tunnel")
        with desk.office.store.unit_of_work() as uow:
            ticket = uow.tickets.get(TicketId(1000 + number))
            assert ticket is not None
            shown = ticket.shown_meanwhile(a.VPN).article_failed(a.VPN)
            uow.tickets.save(shown)
            uow.steps.add(ticket.id, TriedStep(a.VPN, 2, "Press it", StepOutcome.FAILED))
    desk.look()
    report = the(desk.report(), GapReport).notice
    assert isinstance(report, GapReport)
    ((ailing),) = report.ailing
    assert (ailing.article, ailing.failed, ailing.step) == (a.VPN, 3, 2)
    desk.office.triager.only_for = {a.VPN: "managers"}
    again = the(desk.report(), GapReport).notice
    assert isinstance(again, GapReport)
    assert again.ailing == ()


def test_what_stands_in_private_channels_is_not_told_to_a_group(desk: Desk) -> None:
    """It counts for nobody else's report, as it is in no draft."""
    desk.office.directory.private = {"C0PRIVATE1"}
    desk.ask("@frontline " + BIKES[0], channel="C0PRIVATE1", fix="Rooms do")
    for text, by in ((BIKES[1], a.BEN), (BIKES[2], a.ANA)):
        desk.ask(text, by, fix="Book it in Rooms")
    desk.look()
    report = the(desk.report(), GapReport).notice
    assert isinstance(report, GapReport)
    assert [(line.asked, line.question in BIKES[1:]) for line in report.lines] == [(2, True)]


@pytest.mark.parametrize("kind", ["restricted", "private", "one", "done"])
def test_homes_tell_what_the_weekly_list_tells(desk: Desk, kind: str) -> None:
    """To the group's engineers and to admins, three at most; what is not for all stays out."""
    desk.office.desk = replace(desk.office.desk, admins=frozenset({a.BEN}))
    desk.office.directory.private = {"C0PRIVATE1"}
    channel = "C0PRIVATE1" if kind == "private" else a.IT_HELP
    for text in PLANTS[: 1 if kind == "one" else 2]:
        desk.ask(text, fix="Ask the greenery people", channel=channel)
    for text, by in zip(BIKES, (a.ANA, a.BEN, a.ANA), strict=True):
        desk.ask(text, by, fix="Book it in Rooms")
    found = desk.look()
    if kind == "restricted":
        with desk.office.store.unit_of_work() as uow:
            for each in found[0].missed:
                ticket = uow.tickets.get(each.ticket)
                assert ticket is not None
                uow.tickets.save(ticket.routed(None, "l2"))
    if kind == "done":
        desk.office.handle(FinishGap(a.spot(a.BEN, a.BEN, ""), found[0].id))
    report = the(desk.report(), GapReport).notice
    assert isinstance(report, GapReport)
    assert [line.asked for line in report.lines] == [3]
    engineer, admin = home_view(desk.office.desk, a.TOM), home_view(desk.office.desk, a.BEN)
    assert engineer.engineer is not None
    assert admin.admin is not None
    assert (engineer.engineer.gaps, admin.admin.gaps) == (report.lines, report.lines)
    assert home_view(desk.office.desk, a.ANA).engineer is None
    l3 = home_view(desk.office.desk, a.JONAS).engineer
    assert l3 is not None
    assert l3.gaps == ()


@pytest.mark.parametrize("what", [FinishGap, DismissGap, DraftGap])
@pytest.mark.parametrize("by", [a.TOM, a.BEN])
def test_a_press_on_a_home_shows_on_the_weekly_list_and_at_home(
    desk: Desk, what: type[DraftGap | FinishGap | DismissGap], by: UserId
) -> None:
    """Whoever decides there, an engineer of the group or an admin of none."""
    desk.office.desk = replace(desk.office.desk, admins=frozenset({a.BEN}))
    for text in BIKES:
        desk.ask(text, fix="Book it in Rooms")
    (gap,) = desk.look()
    (listed,) = desk.report()
    sent = desk.office.handle(what(a.spot(by, by, ""), gap.id))
    row = the(sent, GapReport)
    assert isinstance(row.notice, GapReport)
    (line,) = row.notice.lines
    became = {FinishGap: GapState.DONE, DismissGap: GapState.DISMISSED, DraftGap: GapState.IN_WORK}
    assert (line.state, desk.gaps()[0].state) == (became[what], became[what])
    assert row.edit_ts == place_of(listed)[1]
    stale = desk.office.store.homes.next()
    assert stale is not None
    assert stale.user == by


def test_a_report_names_the_ticket_that_it_quotes(desk: Desk) -> None:
    """The most typical question is gone: the next one speaks, under its own number."""
    numbers = [desk.ask(text, fix="Book it in Rooms") for text in BIKES]
    (gap,) = desk.look()
    with desk.office.store.unit_of_work() as uow:
        typical = uow.tickets.get(gap.typical)
        assert typical is not None
        uow.tickets.save(typical.reworded("(deleted)"))
    report = the(desk.report(), GapReport).notice
    assert isinstance(report, GapReport)
    (line,) = report.lines
    assert line.question == BIKES[numbers.index(line.typical)]


def test_what_is_long_ago_is_no_question_of_an_open_gap(desk: Desk) -> None:
    """A gap that nobody has fallen into for months is none."""
    for text in BIKES:
        desk.ask(text, fix="Book it in Rooms")
    assert len(desk.look()[0].missed) == 3
    desk.office.clock.turn(timedelta(days=120).total_seconds())
    assert desk.look() == ()
    assert desk.report() == []


def test_whoever_decides_is_reminded_of_a_gaps_draft_too(desk: Desk) -> None:
    """And again after it was taken up."""
    desk.ask(BIKES[0], fix="Book it in Rooms")
    (gap,) = desk.look()
    for press in (DraftGap(AT, gap.id), TakeUpDraft(AT, DraftId(1))):
        desk.office.handle(press)
        with desk.office.desk.look() as uow:
            kinds = [timer.kind for timer in uow.timers.of(gap.typical)]
        assert TimerKind.DRAFT_WAITS in kinds
        desk.office.handle(DismissDraft(AT, DraftId(1)))


def test_a_gap_whose_question_has_a_draft_gets_no_second(desk: Desk) -> None:
    """The engineer's own draft comes first; a press on last week's report says so."""
    desk.ask(BIKES[0], fix="Book it in Rooms")
    number = desk.ask(BIKES[1], a.BEN)
    (gap,) = desk.look()
    with desk.office.desk.look() as uow:
        escalation = uow.escalations.latest_for(TicketId(number))
    assert escalation is not None
    at = a.spot(a.TOM, a.L2_CHANNEL, "5.1")
    press = Resolve(at, escalation.id, "Dust", "Book it in Rooms under B2", article_wanted=True)
    desk.office.handle(press)
    assert desk.gaps()[0].state is GapState.IN_WORK
    again = the(desk.office.handle(DraftGap(AT, gap.id)), DraftWord).notice
    assert isinstance(again, DraftWord)
    assert again.why == "in_work"


def test_drafts_on_which_nobody_decides_are_told_of_weekly(desk: Desk) -> None:
    """Who was away for a week reads it once, even where no gap is there; not what is new."""
    for text, fix in ((BIKES[0], "Book it in Rooms"), (PLANTS[0], "Greenery does, on Tuesdays")):
        desk.ask(text, fix=fix)
        gap = desk.look()[-1]
        desk.office.handle(DraftGap(AT, gap.id))
        desk.office.clock.turn(timedelta(hours=12).total_seconds())
    assert not desk.report()
    desk.office.clock.turn(timedelta(days=2).total_seconds())
    report = the(desk.report(), GapReport).notice
    assert isinstance(report, GapReport)
    assert (report.waiting, report.lines) == ((DraftId(1), DraftId(2)), ())
    shown = str(render(report).blocks)
    assert "no gap, but drafts that wait" in shown
    assert "*Drafts wait for a decision*: D-1, D-2, the oldest since 2 March" in shown
    desk.office.handle(DismissDraft(AT, DraftId(1)))
    report = the(desk.report(), GapReport).notice
    assert isinstance(report, GapReport)
    assert report.waiting == (DraftId(2),)


def test_a_gap_is_named_without_greeting_and_thanks(desk: Desk) -> None:
    """In the list of what to write next: it is read by many, and is to be short."""
    for by in (a.ANA, a.BEN):
        desk.ask("Hi team, where is the bike repair stand? Many thanks, Petra", by)
    desk.look()
    (sent,) = desk.report()
    shown = str(render(sent.notice).blocks)
    assert "*1. Where is the bike repair stand?*" in shown
    assert "Petra" not in shown
