"""What the two quarters come to, week by week, in words and bars."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from statistics import median
from typing import TYPE_CHECKING

from tests.bench.quarters.weeks import asked_until_answered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.bench.quarters.requesters import Case
    from tests.bench.quarters.weeks import Quarter

LAST = 4
"""The weeks at the end that the goal speaks of."""
BAR = 30
GOAL_ASKED = 4


def repeats(quarter: Quarter) -> list[int]:
    """Count by week the escalations of what a person had settled already."""
    weeks = range(1, quarter.weeks + 1)
    return [sum(case.is_repeat for case in quarter.of(week)) for week in weeks]


def wrongs(quarter: Quarter) -> list[int]:
    """Count by week the questions that got a wrong answer."""
    weeks = range(1, quarter.weeks + 1)
    return [sum(case.wrong > 0 for case in quarter.of(week)) for week in weeks]


def hours(quarter: Quarter) -> list[float]:
    """Give by week the hours of engineers, the reviewer's included."""
    return [quarter.minutes.get(week, 0.0) / 60 for week in range(1, quarter.weeks + 1)]


def waits(quarter: Quarter) -> list[float]:
    """Give by week the mean hours until what an article could answer was answered rightly."""
    return [_mean_wait(quarter.of(week)) for week in range(1, quarter.weeks + 1)]


def _mean_wait(cases: list[Case]) -> float:
    spans = [
        (case.answered_at - case.question.at).total_seconds() / 3600
        for case in cases
        if case.answered_at is not None and case.question.is_known
    ]
    return sum(spans) / len(spans) if spans else 0.0


def report(off: Quarter, on: Quarter) -> str:
    """Give all of it as text."""
    lines = ["week  repeats off/on  wrong off/on  hours off/on    wait h off/on"]
    columns = [(repeats(q), wrongs(q), hours(q), waits(q)) for q in (off, on)]
    for week in range(off.weeks):
        a, b = ([column[week] for column in each] for each in columns)
        lines.append(
            f"{week + 1:4}  {a[0]:7}/{b[0]:<7} {a[1]:6}/{b[1]:<6} {a[2]:6.1f}/{b[2]:<7.1f}"
            f" {a[3]:5.2f}/{b[3]:<5.2f}"
        )
    lines += ["", "repeat escalations (- off, # on)", *_bars(columns[0][0], columns[1][0])]
    lines += ["", *_goals(off, on)]
    lines += ["", *_sources(off, on)]
    lines += [f"learned, {each}" for each in on.learned]
    return "\n".join(lines) + "\n"


def _bars(off: list[int], on: list[int]) -> list[str]:
    most = max(*off, *on, 1)
    found = []
    for week, pair in enumerate(zip(off, on, strict=True), start=1):
        for sign, count in zip("-#", pair, strict=True):
            found.append(
                f"{week if sign == '-' else '':>4} {sign * round(BAR * count / most)} {count}"
            )
    return found


def _goals(off: Quarter, on: Quarter) -> list[str]:
    last = [sum(repeats(q)[-LAST:]) for q in (off, on)]
    wrong = [sum(wrongs(q)) for q in (off, on)]
    late = [sum(wrongs(q)[-LAST:]) for q in (off, on)]
    found = asked_until_answered(on)
    counts = [count for count in found.values() if count is not None]
    never = [topic for topic, count in found.items() if count is None]
    late_topics = {t: n for t, n in found.items() if n is not None and n > GOAL_ASKED}
    right = sum(count <= GOAL_ASKED for count in counts)
    share = last[1] / max(1, last[0])
    asked = f"median {median(counts or [0])}, at most {max(counts or [0])}"
    told = {
        f"repeat escalations, last {LAST} weeks": f"{last[1]}/{last[0]} = {share:.2f} (≤ 0.33)",
        "wrong answers": f"{wrong[1]}/{wrong[0]}; last {LAST} weeks {late[1]}/{late[0]} (no more)",
        "hours of engineers": f"{sum(hours(on)):.0f}/{sum(hours(off)):.0f}",
        "asked until a published page answered": f"{asked}; {right} of {len(found)} "
        f"topics within {GOAL_ASKED} (goal: all)",
        "later": str(late_topics or "none"),
        "never": ", ".join(never) or "none",
        "presses of the reviewer": str(on.presses),
    }
    return ["loop on/off", *(f"{name}: {said}" for name, said in told.items())]


def _sources(off: Quarter, on: Quarter) -> list[str]:
    """Tell where the repeats of the last weeks come from, the most frequent first."""
    found = []
    for quarter in (off, on):
        late = range(quarter.weeks - LAST + 1, quarter.weeks + 1)
        traces = [case.trace for week in late for case in quarter.of(week) if case.trace]
        found.append(f"why again, last {LAST} weeks, loop {'on' if quarter.loop else 'off'}")
        counted = Counter((each.kind, each.why) for each in traces)
        found += [f"{count:4}  {kind}: {why}" for (kind, why), count in counted.most_common()]
    return found


def told_of(off: Quarter, on: Quarter) -> Iterator[str]:
    """Give what became of each question, one a line, for whoever looks for what to mend."""
    for quarter in (off, on):
        for case in quarter.cases:
            asked = case.question
            told = {
                "loop": quarter.loop,
                "week": asked.week,
                "topic": asked.topic,
                "label": asked.label,
                "text": asked.text,
                "by": case.by_article,
                "wrong": case.wrong_of,
                "escalated": case.is_escalated,
                "repeat": case.is_repeat,
                "trace": asdict(case.trace) if case.trace else None,
            }
            yield f"{json.dumps(told, ensure_ascii=False)}\n"
