"""Tables of HTML as tables of Markdown: each value beside its label, whatever spans or nests."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bs4 import Tag

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

LARGEST_SPAN = 1_000
"""As browsers limit it."""
MOST_CELLS = 100_000
_PATH = " › "  # noqa: RUF001 (a breadcrumb)
_ENDED = (".", ":", ";", "!", "?", ",")
_BLOCKS = ("h1", "h2", "h3", "h4", "h5", "h6", "pre")


@dataclass(frozen=True)
class Cell:
    """A cell as it stands in each place that it spans."""

    tag: Tag
    text: str
    is_label: bool


Row = list[Cell | None]
Convert = "Callable[[Tag], str]"


def table_to_markdown(table: Tag, convert: Callable[[Tag], str]) -> str:
    """The table, or its parts one below the other where it only lays out a page."""
    rows = _grid(table, convert)
    caption = table.find("caption", recursive=False)
    above = f"**{_line(convert(caption))}**\n\n" if isinstance(caption, Tag) else ""
    width = max((len(row) for row in rows), default=0)
    if width <= 1 or table.get("role") in {"presentation", "none"}:
        return above + "\n\n".join(_each_once(rows))
    if any(cell.tag.find(_BLOCKS) for row in rows for cell in row if cell):
        return above + "\n\n".join(_unrolled(rows))
    return above + "\n\n".join(_parts(rows))


def nested_to_text(table: Tag, convert: Callable[[Tag], str]) -> str:
    """A table within a cell, in one line: `label: value, label: value; ...`."""
    labels, rows = _labelled(_grid(table, convert))
    said = []
    for row in rows:
        texts = [_line(cell.text) if cell else "" for cell in row]
        if any(labels):
            pairs = zip(labels, texts, strict=False)
            said.append(", ".join(f"{a}: {b}" if a else b for a, b in pairs if b))
        else:
            said.append(": ".join(text for text in texts if text))
    return "; ".join(each for each in said if each)


def _grid(table: Tag, convert: Callable[[Tag], str]) -> list[Row]:
    """Every row, with each cell in all places that it spans."""
    rows = [row for row in table.find_all("tr") if row.find_parent("table") is table]
    grid: list[Row] = [[] for _ in rows]
    cells = 0
    for place, row in enumerate(rows):
        column = 0
        for tag in row.find_all(("td", "th"), recursive=False):
            while column < len(grid[place]) and grid[place][column] is not None:
                column += 1
            cell = Cell(tag, convert(tag).strip("\n"), tag.name == "th")
            wide, high = _span(tag, "colspan", 1), _span(tag, "rowspan", len(rows) - place)
            cells += wide * high
            if cells > MOST_CELLS:
                wide = high = 1
            for each in grid[place : place + high]:
                each.extend([None] * (column + wide - len(each)))
                each[column : column + wide] = [cell] * wide
            column += wide
    return [row for row in grid if any(cell and cell.text.strip() for cell in row)]


def _span(tag: Tag, name: str, rest: int) -> int:
    found = re.match(r"(\d{1,4})", str(tag.get(name, "")).strip())
    if found is None:
        return 1
    count = int(found[1])
    if name == "rowspan":
        return min(count or rest, rest, LARGEST_SPAN)
    return min(max(count, 1), LARGEST_SPAN)


def _labelled(rows: list[Row]) -> tuple[list[str], list[Row]]:
    """The label of each column, from one or more rows of headings, and the rows below them."""
    count = 0
    while count < len(rows) and _is_heading(rows[count]):
        count += 1
    if not count and rows and len(rows) > 1 and all(_is_bold(cell) for cell in rows[0]):
        count = 1
    if count == len(rows):
        count = min(count, 1)
    width = max((len(row) for row in rows), default=0)
    labels = []
    for column in range(width):
        told = [_line(cell.text) for row in rows[:count] if (cell := _at(row, column))]
        labels.append(_PATH.join(dict.fromkeys(text.strip("*") for text in told if text)))
    return labels, rows[count:]


def _is_heading(row: Row) -> bool:
    head = next((cell.tag.find_parent(("thead", "table")) for cell in row if cell), None)
    if head is not None and head.name == "thead":
        return True
    return all(cell is None or cell.is_label for cell in row)


def _is_bold(cell: Cell | None) -> bool:
    if cell is None:
        return True
    text = cell.text.strip()
    return bool(text) and text.startswith("**") and text.endswith("**") and text.count("**") == 2  # noqa: PLR2004 (one pair)


def _at(row: Row, column: int) -> Cell | None:
    return row[column] if column < len(row) else None


def _parts(rows: list[Row]) -> Iterator[str]:
    """The table; a cell over its whole width stands between two parts of it."""
    labels, below = _labelled(rows)
    part: list[Row] = []
    begun = False
    for row in below:
        if len(row) == len(labels) and len({id(cell) for cell in row}) == 1 and row[0]:
            if part:
                yield _table(labels, part)
            part, begun = [], True
            yield f"**{_line(row[0].text).strip('*')}**"
        else:
            part.append(row)
    if part or not begun:
        yield _table(labels, part)


def _table(labels: Sequence[str], rows: list[Row]) -> str:
    if not any(labels) and rows and all(row and row[0] and row[0].is_label for row in rows):
        return "\n".join(_named(row) for row in rows)
    lines = [_written(labels), _written(["---"] * len(labels))]
    lines += [_written([_line(cell.text) if cell else "" for cell in row]) for row in rows]
    return "\n".join(lines)


def _named(row: Row) -> str:
    """A row whose first cell says what the others are."""
    label, *values = _texts_once(row)
    return f"- **{label.strip('*').rstrip(':')}:** {'; '.join(values)}".rstrip()


def _texts_once(row: Row) -> list[str]:
    cells = {id(cell): cell for cell in row if cell}
    return [text for cell in cells.values() if (text := _line(cell.text))]


def _written(texts: Sequence[str]) -> str:
    return f"| {' | '.join(text.replace('|', chr(92) + '|') for text in texts)} |"


def _each_once(rows: list[Row]) -> list[str]:
    cells = {id(cell): cell for row in rows for cell in row if cell}
    return [cell.text for cell in cells.values() if cell.text.strip()]


def _unrolled(rows: list[Row]) -> Iterator[str]:
    """What does not fit into the lines of a table: each cell below its label."""
    labels, below = _labelled(rows)
    seen: set[int] = set()
    if not below:
        yield from _each_once(rows)
    for row in below:
        for column, cell in enumerate(row):
            if cell is None or id(cell) in seen or not cell.text.strip():
                continue
            seen.add(id(cell))
            if column < len(labels) and labels[column]:
                yield f"**{labels[column]}**"
            yield cell.text


def _line(text: str) -> str:
    """A cell's blocks and list items as one line."""
    lines = [re.sub(r"^(?:[-+*]|\d+[.)])[ \t]++", "", line.strip()) for line in text.split("\n")]
    said = ""
    for line in (each.rstrip("\\").rstrip() for each in lines):
        if line:
            said += ("" if not said else " " if said.endswith(_ENDED) else "; ") + line
    return said
