"""From a resolution to the words of a draft."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.learning import (
    compose,
    pieces_of,
    sample_questions,
    says_something,
    with_another,
    without_ending,
)
from bot.desk.learning.composing import OWN
from bot.desk.tickets import Settlement
from tests import builders as a


def settled(fix: str, **more: object) -> Settlement:
    """What an engineer wrote down."""
    return Settlement(a.TOM, "An old profile", fix, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "fix",
    [
        "fixed", "Done.", "It works again", "resolved, thanks", "ok", "see thread above",
        "Issue has been resolved", "erledigt", "Problem gelöst", "fixed by me", "....", "n/a",
    ],
)  # fmt: skip
def test_a_resolution_that_says_only_that_it_ended_makes_no_draft(fix: str) -> None:
    """Nobody is helped by an article that says "fixed"."""
    assert not says_something(settled(fix))


@pytest.mark.parametrize(
    "fix",
    [
        "Restarted the spooler", "Moved the antenna", "Took the stairs",
        "Chose the group LARK-GUEST in the portal", "Profil neu angelegt und Tunnel neu gestartet",
        "プリンタの設定を開く", "Réinitialisé le jeton dans le portail",
    ],
)  # fmt: skip
def test_a_resolution_that_says_how_makes_one(fix: str) -> None:
    """However short it is."""
    assert says_something(settled(fix))


def test_words_for_the_article_are_enough() -> None:
    """Whoever says what the article should say has said it, whatever stands under *fix*."""
    assert says_something(settled("done", article_words="Badges of guests end at 18:00"))


@pytest.mark.parametrize(
    ("fix", "steps"),
    [
        ("1. Open it\n2. Close it", ["Open it", "Close it"]),
        ("1) Open it\n2) Close it\n3) Wait", ["Open it", "Close it", "Wait"]),
        ("- Open it\n- Close it", ["Open it", "Close it"]),
        ("* Open it\n\n* Close it", ["Open it", "Close it"]),
        ("First this:\n• Open it\n• Close it", ["Open it", "Close it"]),
    ],
)
def test_lines_written_as_steps_become_steps(fix: str, steps: list[str]) -> None:
    """Numbered in the article, where they can be walked through."""
    body = compose(settled(fix), ["How do I open it?"]).body
    wanted = "\n".join(f"{n}. {step}" for n, step in enumerate(steps, start=1))
    assert f"## Steps\n{wanted}" in body
    assert not body.startswith("##"), "an answer begins with its first paragraph"


def test_what_is_said_where() -> None:
    """The wanted words first, then the fix; prevention has a section; the cause only if told."""
    body = compose(
        settled(
            "Import the profile again.",
            article_words="Profiles end after a year.",
            prevention="A reminder a week before",
        ),
        ["Why does the VPN refuse me?"],
    ).body
    assert body.startswith("Profiles end after a year.\n\nImport the profile again.")
    assert "A reminder a week before" in body
    assert "An old profile" not in body
    told = compose(settled("Import the profile again.", cause_told=True), ["Why?"]).body
    assert "An old profile" in told


def test_title_and_questions_come_from_what_people_asked() -> None:
    """Each question once, on one line; what was deleted is not quoted."""
    text = compose(
        settled("Import the profile again."),
        [
            "Hi team,\nwhy does the VPN refuse me?",
            "(deleted)",
            "WHY does the vpn refuse me?",
            "vpn says no since monday",
            "vpn says no since monday",
        ],
    )
    assert text.title == "Why does the VPN refuse me?"
    assert text.questions == (
        "why does the VPN refuse me?",
        "vpn says no since monday",
    )


@given(
    fix=st.text(max_size=300),
    words=st.text(max_size=100),
    prevention=st.text(max_size=100),
    asked=st.lists(st.text(max_size=400), max_size=4),
)
def test_no_word_is_made_up(fix: str, words: str, prevention: str, asked: list[str]) -> None:
    """Every line of a draft is a heading of ours, or stands in what people wrote."""
    settlement = settled(fix, article_words=words, prevention=prevention)
    text = compose(settlement, asked)
    ours = {
        "What settled it, step by step.", "## Steps", "## So that it does not come back",
        "## When to ask for a person", "When this does not settle it; say what happened instead.",
    }  # fmt: skip
    written = f"{fix}\n{words}\n{prevention}"
    for line in text.body.splitlines():
        said = re.sub(r"^\d+\. ", "", line)
        assert line in ours or said.strip() in written
    every = " ".join(" ".join(asked).split())
    for question in text.questions:
        assert question.rstrip("…") in " ".join(every.split()) or len(question) <= 90


@pytest.mark.parametrize("asked", [[], ["(deleted)"], ["", "  "], ["(forgotten)"], ["(expired)"]])
def test_where_nothing_may_be_quoted_the_cause_is_the_title(asked: list[str]) -> None:
    """A draft without a question is still about something."""
    text = compose(settled("Import the profile again."), asked)
    assert text.title == "An old profile"
    assert sample_questions(asked) == ()


GERMAN = "Am Empfang abholen.\n1. Im Kalender reservieren.\n2. Mit Ausweis kommen."


@pytest.mark.parametrize("language", sorted(OWN))
def test_our_own_words_are_in_the_language_of_the_fix(language: str) -> None:
    """And whatever is added to such a draft later stands in its place."""
    own = OWN[language]
    text = compose(
        settled(GERMAN, prevention="Früher fragen"), ["Wo gibt es Beamer?"], (), str,
        lambda _: language,
    )  # fmt: skip
    assert f"{own.steps}\n1. Im Kalender reservieren." in text.body
    assert f"{own.prevention}\nFrüher fragen" in text.body
    assert text.body.endswith(f"{own.ending}\n{own.person}")
    assert without_ending(text.body).endswith("Früher fragen")
    once = with_another(text.body, settled("Den Hausmeister fragen"))
    twice = with_another(once, settled("Im Keller nachsehen"))
    assert once.count("## ") == text.body.count("## ") + 1
    assert f"{own.others}\n- Im Keller nachsehen\n- Den Hausmeister fragen" in twice
    assert twice.endswith(own.person)
    assert all(own.person not in piece.words for piece in pieces_of(twice))


def test_a_language_that_the_desk_does_not_speak_has_english_headings() -> None:
    """Better than none."""
    text = compose(settled(GERMAN), ["Q"], (), str, lambda _: "xx")
    assert "## Steps" in text.body


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ("Hallo, wo ist der Beamer im Werk? Danke und Grüße, Petra", "wo ist der Beamer im Werk?"),
        ("Guten Abend, wo ist der Beamer? Vielen Dank und liebe Grüße, Ana", "wo ist der Beamer?"),
        ("der Scanner im Lager geht nicht. MfG Schmidt", "der Scanner im Lager geht nicht."),
        ("Bonsoir, comment changer mon badge ? Cordialement, Luc", "comment changer mon badge?"),
        ("Bonjour, où est le projecteur ? Merci d'avance, bonne journée, Zoé",
         "où est le projecteur?"),
        ("Buenos días, no funciona el escáner. Saludos cordiales, Eva",
         "no funciona el escáner."),
        ("Olá, como peço um novo crachá? Obrigado, abraços, João", "como peço um novo crachá?"),
        ("Where is the form? Thanks and best regards, Petra", "Where is the form?"),
        ("Wo finde ich Vorlagen für Grüße?", "Wo finde ich Vorlagen für Grüße?"),
        ("which laptop is best for editing", "which laptop is best for editing"),
    ],
)  # fmt: skip
def test_thanks_and_names_are_left_out_in_other_languages_too(asked: str, wanted: str) -> None:
    """A page shows nobody's name, whatever they greet in."""
    assert sample_questions([asked]) == (wanted,)
