"""The runtime of the encoder keeps to itself."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.rare  # a process of its own

OPENED = """
from onnx import TensorProto, helper
from kb.encoding.onnx.session import open_session

value = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1]) for name in "ab"]
graph = helper.make_graph([helper.make_node("Identity", ["a"], ["b"])], "g", value[:1], value[1:])
opset = [helper.make_opsetid("", 17)]
model = helper.make_model(graph, opset_imports=opset, ir_version=9)
open_session(model.SerializeToString())
"""


def test_nothing_is_kept_to_be_told_to_the_runtimes_makers(tmp_path: Path) -> None:
    """It keeps a queue of events in the user's cache, unless it is told not to."""
    environment = {**os.environ, "HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    environment.pop("ORT_DISABLE_TELEMETRY", None)
    subprocess.run([sys.executable, "-c", OPENED], env=environment, check=True)
    assert list(tmp_path.rglob("*")) == []
