"""How words sound, in languages that the models read less well: by what they mention."""

from __future__ import annotations

from bot.desk.asking import Tone
from bot.service.deciding.clauses import THINGS
from classifier.features.concepts import concepts_of, sayings_of

ASKING = frozenset(
    {"please", "want", "need", "person", "cannot", "how_do_i", "please help", "what to do"}
)
"""Whoever says so asks for something."""

CRYING = frozenset({"anyone", "lost", "trapped"})
"""Which ask for help where little else is said: "is anybody there?", not "who comes to lunch?"."""

PLEASANT = frozenset(
    {
        *("break_time", "joke", "thanks", "great", "hero", "event_over"),
        *("good morning", "birthday", "weekend", "cake", "laugh"),
    }
)
"""What is said where nothing is asked for; whoever needs a coffee needs nothing of the desk."""

FAULTS = frozenset(
    {"does not work", "error", "crash", "paper jam", "locked", "slow", "expired", "toner"}
)
"""What is told of a thing that somebody wants mended, in however plain words."""

SCREENS = frozenset({"monitor", "projector", "laptop"})
"""What is black when it is broken; a door may be painted."""

CALLING = frozenset({"person", "speak", "call"})
"""How somebody is asked for, whatever else is."""

LITTLE, FEW_SIGNS = 5, 24
"""So many words, or signs where words are not set apart, are little."""


def names_a_person(text: str) -> bool:
    """Tell whether words for a human, or for talking to one, are among others."""
    return not CALLING.isdisjoint(sayings_of(text).split())


def tone_of(text: str) -> Tone:
    """Say whether words ask for something, are pleasant, or show neither."""
    mentions = {*sayings_of(text).split(), *concepts_of(text)}
    dark = "black" in mentions and mentions & SCREENS
    if dark or (mentions & FAULTS and mentions & THINGS):
        # Whoever greets, or laughs, and tells of it wants it mended all the same.
        return Tone.ASKS
    if mentions & PLEASANT:
        return Tone.PLEASANT
    words = text.split()
    little = len(words) <= LITTLE and (len(words) > 1 or len(text) <= FEW_SIGNS)
    asks = mentions & ASKING or (little and mentions & CRYING)
    return Tone.ASKS if asks else Tone.PLAIN
