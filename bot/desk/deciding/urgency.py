"""How many are affected and what it does to their work, read from the words of a request.

A first guess that engineers change with one press: plain word lists, so that everybody can
see why a request got its priority.
"""

from __future__ import annotations

import re

from bot.desk.promises import Impact, Priority, Urgency, priority_of
from bot.desk.tiers import Tier

MANY = re.compile(
    r"\b(every(one|body)|all of us|no ?(one|body)|whole (company|office|site|building|plant|"
    r"warehouse|floor|department|factory)|entire (company|office|site|team|department)|"
    r"all (users|customers|sites|offices|stores|branches|tills|registers|orders)|customers? "
    r"(can|are|get|see|report)|company.?wide|production (line )?(is )?(down|stopped)|outage)\b",
    re.IGNORECASE,
)
SEVERAL = re.compile(
    r"\b(my team|our team|(the|our) (lab|desk|department|group|shift)|several|colleagues?|"
    r"(two|three|four|five|six|\d+) of us|some of us|others? (too|as well)|both of us|we all)\b",
    re.IGNORECASE,
)
STOPPED = re.compile(
    r"\b(down|outage|can ?not work|can'?t work|unable to work|stopped|stands? still|blocked|"
    r"nobody can|no one can|can ?not (ship|log ?in|sign ?in|print labels|take orders)|"
    r"can'?t (ship|log ?in|sign ?in|get in|take orders)|locked out|lost (all|data|everything)|"
    r"data loss|leaked|hacked|compromised|ransomware|stolen|phish\w*)\b",
    re.IGNORECASE,
)
CAN_WAIT = re.compile(
    r"\b(no rush|no hurry|not urgent|when(ever)? you have time|some ?time (this|next) week|"
    r"would be nice|minor|cosmetic)\b",
    re.IGNORECASE,
)


def impact_of(text: str, tier: Tier) -> Impact:
    """Judge how many are affected."""
    if MANY.search(text):
        return Impact.MANY
    if SEVERAL.search(text) or tier is Tier.L3:
        return Impact.SEVERAL
    return Impact.ONE


def urgency_of(text: str) -> Urgency:
    """Judge what it does to their work."""
    if STOPPED.search(text):
        return Urgency.STOPPED
    if CAN_WAIT.search(text):
        return Urgency.CAN_WAIT
    return Urgency.HINDERED


def first_priority(text: str, tier: Tier) -> Priority:
    """Give the priority that a request starts with."""
    return priority_of(impact_of(text, tier), urgency_of(text))
