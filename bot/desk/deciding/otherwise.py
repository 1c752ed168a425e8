"""What says that it is not so: asked, on a condition, set against the rest, or of help alone.

"Is it the same for everyone?" and "it works for everyone else" have the words of an outage. Where
one of these stands nothing is read from such words; what is missed is raised by one press.
"""

from __future__ import annotations

import re

_SENTENCE = re.compile(r"[^.!?…。\uff01\uff1f\n]*[.!?…。\uff01\uff1f\n]*")

_NOT_ALONE = re.compile(
    r"\b(?:not (?:just|only) (?:me|mine|my|us|one|this|the)"
    r"|nicht (?:nur|bloß) (?:ich|bei mir|mein\w?)"
    r"|pas (?:que|seulement) (?:moi|chez moi)|no (?:es |soy )?(?:solo|sólo) (?:yo|a mí|mi)"
    r"|não (?:é |sou )?(?:só|somente) (?:eu|comigo|o meu|a minha)"
    r"|non (?:sono |è )?solo (?:io|a me|il mio)|niet alleen (?:ik|bij mij|mijn))\b"
    r"|(?:私|自分)だけ(?:では|じゃ)な",
    re.IGNORECASE,
)
"""What denies that it is one person's: it speaks for many."""

_SET_AGAINST = re.compile(
    # en
    r"(?<!can )\bnot\b|\b(?:is|are|was|were|do|does|did|has|have|wo|would|should)n['\u2019]t\b"
    r"|\b(?:else|except|besides|apart from|others?|rest|fine|ok|okay|works|working|worked|solved"
    r"|resolved|fixed|kidding|joking|(?:only|just) (?:me|mine|my|i|us|one|this|here|person)"
    r"|every(?:one|body) can(?!['\u2019]?t| no)|but (?!now)"
    r"|nothing(?: \w+){0,2} (?:down|stuck|wrong|broken|offline)"
    r"|no longer (?:down|stuck|broken|affected|offline|the case)|(?:is|are|came) back"
    # de, nl
    r"|andere[nrsm]?|übrigen|nur (?:ich|mi[rc]h?|bei mi[rc]h?|mein\w{0,2}|eine[rs]?|hier)"
    r"|einzige[nrs]?"
    r"|nicht (?:bei )?(?:alle|die ganze|das ganze|der ganze)\w?|aber (?!jetzt|nun)|wieder"
    r"|au(?:ß|ss)er (?!betrieb|gefecht)|(?:geht|gehen|läuft|laufen|klappt|funktioniert)"
    r"(?!(?: \w+){0,5} (?:nicht|nichts|gar|kein\w{0,2}|nix))|alles gut"
    r"|behalve|overige|alleen (?:ik|bij mij|mijn|maar)"
    r"|niet (?:bij )?(?:iedereen|alle|de hele|het hele)"
    r"|maar|werkt(?! (?:\w+ )?niet)"
    # fr
    r"|sauf|à part|hormis|excepté|autres?|seule?(?:ment)?|que (?:moi|chez moi)"
    r"|pas (?:pour )?tou\w{1,3}"
    r"|mais (?:moi|pas|chez|je|mon)|(?:marche|fonctionne)(?! (?:pas|plus))"
    # es, pt, it
    r"|menos|salvo|excepto|exceto|demás|demais|otr[oa]s?|outr[oa]s?|pero(?! ahora)|mas(?! agora)"
    r"|(?:solo|sólo|só|somente|solamente|apenas) (?:yo|eu|io|a mí|a me|mi|comigo|conmigo|o meu"
    r"|a minha|il mio|la mia)"
    r"|(?:no|não|nao|non)(?: es| é| è| a| para| per| com)? (?:tod|tutt)\w{1,2}"
    r"|(?<!no )(?<!não )(?<!nao )(?<!non )(?:funcionan?|funzionan?o?)"
    r"|tranne|eccetto|a parte|altr[ioae]|però|ma(?! adesso| ora))\b"
    # ja
    r"|だけ|以外|ではな|じゃな|問題な|大丈夫|使えます|直り",
    re.IGNORECASE,
)
"""Set against the rest, or denied: in the whole of what is said."""

_UNSURE = re.compile(
    r"[?\uff1f¿]"
    # asked
    r"|\A\W*(?:(?:is|are|was|were) (?:it|this|that|the|there|they|every\w+|any\w+|no\w+)"
    r"|(?:can|could|will|would|does|did|has|have|should|who|when|what|why|how|where|which)"
    r"|do (?:you|we|they|the)|(?:ist|sind) (?:es|das|sie)|est-ce|será que|wer|wann|warum)\b"
    r"|か[。\s]*\Z"
    # on a condition
    r"|\b(?:if|unless|otherwise|whether|would|might|may|maybe|perhaps|until|in case|by \w+day"
    r"|wenn|falls|sonst|ob|sobald|vielleicht|würde\w?|indien|als (?:het|dit|dat|we|de|er|niemand)"
    r"|misschien|s['\u2019]ils?|sinon|peut-être|quizás?|talvez|caso|forse"
    r"|s[ie](?! (?:è|sono|cayó|cayeron|paró|pararon|apagó|bloqueó|quedó|fue)))\b"
    r"|もし|なら|たら|れば|かも"
    # of help and news alone
    r"|\b(?:can|could|able to|can['\u2019]?t|cannot)(?: \w+){0,2} (?:tell|say|help|explain|answer"
    r"|come|show|fix|carry|lift|look|see|know|believe|find|reach|remember|understand|imagine)\b"
    r"|\b(?:sagen|helfen|kommen|erklären|zeggen|helpen|komen|uitleggen|dire|aider|venir|expliquer"
    r"|decir\w*|ayudar\w*|explicar\w*|dizer|ajudar|vir|dirmi|aiutar\w*|venire|spiegar\w*)\b"
    r"|教え|助け|手伝|答え",
    re.IGNORECASE,
)
"""Asked, on a condition, or of help and news alone: in a sentence by itself."""


def stated(text: str) -> str:
    """Give what is said outright of a text; nothing where it is denied or set against the rest."""
    text = _NOT_ALONE.sub(" ", text)
    if _SET_AGAINST.search(text):
        return ""
    return "".join(each for each in _SENTENCE.findall(text) if not _UNSURE.search(each))
