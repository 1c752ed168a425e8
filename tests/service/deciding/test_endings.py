"""What looks like an end, and says that something goes on."""

from __future__ import annotations

import pytest

from bot.service.deciding.endings import SPACED, means_another, merely_thanks, speaks_against_an_end


@pytest.mark.parametrize(
    "text",
    [
        "it worked yesterday",
        "restarted, still there",
        "it was on battery, not on the charger",
        "it's fine for everyone else",
        "on the phone it works",
        "agli altri funziona",
        "bei den anderen geht's",
        "não deu certo",
        "ya probé todo",
        "gestern ging es",
        "他の人は使えます",
    ],
)
def test_where_and_when_it_works_is_no_end(text: str) -> None:
    """Then, and there, it does; here and now it does not."""
    assert speaks_against_an_end(text)


@pytest.mark.parametrize(
    "text",
    [
        "works now, thanks",
        "it was the wrong cable, works now",
        "found it",
        "never mind",
        "hat geklappt, danke",
        "ça marche",
        "ya está, gracias",
        "直りました",
        "I tried the restart and it worked",
        "No problem, it works",
        "läuft seit gestern",
        "",
    ],
)
def test_a_plain_end_is_one(text: str) -> None:
    """Nothing speaks against it."""
    assert not speaks_against_an_end(text)


def test_each_phrase_is_written_as_it_is_looked_for() -> None:
    """Else nobody's words would be found by it."""
    for each in SPACED:
        assert speaks_against_an_end(f"xx{each}xx"), each


@pytest.mark.parametrize(
    ("text", "other"),
    [("sorry, I meant the database", True), ("no wait, it works now", False), ("ok", False)],
)
def test_what_works_means_nothing_else(text: str, *, other: bool) -> None:
    """A second thought about its end is one about its end."""
    assert means_another(text) is other


@pytest.mark.parametrize(
    ("text", "alone"),
    [("danke", True), ("thanks, great", True), ("thanks, found it", False), ("works", False)],
)
def test_thanks_alone_answer_no_question(text: str, *, alone: bool) -> None:
    """They may mean that it was read."""
    assert merely_thanks(text) is alone
