"""The decision on a message: evidence, chances, costs, rules, and the words for it."""

from bot.desk.deciding.breadth import is_broad, with_breadth
from bot.desk.deciding.chances import (
    ARTICLES,
    OUTCOMES,
    UNLABELLED,
    UNLABELLED_THRESHOLDS,
    Candidate,
    Chances,
    Joint,
    join,
    terms,
)
from bot.desk.deciding.deciding import ask_what, decide
from bot.desk.deciding.leaning import Came, Odds, Seen, gate_of, leaning_of, odds_of
from bot.desk.deciding.reasons import GAP as KNOWLEDGE_GAP
from bot.desk.deciding.reasons import NEAREST, PARTS, is_small_print, plainly
from bot.desk.deciding.routes import (
    SAID_SO,
    Limits,
    Matter,
    Route,
    Routes,
    Suspicion,
    in_language,
    suspicion_of,
)
from bot.desk.deciding.rules import with_rules
from bot.desk.deciding.things import is_of_things
from bot.desk.deciding.triage import IN_VAIN, Action, Costs, Evidence, Policy, Triage
from bot.desk.deciding.urgency import first_priority
from bot.desk.deciding.weighing import (
    Asset,
    Criticality,
    Weighed,
    Weight,
    by_reporters,
    sober,
    weigh,
)
from bot.desk.deciding.worsening import BY_A_PERSON, stands_still, worsened

__all__ = [
    "ARTICLES",
    "BY_A_PERSON",
    "IN_VAIN",
    "KNOWLEDGE_GAP",
    "NEAREST",
    "OUTCOMES",
    "PARTS",
    "SAID_SO",
    "UNLABELLED",
    "UNLABELLED_THRESHOLDS",
    "Action",
    "Asset",
    "Came",
    "Candidate",
    "Chances",
    "Costs",
    "Criticality",
    "Evidence",
    "Joint",
    "Limits",
    "Matter",
    "Odds",
    "Policy",
    "Route",
    "Routes",
    "Seen",
    "Suspicion",
    "Triage",
    "Weighed",
    "Weight",
    "ask_what",
    "by_reporters",
    "decide",
    "first_priority",
    "gate_of",
    "in_language",
    "is_broad",
    "is_of_things",
    "is_small_print",
    "join",
    "leaning_of",
    "odds_of",
    "plainly",
    "sober",
    "stands_still",
    "suspicion_of",
    "terms",
    "weigh",
    "with_breadth",
    "with_rules",
    "worsened",
]
