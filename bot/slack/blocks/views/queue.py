"""What an engineer has to do, on their Home: each ticket a link, with the presses that it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.desk.promises import Priority
from bot.desk.tickets import EscalationState
from bot.desk.views import MANY, Listing, Page, Show
from bot.slack import actions as ids
from bot.slack.blocks.learning.gaps import to_write
from bot.slack.blocks.oncall.board import group_blocks
from bot.slack.blocks.parts import actions, button, divider, header, overflow, section
from bot.slack.blocks.views.summaries import headline, standing
from bot.slack.limits import OPTION_TEXT, OPTIONS
from bot.slack.text import clip
from bot.slack.words import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.desk.ids import UserId
    from bot.desk.views import HomeForEngineer, TicketSummary
    from bot.slack.blocks.parts import Block

GROUPS_SHOWN = 4

SHOWN = {
    Show.TO_TAKE: "To be taken",
    Show.TAKEN: "Taken",
    Show.WAITING: "Waiting for the requester",
}

OF_GROUPS = {
    None: "Nobody has taken these",
    Show.TO_TAKE: "Nobody has taken these",
    Show.TAKEN: "Taken by others in my groups",
    Show.WAITING: "Others in my groups wait for the requester",
}


def queue_blocks(home: HomeForEngineer, user: UserId) -> list[Block]:
    """Show what is to be done, P1 first: mine, my groups', what falls due, who is on call."""
    pages = {page.listing: page for page in home.pages}
    none = "Nothing with this choice." if home.choices.is_filtered else ""
    lists = (
        (Listing.MINE, "My escalations", home.mine, "You have none."),
        (Listing.GROUPS, OF_GROUPS[home.choices.show], home.unassigned, "All are taken."),
        (Listing.DUE, "Due soon in my groups", home.due_soon, ""),
        (Listing.RESTING, "Resting", home.resting, ""),
    )
    blocks = [header("For me to do"), *_choices(home)]
    for listing, title, tickets, nothing in lists:
        page = pages.get(listing)
        if tickets:
            blocks.append(section(title_of(title, page)))
            blocks += [b for each in tickets for b in _ticket(each, listing, user)]
            blocks += pager(page)
        elif nothing:
            blocks.append(section(f"*{title}*\n{none or nothing}"))
    blocks.append(section("*On call*"))
    for group in home.on_call[:GROUPS_SHOWN]:
        blocks += group_blocks(group)
    return [*blocks, *to_write(home.gaps), divider()]


def title_of(title: str, page: Page | None) -> str:
    """Give a list's title, with how many there are and which page this is."""
    counted = page.total if page and page.total else 0
    total = f" ({counted if counted < MANY else f'{MANY - 1}+'})" if counted else ""
    number = (
        ", " + _("page {number}").format(number=page.number + 1)
        if page and (page.number or page.more)
        else ""
    )
    return f"*{title}{total}*{number}"


def pager(page: Page | None) -> list[Block]:
    """Give the way to the other pages of a list, where there are any."""
    if page is None or not (page.number or page.more):
        return []
    turns = []
    if page.number:
        turns.append(_turn(_("Back"), page, -1))
    if page.more:
        turns.append(_turn(_("More"), page, 1))
    return [{**actions(*turns), "block_id": f"pages.{page.listing}"}]


def _turn(label: str, page: Page, by: int) -> Block:
    way = "back" if by < 0 else "on"
    value = ids.about(0, f"{page.listing}/{page.number + by}")
    return button(label, f"{ids.TURN_PAGE}.{way}", value)


def _choices(home: HomeForEngineer) -> list[Block]:
    """Give the menus of what is to be seen; their block is another one once something changed."""
    chosen = home.choices
    groups = {name: name for name in home.groups}
    menus = [
        _menu(
            "priority", "Every priority", {each: str(each) for each in Priority}, chosen.priority
        ),
        _menu("show", "Every state", SHOWN, chosen.show),
    ]
    if len(groups) > 1:
        menus.insert(0, _menu("group", "All my groups", groups, chosen.group))
    mark = f"chosen.{chosen.group}.{chosen.priority}.{chosen.show}"
    return [{**actions(*menus), "block_id": mark[:255]}]


def _menu(what: str, every: str, choices: dict[Any, str], chosen: str | None) -> Block:
    options = [_option(every, "")]
    options += [_option(label, str(value)) for value, label in choices.items()]
    known = [each for each in options if each["value"] == ids.about(0, chosen or "")]
    return {
        "type": "static_select",
        "action_id": f"{ids.CHOOSE_ON_HOME}.{what}",
        "options": options[:OPTIONS],
        "initial_option": known[0] if known else options[0],
    }


def _option(label: str, value: str) -> dict[str, Any]:
    text = {"type": "plain_text", "text": clip(label, OPTION_TEXT), "emoji": True}
    return {"text": text, "value": ids.about(0, value)}


def _ticket(ticket: TicketSummary, listing: Listing, user: UserId) -> Sequence[Block]:
    line = section(f"{headline(ticket, requester=True)}\n{standing(ticket)}")
    presses = _presses(ticket, user)
    if not presses:
        return [line]
    if listing is Listing.RESTING:
        return [{**line, "accessory": presses[0]}]
    return [line, actions(*presses)]


def _presses(ticket: TicketSummary, user: UserId) -> list[Block]:
    """Give what its reader can do at once; everything else is on its card."""
    if ticket.escalation is None:
        return []
    number = ids.about(ticket.escalation)
    if ticket.step is EscalationState.ACKNOWLEDGED and ticket.assignee is None:
        return [button("Take it", ids.TAKE, number, "primary")]
    if ticket.step is EscalationState.PENDING:
        take = button("Take it", ids.TAKE, number, "primary")
        seen = button("Acknowledge for 30 minutes", ids.FOR_NOW, number)
        return [take] if ticket.snoozed_by else [take, seen]
    if ticket.step is not EscalationState.ACKNOWLEDGED or ticket.assignee != user:
        return []
    rest = (
        button("Wake it", ids.WAKE, number)
        if ticket.snoozed_by
        else button("Snooze", ids.SNOOZE, number)
    )
    back = overflow(ids.MORE, [("Back to the queue", ids.about(ticket.escalation, ids.QUEUE))])
    return [rest, back]
