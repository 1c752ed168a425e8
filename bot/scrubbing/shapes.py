"""What a word looks like: a plain word, digits, or something that nobody says."""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache

SHORTEST, LONGEST = 4, 200


class Shape(IntEnum):
    """How much a word looks like a secret, in rising order."""

    NOTHING = 0
    PLAIN = 1
    CODE = 2
    MIXED = 3
    STRONG = 4


KNOWN = re.compile(
    r"https?://\S*|www\.\S*|<?[\w.+-]+@[\w-]+\.[\w.]+>?|[@#]\w[\w.-]*"
    r"|\d{1,2}[:.h]\d{2}(?:[:.]\d{2})?(?:am|pm|h|uhr)?|\d{1,2}(?:am|pm|st|nd|rd|th|h|x)"
    r"|\d{1,4}[-/.]\d{1,2}(?:[-/.]\d{1,4})?|v?\d+(?:\.\d+)+\w{0,4}|~?\d+[-–]\d+\w{0,6}"
    r"|(?-i:[A-Z]{1,5}-?\d{3,10})|[+(]?\d[\d()+ -]{8,}|\d+(?:[.,]\d+)?(?:%|€|\$|£|[a-z]{1,4})"
    r"|\[[a-z ]+|(?:error|err|code|kb|win|windows|office|iphone|sap|id|outlook|room|floor|line"
    r"|level|day|week|step|version|item|part|port|page|no|nr|hr|h|f|l|q|m|vpn|wpa|sha|md|ps"
    r"|office|o|m|s|w|cp|hp|dell|t|x)[-_.]?\d{1,5}\w?"
    r"|(?:[A-Za-z]:)?[\\/~][\w\\/.~-]*|\w+\(\)|\*+|x+|\.+",
    re.IGNORECASE,
)
"""Addresses, times, dates, versions, amounts, numbers of tickets and machines: no secrets."""

WORDS_WITH_MARKS = re.compile(r"[^\W\d_]+(?:['’.,;:/&+\-–—_!?…]+[^\W\d_]+)*[^\w]*")
SAID_OF_ONE = re.compile(
    r"(?:ed|ing|able|ible|less|ful|ous|ive|iert|lich|isch|bar|los|ée?s?|ado|ada"
    r"|ato|ata|vel|bile|nyt|nut|ный|ет|ает|ит)$"
)
"""Endings of what is said of a password more often than of what is one."""

STOP = frozenset(
    (
        "again already anymore before both broken correct denied doesnt either ends error ever "
        "expired expires failed fails fine first forgotten from good gone help here incorrect "
        "invalid issue later like locked lost manager nope never none nothing okay only optional "
        "please policy portal problem prompt reset right same since soon still that then there "
        "thanks thing this today tomorrow unknown useless vault very weak what when where which "
        "with without wrong yes your sure another some similar longer shorter only just now too "
        "also still always often their theirs mine ours known unknown easy hard simple complex "
        "strong secure exactly probably safely these those until unless while because phone "
        "laptop email mail monday tuesday wednesday thursday friday saturday sunday under over "
        "being been have should would could must might will falsch richtig korrekt ungültig nicht "
        "immer wieder noch weg abgelaufen unbekannt vergessen incorrecta incorrecto correcta "
        "inválida errata sbagliata scaduta expiré incorrect toujours bonne mauvais fout verkeerd "
        "juist niet verlopen blędne niepoprawne złe nieprawidłowe fel rätt feil riktig väärin "
        "oikein špatné yanlış doğru greșită hibás rossz неверный правильный your sure help page "
        "screen change changed field manager rejected required empty missing refused blocked"
    ).split()
)


@lru_cache(8192)
def shape_of(word: str) -> Shape:
    """Say how much a word looks like a secret."""
    if not SHORTEST <= len(word) <= LONGEST or not word.strip(".-_*#=/\\"):
        return Shape.NOTHING
    if word.isdigit():
        return Shape.CODE if len(word) <= 10 else Shape.NOTHING  # noqa: PLR2004 - longer is a number
    if KNOWN.fullmatch(word):
        return Shape.NOTHING
    if WORDS_WITH_MARKS.fullmatch(word):
        marked = re.search(r"[!@#$%^&*]", word) is not None
        return Shape.PLAIN if not marked else _marked(word)
    lower = re.search(r"[^\W\d_A-Z]", word) is not None
    upper = re.search(r"[A-Z]", word) is not None
    digit = re.search(r"\d", word) is not None
    mark = re.search(r"[^\w]|_", word) is not None
    kinds = lower + upper + digit + mark
    if len(word) >= 6 and (kinds >= 3 or (kinds == 2 and len(word) >= 10 and digit)):  # noqa: PLR2004 - measured
        return Shape.STRONG
    return Shape.MIXED if kinds >= 2 else Shape.NOTHING  # noqa: PLR2004 - two kinds of characters


def _marked(word: str) -> Shape:
    """A word with marks: inside, a password; at the end, an exclamation."""
    return Shape.MIXED if re.search(r"[!@#$%^&*]\w", word) else Shape.PLAIN


def is_plain_word(word: str) -> bool:
    """Whether a plain word may be a password where somebody says that it is."""
    return word.isalpha() and word.lower() not in STOP and not SAID_OF_ONE.search(word.lower())


def has_digit(word: str) -> bool:
    """Whether letters and digits are mixed in a word."""
    return re.search(r"\d", word) is not None and re.search(r"[^\W\d_]", word) is not None
