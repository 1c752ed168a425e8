"""Other words for articles: what was asked and answered is offered weekly, taken up by one press.

A page of one ticket is found by that ticket's words, and misses whoever says it otherwise. Who
was answered all the same, by a choice or after a search that was not sure, said which words mean
it; and who had to be helped as the page says, which words it was not found by.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.desk.addresses import Destination
from bot.desk.errors import ConfigurationError
from bot.desk.learning import (
    GONE,
    DraftWord,
    LeaveWords,
    TakeWords,
    WordsLine,
    WordsReport,
    sample_questions,
)
from bot.service.deciding.verbatim import is_asked_so
from bot.service.learning.cards import tell_reviewer
from bot.service.learning.drafting import is_quotable
from bot.service.learning.gaps import takes_the_rest
from bot.service.learning.gathering import WINDOW
from kb.errors import KnowledgeBaseError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bot.desk.addresses import Spot
    from bot.desk.ids import TicketId
    from bot.desk.learning import Ended, WordsPress
    from bot.desk.ports.work import Change, UnitOfWork
    from bot.desk.tickets import Ticket
    from bot.service.context import Desk
    from kb.articles import Article

NEAR = 3
"""So many articles near to a fix may be those that say it."""
SAME = 0.83
"""From this cosine to its first paragraph on an article says a fix: as two fixes are one."""
OF_ONE = 3
"""So many questions of one person are taken of an article: a flood is one voice."""
OF_ARTICLE, ARTICLES = 10, 20
"""So much is read in a message; what is left is offered the next time."""
ENOUGH = 60
"""An article that has so many questions needs no other."""


@dataclass(frozen=True)
class _Offered:
    ticket: Ticket
    article: Article
    by_people: bool


def plan_words_report(desk: Desk) -> Change:
    """Offer the questions that articles answered, in words that they do not have."""
    group = takes_the_rest(desk)
    if group is None:
        return lambda _: None
    with desk.look() as uow:
        ended = uow.gaps.ended(desk.clock() - WINDOW)
        tickets = {each.ticket: uow.tickets.get(each.ticket) for each in ended}
    lines = tuple(_lines(_offered(desk, ended, tickets.values())))

    def change(uow: UnitOfWork) -> None:
        if lines:
            uow.gaps.offered([(each.ticket, each.article) for each in lines])
            uow.outbox.put(WordsReport(group.name, lines), Destination(group.channel))

    return change


def _offered(
    desk: Desk, ended: Sequence[Ended], tickets: Iterable[Ticket | None]
) -> Iterator[_Offered]:
    known = {each.id: each for each in tickets if each is not None and is_quotable(desk, each)}
    asked: dict[str, list[str]] = defaultdict(list)
    said: Counter[tuple[str, str]] = Counter()
    for each in ended:
        ticket = known.get(each.ticket)
        article = _article_of(desk, each) if ticket is not None else None
        if ticket is None or article is None or article.id in ticket.articles_failed:
            continue
        who = (each.requester, article.id)
        words = (article.title, *article.questions, *asked[article.id])
        if len(words) > ENOUGH or said[who] >= OF_ONE or is_asked_so(ticket.question, words):
            continue
        said[who] += 1
        asked[article.id].append(ticket.question)
        yield _Offered(ticket, article, not each.article)


def _article_of(desk: Desk, ended: Ended) -> Article | None:
    """Give the article that answered, or says what people did; None where not all may read it."""
    if ended.article:
        found = desk.triager.article(ended.article, readers=frozenset())
    else:
        near = desk.triager.nearest(ended.fix, readers=frozenset())[:NEAR]
        found = next((each for each in near if says(desk, each, ended.fix)), None)
    return found if found is not None and not desk.triager.kept([found.id]) else None


def says(desk: Desk, article: Article, fix: str) -> bool:
    """Tell whether an article says what settled something."""
    if desk.shelf is not None and desk.shelf.says(article, fix):
        return True
    return desk.triager.likeness(fix, [article.lead])[0] >= SAME


def _lines(offered: Iterable[_Offered]) -> Iterator[WordsLine]:
    """Give what is told, the articles first that most was asked of."""
    found: dict[str, list[_Offered]] = defaultdict(list)
    for each in offered:
        found[each.article.id].append(each)
    for some in sorted(found.values(), key=len, reverse=True)[:ARTICLES]:
        for each in some[:OF_ARTICLE]:
            question = each.ticket.question
            yield WordsLine(
                each.ticket.id, question, each.article.id, each.article.title, each.by_people
            )


def plan_words_press(press: WordsPress, desk: Desk) -> Change:
    """Work out what is done with other words for articles."""
    at = press.at
    with desk.look() as uow:
        report = _report_at(uow, at)
        numbers = [each.ticket for each in report.lines] if report is not None else []
        tickets = {number: uow.tickets.get(number) for number in numbers}
    if report is None:
        return lambda uow: tell_reviewer(uow, at, DraftWord("unknown"))
    if not _may_press(desk, press, report):
        return lambda uow: tell_reviewer(uow, at, DraftWord("not_in_group"))
    if report.by is not None:
        # Too late: the message says who was first.
        return lambda uow: _show(uow, at, report)
    if isinstance(press, LeaveWords):
        left = tuple(each for each in report.lines if each.article != press.article)
        return lambda uow: _show(uow, at, replace(report, lines=left))
    known = (each for each in tickets.values() if each is not None)
    quoted = {each.id: each for each in known if is_quotable(desk, each)}
    return _plan_taken(press, desk, report, quoted)


def _plan_taken(
    press: TakeWords, desk: Desk, report: WordsReport, tickets: dict[TicketId, Ticket]
) -> Change:
    """Write first, which takes time; who is killed then does it again, and finds it done."""
    asked: dict[str, list[str]] = defaultdict(list)
    for line in report.lines:
        # As it stands on record now: it may have been corrected, or deleted.
        words = tickets[line.ticket].question if line.ticket in tickets else ""
        if words.strip() not in GONE:
            asked[line.article] += sample_questions([words])
    refused = {}
    for article, questions in asked.items():
        try:
            _let_ask(desk, article, questions)
        except KnowledgeBaseError as failure:
            refused[article] = str(failure)

    def change(uow: UnitOfWork) -> None:
        current = _report_at(uow, press.at)
        if current is None or current.by is not None:
            return
        lines = tuple(each for each in report.lines if each.article not in refused)
        _show(uow, press.at, replace(report, lines=lines, by=press.at.user))
        for each in lines:
            uow.audit.note(each.ticket, press.at.user, "question added", each.article)
        for article, why in refused.items():
            word = DraftWord("not_written", details=f"{article}: {why}")
            tell_reviewer(uow, press.at, word)

    return change


def _let_ask(desk: Desk, article: str, questions: Sequence[str]) -> None:
    if desk.shelf is not None:
        desk.shelf.ask(article, questions)
    else:
        desk.triager.knowledge.learn([(each, article) for each in questions])


def _may_press(desk: Desk, press: WordsPress, report: WordsReport) -> bool:
    try:
        group = desk.groups.named(report.group)
    except ConfigurationError:
        return False
    return desk.may_act(press.at.user, (group, *desk.groups.at_or_above(group.tier)))


def _report_at(uow: UnitOfWork, at: Spot) -> WordsReport | None:
    posted = uow.outbox.posted_at(at.channel, at.ts)
    return posted.notice if posted is not None and isinstance(posted.notice, WordsReport) else None


def _show(uow: UnitOfWork, at: Spot, report: WordsReport) -> None:
    posted = uow.outbox.posted_at(at.channel, at.ts)
    if posted is not None:
        uow.outbox.put(report, Destination(at.channel, edits=posted.id))
