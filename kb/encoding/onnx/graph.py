"""Writing a BERT encoder as an ONNX graph of fused operators, straight from its weights.

No torch is needed, neither to write the graph nor to run it. The operators are those that ONNX
Runtime's own transformer optimiser would leave behind. Quantised, the graph smooths the inputs of
each product first (Xiao et al. 2023, SmoothQuant), which halves what int8 loses.
"""

# ruff: noqa: PLC0415 (models and their runtimes load when they are first needed)

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from kb.encoding.onnx.parts import Matrix, PackedWords, Parts

OPSET = 17
IR_VERSION = 8
FUSED = "com.microsoft"

SMOOTHING = 0.6
"""How much of the range moves from activations to weights; measured, 0.5 to 0.75 are close."""

TOKEN_DIMENSION = 128

OUTPUTS = ("sentence_embedding", "token_embeddings", "layer_means")
"""What the graph gives: a unit vector of the text, narrow ones of its tokens, and the mean token
vectors of each layer side by side."""

Ranges = dict[str, NDArray[np.float32]]
"""The largest magnitude seen in each channel of a tensor, by the tensor's name."""


def build(parts: Parts, *, smoothing: Ranges | None = None, expose: bool = False) -> bytes:
    """The serialised ONNX model of a BERT.

    With `smoothing` its products are int8; with `expose` their inputs are outputs as well.
    """
    return _GraphWriter(parts, smoothing).write(expose=expose)


class _GraphWriter:
    """Collects nodes and weights, layer after layer."""

    def __init__(self, parts: Parts, smoothing: Ranges | None) -> None:
        self._parts = parts
        self._config = parts.config
        self._weights = parts.weights
        self._smoothing = smoothing
        self._nodes: list[Any] = []
        self._constants: list[Any] = []
        self._product_inputs: list[str] = []

    def write(self, *, expose: bool) -> bytes:
        from onnx import TensorProto, helper

        hidden = self._embeddings()
        layers = []
        for layer in range(self._config["num_hidden_layers"]):
            hidden = self._layer(f"encoder.layer.{layer}", hidden)
            layers.append(hidden)
        self._mask()
        self._pool(hidden)
        self._project(hidden)
        self._average(layers)
        inputs = [
            helper.make_tensor_value_info(name, TensorProto.INT32, ["batch", "length"])
            for name in ("input_ids", "attention_mask")
        ]
        names = [*OUTPUTS, *(self._product_inputs if expose else [])]
        outputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in names]
        graph = helper.make_graph(self._nodes, "encoder", inputs, outputs, self._constants)
        opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(FUSED, 1)]
        model = helper.make_model(graph, opset_imports=opsets, producer_name="frontline")
        model.ir_version = IR_VERSION
        return bytes(model.SerializeToString())

    def _embeddings(self) -> str:
        # Every text is one segment: its constant vector is folded into the positions.
        positions = self._constant(
            "positions",
            self._weights["embeddings.position_embeddings.weight"]
            + self._weights["embeddings.token_type_embeddings.weight"][0],
        )
        norm = self._norm("embeddings.LayerNorm")
        if self._parts.words is not None:
            return self._unpacked(self._parts.words, positions, norm)
        words = self._constant("words", self._weights["embeddings.word_embeddings.weight"])
        inputs = ["input_ids", "", words, positions, "", *norm, "attention_mask"]
        self._node("EmbedLayerNormalization", inputs, "embedded", "lengths", epsilon=self._epsilon)
        return "embedded"

    def _unpacked(self, words: PackedWords, positions: str, norm: list[str]) -> str:
        """Word vectors out of a packed table, with their positions; the same in single steps."""
        table = [
            self._constant("words", words.numbers),
            "input_ids",
            self._constant("words.scales", words.scales),
        ]
        found = self._node(
            "GatherBlockQuantized",
            table,
            "words.found",
            bits=4,
            block_size=words.block,
            gather_axis=0,
            quantize_axis=1,
        )
        mask = self._node("Cast", ["attention_mask"], "mask.wide64", domain="", to=7)
        along = self._constant("along", np.array([1], np.int64))
        wide = self._node("ReduceSum", [mask, along], "lengths64", domain="", keepdims=0)
        self._node("Cast", [wide], "lengths", domain="", to=6)
        shape = self._node("Shape", ["input_ids"], "shape", domain="", start=1, end=2)
        first = self._constant("first", np.array([0], np.int64))
        here = self._node("Slice", [positions, first, shape], "positions.here", domain="")
        placed = self._node("Add", [found, here], "words.placed", domain="")
        return self._node(
            "LayerNormalization",
            [placed, *norm],
            "embedded",
            domain="",
            axis=-1,
            epsilon=self._epsilon,
        )

    def _layer(self, prefix: str, hidden: str) -> str:
        attended = self._attention(prefix, hidden)
        projected = self._linear(f"{prefix}.attention.output.dense", attended)
        middle = self._add_and_norm(f"{prefix}.attention.output", projected, hidden)
        inner = self._node(
            "Gelu", [self._linear(f"{prefix}.intermediate.dense", middle)], f"{prefix}.gelu"
        )
        outer = self._linear(f"{prefix}.output.dense", inner)
        return self._add_and_norm(f"{prefix}.output", outer, middle)

    def _attention(self, prefix: str, hidden: str) -> str:
        parts = [f"{prefix}.attention.self.{part}" for part in ("query", "key", "value")]
        weight = np.concatenate([self._weights[f"{part}.weight"].T for part in parts], axis=1)
        bias = np.concatenate([self._weights[f"{part}.bias"] for part in parts])
        joined = self._product(f"{prefix}.qkv", hidden, weight, bias)
        sizes = self._constant(f"{prefix}.sizes", np.full(3, self._config["hidden_size"], np.int64))
        names = [f"{prefix}.{part}" for part in ("q", "k", "v")]
        self._node("Split", [joined, sizes], *names, domain="", axis=2)
        return self._node(
            "MultiHeadAttention",
            [*names, "", "lengths"],
            f"{prefix}.attended",
            num_heads=self._config["num_attention_heads"],
        )

    def _linear(self, prefix: str, data: str) -> str:
        return self._product(
            prefix, data, self._weights[f"{prefix}.weight"].T, self._weights[f"{prefix}.bias"]
        )

    def _product(self, prefix: str, data: str, weight: Matrix, bias: Matrix) -> str:
        self._product_inputs.append(data)
        if self._smoothing is not None:
            return self._int8_product(prefix, data, weight, bias, self._smoothing[data])
        product = self._node(
            "MatMul", [data, self._constant(f"{prefix}.weight", weight)], f"{prefix}.mm", domain=""
        )
        return self._node(
            "Add", [product, self._constant(f"{prefix}.bias", bias)], f"{prefix}.out", domain=""
        )

    def _int8_product(
        self, prefix: str, data: str, weight: Matrix, bias: Matrix, ranges: Matrix
    ) -> str:
        smooth = _smoothing_factors(ranges, weight)
        shrink = self._constant(f"{prefix}.smooth", 1 / smooth)
        data = self._node("Mul", [data, shrink], f"{prefix}.smoothed", domain="")
        weight = weight * smooth[:, None]
        scale = np.abs(weight).max(axis=0) / 127.0
        rounded = np.clip(np.rint(weight / scale), -127, 127).astype(np.int8)
        inputs = [
            data,
            self._constant(f"{prefix}.weight", rounded),
            self._constant(f"{prefix}.scale", scale.astype(np.float32)),
            self._constant(f"{prefix}.zero", np.zeros(scale.shape, np.int8)),
            self._constant(f"{prefix}.bias", bias),
        ]
        return self._node("DynamicQuantizeMatMul", inputs, f"{prefix}.out")

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

    def _mask(self) -> None:
        last = self._constant("pool.last", np.array([-1], np.int64))
        self._constant("pool.middle", np.array([1], np.int64))
        mask = self._node("Cast", ["attention_mask"], "mask", domain="", to=1)
        self._node("Unsqueeze", [mask, last], "mask.wide", domain="")

    def _sum(self, hidden: str, name: str) -> str:
        """Sum a text's token vectors, without those of the padding."""
        kept = self._node("Mul", [hidden, "mask.wide"], f"{name}.kept", domain="")
        return self._node("ReduceSum", [kept, "pool.middle"], name, domain="", keepdims=0)

    def _pool(self, hidden: str) -> None:
        if self._parts.pooling == "cls":
            first = self._constant("pool.first", np.array(0, np.int64))
            pooled = self._node("Gather", [hidden, first], "pooled", domain="", axis=1)
        else:
            # The sum points where the mean does, and only the direction is kept.
            pooled = self._sum(hidden, "pooled")
        self._centred(pooled, OUTPUTS[0])

    def _average(self, layers: list[str]) -> None:
        """Mean token vectors of every layer side by side, for the classifier."""
        sums = [self._sum(hidden, f"layer.{number}.sum") for number, hidden in enumerate(layers)]
        joined = self._node("Concat", sums, "layers.sum", domain="", axis=-1)
        length = self._node(
            "ReduceSum", ["mask.wide", "pool.middle"], "length", domain="", keepdims=0
        )
        self._node("Div", [joined, length], "layer_means", domain="")

    def _project(self, hidden: str) -> None:
        """Narrow unit vectors for each token, for late interaction."""
        last = f"encoder.layer.{self._config['num_hidden_layers'] - 1}.output"
        weight = self._weights[f"{last}.dense.weight"]
        basis = token_basis(weight * self._weights[f"{last}.LayerNorm.weight"][:, None])
        narrow = self._node(
            "MatMul", [hidden, self._constant("tokens.basis", basis)], "tokens.narrow", domain=""
        )
        self._centred(narrow, OUTPUTS[1])

    def _centred(self, data: str, output: str) -> None:
        """Give unit vectors, without what all texts have in common where that is known."""
        centre = self._parts.centres.get(output)
        if centre is not None:
            unit = self._node("LpNormalization", [data], f"{output}.unit", domain="", axis=-1, p=2)
            apart = [unit, self._constant(f"{output}.centre", centre)]
            data = self._node("Sub", apart, f"{output}.apart", domain="")
        self._node("LpNormalization", [data], output, domain="", axis=-1, p=2)

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

        node = helper.make_node(kind, inputs, list(outputs), domain=domain, **attributes)
        self._nodes.append(node)
        return outputs[0]


def token_basis(last_layer: Matrix) -> Matrix:
    """The TOKEN_DIMENSION directions that the last layer writes most to, strongest first.

    Read off the weights, so that it needs no data and never changes with the articles.
    """
    _, directions = np.linalg.eigh(last_layer @ last_layer.T)
    return np.ascontiguousarray(directions[:, ::-1][:, :TOKEN_DIMENSION], np.float32)


def _smoothing_factors(ranges: Matrix, weight: Matrix) -> Matrix:
    largest = np.maximum(np.abs(weight).max(axis=1), 1e-5)
    factors = np.maximum(ranges, 1e-6) ** SMOOTHING / largest ** (1 - SMOOTHING)
    factors = factors / np.exp(np.log(factors).mean())
    return np.asarray(np.maximum(factors, 1e-3), np.float32)
