"""Which of several choices somebody names in words, where buttons stood for them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

WORDS = re.compile(r"\w+")
SIGNS = re.compile(r"[+-]?\w+")

_FIRST = (
    "1 1st one first erste erster erstes ersten eins primer primero primera primeiro primeira "
    "premier première premiere un primo prima uno eerste een pierwszy pierwsza pierwsze pierwszą "
    "jeden ilk ilki birinci birincisi bir första ett перше перша перший первое первый первая "
    "primul prima první ensimmäinen πρώτο 一つ目 第一 最初 1番 첫번째 첫 第一个 الأول الأولى أول"
)
_SECOND = (
    "2 2nd two second zweite zweiter zweites zweiten zwei segundo segunda dos deuxième deuxieme "
    "deux second seconde due secondo seconda tweede twee drugi druga drugie drugą dwa ikinci "
    "ikincisi iki andra två друге друга другий второе второй вторая doua doilea druhý toinen "
    "δεύτερο 二つ目 第二 2番 두번째 둘째 第二个 الثاني الثانية ثاني"
)
_THIRD = (
    "3 3rd three third dritte dritter drittes dritten drei tercer tercero tercera terceiro "
    "terceira tres três trois troisième troisieme terzo terza tre derde drie trzeci trzecia "
    "trzecie trzy üçüncü üç tredje третє третя третій третье третий третья treia treilea třetí "
    "kolmas τρίτο 三つ目 第三 3番 세번째 第三个 الثالث الثالثة ثالث"
)
_LAST = (
    "last bottom letzte letzter letztes letzten letzteres último ultimo última ultima "
    "dernier dernière derniere laatste ostatni ostatnia ostatnie sonuncu sonuncusu sista "
    "останнє останній последнее последний poslední viimeinen τελευταίο 最後 마지막 最后 最后一个 "
    "الأخير الأخيرة"
)
LAST = frozenset(_LAST.split())
PLACES = {
    word: place for place, words in enumerate((_FIRST, _SECOND, _THIRD)) for word in words.split()
}

_BESIDE = (
    "the one option number no nr choice answer article button yes yeah yep please pls "
    "thanks thx ok okay it is its s would be i mean think guess probably that this of "
    "them so das die der den dem ist wäre es ja bitte nummer option danke ich meine "
    "glaube wohl la le les el il lo o a os as un une l de du do da del opción opcion "
    "opção numéro número numero sí si sim oui por favor svp stp merci gracias obrigado "
    "obrigada grazie per piacere c est es é e het dat is ja graag alsjeblieft optie to ta "
    "esa ese essa esse esta este isto questo questa quello quella celui celle ça ci là deze die "
    "tak proszę opcja lütfen evet olan den det tack варіант так будь ласка да пожалуйста "
    "вариант です の お願いします で 요 이요 번째 个 个吧 吧 番 目"
)
BESIDE = frozenset(_BESIDE.split())
"""What is said around a place, and chooses nothing by itself."""

FIRST_CJK = "\u3000"

_YES = (
    "yes yeah yep yup yea ya sure correct exactly indeed right ja jap jo jawohl genau richtig "
    "stimmt oui ouais exact exactement si sí claro exacto eso sim isso exato sì esatto certo tak "
    "dokładnie dokladnie zgadza evet aynen da да точно так はい そうです ええ 네 예 맞아요 "
    "응 是 是的 对 對 嗯 نعم ايوه أيوه igen ano jo kyllä precis precies klopt inderdaad"
)
_ACKNOWLEDGED = "+1 thumbsup white_check_mark ok okay okej oké vale"
ACKNOWLEDGED = frozenset(_ACKNOWLEDGED.split())
"""Said to what asks nothing, too."""
YES = frozenset(_YES.split()) | ACKNOWLEDGED
_NO = (
    "no nope nah nein nee nö non não nao nie hayır hayir yok нет ні "  # noqa: RUF001 - Turkish
    "いいえ いえ 아니요 아니 아뇨 不 不是 没有 لا nej nei nem ei -1 thumbsdown"
)
NO = frozenset(_NO.split())
NODS = ("👍", "✅", "👌")

_POINTS = "isso isto eso esto right"
POINTS = frozenset(_POINTS.split())
"""Which say yes where they stand by themselves, and else begin any sentence."""

BUT = re.compile(
    r"\b(?:but|however|except|aber|jedoch|allerdings|nur dass|mais|sauf que|pero|sólo que|solo que"
    r"|mas|porém|però|maar|ale|ama|fakat|men|але|но)\b|でも|けど|但是|不过|하지만|그런데",
    re.IGNORECASE,
)
"""Behind which stands what speaks against what was just said."""

TELLING = 4
"""A word of a title chooses from so many letters on: "the" and "for" stand in any."""

MOSTLY = 0.5
"""So many of the telling words must be a title's: "did you read it" asks for no read access."""

FEW = 8
"""Who writes more words than this tells more than which it is."""


def chosen(text: str, titles: Sequence[str]) -> int | None:
    """Give the place of the choice that is named; None where none is, or more than one.

    By its place where nothing else is said ("the second one please", not "the company one" or
    "floor 2"), else by words that one title alone has.
    """
    words = WORDS.findall(text.casefold())
    if len(words) > FEW:
        return None
    place = _by_place(words, len(titles))
    if place is not None:
        return place
    if words and words[0] in NO:
        # "No, it's not full, it's the search" chooses no "My mailbox is full".
        return None
    named = {word for word in words if len(word) >= TELLING and word not in BESIDE}
    titled = [
        place
        for place, title in enumerate(titles)
        if len(named & set(WORDS.findall(title.casefold()))) >= max(1, MOSTLY * len(named))
    ]
    return titled[0] if len(titled) == 1 else None


def agrees(text: str) -> bool:
    """Tell whether somebody says yes, and nothing else."""
    words = SIGNS.findall(text.casefold())
    nods = any(nod in text for nod in NODS)
    says_it = (nods or bool(YES & set(words))) and not NO & set(words)
    return says_it and all(word in YES | BESIDE for word in words)


def only_nods(text: str) -> bool:
    """Tell whether a thumb or "ok" is all: that may be a yes, or mean that it was read."""
    words = set(SIGNS.findall(text.casefold()))
    return agrees(text) and not (YES - ACKNOWLEDGED) & words


def refuses(text: str) -> bool:
    """Tell whether somebody says no, and nothing else."""
    words = SIGNS.findall(text.casefold())
    says_it = bool(NO & set(words)) and not YES & set(words)
    return says_it and all(word in NO | BESIDE for word in words)


def begins_with_yes(text: str) -> bool:
    """Tell whether somebody says yes first, whatever follows; "eso no me ayudó" says no yes."""
    first = SIGNS.search(text.casefold())
    if first is None or first.group() not in YES:
        return False
    rest = text[first.end() :].strip()
    return first.group() not in POINTS or not rest or not rest[0].isalnum()


def objection(text: str, titles: Sequence[str]) -> tuple[int, str] | None:
    """Give the place of what is chosen, and the words that speak against it; None where none do.

    "Yes, that one, but I have no such button". Yes alone chooses where there is one choice.
    """
    but = BUT.search(text)
    if but is None:
        return None
    head, tail = text[: but.start()], text[but.end() :].strip(" ,;:-\n")
    place = chosen(head, titles)
    if place is None and len(titles) == 1 and agrees(head):
        place = 0
    return None if place is None or not WORDS.search(tail) else (place, tail)


def _by_place(words: Sequence[str], choices: int) -> int | None:
    said = [word for word in words if word not in BESIDE] or [w for w in words if w in PLACES]
    if len(said) != 1:
        return None
    word = said[0] if said[0] < FIRST_CJK else _beginning(said[0])
    place = choices - 1 if word in LAST else PLACES.get(word)
    return place if place is not None and place < choices else None


def _beginning(word: str) -> str:
    """Give the place that a run of signs begins with: no blanks part words there."""
    return next((word[:end] for end in range(4, 0, -1) if word[:end] in {*PLACES, *LAST}), "")
