"""Overrides, and who was on call when last looked, in SQLite."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.desk.ids import UserId
from bot.desk.oncall import Override, RotaState
from bot.store.codec import dump_strings, load_strings, moment, stamp
from bot.store.database import insert, reading

if TYPE_CHECKING:
    import sqlite3
    from datetime import datetime
    from pathlib import Path

    from sqlite_utils import Database

    from bot.desk.ports.time import Clock


class OverrideRows:
    """The overrides table inside a unit of work; rows are cancelled, never deleted."""

    def __init__(self, database: Database, clock: Clock) -> None:
        """Work on the open transaction of a database."""
        self._db = database
        self._clock = clock

    def add(self, override: Override) -> Override | None:
        """Lay an override on top; None where just this one lies there already."""
        same = self._db.execute(
            "SELECT 1 FROM overrides WHERE group_name = ? AND starts_at = ? AND ends_at = ? "
            "AND member = ? AND replaces IS ? AND cancelled_at IS NULL",
            [
                override.group,
                stamp(override.start),
                stamp(override.end),
                override.member,
                override.replaces,
            ],
        ).fetchone()
        if same:
            return None
        row: dict[str, Any] = {
            "group_name": override.group,
            "starts_at": stamp(override.start),
            "ends_at": stamp(override.end),
            "member": override.member,
            "replaces": override.replaces,
            "made_by": override.by,
            "reason": override.reason,
            "made_at": stamp(self._clock()),
        }
        number = insert(self._db, "overrides", row)
        return _override({**row, "id": number})

    def get(self, number: int) -> Override | None:
        """Find an override that is not cancelled."""
        row = self._db.execute(
            "SELECT * FROM overrides WHERE id = ? AND cancelled_at IS NULL", [number]
        ).fetchone()
        return _override(row) if row else None

    def cancel(self, number: int, by: UserId) -> bool:
        """Take an override back; False where it was taken back before."""
        changed = self._db.execute(
            "UPDATE overrides SET cancelled_by = ?, cancelled_at = ? "
            "WHERE id = ? AND cancelled_at IS NULL",
            [by, stamp(self._clock()), number],
        )
        return bool(changed.rowcount)

    def of(self, group: str, since: datetime) -> tuple[Override, ...]:
        """Give a group's overrides that end after an instant, the later made last."""
        return _standing(self._db, group, since)

    def state(self, group: str) -> RotaState:
        """Tell who was on call for a group when last looked."""
        return _state(self._db, group)

    def remember(self, group: str, state: RotaState) -> None:
        """Write down who is on call for a group."""
        self._db.execute(
            "INSERT INTO rota_states (group_name, members, trouble, synced, at) "
            "VALUES (?, ?, ?, ?, ?) ON CONFLICT (group_name) DO UPDATE SET "
            "members = excluded.members, trouble = excluded.trouble, "
            "synced = excluded.synced, at = excluded.at",
            [
                group,
                dump_strings(state.members),
                state.trouble,
                dump_strings(state.synced),
                stamp(self._clock()),
            ],
        )


class OverrideReader:
    """The same tables, read outside of a transaction: while a plan looks things up."""

    def __init__(self, path: Path) -> None:
        """Read from a database file."""
        self._path = path

    def of(self, group: str, since: datetime) -> tuple[Override, ...]:
        """Give a group's overrides that end after an instant, the later made last."""
        with reading(self._path) as db:
            return _standing(db, group, since)

    def last_known(self, group: str) -> tuple[UserId, ...]:
        """Tell who was on call for a group when last looked."""
        with reading(self._path) as db:
            return _state(db, group).members


def _standing(db: Database, group: str, since: datetime) -> tuple[Override, ...]:
    rows = db.execute(
        "SELECT * FROM overrides WHERE group_name = ? AND ends_at > ? AND cancelled_at IS NULL "
        "ORDER BY id",
        [group, stamp(since)],
    ).fetchall()
    return tuple(_override(row) for row in rows)


def _state(db: Database, group: str) -> RotaState:
    row = db.execute("SELECT * FROM rota_states WHERE group_name = ?", [group]).fetchone()
    if row is None:
        return RotaState()
    return RotaState(
        tuple(UserId(each) for each in load_strings(row["members"])),
        row["trouble"],
        tuple(UserId(each) for each in load_strings(row["synced"])),
    )


def _override(row: sqlite3.Row | dict[str, Any]) -> Override:
    return Override(
        group=row["group_name"],
        start=moment(row["starts_at"]),
        end=moment(row["ends_at"]),
        member=UserId(row["member"]),
        replaces=UserId(row["replaces"]) if row["replaces"] else None,
        by=UserId(row["made_by"]) if row["made_by"] else None,
        reason=row["reason"],
        id=row["id"],
    )
