"""Searching messages: what one is a member of is found, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from bot.playground import Person, Playground
from bot.playground.errors import Refused

ANA, TOM, MEI, PRIYA = "U0ANA00001", "U0TOM00001", "U0MEI00001", "U0PRIYA001"


def find(playground: Playground, user: str, query: str) -> dict[str, Any]:
    """Ask as the page does."""
    with Person(playground.url, user) as somebody:
        return somebody._get("search", q=query)


def words(playground: Playground, user: str, query: str) -> list[str]:
    """Give what was found, the newest first."""
    return [each["snippet"] for each in find(playground, user, query)["found"]]


@pytest.fixture
def talk(playground: Playground) -> Playground:
    """What was said in a channel, a thread, a private channel and in direct messages."""
    with Person(playground.url, ANA) as ana, Person(playground.url, MEI) as mei:
        asked = ana.say("it-help", "Where is the pumpkin scale?")
        mei.say("it-help", "Behind the Café, next to the PUMPKIN rack", asked)
        mei.say("l2-support", "Between us: the pumpkin scale is broken")
        ana.say(ana.dm(TOM), "a secret pumpkin for you")
        ana.say("it-help", f"<@{MEI}> thanks & <https://kb.example/scales|all about scales>")
    return playground


def test_all_words_in_any_order_and_case_newest_first(talk: Playground) -> None:
    """In channels, threads and one's own direct messages."""
    assert words(talk, ANA, "pumpkin") == [
        "a secret pumpkin for you",
        "Behind the Café, next to the PUMPKIN rack",
        "Where is the pumpkin scale?",
    ]
    assert words(talk, ANA, "SCALE pumpkin") == ["Where is the pumpkin scale?"]
    assert words(talk, ANA, "café rack") == ["Behind the Café, next to the PUMPKIN rack"]
    assert find(talk, ANA, "café")["found"][0]["thread_ts"]


@pytest.mark.parametrize(
    ("user", "sees_channel", "sees_direct"),
    [(ANA, False, True), (TOM, False, True), (MEI, True, False), (PRIYA, False, False)],
)
def test_only_members_find_what_was_said(
    talk: Playground, user: str, sees_channel: bool, sees_direct: bool
) -> None:
    """Neither another's direct messages nor a channel that one is not in."""
    members = talk.control("member", channel="l2-support", user=PRIYA, remove=True)
    assert members["ok"]
    found = words(talk, user, "pumpkin")
    assert any("Between us" in each for each in found) is sees_channel
    assert any("secret" in each for each in found) is sees_direct


def test_who_leaves_finds_it_no_longer(talk: Playground) -> None:
    """Membership counts when it is asked, not when it was said."""
    assert words(talk, MEI, "between us")
    talk.control("member", channel="l2-support", user=MEI, remove=True)
    assert words(talk, MEI, "between us") == []


def test_places_and_people_narrow_it(talk: Playground) -> None:
    """`in:` and `from:`, with or without `#` and `@`; alone as well."""
    assert len(words(talk, ANA, "pumpkin in:#it-help")) == 2
    assert words(talk, ANA, "pumpkin in:it-help from:@mei") == [
        "Behind the Café, next to the PUMPKIN rack"
    ]
    assert words(talk, ANA, "in:@tom") == ["a secret pumpkin for you"]
    assert len(words(talk, ANA, "from:ana")) == 3
    assert words(talk, ANA, "in:l2-support pumpkin") == []


def test_it_finds_what_is_read_and_not_what_is_written(talk: Playground) -> None:
    """Names instead of ids, labels instead of addresses."""
    assert words(talk, ANA, "@mei thanks & all") == ["@Mei Tanaka thanks & all about scales"]
    assert words(talk, ANA, MEI) == []


@pytest.mark.parametrize(
    "query", ["", "   ", "\0", "%", "[a-z", "in:", "from:", "x" * 10_000, "😀"]
)
def test_an_odd_question_finds_nothing_and_breaks_nothing(talk: Playground, query: str) -> None:
    """Whatever is typed is answered."""
    assert find(talk, ANA, query)["found"] == []


def test_what_was_deleted_is_not_found_and_what_was_changed_is_found_as_it_is(
    playground: Playground,
) -> None:
    """An answered question that is deleted leaves a stone, which says nothing."""
    with Person(playground.url, ANA) as ana:
        gone = ana.say("it-help", "the walrus")
        ana.say("it-help", "yes?", gone)
        changed = ana.say("it-help", "the heron")
        ana.delete("it-help", gone)
        ana.edit("it-help", changed, "the egret")
    assert words(playground, ANA, "walrus") == []
    assert words(playground, ANA, "heron") == []
    assert words(playground, ANA, "egret") == ["the egret"]


def test_many_are_cut_and_long_ones_are_quoted_around_the_word(playground: Playground) -> None:
    """Thirty at a time, with a word that there are more."""
    with Person(playground.url, ANA) as ana:
        for number in range(31):
            ana.say("it-help", f"needle {number}")
        ana.say("it-help", f"{'hay ' * 200}thimble{' hay' * 200}")
    told = find(playground, ANA, "needle")
    assert (len(told["found"]), told["more"]) == (30, True)
    (snippet,) = words(playground, ANA, "thimble")
    assert "thimble" in snippet
    assert snippet.startswith("…hay")
    assert snippet.endswith("…")
    assert len(snippet) < 200


def test_nobody_searches_as_nobody(talk: Playground) -> None:
    """The page says as whom; a stranger's name is refused."""
    with Person(talk.url, ANA) as ana:
        ana.id = "U0NOBODY01"
        with pytest.raises(Refused, match="somebody in this workspace"):
            ana._get("search", q="pumpkin")
