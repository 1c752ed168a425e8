"""A graph with its largest table in a file beside it: mapped, so that only what is asked is read.

The table of word vectors is most of a small model, and of its thousands of rows an organisation
asks for some hundreds.
"""

# ruff: noqa: PLC0415 (models and their runtimes load when they are first needed)

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.encoding.onnx.files import written

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FOLDER = "mapped"
TABLE = "words"
"""What the graph calls the table, and how the name of its file ends."""


def with_table_beside(file: Path, made: Callable[[], bytes]) -> Path:
    """The graph of this name, its table in a file beside it; both written on first use.

    A whole graph that was written before is taken apart instead of being made again.
    """
    graph = file.parent / FOLDER / file.name
    table = graph.with_suffix(f".{TABLE}")
    if not (graph.exists() and table.exists()):
        whole = file.read_bytes() if file.exists() else made()
        without, rows = _taken_apart(whole, table.name)
        # First: who finds the graph finds its table.
        written(table, lambda: rows)
        written(graph, lambda: without)
    return graph


def _taken_apart(whole: bytes, location: str) -> tuple[bytes, bytes]:
    from onnx import ModelProto
    from onnx.external_data_helper import set_external_data

    model = ModelProto.FromString(whole)
    (table,) = (each for each in model.graph.initializer if each.name == TABLE)
    rows = bytes(table.raw_data)
    set_external_data(table, location, offset=0, length=len(rows))
    table.ClearField("raw_data")
    return bytes(model.SerializeToString()), rows
