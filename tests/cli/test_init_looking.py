"""What `frontline init` says of the articles: something to ask, and languages that are not read."""

from __future__ import annotations

import pytest

from bot.cli.adopting.looking import example_of, unread_languages
from kb.articles import Article


def article(name: str, title: str, body: str = "Ask the porter.", *asked: str) -> Article:
    """An article in short."""
    return Article(name, title, "", "", asked, body)


@pytest.mark.parametrize(
    ("articles", "example"),
    [
        ([article("readme", "Our handbook"), article("a", "Parking a car in the yard")],
         "Parking a car in the yard"),
        ([article("a", "Parking a car in the yard"), article("b", "How to park")], "How to park"),
        ([article("a", "How to park"), article("b", "Cars", "x", "where do i park")],
         "where do i park"),
        ([article("a", "Cars"), article("b", "Is there a lift?")], "Is there a lift?"),
        ([article("a", "Why do we have a lift?"), article("b", "How to park")], "How to park"),
        ([article("a", "Cars"), article("it/index", "All there is to know")], "Cars"),
        ([], "How do I …?"),
    ],
)  # fmt: skip
def test_the_example_is_something_that_people_ask(articles: list[Article], example: str) -> None:
    """Not the name of the handbook."""
    assert example_of(articles) == example


ENGLISH = "Whoever needs a key of this house asks the porter for it, who has a list of all keys."
OTHERS = (
    "Wer einen Schlüssel braucht, fragt den Pförtner, der eine Liste aller Schlüssel führt.",
    "Quien necesita una llave la pide al conserje, que tiene la lista de todas las llaves.",
    "鍵が必要な人は守衛に頼んでください。守衛はすべての鍵の一覧を持っています。",
    "Chi ha bisogno di una chiave la chiede al portiere, che ha l'elenco di tutte le chiavi.",
    "Wie een sleutel nodig heeft, vraagt de portier erom, die een lijst van alle sleutels heeft.",
)


@pytest.mark.parametrize("text", OTHERS)
def test_articles_that_the_encoder_does_not_read_are_counted(text: str) -> None:
    """In whatever language, with what to do about it."""
    some = [article("a", "", ENGLISH)] * 3 + [article("b", "", text)] * 2
    told = unread_languages(some)
    assert told.startswith("2 of 5 articles are in another language")
    assert "without --english" in told


def test_one_page_in_thirty_is_no_trouble() -> None:
    """An exception is not worth another encoder."""
    assert unread_languages([article("a", "", ENGLISH)] * 29 + [article("b", "", OTHERS[0])]) == ""
    assert unread_languages([]) == ""
