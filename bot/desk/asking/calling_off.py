"""Whether somebody who is done calls it off, or says that it works."""

from __future__ import annotations

import re

CALLED_OFF = re.compile(
    r"\b(?:cancel(?:l?ed|ling)?|never ?mind|nvm|forget (?:it|about it|that)|call it off"
    r"|scratch that|drop it|withdraw|(?:disregard|ignore) (?:that|this|it|my)|leave it"
    r"|no longer needed"
    r"|(?:no longer|don['\u2019]?t|do not) need (?:it|this|that|you|help)"
    r"|vergiss (?:es|das)|vergessen sie (?:es|das)|storniere?n?|abbrechen|zurückziehen"
    r"|(?:nicht mehr|nimmer) nötig|brauch(?:e|en)? (?:ich |wir )?(?:es |das |ihn |sie )?nicht mehr"
    r"|hat sich erledigt|annule[rz]?|laisse[rz]? tomber|oublie[rz]?|n['\u2019]ai plus besoin"
    r"|cancela(?:r|lo|la|do|da)?|cancele(?:n|m)?|anula(?:r|lo|la)?|anule|déjalo|dejalo|déjelo"
    r"|olvídalo|olvidalo|olvídelo|ya no (?:lo |la )?necesito|no hace falta|esque[çc][ea]"
    r"|deixa (?:pra|para) lá|não preciso mais|annulla(?:re|te)?|lascia(?:te)? (?:perdere|stare)"
    r"|non (?:mi |ci )?serve più|laat maar|vergeet het|annuleer|niet meer nodig|anuluj(?:cie)?"
    r"|nieważne|już nie (?:trzeba|potrzebuję)|boş ?ver|iptal(?: et| edin)?|vazgeçtim|glöm det"
    r"|avbryt|behövs inte|скасу(?:й|йте|вати)|забудь(?:те)?|уже не треба|отмен(?:а|и|ите)"
    r"|уже не (?:надо|нужно))\b"
    r"|キャンセル|取り消|もういい|取消|算了|不用了|취소|됐어요",
    re.IGNORECASE,
)
WORKS = re.compile(
    r"\b(?:works?|worked|working|fixed|solved|resolved|sorted|fine|back|found it|got it|did it"
    r"|did the trick|now i can|can log in|gelöst"
    r"|behoben|läuft|funktioniert|klappt|geht|fonctionne|marche|résolue?|réglée?|réparée?|funciona"
    r"|funcionó|resuelt[oa]|solucionad[oa]|arreglad[oa]|resolvid[oa]|funcionou|funcionando|risolto"
    r"|funziona|werkt|opgelost|działa|rozwiązan[ea]|çalışıyor|çözüldü|düzeldi|fungerar|löst|працює"
    r"|вирішено|работает|заработал[оа]?|решено|решилось)\b"
    r"|直り|治り|解決|動[いき]|好了|解决了|해결|잘 돼",
    re.IGNORECASE,
)


def calls_off(text: str) -> bool:
    """Tell whether words end a request for want of need: nothing that was shown solved it.

    "Forget it, it works now" says that it is solved, whoever solved it.
    """
    return CALLED_OFF.search(text) is not None and WORKS.search(text) is None
