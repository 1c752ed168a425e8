"""`frontline learn`: what it reads of the record, and what it says where there is nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from click.testing import CliRunner

from bot.bootstrap.lessons import lessons_of
from bot.cli import frontline
from bot.desk.ids import Thread, Ts
from bot.desk.tickets import Resolution
from bot.settings.loading import load_settings
from tests import builders as a

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from bot.settings.settings import Settings
    from bot.store.unit_of_work import Store

SECRET = "hunter2-Blue-Whale"


def settings_of(store: Store, folder: Path) -> Settings:
    """The sample's settings, with a database and a model's folder of its own."""
    settings = load_settings(None)
    settings.db, settings.model = store.path, folder / "model"
    return settings


def test_lessons_have_neither_secrets_nor_names_and_nothing_that_is_kept_to_some(
    store: Store, tmp_path: Path
) -> None:
    """Restricted, confidential without a group, and direct messages teach nobody."""
    with store.unit_of_work() as uow:

        def opened(number: int, text: str, channel: str = a.IT_HELP) -> Any:
            ts = Ts(f"17724528{number:02}.000100")
            return uow.tickets.open(Thread(a.TEAM, channel, ts), a.ANA, text, ts)  # type: ignore[arg-type]

        def answered(ticket: Any) -> None:
            uow.tickets.save(ticket.answered_with("reset").resolved(Resolution.ARTICLE))

        answered(opened(1, f"my password is {SECRET} and it fails"))
        answered(opened(2, "my colleague harasses me").routed("confidential", "l2"))
        answered(replace(opened(3, "my manager drinks"), matter="confidential"))
        answered(opened(4, "where is my payslip", a.DIRECT))
    (lesson,) = lessons_of(settings_of(store, tmp_path))
    assert SECRET not in lesson.text
    assert (lesson.label, lesson.article) == ("L1", "reset")
    assert lesson.by == lesson.asker
    assert str(a.ANA) not in repr(lesson)


def test_whoever_is_nobody_any_more_teaches_nothing(store: Store, tmp_path: Path) -> None:
    """What was forgotten is no lesson."""
    with store.unit_of_work() as uow:
        ts = Ts("1772452801.000100")
        ticket = uow.tickets.open(Thread(a.TEAM, a.IT_HELP, ts), a.ANA, "(forgotten)", ts)
        uow.tickets.save(ticket.answered_with("reset").resolved(Resolution.ARTICLE))
    assert lessons_of(settings_of(store, tmp_path)) == []


def test_an_empty_journal_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And options that exclude each other are named."""
    monkeypatch.chdir(tmp_path)
    assert "Nothing was learned yet" in CliRunner().invoke(frontline, ["learn", "--journal"]).output
    both = CliRunner().invoke(frontline, ["learn", "--journal", "--undo"])
    assert both.exit_code == 2
    assert "one of" in both.output
