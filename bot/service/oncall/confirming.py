"""A change of who is on call that was proposed: confirmed, written down, told."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.desk.addresses import Destination
from bot.desk.ids import DESK
from bot.desk.oncall import ConfirmOnCall, OnCallChanged, OnCallWord
from bot.service.oncall.board import may_change, plan_ask_on_call, whisper

if TYPE_CHECKING:
    from datetime import datetime

    from bot.desk.ids import UserId
    from bot.desk.oncall import OnCallCommand, Override, Proposal
    from bot.desk.ports.work import Change, UnitOfWork
    from bot.service.context import Desk


def plan_on_call(command: OnCallCommand, desk: Desk) -> Change:
    """Work out what is to be done about who is on call."""
    if isinstance(command, ConfirmOnCall):
        return plan_confirm_on_call(command, desk)
    return plan_ask_on_call(command, desk)


def plan_confirm_on_call(press: ConfirmOnCall, desk: Desk) -> Change:
    """*Confirm*: check everything again, lay the overrides, tell the group."""
    refusal = _objection(press, desk)
    if not press.agreed:
        return lambda uow: whisper(uow, press.at, OnCallWord("dropped"))
    if refusal is not None:
        return lambda uow: whisper(uow, press.at, refusal)
    proposal, now = press.proposal, desk.clock()
    group = desk.groups.named(proposal.group)

    def change(uow: UnitOfWork) -> None:
        if not _written(uow, proposal, press.at.user, now):
            whisper(uow, press.at, OnCallWord("already_so", group.name))
            return
        uow.outbox.put(OnCallChanged(proposal, press.at.user), Destination(group.channel))
        whisper(uow, press.at, OnCallWord("done", group.name))
        for each in proposal.overrides:
            uow.audit.note(DESK, press.at.user, f"on call: {proposal.what}", _described(each))

    return change


def _written(uow: UnitOfWork, proposal: Proposal, by: UserId, now: datetime) -> bool:
    if proposal.what == "cancel":
        return all(uow.overrides.cancel(each.id, by) for each in proposal.overrides)
    # A turn that is on is kept with its own start, so that a second press finds the same one.
    added = [
        uow.overrides.add(replace(each, by=by, reason=proposal.what))
        for each in proposal.overrides
        if each.end > now
    ]
    return any(each is not None for each in added)


def _objection(press: ConfirmOnCall, desk: Desk) -> OnCallWord | None:
    """Why a proposal cannot be carried out any more, or not by the one who pressed."""
    proposal, user, now = press.proposal, press.at.user, desk.clock()
    group = next((each for each in desk.groups.groups if each.name == proposal.group), None)
    if group is None:
        return OnCallWord("changed_meanwhile")
    if not may_change(desk, user, group):
        return OnCallWord("not_in_group", group.name)
    if proposal.what == "take" and any(each.member != user for each in proposal.overrides):
        return OnCallWord("not_in_group", group.name)
    if any(each.end <= now or each.group != group.name for each in proposal.overrides):
        return OnCallWord("over")
    if proposal.what == "swap" and not _is_still_so(desk, proposal):
        return OnCallWord("changed_meanwhile")
    return None


def _is_still_so(desk: Desk, proposal: Proposal) -> bool:
    """Whether those who would be replaced still are on call, or a first press replaced them."""
    for each in proposal.overrides:
        at = max(each.start, desk.clock())
        on = desk.rotas.watch(proposal.group, at).members
        if each.replaces not in on and each.member not in on:
            return False
    return True


def _described(override: Override) -> str:
    instead = f" instead of {override.replaces}" if override.replaces else ""
    times = f"{override.start.isoformat()} to {override.end.isoformat()}"
    return f"{override.group}: {override.member}{instead}, {times}"
