"""How a process that nobody waits for gives way to those that people wait for."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

USUAL, LOW, LOWEST = 0, 10, 19
GROUP = Path("/proc/self/autogroup")
"""Linux shares processors out among sessions first, and within each by niceness (sched(7)): in the
session of the bot, what a child is given at the lowest niceness is taken from the bot's share."""


def give_way(niceness: int) -> None:
    """Let this thread, and those that it begins, give way to all else."""
    with suppress(OSError):
        os.nice(niceness)
    _put_group(niceness)


@contextmanager
def giving_way() -> Iterator[Callable[[Callable[[], None]], None]]:
    """Give way as far as can be; gives what does a thing at the usual priority.

    It is done in a thread that was there before: priorities are a thread's own on Linux. Elsewhere
    all gives way.
    """
    with ThreadPoolExecutor(1, thread_name_prefix="promptly") as usual:
        usual.submit(int).result()
        give_way(LOWEST)

        def promptly(do: Callable[[], None]) -> None:
            _put_group(USUAL)
            try:
                usual.submit(do).result()
            finally:
                _put_group(LOWEST)

        yield promptly


def _put_group(niceness: int) -> None:
    """Put the whole session so far, where it is this process's own and the system has groups."""
    if os.getsid(0) == os.getpid():
        with suppress(OSError):
            GROUP.write_text(str(niceness), encoding="ascii")
