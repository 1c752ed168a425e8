"""Two thousand malformed payloads: nobody who asks meanwhile notices."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import structlog

from bot.slack.parsing.commands import parse
from tests import builders as a
from tests.faults.payload_fuzz import quiet, run
from tests.faults.payload_mill import Mill, originals

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.rare

PAYLOADS = 2_000


@pytest.fixture(autouse=True)
def _silence() -> Iterator[None]:
    """Failures are counted, not told."""
    before = structlog.get_config()
    quiet()
    yield
    structlog.configure(**before)


def test_malformed_payloads_stop_nobody(tmp_path: Path) -> None:
    """All canaries are answered, nothing gets out, all is acknowledged, and no row waits."""
    outcome = run(tmp_path, PAYLOADS, seed=1)
    assert outcome.is_well, outcome
    assert outcome.canaries == PAYLOADS // 100 + 1


def test_the_same_seed_makes_the_same_payloads() -> None:
    """What was found can be found again."""
    first, again = (list(Mill(7).payloads(50)) for _ in range(2))
    assert repr(first) == repr(again)
    assert repr(first) != repr(list(Mill(8).payloads(50)))


@pytest.mark.parametrize("payload", originals(), ids=lambda given: str(given.get("type")))
def test_what_is_spoilt_was_sound_before(payload: dict[str, object]) -> None:
    """Each original is read, or ignored: else the mill would grind what was never corn."""
    if "frontline.oncall" not in str(payload):  # a proposal is read from its own value
        parse(payload, a.BOT)
