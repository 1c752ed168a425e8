"""Whether somebody greets, and says nothing else: of a few words a model says little."""

# ruff: noqa: RUF001 - the letters of other languages

from __future__ import annotations

import re

from bot.desk.tickets import GREETS, TO_ALL

LONGEST = 80
NO_LETTERS = re.compile(r"[\W\d_]+")
ALONE = re.compile(
    rf"(?:(?:{GREETS}|greetings|afternoon|evening|grüezi|grüß gott|morgen|abend|mahlzeit|hejsan"
    r"|goedenavond|god (?:morgon|morgen|dag)|günaydın|おはよう(?:ございます)?|こんばんは|大家好"
    r"|早上好)"
    rf"(?: (?:{TO_ALL}|bot|leute|allerseits|tout le monde|equipo|pessoal|gente|galera|a tutti"
    r"|ragazzi|iedereen|allihopa|wszystkim|herkese|всем|皆さん|みなさん)){0,2} ?){1,3}",
    re.IGNORECASE,
)


def greets_alone(text: str) -> bool:
    """Tell whether a message is a greeting, to whomever, and nothing else."""
    if len(text) > LONGEST:
        return False
    return ALONE.fullmatch(NO_LETTERS.sub(" ", text).strip()) is not None
