"""Whether a text reports that something is out of order, for others too: by its words alone.

Precision comes first: who asks how to do something, or for something, reports no disturbance.
"""

from __future__ import annotations

import re
from functools import lru_cache

LONGEST_READ = 1_000
"""What a report is about stands at its beginning."""

REMEMBERED = 512
"""Texts of which it is kept: those of the last minutes are looked at for each that comes."""

CURLY = "\N{RIGHT SINGLE QUOTATION MARK}"

STRONG = re.compile(
    r"(?<!\w)(?:down|outage|offline|unreachable|unavailable|50[0-4]|bad gateway|crash\w*|"
    r"stands? still|stopped working|kaputt|ausgefallen|ausfall|lahm\w*|stehen? still|hors service|"
    r"en panne|ca[íi]d[oa]s?|fora do ar|giù|uit de lucht|plat|nie działa|çöktü|не работает|"
    r"упал[аои]?)(?!\w)|障害|落ちて|ダウン|停止",
    re.IGNORECASE,
)
"""Words that tell of it even within a question."""

TELLING = re.compile(
    r"(?<!\w)(?:error|errors|fail(?:s|ed|ing|ure)?|broken|broke|hang(?:s|ing)?|hung|frozen|"
    r"freezes|freezing|stuck|slow|tim(?:e|es|ed|ing)[ -]?outs?|disconnect\w*|drop(?:s|ping)|"
    r"gone|blank|white (?:page|screen)|ransomware|malware|virus(?:es)?|phish\w*|smoke|burning|"
    r"spin(?:s|ning)|lag(?:s|gy|ging)|dead|"
    r"(?:does|do|is|are|has|have|did|was|will|would)(?: ?n'?t| not)|won'?t|not (?:\w+ ){0,2}"
    r"(?:\w+ing|available|responsive|reachable|visible|connected|opening)|"
    r"(?:can ?'?t|cannot|can not|unable to|could ?n'?t)(?! (?:find|remember|see how|figure|"
    r"decide|tell))|nobody|no one|nothing (?:opens|works|loads|happens)|stop(?:s|ped)|"
    r"no (?:wi-?fi|internet|network|connection|signal|e-?mails?|sound|power|response|answer|"
    r"phones?)|fehler\w*|geht nicht|gehen nicht|funktionier\w* nicht|"
    r"funktioniert|nicht (?:\w+ ){0,2}(?:erreichbar|möglich|verbinden|laden|öffnen|verfügbar|"
    r"anmelden)|lässt sich nicht|l[äa]dt nicht|druckt nicht|hängt|langsam|weg|"
    r"ne (?:marche|fonctionne|charge|répond|s'ouvre|démarre)\w*|marche pas|fonctionne pas|"
    r"plantée?s?|erreur\w*|lente?s?|impossible|"
    r"no (?:funciona|carga|abre|responde|conecta|puedo|va|anda)\w*|errore?s?|falla\w*|lent[oa]s?|"
    r"não (?:funciona|carrega|abre|responde|conecta|consigo)\w*|erro|"
    r"non (?:funziona|carica|si apre|risponde|va)|werkt niet|doet het niet|laadt niet|traag|"
    r"storing|błąd|\w+m[\u0131iuü]yor|ошибка|не (?:открывается|грузится|могу))(?!\w)|"
    r"エラー|つながら|繋がら|開けません|開かない|できません|表示されない|動かない|遅い|"
    r"打不开|无法|不能|错误|崩溃",
    re.IGNORECASE,
)

ASKING = re.compile(
    r"(?<!\w)(?:how (?:do|can|to|would|should|could)|where (?:do|can|is|are)|"
    r"(?:can|could|may) (?:i|we|you)(?! (?:not|confirm|check|see)\b)|"
    r"(?:i|we) (?:need|would like|want)(?: to)? (?:have |get |request |order )?"
    r"(?:access|an?|new|more|another|permission\w*|licen[cs]e\w*)|"
    r"please (?:add|give|create|install|order|set up|grant|enable|remove|change|send|book)|"
    r"request(?:ing)?|new (?:starter|joiner|hire)|what is|which|is it possible|"
    r"wie (?:kann|richte|bekomme|komme|mache|geht)|wo (?:finde|kann)|(?:ich|wir) (?:brauche\w*|"
    r"benötige\w*|hätte\w*)|comment|où|j'aimerais|c[oó]mo|d[oó]nde|necesito|como (?:faço|posso)|"
    r"onde|preciso|come (?:posso|faccio)|hoe (?:kan|krijg)|jak|nas[\u0131]l)(?!\w)|"
    r"どうやって|方法|怎么",
    re.IGNORECASE,
)
"""Words by which something is asked for."""

OTHERS_OWN = re.compile(
    r"(?<!\w)(?:by accident|accidentally|i (?:deleted|forgot|lost|broke|dropped|spilled)|"
    r"expired|versehentlich|aus versehen|abgelaufen|par erreur|por error|sem querer)(?!\w)",
    re.IGNORECASE,
)
"""Words that tell of one person's own mishap."""


OWN = re.compile(
    r"(?<!on )(?<!in )(?<!from )(?<!with )(?<!\w)my (?:[\w-]+ ){0,2}(?:microphone|calendar|"
    r"password|account|badge|laptop|pc|computer|phone|screen|monitor|mouse|keyboard|headset|camera|webcam|"
    r"charger|battery|notifications?|profile|signature|certificate|licen[cs]e|token)(?!\w)",
    re.IGNORECASE,
)
"""What is each one's own: that it is broken is no disturbance."""


def tells_of_outage(text: str) -> bool:
    """Tell whether a text says outright that something is down."""
    return STRONG.search(text[:LONGEST_READ]) is not None


@lru_cache(REMEMBERED)
def tells_of_trouble(text: str) -> bool:
    """Tell whether a text reports that something is out of order, for others too perhaps."""
    read = text[:LONGEST_READ].replace(CURLY, "'")
    if OTHERS_OWN.search(read):
        return False
    if STRONG.search(read):
        return True
    if ASKING.search(read) or OWN.search(read):
        return False
    return TELLING.search(read) is not None
