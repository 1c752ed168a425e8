"""A commit for each change of a page, where its folder is a git work tree."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

from kb.errors import KnowledgeBaseError

if TYPE_CHECKING:
    from pathlib import Path

PATIENCE_S = 30.0
AUTHOR = ("-c", "user.name=Frontline", "-c", "user.email=frontline@localhost")
LONGEST_SAID = 200


class CommitError(KnowledgeBaseError):
    """Git did not take a commit."""


def is_tracked_place(file: Path) -> bool:
    """Tell whether a file lies in a work tree that does not ignore it."""
    if shutil.which("git") is None:
        return False
    inside = _git(file.parent, "rev-parse", "--is-inside-work-tree")
    if inside.returncode != 0 or inside.stdout.strip() != "true":
        return False
    return _git(file.parent, "check-ignore", "-q", "--", file.name).returncode != 0


def commit(file: Path, message: str) -> None:
    """Commit one file and nothing else, on the branch that is checked out.

    Raises:
        CommitError: git refused; the index is as it was.
    """
    folder = file.parent
    if _git(folder, "symbolic-ref", "-q", "HEAD").returncode != 0:
        raise CommitError(
            f"{folder.name} is a git work tree with no branch checked out; check one out there"
        )
    if _git(folder, "status", "--porcelain", "--", file.name).stdout.strip() == "":
        return
    _must(folder, "add", "--", file.name)
    done = _git(folder, *_author(folder), "commit", "-q", "-m", message, "--only", "--", file.name)
    if done.returncode != 0:
        _git(folder, "reset", "-q", "--", file.name)
        raise CommitError(f"git refused the commit in {folder.name}: {_said(done)}")


def _must(folder: Path, *words: str) -> None:
    done = _git(folder, *words)
    if done.returncode != 0:
        raise CommitError(f"git refused the commit in {folder.name}: {_said(done)}")


def _author(folder: Path) -> tuple[str, ...]:
    return () if _git(folder, "config", "user.email").stdout.strip() else AUTHOR


def _said(done: subprocess.CompletedProcess[str]) -> str:
    lines = [line.strip() for line in (done.stderr or done.stdout).splitlines() if line.strip()]
    return (lines[0] if lines else "no reason given")[:LONGEST_SAID]


def _git(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    # Of whoever called us: a hook of another repository, for one.
    ours = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        return subprocess.run(  # noqa: S603 (git, with words of our own and a file's name)
            ["git", "-C", str(folder), *words],  # noqa: S607 (wherever git is)
            capture_output=True,
            text=True,
            errors="replace",
            timeout=PATIENCE_S,
            env={**ours, "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"},
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as failure:
        raise CommitError(
            f"git could not be run in {folder.name} ({type(failure).__name__})"
        ) from None
