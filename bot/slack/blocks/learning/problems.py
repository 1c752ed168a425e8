"""The monthly page: what recurs, what would prevent it, what people wish for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.ids import ticket_name
from bot.desk.learning import ProblemState, link_of, problem_name
from bot.slack import actions as ids
from bot.slack.blocks.modals import modal, text_input
from bot.slack.blocks.parts import Block, Rendered, actions, button, context, person, section
from bot.slack.limits import INPUT_TEXT
from bot.slack.text import clip_escaped, escape

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.desk.learning import Problem, ProblemLine, ProblemReport, ProblemWord
    from bot.slack.blocks.modals import View

TITLE_ROOM = 150
WORDS_ROOM = 300
NO_ADDRESS = "That is no address of a page; it begins with https:// or http://."

WORDS = {
    "unknown": "{name} is not there any more; `frontline problems list` shows all there are.",
    "not_theirs": (
        "What recurs is decided by L3, by the admins, and by those whom `product_people` under "
        "`[learning]` names. Ask an admin to add you, or somebody of L3 to press."
    ),
    "already": "{name} is {details} already{by}; nothing was changed.",
    "no_link": f"{{name}} was not linked. {NO_ADDRESS} You wrote: {{details}}",
}


def render_problems(notice: ProblemReport) -> Rendered:
    """Render what came again and again in a month, and what was wished for."""
    month = f"{notice.month:%B} {notice.month.year}"
    causes = [line for line in notice.lines if not line.wish]
    wishes = [line for line in notice.lines if line.wish]
    lead = f":repeat: *What came again and again in {month}*"
    blocks = [section(lead)]
    if not causes:
        blocks.append(context("No cause was settled often enough to name it."))
    for line in causes:
        blocks += _about(line)
    if wishes:
        blocks.append(section(":bulb: *What people wished for*"))
    for line in wishes:
        blocks += _about(line)
    if notice.more:
        blocks.append(context(f"and {notice.more} more: `frontline problems list`"))
    return Rendered(f"{lead}: {len(causes)} problems, {len(wishes)} wishes", blocks)


def _about(line: ProblemLine) -> list[Block]:
    title = clip_escaped(line.title, TITLE_ROOM)
    told = [f"*{problem_name(line.problem)}  {title}*", said(line)]
    if line.fix:
        told.append(f"What settled it last: {_short(line.fix)}")
    if line.prevention:
        told.append(f":construction: Asked for, and not done: {_short(line.prevention)}")
    return [section("\n".join(told)), *_below(line)]


def _short(text: str) -> str:
    return clip_escaped(" ".join(text.split()), WORDS_ROOM)


def said(line: ProblemLine) -> str:
    """Say how often, against the month before, whom it met, and what it cost."""
    times = "once" if line.times == 1 else f"{line.times} times"
    people = "one person" if line.people == 1 else f"{line.people} people"
    cost = f", {line.minutes / 60:.1f} h of engineers" if line.minutes and not line.wish else ""
    back = ""
    if line.returned:
        held = "once" if line.returned == 1 else f"{line.returned} times"
        back = f" The fix did not hold {held}."
    return f"{times} ({_trend(line)}), {people}{cost}, e.g. {ticket_name(line.typical)}.{back}"


def _trend(line: ProblemLine) -> str:
    if not line.before:
        return "none the month before"
    if line.before == line.times:
        return "as often as the month before"
    arrow = "▲" if line.times > line.before else "▼"
    return f"{arrow} from {line.before} the month before"


def _below(line: ProblemLine) -> list[Block]:
    number = ids.about(line.problem)
    link = button("Link to an issue", f"{ids.PROBLEM_LINK}.{line.problem}", number)
    close = button("Close", f"{ids.PROBLEM_CLOSE}.{line.problem}", number)
    again = button("Open again", f"{ids.PROBLEM_OPEN}.{line.problem}", number)
    where = f"<{escape(line.link)}|the issue>" if line.link else ""
    match line.state:
        case ProblemState.OPEN:
            note = f"Open again; it was linked to {where}" if where else ""
            return [*([context(note)] if note else []), actions(link, close)]
        case ProblemState.LINKED:
            return [context(f":link: linked to {where}"), actions(close)]
        case ProblemState.CLOSED:
            note = f" (linked to {where})" if where else ""
            return [context(f":white_check_mark: closed{note}"), actions(again)]


def render_problem_word(notice: ProblemWord) -> Rendered:
    """Render why nothing came of a press."""
    text = WORDS[notice.why].format(
        name=problem_name(notice.problem),
        by=f", by {person(notice.by)}" if notice.by else "",
        details=escape(notice.details),
    )
    return Rendered(text, [section(text)])


def link_modal(origin: ids.ModalOrigin, problem: Problem) -> View:
    """Ask where it is worked on."""
    hint = "The address of an issue, a ticket or a page, as your browser shows it."
    field = text_input(ids.LINK, "Issue", hint, multiline=False)
    element = {**field["element"], "max_length": INPUT_TEXT}
    if problem.link:
        element["initial_value"] = problem.link
    about = section(f"*{problem.name}*  {clip_escaped(problem.title, TITLE_ROOM)}")
    return modal(
        ids.PROBLEM_LINK_MODAL, "Link to an issue", "Link", origin,
        [about, {**field, "element": element}],
    )  # fmt: skip


def not_theirs_modal() -> View:
    """Say that it is not for them to link."""
    return {
        "type": "modal",
        "callback_id": ids.ARTICLE_MODAL,
        "title": {"type": "plain_text", "text": "Link to an issue"},
        "close": {"type": "plain_text", "text": "Close"},
        "blocks": [section(WORDS["not_theirs"])],
    }


def problems(callback: str, values: Mapping[str, str]) -> dict[str, str]:
    """Say what is wrong in the modal's field."""
    typed = values.get(ids.LINK, "")
    if callback != ids.PROBLEM_LINK_MODAL or link_of(typed) is not None:
        return {}
    return {ids.LINK: NO_ADDRESS if typed.strip() else "Please give an address."}
