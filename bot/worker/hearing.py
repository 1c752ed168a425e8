"""Where many wait, each conversation gets a sign that it was heard: cheap, and once."""

from __future__ import annotations

from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import structlog

from bot.desk.asking import HEARD
from bot.service.asking.hearing import is_admitted, who_waits

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from bot.desk.addresses import Destination
    from bot.desk.commands import Command
    from bot.desk.ids import UserId
    from bot.service.asking.hearing import Waiting
    from bot.service.context import Desk
    from bot.store.inbox import InboxRow
    from bot.store.unit_of_work import Store

    Places = Mapping[Destination, Mapping[UserId, datetime]]
    """Who waits where, and when they wrote last."""

log = structlog.get_logger(__name__)

LONG = timedelta(seconds=1)
"""What waits so long was not answered at once."""

MANY = 20
"""So many have to wait, or the answer is there before the sign."""

ASKED_AT_ONCE = 8
"""Of so many people Slack is asked at the same time who they are."""


class Hearing:
    """Looks once a second whether the queue is long, and says so where people wait."""

    def __init__(
        self, store: Store, desk: Desk, parse: Callable[[dict[str, Any]], Command | None]
    ) -> None:
        """Join the store, the use cases and the reading of payloads."""
        self._store = store
        self._desk = desk
        self._parse = parse
        self._seen = 0
        self._may_have_told = True

    def step(self) -> bool:
        """Look; True where more waits than was looked at."""
        waiting, rows = self._store.inbox.unheard(self._store.steady() - LONG, self._seen)
        if waiting < MANY:
            if not waiting:
                self._forget()
            return False
        if not rows:
            return False
        known, unknown = self._by_admission(rows)
        self._tell(known)
        if unknown:
            self._tell(self._asked_about(unknown))
        self._seen = rows[-1][0].id
        return True

    def next_due(self) -> str | None:
        """Look again in a second while anybody waits; who begins to wait rings."""
        waits = self._may_have_told or self._store.inbox.is_any_unheard()
        return (self._store.steady() + LONG).isoformat() if waits else None

    def _by_admission(self, rows: list[tuple[InboxRow, datetime]]) -> tuple[Places, Places]:
        """Part those who may ask from those of whom only Slack can tell."""
        known: dict[Destination, dict[UserId, datetime]] = defaultdict(dict)
        unknown: dict[Destination, dict[UserId, datetime]] = defaultdict(dict)
        for row, came in rows:
            who = self._waiting(row)
            admitted = is_admitted(who.user, self._desk) if who is not None else False
            if who is not None and admitted is not False:
                (known if admitted else unknown)[who.to][who.user] = came
        # Where somebody gets a sign all read it.
        return known, {to: users for to, users in unknown.items() if to not in known}

    def _asked_about(self, places: Places) -> Places:
        """Ask Slack who these are; no transaction is open meanwhile."""
        users = sorted({user for each in places.values() for user in each})
        with ThreadPoolExecutor(ASKED_AT_ONCE, thread_name_prefix="hearing") as beside:
            may = dict(zip(users, beside.map(self._desk.may_ask, users), strict=True))
        return {
            to: admitted
            for to, each in places.items()
            if (admitted := {user: came for user, came in each.items() if may[user]})
        }

    def _tell(self, places: Places) -> None:
        if not places:
            return
        now = self._store.steady()
        self._may_have_told = True
        with self._store.unit_of_work() as uow:
            for to, users in places.items():
                if uow.once.first_hearing(to, max(users.values()), now):
                    uow.outbox.put(HEARD, to)

    def _forget(self) -> None:
        """Nobody waits: another burst is another sign."""
        if self._may_have_told:
            with self._store.unit_of_work() as uow:
                uow.once.nobody_waits()
            self._may_have_told = False

    def _waiting(self, row: InboxRow) -> Waiting | None:
        try:
            return who_waits(self._parse(row.payload), self._desk)
        except Exception as failure:  # noqa: BLE001 - whoever handles the row says what is wrong
            log.info("not_heard", row=row.id, why=type(failure).__name__)
            return None
