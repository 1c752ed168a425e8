"""The draft of an article in its group's channel, and what is said about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from bot.desk.ids import ticket_name
from bot.desk.learning import (
    ArticleNews,
    AuditCard,
    DraftCard,
    DraftState,
    DraftWaits,
    DraftWord,
    GapReport,
    Origin,
    ProblemReport,
    ProblemWord,
    WordsReport,
)
from bot.slack import actions as ids
from bot.slack.blocks.learning.audits import render_audit
from bot.slack.blocks.learning.gaps import render_gaps
from bot.slack.blocks.learning.problems import render_problem_word, render_problems
from bot.slack.blocks.learning.words import render_words
from bot.slack.blocks.parts import Block, Rendered, actions, button, context, person, section
from bot.slack.limits import SECTION_TEXT
from bot.slack.mrkdwn import to_mrkdwn
from bot.slack.text import clip_mrkdwn, escape, quote
from bot.slack.words import _

if TYPE_CHECKING:
    from bot.desk.learning import LearningNotice, Near

MOST_QUESTIONS = 5
MOST_SOURCES = 10
BODY_ROOM = SECTION_TEXT - 200
TYPED_ROOM = 2_500
SHORTENED = "… _Shortened. *Edit* has it whole._"

WORDS = {
    "unknown": "I do not know this draft any more; `frontline kb drafts list` shows all there are.",
    "not_in_group": (
        "Only the people who could have resolved {number} decide on its draft. "
        "If you should be one of them, ask an admin to add you to the user group."
    ),
    "already": "This draft was {details} already{by}; nothing was changed.",
    "changed_meanwhile": (
        "This draft was changed{by} while you had it open, so nothing was written over. "
        "Open *Edit* again; your words are below."
    ),
    "empty": "This draft has no title or no answer, so there is nothing to publish. Use *Edit*.",
    "not_written": "Nothing was published: {details}. The draft stays as it is; press again then.",
    "restricted": (
        "{number} may not be quoted any more (it is restricted, confidential or private), "
        "so its draft cannot be published. *Not worth it* puts it away."
    ),
    "says_nothing": (
        ":memo: {by_whom}, no draft of an article was made: what was written down says that it "
        "is done, and not how. Say it in a few words here, and write the article from them."
    ),
    "not_quotable": (
        ":memo: {by_whom}, no draft of an article was made: this was asked privately, or is "
        "restricted or confidential, and an article would quote it."
    ),
    "in_work": "A draft of this is there already, in this channel; nothing was changed.",
}


def render_learning(notice: LearningNotice) -> Rendered:
    """Render what is said of drafts and their articles."""
    match notice:
        case DraftCard():
            return render_draft(notice)
        case DraftWord():
            return _word(notice)
        case DraftWaits():
            whom = " ".join(person(each) for each in notice.members)
            text = f":hourglass: {whom} this draft waits for your word; I do not ask again.".strip()
            return Rendered(text, [section(text)])
        case ArticleNews():
            return _news(notice)
        case AuditCard():
            return render_audit(notice)
        case GapReport():
            return render_gaps(notice)
        case WordsReport():
            return render_words(notice)
        case ProblemReport():
            return render_problems(notice)
        case ProblemWord():
            return render_problem_word(notice)
        case _:
            assert_never(notice)


def render_draft(notice: DraftCard) -> Rendered:
    """Render a draft: what it says, where it comes from, and what can be done with it."""
    title = escape(notice.title) or "_no title_"
    lead = f":memo: *Draft of an article: {title}*"
    if notice.state is not DraftState.OPEN:
        return Rendered(f"{lead} {_became(notice)}", _settled(notice, lead))
    asked = "\n".join(f"• {escape(each)}" for each in notice.questions[:MOST_QUESTIONS])
    more = len(notice.questions) - MOST_QUESTIONS
    asked += f"\n_and {more} more_" if more > 0 else ""
    blocks = [
        section(lead),
        section(f"*Asked as*\n{asked or '_nothing that may be quoted_'}"),
        section(clip_mrkdwn(to_mrkdwn(notice.body), BODY_ROOM, SHORTENED) or "_no answer_"),
        context(_from(notice)),
        _buttons(notice),
    ]
    return Rendered(lead, blocks)


def _from(notice: DraftCard) -> str:
    sources = _tickets(notice)
    by = f", resolved by {person(notice.resolved_by)}" if notice.resolved_by else ""
    told = f"From {sources}{by}; every sentence is theirs. Publishing shows it to everybody."
    if notice.unasked:
        told += "\nSettled alike for several people, so I propose it: nobody asked for an article."
    if notice.near:
        told += f"\nNearest articles: {', '.join(_named(each) for each in notice.near)}"
    return told


def _tickets(notice: DraftCard) -> str:
    """Name the tickets that it comes from, each a link to its thread."""
    known = notice.origins
    if known is None:
        known = tuple(Origin(each) for each in notice.sources)
    if not known:
        return "what is restricted by now"
    named = [
        f"<{escape(each.link)}|{ticket_name(each.ticket)}>"
        if each.link
        else ticket_name(each.ticket)
        for each in known[:MOST_SOURCES]
    ]
    more = len(known) - MOST_SOURCES
    return ", ".join(named) + (f" and {more} more" if more > 0 else "")


def _named(near: Near) -> str:
    failed = f" (did not help on {near.failed} of these)" if near.failed else ""
    return f"`{escape(near.article)}` {escape(near.title)}{failed}"


def _buttons(notice: DraftCard) -> Block:
    number = ids.about(notice.draft)
    failed = next((each.article for each in notice.near if each.failed), None)
    instead = (
        [button(f"Publish instead of {failed}", ids.DRAFT_REPLACE, ids.about(notice.draft, failed))]
        if failed
        else []
    )
    return actions(
        button("Publish", ids.DRAFT_PUBLISH, number, "primary"),
        *instead,
        button("Edit", ids.DRAFT_EDIT, number),
        button("Merge into an article", ids.DRAFT_MERGE, number),
        button("Not worth it", ids.DRAFT_DISMISS, number),
    )


def _settled(notice: DraftCard, lead: str) -> list[Block]:
    blocks = [section(lead), context(f"{_became(notice)} · {_from(notice)}")]
    if notice.state is DraftState.DISMISSED:
        again = button("Take it up again", ids.DRAFT_AGAIN, ids.about(notice.draft))
        blocks.append(actions(again))
    return blocks


def _became(notice: DraftCard) -> str:
    by, article = person(notice.by), f"`{escape(notice.article)}`"
    where = f" (<{escape(notice.url)}|read it>)" if notice.url else ""
    return {
        DraftState.OPEN: "",
        DraftState.PUBLISHED: f":books: published by {by} as {article}{where}",
        DraftState.MERGED: f":books: {by} made it part of {article}{where}",
        DraftState.DISMISSED: f":wastebasket: {by} found it not worth an article",
    }[notice.state]


def _word(notice: DraftWord) -> Rendered:
    by = f" by {person(notice.by)}" if notice.by else ""
    text = WORDS[notice.why].format(
        number=ticket_name(notice.ticket) if notice.ticket else "its ticket",
        by=by,
        by_whom=person(notice.by),
        details=escape(notice.details).rstrip("."),
    )
    blocks = [section(text)]
    if notice.typed.strip():
        blocks.append(section(f"*What you wrote*\n{quote(notice.typed, TYPED_ROOM)}"))
    return Rendered(text, blocks)


def _news(notice: ArticleNews) -> Rendered:
    title = escape(notice.title)
    linked = f"<{escape(notice.url)}|{title.replace('|', '¦')}>" if notice.url else title
    text = _(
        ":books: What was settled here is an article now: *{linked}*. Whoever asks this next is "
        "answered from it."
    ).format(linked=linked)
    read = button(
        _("Read the whole article"), ids.READ_ARTICLE, ids.about(notice.ticket, notice.article)
    )
    return Rendered(text, [section(text), actions(read)])
