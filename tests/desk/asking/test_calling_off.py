"""Who calls a request off is not somebody whom it was solved for."""

from __future__ import annotations

import pytest

from bot.desk.asking import calls_off


@pytest.mark.parametrize(
    "text",
    [
        "never mind, cancel please",
        "please cancel T-1003",
        "forget it",
        "we don't need it any more",
        "vergiss es, hat sich erledigt",
        "Bitte stornieren",
        "en fait non, annulez, c'était débranché",
        "laisse tomber",
        "déjalo, ya no lo necesito",
        "cancela por favor",
        "deixa pra lá",
        "laat maar",
        "キャンセルしてください",
    ],
)
def test_a_request_is_called_off_in_many_words(text: str) -> None:
    """In the languages that people write here."""
    assert calls_off(text)


@pytest.mark.parametrize(
    "text",
    [
        "forget it, somebody kicked the plug. works now",
        "never mind, found it",
        "déjalo, ya funciona",
        "vergiss es, läuft wieder",
        "laisse tomber, ça marche",
        "that solved it, thanks",
        "直りました。ありがとうございました",
        "the cancellation page is fine now",
        "I cancelled the old session and that did it",
        "thanks, I disregard the first step and now I can log in",
    ],
)
def test_who_says_that_it_works_calls_nothing_off(text: str) -> None:
    """However it begins."""
    assert not calls_off(text)
