"""What `serve` does with its memory: few arenas, and large pages where the system has them.

A decision touches some thousand pieces of memory all over the process. With pages of 4 KB each of
them costs the processor a walk through tables, which on a virtual machine takes as long as the
work itself: in pages of 2 MB an encoding and a decision take little more than half the time.
"""

from __future__ import annotations

import ctypes
import gc
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

ARENAS, ARENA_MAX = 2, -8
LARGE, MMAP_THRESHOLD = 1 << 20, -3
SPARE, TRIM_THRESHOLD = 4 << 20, -1
"""`M_ARENA_MAX`, `M_MMAP_THRESHOLD` and `M_TRIM_THRESHOLD` of glibc's malloc.h."""

LOADING, SERVING = (100_000, 50, 100), (10_000, 10, 20)
"""After so many new objects the interpreter looks through the young, the older, and all."""

SMALL_PAGE, LARGE_PAGE = 4 << 10, 2 << 20
COLLAPSE = 25
"""`MADV_COLLAPSE` of Linux 6.1: joins small pages to a large one, whatever the system's default."""

MAPS = Path("/proc/self/maps")
_ANYBODYS = re.compile(r"\A([0-9a-f]+)-([0-9a-f]+) rw-p 0+ 00:00 0 *(?:\[heap\])?$")
"""Memory that is private, may be written to, and belongs to no file; no stack that says so."""


def keep_memory_together() -> None:
    """Let the threads share what malloc keeps for them, where that is glibc's.

    With an arena for each of some forty threads, a hundred megabytes lie about in pieces. And what
    is large goes back at once: left to itself, malloc keeps as much again as was ever let go of.
    """
    with suppress(OSError, AttributeError):
        malloc = ctypes.CDLL(None)
        malloc.mallopt(ARENA_MAX, ARENAS)
        malloc.mallopt(MMAP_THRESHOLD, LARGE)
        malloc.mallopt(TRIM_THRESHOLD, SPARE)


def look_for_garbage_seldom() -> None:
    """Let the interpreter not look through what is being loaded, again and again: it stays."""
    gc.set_threshold(*LOADING)


def look_for_garbage_now() -> None:
    """Look through all that was loaded, and from now on as often as messages make it worth while.

    Each look through all of it stops every thread for a tenth of a second. Left to itself the
    interpreter looks once in some hundred messages, for what none of them leaves behind.
    """
    gc.collect()
    gc.set_threshold(*SERVING)


def give_memory_back() -> None:
    """Give the system what loading took for a moment, where malloc is glibc's."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


@dataclass(frozen=True)
class System:
    """What is asked of the system, for a large page's worth of memory by its address."""

    held: Callable[[int], int]
    """How many of its small pages are in memory."""
    joined: Callable[[int], bool]
    """Join them; False where the system cannot."""


def into_large_pages() -> int:
    """Join small pages wherever they fill a large one: so many; 0 where the system has none.

    For once, when what is asked over and over was loaded. It costs half a second of the
    processor's, no memory, and others wait for a few milliseconds at most.
    """
    with suppress(OSError, AttributeError, ValueError):
        return joined_pages(MAPS.read_text(encoding="utf-8").splitlines(), linux())
    return 0


def joined_pages(maps: Iterable[str], system: System) -> int:
    """Join what is full, as far as the system goes along."""
    count = 0
    for address in large_pages(maps):
        # Of what is nearly empty, a thread's stack for example, memory would grow.
        if system.held(address) * SMALL_PAGE * 8 >= LARGE_PAGE * 7:
            if not system.joined(address):
                break
            count += 1
    return count


def large_pages(maps: Iterable[str]) -> Iterator[int]:
    """Give where large pages would begin in memory that is anybody's, from `/proc/self/maps`."""
    for line in maps:
        found = _ANYBODYS.match(line)
        if found:
            first, end = (int(each, 16) for each in found.groups())
            first += -first % LARGE_PAGE
            yield from range(first, end - LARGE_PAGE + 1, LARGE_PAGE)


def linux() -> System:
    """Ask Linux, by the C library."""
    library = ctypes.CDLL(None, use_errno=True)
    for name, last in (("mincore", ctypes.c_void_p), ("madvise", ctypes.c_int)):
        getattr(library, name).argtypes = [ctypes.c_void_p, ctypes.c_size_t, last]
    seen = (ctypes.c_ubyte * (LARGE_PAGE // SMALL_PAGE))()

    def held(address: int) -> int:
        if library.mincore(address, LARGE_PAGE, ctypes.addressof(seen)):
            return 0  # let go of since the list was made
        return sum(each & 1 for each in bytes(seen))

    def joined(address: int) -> bool:
        # What is busy or gone just now is passed over; what is not known ends it.
        failed = library.madvise(address, LARGE_PAGE, COLLAPSE) != 0
        return not (failed and ctypes.get_errno() == UNKNOWN)

    return System(held, joined)


UNKNOWN = 22
"""`EINVAL`."""
