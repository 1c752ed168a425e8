"""Secrets that are named: what follows "password", "PIN" or "api key", in many languages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.desk.privacy import Secret, SecretKind
from bot.scrubbing.shapes import Shape, has_digit, is_plain_word, shape_of

if TYPE_CHECKING:
    from collections.abc import Iterator

PASSWORDS = (
    r"\w{0,20}(?:pass?word|passwrod|passwd|passwort|kennwort|wachtwoord|l[öo]senord|passord"
    r"|adgangskode|kodeord|passphrase|passcode|pwd)(?:s|e|et|en|n)?"
    r"|mots? de passe|mdp|code secret|contrase[ñn]as?|clave|senhas?|palavras?[- ]passe"
    r"|parol[aăe]\w{0,2}(?: (?:d['’]ordine|chiave))?|hasł[oaem]{1,2}|haslo|salasana\w{0,6}"
    r"|hesl[oaem]{1,2}|[şs]ifre\w{0,5}|jelsz\w{1,8}|парол\w{1,3}|κωδικ\w{1,4}|סיסמה|סיסמא"
    r"|كلمة (?:السر|المرور)|(?:wi-?fi|wlan|network)(?: guest)?[- ](?:key|schlüssel|code)"
    r"|community string|shared secret|cl[ée] wi-?fi"
    r"|code wi-?fi|(?:lastpass|keepass|bitwarden|1password|vault) master|pw|p/w|pass|ww|l[öo]sen"
)
CODES = (
    r"geheimzahl|pin(?:s| ?codes?|-codes?| number| nummer)?|code pin|puk|cvv2?|cvc2?"
    r"|(?:verification|security|one[- ]time|sms|2fa|mfa|otp|login|auth\w*|recovery|backup|door"
    r"|access|safe|alarm|entry|gate)[- ]codes?|otp"
)
KEYS = (
    r"\w{0,40}(?:api|secret|access|private|encryption|auth|signing|master|licen[cs]e|shared"
    r"|account)[-_ ]{0,2}(?:key|token)|[\w-]{0,40}[-_](?:key|token|secret)"
    r"|(?:client|jwt|app|shared|webhook|api|consumer)[-_ ]{0,2}secret|apikey|apisecret"
    r"|bearer|token|key"
)
NAMED = re.compile(
    rf"(?<!\w)(?:(?P<password>{PASSWORDS})|(?P<code>{CODES})|(?P<key>{KEYS}))(?!\w)", re.IGNORECASE
)
KINDS = {"password": SecretKind.PASSWORD, "code": SecretKind.CODE, "key": SecretKind.KEY}

EASTERN = re.compile(
    r"(?:パスワード|パスコード|暗証番号|密码|密碼|口令|비밀번호|비번|암호)[^\x21-\x7e\n]{0,16}[:=]?\s?"
    r"([^\s\u3000-\u9fff\uac00-\ud7af\uff00-\uffef]{4,200})"
)
"""Languages that put no space between words."""

LOGIN = re.compile(
    r"(?<!\w)(?:log-?in|user(?:name)?|u/n|credentials|zugang\w*|usuario|identifiants?|utente|account"
    r"|gebruiker|credenziali|credenciales|inlog\w*|router|portal|admin|kontodaten|dane logowania"
    r"|логин|giriş)\b[^\n/]{0,40}? ?/ ?(\S{4,200})",
    re.IGNORECASE,
)
"""Name and password with a stroke between: `admin / …`."""

PAIR = re.compile(
    r"(?<!\w)(?:(?:u|user|id|l|login)\s?[:=]\s?\S{2,60}[\s,;/]{1,3}p(?:w|ass)?\s?[:=]\s?(\S{4,200})"
    r"|(?:credentials|credenziali|zugangsdaten)\b[^\n:]{0,20}[ :]\s?[\w.-]{2,40}:(\S{4,200})"
    r"|(?:inlog|log-?in|логин|usuario|benutzer)\s[\w.@-]{3,60}\s(\S{6,200})"
    r"|(?:with|mit|avec|con|met|med|com|jako|als)\s[\w.@-]{3,60}\s?(?:/|\band\b|\bund\b)\s?(\S{6,200})"
    r"|(?:protected|encrypted|locked|geschützt|verschlüsselt|protégé)\s(?:with|by|mit|par)\s(\S{6,200}))",
    re.IGNORECASE,
)
"""Name and password one after the other, in short; and what something was locked with."""
SPOKEN_PAIRS = {3, 4, 5}

INNER = re.compile(r"[^\W\d_][.&_+-][^\W\d_a-z]")
"""A mark between words of which the second begins large: `Soleil.Levant`."""

VERBS = frozenset(
    (
        "is was are ist war lautet lautete est c'est c’est était es era é è e' är var er je bylo "
        "este volt είναι это є = : := => -> – - — ："
    ).split()
)
VERBS_OF = {"sala": frozenset({"on", "oli"}), "hasł": frozenset({"to", "to:"})}
"""Verbs that are other words in other languages, by how the word before them begins."""

FOREIGN = re.compile(r"[^\x00-\u024f]")
"""Letters that are not Latin: a Latin word behind them is no part of the sentence."""

MINE = re.compile(r"(?:[şs]ifrem|parolam|jelszavam|salasanani|mdp|pwd)", re.IGNORECASE)
"""Words that say "my password", and short forms that are written before one only."""

NAMED_BEFORE = re.compile(
    r"(?<!\w)(?:user(?:name)?|u/n|log-?in|benutzer\w*|identifiant|usuario|utente|gebruiker|användare)"
    r"\W{1,4}\S{2,60}[\s,;/]{1,3}(?:and |und |et |y |e |en |i |och )?(?:the |das |le |la |my )?$",
    re.IGNORECASE,
)
"""A name that somebody signs in with, just before the word for the secret."""
PUT = re.compile(
    r"(?<!\w)(?:set(?: \w+)? (?:to|as)|put|typed|entered|keyed|used|mis|utilisé|puse|usé|coloquei"
    r"|usei|messo|eingegeben|gesetzt|ingevuld|wpisałem|skrev)\W+$",
    re.IGNORECASE,
)
"""Just before what somebody put as their password."""
WINDOW = 7
"""So many words after the name of a secret are looked at."""

NEAR = 2
"""So far from its name, something need look less like a secret: "the password for it: …"."""

WORD = re.compile(r"\S{1,300}")
OPENING = re.compile(r"[\"'’`*_]{0,3}(?:\]|\))?\s?(?::=|=>?|:|->|['’]s\b|：)")
"""What joins the name of a secret to it without a space."""
SPOKEN = re.compile(r" [^\W\d_]+ [^\W\d_]+")
MARKS = ":=->–—\"'`("
OPENED, CLOSED = "\"'`“„«(", "\"'`”»)"
SHORTEST_KEY = 16
"""What is shorter is the name of a key."""
EDGES = "\"'`´‘’“”«»„()[]{}<>,;*_"
TRAILING = EDGES + ".:!?。，、"


def words(text: str) -> Iterator[Secret]:
    """Find what the words around it call a secret."""
    for match in EASTERN.finditer(text):
        yield _trimmed(text, *match.span(1), SecretKind.PASSWORD)
    for match in LOGIN.finditer(text):
        if shape_of(match.group(1).strip(TRAILING)) >= Shape.MIXED:
            yield _trimmed(text, *match.span(1), SecretKind.PASSWORD)
    for match in PAIR.finditer(text):
        group = next(n for n in range(1, 6) if match.group(n))
        least = Shape.STRONG if group in SPOKEN_PAIRS else Shape.MIXED
        if shape_of(match.group(group).strip(TRAILING)) >= least:
            yield _trimmed(text, *match.span(group), SecretKind.PASSWORD)
    for match in NAMED.finditer(text):
        kind = KINDS[str(match.lastgroup)]
        yield from _after(text, match.end(), kind)
        if kind is SecretKind.PASSWORD:
            yield from _before(text, match.start())


def _after(text: str, at: int, kind: SecretKind) -> Iterator[Secret]:
    """Look at the words that follow; nearer ones need look less like a secret."""
    line_end = text.find("\n", at)
    stop = len(text) if line_end < 0 else line_end
    named = _name_before(text, at)
    verbs = VERBS | VERBS_OF.get(named.lower()[:4], frozenset())
    said, colon = _says_so(text, at, named), False
    for number, match in enumerate(_some(text, at, stop)):
        start, end = match.span()
        if start == at and (opening := OPENING.match(text, start, end)):
            said, start = True, opening.end()
            colon = ":" in opening.group()
        piece = text[start:end]
        if not piece.strip(MARKS) or piece.lower().strip("\"'`") in verbs:
            said, colon = True, colon or ":" in piece
            continue
        secret = _trimmed(text, start, end, kind)
        where = _Place(
            number,
            said=said,
            quoted=piece[0] in OPENED or piece[-1] in CLOSED,
            last=not text[end:stop].strip(),
            sentence=colon and SPOKEN.match(text, end, stop) is not None,
        )
        if _is_secret(text[secret.start : secret.end], kind, where):
            yield secret
        said, colon = piece.endswith((":", "=")), piece.endswith(":")


@dataclass(frozen=True)
class _Place:
    """How a word stands to the name of a secret; `said` where a verb or colon is just before."""

    number: int
    said: bool
    quoted: bool
    last: bool
    sentence: bool
    """A colon before it and words behind it: what follows is a sentence."""


def _is_secret(word: str, kind: SecretKind, where: _Place) -> bool:
    shape = shape_of(word)
    if kind is SecretKind.CODE:
        return shape is Shape.CODE
    if kind is SecretKind.KEY:
        return shape >= Shape.MIXED and len(word) >= SHORTEST_KEY
    near = where.number <= NEAR
    if shape is Shape.MIXED:
        bare = where.number > 0 and not where.quoted and not where.last
        return where.said or not bare or (near and has_digit(word))
    if shape is Shape.CODE:
        return where.number == 0 or near
    if shape is Shape.PLAIN and where.said:
        joined = where.number <= 1 and INNER.search(word) is not None
        return joined or (is_plain_word(word) and not where.sentence)
    return shape is Shape.STRONG


def _says_so(text: str, at: int, named: str) -> bool:
    """Whether no verb is needed: `user … password …`, `my password` in one word, another script."""
    return bool(
        FOREIGN.match(named)
        or MINE.fullmatch(named)
        or NAMED_BEFORE.search(text, max(0, at - 120), at - len(named))
    )


def _name_before(text: str, at: int) -> str:
    """Give the word that ends at a place."""
    return text[text.rfind(" ", 0, at) + 1 : at].lstrip("\n\"'`(,;")


def _before(text: str, at: int) -> Iterator[Secret]:
    """Look at the words before: `Is … a good password?`."""
    line = text.rfind("\n", 0, at) + 1
    found = list(WORD.finditer(text, max(line, at - 60), at))
    for match in found[-4:]:
        secret = _trimmed(text, *match.span(), SecretKind.PASSWORD)
        word = text[secret.start : secret.end]
        shape = shape_of(word)
        if shape is Shape.STRONG or (
            shape is Shape.MIXED and PUT.search(text, line, match.start())
        ):
            yield secret


def _some(text: str, at: int, stop: int) -> Iterator[re.Match[str]]:
    position = at
    for _ in range(WINDOW):
        match = WORD.search(text, position, stop)
        if match is None:
            return
        yield match
        position = match.end()


def _trimmed(text: str, start: int, end: int, kind: SecretKind) -> Secret:
    """Leave out quotation marks and what ends a sentence."""
    while end - start > 1 and text[start] in EDGES:
        start += 1
    while end - start > 1 and text[end - 1] in TRAILING and not _belongs(text[start:end]):
        end -= 1
    return Secret(start, end, kind)


def _belongs(word: str) -> bool:
    """Whether a mark at the end may be the password's own: `Sommer2024!`."""
    return word[-1] in "!?*_" and shape_of(word[:-1]) >= Shape.MIXED
