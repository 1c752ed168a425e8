"""How the desk's benches handle a command, and time what they do."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from bot.service.handling import plan

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.desk.commands import Command
    from bot.service.context import Desk


def handle(desk: Desk, command: Command) -> None:
    """Plan a command and write what it changes, as the worker does."""
    change = plan(command, desk)
    with desk.unit_of_work() as uow:
        change(uow)


def milliseconds(act: Callable[[], object]) -> float:
    """Time it."""
    started = time.perf_counter()
    act()
    return (time.perf_counter() - started) * 1e3
