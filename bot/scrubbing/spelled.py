"""Secrets that are said letter by letter or turn by turn, as on the phone or at a safe."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.desk.privacy import Secret, SecretKind
from bot.scrubbing.words import PASSWORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

_HOW = (
    r"(?:capital|upper ?case|lower ?case|(?:exclamation|question) (?:mark|point)|hash(?: sign)?"
    r"|hashtag|(?:at|pound|dollar|percent|plus|equals) sign|ampersand|asterisk|underscore|hyphen"
    r"|dash|full stop"
    r"|gro(?:ß|ss)(?:es|er|geschrieben|buchstabe)?|klein(?:es|er|geschrieben)?|ausrufe?zeichen"
    r"|fragezeichen|bindestrich|unterstrich|raute|punkt|klammeraffe"
    r"|majuscule|minuscule|point d['’]exclamation|tiret|dièse|arobase"
    r"|may[úu]sculas?|min[úu]sculas?|signo de \w{1,12}|gui[óo]n|almohadilla|arroba"
    r"|mai[úu]scul[ao]|ponto de exclamação|maiuscol[ao]|minuscol[ao]|punto esclamativo|trattino"
    r"|hoofdletter|uitroepteken|vraagteken|streepje|hekje|apenstaartje"
    r"|wielk\w{1,4}|mał\w{1,4}|wykrzyknik|myślnik|velk\w{1,3}|mal\w{1,3}|vykřičník|pomlčka"
    r"|büyük|küçük|ünlem|tire|стор\w{1,3}|заглавн\w{1,3}|восклицательный|дефис"
    r"|ハイフン|大文字|小文字|びっくりマーク|アットマーク|アンダーバー)"
)
"""How a letter is written, and what marks are called."""
_PIECE = r"[^\s,;.:!?]{1,24}"
_NEXT = r"[\s,;、]{1,3}"
_RUN = (
    rf"((?:{_PIECE}{_NEXT}){{0,7}}?{_HOW}(?!\w)(?:{_NEXT}{_PIECE}){{0,9}}?{_NEXT}{_HOW}(?!\w)"
    rf"(?:{_NEXT}(?:{_HOW}|\w|\d{{1,4}})(?!\w)){{0,8}})"
)
_SAID = (
    r"(?:(?<!\w)(?:is|was|it['’]s|says?|spell(?:ed|s)?|ist|war|lautet|heißt|buchstabiert|diktiert"
    r"|est|c['’]est|dit|épelle|es|era|dijo|é|è|disse|detto|to|jest|je|это|yani)(?!\w)"
    r"(?: it| mir| es)?(?: so)?|[=:：])"
)
ALOUD = re.compile(rf"{_SAID}\s{{0,2}}{_RUN}", re.IGNORECASE)
TALKS = re.compile(
    rf"(?<!\w)(?:{PASSWORDS})(?!\w)|spell|buchstabier|diktier|épel|deletre|soletra|sillab|読み上げ"
    r"|(?<!\w)(?:log(?:ged|ging)? ?in|sign(?:ed|ing)? ?in|locked|gesperrt)(?!\w)",
    re.IGNORECASE,
)
"""What a message talks of in which something is spelled."""
OF_RULES = re.compile(
    r"(?<!\w)(?:needed|required|allowed|must|least|characters|pass\w{4,6}|nötig|verlangt|erlaubt"
    r"|zeichen|obligatoire|necesari[ao]|requerid[ao]|obrigatóri[ao]|richiest[ao]|verplicht)(?!\w)",
    re.IGNORECASE,
)
"""What is said of what passwords have to be like."""

_SIDE = (
    r"(?:right|left|clockwise|anti-?clockwise|rechts|links|droite|gauche|derecha|izquierda"
    r"|direita|esquerda|destra|sinistra|prawo|lewo|doprava|doleva|höger|vänster|sağa?|sola?|右|左)"
)
_TURN = (
    rf"(?:{_SIDE}[^\d\n]{{0,16}}(?:\d[^\d\n]{{1,8}})?\d{{1,2}}"
    rf"|\d{{1,2}}[^\d\n]{{0,4}}{_SIDE}(?: (?:once|twice)(?: around)?)?)"
)
TURNS = re.compile(rf"({_TURN}(?:[^\d\n]{{0,24}}?{_TURN}){{1,6}})", re.IGNORECASE)
LOCKS = re.compile(
    r"(?<!\w)(?:safe|vault|dial|padlock|combination|lock|tresor|safes?|schloss|coffre|cadenas"
    r"|caja fuerte|candado|cofre|cadeado|cassaforte|lucchetto|kluis|slot|sejf|trezor|kassaskåp"
    r"|kasa)(?!\w)|金庫|保险",
    re.IGNORECASE,
)


def spelled(text: str) -> Iterator[Secret]:
    """Find what is spelled aloud, and how a lock is turned."""
    if TALKS.search(text):
        for match in ALOUD.finditer(text):
            if OF_RULES.search(match.group(1)):
                continue
            yield Secret(*match.span(1), SecretKind.PASSWORD)
    if LOCKS.search(text):
        for match in TURNS.finditer(text):
            yield Secret(*match.span(1), SecretKind.CODE)
