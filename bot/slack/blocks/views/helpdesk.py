"""What `/helpdesk` and the shortcuts answer, and how a request begins elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from bot.desk.ids import ticket_name
from bot.desk.privacy import is_direct
from bot.desk.views import Asked, DeskAlert, DeskWord, HomeView, TicketList, TicketStatus
from bot.slack import actions as ids
from bot.slack.blocks.incidents.lines import incident_lines
from bot.slack.blocks.parts import Rendered, button, context, person, section, when
from bot.slack.blocks.quoting import quoted
from bot.slack.blocks.views.summaries import headline, outlook, place, standing
from bot.slack.text import clip_escaped, escape, quote
from bot.slack.words import N_, _

if TYPE_CHECKING:
    from bot.desk.views import PlaceNotice, TicketSummary
    from bot.slack.blocks.parts import Block

HELP = N_(
    "`/helpdesk mine` your requests, and what happens next\n"
    "`/helpdesk status T-1042` where one of them stands\n"
    "`/helpdesk search WORDS` your requests and articles with these words\n"
    "For engineers: `/helpdesk incidents`, and `/helpdesk incident T-1042 TITLE` to declare one\n"
    "To ask something, write to me here or in a channel, or use *Ask something* on my Home."
)
ABOUT = 100
ABOUT_ALERT = 1_000

WORDS = {
    "no_ticket": N_("I find no request {ticket} of yours. `/helpdesk mine` lists them."),
    "nothing_asked": N_(
        "I find nothing in it that asks for help, so I left it alone. "
        "Write to me in your own words what you need."
    ),
    "no_words": N_("That message has no words that I could look up. Write to me what you need."),
    "yours_already": N_("That is your request {ticket} already; write in its thread."),
    "with_people": N_("{ticket} is with people already; nothing was changed."),
    "not_yours": N_(
        "That request belongs to somebody else; only they or an engineer can pass it on."
    ),
    "asked_directly": N_("I have begun a thread with you in our direct messages."),
    "escalated": N_("{ticket} is with {about} now; they answer in its thread."),
}


ALERTS = {
    "clock_jumped": (
        ":warning: The clock of the machine that I run on was moved {about}. Nothing was closed "
        "or called for that: every timer keeps the time that was left on it. "
        "Please check its time (NTP)."
    ),
    "clock_returned": ":white_check_mark: The clock of the machine that I run on is right again.",
    "slept": (
        "I could not work for {about}: the machine slept, or I was not running. I am reading "
        "what was written meanwhile; nobody's silence in that time is counted."
    ),
    "left_unread": (
        ":warning: After I was away I could not read everything that was written: {about} "
        "Please look there whether somebody waits for an answer."
    ),
    "deaf": (
        ":warning: Slack's connection to me was open and brought nothing for {about}. "
        "I have opened another and read what was written meanwhile."
    ),
    "app_floods": (
        ":hourglass_flowing_sand: The app {about} posts more than its share, so its posts wait "
        "their turn. Nothing is lost. Does it post one thing again and again? If all of it "
        "matters, raise `bots_share` under `[who]` in frontline.toml."
    ),
    "answers_drift": (
        ":warning: On how often automatic answers are right, {about}: more than chance explains, "
        "so one of the two is not to be trusted. Look at the answers that were found not right "
        "(`frontline outcomes export`), and fit the gate anew (`frontline classifier gate`)."
    ),
}


def render_place(notice: PlaceNotice) -> Rendered | None:
    """Render an answer; None for a Home, which is no message."""
    match notice:
        case TicketStatus():
            return _status(notice)
        case TicketList():
            return _list(notice)
        case DeskWord():
            return _word(notice)
        case Asked():
            return _asked(notice)
        case DeskAlert():
            return _alert(notice)
        case HomeView():
            return None
        case _:
            assert_never(notice)


def _line(ticket: TicketSummary, *, own: bool) -> str:
    where = outlook(ticket) if own else standing(ticket)
    return f"{headline(ticket, requester=not own)}\n{where}"


def _status(notice: TicketStatus) -> Rendered:
    ticket = notice.summary
    line = _line(ticket, own=ticket.requester == notice.reader)
    small = _("Asked {time} {place}; last change {last}").format(
        time=when(ticket.opened_at), place=place(ticket), last=when(ticket.updated_at)
    )
    return Rendered(line, [section(line), context(small)])


def _list(notice: TicketList) -> Rendered:
    if notice.what == "incidents":
        lines = [section(incident_lines(each)) for each in notice.tickets]
        title = _("*Open incidents*") if lines else _("There is no open incident.")
        return Rendered(title, [section(title), *lines])
    if notice.what == "mine":
        title = _("*Your open requests*") if notice.tickets else _("You have no open request.")
    else:
        words = clip_escaped(notice.words, ABOUT)
        title = _("Requests and articles with “{words}”.").format(words=words)
        if not (notice.tickets or notice.read):
            title += " " + _("I found nothing.")
        if notice.articles_only:
            title += " " + _("Requests cannot be searched here: they are kept encrypted.")
    blocks: list[Block] = [section(title)]
    blocks += [
        section(_line(ticket, own=ticket.requester == notice.reader)) for ticket in notice.tickets
    ]
    if notice.settled:
        blocks.append(section(_("*Lately settled*")))
        blocks += [section(_line(ticket, own=True)) for ticket in notice.settled]
    for article in notice.read:
        opener = button(_("Read"), ids.READ_ARTICLE, ids.about(0, article.article))
        blocks.append({**section(f":book: {escape(article.title)}"), "accessory": opener})
    return Rendered(title, blocks)


def _word(notice: DeskWord) -> Rendered:
    if notice.what == "help":
        about = clip_escaped(notice.about, ABOUT)
        unread = _("I cannot read “{words}”.").format(words=about)
        text = f"{unread}\n{_(HELP)}" if about else _(HELP)
        return Rendered(text, [section(text)])
    ticket = ticket_name(notice.ticket) if notice.ticket else "That"
    text = _(WORDS[notice.what]).format(ticket=ticket, about=escape(notice.about))
    return Rendered(text, [section(text)])


def _asked(notice: Asked) -> Rendered:
    if not notice.quotes:
        text = _(":eyes: {person} asks me about this.").format(person=person(notice.requester))
        return Rendered(text, [section(text)])
    if notice.channel is None:
        lead = _("You asked:")
    elif notice.author:
        lead = _("You asked me about a message of {person}:").format(person=person(notice.author))
    else:
        lead = _("You asked me about a message:")
    if notice.channel is not None and not is_direct(notice.channel):
        lead += f" (<#{notice.channel}>)"
    blocks = quoted(lead, notice.text, _("The message itself has the rest."))
    return Rendered(f"{lead}\n{quote(notice.text)}", blocks)


def _alert(notice: DeskAlert) -> Rendered:
    text = ALERTS[notice.what].format(about=clip_escaped(notice.about, ABOUT_ALERT))
    return Rendered(text, [section(text)])
