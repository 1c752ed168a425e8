"""The reference names every method and event of the workspace, and no other."""

from __future__ import annotations

import re
from pathlib import Path

from bot.playground.api.dispatch import METHODS
from bot.playground.happening.posting import EVENTS

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "workspace.md"


def table(title: str) -> list[tuple[str, str]]:
    """The rows below a title."""
    part = PAGE.read_text(encoding="utf-8").split(f"### {title}\n", 1)[1].split("\n###")[0]
    return re.findall(r"^\| (.+?) \| (.+) \|$", part.split("\n\nAn app gets")[0], re.MULTILINE)


def test_every_method_is_in_the_table() -> None:
    """As family and method."""
    listed = {
        f"{family.strip('`')}.{name}"
        for family, names in table("Methods")[1:]
        for name in re.findall(r"`(\w+)`", names)
    }
    assert listed == set(METHODS)


def test_every_event_is_in_the_table() -> None:
    """By its name."""
    listed = {name for _, names in table("Events")[1:] for name in re.findall(r"`([\w.]+)`", names)}
    assert listed == set(EVENTS)
