"""How much was sent of late, shared by all replicas: a row for each channel and each method."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from bot.store.codec import stamp

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from sqlite_utils import Database

FORGOTTEN_AFTER = timedelta(hours=1)
HOLD = """
INSERT INTO paces (name, kept, at) VALUES ($1, '[]', $2)
ON CONFLICT (name) DO UPDATE SET at = excluded.at RETURNING kept
"""
KEEP = "UPDATE paces SET kept = $1 WHERE name = $2"
FORGET = "DELETE FROM paces WHERE at < $1"


class SharedPaces:
    """Keeps it in the database; who looks holds that row for a moment, and no other writer."""

    def __init__(self, borrowed: Callable[[], AbstractContextManager[Database]]) -> None:
        """Work on connections that are borrowed."""
        self._borrowed = borrowed
        self._forgot_at: datetime | None = None

    def turn(self, name: str, now: datetime, take: Callable[[list[float]], float]) -> float:
        """Let `take` look at what is known of a name, and change it; gives what it gives."""
        # A direct conversation names a person.
        key = blake2b(name.encode(), digest_size=12).hexdigest()
        with self._borrowed() as database:
            session: Any = database.conn
            session.begin(writes=True, in_turn=False)
            if self._forgot_at is None or now - self._forgot_at > FORGOTTEN_AFTER:
                session.run(FORGET, [stamp(now - FORGOTTEN_AFTER)])
                self._forgot_at = now
            kept = json.loads(session.run(HOLD, [key, stamp(now)]).fetchone()[0])
            found = take(kept)
            session.run(KEEP, [json.dumps(kept), key])
            session.commit()
        return found
