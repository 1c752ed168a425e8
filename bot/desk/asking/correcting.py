"""Whether somebody says that they meant something else than they had asked."""

from __future__ import annotations

from bot.desk.asking.phrasing import phrases, plain_words, spaced

_MEANT = """\
i meant
i mean the
i was talking about
no wait
wait no
ich meinte
ich meine den
ich meine die
ich meine das
nein warte
je voulais dire
je voulais parler
je parlais de
non attends
non pardon
quise decir
quería decir
me refiero a
me refería
no espera
quis dizer
queria dizer
me refiro
me referia
não espera
intendevo
volevo dire
mi riferivo
no aspetta
ik bedoel de
ik bedoel het
ik bedoelde
nee wacht
miałem na myśli
miałam na myśli
chodziło mi o
jag menade
jag menar
"""
MEANT = phrases(_MEANT)
UNSPACED = ("じゃなくて", "ではなくて", "ではなく、", "の間違い")

LONGEST = 14
"""Who writes more words tells it anew."""


def corrects(text: str) -> bool:
    """Tell whether words put something else in the place of what was asked: "I meant the other"."""
    words = plain_words(text)
    if len(words) > LONGEST:
        return False
    said = spaced(words)
    return any(each in said for each in MEANT) or any(each in text for each in UNSPACED)
