"""A draft in other words says what it said: nothing added, dropped, or turned round."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.desk.learning import Text, is_traced, pieces_of, reworded
from bot.desk.learning.composing import OWN
from bot.desk.learning.rewording import FREE, NOT, SMALL

BEFORE = "restart the print queue on server PRN-7 and wait for 5 minutes"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (BEFORE, "Restart the print queue on the server PRN-7, and wait for 5 minutes."),
        (BEFORE, "Please restart the print queue on server PRN-7, then wait 5 minutes."),
        (BEFORE, BEFORE),
        ("you has to open settings then press on Reset", "Open Settings, then press Reset."),
        ("Do not press Reset before it is off", "Do not press Reset before it is off."),
        ("run `queue --clear` as admin on it", "Run `queue --clear` as admin."),
        ("Bitte den Dienst neu starten und warten", "Starten: den Dienst neu starten und warten"),
        ("see https://x.example/a?b=1 for the codes", "For the list: https://x.example/a?b=1"),
    ],
)  # fmt: skip
def test_other_small_words_and_marks_are_fine(before: str, after: str) -> None:
    """Where all that it says stands in it, in its order."""
    expected = not after.startswith(("Starten:", "For the list"))
    assert is_traced(before, after) is expected


@pytest.mark.parametrize(
    "after",
    [
        "Restart the print queue on server PRN-7 and wait for 15 minutes",
        "Restart the print queue on server PRN-8 and wait for 5 minutes",
        "Restart the print queue on server PRN-7 and wait for minutes",
        "Restart the print queue on server PRN-7 as administrator and wait for 5 minutes",
        "Never restart the print queue on server PRN-7 and wait for 5 minutes",
        "Restart the server PRN-7 on the print queue and wait for 5 minutes",
        "Wait for 5 minutes and restart the print queue on server PRN-7",
        "Restart the queue",
        "Restart the print queue on server and wait for 5 minutes",
        "Restart the print queue on server PRN-7 and wait for 5 minutes. Call Microsoft.",
        "Restart the print queue on server PRN-7 and wait for 5 minutes, see https://evil.example",
        "Restart the print queue on server PRN-7 and wait for 5 minutes <!channel>",
        "Restart the print queue on server PRN-7\nand wait for 5 minutes",
        "Restart the print queue on server PRN-7 and wait for 5 minutes?",
        "",
        "As an AI model I cannot restart the print queue on server PRN-7 and wait for 5 minutes",
        BEFORE + " " + "and so on " * 20,
    ],
)
def test_what_adds_drops_or_turns_round_is_refused(after: str) -> None:
    """A number, a name, a word, a negation, an order, a link."""
    assert not is_traced(BEFORE, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("turn the tunnel on and try it", "Turn the tunnel off and try it."),
        ("turn the tunnel on", "Turn the tunnel."),
        ("turn the tunnel on and try it", "Turn the tunnel and try it."),
        ("turn all of them on now", "Turn all of them now."),
        ("leave the lamp on while it copies", "Leave the lamp while it copies."),
        ("switch on the tunnel first", "Switch the tunnel first."),
        ("reset it after the update is done", "Reset it before the update is done."),
        ("scroll up to the last entry", "Scroll down to the last entry."),
        ("you may delete the old profile", "You must delete the old profile."),
        ("Some accounts have to be renewed", "All accounts have to be renewed."),
        ("give it to them and not to us", "Give it to us and not to them."),
        ("give it to them and not to us", "Give it not to them and to us."),
        ("choose the internal address there", "Choose the internet address there."),
        ("send the contract to the office", "Send the controller to the office."),
        ("ask for the print of it", "Ask for the printer of it."),
        ("save it to the drive or the share", "Save it to the drive and the share."),
        ("if the lamp is red wait a minute", "The lamp is red, wait a minute."),
        ("press it when the lamp is red", "Press it until the lamp is red."),
        ("den Dienst einmal aus schalten", "Den Dienst einmal an schalten."),
        ("envoyez le fichier avec la clé", "Envoyez le fichier sans la clé."),
    ],
)
def test_little_words_that_turn_it_are_not_exchanged(before: str, after: str) -> None:
    """Direction, time, what is allowed, how many, who: none comes, goes or changes."""
    assert is_traced(before, before)
    assert not is_traced(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("it stops and we are restarting the service", "It stops and we restart the service."),
        ("then it is stopping the service", "Then it stops the service."),
        ("press on the copies of the two pages", "Press the copy of the two pages."),
        ("you need to close the old window", "Close the old window."),
    ],
)
def test_another_form_of_a_word_is_the_word(before: str, after: str) -> None:
    """Or it would be left as it was typed."""
    assert is_traced(before, after)


BODY = f"""restart the print queue on server PRN-7. then wait for 5 minutes please

## Steps
1. open the queue on the server
2. press the Clear button there
```
net stop spooler and so on
```
- ok

## When to ask for a person
{OWN["en"].person}"""


def test_headings_code_and_fixed_lines_stay() -> None:
    """And so does the mark of a line; each sentence is looked at for itself."""
    text = Text("t", ("q",), BODY)
    pieces = [each.words for each in pieces_of(BODY)]
    assert pieces == [
        "restart the print queue on server PRN-7.", "then wait for 5 minutes please",
        "open the queue on the server", "press the Clear button there",
    ]  # fmt: skip
    said = [
        "Restart the print queue on server PRN-7.", "Then wait for 6 minutes.",
        "Open the queue on the server.", "Press the red Clear button there.",
    ]  # fmt: skip
    assert reworded(text, said).body == BODY.replace(
        "restart the print", "Restart the print"
    ).replace("1. open the queue on the server", "1. Open the queue on the server.")
    assert reworded(text, said[:-1]) == text


@settings(max_examples=25)
@given(st.text(max_size=300), st.lists(st.text(max_size=80), max_size=6))
def test_no_answer_breaks_a_draft(body: str, said: list[str]) -> None:
    """Whatever is in it, and whatever is answered."""
    text = Text("t", (), body)
    pieces = pieces_of(body)
    kept = reworded(text, said)
    if len(said) != len(pieces):
        assert kept == text
    again = reworded(text, [each.words for each in pieces])
    assert again.body.split() == body.split() or len(pieces) == 0


@settings(max_examples=25)
@given(st.lists(st.sampled_from("open close red blue door key server wait".split()), min_size=4),
       st.sampled_from("purple 9 never xylophone Oslo".split()), st.integers(0, 50))  # fmt: skip
def test_one_word_more_that_says_something_is_always_refused(
    words: list[str], more: str, place: int
) -> None:
    """Wherever it stands."""
    with_it = [*words[: place % len(words)], more, *words[place % len(words) :]]
    assert not is_traced(" ".join(words), " ".join(with_it))


@settings(max_examples=50)
@given(st.data())
def test_a_word_that_puts_things_to_each_other_is_never_exchanged(data: st.DataObject) -> None:
    """Whichever of them stands in a sentence, and whichever comes in its place."""
    strict = sorted((SMALL | NOT) - FREE)
    one = data.draw(st.sampled_from(strict))
    other = data.draw(st.sampled_from([each for each in strict if each != one]))
    assert not is_traced(f"open the door {one} the cellar", f"open the door {other} the cellar")
