"""What frontline.toml may say about routes and assets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.desk.deciding import Criticality, Matter
from bot.desk.errors import ConfigurationError
from bot.desk.promises import Priority
from bot.settings.loading import load_settings
from bot.settings.routes import TEXTS

if TYPE_CHECKING:
    from pathlib import Path

    from bot.settings.settings import Settings

LANGUAGES = {"en", "de", "fr", "es", "pt", "ja", "it", "nl", "pl"}
GROUP = '[groups.people]\ntier = "L2"\nchannel = "people"\nreserved = true\n'


def read(folder: Path, text: str) -> Settings:
    """Read a configuration."""
    file = folder / "frontline.toml"
    file.write_text(text, encoding="utf-8")
    return load_settings(file)


def test_without_a_word_every_matter_has_a_route_in_nine_languages(tmp_path: Path) -> None:
    """Danger and security are for the desk; what is confidential is restricted."""
    routes = read(tmp_path, "").routes
    assert [route.matter for route in routes.routes] == list(Matter)
    for route in routes.routes:
        for name in TEXTS:
            assert set(getattr(route, name)) == LANGUAGES, (route.matter, name)
            assert all(getattr(route, name).values()), (route.matter, name)
    kept = {route.matter: (route.restricted, route.priority) for route in routes.routes}
    assert kept == {
        Matter.DANGER: (False, Priority.P1),
        Matter.SECURITY: (False, Priority.P1),
        Matter.CONFIDENTIAL: (True, Priority.P2),
    }


def test_words_group_and_priority_can_be_changed(tmp_path: Path) -> None:
    """Texts that are given take the place of all of ours; the others stay."""
    settings = read(
        tmp_path,
        f'{GROUP}\n[[routes]]\nmatter = "confidential"\ngroup = "people"\npriority = "P3"\n'
        'contact = "Dr. Weiss"\nsure_at = 0.3\n[routes.words]\nfi = "Kiitos."\n',
    )
    route = settings.routes.of(Matter.CONFIDENTIAL)
    assert route is not None
    assert (route.group, route.priority, route.restricted) == ("people", Priority.P3, True)
    assert route.words == {"fi": "Kiitos."}
    assert "Dr. Weiss" in route.say(route.turn_to, "en")
    assert settings.limits == {"confidential": {"sure_at": 0.3}}
    assert settings.groups.usual == ()


def test_a_route_can_be_switched_off(tmp_path: Path) -> None:
    """Its matter then goes the usual way."""
    routes = read(tmp_path, '[[routes]]\nmatter = "danger"\nenabled = false\n').routes
    assert routes.of(Matter.DANGER) is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[[routes]]\nmatter = "dangr"\n', "matter"),
        ('[[routes]]\nmatter = "danger"\ngroup = "nobody"\n', "add [groups.nobody]"),
        ('[[routes]]\nmatter = "danger"\n[[routes]]\nmatter = "danger"\n', "one is enough"),
        ('[[assets]]\nname = "tills"\ncriticality = "very"\n', "criticality"),
    ],
)
def test_what_leads_nowhere_is_refused(tmp_path: Path, text: str, says: str) -> None:
    """With the file, and what to do."""
    with pytest.raises(ConfigurationError, match=r"frontline\.toml") as refused:
        read(tmp_path, text)
    assert says in str(refused.value)


def test_assets_are_named_with_their_words(tmp_path: Path) -> None:
    """And how much hangs on them."""
    (asset,) = read(
        tmp_path,
        '[[assets]]\nname = "order system"\nwords = ["order hub", "tills"]\n'
        'criticality = "critical"\n',
    ).assets
    assert asset.criticality is Criticality.CRITICAL
    assert asset.is_named_in("our Order Hub is gone")
