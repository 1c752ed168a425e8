"""Costs and thresholds come from the configuration, and wrong ones are named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.desk.errors import ConfigurationError
from bot.settings.loading import load_settings

if TYPE_CHECKING:
    from pathlib import Path


def test_a_configured_threshold_is_read_and_the_others_stay_the_models(tmp_path: Path) -> None:
    """Only what is named overrules the model's manifest."""
    file = tmp_path / "frontline.toml"
    file.write_text("[classifier.thresholds]\nanswer_at = 0.4\n", encoding="utf-8")
    thresholds = load_settings(file).file.classifier.thresholds
    assert thresholds.model_dump(exclude_none=True) == {"answer_at": 0.4}


def test_a_cost_that_makes_no_sense_is_named_with_its_line(tmp_path: Path) -> None:
    """A page that costs nothing would call somebody for everything."""
    file = tmp_path / "frontline.toml"
    file.write_text("[classifier.costs]\nneedless_page = 0\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"frontline\.toml:2: classifier\.costs"):
        load_settings(file)
