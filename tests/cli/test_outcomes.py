"""`frontline outcomes export`: each reader gets rows that it reads."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from bot.cli import frontline
from bot.cli.knowledge.learning import _pairs
from bot.cli.knowledge.tuning import _read_confirmed
from bot.desk.ids import Thread, TicketId, Ts
from bot.desk.tickets import EscalationState, Resolution, Settlement
from bot.desk.tiers import Tier
from classifier.data.dataset import read_messages
from tests import builders as a

if TYPE_CHECKING:
    from pathlib import Path

    from bot.store.unit_of_work import Store

SECRET = "hunter2-Blue-Whale"


@pytest.fixture
def desk(store: Store) -> Store:
    """One ticket of each ending, one restricted, one asked directly."""
    with store.unit_of_work() as uow:

        def opened(number: int, text: str, channel: str = a.IT_HELP) -> Any:
            ts = Ts(f"17724528{number:02}.000100")
            return uow.tickets.open(Thread(a.TEAM, channel, ts), a.ANA, text, ts)  # type: ignore[arg-type]

        answered = opened(1, f"my password is {SECRET} and it fails")
        uow.tickets.save(answered.answered_with("reset").resolved(Resolution.ARTICLE))
        silent = opened(2, "how do I print")
        uow.tickets.save(silent.answered_with("printer").resolved(Resolution.NO_REPLY))
        settled = opened(3, "the scanner hums")
        escalation = uow.escalations.open(settled.id, Tier.L2, "l2", ("Needs a person: .9",))
        settlement = Settlement(a.TOM, "Dust", "Cleaned it", right_tier=Tier.L2)
        uow.escalations.save(escalation.resolved(settlement), was=EscalationState.PENDING)
        uow.tickets.save(settled.escalated().resolved(Resolution.L2))
        kept = opened(4, "my colleague harasses me").routed("confidential", "l2")
        uow.tickets.save(kept.answered_with("reset").resolved(Resolution.ARTICLE))
        direct = opened(5, "where is my payslip", a.DIRECT)
        uow.tickets.save(direct.answered_with("payslip").resolved(Resolution.ARTICLE))
        opened(6, "still under way")
        labelled = opened(7, "the scanner needs a licence")
        uow.feedback.label(labelled.id, labelled.question, "L1", "licences", a.TOM)
    return store


def export(desk: Store, file: Path, *words: str) -> list[dict[str, Any]]:
    """Run the command; gives the rows."""
    command = ["--db", str(desk.path), "outcomes", "export", str(file), *words]
    result = CliRunner().invoke(frontline, command)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_people_get_every_fact_with_its_source_and_trust(desk: Store, tmp_path: Path) -> None:
    """Silence apart, secrets masked, nothing restricted, nothing direct."""
    rows = export(desk, tmp_path / "all.jsonl")
    assert [(row["told"], row["source"], row["trust"]) for row in rows] == [
        ("an article answered it", "requester", 0.9),
        ("nobody said a word", "nobody", 0.0),
        ("people settled it", "L2", 0.7),
        ("wrong call", "engineer", 0.95),
    ]
    everything = json.dumps(rows)
    assert SECRET not in everything
    assert "harasses" not in everything
    assert "payslip" not in everything
    assert (rows[2]["cause"], rows[2]["fix"]) == ("Dust", "Cleaned it")
    assert "payslip" in json.dumps(export(desk, tmp_path / "all.jsonl", "--direct"))


def test_kb_learn_reads_what_is_written_for_it(desk: Store, tmp_path: Path) -> None:
    """Questions with the article that was confirmed."""
    file = tmp_path / "learn.jsonl"
    export(desk, file, "--for", "learn")
    pairs, without, _ = _pairs((file,))
    assert [article for _, article in pairs] == ["reset", "licences"]
    assert without == 0


def test_kb_tune_reads_what_is_written_for_it(desk: Store, tmp_path: Path) -> None:
    """Queries with their article; and what no article answers."""
    file = tmp_path / "tune.jsonl"
    export(desk, file, "--for", "tune")
    with file.open(encoding="utf-8") as stream:
        assert [article for _, article, _ in _read_confirmed(stream)] == ["reset", "licences"]
    rows = export(desk, file, "--for", "unanswered")
    assert rows == [{"text": "the scanner hums"}]


def test_classifier_train_reads_what_is_written_for_it(desk: Store, tmp_path: Path) -> None:
    """One label a ticket, none of a silence."""
    file = tmp_path / "train.jsonl"
    export(desk, file, "--for", "train")
    assert [(each.label) for each in read_messages([file])] == ["L1", "L2", "L1"]


@pytest.mark.parametrize("reader", ["people", "learn", "tune", "unanswered", "train"])
def test_an_empty_desk_teaches_nothing(store: Store, tmp_path: Path, reader: str) -> None:
    """An empty file, and no failure."""
    assert export(store, tmp_path / "none.jsonl", "--for", reader) == []


def test_precision_is_told_with_its_interval_and_a_drift_is_warned_of(desk: Store) -> None:
    """Engineers and requesters side by side, silence apart."""

    def run(*words: str) -> Any:
        return CliRunner().invoke(
            frontline, ["--db", str(desk.path), "outcomes", "precision", *words]
        )

    told = run("--since", "400d")
    assert told.exit_code == 0
    assert "as engineers find:    none yet" in told.stdout
    assert "as requesters say:    2 of 2, 100.0% (34.2% to 100.0%)" in told.stdout
    with desk.unit_of_work() as uow:
        for number in range(1001, 1007):
            uow.audits.ask(TicketId(number), "reset")
            uow.audits.say(TicketId(number), "reset", a.TOM, right=False)
    row = json.loads(run("--since", "400d", "--json").stdout)
    # One of the six is restricted: it counts nowhere.
    assert (row["looked_over"]["hits"], row["looked_over"]["of"]) == (0, 5)
    assert row["silent"] == 1
    assert run("--since", "never").exit_code == 2
