"""The decision on a message: evidence, chances, costs, rules, and the words for it."""

from bot.desk.deciding.chances import ARTICLES, OUTCOMES, Candidate, Chances, Joint, join, terms
from bot.desk.deciding.deciding import IN_VAIN, ask_what, decide
from bot.desk.deciding.reasons import PARTS, is_small_print
from bot.desk.deciding.rules import with_rules
from bot.desk.deciding.triage import Action, Costs, Evidence, Policy, Triage
from bot.desk.deciding.urgency import first_priority

__all__ = [
    "ARTICLES",
    "IN_VAIN",
    "OUTCOMES",
    "PARTS",
    "Action",
    "Candidate",
    "Chances",
    "Costs",
    "Evidence",
    "Joint",
    "Policy",
    "Triage",
    "ask_what",
    "decide",
    "first_priority",
    "is_small_print",
    "join",
    "terms",
    "with_rules",
]
