"""Memory in large pages: what is full is joined, what is empty or somebody's is left."""

from __future__ import annotations

import mmap

import pytest

from bot.memory import LARGE_PAGE, SMALL_PAGE, System, into_large_pages, joined_pages, large_pages

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
