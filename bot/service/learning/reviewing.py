"""What reviewers do with a draft: publish it, reword it, let it be part of another, or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.desk.addresses import Destination
from bot.desk.errors import ConfigurationError
from bot.desk.learning import (
    GONE,
    ArticleNews,
    DismissDraft,
    Draft,
    DraftWord,
    EditDraft,
    GapState,
    MergeDraft,
    Near,
    PublishDraft,
    TakeUpDraft,
    without_ending,
)
from bot.desk.promises import TimerKind
from bot.service.learning.cards import (
    decide_gap,
    refresh_draft,
    remind_later,
    show_near,
    tell_reviewer,
)
from bot.service.learning.drafting import is_quotable, newly_near
from bot.service.learning.owning import owns
from kb.articles import Article
from kb.errors import PublishingError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from bot.desk.addresses import Spot
    from bot.desk.ids import UserId
    from bot.desk.learning import DraftId, DraftPress
    from bot.desk.ports.work import Change, UnitOfWork
    from bot.service.context import Desk
    from kb.publishing import Published

NOWHERE = "no folder for articles is configured: set publish_to under [knowledge]"


def plan_draft_press(press: DraftPress, desk: Desk) -> Change:
    """Work out what a reviewer's press changes."""
    match press:
        case PublishDraft():
            return plan_publish(press, desk)
        case MergeDraft():
            return plan_merge(press, desk)
        case EditDraft():
            return plan_edit(press, desk)
        case DismissDraft():
            return _plan_move(press.at, press.draft, desk, dismissed)
        case TakeUpDraft():
            return _plan_move(press.at, press.draft, desk, taken_up)


@dataclass(frozen=True)
class Review:
    """A draft as it is before a press, and what stands against the press."""

    draft: Draft | None
    against: DraftWord | None = None


def may_review(desk: Desk, user: UserId, draft: Draft) -> bool:
    """Tell whether somebody decides on a draft: those who could have resolved its ticket."""
    try:
        group = desk.groups.named(draft.group)
    except ConfigurationError:
        return False
    return desk.may_act(user, (group, *desk.groups.at_or_above(group.tier)))


def review_to_merge(desk: Desk, at: Spot, number: DraftId) -> Review:
    """Look a draft up as `review` does, for whoever owns an article that is near to it as well."""
    with desk.look() as uow:
        draft = uow.drafts.get(number)
    return review(desk, at, number, [each.article for each in draft.near] if draft else ())


def review(desk: Desk, at: Spot, number: DraftId, into: Collection[str] = ()) -> Review:
    """Look a draft up, with what stands against deciding on it.

    Whoever owns one of `into`, the articles that it may be merged into, decides on that.
    """
    with desk.look() as uow:
        draft = uow.drafts.get(number)
        tickets = uow.tickets.those(draft.sources) if draft else ()
    if draft is None:
        return Review(None, DraftWord("unknown"))
    if not may_review(desk, at.user, draft) and not any(owns(desk, at.user, p) for p in into):
        return Review(draft, DraftWord("not_in_group", draft.ticket))
    if len(tickets) < len(draft.sources) or not all(is_quotable(desk, each) for each in tickets):
        return Review(draft, DraftWord("restricted", draft.ticket))
    return Review(draft)


def plan_publish(press: PublishDraft, desk: Desk) -> Change:
    """*Publish*: write the article where articles are kept; from then on it is found.

    It is written before the transaction, since that takes time. Who is killed between the two
    does it again, and finds it done.
    """
    seen = review(desk, press.at, press.draft)
    if seen.against is not None or seen.draft is None or not seen.draft.is_open:
        return _plan_not(press.at, seen)
    draft = seen.draft
    if not draft.text.title.strip() or not draft.text.body.strip():
        return _plan_not(press.at, Review(draft, DraftWord("empty", draft.ticket)))
    if desk.shelf is None:
        return _plan_unwritten(press.at, draft, NOWHERE)
    instead = press.instead_of
    if instead is not None and not _failed(draft, instead):
        return _plan_unwritten(press.at, draft, f"{instead} did not fail on what this answers")
    try:
        published = desk.shelf.put(article_of(draft, desk), draft.name, press.instead_of)
    except PublishingError as failure:
        return _plan_unwritten(press.at, draft, str(failure))
    after = draft.published(published.article, press.at.user)
    told = _plan_told(press.at, draft, after, published, instead)
    near = newly_near(desk, draft.group, Near(published.article, published.title))

    def change(uow: UnitOfWork) -> None:
        told(uow)
        show_near(uow, near)

    return change


def plan_merge(press: MergeDraft, desk: Desk) -> Change:
    """*Merge into an article*: add it as a section, with its questions."""
    seen = review(desk, press.at, press.draft, (press.article,))
    if seen.against is not None or seen.draft is None or not seen.draft.is_open:
        return _plan_not(press.at, seen)
    draft = seen.draft
    if desk.shelf is None:
        return _plan_unwritten(press.at, draft, NOWHERE)
    text, instead = draft.text, press.instead_of
    if instead is not None and not _failed(draft, instead):
        return _plan_unwritten(press.at, draft, f"{instead} did not fail on what this answers")
    try:
        published = desk.shelf.add(
            press.article,
            text.title,
            without_ending(text.body),
            _standing(text.questions),
            draft.name,
            instead_of=instead,
        )
    except PublishingError as failure:
        return _plan_unwritten(press.at, draft, str(failure))
    after = draft.merged(published.article, press.at.user)
    return _plan_told(press.at, draft, after, published, instead)


def _failed(draft: Draft, article: str) -> bool:
    """Tell whether an article was shown on what this answers, and did not help."""
    return any(each.article == article and each.failed for each in draft.near)


def plan_edit(press: EditDraft, desk: Desk) -> Change:
    """*Edit*: other words, unless somebody changed it since they were shown."""
    seen = review(desk, press.at, press.draft)
    typed = f"{press.text.title}\n\n{press.text.body}"

    def act(uow: UnitOfWork, draft: Draft) -> None:
        if draft.revision != press.revision:
            word = DraftWord("changed_meanwhile", draft.ticket, draft.by, typed=typed)
            tell_reviewer(uow, press.at, word)
            return
        reworded = draft.reworded(press.text, press.at.user)
        uow.drafts.save(reworded)
        refresh_draft(uow, reworded)
        uow.audit.note(draft.ticket, press.at.user, "draft edited", draft.name)

    return _plan_open(press.at, seen, act, typed)


def dismissed(draft: Draft, by: UserId) -> Draft:
    """Be not worth it."""
    return draft.dismissed(by)


def taken_up(draft: Draft, by: UserId) -> Draft:
    """Be worth it after all."""
    return draft.taken_up(by)


def _plan_move(
    at: Spot, number: DraftId, desk: Desk, move: Callable[[Draft, UserId], Draft]
) -> Change:
    seen = review(desk, at, number)
    if seen.against is not None and seen.against.why != "restricted":
        return _plan_not(at, seen)

    def change(uow: UnitOfWork) -> None:
        draft = uow.drafts.get(number)
        if draft is None or draft.is_open is (move is taken_up):
            _refuse_late(uow, at, draft)
            return
        moved = move(draft, at.user)
        uow.drafts.save(moved)
        refresh_draft(uow, moved)
        if moved.is_open:
            remind_later(uow, desk, moved)
        for gap in uow.gaps.of(moved.sources):
            if gap.state in {GapState.OPEN, GapState.IN_WORK}:
                state = GapState.IN_WORK if moved.is_open else GapState.OPEN
                decide_gap(uow, gap, state, at.user)
        uow.audit.note(draft.ticket, at.user, f"draft {moved.state}", draft.name)

    return change


def article_of(draft: Draft, desk: Desk) -> Article:
    """Give a draft as the article that it becomes."""
    shelf = desk.shelf
    article = draft.article or (shelf.free_id(draft.text.title) if shelf else "")
    return Article(
        article,
        draft.text.title,
        draft.area,
        draft.group,
        _standing(draft.text.questions),
        draft.text.body,
    )


def _standing(questions: tuple[str, ...]) -> tuple[str, ...]:
    """Leave out what was deleted since."""
    return tuple(each for each in questions if each.strip() not in GONE)


def _plan_told(
    at: Spot, before: Draft, after: Draft, published: Published, instead: str | None = None
) -> Change:
    """Write down what became of a draft, and tell those who asked."""

    def act(uow: UnitOfWork, draft: Draft) -> None:
        if draft.revision != before.revision:
            # Published is what was seen; what somebody wrote meanwhile stands in the draft's row.
            word = DraftWord("changed_meanwhile", draft.ticket, draft.by, typed=draft.text.body)
            tell_reviewer(uow, at, word)
        uow.drafts.save(after)
        refresh_draft(uow, after, published.url)
        _stop_reminder(uow, draft)
        for gap in uow.gaps.of(draft.sources):
            decide_gap(uow, gap, GapState.DONE, at.user)
        told = f"{draft.name} {published.article}"
        if instead is not None:
            # What it failed on is answered elsewhere now: no evidence against it any more.
            uow.ailments.updated(instead)
            told += f" instead of {instead}"
        uow.audit.note(draft.ticket, at.user, f"draft {after.state}", told)
        for number in draft.sources:
            ticket = uow.tickets.get(number)
            if ticket is not None:
                news = ArticleNews(number, published.article, published.title, published.url)
                to = Destination(ticket.thread.channel, thread_ts=ticket.thread.ts)
                uow.outbox.put(news, to, number)

    return _plan_open(at, Review(before), act)


def _plan_unwritten(at: Spot, draft: Draft, why: str) -> Change:
    """Tell the reviewer why it was not written; the draft stays as it is."""
    word = DraftWord("not_written", draft.ticket, details=why)
    return lambda uow: tell_reviewer(uow, at, word)


def _plan_not(at: Spot, seen: Review) -> Change:
    """Tell the reviewer what stands against it, or who was first."""
    if seen.against is not None:
        word = seen.against
        return lambda uow: tell_reviewer(uow, at, word)
    number = seen.draft.id if seen.draft else None
    return lambda uow: _refuse_late(uow, at, uow.drafts.get(number) if number else None)


def _plan_open(
    at: Spot, seen: Review, act: Callable[[UnitOfWork, Draft], None], typed: str = ""
) -> Change:
    """Act on a draft that is open still, as the transaction finds it."""
    if seen.draft is None or seen.against is not None:
        return _plan_not(at, seen)
    number = seen.draft.id

    def change(uow: UnitOfWork) -> None:
        draft = uow.drafts.get(number)
        if draft is None or not draft.is_open:
            _refuse_late(uow, at, draft, typed)
            return
        act(uow, draft)

    return change


def _refuse_late(uow: UnitOfWork, at: Spot, draft: Draft | None, typed: str = "") -> None:
    if draft is None:
        tell_reviewer(uow, at, DraftWord("unknown", typed=typed))
        return
    refresh_draft(uow, draft)
    tell_reviewer(uow, at, DraftWord("already", draft.ticket, draft.by, draft.state, typed))


def _stop_reminder(uow: UnitOfWork, draft: Draft) -> None:
    for timer in uow.timers.of(draft.ticket):
        if timer.kind is TimerKind.DRAFT_WAITS:
            uow.timers.cancel(timer.id)
