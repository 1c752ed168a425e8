"""Installations and the states of those that are under way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptography.fernet import Fernet

from bot.desk.ids import UserId
from bot.desk.workspaces import HomeId, Installation, Serving
from bot.store.database import reading
from bot.store.installed import Installations, States

if TYPE_CHECKING:
    import pytest

    from bot.store.unit_of_work import Store
    from tests.fakes import TurnableClock


def test_states_end_and_are_not_kept_without_number(
    clock: TurnableClock, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten minutes; whoever asks for ever more gets no more than are kept."""
    states = States(store.path, clock)
    late, first = states.issue(), states.issue()
    assert states.consume(first)
    assert not states.consume(first)
    clock.turn(601)
    assert not states.consume(late)
    monkeypatch.setattr("bot.store.installed.states.MOST", 10)
    for _ in range(20):
        states.issue()
    with reading(store.path) as db:
        assert db.execute("SELECT count(*) FROM install_states").fetchone()[0] == 10


def test_an_installation_ends_with_its_tokens_and_comes_again(
    clock: TurnableClock, store: Store
) -> None:
    """Its row stays: what it has on record is looked after until somebody takes it out."""
    known = Installations(store.path, clock, Fernet.generate_key().decode())
    home = HomeId("T0LARK0001")
    given = Installation(
        home, "Larkfield", "xoxb-1", UserId("U0FRONT001"), UserId("U0SAM00001"), clock(), "xoxe-1"
    )
    known.save(given)
    assert known.all() == (given,)
    known.stand(home, Serving.SERVED)
    assert known.end(home, "uninstalled")
    assert not known.end(home, "uninstalled")
    (ended,) = known.all()
    assert (ended.token, ended.refresh_token, ended.is_installed) == ("", None, False)
    assert not known.has(home)
    known.save(given)
    assert known.has(home)
    known.forget(home)
    assert known.has(home)
    known.end(home, "again")
    known.forget(home)
    assert known.all() == ()
