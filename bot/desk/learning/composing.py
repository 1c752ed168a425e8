"""From a resolution to the words of a draft: every sentence is somebody's own, none is made up."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.desk.learning.drafts import Text
from bot.desk.learning.titling import plain_question, title_of
from bot.desk.tickets import subject_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.desk.tickets import Settlement

LEAST_WORDS = 2
"""Fewer words than these tell nobody what to do."""

LONGEST_QUESTION = 300
MOST_QUESTIONS = 12
MOST_OTHERS = 5
GONE = frozenset({"", "(deleted)", "(expired)", "(forgotten)"})
"""What stands where a message was."""

WORD = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]|[^\W\d_]{2,}")
STEP = re.compile(r"^\s*(?:\d{1,2}[.)]|[-*•\u2013])\s+(?P<words>\S.*)$")
SAYS_NOTHING = re.compile(
    r"(?:it|this|that|all|now|is|was|has|been|have|we|i|by|with|for|to|of|me|you|"
    r"user|ticket|issue|problem|"
    r"the|a|an|and|as|per|fixed|solved|resolved|done|closed|ok|okay|good|again|works?|working|"
    r"fine|see|above|below|thread|chat|sorted|completed?|handled|na|none|nothing|test|tbd|"
    r"erledigt|behoben|gelöst|fertig|geht|wieder|résolu|réglé|hecho|resuelto|solucionado)",
    re.IGNORECASE,
)
"""Words that a resolution is made of which says that it ended, and not how."""

STEP_BY_STEP = "What settled it, step by step."
"""Stands first where only steps were written down: an answer begins with its first paragraph."""
OTHERS = "## What helped others"
ENDING = "## When to ask for a person"
PERSON = "When this does not settle it; say what happened instead."


def says_something(settlement: Settlement) -> bool:
    """Tell whether a resolution says what to do, and not only that it is done."""
    return tells(settlement.fix, settlement.article_words)


def tells(*texts: str) -> bool:
    """Tell whether texts say something, and not only that it is done."""
    words = {
        word.lower()
        for text in texts
        for word in WORD.findall(text)
        if not SAYS_NOTHING.fullmatch(word)
    }
    return len(words) >= LEAST_WORDS


def compose(
    settlement: Settlement | None,
    asked: Sequence[str],
    others: Sequence[Settlement] = (),
    mended: Callable[[str], str] = str,
) -> Text:
    """Write a draft: title and questions from what was asked, the answer from what was settled.

    `others` settled the same in other words, or otherwise; without any settlement the answer is
    left to whoever writes it. `mended` takes slips of the pen out of the title.
    """
    questions = sample_questions(asked)
    body = body_of(settlement, others) if settlement else ""
    title = title_of(questions, body, mended)
    if not title and settlement:
        title = subject_of(settlement.cause).rstrip(" .…")
    return Text(title, questions, body)


def sample_questions(asked: Sequence[str]) -> tuple[str, ...]:
    """Give questions as they were asked, each once and on one line, without whom they name.

    What is gone is left out.
    """
    found: dict[str, str] = {}
    for words in asked:
        if words.strip() in GONE:
            continue
        line = plain_question(words)
        if len(line) > LONGEST_QUESTION:
            line = title_of([line])
        if not line:
            continue
        found.setdefault(line.casefold(), line)
    return tuple(found.values())[:MOST_QUESTIONS]


def body_of(settlement: Settlement, others: Sequence[Settlement] = ()) -> str:
    """Give the answer in Markdown: what to do first, then the steps, why, and what prevents it.

    What others wrote down that is not said by then stands below, as it was written.
    """
    words, steps = _with_steps(settlement.article_words, settlement.fix)
    parts = [words or STEP_BY_STEP]
    if steps:
        parts.append("## Steps\n" + "\n".join(f"{n}. {s}" for n, s in enumerate(steps, start=1)))
    if settlement.told:
        parts.append(f"## What it was\n{settlement.told.strip()}")
    if settlement.prevention.strip():
        parts.append(f"## So that it does not come back\n{settlement.prevention.strip()}")
    said = "\n".join(parts).casefold()
    also = {
        line: None
        for each in others
        if says_something(each) and (line := " ".join(each.fix.split())).casefold() not in said
    }
    if also:
        told = "\n".join(f"- {line}" for line in list(also)[:MOST_OTHERS])
        parts.append(f"{OTHERS}\n{told}")
    parts.append(f"{ENDING}\n{PERSON}")
    return "\n\n".join(part for part in parts if part.strip())


def without_ending(body: str) -> str:
    """Give an answer without our own line on when to ask for a person: a page says it once."""
    return body.rstrip().removesuffix(f"{ENDING}\n{PERSON}").rstrip()


def with_another(body: str, settlement: Settlement) -> str:
    """Give an answer with what settled it once more, below what stands there."""
    line = f"- {' '.join(settlement.fix.split())}"
    if line in body.splitlines():
        return body
    above, heading, below = body.partition(OTHERS)
    if heading:
        return f"{above}{heading}\n{line}{below}"
    above, heading, below = body.partition(ENDING)
    return f"{above.rstrip()}\n\n{OTHERS}\n{line}\n\n{heading}{below}".strip()


def _with_steps(wanted: str, fix: str) -> tuple[str, tuple[str, ...]]:
    """Give what comes before the steps, and the steps, where lines were written as such."""
    lines = [line for line in fix.strip().splitlines() if line.strip()]
    matched = [STEP.match(line) for line in lines]
    steps = tuple(found["words"].strip() for found in matched if found)
    if len(steps) < 2:  # noqa: PLR2004 - one step is no list
        return _joined(wanted, fix), ()
    others = "\n".join(line for line, found in zip(lines, matched, strict=True) if not found)
    return _joined(wanted, others), steps


def _joined(wanted: str, fix: str) -> str:
    first, second = wanted.strip(), fix.strip()
    if not first or first.casefold() in second.casefold():
        return second
    return first if second.casefold() in first.casefold() else f"{first}\n\n{second}"
