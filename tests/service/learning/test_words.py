"""Other words for articles: offered weekly, each once, and taken up by one press."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.desk.asking import Solved
from bot.desk.deciding import Action
from bot.desk.ids import TicketId, Ts
from bot.desk.learning import DraftWord, LeaveWords, TakeWords, WordsReport
from bot.desk.tickets import Resolve
from bot.desk.tiers import Tier
from bot.service.learning.words import OF_ONE, plan_words_report
from bot.slack.blocks.rendering import render
from kb.articles import Article
from kb.publishing import Shelf
from kb.searching.base import KnowledgeBase
from tests import builders as a
from tests.kb.conftest import WordEncoder
from tests.service.conftest import Office, the

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.desk.addresses import Spot
    from bot.desk.ids import UserId
    from bot.store.outbox import OutboxRow

SAYS = "Book the repair stand in Rooms, it is in the basement"
PAGE = Article("repair-stand", "Where is the repair stand?", "general", "l2", (), SAYS)
ELSEWHERE = a.VPN


class Desk:
    """An office with one published page, and one article that is kept elsewhere."""

    def __init__(self, office: Office, base: KnowledgeBase, shelf: Shelf) -> None:
        """Publish the page, and let articles be read from the base."""
        self.office, self.base = office, base
        shelf.put(PAGE, "D-1")
        office.desk = replace(office.desk, shelf=shelf)
        triager = office.triager
        triager.nearest = lambda text, *, readers: self._found(text)  # type: ignore[method-assign]
        triager.article = lambda article, *, readers: base.article(article)  # type: ignore[method-assign]
        self._asked = 0

    def _found(self, text: str) -> tuple[Article, ...]:
        found = (self.base.article(hit.article) for hit in self.base.search(text))
        return tuple(each for each in found if each is not None)

    def ask(self, text: str, by: UserId = a.ANA, *, article: str | None = None) -> TicketId:
        """Let somebody ask, and be answered by an article, or else call a person."""
        self._asked += 1
        ts = Ts(f"17725{self._asked:05}.000100")
        shown = a.triage(Action.ANSWER, article=article) if article else None
        self.office.triager.decision = shown or a.triage(Action.ESCALATE, Tier.L2)
        self.office.triager.known = {PAGE.id, ELSEWHERE}
        self.office.handle(a.message(text, user=by, ts=ts))
        with self.office.desk.look() as uow:
            (ticket,) = [
                each for each in uow.tickets.of_requester(by, a.NOON) if each.asked_ts == ts
            ]
        if article:
            self.office.handle(Solved(a.spot(by), ticket.id))
        return ticket.id

    def settle(self, ticket: TicketId, fix: str = SAYS) -> None:
        """Let Tom settle it."""
        with self.office.desk.look() as uow:
            escalation = uow.escalations.latest_for(ticket)
        assert escalation is not None
        self.office.handle(
            Resolve(a.spot(a.TOM, a.L2_CHANNEL, "5.1"), escalation.id, "as reported", fix)
        )

    def report(self) -> OutboxRow | None:
        """Tell the group what may be learned; None where there is nothing."""
        sent = self.office.apply(plan_words_report(self.office.desk))
        return the(sent, WordsReport) if sent else None

    def press(self, row: OutboxRow, press: type[TakeWords] = TakeWords) -> list[OutboxRow]:
        """Press on the report."""
        return self.office.handle(press(self.at(row)))

    def at(self, row: OutboxRow, by: UserId = a.MEI) -> Spot:
        """Where the report stands."""
        return a.spot(by, row.channel, f"1772453000.{row.id:06d}")


@pytest.fixture
def desk(office: Office, tmp_path: Path) -> Iterator[Desk]:
    """A desk with a page of its own."""
    opened = KnowledgeBase.open(tmp_path / "kb.db", WordEncoder())
    yield Desk(office, opened, Shelf(opened, tmp_path / "published"))
    opened.close()


def lines_of(row: OutboxRow | None) -> list[tuple[str, str, bool]]:
    """What a report offers."""
    assert row is not None
    assert isinstance(row.notice, WordsReport)
    return [(each.question, each.article, each.by_people) for each in row.notice.lines]


def test_what_a_page_answered_and_what_was_settled_as_it_says_is_offered_once(desk: Desk) -> None:
    """Its own title is not, nor what was settled otherwise."""
    desk.ask("can i fix my bike somewhere", article=PAGE.id)
    desk.ask(PAGE.title, a.BEN, article=PAGE.id)
    desk.settle(desk.ask("flat tyre, need tools", a.BEN))
    desk.settle(desk.ask("my chair squeaks"), "Oiled the castors of the chair")
    desk.settle(desk.ask("my lamp flickers"), "done")
    assert lines_of(desk.report()) == [
        ("can i fix my bike somewhere", PAGE.id, False),
        ("flat tyre, need tools", PAGE.id, True),
    ]
    assert desk.report() is None


def test_one_press_and_the_page_is_found_by_these_words(desk: Desk) -> None:
    """They stand on the page, as they were asked but for what is nobody else's."""
    desk.settle(desk.ask("Hi team, flat tyre, need tools. Thanks!", a.BEN))
    row = desk.report()
    assert row is not None
    (shown,) = desk.press(row)
    assert isinstance(shown.notice, WordsReport)
    assert shown.notice.by == a.MEI
    assert "found by these from now on" in str(render(shown.notice).blocks)
    page = desk.base.article(PAGE.id)
    assert page is not None
    assert page.questions == ("flat tyre, need tools.",)
    assert page.body == PAGE.body
    again = desk.press(row)
    assert desk.base.article(PAGE.id) == page
    assert all(getattr(each.notice, "by", a.MEI) == a.MEI for each in again)


def test_what_is_left_out_is_not_taken_up(desk: Desk) -> None:
    """One press each; the others stay."""
    desk.ask("can i fix my bike somewhere", article=PAGE.id)
    row = desk.report()
    assert row is not None
    at = desk.at(row)
    (shown,) = desk.office.handle(LeaveWords(at, PAGE.id))
    assert isinstance(shown.notice, WordsReport)
    assert shown.notice.lines == ()
    assert "all left out" in str(render(shown.notice).blocks)
    desk.press(row)
    page = desk.base.article(PAGE.id)
    assert page is not None
    assert page.questions == ()
    assert desk.report() is None


def test_only_the_group_decides_on_words(desk: Desk) -> None:
    """Buttons are no proof."""
    desk.ask("can i fix my bike somewhere", article=PAGE.id)
    row = desk.report()
    assert row is not None
    sent = desk.office.handle(TakeWords(desk.at(row, a.BEN)))
    word = the(sent, DraftWord).notice
    assert isinstance(word, DraftWord)
    assert word.why == "not_in_group"


def test_a_flood_of_one_person_is_one_voice(desk: Desk) -> None:
    """So many of one person, and as many of another."""
    for number in range(OF_ONE + 3):
        desk.ask(f"bike number {number} wants air in wheel {number}", article=PAGE.id)
    desk.ask("the pump, where?", a.BEN, article=PAGE.id)
    assert len(lines_of(desk.report())) == OF_ONE + 1


@pytest.mark.parametrize("kind", ["private", "restricted", "deleted"])
def test_what_may_no_longer_be_quoted_is_not_taken_up(desk: Desk, kind: str) -> None:
    """What became of it between report and press counts."""
    number = desk.ask("can i fix my bike somewhere", article=PAGE.id)
    row = desk.report()
    assert row is not None
    with desk.office.store.unit_of_work() as uow:
        ticket = uow.tickets.get(number)
        assert ticket is not None
        changed = {
            "private": ticket,
            "restricted": replace(ticket, restricted_to="l2"),
            "deleted": replace(ticket, question="(deleted)"),
        }[kind]
        uow.tickets.save(changed)
    if kind == "private":
        desk.office.directory.private = {a.IT_HELP}
    desk.press(row)
    page = desk.base.article(PAGE.id)
    assert page is not None
    assert page.questions == ()


def test_an_article_that_is_kept_elsewhere_learns_them(desk: Desk, tmp_path: Path) -> None:
    """Its file is not touched."""
    pages = tmp_path / "elsewhere"
    pages.mkdir()
    file = pages / f"{ELSEWHERE}.md"
    file.write_text(f"---\nid: {ELSEWHERE}\ntitle: Connect\n---\nOpen Tunnel.\n", encoding="utf-8")
    desk.base.sync([pages])
    before = file.read_bytes()
    desk.ask("how do i reach the intranet from home", article=ELSEWHERE)
    row = desk.report()
    assert lines_of(row) == [("how do i reach the intranet from home", ELSEWHERE, False)]
    assert row is not None
    desk.press(row)
    assert file.read_bytes() == before
    assert desk.base.search("intranet from home")[0].article == ELSEWHERE
