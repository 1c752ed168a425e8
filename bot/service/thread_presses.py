"""Which use case serves which press in an escalation's thread, or at a ticket's end."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from bot.desk.tickets import (
    AcknowledgeForNow,
    AskRequester,
    BackToQueue,
    Confirm,
    HandOver,
    MarkDuplicate,
    Mute,
    Rate,
    Remark,
    ReplyToRequester,
    Return,
    SendOn,
    SetPriority,
    SnoozeFor,
    WakeUp,
    WrongCall,
)
from bot.service.promises.resting import plan_acknowledge_for_now, plan_snooze, plan_wake_up
from bot.service.tickets.adjusting import plan_mute, plan_priority, plan_wrong_call
from bot.service.tickets.closing import plan_confirm, plan_rate, plan_remark
from bot.service.tickets.conversing import plan_ask, plan_reply, plan_send_on
from bot.service.tickets.duplicates import plan_duplicate
from bot.service.tickets.reassigning import plan_back_to_queue, plan_hand_over, plan_return

if TYPE_CHECKING:
    from bot.desk.ports.work import Change
    from bot.desk.tickets import ClosingPress, ThreadPress
    from bot.service.context import Desk


def plan_thread_press(press: ThreadPress, desk: Desk) -> Change:
    """Work out what an engineer's press changes."""
    match press:
        case AskRequester():
            return plan_ask(press, desk)
        case ReplyToRequester():
            return plan_reply(press, desk)
        case SendOn():
            return plan_send_on(press, desk)
        case Return():
            return plan_return(press, desk)
        case HandOver():
            return plan_hand_over(press, desk)
        case SetPriority():
            return plan_priority(press, desk)
        case MarkDuplicate():
            return plan_duplicate(press, desk)
        case WrongCall():
            return plan_wrong_call(press, desk)
        case Mute():
            return plan_mute(press, desk)
        case AcknowledgeForNow():
            return plan_acknowledge_for_now(press, desk)
        case SnoozeFor():
            return plan_snooze(press, desk)
        case WakeUp():
            return plan_wake_up(press, desk)
        case BackToQueue():
            return plan_back_to_queue(press, desk)
        case _:
            assert_never(press)


def plan_closing_press(press: ClosingPress) -> Change:
    """Work out what a requester's last word changes."""
    match press:
        case Confirm():
            return plan_confirm(press)
        case Rate():
            return plan_rate(press)
        case Remark():
            return plan_remark(press)
        case _:
            assert_never(press)
