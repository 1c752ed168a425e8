"""The house is in order: each room says what belongs there, and topics enter by the front door."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("bot", "classifier", "kb")
MOST_MODULES = 16
"""About fifteen modules, and the `__init__` that says what they are for."""

ROOMS = sorted(
    {
        file.parent
        for package in PACKAGES
        for file in (ROOT / package).rglob("*.py")
        if "node_modules" not in file.parts
    }
)
DESK = ROOT / "bot" / "desk"


def named(folder: Path) -> str:
    """Name a folder for the report of a failure."""
    return folder.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("room", ROOMS, ids=named)
def test_a_room_says_in_one_line_what_belongs_there(room: Path) -> None:
    """A stranger reads the folder's first line and knows."""
    init = room / "__init__.py"
    assert init.is_file(), "no __init__.py"
    words = ast.get_docstring(ast.parse(init.read_text()), clean=False)
    assert words, "no docstring"
    assert "\n" not in words, "more than a line"
    assert 20 < len(words) <= 94, "too short to tell, or too long for a line"


@pytest.mark.parametrize("room", ROOMS, ids=named)
def test_no_room_has_become_a_hall(room: Path) -> None:
    """Past about fifteen modules a second topic is hiding."""
    assert len(list(room.glob("*.py"))) <= MOST_MODULES


def inner(module: str) -> str | None:
    """Name the topic of the domain whose inner module this is."""
    parts = module.split(".")
    is_inner = parts[:2] == ["bot", "desk"] and len(parts) > 3 and parts[2] != "ports"
    return parts[2] if is_inner else None


def imported(node: ast.AST) -> list[str]:
    """Name the modules that a statement imports; ruff refuses those named by dots alone."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) and node.module else []


@pytest.mark.parametrize("package", PACKAGES)
def test_topics_of_the_domain_are_entered_by_the_front_door(package: str) -> None:
    """Outside a topic one writes `from bot.desk.tickets import Ticket`."""
    by_the_window = [
        f"{file.relative_to(ROOT)}:{node.lineno}: {module}"
        for file in (ROOT / package).rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        for module in imported(node)
        if (topic := inner(module)) and not file.is_relative_to(DESK / topic)
    ]
    assert by_the_window == []
