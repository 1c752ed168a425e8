"""A report in a few lines, and what is drawn of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.figures.notices import DeskReport, Headline, Line, Picture, ReportPictures
from bot.desk.figures.saying import said
from bot.desk.figures.values import FEW
from bot.desk.learning import Share

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.desk.figures.values import Panel, Report, Row

TOLD = ("deflection", "durable", "reopened", "wrong_calls", "precision")
"""Figures of shares, each row of which is a line."""
PROMISES = ("taken", "first_response", "resolution")
DRAWN = {"first": "", "deflection": "article shown, ", "durable": "stayed "}
"""Figures that are drawn together, and what makes their rows plain without their titles."""


def headlines(report: Report) -> tuple[Headline, ...]:
    """Tell a report in a few lines; what is not known has none."""
    return tuple(_lines(report))


def _lines(report: Report) -> Iterator[Headline]:
    if not report.tickets:
        yield Headline("Requests", "none in this period")
        return
    volume = report.panel("volume")
    tiers = [_sum(volume, place) for place in range(3)]
    parts = ", ".join(
        f"{count:,} at {column.title}"
        for count, column in zip(tiers, volume.columns, strict=False)
        if count
    )
    yield Headline("Requests", f"{report.tickets:,}: {parts}")
    for key in TOLD:
        panel = report.panel(key)
        for row in panel.rows:
            label = row.label.partition(":")[0]
            title = label.capitalize() if key == "precision" else f"{panel.title}, {label}"
            yield Headline(title, said(row.values[0]))
    for key in PROMISES:
        panel = report.panel(key)
        kept = _kept(panel)
        if kept.of:
            yield Headline(f"{panel.title}, promises kept", said(kept))
    stars = report.panel("ratings")
    for row in stars.rows[5:]:
        yield Headline(f"{stars.title}, {row.label}", said(row.values[0]))
    gaps = report.panel("gaps")
    if gaps.rows:
        asked = sum(row.values[0] for row in gaps.rows if isinstance(row.values[0], int))
        yield Headline(gaps.title, f"{len(gaps.rows)} gaps cost most, asked {asked} times")

    drafted = report.panel("drafts")
    if drafted.rows:
        shares = [row.values[0] for row in drafted.rows]
        ended = [each.hits for each in shares if isinstance(each, Share)]
        words = ("published", "not worth it", "undecided")
        told = ", ".join(f"{count} {word}" for count, word in zip(ended, words, strict=True))
        yield Headline("Drafts of articles", f"{sum(ended)} made: {told}")


def _sum(panel: Panel, place: int) -> int:
    return sum(value for row in panel.rows if isinstance(value := row.values[place], int))


def _kept(panel: Panel) -> Share:
    kept = [row.values[2] for row in panel.rows]
    known = [each for each in kept if isinstance(each, Share)]
    return Share(sum(each.hits for each in known), sum(each.of for each in known))


def told(report: Report) -> DeskReport:
    """Give the weekly message."""
    return DeskReport(
        report.period.since,
        report.period.until,
        headlines(report),
        report.warnings,
        report.notes,
    )


def drawn(report: Report) -> ReportPictures | None:
    """Give the pictures of a report; None where there is nothing to be seen."""
    if not report.tickets:
        return None
    volume = report.panel("volume")
    columns = tuple(
        Line(row.label, tuple(float(_number(row, place)) for place in range(3)))
        for row in volume.rows
    )
    pictures = [
        Picture(
            "columns",
            volume.title,
            f"{volume.title}: columns of {report.tickets} requests, by the tier that had them",
            columns,
            tuple(column.title for column in volume.columns[:3]),
        )
    ]
    shares = [line for key, of_it in DRAWN.items() for line in _shares(report.panel(key), of_it)]
    if shares:
        alt = "; ".join(f"{line.label} {line.numbers[0]:.0%}" for line in shares)
        title = "What came of them, and where the true shares lie"
        pictures.append(Picture("shares", title, alt, tuple(shares)))
    certain = tuple(_certain(report.panel("certainty").rows))
    if certain:
        pictures.append(
            Picture(
                "certainty",
                "How sure the gate was, and how often it was right",
                "; ".join(f"{line.numbers[0]:.0%} sure, {line.numbers[1]:.0%} right"
                          for line in certain),
                certain,
            )
        )  # fmt: skip
    return ReportPictures(tuple(pictures))


def _number(row: Row, place: int) -> int:
    value = row.values[place]
    return value if isinstance(value, int) else 0


def _shares(panel: Panel, of_it: str) -> Iterator[Line]:
    for row in panel.rows:
        share = row.values[0]
        if isinstance(share, Share) and share.of >= FEW:
            label = row.label.partition(":")[0]
            yield Line(f"{of_it}{label} (n = {share.of:,})", (share.value,), *share.interval)


def _certain(rows: Sequence[Row]) -> Iterator[Line]:
    for row in rows:
        mean, right = row.values
        if isinstance(mean, float) and isinstance(right, Share) and right.of >= FEW:
            yield Line(f"n = {right.of:,}", (mean, right.value), *right.interval)
