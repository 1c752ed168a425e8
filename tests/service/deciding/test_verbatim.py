"""A message in the very words of a known question is that question, in any language."""

from __future__ import annotations

import pytest

from bot.service.deciding.verbatim import is_asked_so

GERMAN = "Wie bekomme ich mein Dashboard auf die Bildschirme im Gericht?"


@pytest.mark.parametrize("message", [
    GERMAN,
    "Hallo zusammen, wie bekomme ich mein Dashboard auf die Bildschirme im Gericht? Danke",
    "WIE BEKOMME ICH MEIN DASHBOARD AUF DIE BILDSCHIRME IM GERICHT",
])  # fmt: skip
def test_a_greeting_more_changes_nothing(message: str) -> None:
    """Nor do capitals and marks."""
    assert is_asked_so(message, ["Wo ist die Kantine?", GERMAN])


@pytest.mark.parametrize("message", [
    "Wie bekomme ich mein Dashboard auf die Bildschirme?",
    "Wie bekomme ich ein Passwort?",
    f"{GERMAN} Und seit heute früh geht im ganzen Haus das Netz nicht mehr, bitte sofort melden",
    "",
    "???",
])  # fmt: skip
def test_other_words_are_another_question(message: str) -> None:
    """And so is a question with something else behind it."""
    assert not is_asked_so(message, [GERMAN, "", "?"])


@pytest.mark.parametrize(("message", "is_it"), [
    ("社員証を更新するには", True), ("社員証を更新するには…", True), ("社員証を返すには", False),
])  # fmt: skip
def test_what_has_few_words_has_to_be_the_same(message: str, is_it: bool) -> None:
    """Or is written without spaces."""
    assert is_asked_so(message, ["社員証を更新するには"]) is is_it


@pytest.mark.parametrize("word", ["a", "ok", "..."])
def test_a_word_of_few_letters_is_no_question(word: str) -> None:
    """It would be anybody's."""
    assert not is_asked_so(word, [word])
