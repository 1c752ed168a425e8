"""Live sources in the configuration: what is wrong is said, and tokens stay in the environment."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.desk.errors import ConfigurationError
from bot.settings.loading import load_settings

if TYPE_CHECKING:
    from pathlib import Path

    from bot.settings.settings import Settings


def read(tmp_path: Path, text: str, name: str = "wiki") -> Settings:
    """Read one source from a configuration."""
    path = tmp_path / "frontline.toml"
    path.write_text(f"[sources.{name}]\n{text}\n", encoding="utf-8")
    return load_settings(path)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('kind = "sharepoint"', "has to be 'folder', 'git', 'sitemap', 'zendesk' or 'confluence'"),
        ('kind = "folder"', "a folder needs path"),
        ('kind = "git"', "a git source needs url, or path"),
        ('kind = "git"\npath = "x"\nurl = "https://git.example/x"', "a git source needs url, or"),
        ('kind = "sitemap"', "a source of kind sitemap needs url"),
        ('kind = "sitemap"\nurl = "ftp://help.example/"', "url begins with https://."),
        ('kind = "sitemap"\nurl = "git@help.example:x"', "url begins with https://."),
        ('kind = "git"\nurl = "ext::sh -c x"', "url begins with https://, ssh:// or git@."),
        ('kind = "git"\nurl = "--upload-pack=x"', "url begins with https://, ssh:// or git@."),
        ('kind = "git"\nurl = "/srv/kb.git"', "url begins with https://, ssh:// or git@."),
        ('kind = "git"\nurl = "https://ana:pw@git.example/x"', "url holds a name or password"),
        ('kind = "git"\nurl = "https://git.example/x"\nbranch = "-x"', "branch"),
        ('kind = "zendesk"\nurl = "https://tok@desk.example"', "url holds a name or password"),
        ('kind = "zendesk"\nurl = "https://d.example"\nspaces = ["IT"]', "spaces is nothing that"),
        ('kind = "confluence"\nurl = "https://w.example"', 'needs spaces, as ["IT"]'),
        ('kind = "folder"\npath = "x"\nevery = "10s"', "write it as 30m, 4h or 3d"),
        ('kind = "folder"\npath = "x"\nevery = "0m"', "every"),
        ('kind = "folder"\npath = "x"\ntoken = "abc"', "there is no such key"),
        ('kind = "folder"\npath = "x"\ntoken_env = "A B"', "token_env"),
        ('kind = "folder"\npath = "x"\nvisible_to = ["@"]', "visible_to"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, text: str, says: str) -> None:
    """Before anybody is asked for anything."""
    with pytest.raises(ConfigurationError) as refused:
        read(tmp_path, text)
    assert says in str(refused.value)
    assert "frontline.toml:" in str(refused.value)


@pytest.mark.parametrize("name", ['"My wiki"', "Wiki", '"a.b"', '"../x"'])
def test_a_name_is_that_of_a_folder_and_a_collection(tmp_path: Path, name: str) -> None:
    """Small letters, digits, dashes."""
    with pytest.raises(ConfigurationError):
        read(tmp_path, 'kind = "folder"\npath = "x"', name)


def test_a_source_is_given_as_its_readers_take_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the token of the environment, which no print shows."""
    monkeypatch.setenv("WIKI_TOKEN", "s3cret")
    settings = read(
        tmp_path,
        'kind = "confluence"\nurl = "https://wiki.example/wiki"\nspaces = ["IT"]\nevery = "4h"\n'
        'token_env = "WIKI_TOKEN"\nvisible_to = ["@Staff", "#help"]\n'
        '[sources.wiki.audiences]\n"HR team" = ["People"]\n',
    )
    (source,) = settings.live_sources
    assert source.every == timedelta(hours=4)
    assert source.token == "s3cret"
    assert source.visible_to == {"staff", "#help"}
    assert source.audiences == {"HR team": frozenset({"people"})}
    assert "s3cret" not in repr(source) + repr(settings) + repr(settings.file)


def test_an_audience_changes_what_the_base_holds(tmp_path: Path) -> None:
    """And the order in which it is written does not."""
    head = 'kind = "zendesk"\nurl = "https://d.example"\n[sources.wiki.audiences]\n'
    shapes = [
        read(tmp_path, head + more).live_sources[0].shape
        for more in ('a = ["x", "y"]\nb = ["z"]', 'b = ["z"]\na = ["y", "x"]', 'a = ["x"]')
    ]
    assert shapes[0] == shapes[1] != shapes[2]
