"""Who asks whether anybody is there says nothing of what they want, in any language."""

from __future__ import annotations

import pytest

from bot.desk.asking import asks_plainly, asks_who_is_there


@pytest.mark.parametrize(
    "text",
    [
        "hello is this thing on",
        "anyone there??",
        "does anyone even read this channel",
        "can you hear me?",
        "someone from IT around?",
        "ist da wer",
        "jemand von der IT da?",
        "alô? tem gente aí?",
        "Hallo, liest hier jemand mit?",
        "y a quelqu'un ?",
        "Bonjour, vous êtes là ?",
        "¿me atendéis?",
        "hola, ¿hay alguien ahí?",
        "alguém aí??",
        "você tá aí?",
        "buongiorno, c'è qualcuno?",
        "hallo, is er iemand",
        "czy jest tu ktoś?",
        "kimse yok mu",
        "är det nån där",
        "есть кто живой?",
        "どなたかいらっしゃいますか",
        "すみません、誰かいますか",
        "누구 계세요?",
        "有人吗？",  # noqa: RUF001 - as it is written
        "Hilfe!!",
        "hola, alguien me ayuda?",
        "困っています",
    ],
)
def test_who_asks_whether_anybody_is_there_names_nothing(text: str) -> None:
    """Whatever stands before and behind it."""
    assert asks_who_is_there(text)


@pytest.mark.parametrize(
    "text",
    [
        "anyone up for lunch?",
        "does anyone know how to reset a password",
        "is it working",
        "is anyone in danger",
        "is anyone from IT going to fix the printer",
        "tem gente presa no elevador",
        "is this printer working",
        "are you there at the meeting",
        "somebody is on the roof",
        "hello",
        "kommt jemand mit zum Essen?",
        "ist da wer für den Drucker zuständig?",
        "hay alguien que sepa de Excel?",
        "alguém viu meu crachá?",
        "Hilfe, es brennt",
        "No me oyen",
        "no me escuchan?",
        "me ouvem",
        "mi sente",
        "gente",
        "someone",
        "jemand",
        "niemand da",
        "you guys in?",
        "can you see this",
        "can you see this?",
        "困っています、印刷できません",
        "is anyone there" + " " * 90 + "the server room smokes",
    ],
)
def test_who_says_what_it_is_about_is_read(text: str) -> None:
    """However few words it is."""
    assert not asks_who_is_there(text)


@pytest.mark.parametrize(
    ("text", "plainly"),
    [
        ("hello is this thing on", True),
        ("どなたかいらっしゃいますか", True),
        ("does anyone even read this channel", True),
        ("Hallo, liest hier jemand mit", True),
        ("kimse yok mu", True),
        ("困っています", True),
        ("jemand da?", True),
        ("jemand da", False),
        ("someone in", False),
        ("gente aqui", False),
        ("someone around", False),
    ],
)
def test_what_is_plainly_asked_needs_no_mark(text: str, *, plainly: bool) -> None:
    """Half a sentence among colleagues does."""
    assert asks_who_is_there(text)
    assert asks_plainly(text) is plainly
