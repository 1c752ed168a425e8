"""Every word that people read is there in every language, with all that is filled into it."""

from __future__ import annotations

import re
from string import Formatter

import pytest
from babel.messages.pofile import read_po

from bot.desk.language import OFFERED
from bot.slack.limits import BUTTON_TEXT
from bot.slack.words import N_, _, speaking
from bot.slack.words.__main__ import said
from bot.slack.words.catalogues import FOLDER, catalogue_of

TITLES = ("Knowledge article", "Ask something", "Your remark")
BUTTONS = (
    *("Talk to a person", "That solved it", "Not what I need", "Read the whole article"),
    *("Walk me through it", "Mine is another problem", "It is not fixed after all"),
)
MODAL_TITLE = 24
WHAT_SLACK_READS = re.compile(r":[a-z_0-9]+:|/helpdesk [a-z]*|`frontline [a-z ]+|[*`]|T-\d+")
BOLD = re.compile(r"\*[^*\n]+\*")


def words_of(language: str) -> dict[str, str]:
    """Read a catalogue; what was only guessed is not there."""
    with catalogue_of(language).open("rb") as file:
        return {m.id: m.string for m in read_po(file, locale=language) if m.id and not m.fuzzy}


CATALOGUES = {language: words_of(language) for language in OFFERED}
WANTED = [message.id for message in said() if message.id]


def filled_in(words: str) -> list[str]:
    """Name what is filled in."""
    return sorted(name for _, name, *_ in Formatter().parse(words) if name)


def test_a_catalogue_stands_for_each_language_that_is_offered() -> None:
    """And no other."""
    assert {each.name for each in FOLDER.iterdir() if each.is_dir()} == set(OFFERED)


def test_what_is_marked_within_an_f_string_is_found() -> None:
    """Babel's own extractor passes it over, and then it is English for everybody."""
    assert {"Thank you.", "from the knowledge base", "Shortened."} <= set(WANTED)


@pytest.mark.parametrize("language", OFFERED)
def test_nothing_is_missing_and_nothing_is_left_over(language: str) -> None:
    """`python -m bot.slack.words` says what is open."""
    there = CATALOGUES[language]
    assert [words for words in WANTED if not there.get(words)] == []
    assert [words for words in there if words not in WANTED] == []


@pytest.mark.parametrize("language", OFFERED)
def test_what_is_filled_in_and_what_slack_reads_is_the_same(language: str) -> None:
    """Placeholders, emoji, commands and marks."""
    for words, there in CATALOGUES[language].items():
        assert set(filled_in(there)) <= set(filled_in(words)), words
        assert {"number", "time", "ticket"} & set(filled_in(words)) <= set(filled_in(there)), words
        for mark in WHAT_SLACK_READS.findall(words):
            assert there.count(mark) == words.count(mark), (mark, there)


@pytest.mark.parametrize("language", OFFERED)
def test_what_is_bold_stands_apart_or_slack_shows_the_stars(language: str) -> None:
    """Also in a language that writes without spaces."""
    for there in CATALOGUES[language].values():
        for found in BOLD.finditer(there):
            around = there[: found.start()][-1:] + there[found.end() :][:1]
            assert all(char in " \n_.,:;!?)(" for char in around), there


@pytest.mark.parametrize("language", OFFERED)
def test_it_has_room_where_it_stands(language: str) -> None:
    """Slack refuses a longer title."""
    there = CATALOGUES[language]
    assert [there[title] for title in TITLES if len(there[title]) > MODAL_TITLE] == []
    assert [there[label] for label in BUTTONS if len(there[label]) > BUTTON_TEXT] == []


def test_a_language_is_spoken_as_long_as_it_is_asked_for() -> None:
    """One within another as well."""
    assert _("Yes") == "Yes"
    with speaking("de"):
        assert _("Yes") == "Ja"
        with speaking("fr"):
            assert _("Yes") == "Oui"
        assert _("Yes") == "Ja"
    assert _("Yes") == "Yes"


@pytest.mark.parametrize("language", ["", "en", "xx", "it", "../de", "de/../de", "DE", "d\0e"])
def test_what_has_no_catalogue_is_english(language: str) -> None:
    """Whatever the name, no other file is read."""
    with speaking(language):
        assert _("Yes") == "Yes"
        assert _(N_("No")) == "No"
