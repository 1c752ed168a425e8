"""What the admins are told of figures: a weekly message, and its pictures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True)
class Headline:
    """One figure on a line."""

    title: str
    says: str


@dataclass(frozen=True)
class DeskReport:
    """To an admin, weekly: what the desk achieved, got wrong, and should write next."""

    since: datetime
    until: datetime
    lines: tuple[Headline, ...]
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    kind: Literal["desk_report"] = "desk_report"


@dataclass(frozen=True)
class Line:
    """One row of a picture: its label, and its numbers."""

    label: str
    numbers: tuple[float, ...]
    low: float = 0.0
    high: float = 0.0
    """The interval of the first number, where it is a share."""


@dataclass(frozen=True)
class Picture:
    """What is drawn: columns with parts, shares with intervals, or certainty against truth."""

    kind: Literal["columns", "shares", "certainty"]
    title: str
    alt: str
    lines: tuple[Line, ...]
    parts: tuple[str, ...] = ()
    """What the numbers of columns are."""


@dataclass(frozen=True)
class ReportPictures:
    """To an admin, behind the weekly message: its pictures, drawn as they are sent."""

    pictures: tuple[Picture, ...]
    kind: Literal["report_pictures"] = "report_pictures"


FiguresNotice = DeskReport | ReportPictures
"""What the admins are told of figures."""
