"""Whether a danger is surely one of things, as a fire is, and not that of somebody's own life.

Words for those who do not want to go on are left out then alone: where nothing tells, they stand.
"""

from __future__ import annotations

import re

WORD = re.compile(r"\w+")

_THINGS = (
    # smoke, smell, fire, sparks, gas, water, what falls; beginnings of words
    "smok smell fire flame spark burning burnt fumes leak flood ceiling sizzl hiss swollen "
    "rauch riech geruch brenn verbrannt funke qualm schmor dampf wasser decke "
    "fumée fume odeur brûl flamm étincel fuite plafond inond crame "
    "humo huele olor quema fuego llama chispa fuga techo inund incendi "
    "fumaça fumo cheir queim fogo faísca vazam teto incêndio "
    "kabelbrand"
)
_SIGNS = "煙 焦げ 火 匂い 臭い 火花 漏れ"
"""Where no blanks part words."""
_WHOLE_THINGS = "brand feu eau agua água"
"""Gas is none of them: it leaks, and smells, or somebody opens it."""
_LIVES = (
    # what is said of a life, one's own or another's: parts of words
    "myself himself herself themsel suicid kill dying goodbye anymore overdose threat knife "
    "medication "
    "selbst umbring sterben stirbt leben abschied tablette droh messer aufgedreht "
    "mourir vivre adieu cachets menac couteau suicíd médicament "
    "matar morir muert vivir adiós pastillas amenaz cuchillo "
    "morrer morto morte viver adeus comprimidos ameaç faca "
    "死 自殺 生き 消えたい さようなら 薬 飛び降り 脅 ナイフ 刃物"
)
_WHOLE = "dead death life living alive jump pills meds gun hurt alone end over tot mort vie envie"
_PHRASES = (
    "any more", "to die", "i die", "would miss", "go on", "be found", "turned on the gas",
    "nicht mehr", "nicht gefunden", "n'en peux plus", "n\u2019en peux plus", "no puedo más",
    "não aguento",
)  # fmt: skip

THINGS, SIGNS = tuple(_THINGS.split()), tuple(_SIGNS.split())
LIVES = (*_LIVES.split(), *_PHRASES)
WHOLE, WHOLE_THINGS = frozenset(_WHOLE.split()), frozenset(_WHOLE_THINGS.split())


def is_of_things(text: str) -> bool:
    """Tell whether words tell of fire, smoke, water and the like, and of nobody's life."""
    said = text.casefold()
    words = WORD.findall(said)
    if any(part in said for part in LIVES) or WHOLE & set(words):
        return False
    told = any(word.startswith(THINGS) or word in WHOLE_THINGS for word in words)
    return told or any(sign in said for sign in SIGNS)
