"""How long it takes to look up a thread where one channel has the tickets of years.

Run: .venv/bin/python -m tests.bench.one_channel
"""

# ruff: noqa: T201 (a benchmark prints its figures)

from __future__ import annotations

import statistics
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from bot.desk.ids import Thread, Ts
from bot.service.context import utc_now
from bot.store.database import transaction
from bot.store.unit_of_work import Store
from tests import builders as a

TICKETS, LOOKS = 100_000, 50


def main() -> None:
    """Fill a channel, and look for a thread that has no ticket yet, as each new message does."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder) / "frontline.db", utc_now)
        store.migrate()
        long_ago = (utc_now() - timedelta(days=400)).isoformat()
        row = (
            "INSERT INTO tickets (team, channel, thread_ts, requester, question, asked_ts, "
            "opened_at, updated_at, state) VALUES (?, ?, ?, ?, 'VPN?', ?, ?, ?, 'closed')"
        )
        with transaction(store.path) as database:
            for number in range(TICKETS):
                ts = f"{1_700_000_000 + number}.000100"
                values = [a.TEAM, a.IT_HELP, ts, f"U{number % 500}", ts, long_ago, long_ago]
                database.execute(row, values)
        store.hold()
        taken = []
        for number in range(LOOKS):
            began = time.thread_time()
            with store.look() as uow:
                uow.tickets.in_thread(Thread(a.TEAM, a.IT_HELP, Ts(f"18{number:08}.000100")))
            taken.append(time.thread_time() - began)
        store.release()
    print(f"{TICKETS} tickets in a channel, a look for a thread: ", end="")
    print(f"{statistics.median(taken) * 1e3:.2f} ms of the processor, median of {LOOKS}")


if __name__ == "__main__":
    main()
