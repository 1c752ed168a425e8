"""A site of this machine, a copy, and a knowledge base with an encoder without a model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.live.copies import Copy
from kb.searching.base import KnowledgeBase
from tests.kb.conftest import WordEncoder
from tests.live.site import Site, listening

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def site() -> Iterator[Site]:
    """A site that listens on a port of this machine."""
    with listening() as found:
        yield found


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    """An empty copy."""
    return Copy(tmp_path / "copy")


@pytest.fixture
def base(tmp_path: Path) -> Iterator[KnowledgeBase]:
    """An empty knowledge base."""
    opened = KnowledgeBase.open(tmp_path / "kb.db", WordEncoder())
    yield opened
    opened.close()
