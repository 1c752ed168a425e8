"""Writing a BERT encoder as an ONNX graph of fused operators, straight from its weights.

No torch is needed, neither to write the graph nor to run it. The operators are those that ONNX
Runtime's own transformer optimiser would leave behind.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.errors import EncoderError

OPSET = 17
FUSED = "com.microsoft"

Weights = dict[str, NDArray[np.float32]]


def build(directory: Path, *, int8: bool) -> bytes:
    """The serialised ONNX model of the BERT in this sentence-transformers folder."""
    config = json.loads((directory / "config.json").read_text(encoding="utf-8"))
    if config.get("model_type") != "bert" or config.get("hidden_act") != "gelu":
        raise EncoderError(f"{directory}: is not a BERT model; use the torch backend for it")
    return _GraphWriter(config, _read_weights(directory), pooling(directory), int8=int8).write()


def pooling(directory: Path) -> str:
    """How token vectors become one: `mean` or `cls`."""
    file = directory / "1_Pooling" / "config.json"
    config = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    mode = config.get("pooling_mode")
    if mode in ("mean", "cls"):
        return str(mode)
    return "cls" if config.get("pooling_mode_cls_token") else "mean"


def _read_weights(directory: Path) -> Weights:
    from safetensors.numpy import load_file

    weights = load_file(directory / "model.safetensors")
    return {
        name.removeprefix("bert."): value.astype(np.float32)
        for name, value in weights.items()
        if value.dtype.kind == "f"
    }


class _GraphWriter:
    """Collects nodes and weights, layer after layer."""

    def __init__(self, config: dict[str, Any], weights: Weights, mode: str, *, int8: bool) -> None:
        self._config = config
        self._weights = weights
        self._mode = mode
        self._int8 = int8
        self._nodes: list[Any] = []
        self._constants: list[Any] = []

    def write(self) -> bytes:
        from onnx import TensorProto, helper

        hidden = self._embeddings()
        for layer in range(self._config["num_hidden_layers"]):
            hidden = self._layer(f"encoder.layer.{layer}", hidden)
        self._node("Identity", [hidden], "token_embeddings", domain="")
        self._pool(hidden)
        width = self._config["hidden_size"]
        ids = [
            helper.make_tensor_value_info(name, TensorProto.INT32, ["batch", "length"])
            for name in ("input_ids", "attention_mask")
        ]
        outputs = [
            helper.make_tensor_value_info(
                "sentence_embedding", TensorProto.FLOAT, ["batch", width]
            ),
            helper.make_tensor_value_info(
                "token_embeddings", TensorProto.FLOAT, ["batch", "length", width]
            ),
        ]
        graph = helper.make_graph(self._nodes, "encoder", ids, outputs, self._constants)
        opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(FUSED, 1)]
        model = helper.make_model(graph, opset_imports=opsets, producer_name="frontline")
        model.ir_version = 8
        return bytes(model.SerializeToString())

    def _embeddings(self) -> str:
        words = self._constant("words", self._weights["embeddings.word_embeddings.weight"])
        # Every text is one segment: its constant vector is folded into the positions.
        positions = self._constant(
            "positions",
            self._weights["embeddings.position_embeddings.weight"]
            + self._weights["embeddings.token_type_embeddings.weight"][0],
        )
        norm = self._norm("embeddings.LayerNorm")
        self._node(
            "EmbedLayerNormalization",
            ["input_ids", "", words, positions, "", *norm, "attention_mask"],
            "embedded",
            "lengths",
            epsilon=self._epsilon,
        )
        return "embedded"

    def _layer(self, prefix: str, hidden: str) -> str:
        parts = [f"{prefix}.attention.self.{part}" for part in ("query", "key", "value")]
        weight = np.concatenate([self._weights[f"{part}.weight"].T for part in parts], axis=1)
        bias = np.concatenate([self._weights[f"{part}.bias"] for part in parts])
        attended = self._attention(prefix, hidden, weight, bias)
        projected = self._linear(f"{prefix}.attention.output.dense", attended)
        middle = self._add_and_norm(
            f"{prefix}.attention.output", projected, hidden
        )
        inner = self._node(
            "Gelu", [self._linear(f"{prefix}.intermediate.dense", middle)], f"{prefix}.gelu"
        )
        outer = self._linear(f"{prefix}.output.dense", inner)
        return self._add_and_norm(f"{prefix}.output", outer, middle)

    def _attention(
        self, prefix: str, hidden: str, weight: NDArray[np.float32], bias: NDArray[np.float32]
    ) -> str:
        heads = self._config["num_attention_heads"]
        if not self._int8:
            inputs = [hidden, self._constant(f"{prefix}.qkv.weight", weight)]
            inputs += [self._constant(f"{prefix}.qkv.bias", bias), "lengths"]
            return self._node("Attention", inputs, f"{prefix}.attended", num_heads=heads)
        joined = self._quantised(f"{prefix}.qkv", hidden, weight, bias)
        width = self._config["hidden_size"]
        sizes = self._constant(f"{prefix}.sizes", np.full(3, width, np.int64))
        names = [f"{prefix}.{part}" for part in ("q", "k", "v")]
        self._node("Split", [joined, sizes], *names, domain="", axis=2)
        return self._node(
            "MultiHeadAttention",
            [*names, "", "lengths"],
            f"{prefix}.attended",
            num_heads=heads,
        )

    def _linear(self, prefix: str, data: str) -> str:
        weight, bias = self._weights[f"{prefix}.weight"].T, self._weights[f"{prefix}.bias"]
        if self._int8:
            return self._quantised(prefix, data, weight, bias)
        product = self._node(
            "MatMul", [data, self._constant(f"{prefix}.weight", weight)], f"{prefix}.mm", domain=""
        )
        return self._node(
            "Add", [product, self._constant(f"{prefix}.bias", bias)], f"{prefix}.out", domain=""
        )

    def _quantised(
        self, prefix: str, data: str, weight: NDArray[np.float32], bias: NDArray[np.float32]
    ) -> str:
        scale = np.abs(weight).max(axis=0) / 127.0
        rounded = np.clip(np.rint(weight / scale), -127, 127).astype(np.int8)
        return self._node(
            "DynamicQuantizeMatMul",
            [
                data,
                self._constant(f"{prefix}.weight", rounded),
                self._constant(f"{prefix}.scale", scale.astype(np.float32)),
                self._constant(f"{prefix}.zero", np.zeros(scale.shape, np.int8)),
                self._constant(f"{prefix}.bias", bias),
            ],
            f"{prefix}.out",
        )

    def _add_and_norm(self, prefix: str, data: str, skip: str) -> str:
        return self._node(
            "SkipLayerNormalization",
            [data, skip, *self._norm(f"{prefix}.LayerNorm")],
            f"{prefix}.normed",
            epsilon=self._epsilon,
        )

    def _norm(self, prefix: str) -> list[str]:
        return [
            self._constant(f"{prefix}.{part}", self._weights[f"{prefix}.{part}"])
            for part in ("weight", "bias")
        ]

    def _pool(self, hidden: str) -> None:
        if self._mode == "cls":
            first = self._constant("pool.first", np.array(0, np.int64))
            pooled = self._node("Gather", [hidden, first], "pooled", domain="", axis=1)
        else:
            last = self._constant("pool.axis", np.array([-1], np.int64))
            middle = self._constant("pool.middle", np.array([1], np.int64))
            mask = self._node("Cast", ["attention_mask"], "mask", domain="", to=1)
            mask = self._node("Unsqueeze", [mask, last], "mask.wide", domain="")
            kept = self._node("Mul", [hidden, mask], "kept", domain="")
            # The sum points where the mean does, and only the direction is kept.
            pooled = self._node("ReduceSum", [kept, middle], "pooled", domain="", keepdims=0)
        self._node(
            "LpNormalization", [pooled], "sentence_embedding", domain="", axis=-1, p=2
        )

    @property
    def _epsilon(self) -> float:
        return float(self._config["layer_norm_eps"])

    def _constant(self, name: str, value: NDArray[Any]) -> str:
        from onnx import numpy_helper

        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def _node(
        self, kind: str, inputs: list[str], *outputs: str, domain: str = FUSED, **attributes: Any
    ) -> str:
        from onnx import helper

        self._nodes.append(helper.make_node(kind, inputs, list(outputs), domain=domain, **attributes))
        return outputs[0]
