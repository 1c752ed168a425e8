"""An article with several lists of steps, seen by who asked: theirs, or a question which."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.scenarios.models import ARTICLES, real_triager, trained_model
from tests.scenarios.office import Office

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.rare

WINDOWS, MAC = "File Explorer", "In Finder choose"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A bot with the real model, which knows how a network drive is mapped."""
    folder = tmp_path_factory.mktemp("ways")
    office = Office(folder)
    office.settings.model = trained_model(folder)
    office.triager = real_triager(office.settings, ARTICLES / "network-drive-map.md")
    with office:
        yield office


def test_who_names_a_system_gets_its_steps(office: Office) -> None:
    """And may look at the others."""
    asked = office.ask(office.ana, "how do I map the network drive on my macbook?")
    shown = asked.waits_for("Map or reconnect a network drive")
    assert MAC in shown
    assert WINDOWS not in shown
    asked.press("Windows")
    assert WINDOWS in asked.waits_for(WINDOWS)


def test_where_nobody_can_tell_it_is_asked(office: Office) -> None:
    """A press shows the steps in the same message, and walks through those."""
    asked = office.ask(office.tom, "how do I map a network drive?")
    shown = asked.waits_for("Which of these is it?")
    assert WINDOWS not in shown
    assert MAC not in shown
    asked.press("macOS")
    shown = asked.waits_for(MAC)
    assert "Which of these" not in shown
    asked.press("Walk me through it")
    assert "Finder" in asked.waits_for("Step 1 of 3")


@pytest.mark.parametrize("words", ["its a mac", "number 2"])
def test_it_can_be_said_in_words(office: Office, words: str) -> None:
    """Whoever is on a phone writes rather than presses: what it is called, or where it stands."""
    asked = office.ask(office.ana, "please, how can I map a network drive?")
    asked.waits_for("Which of these is it?")
    asked.say(words)
    asked.waits_for(MAC)
    office.settle()
    assert asked.count("[That solved it]") == 1
