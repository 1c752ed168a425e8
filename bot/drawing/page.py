"""A report as one page that needs nothing else: no network, no script."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from bot.desk.figures import Chart, lasting, said
from bot.drawing.charts import chart_of
from bot.drawing.marking import Markup, joined, tag

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.desk.figures import Panel, Period, Place, Report, Row
    from bot.desk.ids import TicketId

PATTERNS = Markup(
    '<svg width="0" height="0" aria-hidden="true" class="patterns"><defs>'
    '<pattern id="hatched" width="6" height="6" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><rect class="two-back" width="6" height="6"/>'
    '<line class="two-line" x1="1" y1="0" x2="1" y2="6"/></pattern>'
    '<pattern id="dotted" width="6" height="6" patternUnits="userSpaceOnUse">'
    '<rect class="three-back" width="6" height="6"/>'
    '<circle class="three-dot" cx="3" cy="3" r="1.5"/></pattern></defs></svg>'
)
POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""Even if something slipped through, nothing would be run or fetched."""


def page_of(report: Report, made_at: datetime) -> str:
    """Write the page."""
    period = report.period
    title = f"The desk, {period.since:%Y-%m-%d} to {period.until:%Y-%m-%d}"
    head = tag(
        "head",
        Markup('<meta charset="utf-8">'),
        Markup(f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'),
        Markup('<meta name="viewport" content="width=device-width, initial-scale=1">'),
        Markup('<meta name="color-scheme" content="light dark">'),
        Markup('<meta name="referrer" content="no-referrer">'),
        tag("title", title),
        tag("style", Markup(files("bot.drawing").joinpath("page.css").read_text("utf-8"))),
    )
    body = tag(
        "body",
        PATTERNS,
        tag("a", "To the figures", href="#figures", class_="skip"),
        tag("header", _heading(period), _summary(report, made_at)),
        _warnings(report),
        _index(report),
        tag("main", *(_panel(each, report) for each in report.panels), id="figures"),
        tag("footer", *(tag("p", each) for each in (*report.notes, *_unlinked(report)))),
    )
    return "<!doctype html>\n" + tag("html", head, body, lang="en") + "\n"


def _heading(period: Period) -> Markup:
    dates = (f"{period.since:%Y-%m-%d}", f"to {period.until:%Y-%m-%d}")
    first, last = (tag("span", each) for each in dates)
    return tag("h1", "The desk, ", first, " ", last)


def _unlinked(report: Report) -> tuple[str, ...]:
    """Say why some tickets have no link: a hint that shows under a pointer is not for all."""
    direct = any(place.direct for place in report.places.values())
    return ("Tickets without a link were asked in direct messages.",) if direct else ()


def _summary(report: Report, made_at: datetime) -> Markup:
    days = lasting(report.period.length)
    return tag(
        "p",
        f"{report.tickets:,} requests in {days}. Made {made_at:%Y-%m-%d %H:%M} UTC. For admins: "
        "it names people. Shares stand with the interval in which the true one lies 95 times in "
        "100.",
        class_="lead",
    )


def _warnings(report: Report) -> Markup:
    if not report.warnings:
        return Markup()
    said_ = (tag("p", tag("strong", "Look into this: "), each) for each in report.warnings)
    return tag("aside", *said_, class_="warning", aria_label="Warnings")


def _index(report: Report) -> Markup:
    links = (tag("li", tag("a", each.title, href=f"#{each.key}")) for each in report.panels)
    return tag("nav", tag("ul", *links), aria_label="Figures")


def _panel(panel: Panel, report: Report) -> Markup:
    chart = chart_of(panel)
    drawn = tag("figure", chart) if chart is not None else Markup()
    note = tag("p", panel.note, class_="note") if panel.note else Markup()
    warned = tag("p", panel.warning, class_="warning") if panel.warning else Markup()
    beside = _table(panel, report) if panel.rows else Markup()
    return tag(
        "section",
        tag("h2", panel.title, id=f"{panel.key}-title"),
        tag("p", panel.definition, class_="definition"),
        warned,
        tag("div", drawn, beside, class_="beside") if panel.rows else Markup(),
        note,
        id=panel.key,
        aria_labelledby=f"{panel.key}-title",
    )


def _table(panel: Panel, report: Report) -> Markup:
    examples = any(row.tickets for row in panel.rows)
    names = ["", *(column.title for column in panel.columns), *(["Examples"] if examples else [])]
    head = tag("tr", *(tag("th", each, scope="col") for each in names))
    rows = (_row(row, report, examples=examples) for row in _worth_a_row(panel))
    table = tag(
        "table",
        tag("caption", panel.title, class_="hidden"),
        tag("thead", head),
        tag("tbody", *rows),
    )
    return tag("div", table, class_="table", tabindex="0", role="region",
               aria_label=f"{panel.title}, as a table")  # fmt: skip


def _worth_a_row(panel: Panel) -> Sequence[Row]:
    """Leave out where nothing was, as at night: the chart shows it."""
    if panel.chart is not Chart.STACKED:
        return panel.rows
    return [row for row in panel.rows if any(value != 0 for value in row.values)] or panel.rows


def _row(row: Row, report: Report, *, examples: bool) -> Markup:
    cells = [
        tag("td", said(value), class_="number" if isinstance(value, int | float) else None)
        for value in row.values
    ]
    if examples:
        cells.append(tag("td", _examples(row, report), class_="examples"))
    return tag("tr", tag("th", row.label, scope="row", dir="auto"), *cells)


def _examples(row: Row, report: Report) -> Markup:
    found = [_place(each, report.places.get(each)) for each in row.tickets]
    parts = [part for each in found for part in (each, Markup(" "))]
    return joined(*parts[:-1])


def _place(ticket: TicketId, place: Place | None) -> Markup:
    name = f"T-{ticket}"
    if place is None or place.link is None:
        why = "asked in a direct message" if place and place.direct else "no link is known"
        return tag("span", name, title=why)
    return tag("a", name, href=place.link, rel="noreferrer")
