"""Pictures as PNG, by matplotlib; it is large, so it is loaded in a process of its own.

That process is this module, told what to draw on its standard input. Nothing is told by colour
alone: parts have hatches, and every share stands beside its label.
"""

from __future__ import annotations

import base64
import io
import json
import subprocess
import sys
from dataclasses import asdict
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from bot.desk.errors import FrontlineError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.desk.figures import Picture

WITHIN_S = 120.0
INK, SOFT, GRID = "#1d2430", "#5b6675", "#d9dde3"
PARTS = (("#2f6fb0", ""), ("#f3d9c8", "////"), ("#dcdcf2", "...."))
EDGES = ("#2f6fb0", "#b3541e", "#4a4a8a")
SIZE = (8.0, 4.5)
DPI = 130
LABELS = 10
BAR_IN = 0.42


class DrawingError(FrontlineError):
    """Nothing can be drawn; one line says why, and what to do."""


def drawn(pictures: Sequence[Picture]) -> list[bytes]:
    """Draw pictures as PNG, in a process of its own.

    Raises:
        DrawingError: the library is not installed, or it failed.
    """
    if find_spec("matplotlib") is None:
        raise DrawingError(
            "matplotlib is not installed; run `pip install 'frontline-desk[report]'`"
        )
    asked = json.dumps([asdict(each) for each in pictures])
    try:
        run = subprocess.run(  # noqa: S603 - our own module
            [sys.executable, "-m", __name__],
            input=asked, capture_output=True, text=True, timeout=WITHIN_S, check=True,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError) as failure:
        raise DrawingError(f"drawing failed ({type(failure).__name__})") from failure
    return [base64.b64decode(each) for each in json.loads(run.stdout)]


def main() -> None:
    """Draw what standard input asks for."""
    pictures = json.load(sys.stdin)
    print(json.dumps([base64.b64encode(_png(each)).decode() for each in pictures]))  # noqa: T201 - what the caller reads


def _png(picture: dict[str, Any]) -> bytes:
    from matplotlib.figure import Figure  # noqa: PLC0415 - an extra, and large

    lines = picture["lines"]
    lying = picture["kind"] == "shares"
    height = 1.4 + BAR_IN * len(lines) if lying else SIZE[1]
    figure = Figure(figsize=(SIZE[0], height), dpi=DPI, layout="constrained")
    axes = figure.subplots()
    draw = {"columns": _columns, "shares": _shares, "certainty": _certainty}[picture["kind"]]
    draw(axes, lines, picture["parts"])
    axes.set_title(_plain(picture["title"]), loc="left", color=INK, fontsize=13, pad=12)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(GRID)
    axes.tick_params(colors=SOFT, length=0)
    target = io.BytesIO()
    figure.savefig(target, format="png", facecolor="white")
    return target.getvalue()


def _columns(axes: Any, lines: Sequence[dict[str, Any]], parts: Sequence[str]) -> None:
    places = range(len(lines))
    below = [0.0] * len(lines)
    for number, (name, (color, hatch), edge) in enumerate(zip(parts, PARTS, EDGES, strict=False)):
        heights = [line["numbers"][number] for line in lines]
        axes.bar(places, heights, bottom=below, color=color, hatch=hatch, edgecolor=edge,
                 linewidth=0.6, width=0.8, label=name)  # fmt: skip
        below = [low + more for low, more in zip(below, heights, strict=True)]
    every = max(1, -(-len(lines) // LABELS))
    axes.set_xticks(list(places)[::every], [_plain(line["label"]) for line in lines[::every]],
                    fontsize=8)  # fmt: skip
    axes.yaxis.get_major_locator().set_params(integer=True)
    axes.grid(axis="y", color=GRID)
    axes.set_axisbelow(True)
    axes.legend(frameon=False, ncols=3, loc="upper right", bbox_to_anchor=(1, 1.12))


def _shares(axes: Any, lines: Sequence[dict[str, Any]], _: Sequence[str]) -> None:
    places = range(len(lines))
    for place, line in zip(places, lines, strict=True):
        share = line["numbers"][0]
        axes.plot([line["low"], line["high"]], [place, place], color=EDGES[0], linewidth=5,
                  alpha=0.45, solid_capstyle="round")  # fmt: skip
        axes.plot([share], [place], "o", color=INK, markersize=7)
        axes.annotate(f"{share:.0%}", (line["high"], place), xytext=(8, 0), color=INK,
                      textcoords="offset points", va="center", fontsize=9)  # fmt: skip
    axes.set_yticks(list(places), [_plain(line["label"]) for line in lines], fontsize=9)
    axes.invert_yaxis()
    axes.set_xlim(0, 1.08)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0%", "25%", "50%", "75%", "100%"])
    axes.grid(axis="x", color=GRID)


def _certainty(axes: Any, lines: Sequence[dict[str, Any]], _: Sequence[str]) -> None:
    axes.plot([0, 1], [0, 1], color=SOFT, linewidth=1, linestyle="--", label="as sure as right")
    for line in lines:
        sure, right = line["numbers"]
        axes.plot([sure, sure], [line["low"], line["high"]], color=EDGES[0], linewidth=5,
                  alpha=0.45, solid_capstyle="round")  # fmt: skip
        axes.plot([sure], [right], "o", color=INK, markersize=7)
        axes.annotate(_plain(line["label"]), (sure, line["low"]), xytext=(0, -12), fontsize=8,
                      textcoords="offset points", ha="center", color=SOFT)  # fmt: skip
    axes.set_xlabel("chance that the gate gave", color=SOFT)
    axes.set_ylabel("right", color=SOFT)
    axes.set_xlim(0, 1.03)
    axes.set_ylim(0, 1.05)
    axes.grid(color=GRID)
    axes.legend(frameon=False, loc="upper left")


def _plain(text: str) -> str:
    """Give a text in which a dollar sign begins no formula."""
    return text.replace("$", r"\$")


if __name__ == "__main__":
    main()
