"""What is added to a request raises its priority where plain words say so, and by nothing else."""

from __future__ import annotations

import pytest

from bot.desk.deciding import BY_A_PERSON, worsened
from bot.desk.promises import Priority


@pytest.mark.parametrize(
    "added",
    [
        "is ja nur die ganze Halle die steht…",
        "hier kann keiner mehr Ware rausschicken",
        "now the whole floor is down",
        "nobody on the ward can log in any more",
        "nobody in the shop can take orders",
        "it is slow for everyone",
        "hello?? now nobody on the whole floor can print",
        "it's not just me, the whole office is offline",
        "die ganze Halle ist außer Betrieb",
        "jetzt geht in der ganzen Filiale nichts mehr",
        "plus personne ne peut travailler ici",
        "ya no puede imprimir nadie",
        "no funciona en toda la oficina",
        "agora ninguém no andar consegue imprimir",
        "adesso nessuno riesce a stampare",
        "nu kan niemand meer printen",
        "店全体で使えなくなりました",
        "my whole team waits for it",
        "mein ganzes Team wartet",
    ],
)
def test_more_that_hangs_on_it_raises_it_by_one_step(added: str) -> None:
    """In the languages that people write here; once, however often it is said."""
    raised = worsened(Priority.P4, "one person, can wait", added)
    assert raised is not None
    assert raised.priority is Priority.P3
    assert raised.why.endswith("as was added; before P4: one person, can wait")
    assert worsened(raised.priority, raised.why, added) is None


@pytest.mark.parametrize(("before", "after"), [("P3", "P2"), ("P2", None), ("P1", None)])
def test_words_alone_make_no_p1(before: str, after: str | None) -> None:
    """That wakes people; a press does it, or several who report the same."""
    raised = worsened(Priority(before), "", "now the whole floor is down")
    assert (raised and raised.priority) == after


@pytest.mark.parametrize(
    "added",
    [
        # asked
        "Nobody can tell me when it will be done?",
        "Personne ne peut me dire quand?",
        "Is it the same for everyone?",
        "is it down for everyone",
        "ist das bei allen so",
        "¿nadie puede imprimir?",
        "誰も使えないんですか",
        # of help and news alone
        "nadie me puede decir cuándo",
        "personne ne peut me dire quand",
        "there is nobody here who can help me carry it",
        "mir kann hier niemand helfen",
        "kommt jetzt keiner",
        "plus personne ne répond",
        "ninguém mais responde",
        # on a condition
        "If it isn't fixed by Friday nobody can work",
        "wenn das so weitergeht steht die ganze Halle",
        "si ça continue personne ne pourra, tout le bureau est bloqué",
        "se não arrumar ninguém consegue trabalhar",
        "se non arriva, nessuno riesce a lavorare",
        # of one's own working day
        "I cannot stay, my shift ends at six",
        "Ich warte schon die ganze Schicht",
        "llevo todo el turno esperando",
        "my team lead cannot log me in either",
        # denied, or set against the rest
        "No, the whole office is fine, nothing is down, it's only me",
        "bei allen anderen geht es",
        "bei allen geht es, nur bei mir nicht",
        "not everyone is affected, just me",
        "it works for everyone else",
        "it is down for everyone but me",
        "para todo mundo funciona menos para mim",
        "a toda la oficina le va, solo yo no puedo",
        "ça marche pour tout le monde sauf moi",
        "nicht die ganze Halle steht",
        "funziona per tutto il reparto",
        "thanks to everyone",
        "全員ではないです",
    ],
)
def test_what_is_asked_supposed_or_denied_raises_nothing(added: str) -> None:
    """It has the words of an outage, and is none."""
    assert worsened(Priority.P4, "", added) is None


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
