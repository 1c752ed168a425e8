"""What a settled ticket teaches, and what it does not."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.desk.ids import TicketId
from bot.desk.learning import (
    Ending,
    Facts,
    Looked,
    Told,
    TriageLabel,
    Written,
    confirmed,
    label_of,
    outcomes_of,
    unanswered,
)
from bot.desk.tickets import Resolution
from bot.desk.tiers import Tier
from tests import builders as a

if TYPE_CHECKING:
    from bot.desk.learning import Outcome

ASKED = "the badge printer jams"


def facts(**changes: Any) -> Facts:
    """A settled ticket of which nothing more is known."""
    known: dict[str, Any] = {
        "ticket": TicketId(1001), "question": ASKED, "requester": a.ANA, "at": a.NOON,
        "resolution": None,
    }  # fmt: skip
    return Facts(**{**known, **changes})


def end(tier: Tier = Tier.L2, right: Tier | None = None, **more: Any) -> Ending:
    """How people settled it."""
    return Ending(tier, a.TOM, "Dust", "Cleaned it", right or tier, a.NOON, **more)


def label(name: str, article: str | None = None, hours: int = 1) -> TriageLabel:
    """What an engineer said under *Wrong call?*."""
    at = a.NOON + timedelta(hours=hours)
    return TriageLabel(TicketId(1001), ASKED, name, article, a.TOM, at)


def looked(*, right: bool) -> Looked:
    """What an engineer said of an answer."""
    return Looked("one", right, a.TOM, a.NOON)


def written(article: str = "one", hours: int = 1) -> Written:
    """What a reviewer made of its resolution."""
    return Written(article, a.TOM, a.NOON + timedelta(hours=hours))


def told(found: tuple[Outcome, ...]) -> list[Told]:
    """Name the facts."""
    return [each.told for each in found]


@pytest.mark.parametrize(
    ("known", "wanted"),
    [
        ({"resolution": Resolution.ARTICLE, "shown": ("one",)}, [Told.ANSWERED]),
        ({"resolution": Resolution.NO_REPLY, "shown": ("one",)}, [Told.SILENCE]),
        ({"shown": ("one",), "failed": ("one",)}, [Told.FAILED]),
        ({"resolution": Resolution.L2, "endings": (end(),)}, [Told.SETTLED]),
        ({"resolution": Resolution.L2, "endings": (end(right=Tier.L3),)}, [Told.CORRECTED]),
        ({"resolution": Resolution.WITHDRAWN}, []),
        ({"resolution": Resolution.DUPLICATE}, []),
        ({"labels": (label("L3"),)}, [Told.WRONG_CALL]),
        ({"stars": 4, "resolution": Resolution.WITHDRAWN}, [Told.RATED]),
        ({"reopened": 1, "endings": (end(),)}, [Told.SETTLED, Told.REOPENED]),
        ({"looked": (looked(right=False),)}, [Told.AUDITED]),
        ({"resolution": Resolution.L2, "endings": (end(),), "written": (written(),)},
         [Told.WRITTEN, Told.SETTLED]),
        ({"resolution": Resolution.ARTICLE, "shown": ("one",), "failed": ("one",)}, [Told.FAILED]),
    ],
)  # fmt: skip
def test_each_ending_is_a_fact_of_its_kind(known: dict[str, Any], wanted: list[Told]) -> None:
    """And what says nothing is none."""
    assert told(outcomes_of(facts(**known))) == wanted


@pytest.mark.parametrize("shown", [(), ("one",), ("one", "two")])
def test_silence_is_never_success(shown: tuple[str, ...]) -> None:
    """Nothing is learned of it, by anybody."""
    found = outcomes_of(facts(resolution=Resolution.NO_REPLY, shown=shown))
    assert [each.trust for each in found] == [0.0]
    assert (confirmed(found), label_of(found), unanswered(found)) == ((), None, None)


@pytest.mark.parametrize(
    ("known", "pairs"),
    [
        ({"resolution": Resolution.ARTICLE, "shown": ("one", "two")}, ["two"]),
        ({"resolution": Resolution.ARTICLE, "shown": ("one", "two"), "failed": ("two",)}, ["one"]),
        ({"resolution": Resolution.ARTICLE, "shown": ("one",),
          "looked": (looked(right=False),)}, []),
        ({"resolution": Resolution.NO_REPLY, "shown": ("one",),
          "looked": (looked(right=True),)}, ["one"]),
        ({"resolution": Resolution.ARTICLE, "shown": ("one",), "labels": (label("L1", "two"),)},
         ["two"]),
        ({"resolution": Resolution.ARTICLE, "shown": ("one",), "labels": (label("L2"),)}, []),
        ({"labels": (label("L1", "one"), label("L1", "two", hours=2))}, ["two"]),
        ({"endings": (end(),), "written": (written(),)}, ["one"]),
        ({"shown": ("one",), "failed": ("one",), "endings": (end(),), "written": (written(),)},
         ["one"]),
        ({"shown": ("one", "two"), "failed": ("one", "two"), "written": (written("two"),)},
         ["two"]),
        ({"looked": (looked(right=False),), "written": (written(hours=-1),)}, []),
        ({"looked": (looked(right=False),), "written": (written(),)}, ["one"]),
    ],
)  # fmt: skip
def test_what_is_confirmed(known: dict[str, Any], pairs: list[str]) -> None:
    """An engineer's word stands above a press; what failed answers nothing."""
    assert [article for _, article in confirmed(outcomes_of(facts(**known)))] == pairs


@pytest.mark.parametrize(
    ("known", "wanted"),
    [
        ({"resolution": Resolution.ARTICLE, "shown": ("one",)}, "L1"),
        ({"endings": (end(),)}, "L2"),
        ({"endings": (end(Tier.L3),)}, "L3"),
        ({"endings": (end(right=Tier.L3),)}, "L3"),
        ({"endings": (end(right=Tier.L1),)}, "L1"),
        ({"endings": (end(gap=True),)}, None),
        ({"endings": (end(gap=True, article_wanted=True),)}, "L1"),
        ({"endings": (end(article_wanted=True, right=Tier.L3),)}, "L3"),
        ({"endings": (end(),), "labels": (label("chat"),)}, "chat"),
        ({"endings": (end(),), "labels": (label("L3"), label("L1", "one", 2))}, "L1"),
        ({"resolution": Resolution.ARTICLE, "shown": ("one",),
          "looked": (looked(right=True),)}, "L1"),
        ({"stars": 5}, None),
        ({"endings": (end(),), "written": (written(),)}, "L1"),
        ({"endings": (end(),), "labels": (label("L3"),), "written": (written(),)}, "L3"),
    ],
)  # fmt: skip
def test_who_could_have_settled_it(known: dict[str, Any], wanted: str | None) -> None:
    """The most trusted word counts; who was called for want of an article proves nothing."""
    found = label_of(outcomes_of(facts(**known)))
    assert (found[1] if found else None) == wanted


def test_what_people_settled_and_no_article_answered() -> None:
    """It teaches the search when to find nothing."""
    assert unanswered(outcomes_of(facts(endings=(end(),)))) == ASKED
    named = facts(endings=(end(),), labels=(label("L1", "one"),))
    assert unanswered(outcomes_of(named)) is None
