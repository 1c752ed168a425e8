"""Whether two reports are of one disturbance: by what they name, and where it is.

Meaning alone does not tell: "the printer on floor 3" and "on floor 5" mean almost the same, and are
two. So reports must name the same thing, and neither may name another thing, number or place.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from bot.desk.incidents.generic import GENERIC, PERSONAL, SAYS_NOTHING
from bot.desk.incidents.trouble import CURLY, LONGEST_READ

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

TOKEN = re.compile(
    r"[a-z0-9]+(?:[.][a-z0-9]+)+|[a-z]+-[a-z]{1,3}(?![a-z])|[a-z]*[0-9][a-z0-9]*|"
    r"[^\W_0-9a-z]+|[a-z]+"
)
"""Addresses, codes, and words; Latin words inside scripts that put no spaces are words too."""

NO_PLACE = re.compile(
    r"(?<!\w)(?:since|seit|depuis|desde|about|for|after|around|at|until|by|um|gegen|vers|à|las)? ?"
    r"(?:\d{1,2}[:h]\d{0,2} ?(?:am|pm|uhr)?|\d{1,2} ?(?:am|pm|uhr|o'?clock)|"
    r"\d+ ?(?:st|nd|rd|th)? ?(?:sec(?:ond)?s?|min(?:ute)?s?|hours?|hrs?|days?|times?|"
    r"minuten|stunden|tage|minutos|horas|heures|people|users|colleagues|of us|kollegen|"
    r"personas|%))(?!\w)"
    r"|(?<!\w)(?:since|seit|depuis|desde|at|um) \d{1,2}(?:\.\d{2})?(?!\w)"
    r"|\(\d+\)|(?<!\w)[45]\d\d(?!\w)|(?<!\w)t-\d+(?!\w)",
    re.IGNORECASE,
)
"""Times, spans, counts and the web's error codes: they tell no place and no thing."""

PLACE = re.compile(
    r"(?<!\w)(?:in|at|on|from|for|of|fur|pour|para|von|im|am|"
    r"in der|auf|à|au|dans|du|en|em|no|na|nel|bij|op) "
    r"(?:the |our |your |my |der |dem |la |le |el |het |de |a )?"
    r"((?:[^\W_]+)(?: [^\W_]+){0,2})",
    re.IGNORECASE,
)
LETTER = re.compile(r"(?<=\w )([A-HJ-Z])(?![\w'.])")
"""A capital that stands alone names one of several: gate A, drive H."""

NAMED_PLACE = re.compile(
    r"(?<!\w)(?:team|room|floor|store|line|gate|hall|building|raum|etage|halle|filiale|salle|sala) "
    r"([^\W_]+)"
)
CODE = re.compile(r"(?<![a-z])[a-z]+-[a-z]{1,3}")
FILED = frozenset({
    "order", "invoice", "ticket", "delivery", "shipment", "parcel", "article", "item", "customer",
    "version", "error", "code", "bestellung", "rechnung", "auftrag", "commande", "facture",
    "pedido", "factura",
})  # fmt: skip
"""What has a number each time: another number is no other disturbance."""
HOST = re.compile(r"(?<![a-z0-9.])[a-z0-9]+(?:\.[a-z0-9]+)+")
NO_PLURALS = frozenset({"teams", "windows", "sales", "news"})
ALIKE = 0.84
SHORTEST_MISSPELT = 5
SHORTEST_PLURAL = 4


@dataclass(frozen=True)
class Named:
    """What a report names."""

    things: frozenset[str]
    """Names and words that tell one thing from another."""
    numbers: frozenset[tuple[str, str]]
    """Floors, rooms, devices: whatever has a digit or one letter, with the word beside it."""
    addresses: frozenset[str]
    places: frozenset[str]
    words: frozenset[str]
    kinds: frozenset[tuple[str, str]]
    """Things that follow another without a word between them: the build pipeline."""
    joined: frozenset[str]
    """Words that follow each other, as one: the file server."""


@lru_cache(8_192)
def named_in(text: str, synonyms: frozenset[tuple[str, str]] = frozenset()) -> Named:
    """Read what a report names; `synonyms` are words that stand for a name."""
    lettered = LETTER.sub(r"\g<1>0", text[:LONGEST_READ])
    read = NO_PLACE.sub(" ", folded(lettered))
    for said, name in sorted(synonyms):
        read = re.sub(rf"(?<!\w){re.escape(said)}(?!\w)", name, read)
    tokens = TOKEN.findall(read)
    telling = [each for each in tokens if each not in SAYS_NOTHING]
    numbers = {each for each in telling if _is_number(each)}
    hosts = {each.split(".")[-2] for each in numbers if HOST.fullmatch(each)}
    words = {stem(each) for each in telling if each not in numbers} | hosts
    things = {each for each in words if each not in GENERIC}
    places = frozenset(_places_in(read))
    beside = [
        (stem(one), stem(other))
        for one, other in pairwise(tokens)
        if {one, other}.isdisjoint(SAYS_NOTHING | PERSONAL | numbers)
    ]
    return Named(
        frozenset(things),
        frozenset(_counted(tokens)),
        frozenset(each for each in numbers if _is_address(each)),
        places,
        frozenset(words),
        frozenset(each for each in beside if things.issuperset(each)),
        frozenset(one + other for one, other in beside if places.isdisjoint((one, other))),
    )


def _is_number(token: str) -> bool:
    return any(map(str.isdigit, token)) or len(token) == 1 or _is_address(token)


def _is_address(token: str) -> bool:
    return bool(CODE.fullmatch(token) or HOST.fullmatch(token))


def _counted(tokens: list[str]) -> Iterator[tuple[str, str]]:
    """Give each number with the words beside it: a floor, a room; not what is filed by number."""
    for one, other in pairwise(tokens):
        for word, number in ((one, other), (other, one)):
            if _is_number(word) or word in SAYS_NOTHING or number in SAYS_NOTHING:
                continue
            if _is_number(number) and not _is_address(number) and stem(word) not in FILED:
                yield stem(word), number


def _places_in(text: str) -> set[str]:
    found = [word for each in PLACE.finditer(text) for word in each.group(1).split()]
    named = [each.group(1) for each in NAMED_PLACE.finditer(text)]
    told = [word for word in found if word not in GENERIC] + named
    return {stem(word) for word in told if word not in SAYS_NOTHING}


def folded(text: str) -> str:
    """Give a text in small letters, without accents, wi-fi and e-mail as one word."""
    plain = unicodedata.normalize("NFKD", text.lower().replace(CURLY, "'"))
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return re.sub(
        r"(?<!\w)(wi|e|log|sign|off|on)-(?=\w)", r"\1", unicodedata.normalize("NFC", bare)
    )


def stem(word: str) -> str:
    """Give a word without its plural."""
    if word in NO_PLURALS:
        return word
    return (
        word[:-1]
        if len(word) >= SHORTEST_PLURAL and word.endswith("s") and not word.endswith("ss")
        else word
    )


def share_a_thing(one: Named, other: Named) -> bool:
    """Tell whether two reports name the same thing, misspelt or in two words or not."""
    if one.joined & other.joined or one.joined & other.things or one.things & other.joined:
        return True
    shared = {a for a in one.things for b in other.things if _same_word(a, b)}
    if shared and shared <= one.places & other.places:
        # Two things in one town are two: there must be more, unless one names the place alone.
        return not (one.things - shared and other.things - shared)
    return bool(shared)


def says_no_more(one: Named, other: Named) -> bool:
    """Tell whether one of two reports names no thing that the other does not."""
    return any(
        all(any(_same_word(a, b) for b in longer.words | longer.joined) for a in shorter.things)
        for shorter, longer in ((one, other), (other, one))
    )


def contradict(one: Named, other: Named) -> bool:
    """Tell whether each names a number, an address, a place or a kind that the other does not."""
    if one.addresses - other.addresses and other.addresses - one.addresses:
        return True
    for word in {word for word, _ in one.numbers} & {word for word, _ in other.numbers}:
        if _numbers_of(word, one).isdisjoint(_numbers_of(word, other)):
            return True
    if _apart(one.places, other.places, other.words, one.words):
        return True
    return any(
        _apart(_kinds_of(thing, one), _kinds_of(thing, other), other.words, one.words)
        or _apart(_parts_of(thing, one), _parts_of(thing, other), other.words, one.words)
        for thing in one.things & other.things
    )


def _numbers_of(word: str, report: Named) -> frozenset[str]:
    return frozenset(number for beside, number in report.numbers if beside == word)


def _kinds_of(thing: str, report: Named) -> frozenset[str]:
    return frozenset(kind for kind, of in report.kinds if of == thing)


def _apart(
    mine: Collection[str], theirs: Collection[str], known: Collection[str], own: Collection[str]
) -> bool:
    only_mine = [each for each in mine if not any(_same_word(each, word) for word in known)]
    only_theirs = [each for each in theirs if not any(_same_word(each, word) for word in own)]
    return bool(only_mine and only_theirs)


@lru_cache(65_536)
def _same_word(one: str, other: str) -> bool:
    if one == other:
        return True
    if any(map(str.isdigit, one + other)) or min(len(one), len(other)) < SHORTEST_MISSPELT:
        return False
    return SequenceMatcher(None, one, other).ratio() >= ALIKE


def _parts_of(thing: str, report: Named) -> frozenset[str]:
    return frozenset(part for of, part in report.kinds if of == thing)


def common_things(reports: Collection[Named]) -> tuple[str, ...]:
    """Give the things that most reports name in the same word, the most named first."""
    counts: dict[str, int] = {}
    for report in reports:
        for thing in report.things:
            counts[thing] = counts.get(thing, 0) + 1
    needed = max(2, (len(reports) + 1) // 2)
    shared = [(count, thing) for thing, count in counts.items() if count >= needed]
    return tuple(thing for _, thing in sorted(shared, key=lambda each: (-each[0], each[1])))


WRITTEN = re.compile(r"[^\W_]+")


def as_written(things: Iterable[str], texts: Iterable[str]) -> tuple[str, ...]:
    """Give things as most people write them: Confluence, SAP."""
    written: dict[str, Counter[str]] = {thing: Counter() for thing in things}
    for text in texts:
        for word in WRITTEN.findall(text[:LONGEST_READ]):
            if (known := written.get(stem(folded(word)))) is not None:
                known[word] += 1
    return tuple(_most(forms) or thing for thing, forms in written.items())


def _most(forms: Counter[str]) -> str:
    """Give the form that most have; of as many, one that begins with a capital."""
    return max(forms, key=lambda form: (forms[form], form[:1].isupper(), form), default="")
