"""The two curves, drawn: repeat escalations by week, with the loop off and on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from tests.bench.quarters.figures import hours, repeats, waits, wrongs

if TYPE_CHECKING:
    from pathlib import Path

    from tests.bench.quarters.weeks import Quarter

PANELS = (
    ("Repeat escalations", repeats),
    ("Wrong answers", wrongs),
    ("Hours of engineers", hours),
    ("Hours until rightly answered", waits),
)


def draw(off: Quarter, on: Quarter, file: Path) -> None:
    """Draw a panel for each figure, and write them as PNG."""
    figure = Figure(figsize=(10, 7), layout="constrained")
    FigureCanvasAgg(figure)
    panels = figure.subplots(2, 2, sharex=True).flat
    weeks = list(range(1, off.weeks + 1))
    for panel, (title, measured) in zip(panels, PANELS, strict=True):
        panel.plot(weeks, measured(off), "s--", color="#8a5a00", label="loop off")
        panel.plot(weeks, measured(on), "o-", color="#00508f", label="loop on")
        panel.set_title(title, loc="left")
        panel.set_ylim(bottom=0)
        panel.set_xlabel("week")
        panel.grid(visible=True, alpha=0.3)
        panel.legend()
    figure.savefig(file, dpi=120)
