"""Which outcomes are learned: copies, floods, lone words, old news, and what several people say."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.desk.ids import TicketId
from bot.desk.learning import Guard, Lesson, Opinion, Refusal, Weighed, weigh

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
SURE = Opinion("L1", 0.95, "vpn", 0.95)
"""What the shipped labels make of a message: an article answers it, surely."""
UNSURE = Opinion("L1", 0.5, "vpn", 0.4)


def lesson(number: int, label: str = "L1", article: str = "vpn", **other: object) -> Lesson:
    """Somebody's word, a day after the one before."""
    asker = f"p{number}"
    found = Lesson(
        TicketId(number), f"text {number}", label, article, 0.9,
        START + timedelta(days=number), asker, asker,
    )  # fmt: skip
    return replace(found, **other)


def weighed(
    lessons: list[Lesson],
    opinion: Opinion = SURE,
    copies: list[list[int]] | None = None,
    near: list[list[int]] | None = None,
) -> Weighed:
    """Weigh lessons that are all about one thing, unless it is said otherwise."""
    places = range(len(lessons))
    others = [[other for other in places if other != place] for place in places]
    alone: list[list[int]] = [[] for _ in places]
    return weigh(lessons, copies or alone, near or others, [opinion] * len(lessons))


def reasons(found: Weighed) -> list[Refusal]:
    """Why lessons are refused, in their order."""
    return [found.refused[place] for place in sorted(found.refused)]


def test_what_agrees_is_learned() -> None:
    """Nobody has to be asked twice for what is known anyway."""
    assert weighed([lesson(1), lesson(2)]).kept == (0, 1)


@pytest.mark.parametrize("count", [6, 50, 3_000])
def test_the_same_words_are_learned_a_few_times(count: int) -> None:
    """Thousands of copies are five, and the newest of them."""
    lessons = [lesson(number) for number in range(count)]
    block = list(range(count))
    found = weighed(lessons, copies=[block] * count, near=[[] for _ in lessons])
    assert found.kept == tuple(range(count - 5, count))
    assert set(reasons(found)) == {Refusal.COPY}


def test_the_same_words_of_one_person_are_learned_once() -> None:
    """The newest."""
    lessons = [lesson(number, asker="p1", by="p1") for number in range(4)]
    assert weighed(lessons, copies=[[0, 1, 2, 3]] * 4).kept == (3,)


@pytest.mark.parametrize(
    ("label", "opinion"),
    [("L3", SURE), ("L2", SURE), ("chat", SURE), ("L3", Opinion("L2", 0.99)), ("L1", SURE)],
)
def test_one_word_against_what_is_sure_is_not_learned(label: str, opinion: Opinion) -> None:
    """Not an engineer's either."""
    article = "printer" if label == "L1" else ""
    wrong = lesson(1, label, article, by="e1", trust=0.95, source="engineer")
    assert reasons(weighed([wrong], opinion)) == [Refusal.LONE]


def test_one_persons_500_presses_change_nothing() -> None:
    """All say L3, of other people's tickets, where the shipped labels are sure of L1."""
    flood = [
        lesson(number, "L3", "", by="e1", trust=0.95, source="engineer") for number in range(500)
    ]
    assert weighed(flood).kept == ()
    assert weighed(flood, near=[[] for _ in flood]).kept == ()


def test_a_flood_pushes_no_honest_word_aside() -> None:
    """It is newer, and in the same words as what it is about."""
    honest = [lesson(number) for number in range(20)]
    flood = [
        replace(each, label="L3", article="", by="e1", trust=0.95, source="engineer",
                at=each.at + timedelta(days=40))
        for each in honest
    ]  # fmt: skip
    same = [[place, place + 20] for place in range(20)] * 2
    alone: list[list[int]] = [[] for _ in same]
    assert weighed([*honest, *flood], copies=same, near=alone).kept == tuple(range(20))


def test_one_person_tips_few_scales() -> None:
    """Where the shipped labels are not sure, ten words of one engineer are taken."""
    flood = [
        lesson(number, "L3", "", by="e1", trust=0.95, source="engineer") for number in range(500)
    ]
    assert len(weighed(flood, UNSURE, near=[[] for _ in flood]).kept) == Guard().lone


@pytest.mark.parametrize("whose", ["asker", "by"])
def test_one_person_is_not_several(whose: str) -> None:
    """Neither who asks a hundred times nor who presses for a hundred others."""
    flood = [
        replace(lesson(number, "L2", "", source="engineer", trust=0.95), **{whose: "flooder"})
        for number in range(100)
    ]
    assert weighed(flood).kept == ()


def test_several_people_are_believed_against_the_shipped_labels() -> None:
    """Three people's tickets, by the word of two."""
    said = [lesson(n, "L2", "", by=f"e{n % 2}", trust=0.7, source="L2") for n in range(3)]
    found = weighed(said)
    assert found.kept == (0, 1, 2)
    assert found.turned == {0, 1, 2}


def test_a_topic_that_changes_its_answer_is_taken_up_once_several_say_so() -> None:
    """The old answer is let go of; two people are not enough."""
    old = [lesson(number) for number in range(6)]
    first, *others = (lesson(number, article="new-vpn") for number in range(10, 17))
    new = [by_desk(first), *others]
    found = weighed([*old, *new])
    kept = {(*old, *new)[place].article for place in found.kept}
    assert kept == {"new-vpn"}
    assert set(reasons(found)) == {Refusal.OUTDATED}
    few = weighed([*old, *new[:2]])
    assert {(*old, *new)[place].article for place in few.kept} == {"vpn"}


def test_newer_words_of_few_do_not_end_what_many_go_on_saying() -> None:
    """As many say the old since: nothing is over."""
    old = [lesson(number) for number in range(0, 20, 2)]
    new = [lesson(number, article="new-vpn") for number in range(1, 6, 2)]
    found = weighed([*old, *new], UNSURE)
    assert all(place >= len(old) for place in found.refused)


def test_who_settles_much_is_not_taken_for_a_flood() -> None:
    """An engineer's 40 settled tickets of 40 people stand, where colleagues settle as much."""
    said = [
        lesson(number, "L2", "", by=f"e{number % 3}", trust=0.7, source="L2")
        for number in range(300)
    ]
    found = weighed(said, Opinion("L2", 0.9), near=[[] for _ in said])
    assert len(found.kept) == 300


def told(count: int, article: str, first: int = 0, **other: object) -> list[Lesson]:
    """So many people one after the other say that an article answers it."""
    return [lesson(first + number, article=article, **other) for number in range(count)]


def by_desk(told: Lesson) -> Lesson:
    """The same by the word of a reviewer, who wrote it into the article."""
    return replace(told, by="e1", source="engineer")


def colluding(count: int, people: int, article: str = "gateway", first: int = 0) -> list[Lesson]:
    """A few agreed to press *That solved it* under an article, in turns, again and again."""
    accounts = [f"evil{number % people}" for number in range(count)]
    return [
        lesson(first + number, article=article, asker=each, by=each)
        for number, each in enumerate(accounts)
    ]


@pytest.mark.parametrize("near", [True, False])
@pytest.mark.parametrize("label", ["L1", "L2", "L3"])
@pytest.mark.parametrize("presses", [5, 15, 100])
def test_five_who_agreed_on_a_wrong_article_overrule_nothing(
    near: bool, label: str, presses: int
) -> None:
    """Be it that another article answers it, or that it needs a person; nor is anything moved."""
    honest = [lesson(n, label, "vpn" if label == "L1" else "", source=label) for n in range(20)]
    wrong = colluding(presses, 5, first=20)
    opinion = Opinion(label, 0.95, "vpn", 0.95)
    lessons = [*honest, *wrong]
    found = weighed(lessons, opinion) if near else apart(lessons, opinion)
    assert set(found.kept) <= set(range(20))
    assert found.turned == frozenset()
    assert found.moved == ()


def test_five_who_agreed_push_no_honest_word_aside() -> None:
    """However much newer and more theirs is."""
    alone = weighed([lesson(number) for number in range(9)])
    beside = weighed([*(lesson(number) for number in range(9)), *colluding(100, 5, first=9)])
    assert beside.kept == alone.kept
    assert Refusal.OUTDATED not in beside.refused.values()


@pytest.mark.parametrize("people", [3, 7])
def test_one_word_of_the_desk_makes_several_of_a_few(people: int) -> None:
    """A reviewer wrote it, and then as many people say so as make several."""
    said = told(people, "gateway")
    assert weighed(said).kept == ()
    found = weighed([*said[:-1], by_desk(said[-1])])
    assert found.turned == frozenset(range(people))


def test_a_crowd_of_requesters_is_believed_alone() -> None:
    """Nobody of the desk has to be there; seven are no crowd."""
    assert weighed(told(7, "gateway")).kept == ()
    assert weighed(told(8, "gateway")).turned == frozenset(range(8))
    assert weighed(colluding(30, 7)).kept == ()


def apart(lessons: list[Lesson], opinion: Opinion = SURE) -> Weighed:
    """Weigh lessons in so different words that none is near another."""
    alone: list[list[int]] = [[] for _ in lessons]
    return weigh(lessons, alone, alone, [opinion] * len(lessons))


@pytest.mark.parametrize(("before", "since"), [(3, 4), (20, 4), (40, 15), (1, 9), (0, 6)])
def test_a_topic_that_turned_is_learned_anew(before: int, since: int) -> None:
    """However long it was otherwise, and however differently people put it."""
    now = told(since, "gateway", before)
    found = apart([*told(before, "vpn"), *now[:2], by_desk(now[2]), *now[3:]])
    assert found.kept == tuple(range(before, before + since))
    assert set(reasons(found)) <= {Refusal.OUTDATED}
    assert len(found.turned) == since
    assert found.moved == ((SURE.article, "gateway"),)


STAYS = {
    "too few": [*told(9, "vpn"), *told(3, "gateway", 9)],
    "five who agreed": [*told(9, "vpn"), *colluding(40, 5, first=9)],
    "one person": [*told(9, "vpn"), *told(30, "gateway", 9, by="e1", source="engineer")],
    "one asker": [*told(9, "vpn"), *told(30, "gateway", 9, asker="p1", by="p1")],
    "two topics in turns": [lesson(n, article=("vpn", "gateway")[n % 2]) for n in range(20)],
    "some wrong ones": [lesson(n, article=f"a{n}" if n % 5 == 0 else "vpn") for n in range(30)],
    "it turned back": [*told(9, "vpn"), *told(5, "gateway", 9), *told(9, "vpn", 14)],
}


@pytest.mark.parametrize("kind", STAYS)
def test_a_topic_stays_where_not_nearly_all_say_otherwise(kind: str) -> None:
    """What was learned before is believed."""
    found = apart(STAYS[kind])
    says = {STAYS[kind][place].article for place in found.kept}
    assert says == {"vpn"}
    assert found.turned == frozenset()
    assert found.moved == ()


def test_topics_that_turned_to_each_other_move_nothing() -> None:
    """Which of two answers cannot be told where both turned; nor where people are called."""
    swapped = [*told(9, "gateway"), *told(9, "vpn", 9)]
    alone: list[list[int]] = [[] for _ in swapped]
    opinions = [Opinion("L1", 0.9, "vpn", 0.9)] * 9 + [Opinion("L1", 0.9, "gateway", 0.9)] * 9
    assert weigh(swapped, alone, alone, opinions).moved == ()
    called = [replace(each, label="L2", article="") for each in told(9, "")]
    assert apart(called, opinions[0]).moved == ()
