"""Who calls a request off is not somebody whom it was solved for."""

from __future__ import annotations

import pytest

from bot.desk.asking import calls_off, turns_elsewhere


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


@pytest.mark.parametrize(
    "text",
    [
        "Leave it, I'll take it up with HR.",
        "Laissez, je verrai cela avec les ressources humaines.",
        "ne vous dérangez pas, je m'en occupe",
        "Passt schon, ich klär das mit der Personalabteilung.",
        "lassts gut sein, ich frag den Hausmeister",
        "Lassen Sie es gut sein, ich spreche mit meiner Chefin.",
        "Dejadlo, lo hablaré con recursos humanos.",
        "Deixem, eu resolvo isso com os recursos humanos.",
        "Lasciate stare, ne parlo con le risorse umane.",
        "Laat maar, ik bespreek het met personeelszaken.",
        "Nie trzeba, porozmawiam z kadrami.",
        "Boşverin, insan kaynaklarıyla konuşurum.",  # noqa: RUF001 - Turkish
        "Strunta i det, jag tar det med HR.",
        "大丈夫です、人事に相談します。",
        "もう結構です、人事に直接聞きます",
    ],
)
def test_who_turns_elsewhere_leaves_the_request(text: str) -> None:
    """They speak of people, and want none called."""
    assert turns_elsewhere(text)
    assert calls_off(text)


@pytest.mark.parametrize(
    "text",
    [
        "Laissez-moi parler à quelqu'un",
        "lassen Sie mich bitte mit jemandem sprechen",
        "déjeme hablar con una persona",
        "I'll ask my manager for the approval",
        "never mind the first one, the second does not work",
        "大丈夫ですか、誰か来ますか",
        "leave it to me, can I see HR?",
        "je verrai cela avec les ressources humaines",
        "Lass mich in Ruhe, ich will einen Menschen sprechen",
    ],
)
def test_who_asks_for_somebody_leaves_nothing(text: str) -> None:
    """However it begins."""
    assert not turns_elsewhere(text)
