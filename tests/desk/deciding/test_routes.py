"""Routes: which matter a message is about, and what is said of it in which language."""

from __future__ import annotations

import pytest

from bot.desk.deciding import (
    Evidence,
    Limits,
    Matter,
    Policy,
    Route,
    Routes,
    Suspicion,
    decide,
    in_language,
    suspicion_of,
)

LIMITS = {
    "danger": Limits(sure_at=0.2, ask_at=0.05),
    "security": Limits(sure_at=0.5, ask_at=0.2),
    "confidential": Limits(sure_at=0.2, ask_at=0.05),
}


@pytest.mark.parametrize(
    ("chances", "matter", "sure"),
    [
        ({"danger": 0.3, "security": 0.1, "confidential": 0.0}, Matter.DANGER, True),
        ({"danger": 0.1, "security": 0.0, "confidential": 0.0}, Matter.DANGER, False),
        ({"danger": 0.3, "security": 0.6, "confidential": 0.0}, Matter.SECURITY, True),
        ({"danger": 0.21, "security": 0.45, "confidential": 0.0}, Matter.DANGER, True),
        ({"danger": 0.06, "security": 0.0, "confidential": 0.1}, Matter.CONFIDENTIAL, False),
    ],
)
def test_the_likeliest_counts_and_what_is_certain_before_what_is_not(
    chances: dict[str, float], matter: Matter, *, sure: bool
) -> None:
    """Each chance is held against its own limits."""
    found = suspicion_of(chances, LIMITS)
    assert found is not None
    assert (found.matter, found.sure) == (matter, sure)


def test_what_lies_below_every_limit_goes_the_usual_way() -> None:
    """So does everything where the model knows no matters."""
    assert suspicion_of({"danger": 0.04, "security": 0.1, "confidential": 0.0}, LIMITS) is None
    assert suspicion_of({}, LIMITS) is None
    assert suspicion_of({"danger": 0.9}, {}) is None


UNREAD = {name: Limits(sure_at=0.6, ask_at=0.3) for name in LIMITS}


@pytest.mark.parametrize(
    ("chance", "english", "other"),
    [(0.04, None, None), (0.19, "asked", None), (0.4, "sure", "asked"), (0.7, "sure", "sure")],
)
def test_a_language_that_is_not_read_has_limits_of_its_own(
    chance: float, english: str | None, other: str | None
) -> None:
    """What English makes certain is there asked about, or ordinary."""
    policy = Policy(limits=LIMITS, unread_limits=UNREAD)
    for foreign, wanted in ((False, english), (True, other)):
        seen = Evidence({"L1": 1.0}, matters={"danger": chance}, foreign=foreign)
        found = decide(seen, policy).suspicion
        assert (None if found is None else "sure" if found.sure else "asked") == wanted
    seen = Evidence({"L1": 1.0}, matters={"danger": 0.3}, foreign=True)
    alone = decide(seen, Policy(limits=LIMITS)).suspicion
    assert alone is not None
    assert alone.sure, "a model without such limits has those of English"


@pytest.mark.parametrize(("chance", "first", "added"), [(0.25, True, False), (0.35, True, True)])
def test_in_first_words_a_matter_is_heard_sooner(
    chance: float, *, first: bool, added: bool
) -> None:
    """What is added in a thread sounds graver than it is; a model without such limits has one."""
    sooner = {name: Limits(sure_at=0.6, ask_at=0.2) for name in LIMITS}
    policy = Policy(limits=LIMITS, unread_limits=UNREAD, first_limits=sooner)
    seen = Evidence({"L1": 1.0}, matters={"danger": chance}, foreign=True)
    assert (decide(seen, policy.for_first_words()).suspicion is not None) is first
    assert (decide(seen, policy).suspicion is not None) is added
    without = Policy(limits=LIMITS, unread_limits=UNREAD)
    assert without.for_first_words() == without


def test_at_its_limit_a_matter_is_one() -> None:
    """The limit belongs to it."""
    assert Suspicion(Matter.DANGER, 0.2, LIMITS["danger"]).sure
    assert not Suspicion(Matter.DANGER, 0.1999, LIMITS["danger"]).sure


def test_texts_are_chosen_by_language_and_english_stands_in() -> None:
    """A variant of a language is answered in the language."""
    texts = {"en": "Hello", "pt": "Olá"}
    assert in_language(texts, "pt-BR") == "Olá"
    assert in_language(texts, "fi") == "Hello"
    assert in_language({"de": "Hallo"}, "fr") == "Hallo"
    assert not in_language({}, "en")


def test_contact_and_number_are_filled_in() -> None:
    """The contact that is configured, else words for somebody."""
    route = Route(
        Matter.DANGER,
        words={"en": "Ring {emergency} or {contact}."},
        question={},
        someone={"en": "a neighbour"},
        emergency="999",
    )
    assert route.say(route.words, "en") == "Ring 999 or a neighbour."
    named = Route(Matter.DANGER, {"en": "{contact}"}, {}, contact="Dr. Weiss")
    assert named.say(named.words, "de") == "Dr. Weiss"


def test_a_route_that_is_switched_off_is_not_found() -> None:
    """Its matter goes the usual way."""
    routes = Routes((Route(Matter.SECURITY, {}, {}),))
    assert routes.of(Matter.SECURITY) is not None
    assert routes.of("danger") is None
    assert routes.of(None) is None
