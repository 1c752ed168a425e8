"""A deterministic encoder and small articles for the knowledge base's tests."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

import numpy as np
import pytest

from kb.encoding.loading import load_encoder
from kb.searching.base import KnowledgeBase
from tests.held import nothing_is_held

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from kb.encoding.encoder import Encoder, Vectors


class WordEncoder:
    """A text is the sum of fixed random vectors of its words: alike words, alike texts."""

    name = "words"
    dimension = 64

    def __init__(self) -> None:
        """Remember every text that is embedded."""
        self.embedded: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        """As any encoder."""
        nothing_is_held("the encoder")
        self.embedded.extend(texts)
        rows = [self._one(text) for text in texts]
        return np.array(rows, np.float32).reshape(len(texts), self.dimension)

    def _one(self, text: str) -> Vectors:
        total = np.full(self.dimension, 1e-3, np.float32)
        for word in re.findall(r"\w+", text.lower()):
            seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:4], "big")
            total += np.random.default_rng(seed).normal(size=self.dimension).astype(np.float32)
        return total / np.linalg.norm(total)


ARTICLES = {
    "reset-password": "---\nid: reset-password\ntitle: Reset your password\narea: identity\n"
    "owner: it\nquestions:\n  - forgot my password\n  - password expired\n---\n"
    "Choose a new password on the account page.\n\n## Steps\n1. Open the page.\n"
    "2. Choose **Forgot**.\n   It is blue.\n3. Done.\n\n## When to ask\nIf it fails.\n",
    "vpn": "---\nid: vpn\ntitle: Connect to the VPN\narea: network\nowner: net\n---\n"
    "Install the client, then connect.\n\nError ERR-4031 means that the token is old.\n",
    "printer": "---\nid: printer\ntitle: Add a printer\n---\nOpen the settings and add it.\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three articles as Markdown files."""
    place = tmp_path / "articles"
    place.mkdir()
    for name, text in ARTICLES.items():
        (place / f"{name}.md").write_text(text, encoding="utf-8")
    return place


@pytest.fixture
def encoder() -> WordEncoder:
    """An encoder without a model."""
    return WordEncoder()


@pytest.fixture
def base(tmp_path: Path, encoder: WordEncoder) -> Iterator[KnowledgeBase]:
    """An empty knowledge base."""
    opened = KnowledgeBase.open(tmp_path / "kb.db", encoder)
    yield opened
    opened.close()


@pytest.fixture
def large(tmp_path: Path, encoder: WordEncoder) -> Iterator[KnowledgeBase]:
    """An empty knowledge base that counts as large from its first article on."""
    opened = KnowledgeBase.open(tmp_path / "large.db", encoder, approximate_from=1)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def real_encoder() -> Encoder:
    """The packaged model on its default backend."""
    return load_encoder()
