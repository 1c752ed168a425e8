"""Tables as spreadsheets, databases and other tools write them."""

from __future__ import annotations

import re
from itertools import count
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.sources.records.tables import read_csv

if TYPE_CHECKING:
    from pathlib import Path

    from tests.kb.sources.conftest import Source


@pytest.mark.parametrize(
    "text",
    [
        "title,body\nBadge,Ask\n",
        "sep=;\ntitle;body\nBadge;Ask\n",
        "sep=,\r\ntitle,body\r\nBadge,Ask\r\n",
        "\n\n\ntitle,body\nBadge,Ask\n",
        ",,\n,,\ntitle,body,\nBadge,Ask,\n",
        "Knowledge base; exported 28.11.2026\nBy: Ana Roth\n\ntitle;body\nBadge;Ask\n",
        "Report,,\nRows: 1,,\ntitle,body,owner\nBadge,Ask,it\n",
        "Title|Body\nBadge|Ask\n",
        "title\tbody\nBadge\tAsk\n",
        '"title";"body"\n"Badge";"Ask"\n',
        '\ufeff"title","body"\n"Badge","Ask"\n',
        '"title","note, or not","body"\nBadge,,Ask\n',
    ],
)
def test_a_table_is_read_whatever_stands_around_it(source: Source, text: str) -> None:
    """Marks for spreadsheets, blank lines, preambles, any delimiter."""
    source.put("a.csv", text)
    article = source.read().one
    assert (article.title, article.body) == ("Badge", "Ask")


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ('title,body\nA,"one\ntwo"\nB,\n', [4]),
        ('sep=;\ntitle;body\nA;"one\n\ntwo"\nB;\n', [6]),
        ("Export\n\ntitle,body\nA,x\nB,\n", [5]),
        ('title,body\n"A\nB",x\n"C\nD",\nE,x\nF,\n', [4, 7]),
        ("title,body\nA,x,y\nB,z\n", [2]),
        ('title,body\nA,"x" y\nB,z\n', [2]),
        ('title,body\nA,z\nB,"never ends\nand on\n', [3]),
    ],
)
def test_a_fault_is_named_with_the_line_on_which_its_row_begins(
    source: Source, text: str, lines: list[int]
) -> None:
    """Cells may have lines; the rows after it are read."""
    source.put("a.csv", text)
    found = source.read()
    assert [int(each.split(":")[1]) for each in found.problems] == lines
    assert found.articles


@pytest.mark.parametrize("size", [10, 131_071, 131_073, 1_000_000])
def test_cells_may_have_any_size(source: Source, size: int) -> None:
    """Python's own limit is 131,072 letters."""
    source.put("a.csv", f"id,title,body\n1,Long,{'x' * size}\n2,Short,y\n")
    found = source.read()
    assert [len(article.body) for article in found.articles] == [size, 1]
    assert found.problems == []


def test_backslashes_before_quotes_are_no_part_of_a_cell(source: Source) -> None:
    """As databases export them."""
    source.put("a.csv", 'title,body\nBadge,"Press \\"Go\\", then wait"\n')
    assert source.read().one.body == 'Press "Go", then wait'


STEERING = "".join(map(chr, [*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F)]))
TURNING = "".join(map(chr, range(0x2066, 0x206A)))
"""Nothing of this is in an article (tests/kb/sources/test_passing_over.py)."""
LEFT_OUT = STEERING.replace("\n", "").replace("\t", "") + TURNING + "<&`\\"
CELL = st.text(st.characters(codec="utf-8", exclude_characters=LEFT_OUT), min_size=1).filter(
    lambda text: bool(text.strip()) and text == text.strip()
)


@given(st.lists(st.tuples(CELL, CELL), min_size=1, max_size=5), st.sampled_from(",;\t|"))
def test_whatever_is_written_as_csv_comes_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]], delimiter: str
) -> None:
    """Quotes, delimiters and lines in cells; the line of each row is that of its first."""
    file: Path = tmp_path_factory.getbasetemp() / "round.csv"

    def cell(text: str) -> str:
        return '"' + text.replace('"', '""') + '"'

    written = [delimiter.join(map(cell, row)) for row in [("title", "body"), *rows]]
    file.write_text("\n".join(written), encoding="utf-8", newline="")
    lines = [1 + sum(each.count("\n") + 1 for each in written[:n]) for n in range(1, len(written))]
    found = list(read_csv(file, file, "c"))
    assert [(one.title, one.body) for one in found] == rows  # type: ignore[union-attr]
    assert [one.id for one in found] == [f"round-{line}" for line in lines]  # type: ignore[union-attr]


WORDS = st.integers(1, 4).flatmap(
    lambda columns: st.lists(
        st.lists(st.sampled_from(["td", "th"]), min_size=columns, max_size=columns),
        min_size=2,
        max_size=5,
    )
)


@settings(max_examples=60, suppress_health_check=list(HealthCheck), deadline=None)
@given(
    cells=WORDS,
    inside=st.sampled_from(["{}", "<p>{}</p>", "<b>{}</b>", "<ul><li>{}</li></ul>", "{}<br>"]),
    around=st.sampled_from(["{}", "<tbody>{}</tbody>", "<div><div>{}</div></div>"]),
)
def test_every_word_of_a_table_arrives_once(
    cells: list[list[str]], inside: str, around: str, source: Source
) -> None:
    """Whatever valid HTML it is written in."""
    number = count(1)
    rows = "".join(
        "<tr>"
        + "".join(f"<{kind}>{inside.format(f'word{next(number):03}')}</{kind}>" for kind in row)
        + "</tr>"
        for row in cells
    )
    body = f"<table>{rows}</table>"
    if "div" in around:
        body = around.format(body)
    elif "tbody" in around:
        body = f"<table>{around.format(rows)}</table>"
    source.put("page.html", f"<h1>All words</h1><p>These are all.</p>{body}")
    said = sorted(re.findall(r"word\d{3}", source.read().one.body))
    # Several rows of headings become one, so the order is the columns' there.
    assert said == [f"word{n:03}" for n in range(1, 1 + sum(len(row) for row in cells))]


@pytest.mark.parametrize(
    ("html", "told"),
    [
        ("<ol><li>Open it<li>Pull</ol>", ["1. Open it", "2. Pull"]),
        ("<ul><li>Open it<li>Pull</ul>", ["- Open it", "- Pull"]),
        ("<p>Open it<p>Pull", ["Open it\n\nPull"]),
        ("<table><tr><th>A<th>B<tr><td>1<td>2</table>", ["| A | B |", "| 1 | 2 |"]),
        ("<table><thead><tr><th>A<th>B<tbody><tr><td>1<td>2</table>", ["| A | B |", "| 1 | 2 |"]),
        ("<dl><dt>Tray<dd>Open it<dt>Fuse<dd>Pull</dl>", ["Tray", "Open it", "Fuse", "Pull"]),
    ],
)
def test_ends_that_html_lets_be_left_out_are_known(
    source: Source, html: str, told: list[str]
) -> None:
    """As browsers read them: a list item ends where the next begins."""
    source.put("page.html", f"<h1>Printer</h1><p>When it is stuck.</p>{html}")
    body = source.read().one.body
    places = [body.find(each) for each in told]
    assert -1 not in places
    assert places == sorted(places)
