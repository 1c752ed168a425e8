"""What the parts of a search that agree say of an article, and when they say nothing."""

from __future__ import annotations

from dataclasses import replace

from bot.desk.deciding import Action, Evidence, Policy, decide
from bot.service.deciding.candidates import weighed
from kb.searching.base import Explanation

FIRST = Explanation("badge", 0.3, 0.3, {"dense": 0.6, "bm25": 0.4, "late": 0.5})
SECOND = Explanation("printer", 0.1, 0.1, {"dense": 0.7, "bm25": 0.1, "late": 0.2})
L1 = {"L1": 0.97, "L2": 0.01, "L3": 0.01, "chat": 0.01}


def test_parts_agree_on_what_they_put_before_others() -> None:
    """Each is named, and what differs too."""
    best, other = weighed([FIRST, SECOND])
    assert (best.agreed, best.differed) == (("bm25", "late"), ("dense",))
    assert (other.agreed, other.differed) == (("dense",), ("bm25", "late"))


def test_to_be_first_where_there_is_no_other_says_nothing() -> None:
    """In a base of one article all parts put it first, whatever is asked: it is no answer by that.

    Of what is asked of other things a third was answered from the first page that was published.
    """
    unsure = replace(FIRST, score=0.15)
    (alone,) = weighed([unsure])
    assert alone.agreed == alone.differed == ()
    assert decide(Evidence(L1, (alone,)), Policy()).action is not Action.ANSWER
    agreed = replace(alone, agreed=tuple(FIRST.parts))
    assert decide(Evidence(L1, (agreed,)), Policy()).action is Action.ANSWER
    assert weighed([]) == ()
