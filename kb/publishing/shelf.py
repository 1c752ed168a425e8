"""The folder that articles are published into, with the base that finds them from then on."""

from __future__ import annotations

import os
import tempfile
import threading
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from kb.articles import DEFAULT_COLLECTION
from kb.errors import KnowledgeBaseError, PublishingError
from kb.publishing.commits import commit, is_tracked_place
from kb.publishing.fronts import with_questions
from kb.publishing.pages import extended, id_of, origin_of, page_of, says

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kb.articles import Article
    from kb.searching.base import KnowledgeBase


READABLE = 0o644


@dataclass(frozen=True)
class Published:
    """An article that is found from now on."""

    article: str
    title: str
    url: str | None
    file: Path
    """Its page; the folder, where an article that is kept elsewhere says so already."""


class Shelf:
    """Publishes articles; all or nothing, and the same one twice is once."""

    def __init__(
        self, base: KnowledgeBase, folder: Path, collection: str = DEFAULT_COLLECTION
    ) -> None:
        """Publish into a folder, which becomes a source of a collection."""
        self._base = base
        self._folder = folder
        self._collection = collection
        self._turn = threading.Lock()
        """Several threads publish: a page is read, written and committed by one at a time."""

    def free_id(self, title: str) -> str:
        """Give an id for a title that no article and no page has."""
        return id_of(title, _Taken(self._base, self._folder))

    def put(self, article: Article, origin: str, instead_of: str | None = None) -> Published:
        """Publish a new article, perhaps in place of one that is found no more from then on.

        What that one was asked by, its title too, the new one is asked by.

        Raises:
            PublishingError: it was not, and why.
        """
        with self._turn:
            old = self._base.article(instead_of, self._collection) if instead_of else None
            if old is not None and old.id != article.id:
                asked = (*article.questions, old.title, *old.questions)
                article = replace(article, questions=_one_each(asked))
            published = self._put(article, origin, instead_of)
            if instead_of is not None:
                self._base.put_in_place(article.id, instead_of, self._collection)
            return published

    def _put(self, article: Article, origin: str, instead_of: str | None) -> Published:
        file = self._folder / f"{article.id}.md"
        page, before = page_of(article, origin, instead_of), self._read(file)
        if before is not None and before != page:
            mine = origin_of(before) == origin
            raise PublishingError(
                f"{file.name} was changed by hand after it was published; change it there"
                if mine
                else f"{file.name} is another article already; give the draft another title"
            )
        return self._kept(file, page, before, article.id, f"Add {article.title} ({origin})")

    def add(  # noqa: PLR0913 - the parts of a section
        self,
        article: str,
        heading: str,
        body: str,
        questions: Sequence[str],
        origin: str,
        *,
        instead_of: str | None = None,
    ) -> Published:
        """Add a section to an article that is there, which may stand in for another from then on.

        Raises:
            PublishingError: it was not, and why.
        """
        with self._turn:
            file = self.file_of(article)
            before = self._read(file) if file is not None else None
            if file is None or before is None:
                return self._taught(article, body, (*questions, heading))
            old = self._base.article(instead_of, self._collection) if instead_of else None
            if old is not None and old.id != article:
                questions = (*questions, old.title, *old.questions)
            plain = before.replace("\r\n", "\n")
            page = extended(plain, heading, body, questions, name=file.name)
            if plain != before:
                page = page.replace("\n", "\r\n")
            why = f"Add to {article}: {heading} ({origin})"
            published = self._kept(file, page, before, article, why)
            if old is not None:
                self._base.put_in_place(article, old.id, self._collection, more=True)
            return published

    def ask(self, article: str, questions: Sequence[str]) -> None:
        """Let an article be found by these too: its page has them; one kept elsewhere learns them.

        Raises:
            PublishingError: its page cannot be written to, and why.
        """
        with self._turn:
            file = self.file_of(article)
            before = self._read(file) if file is not None else None
            if file is None or before is None:
                pairs = [(each, article) for each in _one_each(questions)]
                self._base.learn(pairs, collection=self._collection)
                return
            page = with_questions(before.replace("\r\n", "\n"), questions, file.name)
            if "\r\n" in before:
                page = page.replace("\n", "\r\n")
            self._kept(file, page, before, article, f"Ask {article} in other words")

    def says(self, article: Article, answer: str) -> bool:
        """Tell whether each line of an answer stands in an article."""
        return says(article.body, answer)

    def _taught(self, article: str, body: str, questions: Sequence[str]) -> Published:
        """Let an article that is kept elsewhere be asked by these too, if it says so already."""
        found = self._base.article(article, self._collection)
        if found is None or not says(found.body, body):
            raise PublishingError(
                f"{article} is no page that I can write to; add the text where it is kept"
            )
        pairs = [(each, article) for each in _one_each(questions)]
        self._base.learn(pairs, collection=self._collection)
        return Published(article, found.title, self._base.address(found), self._folder)

    def file_of(self, article: str) -> Path | None:
        """Find the page of an article in the folder; None where it is kept elsewhere."""
        found = self._folder / f"{article}.md"
        # An id with a path in it is no page of ours.
        is_here = found.parent == self._folder and found.is_file()
        return found if is_here and self._base.article(article) is not None else None

    def _kept(self, file: Path, page: str, before: str | None, article: str, why: str) -> Published:
        try:
            if page != before:
                self._write(file, page, before)
        except OSError as failure:
            raise PublishingError(
                f"{self._folder.name} cannot be written to ({failure.strerror})"
            ) from failure
        is_new = self._base.article(article, self._collection) is None
        try:
            published = self._found(file, article)
            # Last: of all this a commit alone cannot be taken back.
            if is_tracked_place(file):
                commit(file, why)
        except BaseException as failure:
            if page != before:
                self._undo(file, page, before, article if is_new else None)
            if isinstance(failure, KnowledgeBaseError | OSError):
                raise PublishingError(str(failure)) from failure
            raise
        return published

    def _found(self, file: Path, article: str) -> Published:
        report = self._base.sync([self._folder], collection=self._collection)
        for problem in report.problems:
            if problem.startswith(f"{file}:"):
                raise PublishingError(problem.replace(f"{self._folder}{os.sep}", ""))
        found = self._base.article(article, self._collection)
        if found is None:
            raise PublishingError(f"{file.name} was written and cannot be read as an article")
        return Published(found.id, found.title, self._base.address(found), file)

    def _read(self, file: Path) -> str | None:
        try:
            # As it is, with its line ends.
            return file.read_bytes().decode("utf-8")
        except FileNotFoundError:
            return None
        except UnicodeDecodeError as failure:
            raise PublishingError(f"{file.name} is not UTF-8 text; save it as such") from failure
        except OSError as failure:
            raise PublishingError(
                f"{self._folder.name} cannot be written to ({failure.strerror})"
            ) from failure

    def _write(self, file: Path, page: str, before: str | None) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        # Beside it and put in place at once: nobody reads half a page.
        handle, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=self._folder)
        beside = Path(name)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
                stream.write(page)
            beside.chmod(READABLE)
            if self._read(file) != before:
                raise PublishingError(
                    f"{file.name} was changed by somebody else in this moment; try again"
                )
            beside.replace(file)
        finally:
            beside.unlink(missing_ok=True)

    def _undo(self, file: Path, page: str, before: str | None, new: str | None) -> None:
        """Leave the folder and the base as they were; `new` is an article that was not there."""
        with suppress(OSError, KnowledgeBaseError):
            if before is not None:
                self._write(file, before, page)
            elif self._read(file) == page:
                file.unlink(missing_ok=True)
        with suppress(OSError, KnowledgeBaseError):
            if new is not None and not file.exists():
                self._base.withdraw(new, self._collection)
            self._base.sync([self._folder], collection=self._collection)


def _one_each(questions: Sequence[str]) -> tuple[str, ...]:
    """Leave out what is asked already in the same words."""
    found: dict[str, str] = {}
    for each in questions:
        found.setdefault(each.casefold(), each)
    return tuple(found.values())


class _Taken:
    """The ids that articles and pages have."""

    def __init__(self, base: KnowledgeBase, folder: Path) -> None:
        self._base, self._folder = base, folder

    def __contains__(self, article: object) -> bool:
        is_page = (self._folder / f"{article}.md").exists()
        return is_page or self._base.article(str(article)) is not None
