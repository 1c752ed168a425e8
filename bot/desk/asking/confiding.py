"""Whether somebody would rather not go on where others read: "not here please"."""

from __future__ import annotations

from bot.desk.asking.phrasing import phrases, plain_words, spaced

LONGEST = 9
"""Who writes more words tells more than that."""

_WHOLE = """\
not here please
please not here
rather not here
id rather not here
not in public
not in this channel
privately please
in private please
lieber nicht hier
bitte nicht hier
nicht hier bitte
lieber privat
bitte privat
unter vier augen
lieber unter vier augen
pas ici svp
pas ici s'il vous plaît
je préfère pas ici
plutôt pas ici
en privé
en privé svp
plutôt en privé
aquí no por favor
mejor aquí no
en privado
mejor en privado
en privado por favor
aqui não por favor
melhor não aqui
em privado
no privado
em particular
non qui per favore
meglio non qui
in privato
meglio in privato
liever niet hier
niet hier graag
liever privé
onder vier ogen
wolę nie tutaj
lepiej nie tutaj
prywatnie
wolę prywatnie
na osobności
helst inte här
helst ikke her
burada olmasın
лучше не здесь
краще не тут
"""  # noqa: RUF001 - Turkish
WHOLE = frozenset(_WHOLE.splitlines())
"""All that is said."""

_WITHIN = """\
rather not say here
rather not talk about it here
rather not talk here
rather not write it here
prefer not to say here
prefer not to talk here
prefer not to write it here
don't want to say it here
don't want to talk about it here
talk in private
talk privately
speak in private
speak privately
nicht hier schreiben
nicht hier sagen
nicht hier reden
hier nicht schreiben
hier nicht sagen
hier nicht reden
hier nicht öffentlich
pas en parler ici
pas parler ici
pas le dire ici
pas l'écrire ici
en parler en privé
no hablar aquí
no decirlo aquí
no escribirlo aquí
hablar en privado
não falar aqui
não dizer aqui
não escrever aqui
falar em privado
falar em particular
non parlarne qui
non dirlo qui
non scriverlo qui
parlarne in privato
niet hier zeggen
niet hier bespreken
hier niet zeggen
hier niet over praten
nie chcę tutaj
nie chcę tu o tym
wolę nie pisać tutaj
"""
WITHIN = phrases(_WITHIN)
"""What is said so, whatever stands around it."""

_UNSPACED = """\
ここでは話せ
ここでは言え
ここでは言いにく
ここではちょっと
個別に相談
内密に
"""
UNSPACED = tuple(_UNSPACED.splitlines())
"""The same, where blanks part no words."""


def wishes_privacy(text: str) -> bool:
    """Tell whether somebody wants to go on where nobody else reads, and says little else."""
    words = plain_words(text)
    if len(words) > LONGEST:
        return False
    alone, said = " ".join(words), spaced(words)
    if alone in WHOLE or alone.replace("'", "") in WHOLE:
        return True
    return any(each in said for each in WITHIN) or any(each in alone for each in UNSPACED)
