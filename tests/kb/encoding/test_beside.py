"""A graph with its table beside it: the same numbers, written once, and never half."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from onnx import TensorProto, helper, numpy_helper

from kb.encoding.onnx.beside import with_table_beside
from kb.encoding.onnx.session import open_session

if TYPE_CHECKING:
    from pathlib import Path

ROWS = np.random.default_rng(2).normal(size=(500, 8)).astype(np.float32)


def whole_graph() -> bytes:
    """Give a graph that looks rows up in a table."""
    ids = helper.make_tensor_value_info("ids", TensorProto.INT64, ["n"])
    found = helper.make_tensor_value_info("found", TensorProto.FLOAT, None)
    graph = helper.make_graph(
        [helper.make_node("Gather", ["words", "ids"], ["found"])],
        "rows",
        [ids],
        [found],
        [numpy_helper.from_array(ROWS, "words")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 8
    return bytes(model.SerializeToString())


def never() -> bytes:
    """Fail where a graph is made that is there already."""
    raise AssertionError("made again")


@pytest.mark.parametrize("ids", [[0], [499, 3, 3], list(range(500)), []])
def test_what_is_looked_up_is_the_same(tmp_path: Path, ids: list[int]) -> None:
    """And the graph's own file holds nothing of the table."""
    graph = with_table_beside(tmp_path / "a-model.onnx", whole_graph)
    assert graph.stem == "a-model"
    assert graph.stat().st_size < ROWS.nbytes / 10
    (found,) = open_session(graph).run(["found"], {"ids": np.array(ids, np.int64)})
    assert (found == ROWS[ids]).all()


@pytest.mark.parametrize("lost", [(), (".words",), (".onnx",), (".words", ".onnx")])
@pytest.mark.parametrize("has_whole", [True, False])
def test_it_is_made_again_only_where_nothing_is_left_of_it(
    tmp_path: Path, lost: tuple[str, ...], *, has_whole: bool
) -> None:
    """What an earlier version wrote in one file is taken apart, and stays."""
    file = tmp_path / "a-model.onnx"
    if has_whole:
        file.write_bytes(whole_graph())
    graph = with_table_beside(file, never if has_whole else whole_graph)
    for ending in lost:
        graph.with_suffix(ending).unlink()
    made = never if has_whole or not lost else whole_graph
    assert with_table_beside(file, made) == graph
    (found,) = open_session(graph).run(["found"], {"ids": np.array([7], np.int64)})
    assert (found == ROWS[[7]]).all()
    assert file.exists() is has_whole
