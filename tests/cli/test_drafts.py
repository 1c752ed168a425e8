"""`frontline kb drafts`: drafts decided on in the terminal, by the rules of the buttons."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from bot.cli import frontline
from bot.cli.knowledge import drafts
from bot.cli.knowledge.deciding import Owner
from bot.desk.ids import Thread, TicketId, Ts
from bot.desk.learning import Draft, DraftId, DraftState, Text
from kb.searching.base import KnowledgeBase
from tests import builders as a
from tests.fakes import FakeDirectory
from tests.kb.conftest import WordEncoder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from click.testing import Result

    from bot.store.unit_of_work import Store

TEXT = Text("Where bikes are repaired", ("where are bikes repaired",), "Book it in Rooms.")


class Terminal:
    """A database with one draft, a folder, and Slack as it is told."""

    def __init__(self, store: Store, folder: Path, directory: FakeDirectory) -> None:
        """Write the configuration."""
        self.store, self.folder, self.directory = store, folder, directory
        self.config = folder.parent / "frontline.toml"
        groups = '[groups.l2]\ntier = "L2"\nchannel = "l2-support"\nfallback = ["U0MEI00001"]\n'
        self.config.write_text(f'{groups}[knowledge]\npublish_to = "{folder}"\n', encoding="utf-8")

    def run(self, *words: str) -> Result:
        """Run the command."""
        options = ["--config", str(self.config), "--db", str(self.store.path)]
        return CliRunner().invoke(frontline, [*options, "kb", "drafts", *words])

    @property
    def draft(self) -> Draft:
        """The draft as it is."""
        with self.store.look() as uow:
            found = uow.drafts.get(DraftId(1))
        assert found is not None
        return found

    def sent(self) -> list[str]:
        """What waits to be sent."""
        with self.store.look() as uow:
            rows = uow.outbox._db.execute("SELECT notice FROM outbox ORDER BY id").fetchall()
        return [json.loads(row["notice"])["kind"] for row in rows]


@pytest.fixture
def terminal(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A draft of Ana's ticket; Mei is of the group."""
    with store.unit_of_work() as uow:
        ts = Ts("1772452800.000100")
        ticket = uow.tickets.open(Thread(a.TEAM, a.IT_HELP, ts), a.ANA, TEXT.questions[0], ts)
        uow.drafts.propose(
            Draft(
                DraftId(0), ticket.id, "l2", TEXT, "bike-repair", "workplace", (ticket.id,), a.NOON
            )
        )

    @contextmanager
    def opened(*_: Any) -> Iterator[KnowledgeBase]:
        base = KnowledgeBase.open(store.path, WordEncoder())
        yield base
        base.close()

    directory = FakeDirectory()
    monkeypatch.setattr(drafts, "_base", opened)
    monkeypatch.setattr(
        drafts, "_directory", lambda _, user: directory if user else Owner(directory)
    )
    return Terminal(store, tmp_path / "articles", directory)


def test_a_draft_is_listed_shown_and_published(terminal: Terminal) -> None:
    """It stands in the folder, and whoever asked is told."""
    assert "D-1  open  l2  Where bikes are repaired" in terminal.run("list").stdout
    assert "Book it in Rooms." in terminal.run("show", "d1").stdout
    result = terminal.run("publish", "D-1")
    assert result.exit_code == 0, result.output
    assert "Book it in Rooms." in (terminal.folder / "bike-repair.md").read_text("utf-8")
    assert terminal.draft.state is DraftState.PUBLISHED
    assert terminal.sent() == ["article_news"]
    assert terminal.run("list", "--json").stdout == ""
    (row,) = [
        json.loads(line)
        for line in terminal.run("list", "--all", "--json").stdout.split("\n")
        if line
    ]
    assert (row["article"], row["effect"]["shown"]) == ("bike-repair", 0)
    assert "effect: asked 0 times" in terminal.run("show", "1").stdout


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("publish", "D-1", "--as", "U0STRANGE1"), "decide on its draft"),
        (("dismiss", "D-1", "--as", "U0STRANGE1"), "decide on its draft"),
        (("publish", "D-9"), "do not know this draft"),
        (("merge", "D-1", "gone"), "is no page that I can write to"),
        (("show", "D-9"), "There is no draft D-9"),
    ],
)
def test_what_a_button_would_refuse_is_refused(
    terminal: Terminal, words: tuple[str, ...], what: str
) -> None:
    """In a line; nothing is changed, and nothing sent."""
    result = terminal.run(*words)
    assert result.exit_code == 1
    assert what in result.output
    assert "Traceback" not in result.output
    assert terminal.draft.state is DraftState.OPEN
    assert terminal.sent() == []


@pytest.mark.parametrize("kind", ["private", "restricted", "confidential"])
def test_what_may_not_be_quoted_is_not_published(terminal: Terminal, kind: str) -> None:
    """As it became since it was drafted; it can be put away."""
    if kind == "private":
        terminal.directory.private = {a.IT_HELP}
    with terminal.store.unit_of_work() as uow:
        ticket = uow.tickets.get(TicketId(1001))
        assert ticket is not None
        if kind != "private":
            routed = ticket.routed(None, "l2") if kind == "restricted" else ticket.routed(kind)
            uow.tickets.save(routed)
    result = terminal.run("publish", "D-1")
    assert result.exit_code == 1
    assert "may not be quoted any more" in result.output
    assert terminal.run("dismiss", "D-1").exit_code == 0
    assert terminal.draft.state is DraftState.DISMISSED


def test_what_was_decided_is_told(terminal: Terminal) -> None:
    """Twice is once, and who was first is named."""
    assert terminal.run("dismiss", "D-1", "--as", a.MEI).exit_code == 0
    assert terminal.draft.by == a.MEI
    result = terminal.run("publish", "D-1")
    assert result.exit_code == 1
    assert "dismissed already" in result.output


def test_without_a_token_nothing_is_published(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slack alone knows what is private."""
    monkeypatch.undo()
    monkeypatch.delenv("SLACK_BOT_TOKEN", raising=False)
    monkeypatch.setattr(drafts, "_base", lambda *_: pytest.fail("loaded for nothing"))
    result = terminal.run("publish", "D-1")
    assert result.exit_code == 1
    assert "SLACK_BOT_TOKEN is not set" in result.output
    assert terminal.draft.is_open
