"""What is added to a request raises its priority where plain words say so, and by nothing else."""

from __future__ import annotations

import pytest

from bot.desk.deciding import BY_A_PERSON, worsened
from bot.desk.promises import Priority


@pytest.mark.parametrize(
    ("added", "priority"),
    [
        ("is ja nur die ganze Halle die steht…", Priority.P1),
        ("hier kann keiner mehr Ware rausschicken", Priority.P1),
        ("now the whole floor is down", Priority.P1),
        ("nobody in the shop can take orders", Priority.P1),
        ("it is slow for everyone", Priority.P2),
        ("plus personne ne peut travailler ici", Priority.P1),
        ("ya no puede imprimir nadie", Priority.P1),
        ("agora ninguém no andar consegue imprimir", Priority.P1),
        ("adesso nessuno riesce a stampare", Priority.P1),
        ("nu kan niemand meer printen", Priority.P1),
        ("店全体で使えなくなりました", Priority.P1),
        ("my whole team waits for it", Priority.P3),
        ("mein ganzes Team wartet", Priority.P3),
    ],
)
def test_more_that_hangs_on_it_raises_it(added: str, priority: Priority) -> None:
    """In the languages that people write here."""
    raised = worsened(Priority.P4, "one person, can wait", added)
    assert raised is not None
    assert raised.priority is priority
    assert raised.why.endswith("as was added; before P4: one person, can wait")


@pytest.mark.parametrize(
    "added",
    [
        "nobody has come yet",
        "nobody answers me",
        "everybody laughs at me",
        "it is an HP, on the whole a good one",
        "keiner da?",
        "personne ne répond",
        "nadie contesta",
        "ninguém veio até agora",
        "er steht im dritten Stock",
        "thanks to all of you",
        "it stopped again",
        "誰か来ますか",
    ],
)
def test_what_says_no_such_thing_raises_nothing(added: str) -> None:
    """Nobody who came is nobody who is affected."""
    assert worsened(Priority.P4, "", added) is None


@pytest.mark.parametrize(("priority", "why"), [(Priority.P1, ""), (Priority.P4, BY_A_PERSON)])
def test_it_never_falls_and_stays_as_a_person_set_it(priority: Priority, why: str) -> None:
    """An engineer has looked at it."""
    assert worsened(priority, why, "now it is slow for everyone, the whole floor is down") is None
