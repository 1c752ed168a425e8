"""What is added to a request: whether it says that many are affected, or that work stands still.

Who reads impact learned from whole reports, in English above all. What somebody adds is half a
sentence: "is ja nur die ganze Halle, die steht". There plain words tell, in eight languages.
Words are no proof: they raise by one step, once, never to P1, and only what is stated counts.
"""

from __future__ import annotations

import re

from bot.desk.deciding.otherwise import stated
from bot.desk.deciding.weighing import IMPACTS, URGENCIES, Weighed
from bot.desk.promises import Impact, Priority, Urgency, priority_of

BY_A_PERSON = "set by a person"
"""Why a priority is what it is, where an engineer chose it."""

ADDED = "as was added"
"""What stands in the reason where words raised it: they do so once."""

MANY = re.compile(
    r"\b(?:(?:whole|entire) (?:company|office|site|building|plant|warehouse|floor|hall"
    r"|department|factory|shop|store|school|ward|branch|campus|clinic|house)"
    r"|company.?wide|site.?wide"
    r"|(?:nobody|no ?one|none of us)(?: \w+){0,5} (?:can|could|is able)"
    r"|(?:for|happen(?:s|ed|ing)? to) (?:every(?:one|body)|all of us)"
    r"|every(?:one|body)(?: \w+){0,3} (?:can['\u2019]?t|cannot|can not|stuck|affected|offline|down)"
    r"|all (?:of )?(?:the |our |three |four |five )?(?:printers|tills|registers|phones|screens"
    r"|computers|pcs|machines|users|customers|desks|terminals|scanners|orders|lines)"
    r"|customers? (?:can['\u2019]?t|cannot|can not)"
    r"|(?:ganze[nrs]?|gesamte[nrs]?|komplette[nrs]?) (?:halle|büro|firma|stock|stockwerk|etage"
    r"|abteilung|haus|gebäude|werk|lager|standort|laden|filiale|station|betrieb|praxis)"
    r"|(?:kann|können|konnte) (?:hier |bei uns |jetzt |grade? |gerade )?(?:keiner|niemand)"
    r"|kommt (?:hier |jetzt )?(?:keiner|niemand)(?: \w+){0,3} (?:rein|ran|dran|weiter)"
    r"|(?:keiner|niemand)(?: \w+){0,4} (?:kann|arbeiten|weiterarbeiten)|bei allen"
    r"|alle (?:drucker|kassen|telefone|rechner|kollegen|mitarbeiter|leute|scanner|terminals)"
    r"|tout(?:e)? (?:l['\u2019]|le |la )(?:étage|bureau|entreprise|service|site|bâtiment|atelier"
    r"|entrepôt|magasin|usine|hall)|personne (?:ici )?(?:ne |n['\u2019])?"
    r"(?:peut|arrive)|pour tout le monde|tous les (?:postes|collègues|écrans|téléphones)"
    r"|toutes les (?:imprimantes|caisses)"
    r"|toda? (?:el|la) (?:oficina|planta|empresa|edificio|almacén|nave|tienda|piso|sede"
    r"|fábrica|clínica)|todo el (?:departamento|almacén|edificio|piso|mundo)"
    r"|nadie(?: \w+){0,3} (?:puede|consigue|logra)|puede(?: \w+)? nadie"
    r"|todas las (?:impresoras|cajas)|a todos nos"
    r"|tod[oa] [oa] (?:escritório|andar|empresa|prédio|galpão|setor|loja|fábrica|armazém|clínica)"
    r"|(?:andar|escritório|prédio|galpão|setor|loja|empresa|fábrica) (?:inteir[oa]|tod[oa])"
    r"|ninguém(?: \w+){0,4} (?:consegue|pode)|(?:para|pra) todo mundo"
    r"|tutt[oa] (?:l['\u2019]|il |la )(?:ufficio|piano|azienda|sede|reparto|magazzino"
    r"|stabilimento|negozio)|nessuno(?: \w+){0,3} (?:può|riesce|lavora)"
    r"|hele (?:verdieping|kantoor|bedrijf|afdeling|hal|magazijn|winkel|gebouw|fabriek)"
    r"|niemand(?: \w+){0,3} kan|kan(?: \w+)? niemand)\b"
    r"|全員|全社|(?:フロア|店|会社|工場|部署|ビル)全体|誰も[^。、]{0,12}(?:できな|使えな|入れな)",
    re.IGNORECASE,
)
"""What affects many."""

STOPPED = re.compile(
    r"\b(?:down|offline|outage|stopped|stuck|dead|stands? still|at a standstill"
    r"|(?:nobody|no ?one|none of us)(?: \w+){0,5} (?:can|could|is able)"
    r"|can['\u2019]?t|cannot|can not"
    r"|steh(?:t|en)(?! (?:auf|am|an|im|in|bei|das|der|die|ein)\b)|stillstand|lahm|nichts mehr"
    r"|(?:geht|funktioniert|läuft) nichts"
    r"|(?:ohne|keine?n?) (?:netz|internet|wlan|verbindung|strom|system)"
    r"|(?:kann|können|konnte|kommt) (?:\w+ ){0,2}"
    r"(?:keiner|niemand)|(?:keiner|niemand)(?: \w+){0,4} (?:kann|arbeiten|weiterarbeiten)"
    r"|à l['\u2019]arrêt|bloqué\w{0,3}|personne|plus rien|hors service|en panne"
    r"|(?:sans|plus de|pas de) (?:réseau|internet|système|connexion|courant)"
    r"|sin (?:sistema|internet|red|conexión|luz)|sem (?:sistema|internet|rede|conexão|luz)"
    r"|fora do ar|senza (?:rete|internet|sistema|connessione)"
    r"|(?:geen|zonder) (?:internet|netwerk|systeem|verbinding|stroom)"
    r"|parad[oa]s?|bloquead[oa]s?|caíd[oa]s?|nadie|travad[oa]s?|caiu|ninguém"
    r"|ferm[oaie]|bloccat[oaie]|nessuno|ligt (?:stil|plat)|niemand)\b"
    r"|止ま|使えな|できな|入れな|動かな",
    re.IGNORECASE,
)
"""What says beside it that work stands still."""


SEVERAL = re.compile(
    r"\b(?:(?:my|our|the|whole|entire) (?:whole |entire )?(?:team|crew|group)"
    r"(?! (?:lead|mate|chat|meeting)\w*)"
    r"|(?:all|both|three|four|five|six|\d{1,2}) of us"
    r"|(?:mein|unser)(?:e|em|en)? (?:ganze[sn]? )?(?:team|gruppe)|wir alle|uns allen"
    r"|tout(?:e)? (?:l['\u2019]|mon |notre )équipe|nous tous|todo (?:el|mi) equipo|a todos nosotros"
    r"|tod[oa] (?:a|o) (?:equipe|time|turma)|todos n[óo]s|tutt[oa] (?:il |la )(?:team|squadra)"
    r"|het hele team|ons allemaal)\b|チーム(?:全員|全体)",
    re.IGNORECASE,
)
"""What affects several."""


SENTENCE_ENDS = re.compile(r"[.;!?\n。]+")

ONLY_PEOPLE = frozenset({"personne", "nadie", "ninguém", "nessuno", "niemand", "できな"})
"""What says that work stands still only beside what stands still: nobody cooks today."""


def stands_still(added: str) -> bool:
    """Tell whether a sentence states that many cannot work: for that somebody is woken."""
    sentences = SENTENCE_ENDS.split(stated(added))
    return any(MANY.search(each) and STOPPED.search(each) for each in sentences)


def is_outage(said: str) -> bool:
    """Tell whether first words state that something has stopped, for many or for a team.

    Other words have to say that it stopped than those that say for whom.
    """
    return any(_stops_for_all(each) for each in SENTENCE_ENDS.split(stated(said)))


def _stops_for_all(sentence: str) -> bool:
    whom = MANY.search(sentence) or SEVERAL.search(sentence)
    return whom is not None and any(
        found.group().casefold() not in ONLY_PEOPLE
        and (found.start() >= whom.end() or found.end() <= whom.start())
        for found in STOPPED.finditer(sentence)
    )


def worsened(priority: Priority, why: str, added: str) -> Weighed | None:
    """Give the priority, one step higher, that what is added calls for; None where for none.

    It never falls, is never P1, rises once, and stays as a person has set it. Only what is stated
    in plain words counts: read by the model together with the question, a sixth of all that is
    added would raise something.
    """
    if why == BY_A_PERSON or ADDED in why:
        return None
    added = stated(added)
    impact = Impact.MANY if MANY.search(added) else Impact.SEVERAL
    if impact is Impact.SEVERAL and not SEVERAL.search(added):
        return None
    urgency = Urgency.STOPPED if STOPPED.search(added) else Urgency.HINDERED
    rank = max(priority_of(impact, urgency).rank, priority.rank - 1, Priority.P2.rank)
    if rank >= priority.rank:
        return None
    said = f"{IMPACTS[impact]}, {URGENCIES[urgency]}, {ADDED}"
    return Weighed(Priority(f"P{rank}"), f"{said}; before {priority}: {why}" if why else said)
