"""Concepts: one name for what a dozen languages say, found in any text and in no time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.features.concepts import (
    concepts_of,
    lexicon,
    named,
    sayings_of,
    with_concepts,
)
from classifier.features.embedding import Inputs

SMOKE = (
    *("smoke in the copy room", "Rauch im Treppenhaus", "il y a de la fumée", "sale humo"),
    *("está saindo fumaça", "esce fumo", "er komt rook uit", "leci dym", "duman var"),
    *("煙が出ています", "机房冒烟了"),
)


@pytest.mark.parametrize("text", SMOKE)
def test_the_same_has_one_name_in_every_language(text: str) -> None:
    """What was learned of one is known of the other."""
    assert "smoke" in concepts_of(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Brandgeruch im Serverraum, riecht nach Rauchgas", "smell"),
        ("mein DIENSTHANDY ist weg", "phone"),
        ("geen geluid uit mijn bedrijfstelefoon", "phone"),
        ("Ich möchte nicht mehr leben", "live"),
        ("no quiero que mi jefa se entere", "must not know"),
        ("mój szef", "boss"),
        ("İŞ LAPTOPUM ÇALINDI", "stolen"),
    ],
)
def test_words_put_together_capitals_and_accents_are_read(text: str, name: str) -> None:
    """As people write them."""
    assert name in concepts_of(text)


@pytest.mark.parametrize("text", ["ich brauche eine Lizenz", "bräuchte", "querer", "der Portalbau"])
def test_a_word_within_another_is_none(text: str) -> None:
    """`Rauch` is no part of needing, nor a smell of wanting, nor a door of a portal."""
    assert not {"smoke", "smell", "door"} & set(concepts_of(text))


@pytest.mark.parametrize(("lines", "least"), [("concepts", 150), ("sayings", 60)])
def test_each_form_names_one_concept_and_no_line_is_broken(lines: str, least: int) -> None:
    """A line without a colon would be passed over in silence."""
    known = lexicon(lines)
    assert len(set(known.stems.values())) > least
    for forms in (known.stems, known.whole, known.phrases):
        assert all(form and form == form.strip() and ":" not in form for form in forms)


@pytest.mark.parametrize(
    "text",
    [
        "it still does not work",
        "funktioniert immer noch nicht",
        "nadal nie działa",
        "все ще не працює",
        "fortfarande funkar inte",
        "todavía no funciona",
    ],
)
def test_what_is_said_in_a_thread_is_named_alike_in_every_language(text: str) -> None:
    """What was learned of one is known of the others."""
    assert {"still", "works"} <= set(sayings_of(text).split())


@given(st.text(max_size=80))
def test_any_text_is_read_and_kept(text: str) -> None:
    """Names stand after the words; the words stay."""
    found = concepts_of(text)
    assert len(found) == len(set(found))
    assert with_concepts(text).startswith(text)


def test_only_the_words_of_a_message_change() -> None:
    """Its vectors are of what was written."""
    vectors = np.eye(2, dtype=np.float32)
    inputs = named(Inputs(["hello there", "Rauch"], vectors), [True, True])
    assert inputs.texts[0] == "hello there"
    assert inputs.texts[1] == "Rauch §smoke"
    assert inputs.vectors is vectors


@pytest.mark.parametrize(
    "text",
    [
        "who waters the palm trees?",
        "the water cooler is empty",
        "smoke breaks: where is the shelter?",
        "the fire drill is on Friday",
        "a hot desk near the lift, please",
    ],
)
def test_what_the_encoder_reads_is_left_to_it(text: str) -> None:
    """English words that also name a concept raise no alarm by that."""
    assert concepts_of(text)
    assert named(Inputs([text], np.eye(1, dtype=np.float32)), [False]).texts == [text]
