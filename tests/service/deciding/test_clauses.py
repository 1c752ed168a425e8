"""Two requests in one sentence are told apart by the things that each half names."""

from __future__ import annotations

import pytest

from bot.service.deciding.clauses import clauses_apart


@pytest.mark.parametrize(
    ("text", "second"),
    [
        ("a impressora da farmacia nao imprime e o ramal 204 ta mudo", "o ramal 204 ta mudo"),
        ("der Beamer bleibt dunkel und mein Headset knackt nur", "mein Headset knackt nur"),
        (
            "l'imprimante est bloquée et je n'ai plus accès à ma boîte mail",
            "je n'ai plus accès à ma boîte mail",
        ),
        ("no me llegan los correos y la pantalla parpadea", "la pantalla parpadea"),
        ("drukarka nie drukuje i telefon też milczy", "telefon też milczy"),
        ("プリンターが動きません。あと、電話も鳴りません。", "電話も鳴りません。"),
    ],
)
def test_each_half_with_a_thing_of_its_own_is_a_request(text: str, second: str) -> None:
    """In any language of the concepts."""
    found = clauses_apart(text)
    assert found is not None
    assert found[1] == second


@pytest.mark.parametrize(
    "text",
    [
        "der Drucker und der Beamer gehen nicht",
        "mein Drucker, mein Laptop und mein Beamer gehen nicht",
        "meu teclado e meu mouse pararam",
        "Ich habe mein Handy verloren und kann mich nicht anmelden",
        "der Drucker druckt nicht und er blinkt rot",
        "ich habe ein neues Handy und der Authenticator ist noch auf dem alten",
        "der Drucker im Lager druckt nicht und der Drucker im Büro auch nicht",
        "der Drucker druckt nicht " * 10 + "und das Telefon ist tot",
    ],
)
def test_what_is_one_matter_stays_one(text: str) -> None:
    """A list of things is one, and so is a long story."""
    assert clauses_apart(text) is None
