"""What speaks against an end in words that look like one: "it worked yesterday" settles nothing."""

from __future__ import annotations

from bot.desk.asking import corrects, phrases, plain_words, spaced
from classifier.features.concepts import sayings_of

GOES_ON = frozenset({"still", "failed", "cannot", "not_helping", "worse"})
"""Whoever says so is not done."""

TRIED = frozenset({"all_steps", "tried"})
WENT_WELL = frozenset({"works", "helped"})
""""I tried the restart and it worked" is an end, "tried all of that" is none;"""

WELCOME = frozenset(
    {"no_need", "thanks", "solved", "now", "finally", "done", "found", "great", "arrived", "prints"}
    | {"since"}
)
"""and so is what has something of this, if no more: "works now, no more errors, thanks"."""

CORRECTED = frozenset({"it_was", "not"})
"""\"It was by cable, not by Wi-Fi" says what was the matter only where something works now."""

_BEFORE = """\
yesterday
last week
last month
last friday
last monday
used to
on monday
on tuesday
on wednesday
on thursday
on friday
this morning it
earlier it
gestern
vorgestern
letzte woche
früher ging
vorher ging
bis heute
am freitag
am montag
ça marchait
avant ça
la semaine dernière
hier ça
hier encore
ayer
la semana pasada
antes funcionaba
antes iba
antes sí
ontem
semana passada
antes funcionava
antes ia
ieri
settimana scorsa
prima funzionava
prima andava
gisteren
vorige week
eerst deed
eerst werkte
wczoraj
w zeszłym tygodniu
wcześniej działało
não deu
não funcionou
no funcionó
non ha funzionato
ça n'a pas marché
hat nicht geklappt
igår
förra veckan
dün
geçen hafta
"""
_ELSEWHERE = """\
everyone else
everybody else
anyone else
for others
for the others
other people
others can
on the phone it
on my phone it
on my mobile it
on the other
bei den anderen
bei anderen
bei allen anderen
bei den kollegen
am handy
auf dem handy
chez les autres
pour les autres
aux autres
sur mon téléphone
sur le téléphone
sur l'autre
a los demás
a los otros
a otros
a mis compañeros
en el móvil
en el otro
para os outros
dos outros
nos outros
com os outros
no celular
no outro
agli altri
ai colleghi
per gli altri
sul telefono
sull'altro
bij anderen
bij de anderen
bij collega's
op mijn telefoon
u innych
u kolegów
na telefonie
hos andra
på telefonen
başkalarında
diğerlerinde
"""  # noqa: RUF001 - Turkish
_UNSPACED = """\
昨日
先週
以前は
他の人
みんなは
ほかの人
携帯では
스마트폰에서는
다른 사람
어제
지난주
昨天
上周
别人
其他人
"""
SPACED = phrases(_BEFORE + _ELSEWHERE)
UNSPACED = tuple(_UNSPACED.splitlines())
"""When, or where, it works: then, and there, it does not now, or not here."""


CONTENT_ALONE = frozenset({"thanks", "great", "ok"})


def means_another(text: str) -> bool:
    """Tell whether something else was meant; "no wait, it works now" says nothing of the kind."""
    return corrects(text) and not set(sayings_of(text).split()) & (WELCOME | WENT_WELL)


def merely_thanks(text: str) -> bool:
    """Tell whether thanks are all that is said: what was asked back is not answered by them."""
    says = set(sayings_of(text).split())
    return "thanks" in says and says <= CONTENT_ALONE


def speaks_against_an_end(text: str) -> bool:
    """Tell whether something in words that seem to settle a matter says that it goes on."""
    says = set(sayings_of(text).split())
    if says & GOES_ON:
        return True
    if says & TRIED and not says & WENT_WELL:
        return True
    content = says & WELCOME
    if not content and (says >= CORRECTED or ("not" in says and says & WENT_WELL)):
        return True
    said = spaced(plain_words(text))
    there = any(each in said for each in SPACED) or any(each in said for each in UNSPACED)
    return there and not content
