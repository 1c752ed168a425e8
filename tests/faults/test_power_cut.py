"""The power goes: what is not on the disk is gone, and still nothing is lost or said twice.

The disk is what it was when the log was last brought there: the worst that a power cut leaves.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest

from bot.desk.deciding import Action
from bot.service.context import utc_now
from bot.store.disk import lasting
from tests import builders as a
from tests.faults.whole_desk import NoSlack, Payload, WholeDesk, without_network
from tests.slack import payloads

if TYPE_CHECKING:
    from pathlib import Path

    from slack_sdk.web import SlackResponse

THREAD = "1772445600.000100"


class Power:
    """Keeps the disk as it was when something was last brought to it."""

    def __init__(self, path: Path) -> None:
        """Work beside a database."""
        self._path, self._disk = path, path.with_name("disk")
        self._disk.mkdir()

    def keep(self, _: Path) -> None:
        """What the log holds now is on the disk from now on."""
        for file in self._files():
            shutil.copy(file, self._disk)

    def cut(self) -> Path:
        """Give a database as the disk has it."""
        after = self._path.with_name("after")
        shutil.copytree(self._disk, after)
        return after / self._path.name

    def _files(self) -> list[Path]:
        names = (self._path.name, self._path.name + "-wal")
        return [file for name in names if (file := self._path.with_name(name)).exists()]


def _showing(slack: NoSlack) -> None:
    """Let Slack show what was said there, as it does."""
    take = slack.take

    def with_messages(api_method: str, **given: Any) -> SlackResponse:
        answered = take(api_method, **given)
        if api_method in {"conversations.replies", "conversations.history"}:
            said = [{"ts": f"18{n:08d}.1", **each} for n, each in enumerate(slack.said)]
            answered.data["messages"] = said  # type: ignore[index]
        return answered

    slack.take = with_messages  # type: ignore[method-assign]


def _question() -> Payload:
    event = payloads.message("How do I connect to the VPN?", user=a.ANA, ts=THREAD)
    return payloads.callback(event, "Ev0POWER")


def _desk(path: Path, slack: NoSlack) -> WholeDesk:
    whole = WholeDesk(path, slack, utc_now)
    whole.triager.decision = a.triage(Action.ANSWER)
    return whole


def _work(whole: WholeDesk) -> None:
    while whole.inbox.step() or whole.relay.step():
        pass


@pytest.mark.parametrize(
    "after", ["it was let in", "it was taken in hand", "it was handled", "it was sent"]
)
def test_a_question_survives_a_power_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: str
) -> None:
    """Acknowledged, it is answered once, whenever the power goes."""
    path = tmp_path / "desk" / "frontline.db"
    path.parent.mkdir()
    power = Power(path)
    with without_network() as slack:
        _showing(slack)
        monkeypatch.setattr(lasting, "_on_disk", power.keep)
        whole = _desk(path, slack)
        assert whole.let_in(_question()).status == 200
        if after == "it was taken in hand":
            assert whole.store.inbox.claim() is not None
        elif after == "it was handled":
            assert whole.inbox.step()
        elif after == "it was sent":
            _work(whole)
            assert len(slack.said) == 1
        again = power.cut()
        whole.store.release()
        monkeypatch.setattr(lasting, "_on_disk", lambda _: None)
        whole = _desk(again, slack)
        whole.store.inbox.recover()
        whole.store.outbox.recover()
        _work(whole)
        whole.store.release()
    assert len(slack.said) == 1


def test_what_was_never_acknowledged_need_not_be_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk of before is the measure: a cut right at the start leaves an empty desk."""
    path = tmp_path / "desk" / "frontline.db"
    path.parent.mkdir()
    power = Power(path)
    with without_network() as slack:
        monkeypatch.setattr(lasting, "_on_disk", power.keep)
        whole = _desk(path, slack)
        again = power.cut()
        whole.store.release()
        whole = _desk(again, slack)
        _work(whole)
        whole.store.release()
    assert slack.said == []


def test_a_disk_that_fails_for_a_moment_holds_up_and_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is sent that a power cut would forget; it is sent once the disk works again."""
    with without_network() as slack:
        whole = _desk(tmp_path / "frontline.db", slack)
        whole.let_in(_question())
        whole.inbox.step()

        def fail(_: Path) -> None:
            raise OSError

        with monkeypatch.context() as broken:
            broken.setattr(lasting, "_on_disk", fail)
            whole.relay.step()
            assert slack.said == []
        with whole.store.glance.now() as db:
            waiting = db.execute("SELECT state, attempts FROM outbox").fetchone()
        assert tuple(waiting) == ("pending", 0)
        whole.store.glance.close()
        whole.store.release()
