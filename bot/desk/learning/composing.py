"""From a resolution to the words of a draft: every sentence is somebody's own, none is made up."""

from __future__ import annotations

import re
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Own:
    """The words of a draft that are ours: its headings, and a line or two."""

    step_by_step: str
    """Stands first where only steps were written down: an answer begins with a paragraph."""
    steps: str
    cause: str
    prevention: str
    others: str
    ending: str
    person: str


OWN = {
    "en": Own(
        "What settled it, step by step.",
        "## Steps",
        "## What it was",
        "## So that it does not come back",
        "## What helped others",
        "## When to ask for a person",
        "When this does not settle it; say what happened instead.",
    ),
    "de": Own(
        "So wurde es gelöst, Schritt für Schritt.",
        "## Schritte",
        "## Woran es lag",
        "## Damit es nicht wiederkommt",
        "## Was anderen half",
        "## Wann ein Mensch helfen sollte",
        "Wenn es damit nicht gelöst ist; schreiben Sie, was stattdessen geschah.",
    ),
    "fr": Own(
        "Ce qui a réglé le problème, étape par étape.",
        "## Étapes",
        "## La cause",
        "## Pour que cela ne revienne pas",
        "## Ce qui a aidé d'autres personnes",
        "## Quand demander à une personne",
        "Si cela ne suffit pas ; dites ce qui s'est passé à la place.",
    ),
    "es": Own(
        "Lo que lo resolvió, paso a paso.",
        "## Pasos",
        "## Cuál era la causa",
        "## Para que no vuelva a pasar",
        "## Lo que ayudó a otros",
        "## Cuándo pedir una persona",
        "Si esto no lo resuelve; diga qué ocurrió en su lugar.",
    ),
    "pt": Own(
        "O que resolveu, passo a passo.",
        "## Passos",
        "## Qual era a causa",
        "## Para que não volte a acontecer",
        "## O que ajudou outras pessoas",
        "## Quando pedir uma pessoa",
        "Se isto não resolver; diga o que aconteceu em vez disso.",
    ),
    "ja": Own(
        "解決した手順は次のとおりです。",
        "## 手順",
        "## 原因",
        "## 再発を防ぐには",
        "## ほかの人に役立ったこと",
        "## 担当者に尋ねる場合",
        "これで解決しないときは、代わりに何が起きたかを書いてください。",
    ),
}
"""By language, those that the desk speaks; English stands for every other."""
FIXED = frozenset(line for own in OWN.values() for line in (own.step_by_step, own.person))
"""Lines of ours that are no sentence of anybody's."""


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
    language: Callable[[str], str] = lambda _: "en",
) -> Text:
    """Write a draft: title and questions from what was asked, the answer from what was settled.

    Headings are in the `language` of the fix. `others` settled the same in other words, or
    otherwise; without any settlement the answer is left to whoever writes it. `mended` takes slips
    of the pen out of the title.
    """
    questions = sample_questions(asked)
    body = ""
    if settlement:
        told = f"{settlement.article_words}\n{settlement.fix}"
        body = body_of(settlement, others, OWN.get(language(told), OWN["en"]))
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


def body_of(settlement: Settlement, others: Sequence[Settlement] = (), own: Own = OWN["en"]) -> str:
    """Give the answer in Markdown: what to do first, then the steps, why, and what prevents it.

    What others wrote down that is not said by then stands below, as it was written.
    """
    words, steps = _with_steps(settlement.article_words, settlement.fix)
    parts = [words or own.step_by_step]
    if steps:
        told = "\n".join(f"{n}. {s}" for n, s in enumerate(steps, start=1))
        parts.append(f"{own.steps}\n{told}")
    if settlement.told:
        parts.append(f"{own.cause}\n{settlement.told.strip()}")
    if settlement.prevention.strip():
        parts.append(f"{own.prevention}\n{settlement.prevention.strip()}")
    said = "\n".join(parts).casefold()
    also = {
        line: None
        for each in others
        if says_something(each) and (line := " ".join(each.fix.split())).casefold() not in said
    }
    if also:
        told = "\n".join(f"- {line}" for line in list(also)[:MOST_OTHERS])
        parts.append(f"{own.others}\n{told}")
    parts.append(f"{own.ending}\n{own.person}")
    return "\n\n".join(part for part in parts if part.strip())


def without_ending(body: str) -> str:
    """Give an answer without our own line on when to ask for a person: a page says it once."""
    text = body.rstrip()
    for own in OWN.values():
        text = text.removesuffix(f"{own.ending}\n{own.person}").rstrip()
    return text


def with_another(body: str, settlement: Settlement) -> str:
    """Give an answer with what settled it once more, below what stands there."""
    line = f"- {' '.join(settlement.fix.split())}"
    lines = body.splitlines()
    if line in lines:
        return body
    own = next((each for each in OWN.values() if {each.others, each.ending} & {*lines}), OWN["en"])
    above, heading, below = body.partition(own.others)
    if heading:
        return f"{above}{heading}\n{line}{below}"
    above, heading, below = body.partition(own.ending)
    return f"{above.rstrip()}\n\n{own.others}\n{line}\n\n{heading}{below}".strip()


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
