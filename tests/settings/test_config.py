"""The configuration: what is wrong is named with its file and line; secrets stay secret."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.desk.errors import ConfigurationError, FrontlineError
from bot.desk.tiers import Tier
from bot.service.context import ChannelMode
from bot.settings.loading import load_settings

if TYPE_CHECKING:
    from collections.abc import Callable

SAMPLE = Path(__file__).parents[2] / "frontline.toml"
VARIABLES = (
    "FRONTLINE_CONFIG", "FRONTLINE_DB", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_API_URL"
)  # fmt: skip


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def refused(tmp_path: Path) -> Callable[[str], str]:
    """Gives what is said about a configuration that cannot be read, its folder cut off."""

    def read(text: str) -> str:
        path = tmp_path / "frontline.toml"
        path.write_text(text, encoding="utf-8")
        with pytest.raises(ConfigurationError) as caught:
            load_settings(path)
        return str(caught.value).replace(f"{tmp_path}/", "")

    return read


def test_the_sample_configuration_is_read() -> None:
    """It is what `make demo` runs with."""
    settings = load_settings(SAMPLE)
    assert settings.modes["it-help"] is ChannelMode.QUESTIONS
    assert settings.groups.responsible_for(Tier.L2).channel == "l2-support"
    assert settings.groups.responsible_for(Tier.L3).usergroup == "l3-oncall"


def test_without_a_file_the_defaults_serve() -> None:
    """A newcomer needs none."""
    settings = load_settings()
    assert settings.db == Path("var/frontline.db")
    assert settings.modes == {}


def test_the_file_in_this_folder_is_found(tmp_path: Path) -> None:
    """Or the one that the environment names."""
    (tmp_path / "frontline.toml").write_text('database = "here.db"')
    assert load_settings().db == Path("here.db")


def test_the_environment_names_another_file_and_another_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database of the environment wins over the file's."""
    other = tmp_path / "other.toml"
    other.write_text('database = "file.db"')
    monkeypatch.setenv("FRONTLINE_CONFIG", str(other))
    assert load_settings().db == Path("file.db")
    monkeypatch.setenv("FRONTLINE_DB", "environment.db")
    assert load_settings().db == Path("environment.db")


def test_an_address_of_postgresql_is_shown_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """It may hold a password; the articles stay in the configured file."""
    monkeypatch.setenv("FRONTLINE_DB", "postgresql://desk:hunter2@db.example/desk")
    settings = load_settings()
    assert settings.server is not None
    assert settings.server.get_secret_value() == "postgresql://desk:hunter2@db.example/desk"
    assert settings.db == settings.file.database
    assert "hunter2" not in repr(settings)


def test_an_address_of_postgresql_in_the_file_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is in backups and repositories."""
    file = tmp_path / "frontline.toml"
    file.write_text('database = "postgresql://desk:hunter2@db.example/desk"')
    with pytest.raises(FrontlineError, match="FRONTLINE_DB"):
        load_settings(file)


def test_broken_toml_names_file_and_line(refused: Callable[[str], str]) -> None:
    """In one line."""
    told = refused('database = "x.db"\n\n[channels.it-help\nmode = "all"\n')
    assert told.startswith("frontline.toml is not valid TOML:")
    assert "line 3" in told
    assert "\n" not in told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('databse = "x"', "frontline.toml:1: databse:"),
        ("[knowledge]\napproximate_from = 0", "frontline.toml:2: knowledge.approximate_from:"),
        ('# why\n\n[knowledge]\nsource = ["x"]', "frontline.toml:4: knowledge.source:"),
        ('[channels.a]\nmode = "all"\n[channels.b]\nmode = "loud"',
         "frontline.toml:4: channels.b.mode:"),
        ('[channels.a]\nmode = "all"\nmodes = "all"', "frontline.toml:3: channels.a.modes:"),
        ('channels.a.mode = "loud"', "frontline.toml:1: channels.a.mode:"),
        ('[groups.l2]\ntier = "L2"\n[groups.l3]\ntier = "L3"\nchannel = "l3"',
         "frontline.toml:1: groups.l2.channel:"),
        ('[groups.l2]\nchannel = "l2"\ntier = "L9"', "frontline.toml:3: groups.l2.tier:"),
        ('[groups.l2]\nchannel = ""\ntier = "L2"', "frontline.toml:2: groups.l2.channel:"),
        ('[groups.l1]\nchannel = "l1"\ntier = "L1"', "frontline.toml:1: groups:"),
        ('[groups.l2]\nchannel = "l2"\ntier = "L2"\nfallback = "U1"',
         "frontline.toml:4: groups.l2.fallback:"),
        ("channels = 7", "frontline.toml:1: channels:"),
        ('groups = { l2 = { tier = "L2" } }', "frontline.toml:1: groups.l2.channel:"),
        ('[groups."l 2"]\nchannel = "x"\ntier = "L7"', "frontline.toml:3: groups.l 2.tier:"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_line(
    refused: Callable[[str], str], text: str, told: str
) -> None:
    """An unknown key, a wrong value, a missing one: the line where to look."""
    said = refused(text)
    assert said.startswith(told)
    assert "\n" not in said


def test_a_group_of_the_first_tier_is_explained(refused: Callable[[str], str]) -> None:
    """L1 is the bot."""
    assert "L1 is Frontline itself" in refused('[groups.l1]\nchannel = "l1"\ntier = "L1"')


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """Missing, a folder, or no text at all."""
    with pytest.raises(ConfigurationError, match=r"missing\.toml cannot be read: No such file"):
        load_settings(tmp_path / "missing.toml")
    with pytest.raises(ConfigurationError, match="cannot be read: Is a directory"):
        load_settings(tmp_path)
    binary = tmp_path / "binary.toml"
    binary.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigurationError, match=r"binary\.toml is not valid TOML"):
        load_settings(binary)


def test_secrets_are_masked_wherever_settings_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a traceback, say."""
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1-secret")
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-1-secret")
    settings = load_settings()
    assert settings.secrets.slack_bot_token is not None
    assert settings.secrets.slack_bot_token.get_secret_value() == "xoxb-1-secret"
    for shown in (repr(settings), str(settings), repr(settings.secrets), f"{settings.secrets}"):
        assert "secret'" not in shown
        assert "xoxb" not in shown
        assert "xapp" not in shown


def test_settings_can_be_moved_to_another_workspace(monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo runs with the tokens that its own workspace gave out."""
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-real")
    announced = {
        "SLACK_BOT_TOKEN": "xoxb-demo",
        "SLACK_APP_TOKEN": "xapp-demo",
        "SLACK_API_URL": "http://127.0.0.1:8000/api/",
    }
    moved = load_settings().in_workspace(announced)
    assert moved.secrets.slack_bot_token is not None
    assert moved.secrets.slack_bot_token.get_secret_value() == "xoxb-demo"
    assert moved.secrets.slack_api_url == announced["SLACK_API_URL"]
    assert moved.db == load_settings().db
