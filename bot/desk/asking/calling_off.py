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
LEAVE = re.compile(
    r"(?:\W{0,3}(?:ok|okay|ah|oh|na|nein|non|no|não|nee|nej|nie|bon|ach|ja|well)\b){0,2}\W{0,3}"
    r"(?:leave it|never ?mind|forget it|(?:there['\u2019]?s )?no need"
    r"|don['\u2019]?t (?:bother|worry)"
    r"|(?:das )?passt (?:schon|so)|lassen? sie(?: es| das)?(?: gut sein| sein)?"
    r"|lass(?:['\u2019]?t?['\u2019]?s|t|en wir)?(?: es| das| mal)?(?: gut sein| sein| gut)?"
    r"|schon gut|nicht nötig|vergiss es"
    r"|laisse[rz]?(?: tomber| ça| cela)?|ne (?:vous|te) (?:dérange[zs]?|inquiète[zs]?) pas"
    r"|(?:ce n['\u2019]est )?pas la peine|inutile|finalement non"
    r"|d[eé]jad?(?:lo|la)|d[eé]je(?:n)?(?:lo|la)?|no hace falta|no se preocup[ea]n?|da igual"
    r"|deix[ae]m?(?: pra lá| estar| quieto)?|não precisam?|não se preocupem?|esquec[ea]m?"
    r"|lasci(?:a|ate|no)?(?: stare| perdere)?|non (?:serve|importa)|non si preoccupi"
    r"|laat(?: het)? maar(?: zitten)?|niet nodig|hoeft niet|nie trzeba|nieważne|zostawcie"
    r"|boş ?ver(?:in)?|gerek yok|strunta i det|behövs inte|не (?:надо|нужно|треба)|оставьте|залиште"
    r")(?!\w)|\W{0,3}(?:大丈夫です|(?:もう)?結構です|もういいです)",
    re.IGNORECASE,
)
"""How words begin that leave a request."""

ON_MY_OWN = re.compile(
    r"\b(?:i['\u2019]?(?:ll| will|['\u2019]?m going to) (?:just )?(?:sort|take|ask|speak|talk|see"
    r"|do|fix|handle|deal|raise|bring|go|call|ring)"
    r"|ich (?:werde |regel|regle|klär|kläre|sprech|spreche|red|rede|frag|frage|kümmer|kümmere|mach"
    r"|mache|wend|wende|geh|gehe|ruf|rufe)"
    r"|je (?:le |la |les )?(?:verrai|vois|vais|règle\w*|demande\w*|passe\w*|parle\w*|traite\w*"
    r"|contacte\w*|m['\u2019](?:en|arrange\w*|adresse\w*)|me (?:débrouille\w*|renseigne\w*))"
    r"|j['\u2019](?:en (?:parle|discute)\w*|irai|appelle\w*|écri\w+)"
    r"|(?:ya )?l[oa] (?:\w+ )?(?:hablo|hablaré|veo|veré|arreglo|arreglaré|consulto|consultaré"
    r"|trato|trataré|miro|pregunto|preguntaré|resuelvo|resolveré)|me (?:encargo|apaño)"
    r"|(?:eu )?(?:mesm[oa] )?(?:resolvo|falo|vejo|pergunto|trato|vou|ligo|procuro|converso)"
    r"|(?:ne )?(?:parlo|parlerò|chiedo|chiederò|vedo|vedrò|sento|sentirò)|mi (?:rivolgo|arrangio)"
    r"|faccio (?:da )?(?:io|solo|sola|me)|ik (?:bespreek|regel|vraag|bel|zal|ga|doe|overleg)"
    r"|porozmawiam|zapytam|załatwię|pogadam|konuşurum|konuşacağım|sorarım|hallederim"
    r"|jag (?:tar|frågar|pratar|löser|ringer)|я (?:спрошу|поговорю|сам|сама|решу|запитаю))(?!\w)"
    r"|(?:人事|上司|総務|課長|自分|本人|直接)[^。]{0,12}(?:相談|聞き|聞いて|話し|話して|確認|やり|します)",
    re.IGNORECASE,
)
"""What says that its writer turns elsewhere, or does it alone."""

LONGEST = 200


def calls_off(text: str) -> bool:
    """Tell whether words end a request for want of need: nothing that was shown solved it.

    "Forget it, it works now" says that it is solved, whoever solved it.
    """
    off = CALLED_OFF.search(text) is not None or turns_elsewhere(text)
    return off and WORKS.search(text) is None


def turns_elsewhere(text: str) -> bool:
    """Tell whether words leave a request to their writer: "Leave it, I will see HR about it".

    They speak of people, and call none.
    """
    said = text[: LONGEST + 1].strip()
    left = LEAVE.match(said)
    if left is None or len(said) > LONGEST or said.endswith(("?", "？")):
        return False
    return ON_MY_OWN.search(said, left.end()) is not None
