"""Which of an article's lists of steps fits what was asked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kb.steps import StepList

    Likeness = Callable[[str, Sequence[str]], list[float]]

MOST_ASKED = 5
"""Among more lists than this nobody is asked to choose: the likeliest is shown."""

MARGIN = 0.06
A_WORD = 0.12

SYSTEMS = (
    re.compile(r"\b(windows|win ?1[01]|pcs?|surface|thinkpad|dell)\b", re.IGNORECASE),
    re.compile(r"\b(mac ?os|macs?|mac ?books?|i ?macs?|os ?x|apple laptops?)\b", re.IGNORECASE),
    re.compile(r"\b(i ?phones?|i ?pads?|ios|ipados)\b", re.IGNORECASE),
    re.compile(r"\b(androids?|samsungs?|galaxy|pixel|xiaomi|huawei)\b", re.IGNORECASE),
    re.compile(r"\b(linux|ubuntu|debian|fedora)\b", re.IGNORECASE),
)
"""What people call the systems that lists of steps are for."""
WORD = re.compile(r"\w{4,}")
STEM = 5
STEPS_READ = 4
LONGEST_STEPS = 400


def fitting(
    asked: str,
    title: str,
    lists: Sequence[StepList],
    likeness: Likeness,
) -> int | None:
    """Give the place of the list that fits; None where what was asked does not tell.

    By the system that is named, else by likeness of meaning and the words of the lists' titles.
    """
    if not asked.strip():
        return None
    titles = [each.title for each in lists]
    system = _by_system(asked, titles)
    if system is not None:
        return system
    alike = _alike(asked, title, lists, likeness)
    words, own = _stems(asked), [_stems(each) for each in titles]
    scores = [score + A_WORD * len(words & _alone(at, own)) for at, score in enumerate(alike)]
    best, *rest = sorted(scores, reverse=True)
    if len(lists) <= MOST_ASKED and best - rest[0] < MARGIN:
        return None
    place = scores.index(best)
    # Nobody has a system because their words are like those of its steps.
    return None if any(system.search(titles[place]) for system in SYSTEMS) else place


def _alike(asked: str, title: str, lists: Sequence[StepList], likeness: Likeness) -> list[float]:
    """Compare with each list's title, with its beginning, and with the step that is nearest."""
    titled = likeness(asked, _titled(title, lists))
    whole = likeness(asked, _begun(title, lists))
    nearest = [max(likeness(asked, each.steps)) for each in lists]
    return [sum(three) / 3 for three in zip(titled, whole, nearest, strict=True)]


def compared(title: str, lists: Sequence[StepList]) -> list[str]:
    """Give all that a question is compared with to tell which list fits."""
    steps = [step for each in lists for step in each.steps]
    return [*_titled(title, lists), *_begun(title, lists), *steps]


def _titled(title: str, lists: Sequence[StepList]) -> list[str]:
    return [f"{title}: {each.title}" for each in lists]


def _begun(title: str, lists: Sequence[StepList]) -> list[str]:
    return [f"{title}: {each.title}. {_beginning(each)}" for each in lists]


def named(text: str, titles: Sequence[str]) -> int | None:
    """Read which title an answer names: by a system, or by words that it alone has."""
    system = _by_system(text, titles)
    if system is not None:
        return system
    words, own = _stems(text), [_stems(title) for title in titles]
    places = [at for at in range(len(titles)) if words & _alone(at, own)]
    return places[0] if len(places) == 1 else None


def _by_system(asked: str, titles: Sequence[str]) -> int | None:
    meant = [system for system in SYSTEMS if system.search(asked)]
    places = {
        place for system in meant for place, title in enumerate(titles) if system.search(title)
    }
    return places.pop() if len(places) == 1 else None


def _alone(place: int, own: Sequence[set[str]]) -> set[str]:
    """Give what only this title says."""
    others = set().union(*(words for other, words in enumerate(own) if other != place))
    return own[place] - others


def _beginning(steps: StepList) -> str:
    return " ".join(" ".join(steps.steps[:STEPS_READ]).split())[:LONGEST_STEPS]


def _stems(text: str) -> set[str]:
    return {word.casefold()[:STEM] for word in WORD.findall(text)}
