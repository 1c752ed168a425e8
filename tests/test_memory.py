"""Memory in large pages: what is full is joined, what is empty or somebody's is left."""

from __future__ import annotations

import gc
import mmap

import pytest

from bot.memory import (
    LARGE_PAGE,
    SERVING,
    SMALL_PAGE,
    System,
    into_large_pages,
    joined_pages,
    large_pages,
    look_for_garbage_now,
    look_for_garbage_seldom,
)

MB = 1 << 20
FULL = LARGE_PAGE // SMALL_PAGE


def line(first: int, end: int, rights: str = "rw-p", of: str = "", inode: int = 0) -> str:
    """Give a line as Linux writes it."""
    device = "fe:00" if inode else "00:00"
    return f"{first:x}-{end:x} {rights} 00000000 {device} {inode} {of}"


@pytest.mark.parametrize(
    ("maps", "found"),
    [
        (line(2 * MB, 6 * MB), [2 * MB, 4 * MB]),
        (line(3 * MB, 7 * MB), [4 * MB]),
        (line(3 * MB, 5 * MB), []),
        (line(2 * MB, 4 * MB, of="[heap]"), [2 * MB]),
        (line(2 * MB, 4 * MB, of="[stack]"), []),
        (line(2 * MB, 4 * MB, of="/usr/lib/libc.so.6", inode=7), []),
        (line(2 * MB, 4 * MB, rights="r--p"), []),
        (line(2 * MB, 4 * MB, rights="rw-s"), []),
        ("no line of such a file", []),
    ],
)
def test_large_pages_lie_whole_in_memory_that_is_anybodys(maps: str, found: list[int]) -> None:
    """Not in files, stacks, what is shared or cannot be written to."""
    assert list(large_pages([maps])) == found


@pytest.mark.parametrize(
    ("held", "joined"), [(FULL, 2), (FULL * 7 // 8, 2), (FULL // 2, 0), (0, 0)]
)
def test_only_what_is_full_is_joined(held: int, joined: int) -> None:
    """An empty stack would take its megabytes otherwise."""
    system = System(lambda _: held, lambda _: True)
    assert joined_pages([line(2 * MB, 6 * MB)], system) == joined


def test_where_the_system_knows_no_large_pages_it_is_asked_once() -> None:
    """An older kernel says so at the first."""
    asked: list[int] = []
    system = System(lambda _: FULL, lambda address: bool(asked.append(address)))
    assert joined_pages([line(2 * MB, 60 * MB)], system) == 0
    assert len(asked) == 1


def test_what_is_joined_says_the_same() -> None:
    """On whatever system the tests run."""
    with mmap.mmap(-1, 6 * MB, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS) as memory:
        written = bytes(range(256)) * (6 * MB // 256)
        memory.write(written)
        assert into_large_pages() >= 0
        assert memory[:] == written


class Cycle:
    """Refers to itself, so that only a look for garbage finds it."""

    ended = 0

    def __init__(self) -> None:
        """Begin."""
        self.itself = self

    def __del__(self) -> None:
        """Count."""
        Cycle.ended += 1


def test_nothing_is_looked_through_while_it_loads_and_what_is_left_over_goes_then() -> None:
    """A look through all that was loaded stops everybody for a tenth of a second."""
    before = gc.get_threshold()
    looks: list[str] = []
    try:
        look_for_garbage_seldom()
        Cycle()
        gc.callbacks.append(lambda phase, _: looks.append(phase))
        kept = [[each] for each in range(20_000)]
        assert not looks
        assert not Cycle.ended
        look_for_garbage_now()
        assert Cycle.ended == 1
        assert gc.get_threshold() == SERVING
        assert len(kept) == 20_000
    finally:
        gc.callbacks.pop()
        gc.set_threshold(*before)
