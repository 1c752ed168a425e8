"""Desks for benches: written straight into their tables, and served without Slack."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from bot.service.context import Desk
from bot.store.database import connect
from bot.store.unit_of_work import Store
from tests import builders as a
from tests.fakes import FakeDirectory, FakeTriager, TurnableClock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlite_utils import Database


def desk_over(path: Path, fill: Callable[[Path], None], **more: Any) -> Desk:
    """Give a desk over a database that is new, and filled like this."""
    clock = TurnableClock()
    store = Store(path / "frontline.db", clock)
    store.migrate()
    fill(store.path)
    store.hold()
    return Desk(
        unit_of_work=store.unit_of_work,
        triager=FakeTriager(),  # type: ignore[arg-type]
        directory=FakeDirectory(),
        groups=a.groups(),
        modes={},
        clock=clock,
        readings=store.readings,
        reads=store.look,
        **more,
    )


@contextmanager
def straight_into(path: Path) -> Iterator[Database]:
    """Write much in one transaction, with the triggers at work; the planner knows it then."""
    db = connect(path)
    db.execute("PRAGMA synchronous = OFF")
    db.execute("BEGIN")
    yield db
    db.conn.commit()
    db.execute("ANALYZE")
    db.close()


@contextmanager
def without_triggers(path: Path) -> Iterator[Database]:
    """Write millions of rows in one transaction; what triggers keep is for the writer to write."""
    db = connect(path)
    db.execute("PRAGMA synchronous = OFF")
    db.execute("PRAGMA cache_size = -400000")
    triggers = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    db.execute("BEGIN")
    for trigger in triggers:
        db.execute(f"DROP TRIGGER {trigger['name']}")
    yield db
    for trigger in triggers:
        db.execute(trigger["sql"])
    db.conn.commit()
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
