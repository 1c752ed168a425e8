"""What `frontline learn` says: what was learned, of how many, what changed, the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.fitting.learning.reporting import BACK, NOTHING, PROMOTED, REFUSED, TRIED, WITHDRAWN

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bot.fitting.learning.reporting import Report
    from bot.fitting.learning.verdict import Compared

SHOWN = 20
"""So many runs of the journal."""

FIRST = {
    PROMOTED: "Learned: {version} serves from now on. A running bot takes it up by itself.",
    REFUSED: "Nothing changes: what was learned is not good enough to serve.",
    NOTHING: "Nothing changes: {why}.",
    WITHDRAWN: "What is no longer on record is learned no more: {version} serves, of the rest.",
    BACK: "What is no longer on record is learned no more, and the shipped labels serve alone: "
    "what is left is nothing, or worse than they are.",
}
WAY_BACK = "To go back: `frontline learn --undo`. What was learned of whom: --journal."


def as_text(report: Report) -> str:
    """Say what a run did, the outcome first."""
    return "\n".join(_lines(report))


def _lines(report: Report) -> Iterator[str]:
    if report.recovered:
        yield "A run was killed while it changed what serves; that was put back first."
    yield _first(report)
    if report.lessons:
        yield (
            f"Learned {report.kept} of {counted(report.lessons, 'settled ticket')} on record, of "
            f"{counted(report.askers, 'person', 'people')}, by the word of "
            f"{len(report.people)}; {report.turned} overrule what was shipped."
        )
    for why, count in sorted(report.refused.items(), key=lambda each: -each[1]):
        yield f"  not learned: {count}, {why}"
    if report.objections:
        yield "What speaks against it:"
        yield from (f"- {reason}" for reason in report.objections)
    if report.frozen is not None:
        yield "                         before    with what was learned"
        for name, compared in (("frozen holdout", report.frozen), ("latest month", report.month)):
            if compared is not None and compared.messages:
                yield from _figures(name, compared)
    yield from (f"- {line}" for line in report.refitted)
    if report.outcome in {PROMOTED, WITHDRAWN, BACK}:
        yield WAY_BACK


def _first(report: Report) -> str:
    if report.outcome == TRIED:
        would = "would serve" if report.accepted else "would not be good enough to serve"
        return f"A dry run, nothing changes: what was learned {would}."
    return FIRST[report.outcome].format(version=report.version, why="; ".join(report.reasons))


def _figures(name: str, compared: Compared) -> Iterator[str]:
    yield f"  {name}, {counted(compared.messages, 'message')}:"
    for what, before, after in (
        ("decided rightly", compared.right_before, compared.right_after),
        ("macro-F1", compared.f1_before, compared.f1_after),
        ("cost of a message", compared.cost_before, compared.cost_after),
    ):
        yield f"    {what:20} {before:6.3f}    {after:6.3f}"


def undone(former: str | None) -> str:
    """Say what serves after going back."""
    serving = f"what was learned as {former} serves" if former else "the shipped labels serve alone"
    return (
        f"Gone back: {serving}. A running bot takes it up by itself. At night nothing is taken up "
        "any more until `frontline learn` is run by hand."
    )


def journal_as_text(lines: Sequence[Mapping[str, Any]]) -> str:
    """Show the latest runs, the newest last."""
    if not lines:
        return "Nothing was learned yet: `frontline learn` begins."
    return "\n".join(line for each in lines[-SHOWN:] for line in _run(each))


def _run(line: Mapping[str, Any]) -> Iterator[str]:
    dry = " (dry run)" if line.get("dry_run") and line["outcome"] != TRIED else ""
    version = f"  {line['version']}" if line.get("version") else ""
    instead = f", {line['instead']} instead" if line.get("instead") else ""
    yield f"{line['at']}  {line['outcome']}{dry}{version}{instead}"
    if line.get("lessons"):
        people: Mapping[str, int] = line.get("people", {})
        yield (
            f"    learned {line.get('learned', 0)} of {line['lessons']} on record, by the word of "
            f"{counted(len(people), 'person', 'people')}"
        )
        if people:
            yield f"    of whom (hashed): {_most(people)}"
    for why, count in line.get("refused", {}).items():
        yield f"    not learned: {count}, {why}"
    for reason in (*line.get("reasons", ()), *line.get("refitted", ())):
        yield f"    {reason}"


def _most(people: Mapping[str, int], shown: int = 5) -> str:
    ranked = sorted(people.items(), key=lambda each: -each[1])
    named = ", ".join(f"{name} {count}" for name, count in ranked[:shown])
    return named + (f" and {len(ranked) - shown} more" if len(ranked) > shown else "")


def counted(count: int, one: str, many: str = "") -> str:
    """Say how many."""
    return f"{count} {one if count == 1 else many or one + 's'}"
