"""What the requester sees while an article may still settle it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.ids import ticket_name
from bot.slack import actions as ids
from bot.slack.blocks.parts import Block, Rendered, actions, button, context, section
from bot.slack.mrkdwn import to_mrkdwn
from bot.slack.text import clip_mrkdwn, escape, quote
from bot.slack.words import N_, _

if TYPE_CHECKING:
    from bot.desk.articles import ArticleExtract
    from bot.desk.asking import Answer, Besides, Clarify, Courtesy, StepHelp
    from bot.desk.pressed import Pressed

PASSAGE_ROOM = 900
STEPS_ROOM = 2_000
MOST_WAYS = 8
"""So many lists of steps have a button; the others stand in the article."""
READ_ON = N_("… _read on in the article_")

OUTCOMES: dict[Pressed, str] = {
    "solved": N_(":white_check_mark: You said that this solved it."),
    "withdrawn": N_("You said that you no longer need it."),
    "not_helpful": N_("You said that this was not what you need."),
    "person": N_(":bust_in_silhouette: You asked for a person."),
    "chosen": N_("You chose one."),
    "superseded": N_("No longer open."),
    "not_fixed": N_(":leftwards_arrow_with_hook: You said that it is not fixed."),
    "fixed": N_(":white_check_mark: You said that it is fixed."),
    "route_yes": N_(":white_check_mark: You said yes."),
    "route_no": N_("You said that it is an ordinary request."),
    "other_problem": N_("You said that yours is another problem."),
}

COURTESIES = {
    "heard": N_(
        "Many are writing at this moment. I have your message: nothing is lost, you need not "
        "write again, and I answer one after the other."
    ),
    "nothing_asked": N_(
        ":wave: Hello! I am the first line of the support desk. Tell me in a sentence what you "
        "need or what does not work, and I will find the answer or the right people."
    ),
    "vague": N_(
        "I am here to help. Please tell me in a sentence what you want to do, or what does not "
        "work and what you see, and I will find the answer or the right people."
    ),
    "empty": N_(
        "I could not find any words in that message, and I cannot read pictures or files. "
        "Please tell me in a sentence what you need or what does not work."
    ),
    "follow_up": N_("You are welcome! Tell me how it goes."),
    "unsure": N_("I am not sure that I understand you. *How does it stand?*"),
    "noted": N_("Thank you, I have added that to {ticket}. *How does it stand?*"),
    "here": N_(
        "I am here: I have shown you what I found, and nobody else has been called. "
        "*How does it stand?*"
    ),
    "something_else": N_(
        "Please tell me in your own words what it is instead; any language will do."
    ),
    "with_people": N_("{ticket} is with people; they read what you write here."),
    "perhaps_solved": N_("I have passed that on. *Is {ticket} solved?*"),
    "nothing_to_cancel": N_("You have no open request that I could cancel."),
    "settled": N_("You are welcome! Write here again if it comes back."),
    "withdrawn": N_(
        "{ticket} is withdrawn: nobody works on it any more. If you need it after all, write here."
    ),
    "ended": N_("{ticket} is marked as solved. *Is there more to it?*"),
    "apart": N_("That belongs to {ticket}, so I have taken it up in its thread, above."),
    "apart_in_channel": N_(
        "That belongs to {ticket}, so I have taken it up there, in the thread of the channel."
    ),
    "begun_beside": N_("I have opened {ticket} for that, beside your first request."),
    "engineers_thread": N_(
        "This thread is for the people who work on {ticket}; nothing written here reaches the "
        "requester. Use the buttons on the first message to take it, pass it on or resolve it."
    ),
    "others_ticket": N_(
        "This thread belongs to {ticket} of somebody else; I have added your remark to it. "
        "For a request of your own, please write a new message in the channel or to me directly."
    ),
}


def extract_blocks(extract: ArticleExtract) -> list[Block]:
    """Show the part of an article that answers: title, passage, steps."""
    lead = _fitted(extract.lead, _read_on(extract.url))
    shown = [section(f"*{_linked(extract.title, extract.url)}*\n{lead}")]
    passage = _fitted(extract.passage, _read_on(extract.heading_url or extract.url))
    if passage.strip():
        linked = _linked(extract.heading, extract.heading_url)
        heading = f"*{linked}*\n" if extract.heading else ""
        shown.append(section(heading + passage))
    if extract.steps:
        steps = [f"{n}. {to_mrkdwn(step)}" for n, step in enumerate(extract.steps, start=1)]
        way = f"*{escape(extract.way_title)}*\n" if extract.way_title.strip() else ""
        shown.append(section(way + _fit_lines(steps, STEPS_ROOM, _read_on(extract.url))))
    return shown


def _ways(notice: Answer) -> list[Block]:
    """Give a button for each list of steps that is not shown; ask where none is."""
    extract = notice.extract
    others = [
        button(title, f"{ids.WAY}.{number}", ids.about(notice.ticket, str(number)))
        for number, title in enumerate(extract.ways)
        if number != extract.way and title.strip()
    ][:MOST_WAYS]
    if not others:
        return []
    if extract.way is None:
        return [section(_("*Which of these is it?* The steps differ.")), actions(*others)]
    return [context(_("Not yours? There are other steps for:")), actions(*others)]


def _linked(words: str, address: str | None) -> str:
    shown = escape(words)
    return f"<{escape(address)}|{shown.replace('|', '¦')}>" if address else shown


def _read_on(address: str | None) -> str:
    if not address:
        return _(READ_ON)
    return _("… <{address}|read on in the article>").format(address=escape(address))


def _fitted(markdown: str, read_on: str) -> str:
    return clip_mrkdwn(to_mrkdwn(markdown), PASSAGE_ROOM, read_on)


def _fit_lines(lines: list[str], room: int, read_on: str) -> str:
    """Keep whole steps; a step that does not fit is left to the article."""
    kept: list[str] = []
    for line in lines:
        if sum(map(len, kept)) + len(line) > room:
            return "\n".join([*kept, read_on]) if kept else clip_mrkdwn(line, room, read_on)
        kept.append(line)
    return "\n".join(kept)


def read_article(ticket: int, article: str) -> Block:
    """Give the button that opens the whole article."""
    return button(_("Read the whole article"), ids.READ_ARTICLE, ids.about(ticket, article))


def _walk(notice: Answer) -> list[Block]:
    """Give the button that begins the walk, where there is more than one step to walk."""
    if len(notice.extract.steps) < 2:  # noqa: PLR2004 - one step is no walk
        return []
    value = ids.about(notice.ticket, notice.extract.article)
    return [button(_("Walk me through it"), ids.WALK, value)]


def render_answer(notice: Answer) -> Rendered:
    """Render an article offered to the requester."""
    extract = notice.extract
    number = ticket_name(notice.ticket)
    blocks = extract_blocks(extract)
    if notice.outcome is None:
        blocks += _ways(notice)
        blocks.append(
            actions(
                button(_("That solved it"), ids.SOLVED, ids.about(notice.ticket), "primary"),
                button(
                    _("Not what I need"), ids.NOT_HELPFUL, ids.about(notice.ticket, extract.article)
                ),
                button(_("Talk to a person"), ids.CALL_PERSON, ids.about(notice.ticket)),
                *_walk(notice),
                read_article(notice.ticket, extract.article),
            )
        )
        blocks.append(context(f"{number} · {_('from the knowledge base')}"))
    else:
        blocks.append(actions(read_article(notice.ticket, extract.article)))
        blocks.append(context(f"{number} · {_(OUTCOMES[notice.outcome])}"))
    return Rendered(f"{escape(extract.title)}: {clip_mrkdwn(to_mrkdwn(extract.lead), 300)}", blocks)


def render_clarify(notice: Clarify) -> Rendered:
    """Render a question back, with a button for each article."""
    number = ticket_name(notice.ticket)
    if notice.outcome is not None:
        chosen = next((o.title for o in notice.options if o.article == notice.chosen), None)
        said = (
            _("You chose *{title}*.").format(title=escape(chosen))
            if chosen
            else _(OUTCOMES[notice.outcome])
        )
        return Rendered(_("Which of these is it?"), [context(f"{number} · {said}")])
    one = len(notice.options) == 1
    lead = _("Is this what you mean?") if one else _("Which of these comes closest?")
    choices = [
        button(option.title, f"{ids.CHOOSE}.{n}", ids.about(notice.ticket, option.article))
        for n, option in enumerate(notice.options, start=1)
    ]
    unknown = notice.occasion == "unknown"
    if unknown:
        lead = _("Is it one of these?") if notice.options else _("What is it about?")
    sure = (
        _("I am not sure that I understand you.")
        if unknown
        else _("I want to be sure that I understand you.")
    )
    otherwise = (
        button(_("Something else"), ids.SOMETHING_ELSE, ids.about(notice.ticket))
        if unknown
        else button(_("None of these"), ids.NOT_HELPFUL, ids.about(notice.ticket))
    )
    blocks = [
        section(f"{sure} *{lead}*"),
        *([actions(*choices)] if choices else []),
        actions(
            otherwise,
            button(_("Talk to a person"), ids.CALL_PERSON, ids.about(notice.ticket)),
        ),
        context(f"{number} · {_('you can also just tell me more, here in the thread')}"),
    ]
    titles = "; ".join(escape(option.title) for option in notice.options)
    return Rendered(f"{lead} {titles}", blocks)


STILL_OPEN = frozenset({"follow_up", "unsure", "noted", "here"})
ENDED = frozenset({"settled", "ended"})
WITHOUT_BUTTONS = frozenset({"engineers_thread", "others_ticket", "begun_beside", "heard"})


def render_courtesy(notice: Courtesy) -> Rendered:
    """Render a courteous word; each has a way to a person."""
    number = ticket_name(notice.ticket) if notice.ticket else ""
    text = _(COURTESIES[notice.occasion]).format(ticket=number)
    ways = _ways_on(notice)
    return Rendered(text, [section(text), actions(*ways)] if ways else [section(text)])


def _ways_on(notice: Courtesy) -> list[Block]:
    """Give the buttons under a courteous word."""
    about = ids.about(notice.ticket or 0)
    person = button(_("Talk to a person"), ids.CALL_PERSON, about)
    if notice.occasion in WITHOUT_BUTTONS:
        return []
    if notice.occasion == "perhaps_solved" and notice.ticket:
        return [button(_("It is solved"), ids.SOLVED, about, "primary")]
    if notice.occasion == "withdrawn":
        return [button(_("I still need it"), ids.NOT_FIXED, about), person]
    if notice.occasion in ENDED and notice.ticket:
        return [button(_("It is not fixed"), ids.NOT_FIXED, about), person]
    if notice.occasion in STILL_OPEN and notice.ticket:
        shown = ids.about(notice.ticket, notice.article)
        return [
            button(_("It is solved"), ids.SOLVED, about, "primary"),
            button(_("Not yet"), ids.NOT_HELPFUL, shown),
            button(_("Something else"), ids.SOMETHING_ELSE, about),
            person,
        ]
    return [person]


def render_step_help(notice: StepHelp) -> Rendered:
    """Render what an article says about the step at which somebody is stuck."""
    heading = _linked(notice.heading, notice.url)
    lead = (
        _("About step {number}, *{title}* says under *{heading}*:")
        if notice.number
        else _("About that, *{title}* says under *{heading}*:")
    ).format(number=notice.number, title=escape(notice.title), heading=heading)
    body = _fitted(notice.passage, _read_on(notice.url))
    about = ids.about(notice.ticket)
    ways = actions(
        button(_("It is solved"), ids.SOLVED, about, "primary"),
        button(_("Not yet"), ids.NOT_HELPFUL, ids.about(notice.ticket, notice.article)),
        button(_("Talk to a person"), ids.CALL_PERSON, about),
    )
    return Rendered(lead, [section(lead), section(body or _(READ_ON)), ways])


def render_besides(notice: Besides) -> Rendered:
    """Render the second request of a message, with the button that takes it up."""
    lead = f"{_('You also asked:')}\n{quote(notice.text, 1_000)}"
    if notice.outcome is not None:
        return Rendered(lead, [section(lead), context(_("Taken up below."))])
    take = button(_("Answer this too"), ids.BESIDES, ids.about(notice.ticket))
    return Rendered(lead, [section(lead), actions(take)])
