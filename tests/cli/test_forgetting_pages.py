"""`frontline forget` and the pages that were published of somebody's tickets."""

from __future__ import annotations

import subprocess
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from bot.cli.forgetting import pages_without
from bot.store.keeping.forgetting import Forgotten

if TYPE_CHECKING:
    from pathlib import Path

SAID = "The bicycle pump in the basement hisses at me"
OWN = "Where is the bicycle pump kept?"
PAGE = f"""---
id: "bicycle-pump"
title: "Bicycle pump"
questions:
  - "{SAID}"
  - "{OWN}"
---
Turn the valve.
"""


def settings(folder: Path | None) -> Any:
    """As much of the settings as is looked at."""
    return SimpleNamespace(file=SimpleNamespace(knowledge=SimpleNamespace(publish_to=folder)))


def said_of(folder: Path | None, *articles: str, words: tuple[str, ...] = (SAID,)) -> list[str]:
    """What is printed."""
    done = Forgotten(words=frozenset(words), articles=frozenset(articles))
    return list(pages_without(settings(folder), done))


def test_a_page_that_quotes_them_is_named_and_lets_go(tmp_path: Path) -> None:
    """With its path; what others said stays; search has to read it again."""
    file = tmp_path / "bicycle-pump.md"
    file.write_text(PAGE, encoding="utf-8")
    told = said_of(tmp_path, "bicycle-pump")
    assert told[0] == f"{file}: their words are erased from this published page"
    assert f"frontline kb sync {tmp_path}" in told[1]
    assert SAID not in file.read_text(encoding="utf-8")
    assert OWN in file.read_text(encoding="utf-8")


def test_a_page_of_their_ticket_in_other_words_is_named_too(tmp_path: Path) -> None:
    """Somebody may have written them in other words; whoever forgets looks at it."""
    file = tmp_path / "bicycle-pump.md"
    file.write_text(PAGE, encoding="utf-8")
    told = said_of(tmp_path, "bicycle-pump", words=("Something else was said by them",))
    assert told == [f"{file}: came of a ticket of theirs; none of their sentences stands in it"]
    assert file.read_text(encoding="utf-8") == PAGE


def test_a_page_of_others_that_quotes_nobody_is_not_named(tmp_path: Path) -> None:
    """Nothing to look at."""
    (tmp_path / "bicycle-pump.md").write_text(PAGE, encoding="utf-8")
    assert said_of(tmp_path, words=("Something else was said by them",)) == []


@pytest.mark.parametrize("folder", [True, False])
def test_an_article_that_is_no_page_of_ours_is_named(tmp_path: Path, folder: bool) -> None:
    """It was moved, renamed, or the folder is configured no more."""
    told = said_of(tmp_path if folder else None, "gone-page")
    assert told == [
        "article gone-page: came of a ticket of theirs and is no page of ours; look at it there"
    ]


def test_a_page_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    """It is left as it is."""
    file = tmp_path / "odd.md"
    file.write_bytes(b"\xff\xfe" + SAID.encode())
    assert "still there" in said_of(tmp_path)[0]
    assert SAID.encode() in file.read_bytes()


def test_where_git_keeps_the_folder_it_is_a_commit(tmp_path: Path) -> None:
    """And the history is said to hold it still."""
    file = tmp_path / "bicycle-pump.md"
    file.write_text(PAGE, encoding="utf-8")
    for words in (["init", "-q"], ["add", "."],
                  ["-c", "user.name=x", "-c", "user.email=x@y", "commit", "-qm", "x"]):  # fmt: skip
        subprocess.run(["git", "-C", str(tmp_path), *words], check=True)
    assert "the history of git still has them" in said_of(tmp_path)[0]
    left = subprocess.run(
        ["git", "-C", str(tmp_path), "status", "--porcelain"],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert left.stdout == ""
