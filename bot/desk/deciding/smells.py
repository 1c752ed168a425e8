"""Smells that come of somebody's lunch, and of nothing that burns, leaks or makes anybody ill."""

# ruff: noqa: RUF001 - the letters of other languages

from __future__ import annotations

import re

SMELLS = re.compile(
    r"\b(?:smell\w{0,3}|stink\w{0,3}|stank|stench|reek\w{0,3}|odou?rs?|whiff\w{0,2}|pong\w{0,2}"
    r"|riech\w{0,3}|riecht|geruch|stinkt|gestank|mief\w{0,2}|odeurs?|pue|ça sent"
    r"|sent (?:mauvais|fort)"
    r"|huele|apesta|olor|peste|cheir\w{1,3}|fede\w{0,2}|puzza|puzzo|odore|ruikt|geur"
    r"|śmierdzi|kokuyor|luktar|stinker)\b|臭|におい|匂い|냄새",
    re.IGNORECASE,
)
LIKE = re.compile(
    r"\b(?:smell\w{0,3}|stink\w{0,3}|stench|reek\w{0,3}|odou?r|whiff)(?: \w+){0,3} (?:like|of)\b"
    r"|\b(?:riecht|stinkt|geruch|gestank)(?: \w+){0,3} (?:nach|wie)\b"
    r"|\b(?:odeur|sent|pue)(?: \w+){0,3} (?:de|d['\u2019]|le|la|comme|l['\u2019])"
    r"|\b(?:huele|olor|apesta|cheira|cheiro|puzza|odore)(?: \w+){0,3} (?:a|como|de|di|come)\b"
    r"|\b(?:ruikt|stinkt|geur)(?: \w+){0,3} (?:naar|van)\b",
    re.IGNORECASE,
)
"""What something smells like is no lunch: gas smells of eggs, and a hot plug of fish."""

LUNCH = re.compile(
    r"\b(?:lasagn[ae]|curry|lunch|leftovers?|sandwich(?:es)?|pizza|fish|tuna|salmon|cheese|kimchi"
    r"|durian|noodles?|soup|yogh?urt|milk|salad|burrito|kebab|tupperware|lunchbox|food|banana"
    r"|mittagessen|essen|fisch|käse|suppe|brotdose|pausenbrot|döner|milch|reste"
    r"|déjeuner|fromage|poisson|soupe|gamelle|repas|almuerzo|comida|queso|pescado|sopa|táper"
    r"|almoço|marmita|queijo|peixe|comida|pranzo|formaggio|pesce|minestra|schisc\w{1,3}"
    r"|lunch|kaas|vis|soep|obiad|ryba|ser|yemek|balık|mat|fisk|ost)\b|弁当|魚|カレー|ご飯|점심|생선",
    re.IGNORECASE,
)
GRAVE = re.compile(
    r"\b(?:burn\w*|scorch\w*|char(?:red)?|singe\w*|fires?|flam\w+|smok\w+|gas(?:es)?|fumes?|spark\w*"
    r"|hot|heat\w*|melt\w*|plastic|rubber|cables?|wir(?:e|es|ing)|electric\w*|sockets?|plugs?"
    r"|outlets?|batter(?:y|ies)|ups|servers?|racks?|panel|fuse\w*|boiler|oven|toaster|chemical\w*"
    r"|chlorine|bleach|ammonia|solvent\w*|carbon|leak\w*|alarm\w*|evacuat\w*|sick|ill|unwell"
    r"|faint\w*|dizz\w+|headache\w*|vomit\w*|throat|eyes|breath\w*|cough\w*|poison\w*|sewage|drain"
    r"|chok\w*|hurt|injur\w*|bleed\w*|fell|collaps\w*|unconscious|allerg\w*|knife|threat\w*"
    r"|hiss\w*|crackl\w*|acrid|sharp|metallic|meter|basement|lab"
    r"|brenn\w*|verbrann\w*|verkohl\w*|angebrannt|feuer|flamme\w*|rauch\w*|qualm\w*|kabel|strom"
    r"|steckdose\w*|akku\w*|batterie\w*|heiß|schmor\w*|übel|schlecht|schwindel\w*|kopfweh"
    r"|kopfschmerz\w*|augen|beiss\w*|beiß\w*|ätz\w*|säure\w*|fass|fässer|leck|chemi\w*|keller|ofen|herd"
    r"|brûl\w*|brul\w*|feu|flamme|fum\w+|gaz|câble\w*|prise|électri\w*|malade\w*|vertige\w*|tête|yeux"
    r"|fuite|chaud\w*|ojos|olhos|occhi|quem\w+|fuego|humo|llama\w*|eléctric\w*|enchufe\w*|mareo\w*|mareada|fuga"
    r"|caliente|queim\w+|fogo|fuma\w+|gás|tomada\w*|elétric\w*|tont\w+|vazamento|quente"
    r"|bruci\w+|fuoco|fiamm\w+|presa|elettric\w*|perdita|caldo|brand\w*|rook|vuur|stopcontact"
    r"|dym\w*|ogień|ogni\w*|gaz\w*|duman\w*|yangın|yan\w+|rök\w*|eld|brinn\w*)\b"
    r"|焦げ|煙|火|ガス|熱|連기|연기|타는|가스|불",
    re.IGNORECASE,
)
"""What may be danger whoever ate what."""


PARTS = re.compile(r"(?<=[,.;!?\n、。])")


def smells_of_lunch(text: str) -> bool:
    """Tell whether what smells is food that was left or warmed up, by words that say so."""
    lunch = SMELLS.search(text) and LUNCH.search(text) and not LIKE.search(text)
    return bool(lunch) and GRAVE.search(text) is None


def without_smell(text: str) -> str:
    """Give a text without the parts of it that speak of a smell: the rest may be danger."""
    return "".join(part for part in PARTS.split(text) if SMELLS.search(part) is None).strip()
