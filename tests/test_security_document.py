"""SECURITY.md names its tests, and they are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NAMED = re.compile(r"`(tests/[\w/]+\.py)?(?:::(\w+))?`")


def promises() -> list[tuple[str, str]]:
    """Give each file and test that a line of the table names."""
    found: list[tuple[str, str]] = []
    for line in (ROOT / "SECURITY.md").read_text().splitlines():
        file = ""
        for name, test in NAMED.findall(line):
            file = name or file
            if file and (name or test):
                found.append((file, test))
    return found


def test_there_are_promises() -> None:
    """The table is read at all."""
    assert len(promises()) > 20


@pytest.mark.parametrize(("file", "test"), promises())
def test_the_test_of_a_promise_is_there(file: str, test: str) -> None:
    """A promise whose test was renamed or dropped is found here."""
    path = ROOT / file
    assert path.is_file(), file
    assert not test or f"def {test}(" in path.read_text(), f"{file}::{test}"
