"""Guessing languages: one table for both who ask, and what py3langid says of its own."""

from __future__ import annotations

import pytest
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from kb.encoding.languages import LANGUAGES, guesser, heights
from kb.encoding.unread import OTHERS

TEXTS = (
    "",
    "1234 !?",
    "Where do I hand in the form for next month?",
    "wo gebe ich das Formular ab",
    "la imprimante ne marche plus",
    "moj racunar se ne pali od jutros",
    "принтер не печатает",
    "プリンターが動きません",
    "PASSWORD RESET",
)


@pytest.fixture(scope="module")
def whole() -> LanguageIdentifier:
    """All languages of py3langid, in chances."""
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


@pytest.mark.rare
@pytest.mark.parametrize("text", TEXTS)
def test_a_part_of_the_table_guesses_as_the_whole_restricted(
    whole: LanguageIdentifier, text: str
) -> None:
    """The other languages are let go of, and nothing changes by it."""
    whole.set_languages(list(LANGUAGES))
    assert guesser().classify(text) == whole.classify(text)


@pytest.mark.rare
@pytest.mark.parametrize("text", TEXTS)
def test_some_of_it_are_compared_as_py3langid_compares_them(text: str) -> None:
    """In nats, which chances are not."""
    alone = LanguageIdentifier.from_model_file(MODEL_FILE)
    alone.set_languages(list(LANGUAGES))
    assert heights().rank(text) == alone.rank(text)


def test_what_is_compared_with_english_is_in_the_table() -> None:
    """Each of them."""
    assert set(OTHERS) < {language for language, _ in heights().rank("print")}
