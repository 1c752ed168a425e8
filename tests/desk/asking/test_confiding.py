"""Who would rather not go on where others read."""

from __future__ import annotations

import pytest

from bot.desk.asking import wishes_privacy
from bot.desk.asking.confiding import WHOLE, WITHIN


@pytest.mark.parametrize(
    "text",
    [
        "not here please",
        "I'd rather not here.",
        "can we talk in private?",
        "lieber nicht hier",
        "Je préfère pas ici",
        "prefiero no hablar aquí",
        "preferisco non parlarne qui",
        "prefiro não falar aqui...",
        "ここでは話せません",
    ],
)
def test_words_for_it_are_known(text: str) -> None:
    """In whatever language, with whatever signs around them."""
    assert wishes_privacy(text)


@pytest.mark.parametrize(
    "text",
    [
        "he is not here",
        "not here",
        "nicht hier",
        "the cable is not here please send one",
        "der Drucker ist nicht hier",
        "il n'est pas ici",
        "no está aquí",
        "non è qui",
        "my private folder is gone",
        "",
    ],
)
def test_what_is_not_there_is_no_secret(text: str) -> None:
    """The same words, of a thing."""
    assert not wishes_privacy(text)


def test_each_is_written_as_it_is_looked_for() -> None:
    """Without capitals and signs, or nobody's words are found."""
    for each in (*WHOLE, *WITHIN):
        assert wishes_privacy(each), each
