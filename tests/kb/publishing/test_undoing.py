"""What fails leaves nothing behind, and two at once are one after the other."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from kb.publishing import PublishingError, Shelf, shelf
from kb.searching.base import KnowledgeBase
from tests.kb.conftest import WordEncoder
from tests.kb.publishing.conftest import BIKES, git

if TYPE_CHECKING:
    from pathlib import Path


@dataclass
class Failing:
    """A base in which something goes wrong at the next sync."""

    base: KnowledgeBase
    failure: Exception | None = None
    syncs: list[None] = field(default_factory=list)

    def sync(self, *sources: Any, **options: Any) -> Any:
        """Fail once."""
        self.syncs.append(None)
        failure, self.failure = self.failure, None
        if failure is not None:
            raise failure
        return self.base.sync(*sources, **options)

    def __getattr__(self, name: str) -> Any:
        """As the base."""
        return getattr(self.base, name)


def refusing(folder: Path) -> None:
    """Have git refuse each commit from now on."""
    hook = folder / ".git" / "hooks" / "pre-commit"
    hook.write_text("#!/bin/sh\necho 'no articles on Sundays' >&2\nexit 1\n", encoding="utf-8")
    hook.chmod(0o755)


@pytest.mark.parametrize("failure", [OSError(28, "disk full"), RuntimeError("broken")])
@pytest.mark.parametrize("how", ["put", "add"])
def test_where_the_base_fails_there_is_no_commit(
    base: KnowledgeBase, repository: Path, failure: Exception, how: str
) -> None:
    """The file, the history and the index are as before."""
    failing = Failing(base)
    ours = Shelf(failing, repository)  # type: ignore[arg-type]
    if how == "add":
        ours.put(BIKES, "D-1")
    before, before_it = git(repository, "log", "--format=%s"), base.article("repair-stand")
    failing.failure = failure
    with pytest.raises((PublishingError, RuntimeError)):
        if how == "add":
            ours.add("repair-stand", "Pumps", "Ask the porter.", ["who has a pump"], "D-2")
        else:
            ours.put(BIKES, "D-1")
    assert git(repository, "log", "--format=%s") == before
    assert git(repository, "status", "--porcelain") == "A  half.txt"
    assert base.article("repair-stand") == (before_it if how == "add" else None)


@pytest.mark.parametrize("how", ["put", "add"])
def test_where_git_refuses_the_base_is_as_before(
    base: KnowledgeBase, repository: Path, how: str
) -> None:
    """What was found in between is not found any more."""
    ours = Shelf(base, repository)
    if how == "add":
        ours.put(BIKES, "D-1")
    before = base.article("repair-stand")
    refusing(repository)
    with pytest.raises(PublishingError, match="no articles on Sundays"):
        if how == "add":
            ours.add("repair-stand", "Pumps", "Ask the porter.", ["who has a pump"], "D-2")
        else:
            ours.put(BIKES, "D-1")
    assert base.article("repair-stand") == before
    assert git(repository, "status", "--porcelain") == "A  half.txt"


def test_line_ends_are_as_they_were(base: KnowledgeBase, repository: Path) -> None:
    """Of a page that was saved on Windows, extended or taken back."""
    ours = Shelf(base, repository)
    file = ours.put(BIKES, "D-1").file
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    ours.add("repair-stand", "Pumps", "Ask the porter.", ["who has a pump"], "D-2")
    page = file.read_bytes()
    assert page.count(b"\r\n") == page.count(b"\n") > 0
    refusing(repository)
    with pytest.raises(PublishingError):
        ours.add("repair-stand", "Locks", "Ask again.", ["who has a lock"], "D-3")
    assert file.read_bytes() == page


def test_a_page_that_the_base_cannot_read_is_told(
    base: KnowledgeBase, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though the article of before is still there."""
    ours = Shelf(base, repository)
    file = ours.put(BIKES, "D-1").file
    page, before = file.read_bytes(), git(repository, "log", "--format=%s")
    monkeypatch.setattr(shelf, "extended", lambda *_, **__: "---\ntitle: [broken\n---\nText.\n")
    with pytest.raises(PublishingError, match=r"repair-stand.md") as told:
        ours.add("repair-stand", "Pumps", "Ask the porter.", [], "D-2")
    assert str(repository) not in str(told.value)
    assert (file.read_bytes(), git(repository, "log", "--format=%s")) == (page, before)


@pytest.mark.parametrize(
    "form", ['questions: ["who has a key?"]', "questions:\n- who has\n  a key?"]
)
def test_merging_keeps_the_questions_that_were_there(
    base: KnowledgeBase, repository: Path, form: str
) -> None:
    """In the base as well."""
    page = f"---\ntitle: Keys\n{form}\n---\nAsk the porter.\n"
    (repository / "keys.md").write_text(page, encoding="utf-8")
    base.sync([repository])
    Shelf(base, repository).add("keys", "More", "Say more.", ["where is it kept?"], "D-2")
    found = base.article("keys")
    assert found is not None
    assert found.questions == ("who has a key?", "where is it kept?")


def test_two_at_once_are_one_after_the_other(
    tmp_path: Path, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each finds what the other wrote: both sections are there, each with its commit."""
    base = KnowledgeBase.open(tmp_path / "both.db", WordEncoder())
    ours = Shelf(base, repository)
    file = ours.put(BIKES, "D-1").file
    both = threading.Barrier(2)
    really = shelf.extended

    def slowly(*args: Any, **options: Any) -> str:
        page = really(*args, **options)
        # Whoever is alone goes on; two that have read the same page go on together.
        try:
            both.wait(0.3)
        except threading.BrokenBarrierError:
            both.reset()
        return page

    monkeypatch.setattr(shelf, "extended", slowly)
    failures: list[Exception] = []

    def add(name: str) -> None:
        try:
            ours.add("repair-stand", name, f"Ask {name}.", [f"who is {name}?"], name)
        except Exception as failure:  # noqa: BLE001 (told below)
            failures.append(failure)

    threads = [threading.Thread(target=add, args=(name,)) for name in ("Anna", "Berta")]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    base.close()
    assert failures == []
    page = file.read_text(encoding="utf-8")
    assert ("## Anna" in page, "## Berta" in page) == (True, True)
    assert len(git(repository, "log", "--format=%s").splitlines()) == 4
