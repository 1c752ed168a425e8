"""Secrets that are made of plain words: a phrase, an answer that proves who somebody is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.desk.privacy import Secret, SecretKind
from bot.scrubbing.shapes import STOP
from bot.scrubbing.words import PASSWORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

_VERB = (
    r"(?:(?<!\w)(?:is|was|are|ist|war|lautet|heißt|est|c['’]est|es|era|é|è|är|er|это)(?!\w)|[=:：])"
)
_WORDS = r"([^\s.,;:!?()\"“”„«»]{1,30}(?: [^\s.,;:!?()\"“”„«»]{1,30}){1,23})"

QUOTED = re.compile(
    rf"(?<!\w)(?:{PASSWORDS})(?!\w)(?: {_VERB} ?|\s?[:=]\s?|\s(?=.[^\"”“»'’`\n]{{0,80}}\d))"
    r"[\"“„«'‘`]([^\s\"“”„«»'’`]{1,40} [^\"“”„«»'’`\n]{2,80})[\"”“»'’`]",
    re.IGNORECASE,
)
"""What stands in quotation marks behind the word for it: said to be it, or with a digit in it."""

PHRASE = re.compile(
    r"(?<!\w)(?:pass[- ]?phrases?|(?:recovery|seed|mnemonic|backup) (?:phrase|words)"
    r"|wiederherstellungs(?:phrase|wörter)|phrase (?:de passe|secrète|de récupération)"
    r"|frase (?:segreta|de contraseña|de recuperación|de recuperação|di recupero|secreta)"
    r"|wachtwoordzin|lösenfras\w{0,2}|парольная фраза|фраза восстановления)"
    rf"(?: \w{{1,12}}){{0,3}}? ?{_VERB}\s?{_WORDS}",
    re.IGNORECASE,
)
"""A row of words that is named as one."""

_ASKED = (
    r"(?:(?:maiden|memorable) (?:name|word)|mädchenname\w?|nom de jeune fille"
    r"|apellido de soltera|nome de solteira"
    r"|cognome da nubile|meisjesnaam|nazwisko panieńskie|flicknamn|девичья фамилия"
    r"|first pet|erstes haustier|premier animal|primera mascota|primeiro animal"
    r"|(?:security|secret|recovery) (?:question|answer)|sicherheits(?:frage|antwort)"
    r"|geheime antwort|(?:question|réponse) (?:secrète|de sécurité)"
    r"|(?:pregunta|respuesta) (?:secreta|de seguridad)"
    r"|(?:pergunta|resposta) (?:secreta|de segurança)"
    r"|domanda di sicurezza|risposta segreta|beveiligingsvraag|pytanie (?:pomocnicze|kontrolne))"
)
ANSWER = re.compile(
    rf"(?<!\w)(?i:{_ASKED})(?!\w)[^\n.?]{{0,60}}?(?<=[\w )\"])(?i:{_VERB})\s?"
    r"([\"'“„]?[^\W\d_a-zà-öø-ÿ][\w'’-]{2,30}(?: [^\W\d_a-zà-öø-ÿ][\w'’-]{1,30}){0,2})",
)
"""What a service asks to know somebody again: the name that is said."""

PUT = re.compile(
    r"(?<!\w)(?:changed|reset|set) (?:it|that|(?:the|my) (?:password|pw)) (?:back )?to"
    r" ([a-z]{16,40})(?!\w)",
    re.IGNORECASE,
)
"""Words without a space between, where something was changed to them."""

FOR_APPS = re.compile(
    r"(?<!\w)(?:app(?:lication)?|アプリ|anwendungs|app-)[- ]?(?:pass(?:word|wort|code)|パスワード)"
    r"[^\n]{0,80}?(?<!\S)([a-z]{4}(?: [a-z]{4}){3})(?![^\s,.;!?])",
    re.IGNORECASE,
)
"""Four times four letters, as Google shows them."""

TOLD = re.compile(
    rf"(?<!\w)(?i:{_ASKED})(?!\w)[^\n]{{0,70}}?(?<!\w)(?i:"
    r"(?:i|we|he|she|it|they) (?:put|said|typed|entered|answered|wrote|gave|have|was)"
    r"|(?:it|that)['’]s|(?:hatte|habe) ich(?: da)?|ich (?:habe|hatte)"
    r"|j['’]ai (?:mis|répondu|écrit|tapé)|moi j['’]ai|puse|respondí|coloquei|respondi"
    r"|ho (?:messo|scritto|risposto)|ingevuld|wpisał[ae]m|podał[ae]m)\s"
    r"([\"'“„«]?[^\W\d_a-zà-öø-ÿ][\w'’.-]{1,30}(?: [^\W\d_a-zà-öø-ÿ][\w'’-]{1,30}){0,2})"
    r"|(?:旧姓|ペットの名前|秘密の質問|合言葉|出身小学校)[^\n。、]{0,16}(?:と(?:聞かれ|言われ)\w{0,4}|[をは？?」])([^\s。、「」]{1,12})と(?:答え|入れ|入力|書)",
)
"""What somebody answered, as they tell it."""

KEYPAD = re.compile(
    r"(?<!\w)(?:codes?|code d['’]entrée|código|codice|kod|код)(?!\w)[^\n.#*]{0,40}?(?<![\w#*-])"
    r"(\d{3,8}[#*])(?![\w#*])",
    re.IGNORECASE,
)
"""What is typed at a door."""

BEGIN = frozenset(
    "on in at by for of to from used do does did can how why if so too not needed asked "
    "auf im am an bei nicht zu dans sur en na sul im".split()
)
"""What something else is said with than a phrase: "is on the wall", "is too short"."""


def phrases(text: str) -> Iterator[Secret]:
    """Find secrets that are words, and numbers that are named as somebody's own."""
    for pattern in (QUOTED, PHRASE):
        for match in pattern.finditer(text):
            if _may_be_one(match.group(1)):
                yield Secret(*match.span(1), SecretKind.PASSWORD)
    for match in ANSWER.finditer(text):
        if match.group(1).lower().strip("\"'“„").split()[0] not in STOP:
            yield Secret(*match.span(1), SecretKind.PASSWORD)
    for match in TOLD.finditer(text):
        said = match.group(match.lastindex or 0)
        if said.lower().strip("\"'“„«").split()[0] not in STOP:
            yield Secret(*match.span(match.lastindex or 0), SecretKind.PASSWORD)
    for pattern in (PUT, FOR_APPS):
        for match in pattern.finditer(text):
            yield Secret(*match.span(1), SecretKind.PASSWORD)
    for match in KEYPAD.finditer(text):
        yield Secret(*match.span(1), SecretKind.CODE)


def _may_be_one(words: str) -> bool:
    """Whether nothing in it is what a screen or a person says about a password."""
    said = words.lower().split()
    return said[0] not in BEGIN and not STOP.intersection(said)
