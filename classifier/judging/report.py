"""The evaluation report as one HTML file: no scripts, nothing fetched."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from classifier.judging import plots

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MOST_LABELS = 30
"""With more labels than this the confusion is listed by pair, not drawn."""

_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; color: #1d1c1d; max-width: 60rem;
  margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2.2rem; }
table { border-collapse: collapse; } th, td { padding: .25rem .7rem; text-align: left; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
tr + tr { border-top: 1px solid #e3e3e3; } .plots { display: flex; flex-wrap: wrap; gap: 1.5rem; }
.quiet { color: #616061; } svg text { font: 11px system-ui, sans-serif; fill: #616061; }
@media (prefers-color-scheme: dark) { body { background: #1a1d21; color: #e8e8e8; }
  tr + tr { border-color: #35373b; } .quiet { color: #a5a6a8; } svg text { fill: #a5a6a8; } }
"""


def render(evaluation: Mapping[str, Any], title: str) -> str:
    """Render an evaluation as a page."""
    parts = [
        f"<h1>{escape(title)}</h1>",
        (
            f'<p class="quiet">Model {escape(evaluation["version"])}, '
            f"{evaluation['rows']} messages.</p>"
        ),
        _figures(evaluation),
        _calling(evaluation.get("gate")),
        "<h2>Can its confidence be believed?</h2>",
        '<div class="plots">',
        plots.reliability(evaluation["reliability"]),
        plots.risk_coverage(evaluation["risk_coverage"]),
        "</div>",
        "<h2>Labels</h2>",
        _per_label(evaluation["per_label"]),
        "<h2>What was taken for what</h2>",
        _confusion(evaluation["confusion"]),
        "<h2>Slices</h2>",
        _slices(evaluation["slices"]),
        "<h2>Worst mistakes</h2>",
        _mistakes(evaluation["mistakes"]),
    ]
    head = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>"
    )
    return head + "\n".join(parts) + "</body></html>\n"


def _table(heads: Iterable[str], rows: Iterable[Iterable[str | float]]) -> str:
    lines = ["<table><tr>", *(f"<th>{escape(head)}</th>" for head in heads), "</tr>"]
    for row in rows:
        cells = (
            f"<td>{escape(cell)}</td>" if isinstance(cell, str) else f'<td class="n">{cell:g}</td>'
            for cell in row
        )
        lines.append(f"<tr>{''.join(cells)}</tr>")
    return "".join([*lines, "</table>"])


def _share(share: Mapping[str, float]) -> str:
    return f"{share['value']:.3f} ({share['low']:.3f} to {share['high']:.3f})"


def _figures(evaluation: Mapping[str, Any]) -> str:
    rows = ((name.replace("_", " "), f"{v:.4f}") for name, v in evaluation["figures"].items())
    return _table(("figure", "value"), rows)


def _calling(calling: Mapping[str, Any] | None) -> str:
    if calling is None:
        return ""
    rows = [
        ("L2 and L3 that reached a person", _share(calling["must_escalate_recall"])),
        ("L1 left to articles", _share(calling["answered"])),
        ("chat that called a person", _share(calling["paged_chat"])),
        ("expected cost of a message", f"{calling['expected_cost']:.3f}"),
        ("a person is called from", f"{calling['escalate_at']:.3f}"),
    ]
    return "<h2>Calling people, by the classifier alone</h2>" + _table(
        ("what", "share (95% interval)"), rows
    )


def _per_label(table: Mapping[str, Any]) -> str:
    rows = (
        (label, _share(row["precision"]), _share(row["recall"]), row["recall"]["of"])
        for label, row in table.items()
    )
    return _table(("label", "precision (95%)", "recall (95%)", "messages"), rows)


def _confusion(table: Mapping[str, Mapping[str, int]]) -> str:
    labels = sorted(set(table) | {said for row in table.values() for said in row})
    if len(labels) <= MOST_LABELS:
        return plots.confusion(table, labels)
    pairs = [(n, was, said) for was, row in table.items() for said, n in row.items() if was != said]
    pairs.sort(reverse=True)
    rows = ((was, said, n) for n, was, said in pairs[:MOST_LABELS])
    return _table(("is", "taken for", "messages"), rows)


def _slices(slices: Mapping[str, Mapping[str, Any]]) -> str:
    rows = (
        (way, name, _share(share), share["of"])
        for way, table in slices.items()
        for name, share in table.items()
    )
    return _table(("by", "slice", "accuracy (95%)", "messages"), rows)


def _mistakes(mistakes: Iterable[Mapping[str, Any]]) -> str:
    rows = (
        (m["label"], f"{m['predicted']} {m['probability']:.2f}", m["text"], ", ".join(m["words"]))
        for m in mistakes
    )
    return _table(("is", "said", "message", "words that weighed most"), rows)
