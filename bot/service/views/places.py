"""Which use case serves what people do away from a request's thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from bot.desk.views import (
    AskAbout,
    AskDesk,
    AskDirectly,
    ChooseOnHome,
    OpenEscalation,
    OpenHome,
    TurnPage,
)
from bot.service.asking.elsewhere import plan_ask_about, plan_ask_directly, plan_open_escalation
from bot.service.views.helpdesk import plan_ask_desk
from bot.service.views.homes import plan_choose_on_home, plan_open_home, plan_turn_page

if TYPE_CHECKING:
    from bot.desk.ports.work import Change
    from bot.desk.views import PlaceCommand
    from bot.service.context import Desk


def plan_place(command: PlaceCommand, desk: Desk) -> Change:
    """Work out what a Home, a slash command or a shortcut changes."""
    match command:
        case OpenHome():
            return plan_open_home(command)
        case ChooseOnHome():
            return plan_choose_on_home(command)
        case TurnPage():
            return plan_turn_page(command)
        case AskDesk():
            return plan_ask_desk(command, desk)
        case AskDirectly():
            return plan_ask_directly(command, desk)
        case AskAbout():
            return plan_ask_about(command, desk)
        case OpenEscalation():
            return plan_open_escalation(command, desk)
        case _:
            assert_never(command)
