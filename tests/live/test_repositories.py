"""A git repository: its newest commit, with nothing run of what it holds."""

from __future__ import annotations

import os
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.live.repositories import bring
from bot.live.wanted import LiveSource, TroubleError
from bot.reaching import Reach
from tests.live.site import Said

if TYPE_CHECKING:
    from pathlib import Path

    from tests.live.site import Site

pytestmark = pytest.mark.rare


def git(repository: Path, *words: str) -> None:
    """Run git as somebody who writes articles."""
    who = ("-c", "user.name=Ana", "-c", "user.email=ana@example.com")
    subprocess.run(["git", *who, *words], cwd=repository, check=True, capture_output=True)


def commit(repository: Path, **files: str) -> None:
    """Write files, and commit all."""
    for name, text in files.items():
        (repository / f"{name}.md").write_text(text)
    git(repository, "add", "-A")
    git(repository, "commit", "-qm", "words")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with one article."""
    made = tmp_path / "theirs"
    made.mkdir()
    git(made, "init", "-q", "-b", "main")
    commit(made, vpn="# VPN\n\nStart the client.\n")
    return made


def here(repository: Path, **more: object) -> LiveSource:
    """That repository as a source."""
    return replace(LiveSource("kb", "git", path=repository), **more)  # type: ignore[arg-type]


def test_the_newest_commit_is_laid_out(repository: Path, tmp_path: Path) -> None:
    """What is the same is not touched, what is gone goes."""
    commit(repository, wifi="# Wifi\n\nChoose it.\n")
    place, first = bring(here(repository), tmp_path / "live")
    before = (place / "vpn.md").stat().st_mtime_ns
    (repository / "wifi.md").unlink()
    commit(repository, badge="# Badge\n\nAsk for it.\n")
    (place / "stray.md").write_text("what somebody left here")
    _, second = bring(here(repository), tmp_path / "live")
    assert first != second
    assert {each.name for each in place.glob("*.md")} == {"vpn.md", "badge.md"}
    assert (place / "vpn.md").stat().st_mtime_ns == before


def test_history_that_was_written_anew_is_taken_as_it_is(repository: Path, tmp_path: Path) -> None:
    """A forced push is no trouble."""
    bring(here(repository), tmp_path / "live")
    (repository / "vpn.md").write_text("# VPN\n\nPress the green button.\n")
    git(repository, "commit", "-qa", "--amend", "-m", "again")
    place, _ = bring(here(repository), tmp_path / "live")
    assert "green" in (place / "vpn.md").read_text()


def test_a_branch_and_a_folder_may_be_wanted(repository: Path, tmp_path: Path) -> None:
    """One that is not there is said."""
    git(repository, "switch", "-qc", "live")
    (repository / "docs").mkdir()
    (repository / "docs" / "wifi.md").write_text("# Wifi\n")
    commit(repository)
    git(repository, "switch", "-q", "main")
    wanted = here(repository, branch="live", within="docs")
    place, _ = bring(wanted, tmp_path / "live")
    assert [each.name for each in place.iterdir()] == ["wifi.md"]
    with pytest.raises(TroubleError, match="no such branch"):
        bring(here(repository, branch="nowhere"), tmp_path / "live")
    with pytest.raises(TroubleError, match="no folder 'nowhere'"):
        bring(here(repository, within="nowhere"), tmp_path / "live")
    with pytest.raises(TroubleError, match="no folder"):
        bring(here(repository, within="../../.."), tmp_path / "live")


def test_nothing_of_a_repository_is_run(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No hook, no filter, no setting of whoever runs the desk, no submodule."""
    ran = tmp_path / "ran"
    home = tmp_path / "home"
    home.mkdir()
    hook = home / "post-checkout"
    hook.write_text(f"#!/bin/sh\ntouch {ran}\n")
    hook.chmod(0o755)
    (home / ".gitconfig").write_text(
        f'[core]\nhooksPath = {home}\n[filter "bad"]\nsmudge = touch {ran}\nrequired = true\n'
    )
    (repository / ".gitattributes").write_text("*.md filter=bad\n")
    (repository / ".gitmodules").write_text(
        f'[submodule "x"]\npath = x\nurl = ext::touch {ran}\nupdate = !touch {ran}\n'
    )
    commit(repository)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_PARAMETERS", f"'core.hooksPath={home}'")
    place, _ = bring(here(repository), tmp_path / "live")
    assert (place / "vpn.md").exists()
    assert not ran.exists()
    assert not list((tmp_path / "live" / "repository").rglob("*.sample"))


def test_a_link_out_of_a_repository_leads_to_no_article(repository: Path, tmp_path: Path) -> None:
    """Nor does a folder that is a link to elsewhere."""
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "pay.md").write_text("# Pay\n")
    (repository / "docs").symlink_to(tmp_path / "secret")
    commit(repository)
    with pytest.raises(TroubleError, match="no folder 'docs'"):
        bring(here(repository, within="docs"), tmp_path / "live")


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://127.0.0.1:1/kb.git", "name the host under `internal`"),
        ("https://10.0.0.7/kb.git", "name the host under `internal`"),
        ("ssh://git@192.168.0.9/kb.git", "name the host under `internal`"),
        ("git@169.254.169.254:kb.git", "name the host under `internal`"),
    ],
)
def test_a_host_inside_is_not_asked_unless_it_is_named(tmp_path: Path, url: str, says: str) -> None:
    """As for calendars and targets."""
    with pytest.raises(TroubleError, match=says):
        bring(LiveSource("kb", "git", url=url), tmp_path / "live")


def test_a_token_is_sent_to_its_host_and_stands_nowhere(site: Site, tmp_path: Path) -> None:
    """Neither in the copy nor in what is said of a failure."""
    site.answers["/kb.git/info/refs?service=git-upload-pack"] = Said(
        b"", 401, {"WWW-Authenticate": 'Basic realm="x"'}
    )
    source = LiveSource(
        "kb",
        "git",
        url=f"{site.base}/kb.git",
        token="hunter2-token",
        reach=Reach(("127.0.0.1",)),
    )
    with pytest.raises(TroubleError) as trouble:
        bring(source, tmp_path / "live")
    assert str(trouble.value) == "127.0.0.1: the token is missing, wrong, or may not see this."
    sent = site.asked[0][1]["Authorization"]
    assert sent.startswith("Basic ")
    held = "".join(
        each.read_text("latin-1") for each in (tmp_path / "live").rglob("*") if each.is_file()
    )
    assert "hunter2" not in held
    assert sent.removeprefix("Basic ") not in held


@pytest.mark.parametrize(
    ("said", "says"),
    [
        (Said(b"", 404), "no such repository"),
        (Said(b"", 429), "too often"),
        (Said(b"", 500), "git failed"),
        (Said(b"<html>Sign in</html>", 200, {"Content-Type": "text/html"}), "."),
        (Said(b"", 301, {"Location": "http://10.1.2.3/kb.git"}), "moved"),
    ],
)
def test_what_a_server_refuses_is_one_line(
    site: Site, tmp_path: Path, said: Said, says: str
) -> None:
    """And no redirect is followed, since git would look its host up by itself."""
    site.answers["/kb.git/info/refs?service=git-upload-pack"] = said
    source = LiveSource("kb", "git", url=f"{site.base}/kb.git", reach=Reach(("127.0.0.1",)))
    with pytest.raises(TroubleError) as trouble:
        bring(source, tmp_path / "live")
    assert says in str(trouble.value)
    assert "\n" not in str(trouble.value)
    assert str(tmp_path) not in str(trouble.value)


def test_a_machine_without_git_says_so(
    tmp_path: Path, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before anything is written."""
    monkeypatch.setitem(os.environ, "PATH", str(tmp_path))
    with pytest.raises(TroubleError, match="no git on this machine"):
        bring(here(repository), tmp_path / "live")
