"""Questions about the same thing are taken together."""

from __future__ import annotations

import numpy as np
import pytest

from kb.questions.clustering import Settled, grouped, grouped_apart
from tests.kb.conftest import WordEncoder

BACKGROUND = ["Reset your password", "forgot my password", "Connect to the VPN", "Add a printer",
              "the printer is offline", "order a laptop", "book a room for friday"]  # fmt: skip
BIKES = ["where is the bike repair stand", "bike repair stand booking", "repair stand for my bike"]
PLANTS = ["who waters the plants", "the plants need water", "water for the office plants"]


def together(texts: list[str], background: list[str]) -> list[list[int]]:
    """Group texts by a deterministic encoder."""
    encoder = WordEncoder()
    known = encoder.encode(background)
    return grouped(texts, encoder.encode(texts), background, known)[0]


def test_two_topics_are_two_clusters_named_by_their_most_typical_question() -> None:
    """In whatever order they come."""
    texts = [each for pair in zip(BIKES, PLANTS, strict=True) for each in pair]
    assert together(texts, BACKGROUND) == [[0, 2, 4], [1, 3, 5]]
    encoder = WordEncoder()
    _, names = grouped(texts, encoder.encode(texts), BACKGROUND, encoder.encode(BACKGROUND))
    assert all(texts[name] in topic for name, topic in zip(names, (BIKES, PLANTS), strict=True))


@pytest.mark.parametrize("texts", [[], ["only one"], ["the same", "the same"], ["", "  "]])
@pytest.mark.parametrize("background", [[], BACKGROUND])
def test_few_questions_are_no_trouble(texts: list[str], background: list[str]) -> None:
    """None, one, the same twice, and no words at all, with or without articles."""
    found = together(texts, background)
    assert sorted(place for members in found for place in members) == list(range(len(texts)))


def test_thousands_of_alike_questions_are_one_cluster() -> None:
    """A flood is one gap."""
    texts = ["the badge reader is red"] * 400
    assert len(together(texts, BACKGROUND)) == 1


@pytest.mark.rare
def test_a_process_of_its_own_finds_the_same() -> None:
    """What it loads is given back at the end."""
    encoder = WordEncoder()
    texts = [*BIKES, *PLANTS]
    vectors, known = encoder.encode(texts), encoder.encode(BACKGROUND)
    here = grouped(texts, vectors, BACKGROUND, known)
    assert grouped_apart(texts, vectors, BACKGROUND, known) == here
    assert grouped_apart([], np.zeros((0, 64), np.float32), BACKGROUND, known) == ([], [])


SETTLED = {
    "in quite other words": ("the label machine jams", "bench four prints nothing"),
    "of nothing in common": ("scanner beeps twice", "cannot book goods in"),
    "long and short": ("help", "my colleague at the other desk sees a blank page since noon"),
    "in few words": ("labels missing again today", "why does every printout stay so empty"),
    "asked as a wish": ("could the heating start earlier", "it is cold every morning"),
}


@pytest.mark.parametrize("kind", SETTLED)
def test_what_was_settled_alike_is_nearer_and_what_was_not_is_as_before(kind: str) -> None:
    """Though the questions alone do not say so; who was not settled yet is compared by them."""
    texts = [*SETTLED[kind], *BIKES]
    encoder = WordEncoder()
    vectors, known = encoder.encode(texts), encoder.encode(BACKGROUND)

    def clusters(*fixes: str) -> int:
        ended = Settled([0, 1], fixes, encoder.encode(fixes))
        found, names = grouped(texts, vectors, BACKGROUND, known, settled=ended)
        assert sorted(place for members in found for place in members) == list(range(len(texts)))
        assert len(names) == len(found)
        assert [2, 3, 4] in found
        return len(found)

    same = "Restarted the spooler and cleaned the yellow roller"
    assert clusters(same, same) == 2
    assert clusters(same, "Ordered new curtains at the porter") == 3


ONCE = [f"{a} {b} {c} station" for a, b, c in (
    ("curtain", "torn", "porch"), ("kettle", "leaks", "pantry"), ("ladder", "bent", "attic"),
    ("mirror", "cracked", "foyer"), ("doorbell", "mute", "gate"), ("carpet", "wet", "stairs"),
)]  # fmt: skip
"""Asked once each, in a manner that all of them share."""


def test_what_is_asked_once_each_is_no_topic_together() -> None:
    """Though none is far from the others; a topic among them stays one."""
    found = together([*BIKES, *ONCE], BACKGROUND)
    assert [0, 1, 2] in found
    assert len(found) > 2
