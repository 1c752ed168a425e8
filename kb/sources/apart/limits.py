"""What reading one file may cost: a bomb is ended, and the files beside it are read."""

from __future__ import annotations

import contextlib
import math
import resource
from dataclasses import dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Seconds of the processor for each article of a file, and memory for all of it."""

    seconds: float = 20.0
    megabytes: int = 2_048

    @property
    def patience_s(self) -> float:
        """Seconds by the clock: the processor may be busy with other things."""
        return self.seconds * 4


def limit_memory(limits: Limits) -> None:
    """Limit this process for good; asking for more raises MemoryError."""
    with contextlib.suppress(OSError, ValueError):  # not every system can
        most = limits.megabytes * MEGABYTE
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def limit_time(limits: Limits) -> None:
    """Give this process so many seconds more; the system ends it after that."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    until = math.ceil(used.ru_utime + used.ru_stime + limits.seconds)
    with contextlib.suppress(OSError, ValueError):
        hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
        resource.setrlimit(resource.RLIMIT_CPU, (until, hard))
