"""Plots as inline SVG: reliability, risk against coverage, confusion."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_SIDE = 260
_EDGE = 42
_CELL = 56
_INK = "#1264a3"


def _frame(title: str, across: str, up: str, top: float, inside: str) -> str:
    size = _SIDE + 2 * _EDGE
    lines = []
    for step in range(6):
        place = step / 5
        x, y = _EDGE + place * _SIDE, _EDGE + (1 - place) * _SIDE
        lines.append(
            f'<line x1="{_EDGE}" x2="{_EDGE + _SIDE}" y1="{y:.1f}" y2="{y:.1f}" '
            'stroke="#8884" />'
            f'<text x="{_EDGE - 6}" y="{y + 4:.1f}" text-anchor="end">{place * top:.2g}</text>'
            f'<text x="{x:.1f}" y="{_EDGE + _SIDE + 16}" text-anchor="middle">{place:.1f}</text>'
        )
    return (
        f'<figure style="margin:0"><svg width="{size}" height="{size}" role="img" '
        f'aria-label="{escape(title)}">{"".join(lines)}{inside}'
        f'<text x="{size / 2}" y="{size - 8}" text-anchor="middle">{escape(across)}</text>'
        f'<text transform="translate(11 {size / 2}) rotate(-90)" text-anchor="middle">'
        f"{escape(up)}</text></svg><figcaption>{escape(title)}</figcaption></figure>"
    )


def _at(x: float, y: float) -> tuple[float, float]:
    return _EDGE + x * _SIDE, _EDGE + (1 - y) * _SIDE


def reliability(points: Sequence[Mapping[str, float]]) -> str:
    """How often it is right, against how sure it says it is; the dots' size is their count."""
    (x1, y1), (x2, y2) = _at(0, 0), _at(1, 1)
    drawn = [f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="#8889" />']
    for point in points:
        x, y = _at(point["confidence"], point["right"])
        radius = 3 + 14 * point["share"] ** 0.5
        said = f"sure {point['confidence']:.2f}, right {point['right']:.2f}, {point['count']}"
        drawn.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{_INK}" '
            f'fill-opacity=".65"><title>{said}</title></circle>'
        )
    title = "Reliability: on the line, confidence means what it says"
    return _frame(title, "confidence", "share right", 1.0, "".join(drawn))


def risk_coverage(points: Sequence[Sequence[float]]) -> str:
    """The share that is wrong among those decided, the surest first."""
    top = max(0.05, *(risk for _, risk in points)) if points else 0.05
    places = (_at(cover, risk / top) for cover, risk in points)
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    line = f'<polyline points="{path}" fill="none" stroke="{_INK}" stroke-width="2" />'
    title = "Risk against coverage: what deciding more of them costs"
    return _frame(title, "share decided, surest first", "share wrong", top, line)


def confusion(table: Mapping[str, Mapping[str, int]], labels: Sequence[str]) -> str:
    """Rows are what messages are, columns what was said; darker is more of the row."""
    left = 20 + 7 * max(len(label) for label in labels)
    drawn = []
    for row, was in enumerate(labels):
        y = 24 + row * _CELL
        total = sum(table.get(was, {}).values()) or 1
        drawn.append(f'<text x="{left - 8}" y="{y + 32}" text-anchor="end">{escape(was)}</text>')
        for column, said in enumerate(labels):
            count = table.get(was, {}).get(said, 0)
            x = left + column * _CELL
            drawn.append(
                f'<rect x="{x}" y="{y}" width="{_CELL - 2}" height="{_CELL - 2}" rx="4" '
                f'fill="{_INK}" fill-opacity="{0.04 + 0.7 * count / total:.2f}" />'
                f'<text x="{x + 27}" y="{y + 31}" text-anchor="middle">{count}</text>'
            )
    heads = "".join(
        f'<text x="{left + c * _CELL + 27}" y="16" text-anchor="middle">{escape(said[:9])}</text>'
        for c, said in enumerate(labels)
    )
    width, height = left + len(labels) * _CELL, 28 + len(labels) * _CELL
    return f'<svg width="{width}" height="{height}" role="img">{heads}{"".join(drawn)}</svg>'
