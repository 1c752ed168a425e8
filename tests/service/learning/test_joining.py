"""One draft a topic: what is settled alike gathers in the draft that waits."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.desk.deciding import Action
from bot.desk.errors import StaleStateError
from bot.desk.ids import Ts
from bot.desk.learning import (
    DismissDraft,
    Draft,
    DraftCard,
    DraftId,
    DraftState,
    EditDraft,
    PublishDraft,
    Text,
)
from bot.desk.tickets import Resolve
from bot.desk.tiers import Tier
from bot.service.handling import plan
from kb.publishing import Shelf
from kb.searching.base import KnowledgeBase
from tests import builders as a
from tests.kb.conftest import WordEncoder
from tests.service.conftest import Office, the

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from bot.desk.ids import TicketId
    from bot.store.outbox import OutboxRow

    Likeness = Callable[[str, Sequence[str]], list[float]]

HOW = "Open Rooms and choose the stand in basement two"
OTHERWISE = "Ask the porter for the key of the basement"
FIRST = DraftId(1)
AT = a.spot(a.MEI, a.L2_CHANNEL, "8.1")


@pytest.fixture(autouse=True)
def base(office: Office, tmp_path: Path) -> Iterator[KnowledgeBase]:
    """A folder to publish into."""
    opened = KnowledgeBase.open(tmp_path / "kb.db", WordEncoder())
    office.desk = replace(office.desk, shelf=Shelf(opened, tmp_path / "published"))
    yield opened
    opened.close()


def asked(office: Office, number: int, text: str, channel: str = a.IT_HELP) -> Resolve:
    """Let Ana ask; gives the press that resolves it and wants an article."""
    ts = Ts(f"17725{number:05}.000100")
    office.triager.decision = a.triage(Action.ESCALATE, Tier.L2)
    office.handle(a.message(text, ts=ts, channel=channel))
    with office.desk.look() as uow:
        (ticket,) = [t for t in uow.tickets.of_requester(a.ANA, a.NOON) if t.asked_ts == ts]
        escalation = uow.escalations.latest_for(ticket.id)
    assert escalation is not None
    at = a.spot(a.TOM, a.L2_CHANNEL, "5.1")
    return Resolve(at, escalation.id, "Nobody said so", HOW, article_wanted=True)


def settle(
    office: Office,
    number: int,
    text: str,
    fix: str = HOW,
    *,
    likeness: Likeness | None = None,
    channel: str = a.IT_HELP,
) -> list[OutboxRow]:
    """Let it be asked, and resolved so, where texts are so alike; gives what was said at that."""
    press = replace(asked(office, number, text, channel), fix=fix)
    with pytest.MonkeyPatch.context() as patch:
        if likeness is not None:
            patch.setattr(office.triager, "likeness", likeness)
        return office.handle(press)


def always(score: float) -> Likeness:
    """Everything is so alike."""
    return lambda _, others: [score] * len(others)


def drafts(office: Office, *states: DraftState) -> tuple[Draft, ...]:
    """The drafts on record."""
    with office.desk.look() as uow:
        return uow.drafts.listed(*states)


def sources(office: Office) -> list[tuple[TicketId, ...]]:
    """Which tickets each of the drafts gathers."""
    return [each.sources for each in drafts(office)]


def test_what_is_settled_alike_is_one_draft(office: Office) -> None:
    """With the questions of both, and one message in the channel."""
    settle(office, 1, "where is the bike repair stand?")
    sent = settle(office, 2, "URGENT how do I book the bike stand, thanks")
    (draft,) = drafts(office)
    assert len(draft.sources) == 2
    assert draft.text.questions == (
        "where is the bike repair stand?", "how do I book the bike stand",
    )  # fmt: skip
    assert draft.text.body.count(HOW) == 1
    row = the(sent, DraftCard)
    assert row.to.edits is not None, "the message that is there says it"
    assert isinstance(row.notice, DraftCard)
    assert row.notice.sources == draft.sources


@pytest.mark.parametrize(
    ("fix", "likeness"),
    [(OTHERWISE, 0.5), ("Fetch it at the gate", 0.7), ("Look at page 9 of the plan", 0.0)],
)
def test_what_is_settled_otherwise_is_another_draft(
    office: Office, fix: str, likeness: float
) -> None:
    """The question alone does not tell: much the same words ask for different things."""
    settle(office, 1, "where is the bike repair stand?")
    settle(office, 2, "where is the coffee stand?", fix, likeness=always(likeness))
    assert len(drafts(office)) == (1 if 2 * likeness >= 1.2 else 2)


def test_what_a_reviewer_wrote_stands_and_gathers(office: Office) -> None:
    """The answer is theirs; what helped another stands below, once, and the question with it."""
    settle(office, 1, "where is the bike repair stand?")
    theirs = Text("The bike stand", ("bike stand where",), "It is in basement two.")
    office.handle(EditDraft(AT, FIRST, 1, theirs))
    settle(office, 2, "how do I book the bike stand?", OTHERWISE, likeness=always(0.7))
    settle(office, 3, "key for the bike stand?", OTHERWISE, likeness=always(0.7))
    (draft,) = drafts(office)
    assert draft.text.title == "The bike stand"
    assert draft.text.body.startswith("It is in basement two.")
    assert draft.text.body.count(OTHERWISE) == 1
    assert "bike stand where" in draft.text.questions
    assert "how do I book the bike stand?" in draft.text.questions


def test_what_most_wrote_leads(office: Office) -> None:
    """One who wrote something else does not take the answer's place."""
    alike = {(HOW, HOW): 1.0, (OTHERWISE, OTHERWISE): 1.0}

    def likeness(text: str, others: Sequence[str]) -> list[float]:
        return [alike.get((text, other), 0.7) for other in others]

    settle(office, 1, "where is the bike repair stand?")
    settle(office, 2, "how do I book the bike stand?", likeness=likeness)
    settle(office, 3, "bike stand in basement two?", OTHERWISE, likeness=likeness)
    (draft,) = drafts(office)
    assert draft.text.body.startswith(HOW)
    assert f"## What helped others\n- {OTHERWISE}" in draft.text.body


@pytest.mark.parametrize("press", [PublishDraft, DismissDraft])
def test_what_was_decided_gathers_nothing(
    office: Office, press: type[PublishDraft | DismissDraft]
) -> None:
    """A draft that nobody waits for stays as it was decided on."""
    settle(office, 1, "where is the bike repair stand?")
    office.handle(press(AT, FIRST))
    settle(office, 2, "how do I book the bike stand?")
    assert [len(each) for each in sources(office)] == [1, 1]
    assert len(drafts(office, DraftState.OPEN)) == 1


@pytest.mark.parametrize("channel", ["D0ANA00001", "C0PRIVATE1"])
def test_what_was_asked_privately_joins_nothing(office: Office, channel: str) -> None:
    """Neither its question nor its number stands in the draft of others."""
    settle(office, 1, "where is the bike repair stand?")
    office.directory.private.add(channel)
    settle(office, 2, "my bike, the secret one, needs the stand", channel=channel)
    (draft,) = drafts(office)
    assert len(draft.sources) == 1
    assert "secret" not in str(draft.text)


def test_a_draft_that_changes_in_this_moment_is_looked_at_again(office: Office) -> None:
    """Neither the reviewer's words nor the resolution is lost."""
    settle(office, 1, "where is the bike repair stand?")
    change = plan(asked(office, 2, "how do I book the bike stand?"), office.desk)
    theirs = Text("The bike stand", ("bike stand where",), "It is in basement two.")
    office.handle(EditDraft(AT, FIRST, 1, theirs))
    with pytest.raises(StaleStateError), office.store.unit_of_work() as uow:
        change(uow)
    (draft,) = drafts(office)
    assert draft.text == theirs


def test_where_they_cannot_be_compared_it_is_a_draft_of_its_own(office: Office) -> None:
    """A resolution waits for nothing."""
    settle(office, 1, "where is the bike repair stand?")

    def fails(text: str, _: Sequence[str]) -> list[float]:
        raise ValueError(text)

    settle(office, 2, "how do I book the bike stand?", likeness=fails)
    assert [len(each) for each in sources(office)] == [1, 1]
