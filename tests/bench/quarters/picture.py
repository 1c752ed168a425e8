"""The curves, drawn: what each week came to, with the loop off and on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from tests.bench.quarters.figures import hours, repeats, waits, wrongs
from tests.bench.quarters.truth import CHANGE_WEEK

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from tests.bench.quarters.weeks import Quarter

    Curve = Sequence[float]

PANELS = {
    "Repeat escalations": repeats,
    "Wrong answers": wrongs,
    "Hours of engineers": hours,
    "Hours until rightly answered": waits,
}

INK, SOFT, OFF, ON = "#1d2430", "#5b6675", "#b3541e", "#2f6fb0"
WIDE, HIGH, DPI = 10.0, 3.4, 110


def draw(off: Quarter, on: Quarter, file: Path) -> None:
    """Draw a panel for each figure, and write them as PNG."""
    curves = {title: (measured(off), measured(on)) for title, measured in PANELS.items()}
    draw_curves(curves, file)


def draw_curves(curves: Mapping[str, tuple[Curve, Curve]], file: Path) -> None:
    """Draw what is known of both, off and on; without colour too they are told apart."""
    rows = -(-len(curves) // 2)
    figure = Figure(figsize=(WIDE, HIGH * rows), layout="constrained")
    FigureCanvasAgg(figure)
    panels = figure.subplots(rows, 2, squeeze=False).flat
    for panel, (title, (off, on)) in zip(panels, curves.items(), strict=False):
        weeks = range(1, len(off) + 1)
        panel.plot(weeks, off, "s--", color=OFF, label="loop off")
        panel.plot(weeks, on, "o-", color=ON, label="loop on")
        panel.axvline(CHANGE_WEEK, color=SOFT, linestyle=":", linewidth=1)
        panel.set_title(title, loc="left", color=INK)
        panel.set_ylim(bottom=0)
        panel.set_xticks(weeks)
        panel.set_xlabel("week (dotted: ten answers change)", color=SOFT)
        panel.grid(visible=True, alpha=0.3)
        panel.spines[["top", "right"]].set_visible(False)
        panel.legend(frameon=False)
    for panel in list(figure.axes)[len(curves) :]:
        panel.set_visible(False)
    figure.savefig(file, dpi=DPI)
