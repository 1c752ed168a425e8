"""Somebody is forgotten: in the database, in files, and in what Slack shows of Frontline's."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from bot.cli import frontline
from bot.store.database import connect
from kb.index.schema import migrations
from tests.scenarios.office import ANA, Office

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.rare

ODD = "zanzibar-lighthouse"


@pytest.fixture
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office of its own: one is forgotten in it."""
    with Office(tmp_path_factory.mktemp("forgetting")) as opened:
        yield opened


def run(office: Office, *words: str) -> str:
    """Run a command of `frontline` on the office's database."""
    told = CliRunner().invoke(frontline, [*words, "--db", str(office.settings.db)])
    assert told.exit_code == 0, told.output
    return told.output


@pytest.mark.sqlite
def test_forgetting_reaches_every_copy_and_proves_it(fresh: Office) -> None:
    """Conversation, notices, audit, labels, ratings, words, learned questions, exports, Slack."""
    office = fresh
    asked = office.ask(office.ana, f"The vpn drops near the {ODD} since monday morning")
    card = office.card(office.mei, ODD)
    asked.say(f"It is the {ODD} one again, as I said before")
    card.waits_for("as I said before")
    office.ask(office.tom, f"The vpn drops near the {ODD} for me too since monday")
    office.card(office.mei, "for me too")
    card.press("Resolve")
    office.mei.wait_for(office.mei.modal)
    office.mei.submit({"cause": f"{ODD} wiring", "fix": "A new wire"})
    asked.waits_for("A new wire")
    office.settle()
    labels = office.folder / "labels.jsonl"
    with closing(connect(office.settings.db)) as db:
        db.execute(
            "INSERT INTO labels (ticket, text, label, labelled_by, at) "
            "SELECT id, question, 'L2', 'U0MEI00001', opened_at FROM tickets WHERE requester = ?",
            [ANA],
        )
        migrations.apply(db)
        question = f"The vpn drops near the {ODD} since monday morning"
        db.execute(
            "INSERT INTO kb_learned (collection, article, text, hash) VALUES ('kb', 'vpn', ?, 'h')",
            [question],
        )
    run(office, "tickets", "labels", str(labels))
    assert ODD in labels.read_text()
    backup = office.folder / "backup.db"
    backup.write_bytes(office.settings.db.read_bytes() + ANA.encode())

    said = run(office, "forget", ANA, "--yes")

    assert "proved: no text column" in said
    assert f"{backup} holds their id or words" in said
    assert office.holding(ANA) == set()
    assert office.holding("as I said before") == set()
    assert labels.read_text() == ""
    assert office.rows("SELECT text FROM kb_learned") == []
    left = office.rows("SELECT requester, question, state FROM tickets ORDER BY id LIMIT 1")
    assert left[0][0].startswith("UGONE")
    assert left[0][1:] == ("(forgotten)", "closed")
    office.wake()
    office.settle()
    assert "as I said before" not in str(card.messages)
    assert "since monday morning" not in str(office.mei.sees("l2-support"))
    for name in ("", "-wal"):
        file = office.settings.db.with_name(office.settings.db.name + name)
        assert b"as I said before" not in file.read_bytes()
        assert ANA.encode() not in file.read_bytes()


def test_who_is_no_user_is_said_to_be_none(fresh: Office) -> None:
    """One clear line, and nothing is changed."""
    told = CliRunner().invoke(frontline, ["forget", "ana", "--yes"])
    assert told.exit_code == 2
    assert "is no Slack user id" in told.output
