"""From "an article should say so" to an article, and everything that may come between."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.desk.deciding import Action
from bot.desk.ids import Thread, Ts
from bot.desk.learning import (
    ArticleNews,
    DismissDraft,
    Draft,
    DraftCard,
    DraftId,
    DraftState,
    DraftWaits,
    DraftWord,
    EditDraft,
    MergeDraft,
    Near,
    PublishDraft,
    TakeUpDraft,
    Text,
    confirmed,
)
from bot.desk.privacy import NoScrubber
from bot.desk.promises import TimerKind
from bot.desk.tickets import NotFixed, Resolve, Settled
from bot.desk.tiers import Tier
from bot.service.handling import plan
from bot.service.promises.firing import plan_timer
from bot.service.views.looking import EngineersLooks
from bot.slack.blocks.rendering import render
from bot.store.database import reading
from bot.store.keeping.forgetting import Forgetting
from bot.store.learning.outcomes import SqliteOutcomes
from kb.articles import Article
from kb.publishing import Shelf
from kb.searching.base import KnowledgeBase
from tests import builders as a
from tests.kb.conftest import WordEncoder
from tests.service.conftest import Office, kinds, the

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.desk.ids import UserId
    from bot.desk.learning import DraftPress
    from bot.store.outbox import OutboxRow

QUESTION = "The badge printer jams whenever a visitor signs in"
HOW = "Open the lid and clean the yellow roller"
FIRST = DraftId(1)


@pytest.fixture(autouse=True)
def base(office: Office, tmp_path: Path) -> Iterator[KnowledgeBase]:
    """A folder to publish into."""
    opened = KnowledgeBase.open(tmp_path / "kb.db", WordEncoder())
    office.desk = replace(office.desk, shelf=Shelf(opened, tmp_path / "published"))
    yield opened
    opened.close()


def resolved(office: Office, *, question: str = QUESTION, **changes: object) -> list[OutboxRow]:
    """Let Ana ask, and Tom resolve it; gives what was said at that."""
    where = changes.pop("where", None)
    known = {"channel": where} if where else {}
    if office.find_ticket(Thread(a.TEAM, where or a.IT_HELP, a.ASKED)) is None:  # type: ignore[arg-type]
        office.triager.decision = a.triage(Action.ESCALATE, Tier.L2)
        office.handle(a.message(question, **known))
    with office.desk.look() as uow:
        ticket = uow.tickets.in_thread(Thread(a.TEAM, where or a.IT_HELP, a.ASKED))  # type: ignore[arg-type]
        assert ticket is not None
        escalation = uow.escalations.latest_for(ticket.id)
    assert escalation is not None
    said = {"cause": "Dust", "fix": HOW, "article_wanted": True, **changes}
    press = Resolve(a.spot(a.TOM, a.L2_CHANNEL, "5.1"), escalation.id, **said)  # type: ignore[arg-type]
    return office.handle(press)


def draft(office: Office, number: DraftId = FIRST) -> Draft:
    """A draft as it is on record."""
    with office.desk.look() as uow:
        found = uow.drafts.get(number)
    assert found is not None
    return found


def press(
    office: Office, what: type[DraftPress], by: UserId = a.MEI, *more: object
) -> list[OutboxRow]:
    """Let somebody press under the draft."""
    at = a.spot(by, a.L2_CHANNEL, "7.1")
    return office.handle(what(at, FIRST, *more))  # type: ignore[call-arg]


def word(sent: list[OutboxRow]) -> DraftWord:
    """What somebody was told about a draft."""
    notice = the(sent, DraftWord).notice
    assert isinstance(notice, DraftWord)
    return notice


def test_a_resolution_that_wants_an_article_posts_a_draft_to_the_group(office: Office) -> None:
    """With its words and its source; the requester is told of the end as ever."""
    sent = resolved(office)
    assert kinds(sent).count("settled") == 1
    row = the(sent, DraftCard)
    card = row.notice
    assert isinstance(card, DraftCard)
    assert row.channel == a.groups().named("l2").channel
    assert (card.title, card.questions) == (QUESTION, (QUESTION,))
    assert card.body.startswith(HOW)
    assert card.sources == (office.ticket().id,)
    assert card.resolved_by == a.TOM


def shown(sent: list[OutboxRow]) -> str:
    """The draft's message as its group reads it, each block's text on a line."""
    return str(render(the(sent, DraftCard).notice).blocks)


def test_the_tickets_of_a_draft_are_links_to_their_threads(office: Office) -> None:
    """At first, and on every edit of it."""
    sent = resolved(office)
    ticket = office.ticket()
    at = ticket.thread
    link = f"https://example.slack.com/archives/{at.channel}/p{at.ts.replace('.', '')}"
    assert f"From <{link}|T-{ticket.id}>" in shown(sent)
    assert f"From <{link}|T-{ticket.id}>" in shown(press(office, PublishDraft))


def test_a_ticket_that_is_restricted_by_now_is_named_on_no_draft(office: Office) -> None:
    """Nor linked to: the others are, and its card says so where there is no other."""
    resolved(office)
    ticket = office.ticket()
    with office.store.unit_of_work() as uow:
        uow.tickets.save(ticket.routed("security", "l2"))
    alone = shown(press(office, DismissDraft))
    assert "From what is restricted by now" in alone
    assert f"T-{ticket.id}" not in alone
    with office.store.unit_of_work() as uow:
        place = Thread(a.TEAM, a.IT_HELP, Ts("1772451000.000200"))
        other = uow.tickets.open(place, a.BEN, "it jams", place.ts)
        uow.drafts.save(replace(draft(office), sources=(ticket.id, other.id)))
    beside = shown(press(office, TakeUpDraft))
    assert f"T-{other.id}" in beside
    assert f"T-{ticket.id}" not in beside
    assert "/archives/" not in beside


def test_without_the_wish_there_is_no_draft(office: Office) -> None:
    """Nor where the press came too late."""
    sent = resolved(office, article_wanted=False)
    assert not [row for row in sent if isinstance(row.notice, DraftCard)]
    again = resolved(office)
    assert not [row for row in again if isinstance(row.notice, DraftCard)]


def test_publish_makes_an_article_and_tells_the_requester(
    office: Office, base: KnowledgeBase
) -> None:
    """Once; who presses second is told who was first."""
    resolved(office)
    sent = press(office, PublishDraft)
    news = the(sent, ArticleNews)
    assert news.to.thread_ts == a.ASKED
    assert draft(office).state is DraftState.PUBLISHED
    assert base.search("badge printer jams")[0].article == draft(office).article
    late = press(office, PublishDraft, a.TOM)
    assert (word(late).why, word(late).by) == ("already", a.MEI)
    assert not [row for row in late if isinstance(row.notice, ArticleNews)]


def test_a_killed_press_is_handled_again_and_finds_what_was_done(
    office: Office, base: KnowledgeBase
) -> None:
    """The article was written, the transaction never came: the next try ends it."""
    resolved(office)
    at = a.spot(a.MEI, a.L2_CHANNEL, "7.1")
    plan(PublishDraft(at, FIRST), office.desk)  # and then the power goes
    assert base.count() == 1
    assert draft(office).is_open
    sent = press(office, PublishDraft)
    assert the(sent, ArticleNews)
    assert base.count() == 1


@pytest.mark.parametrize("what", [PublishDraft, DismissDraft, TakeUpDraft])
def test_who_could_not_have_resolved_it_decides_nothing(
    office: Office, what: type[DraftPress]
) -> None:
    """Buttons are no proof."""
    resolved(office)
    sent = press(office, what, a.BEN)
    assert word(sent).why == "not_in_group"
    assert draft(office).is_open


def test_an_edit_counts_and_one_that_comes_too_late_is_given_back(office: Office) -> None:
    """Nobody writes over what they have not seen, and nothing that was typed is lost."""
    resolved(office)
    mine, yours = Text("Mine", ("q",), "My words"), Text("Yours", ("q",), "Your words")
    press(office, EditDraft, a.MEI, 1, mine)
    assert draft(office).text == mine
    late = press(office, EditDraft, a.TOM, 1, yours)
    assert word(late).why == "changed_meanwhile"
    assert "Your words" in word(late).typed
    assert draft(office).text == mine
    press(office, PublishDraft)
    after = press(office, EditDraft, a.TOM, 2, yours)
    assert (word(after).why, "Your words" in word(after).typed) == ("already", True)


def test_not_worth_it_and_taken_up_again(office: Office) -> None:
    """A decision that can be taken back."""
    resolved(office)
    press(office, DismissDraft)
    assert draft(office).state is DraftState.DISMISSED
    assert word(press(office, DismissDraft)).why == "already"
    press(office, TakeUpDraft)
    assert draft(office).is_open
    assert word(press(office, TakeUpDraft)).why == "already"


def test_merged_into_an_article_of_the_folder(office: Office, base: KnowledgeBase) -> None:
    """Its questions lead there; one that is not there changes nothing."""
    resolved(office)
    press(office, PublishDraft)
    first = draft(office).article
    office.triager.decision = a.triage(Action.ESCALATE, Tier.L2)
    office.handle(a.message("The visitor badge comes out blank", ts=Ts("1772452999.000100")))
    with office.desk.look() as uow:
        ticket = uow.tickets.in_thread(Thread(a.TEAM, a.IT_HELP, Ts("1772452999.000100")))
        assert ticket is not None
        escalation = uow.escalations.latest_for(ticket.id)
    assert escalation is not None
    at = a.spot(a.TOM, a.L2_CHANNEL, "5.2")
    office.handle(
        Resolve(at, escalation.id, "Dust", "Clean the white sensor", article_words="Clean it")
    )
    second = DraftId(2)
    missing = office.handle(MergeDraft(at, second, "nowhere"))
    assert word(missing).why == "not_written"
    assert draft(office, second).is_open
    sent = office.handle(MergeDraft(at, second, first))
    assert the(sent, ArticleNews)
    assert draft(office, second).state is DraftState.MERGED
    found = base.article(first)
    assert found is not None
    assert "Clean the white sensor" in found.body
    assert "The visitor badge comes out blank" in found.questions
    with reading(office.store.path) as database:
        taught = [confirmed(each) for each in SqliteOutcomes(database).by_ticket()]
    assert taught == [((QUESTION, first),), (("The visitor badge comes out blank", first),)]


def test_an_article_kept_elsewhere_that_says_so_is_asked_by_it(
    office: Office, base: KnowledgeBase, tmp_path: Path
) -> None:
    """Nothing is written into a wiki: the question leads to what it says already, links and all."""
    wiki = tmp_path / "wiki"
    wiki.mkdir()
    text = "# Roller care\n\nOpen the lid and [clean the yellow roller](https://x.example/r).\n"
    (wiki / "roller-care.md").write_text(text, encoding="utf-8")
    base.sync([wiki])
    resolved(office)
    press(office, MergeDraft, a.MEI, "roller-care")
    assert draft(office).state is DraftState.MERGED
    assert (wiki / "roller-care.md").read_text(encoding="utf-8") == text
    with reading(tmp_path / "kb.db") as database:
        learned = database.execute("SELECT article, text FROM kb_learned").fetchall()
    assert ("roller-care", QUESTION) in [tuple(row) for row in learned]


def test_a_merged_section_says_once_when_to_ask_for_a_person(
    office: Office, base: KnowledgeBase
) -> None:
    """The page has said so."""
    shelf = office.desk.shelf
    assert shelf is not None
    ending = "## When to ask for a person\nWhen this does not settle it; say what happened instead."
    shelf.put(Article("care", "Care", "general", "l2", (), f"Dust it.\n\n{ending}"), "D-9")
    resolved(office)
    press(office, MergeDraft, a.MEI, "care")
    found = base.article("care")
    assert found is not None
    assert found.body.count("When to ask for a person") == 1
    assert HOW in found.body


@pytest.mark.parametrize(("failed", "is_done"), [(1, True), (3, True), (0, False)])
def test_merged_in_place_of_what_failed(
    office: Office, base: KnowledgeBase, *, failed: int, is_done: bool
) -> None:
    """What did not help on these tickets is found no more; what did not fail on them stays."""
    shelf = office.desk.shelf
    assert shelf is not None
    shelf.put(Article("roller", "Clean the roller", "general", "l2", (), "Open the lid."), "D-8")
    old = Article("badge", "The badge printer jams", "general", "l2", ("jams",), "Shake it.")
    shelf.put(old, "D-9")
    resolved(office)
    with office.desk.unit_of_work() as uow:
        uow.drafts.save(replace(draft(office), near=(Near("badge", "Badge", failed),)))
    sent = press(office, MergeDraft, a.MEI, "roller", "badge")
    assert draft(office).is_open is not is_done
    assert is_done or "did not fail" in str(word(sent).details)
    found = {hit.article for hit in base.search("the badge printer jams")}
    assert ("badge" in found) is not is_done


def test_the_article_that_says_it_already_is_named_whatever_was_asked(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer is looked for beside the question, without our own words at its end."""
    says = Article("roller", "Clean the roller", "printing", "l2", (), HOW)
    asks = Article("visitors", "Sign in visitors", "offices", "l2", (), "At the gate.")
    looked: list[str] = []

    def nearest(text: str, *, readers: frozenset[str] | None) -> tuple[Article, ...]:
        assert readers == frozenset()
        looked.append(text)
        return (says,) if text == HOW else (asks, says)

    monkeypatch.setattr(office.triager, "nearest", nearest)
    resolved(office)
    assert looked == [QUESTION, HOW]
    assert draft(office).near == (
        Near("roller", "Clean the roller"), Near("visitors", "Sign in visitors"),
    )  # fmt: skip
    assert draft(office).area == "offices"


@pytest.mark.parametrize("is_near", [True, False])
def test_a_page_is_offered_to_the_other_drafts_that_it_comes_near_to(
    office: Office, monkeypatch: pytest.MonkeyPatch, *, is_near: bool
) -> None:
    """Of two drafts of one topic, the second can be merged into what came of the first."""
    resolved(office)
    with office.desk.unit_of_work() as uow:
        failed = (Near("old", "Of old", 2), Near("far", "Far"))
        other = uow.drafts.propose(replace(draft(office), text=Text("Jam", ("jams",), "Pull.")))
        uow.drafts.save(replace(other, near=failed))

    def nearest(text: str, *, readers: frozenset[str] | None) -> tuple[Article, ...]:
        found = Article(draft(office).article, "The badge", "offices", "l2", (), HOW)
        return (found,) if is_near and readers == frozenset() and text else ()

    monkeypatch.setattr(office.triager, "nearest", nearest)
    press(office, PublishDraft)
    page = Near(draft(office).article, draft(office).text.title)
    wanted = (failed[0], page, failed[1]) if is_near else failed
    assert draft(office, other.id).near == wanted
    assert draft(office, other.id).is_open


@pytest.mark.parametrize("fix", ["fixed", "Done.", "works again", "see above", "resolved it"])
def test_an_empty_resolution_makes_no_draft_and_says_so(office: Office, fix: str) -> None:
    """To the engineer, in the escalation's thread; the ticket is resolved all the same."""
    sent = resolved(office, fix=fix)
    assert the(sent, Settled)
    assert word(sent).why == "says_nothing"
    assert not [row for row in sent if isinstance(row.notice, DraftCard)]


@pytest.mark.parametrize("where", [a.DIRECT, "C0PRIVATE1"])
def test_what_was_asked_privately_is_never_drafted(office: Office, where: str) -> None:
    """Not in direct messages, nor in a private channel."""
    office.directory.private = {"C0PRIVATE1"}
    sent = resolved(office, question="@frontline " + QUESTION, where=where)
    assert word(sent).why == "not_quotable"
    assert not [row for row in sent if isinstance(row.notice, DraftCard)]


KEPT = [
    ("confidential", None), (None, "l2"), ("danger", "l2"), ("confidential", "l2"),
    ("security", "l2"),
]  # fmt: skip


@pytest.mark.parametrize(("matter", "kept"), KEPT)
def test_what_is_restricted_or_confidential_is_never_drafted(
    office: Office, matter: str | None, kept: str | None
) -> None:
    """Though whoever resolved it asks for an article; they are told, and it is resolved."""
    office.triager.decision = a.triage(Action.ESCALATE, Tier.L2)
    office.handle(a.message(QUESTION))
    ticket = office.ticket()
    with office.store.unit_of_work() as uow:
        uow.tickets.save(ticket.routed(matter, kept))
    sent = resolved(office)
    assert word(sent).why == "not_quotable"
    assert not [row for row in sent if isinstance(row.notice, DraftCard)]
    with office.desk.look() as uow:
        assert uow.drafts.get(FIRST) is None


@pytest.mark.parametrize(("matter", "kept"), KEPT[:3])
def test_what_becomes_restricted_later_is_not_published(
    office: Office, base: KnowledgeBase, matter: str | None, kept: str | None
) -> None:
    """The draft can be put away, and nothing else."""
    resolved(office)
    ticket = office.ticket()
    with office.store.unit_of_work() as uow:
        uow.tickets.save(ticket.routed(matter, kept))
    sent = press(office, PublishDraft)
    assert word(sent).why == "restricted"
    assert base.count() == 0
    press(office, DismissDraft)
    assert draft(office).state is DraftState.DISMISSED


def test_a_folder_that_cannot_be_written_is_told_and_the_draft_stays(
    office: Office, tmp_path: Path
) -> None:
    """The reviewer reads why; the next press may succeed."""
    resolved(office)
    (tmp_path / "published").write_text("in the way", encoding="utf-8")
    sent = press(office, PublishDraft)
    assert word(sent).why == "not_written"
    assert "cannot be written" in word(sent).details
    assert draft(office).is_open
    (tmp_path / "published").unlink()
    assert the(press(office, PublishDraft), ArticleNews)


def test_without_a_folder_the_reviewer_reads_what_to_configure(office: Office) -> None:
    """And the draft waits for it."""
    office.desk = replace(office.desk, shelf=None)
    resolved(office)
    assert "publish_to" in word(press(office, PublishDraft)).details
    assert draft(office).is_open


def test_resolved_once_more_the_later_words_count(office: Office) -> None:
    """One draft a ticket: it is reworded, not posted twice."""
    resolved(office)
    office.handle(NotFixed(a.spot(a.ANA, a.IT_HELP, "9.1", thread_ts=a.ASKED), office.ticket().id))
    sent = resolved(office, fix="Replace the whole printer, model K9")
    assert draft(office).text.body.startswith("Replace the whole printer")
    assert draft(office).revision == 2
    cards = [row for row in sent if isinstance(row.notice, DraftCard)]
    assert [row.edit_ts is not None for row in cards] == [True]


def test_who_decides_is_reminded_once_also_after_the_ticket_was_closed(office: Office) -> None:
    """In the draft's thread; a decided one reminds nobody."""
    resolved(office)
    with office.desk.look() as uow:
        (timer,) = [t for t in uow.timers.of(office.ticket().id) if t.kind is TimerKind.DRAFT_WAITS]
    office.clock.turn(3 * 86_400)
    sent = office.apply(plan_timer(timer, office.desk))
    waits = the(sent, DraftWaits).notice
    assert isinstance(waits, DraftWaits)
    assert waits.members == (a.TOM, a.MEI)
    assert office.apply(plan_timer(timer, office.desk)) == []


@pytest.mark.parametrize("owner", [a.BEN, "l3", ""])
def test_whose_article_it_is_may_merge_into_it_and_is_reminded(
    office: Office, base: KnowledgeBase, owner: str
) -> None:
    """A person or a group; into their own alone, and nothing else is theirs to decide."""
    by = a.JONAS if owner == "l3" else a.BEN
    ours = Article("cleaning", "Clean the printer", "devices", owner, (), "Wipe it.")
    office.desk.shelf.put(ours, "D-9")  # type: ignore[union-attr]
    office.triager.owners = {"cleaning": owner, "other": a.MEI}
    office.triager.known = {*office.triager.known, "cleaning", "other"}
    resolved(office)
    was = draft(office)
    with office.store.unit_of_work() as uow:
        near = (Near("cleaning", "Clean the printer"), Near("other", "Other"))
        uow.drafts.save(replace(was, near=near))
        (timer,) = [t for t in uow.timers.of(was.ticket) if t.kind is TimerKind.DRAFT_WAITS]
    office.clock.turn(3 * 86_400)
    waits = the(office.apply(plan_timer(timer, office.desk)), DraftWaits).notice
    assert isinstance(waits, DraftWaits)
    assert (a.BEN in waits.members) is (owner == a.BEN)
    looks = EngineersLooks(office.desk)
    at = a.spot(by, a.L2_CHANNEL, "7.1")
    if by == a.BEN:
        assert word(press(office, PublishDraft, by)).why == "not_in_group"
        assert word(press(office, MergeDraft, by, "other")).why == "not_in_group"
        assert looks.draft(at, FIRST) is None
    assert (looks.draft(at, FIRST, merging=True) is not None) is bool(owner)
    sent = press(office, MergeDraft, by, "cleaning")
    if owner:
        assert (draft(office).state, draft(office).by) == (DraftState.MERGED, by)
    else:
        assert word(sent).why == "not_in_group"


BENS = "The guest printer at the door jams for every single visitor"
BENS_TS = Ts("1772453500.000100")


def with_bens_words(office: Office) -> None:
    """Ben asks the same after the draft was made; it comes back, and is resolved once more."""
    resolved(office)
    thread = Thread(a.TEAM, a.IT_HELP, BENS_TS)
    with office.store.unit_of_work() as uow:
        opened = uow.tickets.open(thread, a.BEN, BENS, BENS_TS)
        uow.conversation.add(opened.id, a.BEN, BENS, BENS_TS)
        original = uow.tickets.in_thread(Thread(a.TEAM, a.IT_HELP, a.ASKED))
        assert original is not None
        uow.tickets.save(opened.duplicate(original.id))
    office.handle(NotFixed(a.spot(a.ANA, a.IT_HELP, "9.1", thread_ts=a.ASKED), original.id))
    resolved(office, fix="Replace the whole printer, model K9")


def test_whom_a_draft_quotes_is_among_its_sources(office: Office) -> None:
    """Also where it is worded anew: or their words would be nobody's."""
    with_bens_words(office)
    found = draft(office)
    assert BENS in found.text.questions
    assert len(found.sources) == 2


def test_what_somebody_deletes_leaves_the_drafts_of_others(office: Office) -> None:
    """Their words stand on a draft that another's ticket proposed."""
    with_bens_words(office)
    with office.store.unit_of_work() as uow:
        assert uow.conversation.delete(Thread(a.TEAM, a.IT_HELP, BENS_TS), BENS_TS)
    assert BENS not in draft(office).text.questions


def test_who_is_forgotten_is_in_no_draft(office: Office) -> None:
    """`frontline forget` reaches the drafts of others' tickets, and proves it."""
    with_bens_words(office)
    done = Forgetting(office.store.path, office.clock, NoScrubber(), a.BEN).run()
    assert done.left == ()
    assert BENS not in draft(office).text.questions
