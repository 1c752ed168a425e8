"""`frontline tickets`: what scripts and spreadsheets get."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from bot.cli import frontline
from bot.cli.tickets import neutral
from bot.desk.ids import Thread, Ts
from bot.desk.tickets import Resolution
from bot.desk.tiers import Tier
from tests import builders as a

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

    from bot.store.unit_of_work import Store

QUESTION = '=HYPERLINK("https://evil.example";"x")'


@pytest.fixture
def desk(store: Store) -> Store:
    """A store with an open ticket of Ana's, an escalated one of Ben's, and a settled one."""
    with store.unit_of_work() as uow:
        first = uow.tickets.open(a.THREAD, a.ANA, QUESTION, a.ASKED)
        uow.conversation.add(first.id, a.ANA, QUESTION, a.ASKED)
        uow.audit.note(first.id, a.ANA, "opened", "answer")
        uow.feedback.label(first.id, QUESTION, "L2", None, a.TOM)
        for number, user in ((2, a.BEN), (3, a.BEN)):
            ts = Ts(f"{number}.0")
            ticket = uow.tickets.open(Thread(a.TEAM, a.IT_HELP, ts), user, f"Number {number}", ts)
            if number == 2:
                uow.tickets.save(ticket.escalated())
                uow.escalations.open(ticket.id, Tier.L3, "l3", ("Broken.",))
            else:
                uow.tickets.save(ticket.resolved(Resolution.ARTICLE))
    return store


def run(desk: Store, *words: str) -> Result:
    """Run `frontline tickets` on a database."""
    return CliRunner().invoke(frontline, ["--db", str(desk.path), "tickets", *words])


def listed(desk: Store, *words: str) -> list[dict[str, Any]]:
    """Run `frontline tickets list --json`."""
    result = run(desk, "list", "--json", *words)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def names(rows: list[dict[str, Any]]) -> list[str]:
    """Name the tickets."""
    return [row["ticket"] for row in rows]


def test_a_list_has_what_is_not_settled_the_newest_first(desk: Store) -> None:
    """And more where one asks for it."""
    assert names(listed(desk)) == ["T-1002", "T-1001"]
    assert names(listed(desk, "--state", "resolved", "--state", "open")) == ["T-1003", "T-1001"]
    assert names(listed(desk, "--tier", "L3")) == ["T-1002"]
    assert names(listed(desk, "--mine", a.ANA)) == ["T-1001"]
    assert listed(desk, "--since", "2030-01-01") == []
    assert names(listed(desk, "--limit", "1")) == ["T-1002"]


def test_a_cell_that_a_spreadsheet_would_run_is_neutralised(desk: Store, tmp_path: Path) -> None:
    """In the list and in the export."""
    rows = list(csv.DictReader(io.StringIO(run(desk, "list", "--csv").stdout)))
    assert [row["question"] for row in rows] == ["Number 2", f"'{QUESTION}"]
    target = tmp_path / "all.csv"
    assert run(desk, "export", str(target)).exit_code == 0
    with target.open(encoding="utf-8", newline="") as stream:
        assert [row["ticket"] for row in csv.DictReader(stream)] == ["T-1001", "T-1002", "T-1003"]
    assert [neutral(text) for text in ("=1", "+1", "-1", "@x", "a=1", None)] == [
        "'=1", "'+1", "'-1", "'@x", "a=1", "",
    ]  # fmt: skip


def test_a_ticket_is_shown_whole(desk: Store) -> None:
    """Conversation, escalations and audit trail."""
    shown = run(desk, "show", "t-1001").stdout
    assert QUESTION in shown
    assert "Audit trail" in shown
    assert "opened\tanswer" in shown
    whole = json.loads(run(desk, "show", "1002", "--json").stdout)
    assert whole["escalations"][0]["reasons"] == ["Broken."]


def test_a_ticket_that_is_not_there_is_one_clear_line(desk: Store) -> None:
    """Exit status 1; wrong usage is 2."""
    gone = run(desk, "show", "T-4711")
    assert gone.exit_code == 1
    assert gone.stderr.startswith("frontline: There is no ticket T-4711")
    assert run(desk, "show", "tomorrow").exit_code == 2
    assert run(desk, "export", "tickets.xls").exit_code == 2


def test_an_export_has_everything_on_record(desk: Store, tmp_path: Path) -> None:
    """One JSON object a line, the oldest first."""
    target = tmp_path / "all.jsonl"
    result = run(desk, "export", str(target))
    assert "3 tickets written" in result.stderr
    records = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    assert names(records) == ["T-1001", "T-1002", "T-1003"]
    assert records[0]["conversation"][0]["text"] == QUESTION
    assert records[0]["audit"][0]["actor"] == a.ANA
    assert list(tmp_path.glob(".*.part")) == []


def test_labels_are_rows_to_train_with(desk: Store, tmp_path: Path) -> None:
    """Just text and label."""
    target = tmp_path / "labels.jsonl"
    assert run(desk, "labels", str(target)).exit_code == 0
    assert json.loads(target.read_text(encoding="utf-8")) == {"text": QUESTION, "label": "L2"}
