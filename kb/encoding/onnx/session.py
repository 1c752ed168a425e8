"""Opening an ONNX Runtime session, one thread each: callers run texts side by side instead."""

# ruff: noqa: PLC0415 (models and their runtimes load when they are first needed)

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from kb.errors import EncoderError


def runtime() -> Any:
    """ONNX Runtime, told before it is loaded not to tell its makers of its use."""
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime

    onnxruntime.disable_telemetry_events()
    return onnxruntime


def open_session(model: Path | bytes) -> Any:
    """An ONNX Runtime session on the CPU."""
    onnxruntime = runtime()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # Lengths differ from text to text: an arena would keep the largest of everything.
    options.enable_cpu_mem_arena = False
    try:
        return onnxruntime.InferenceSession(
            str(model) if isinstance(model, Path) else model,
            options,
            providers=["CPUExecutionProvider"],
        )
    except Exception as error:  # onnxruntime's exceptions have no common base below this
        name = model if isinstance(model, Path) else "the exported model"
        raise EncoderError(
            f"{name}: cannot be opened ({error}); delete it and try again"
        ) from error
