"""Telling the admins directly."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.addresses import Destination
from bot.desk.ids import DESK, ChannelId

if TYPE_CHECKING:
    from bot.desk.ports.work import UnitOfWork
    from bot.desk.views import DeskAlert
    from bot.service.context import Desk


def alert_admins(uow: UnitOfWork, desk: Desk, notice: DeskAlert) -> None:
    """Tell every admin, or the groups' leads where none is named; it stays on record as well."""
    told = sorted(desk.admins) or [g.lead for g in desk.groups.groups if g.lead]
    for admin in dict.fromkeys(told):
        uow.outbox.put(notice, Destination(ChannelId(admin)))
    uow.audit.note(DESK, None, notice.what.replace("_", " "), notice.about)
