"""The page: what people wrote is data, nothing is fetched, and each chart has its table."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.desk.figures import (
    Chart,
    Column,
    Panel,
    Period,
    Place,
    Report,
    Row,
    Spread,
)
from bot.desk.ids import TicketId
from bot.desk.learning import Share
from bot.drawing.marking import Markup, tag
from bot.drawing.page import page_of

NOW = datetime(2026, 11, 29, 9, tzinfo=UTC)
HOSTILE = [
    "<script>alert(1)</script>",
    '" onload="alert(1)',
    "</title><img src=x onerror=alert(1)>",
    "'; } body { display: none",
    "&lt;b&gt; & <b>",
    "]]><svg/onload=alert(1)>",
]
COLUMNS = (Column("a", "A"), Column("b", "B"), Column("c", "C"))
VALUES = {
    Chart.STACKED: (3, 2, 1),
    Chart.LYING: (3, 2, 1),
    Chart.BARS: (3,),
    Chart.SHARES: (Share(3, 7),),
    Chart.TIMES: (Spread(9, timedelta(minutes=3), timedelta(hours=2)), "4 h", Share(3, 7)),
    Chart.CERTAINTY: (0.8, Share(3, 7)),
}


def report(chart: Chart, label: str = "Monday", link: str | None = None) -> Report:
    """A report of one panel."""
    ticket = TicketId(1001)
    panel = Panel(
        "one", label, f"{label}.", COLUMNS, (Row(label, VALUES[chart], (ticket,)),), chart, label
    )
    place = Place(ticket, NOW, link)
    return Report(Period(NOW - timedelta(days=7), NOW), (panel,), 6, (label,), {ticket: place})


@pytest.mark.parametrize("chart", VALUES)
@pytest.mark.parametrize("text", HOSTILE)
def test_what_people_wrote_is_data(chart: Chart, text: str) -> None:
    """No title of an article, name of a group or question becomes markup."""
    page = page_of(report(chart, text), NOW)
    plain = page_of(report(chart, "Monday"), NOW)
    assert re.findall(r"<[a-z]+", page) == re.findall(r"<[a-z]+", plain)
    assert not re.search(r"<[^>]* on\w+=\"", page)


@pytest.mark.parametrize("chart", VALUES)
def test_each_chart_says_what_it_is_and_has_its_table(chart: Chart) -> None:
    """For whoever does not see it."""
    page = page_of(report(chart), NOW)
    assert 'role="img" aria-label="Monday: a chart of the table beside it"' in page
    assert page.count("<table") == 1
    assert '<th scope="row" dir="auto">Monday</th>' in page


def test_the_page_fetches_and_runs_nothing() -> None:
    """It may be kept and opened anywhere."""
    page = page_of(report(Chart.STACKED, link="https://x.slack.com/archives/C1/p1"), NOW)
    assert re.findall(r"(?:src|href)=\"([^\"#]+)", page) == ["https://x.slack.com/archives/C1/p1"]
    assert "<script" not in page
    assert "default-src 'none'" in page
    assert not re.search(r"url\((?!#)", page)


def test_attributes_are_data_too() -> None:
    """And markup that is markup stays it."""
    assert tag("a", Markup("<b>x</b>"), title='"<&') == '<a title="&quot;&lt;&amp;"><b>x</b></a>'


@pytest.mark.parametrize("columns", [1, 2, 7, 8, 9, 24, 31])
def test_each_label_stands_below_its_own_column(columns: int) -> None:
    """However many columns there are, and however many of them have one."""
    rows = tuple(Row(f"day {number}", (1, 1, 1)) for number in range(columns))
    panel = Panel("one", "Days", "Days.", COLUMNS, rows, Chart.STACKED)
    page = page_of(Report(Period(NOW, NOW), (panel,), columns), NOW)
    labels = re.findall(r'<span style="left:([\d.]+)%">day (\d+)</span>', page)
    assert 1 <= len(labels) <= 8
    for left, number in labels:
        assert float(left) == pytest.approx((int(number) + 0.5) / columns * 100, abs=0.01)


@pytest.mark.parametrize("direct", [True, False])
def test_why_a_ticket_has_no_link_stands_in_the_page(*, direct: bool) -> None:
    """A hint below a pointer is nothing for a phone."""
    made = report(Chart.BARS)
    ticket = TicketId(1001)
    page = page_of(replace(made, places={ticket: Place(ticket, NOW, None, direct)}), NOW)
    assert ("Tickets without a link were asked in direct messages." in page) is direct


@pytest.mark.parametrize("of", [1, 4, 5, 40])
@pytest.mark.parametrize("chart", [Chart.SHARES, Chart.CERTAINTY])
def test_of_few_no_share_is_drawn(chart: Chart, of: int) -> None:
    """An interval stays: it says how little is known."""
    values = (Share(of, of),) if chart is Chart.SHARES else (0.8, Share(of, of))
    panel = Panel("one", "One", "One.", COLUMNS, (Row("it", values),), chart)
    page = page_of(Report(Period(NOW, NOW), (panel,), of), NOW)
    assert ('class="dot"' in page) is (of >= 5)
    assert 'class="interval"' in page


def test_where_nothing_was_asked_is_no_row_of_the_table() -> None:
    """The hours of a night: the chart shows them, the table begins where something was."""
    night, day = Row("03", (0, 0, 0)), Row("09", (3, 2, 1))
    found = report(Chart.STACKED)
    panel = replace(found.panels[0], rows=(night, day))
    page = page_of(replace(found, panels=(panel,)), NOW)
    assert 'scope="row" dir="auto">09' in page
    assert 'scope="row" dir="auto">03' not in page
