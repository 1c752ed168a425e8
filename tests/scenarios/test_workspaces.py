"""Two workspaces, one process: each its own articles, tickets and people, at every door."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.scenarios.tenants import LARK, MERIDIAN, Tenants

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tenants]:
    """Both workspaces, with the app installed."""
    with Tenants(tmp_path_factory.mktemp("both")) as opened:
        opened.installed(LARK, MERIDIAN)
        yield opened


def test_each_is_answered_from_its_own_articles(both: Tenants) -> None:
    """The same person, channel and question, in two workspaces."""
    here = both.lark.ask(both.lark.ana, "My password is refused by the press")
    there = both.meridian.ask(both.meridian.ana, "My password is refused by the loom")
    here.waits_for("Reset your password at Larkfield")
    there.waits_for("Reset your password at Meridian")
    assert here.count("Meridian") == there.count("Larkfield") == 0
    assert both.lark.holding("by the loom") == both.meridian.holding("by the press") == set()
