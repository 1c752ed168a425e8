"""Whether somebody greets, and says nothing else: of a few words a model says little."""

# ruff: noqa: RUF001 - the letters of other languages

from __future__ import annotations

import re

LONGEST = 80
NO_LETTERS = re.compile(r"[\W\d_]+")
GREETS_ALONE = re.compile(
    r"(?:(?:hi|hello|hey|hiya|howdy|greetings|(?:good )?(?:morning|afternoon|evening)|good day"
    r"|hallo|moin|servus|grüezi|grüß gott|(?:guten )?(?:morgen|abend)|guten tag|mahlzeit"
    r"|bonjour|bonsoir|salut|coucou|hola|buenos días|buenos dias|buenas(?: tardes| noches)?"
    r"|bom dia|boa (?:tarde|noite)|olá|ola|oi|ciao|buongiorno|buonasera|salve"
    r"|goedemorgen|goedemiddag|goedenavond|hoi|hej|hejsan|god (?:morgon|morgen|dag)"
    r"|dzień dobry|cześć|merhaba|günaydın|selam|привет|доброе утро|добрый (?:день|вечер)"
    r"|おはよう(?:ございます)?|こんにちは|こんばんは|안녕하세요|你好|大家好|早上好)"
    r"(?: (?:all|everyone|everybody|team|folks|guys|there|bot|zusammen|alle|leute|allerseits"
    r"|à tous|tout le monde|a todos|todos|equipo|pessoal|gente|galera|a tutti|ragazzi"
    r"|allemaal|iedereen|allihopa|wszystkim|herkese|всем|皆さん|みなさん)){0,2} ?){1,3}"
)


def greets_alone(text: str) -> bool:
    """Tell whether a message is a greeting, to whomever, and nothing else."""
    if len(text) > LONGEST:
        return False
    return GREETS_ALONE.fullmatch(NO_LETTERS.sub(" ", text.lower()).strip()) is not None
