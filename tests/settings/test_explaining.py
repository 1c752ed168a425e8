"""Configuration errors in the product's words, with the nearest key that there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.desk.errors import ConfigurationError
from bot.settings.loading import load_settings

if TYPE_CHECKING:
    from pathlib import Path

GROUP = '[groups.l2]\ntier = "L2"\nchannel = "l2"\n'


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (GROUP + "falback = []", "groups.l2.falback: there is no such key; did you mean fallback?"),
        ("[oncal]", "did you mean oncall?"),
        (GROUP + "[groups.l2.rota]\nmembrs = []", "did you mean members?"),
        (GROUP + '[groups.l2.sla.P1]\nacknowlege = "1h"', "did you mean acknowledge?"),
        ("[classifier.cost]", "did you mean costs?"),
        ("[classifier.costs]\nneedles_page = 1", "did you mean needless_page?"),
        ('[[assets]]\nname = "a"\ncritcality = "high"', "critical"),
        (GROUP + 'admins = ["U1"]', "it belongs to desk.admins"),
        ("[oncall]\nzzz = 1", "there are refresh, sync_usergroup"),
        (GROUP + 'fallback = "U1"', "groups.l2.fallback: has to be a list in brackets"),
        ("[retention]\nmessages = 'long'", "has to be a whole number"),
        ("[groups.l2]\ntier = 'L9'\nchannel = 'x'", "has to be 'L1', 'L2' or 'L3'"),
        ("[groups.l2]\ntier = 'L2'", "channel: is missing"),
        (GROUP + 'fallback = ["@mei"]', "Copy member ID"),
        (GROUP + 'lead = "Mei Tanaka"', "people are written by their ids"),
        ('[desk]\nadmins = ["sam"]', "people are written by their ids"),
        (GROUP + '[groups.l2.rota]\nmembers = ["@mei"]', "people are written by their ids"),
    ],
)
def test_what_is_wrong_is_told_with_what_to_write(tmp_path: Path, text: str, says: str) -> None:
    """At any depth, with file and line."""
    path = tmp_path / "frontline.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigurationError) as refused:
        load_settings(path)
    assert says in str(refused.value)
    assert "Input should" not in str(refused.value)
    assert str(refused.value).startswith(f"{path}:")


def test_a_user_group_is_the_same_with_and_without_its_at(tmp_path: Path) -> None:
    """As people write it."""
    path = tmp_path / "frontline.toml"
    path.write_text(GROUP + 'usergroup = "@l2-oncall"', "utf-8")
    assert load_settings(path).file.groups["l2"].usergroup == "l2-oncall"
