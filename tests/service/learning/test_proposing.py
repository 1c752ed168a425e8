"""What was settled alike for several people is proposed, though nobody asked for an article."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from bot.desk.deciding import KNOWLEDGE_GAP, Action
from bot.desk.errors import StaleStateError
from bot.desk.ids import TicketId, Ts
from bot.desk.learning import (
    DismissDraft,
    Draft,
    DraftCard,
    DraftId,
    DraftState,
    EditDraft,
    GapReport,
    GapState,
    PublishDraft,
    Text,
)
from bot.desk.tickets import NotFixed, Resolve
from bot.desk.tiers import Tier
from bot.service.learning import proposing
from bot.service.learning.gaps import look_for_gaps, plan_gap_reports
from bot.service.learning.gathering import Sight
from bot.service.learning.proposing import plan_alike
from bot.slack.blocks.rendering import render
from kb.articles import Article
from kb.publishing import Shelf
from kb.questions.clustering import grouped
from kb.searching.base import KnowledgeBase
from tests import builders as a
from tests.kb.conftest import WordEncoder
from tests.service.conftest import Office, kinds, place_of, the

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from bot.desk.ids import UserId
    from bot.store.outbox import OutboxRow
    from kb.questions.clustering import Vectors

HOW = "Open Rooms and choose the stand in basement two"
OTHERWISE = "The greenery people water them on Mondays"
ASKED = "where is the bike repair stand", "bike repair stand: where do I book it"
AT = a.spot(a.MEI, a.L2_CHANNEL, "8.1")


class Desk:
    """An office where engineers settle, and seldom ask for an article."""

    def __init__(self, office: Office) -> None:
        """Begin with nothing on record."""
        self.office = office
        self._asked = 0

    def settle(
        self,
        text: str,
        by: UserId = a.ANA,
        fix: str = HOW,
        *,
        wanted: bool = False,
        missed: bool = True,
        channel: str = a.IT_HELP,
    ) -> TicketId:
        """Let somebody ask, and Tom settle it so."""
        self._asked += 1
        ts = Ts(f"17725{self._asked:05}.000100")
        reasons = (f"{KNOWLEDGE_GAP}no article",) if missed else ("needs a person",)
        self.office.triager.decision = replace(a.triage(Action.ESCALATE, Tier.L2), reasons=reasons)
        self.office.handle(a.message(text, user=by, ts=ts, channel=channel))
        with self.office.desk.look() as uow:
            (ticket,) = [t for t in uow.tickets.of_requester(by, a.NOON) if t.asked_ts == ts]
            escalation = uow.escalations.latest_for(ticket.id)
        assert escalation is not None
        at = a.spot(a.TOM, a.L2_CHANNEL, "5.1")
        self.office.handle(Resolve(at, escalation.id, "?", fix, article_wanted=wanted))
        return ticket.id

    def look(self) -> list[OutboxRow]:
        """Look for what was settled alike; gives what was said at that."""
        return self.office.apply(plan_alike(self.office.desk, embedded))

    def drafts(self, *states: DraftState) -> tuple[Draft, ...]:
        """The drafts on record."""
        with self.office.desk.look() as uow:
            return uow.drafts.listed(*states)


def embedded(texts: Sequence[str]) -> Vectors:
    """Texts are alike by the words that they share."""
    words = sorted({word for text in texts for word in text.lower().split()})
    rows = np.array([[word in text.lower().split() for word in words] for text in texts], float)
    found: Vectors = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return found


@pytest.fixture
def desk(office: Office, tmp_path: Path) -> Iterator[Desk]:
    """A desk with a folder to publish into, and no article."""
    opened = KnowledgeBase.open(tmp_path / "kb.db", WordEncoder())
    office.desk = replace(office.desk, shelf=Shelf(opened, tmp_path / "published"))
    yield Desk(office)
    opened.close()


def test_the_second_that_is_settled_alike_is_a_draft(desk: Desk) -> None:
    """One message, which says why; the next day says nothing more."""
    desk.settle(ASKED[0])
    assert desk.look() == []
    desk.settle(ASKED[1], a.BEN)
    row = the(desk.look(), DraftCard)
    card = row.notice
    assert isinstance(card, DraftCard)
    assert row.channel == a.groups().named("l2").channel
    assert set(card.questions) == set(ASKED)
    assert card.body.startswith(HOW)
    assert card.body.count(HOW) == 1
    assert "nobody asked for an article" in str(render(card))
    assert desk.look() == []
    assert len(desk.drafts()) == 1


def test_its_card_says_why_until_it_is_decided_on(desk: Desk) -> None:
    """Whoever edits it still sees that nobody asked for it."""
    for text, by in zip(ASKED, (a.ANA, a.BEN), strict=True):
        desk.settle(text, by)
    desk.look()
    edited = EditDraft(AT, DraftId(1), 1, Text("The stand", ("where is it",), HOW))
    card = the(desk.office.handle(edited), DraftCard).notice
    assert isinstance(card, DraftCard)
    assert "nobody asked for an article" in str(render(card))


def test_one_persons_questions_are_no_draft(desk: Desk) -> None:
    """However often they ask."""
    for text in (*ASKED, "bike repair stand where"):
        desk.settle(text)
    assert desk.look() == []


@pytest.mark.parametrize(
    "kind", ["private", "says nothing", "needs a person", "came back", "other matters"]
)
def test_what_is_no_article_is_not_proposed(desk: Desk, kind: str) -> None:
    """Private, careless, a person's, not held, or of one form and about other things."""
    desk.office.directory.private = {"C0PRIVATE1"}
    ways: dict[str, dict[str, object]] = {
        "private": {"channel": "C0PRIVATE1"},
        "says nothing": {"fix": "fixed, works again"},
        "needs a person": {"missed": False},
    }
    more = ways.get(kind, {})
    second = "the plants need water" if kind == "other matters" else ASKED[1]
    desk.settle(ASKED[0], **more)  # type: ignore[arg-type]
    number = desk.settle(second, a.BEN, **more)  # type: ignore[arg-type]
    if kind == "came back":
        with desk.office.desk.look() as uow:
            ticket = uow.tickets.get(number)
        assert ticket is not None
        desk.office.handle(NotFixed(a.spot(a.BEN, a.IT_HELP, str(ticket.asked_ts)), number))
    assert desk.look() == []
    assert desk.drafts() == ()


def test_one_that_sounded_like_a_persons_counts_beside_one_that_did_not(desk: Desk) -> None:
    """The tiers hear a person's in some words of what an article should answer."""
    desk.settle(ASKED[0], missed=False)
    assert desk.look() == []
    desk.settle(ASKED[1], a.BEN)
    assert kinds(desk.look()) == ["draft_card"]


def test_words_that_end_many_things_are_no_answer(desk: Desk) -> None:
    """Somebody writes the same of all; that two of these are alike says nothing."""
    for text in ("no sound here", "pages load slowly", "badge fails", ASKED[0]):
        for by in (a.ANA, a.BEN):
            desk.settle(text, by, "Restarted the laptop, no problem since")
    assert desk.look() == []


def test_what_is_settled_alike_joins_the_draft_that_waits(desk: Desk) -> None:
    """What was settled before and after it: its message is edited, and nobody is told anew."""
    first = desk.settle(ASKED[0])
    second = desk.settle(ASKED[1], a.BEN, wanted=True)
    third = desk.settle("who knows where the bike repair stand is")
    row = the(desk.look(), DraftCard)
    assert row.to.edits is not None
    (draft,) = desk.drafts()
    assert draft.sources == (second, first, third)
    assert len(draft.text.questions) == 3
    assert draft.revision == 2
    assert desk.look() == []


@pytest.mark.parametrize("press", [DismissDraft, PublishDraft])
def test_what_was_decided_on_is_not_proposed_again(
    desk: Desk, press: type[DismissDraft | PublishDraft]
) -> None:
    """Be it not worth it, or an article that has to be found by other words."""
    desk.settle(ASKED[0], wanted=True)
    desk.office.handle(press(AT, DraftId(1)))
    desk.settle(ASKED[1], a.BEN)
    desk.settle("who knows where the bike repair stand is")
    assert desk.look() == []
    assert len(desk.drafts()) == 1


def test_a_channel_is_not_flooded(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A few a day, and none where many wait: what was settled most often comes first."""
    monkeypatch.setattr(proposing, "A_DAY", 2)
    monkeypatch.setattr(proposing, "WAITING", 3)
    for topic in ("alpha", "beta", "gamma"):
        for by in (a.ANA, a.BEN):
            desk.settle(f"{topic} {topic}s how", by, f"Turn {topic} over twice by {topic}s")
    desk.settle("gamma gammas how now", a.ANA, "Turn gamma over twice by gammas")
    assert kinds(desk.look()).count("draft_card") == 2
    assert "gamma" in desk.drafts()[0].text.body
    assert kinds(desk.look()).count("draft_card") == 1
    for by in (a.ANA, a.BEN):
        desk.settle("kappa kappas how", by, "Turn kappa over by kappas")
    assert desk.look() == []


def test_however_many_are_alike_they_are_one_draft(desk: Desk) -> None:
    """With few questions, whoever asks: near-identical outcomes are one thing."""
    for number in range(2):
        desk.settle(f"{ASKED[number]} {number}", (a.ANA, a.BEN)[number])
    for number in range(4):
        desk.look()
        desk.settle(f"{ASKED[0]}, {'please ' * number}", (a.ANA, a.BEN)[number % 2])
    desk.look()
    (draft,) = desk.drafts()
    assert len(draft.sources) == 6
    assert draft.text.body.count(HOW) == 1


def test_what_an_article_says_already_is_not_proposed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has to be found by other words, not to be written once more."""
    page = Article("stand", "The stand", "it", "desk", (), HOW)
    monkeypatch.setattr(desk.office.triager, "nearest", lambda *_, **__: (page,))
    for text, by in zip(ASKED, (a.ANA, a.BEN), strict=True):
        desk.settle(text, by)
    assert desk.look() == []


def test_whoever_is_quicker_proposes_it(desk: Desk) -> None:
    """An engineer asks for an article while it is looked: one draft."""
    for text, by in zip(ASKED, (a.ANA, a.BEN), strict=True):
        desk.settle(text, by)
    change, other = (plan_alike(desk.office.desk, embedded) for _ in range(2))
    assert kinds(desk.office.apply(change)) == ["draft_card"]
    assert desk.office.apply(other) == []
    assert len(desk.drafts()) == 1


def test_a_gap_is_in_work_by_it(desk: Desk) -> None:
    """So the weekly list does not ask for it once more."""
    for text, by in zip(ASKED, (a.ANA, a.BEN), strict=True):
        desk.settle(text, by)
    office = desk.office.desk
    look_for_gaps(
        Sight(
            office.unit_of_work, office.look, office.clock, embedded, lambda _: list(ASKED),
            lambda _: None, grouped,
        )
    )  # fmt: skip
    listed = the(desk.office.apply(plan_gap_reports(office)), GapReport)
    row = the(desk.look(), GapReport)
    assert isinstance(row.notice, GapReport)
    assert {line.state for line in row.notice.lines} == {GapState.IN_WORK}
    assert row.edit_ts == place_of(listed)[1]
    with desk.office.desk.look() as uow:
        assert {gap.state for gap in uow.gaps.all()} == {GapState.IN_WORK}


def test_what_a_reviewer_changes_meanwhile_stands(desk: Desk) -> None:
    """It is looked again, and theirs gathers."""
    desk.settle(ASKED[0], wanted=True)
    desk.settle(ASKED[1], a.BEN)
    change = plan_alike(desk.office.desk, embedded)
    desk.office.handle(EditDraft(AT, DraftId(1), 1, Text("The stand", ("where",), "Go down")))
    with pytest.raises(StaleStateError):
        desk.office.apply(change)
    desk.look()
    (draft,) = desk.drafts()
    assert draft.text.title == "The stand"
    assert draft.text.questions == ("where", *ASKED)


def test_without_a_folder_nothing_is_proposed(desk: Desk) -> None:
    """What cannot be published asks nobody for a word."""
    desk.office.desk = replace(desk.office.desk, shelf=None)
    for text, by in zip(ASKED, (a.ANA, a.BEN), strict=True):
        desk.settle(text, by)
    assert desk.look() == []
