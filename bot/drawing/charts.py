"""Panels as charts in SVG: places in hundredths, so that no text and no pattern is stretched.

Nothing is told by colour alone: tiers have patterns, and each bar and dot stands beside its label.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from math import log10
from typing import TYPE_CHECKING

from bot.desk.figures import FEW, Chart, Spread, lasting, percent, said
from bot.desk.learning import Share
from bot.drawing.marking import Markup, joined, tag

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.desk.figures import Panel, Row

HEIGHT = 180
"""Of a chart with columns, in pixels."""
BAR = 22
SERIES = ("one", "two", "three")
LETTERS = 56
"""So many letters have room below columns, with two of space between labels."""
TICKS_S = (1, 10, 60, 600, 3600, 6 * 3600, 86_400, 7 * 86_400, 30 * 86_400)
QUARTERS = (0, 25, 50, 75, 100)


def chart_of(panel: Panel) -> Markup | None:
    """Draw a panel; None where there is nothing to be drawn."""
    if not panel.rows:
        return None
    match panel.chart:
        case Chart.STACKED:
            return _columns(panel)
        case Chart.LYING:
            return _lying(panel)
        case Chart.SHARES:
            return _shares(panel)
        case Chart.TIMES:
            return _times(panel)
        case Chart.BARS:
            return _bars(panel)
        case Chart.CERTAINTY:
            return _certainty(panel)
        case _:
            return None


def _figure(panel: Panel, *content: str) -> Markup:
    return tag("div", *content, class_=f"chart {panel.chart.name.lower()}")


def _svg(panel: Panel, height: int, *content: str) -> Markup:
    """Give a drawing; what it shows is said to those who do not see it."""
    alt = f"{panel.title}: a chart of the table beside it"
    return tag(
        "svg", *content, width="100%", height=height, role="img", aria_label=alt,
        xmlns="http://www.w3.org/2000/svg",
    )  # fmt: skip


def _numbers(row: Row, count: int = 3) -> list[int]:
    return [value if isinstance(value, int) else 0 for value in row.values[:count]]


def _legend(panel: Panel) -> Markup:
    keys = [
        tag(
            "span",
            tag("svg", tag("rect", class_=name, width="14", height="14"), width="14", height="14",
                aria_hidden="true"),
            f" {column.title}",
            class_="key",
        )
        for name, column in zip(SERIES, panel.columns, strict=False)
    ]  # fmt: skip
    return tag("p", *keys, class_="legend")


# --- columns over time


def _columns(panel: Panel) -> Markup:
    most = max(sum(_numbers(row)) for row in panel.rows) or 1
    top = _round_up(most)
    step = 100 / len(panel.rows)
    parts: list[str] = [
        tag("line", class_="grid", x1="0", x2="100%", y1=_y(share), y2=_y(share))
        for share in (0.0, 0.5, 1.0)
    ]
    for place, row in enumerate(panel.rows):
        parts += _column(row, place * step, step, top)
    drawing = _svg(panel, HEIGHT, *parts)
    axis = tag(
        "div", *(tag("span", f"{top * share:g}") for share in (1, 0.5, 0)), class_="axis",
        aria_hidden="true",
    )  # fmt: skip
    return _figure(
        panel, _legend(panel), tag("div", axis, drawing, class_="plot"), _labels(panel.rows)
    )


def _column(row: Row, left: float, step: float, top: int) -> list[str]:
    parts: list[str] = []
    below = 0
    for name, number in zip(SERIES, _numbers(row), strict=True):
        if number:
            high, low = (below + number) / top, below / top
            rect = tag(
                "rect", tag("title", f"{row.label}: {number}"), class_=name,
                x=f"{left + step * 0.1:.3f}%", width=f"{step * 0.8:.3f}%",
                y=_y(high), height=f"{(high - low) * 100:.3f}%",
            )  # fmt: skip
            parts.append(rect)
            below += number
    return parts


def _y(share: float) -> str:
    return f"{(1 - share) * 100:.3f}%"


def _labels(rows: Sequence[Row]) -> Markup:
    """Give the labels of columns, each below its own."""
    longest = max(len(row.label) for row in rows) + 2
    every = max(1, -(-len(rows) * longest // LETTERS))
    marks = [
        tag("span", row.label, style=f"left:{(place + 0.5) / len(rows):.2%}")
        for place, row in enumerate(rows)
        if place % every == 0
    ]
    return tag("div", *marks, class_="below", aria_hidden="true")


def _round_up(number: int) -> int:
    """Give a round number that is no smaller, and even."""
    size: int = 10 ** max(len(str(number)) - 1, 0)
    for factor in (1, 2, 3, 4, 5, 6, 8, 10):
        top = max(factor * size, 2)
        if number <= top and top % 2 == 0:
            return top
    return number


# --- bars that lie


def _lines(panel: Panel, bars: Sequence[str], axis: str = "") -> Markup:
    rows = [
        tag("div", tag("span", row.label, class_="label", title=row.label, dir="auto"),
            tag("svg", bar, width="100%", height=BAR, class_="bar"), class_="line")
        for row, bar in zip(panel.rows, bars, strict=True)
    ]  # fmt: skip
    alt = f"{panel.title}: a chart of the table beside it"
    return tag("div", *rows, axis, role="img", aria_label=alt, class_="lines")


def _lying(panel: Panel) -> Markup:
    most = max(sum(_numbers(row)) for row in panel.rows) or 1
    bars = []
    for row in panel.rows:
        left, parts = 0.0, []
        for name, number in zip(SERIES, _numbers(row), strict=True):
            width = number / most * 100
            parts.append(
                tag(
                    "rect", class_=name, x=f"{left:.3f}%", width=f"{width:.3f}%", y="3", height="16"
                )
            )
            left += width
        bars.append(joined(*parts))
    return _figure(panel, _legend(panel), _lines(panel, bars))


def _bar(name: str, left: float, width: float) -> Markup:
    return tag("rect", class_=name, x=f"{left:.3f}%", width=f"{width:.3f}%", y="3", height="16")


def _bars(panel: Panel) -> Markup | None:
    rows = [row for row in panel.rows if isinstance(row.values[0], int)]
    if not rows:
        return None
    most = max(_numbers(row, 1)[0] for row in rows) or 1
    shown = replace(panel, rows=tuple(rows))
    bars = [_bar("one", 0, _numbers(row, 1)[0] / most * 100) for row in rows]
    return _figure(panel, _lines(shown, bars))


def _shares(panel: Panel) -> Markup:
    bars = [
        _share(value) if isinstance(value := row.values[0], Share) else "" for row in panel.rows
    ]
    marks = [tag("span", f"{each}%") for each in QUARTERS]
    axis = tag("div", tag("span", class_="label"), tag("div", *marks, class_="labels"),
               class_="line", aria_hidden="true")  # fmt: skip
    return _figure(panel, _lines(panel, bars, axis))


def _share(share: Share) -> Markup:
    low, high = share.interval
    return joined(
        tag("line", class_="grid", x1="0", x2="100%", y1="11", y2="11"),
        tag("line", class_="interval", x1=f"{low:.2%}", x2=f"{high:.2%}", y1="11", y2="11"),
        tag("circle", class_="dot", cx=f"{share.value:.2%}", cy="11", r="5")
        # Of so few no share is said: a dot would say one.
        if share.of >= FEW
        else "",
    )


# --- times on a scale of powers


def _times(panel: Panel) -> Markup | None:
    spreads = [row.values[0] for row in panel.rows]
    known = [
        each for each in spreads if isinstance(each, Spread) and each.ninety is not None
    ]  # fmt: skip
    if not known:
        return None
    longest = max(each.ninety.total_seconds() for each in known if each.ninety)
    last = next((tick for tick in TICKS_S if tick >= longest), TICKS_S[-1])
    ticks = [tick for tick in TICKS_S if tick <= last]
    bars = [_time(each, last) if isinstance(each, Spread) else Markup() for each in spreads]
    marks = [
        tag("span", lasting(timedelta(seconds=tick)), style=f"left:{_along(tick, last):.2f}%")
        for tick in ticks
    ]
    axis = tag("div", tag("span", class_="label"), tag("div", *marks, class_="ticks"),
               class_="line", aria_hidden="true")  # fmt: skip
    return _figure(
        panel,
        tag("p", "From the dot (half were done) to the bar's end (nine of ten were).",
            class_="legend"),
        _lines(panel, bars, axis),
    )  # fmt: skip


def _along(seconds: float, last: float) -> float:
    return log10(max(seconds, 1)) / max(log10(last), 1) * 100


def _time(spread: Spread, last: float) -> Markup:
    if spread.median is None or spread.ninety is None:
        return Markup()
    half, most = (
        _along(each.total_seconds(), last) for each in (spread.median, spread.ninety)
    )  # fmt: skip
    return joined(
        tag("line", class_="grid", x1="0", x2="100%", y1="11", y2="11"),
        tag("rect", class_="reach", x=f"{half:.2f}%", width=f"{max(most - half, 0.4):.2f}%", y="7",
            height="8"),
        tag("circle", class_="dot", cx=f"{half:.2f}%", cy="11", r="5"),
    )  # fmt: skip


# --- certainty against truth


def _certainty(panel: Panel) -> Markup:
    parts: list[str] = [
        tag("line", class_="grid", x1="0", y1="100%", x2="100%", y2="0"),
        tag("line", class_="grid", x1="0", y1="100%", x2="100%", y2="100%"),
        tag("line", class_="grid", x1="0", y1="0", x2="0", y2="100%"),
    ]
    for row in panel.rows:
        mean, right = row.values[0], row.values[1]
        if isinstance(mean, float) and isinstance(right, Share) and right.of:
            low, high = right.interval
            x = f"{mean:.2%}"
            parts.append(tag("line", class_="interval", x1=x, x2=x, y1=_y(low), y2=_y(high)))
            if right.of < FEW:
                continue
            parts += [
                tag("circle", tag("title", f"{row.label}: {said(right)}"), class_="dot", cx=x,
                    cy=_y(right.value), r="5"),
            ]  # fmt: skip
    axis = tag("div", *(tag("span", percent(each)) for each in (1.0, 0.5, 0.0)), class_="axis",
               aria_hidden="true")  # fmt: skip
    marks = [tag("span", f"{each}%") for each in QUARTERS]
    return _figure(
        panel,
        tag("p", "Across: how sure the gate was. Up: how many were right. On the line the two "
            "agree; below it the gate is too sure.", class_="legend"),
        tag("div", axis, _svg(panel, 260, *parts), class_="plot"),
        tag("div", *marks, class_="labels", aria_hidden="true"),
    )  # fmt: skip
