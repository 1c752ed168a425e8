"""Now and then: who is on call is written down, Slack's user group follows, admins are told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.desk.addresses import Destination
from bot.desk.errors import DeliveryError, RetryableDeliveryError, ShutOutError
from bot.desk.ids import DESK
from bot.desk.oncall import RotaState, RotaTrouble

if TYPE_CHECKING:
    from bot.desk.ids import UserId
    from bot.desk.oncall import ResolverGroup, Watch
    from bot.desk.ports.oncall import UserGroups
    from bot.desk.ports.work import Change, UnitOfWork
    from bot.service.context import Desk


@dataclass(frozen=True)
class RotaDuty:
    """What is looked after: the groups with a rota of their own, and whom to tell of trouble.

    `usergroups` is None where Slack's user groups are not to be kept equal to who is on call.
    """

    planned: frozenset[str]
    admins: tuple[UserId, ...] = ()
    usergroups: UserGroups | None = None


def plan_rota_check(group: ResolverGroup, desk: Desk, duty: RotaDuty) -> Change:
    """Look at one group's rota; say something only where it began or ceased to be trouble."""
    watch = desk.rotas.watch(group.name, desk.clock())
    called = desk.directory.on_call(group)
    problem = _keep_usergroup(group, watch, duty)
    trouble = watch.note or problem
    if not called.members:
        trouble = trouble or "Nobody can be called: the rota and the fallback are empty."

    def change(uow: UnitOfWork) -> None:
        before = uow.overrides.state(group.name)
        members = watch.members or before.members
        after = RotaState(members, trouble, watch.members if not problem else before.synced)
        if after == before:
            return
        uow.overrides.remember(group.name, after)
        if members != before.members:
            uow.audit.note(DESK, None, "on call", f"{group.name}: {', '.join(members)}")
        if bool(trouble) != bool(before.trouble):
            _tell(uow, group, duty, RotaTrouble(group.name, trouble, called.members, not trouble))

    return change


def _tell(uow: UnitOfWork, group: ResolverGroup, duty: RotaDuty, notice: RotaTrouble) -> None:
    told = duty.admins or ((group.lead,) if group.lead else ())
    for admin in told:
        uow.outbox.put(notice, Destination(admin))
    uow.audit.note(DESK, None, "rota", f"{group.name}: {notice.note or 'in order again'}")


def _keep_usergroup(group: ResolverGroup, watch: Watch, duty: RotaDuty) -> str:
    """Make the user group equal to who is on call; gives what went wrong for good, if anything."""
    if duty.usergroups is None or group.usergroup is None or group.name not in duty.planned:
        return ""
    if not watch.members:
        # Slack refuses an empty user group; the last on call stay in it.
        return ""
    try:
        duty.usergroups.keep_members(group.usergroup, watch.members)
    except (DeliveryError, RetryableDeliveryError) as failure:
        lasts = (
            not failure.whole
            if isinstance(failure, ShutOutError)
            else (isinstance(failure, DeliveryError))
        )
        if lasts:
            return f"The user group @{group.usergroup} cannot be kept equal to the rota ({failure})"
    return ""
