"""The folder that articles are published into, with the base that finds them from then on."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kb.articles import DEFAULT_COLLECTION
from kb.errors import KnowledgeBaseError
from kb.publishing.commits import commit, is_tracked_place
from kb.publishing.pages import extended, id_of, origin_of, page_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kb.articles import Article
    from kb.searching.base import KnowledgeBase


READABLE = 0o644


class PublishingError(KnowledgeBaseError):
    """An article could not be written; nothing was changed."""


@dataclass(frozen=True)
class Published:
    """An article that is found from now on."""

    article: str
    title: str
    url: str | None
    file: Path


class Shelf:
    """Publishes articles; all or nothing, and the same one twice is once."""

    def __init__(
        self, base: KnowledgeBase, folder: Path, collection: str = DEFAULT_COLLECTION
    ) -> None:
        """Publish into a folder, which becomes a source of a collection."""
        self._base = base
        self._folder = folder
        self._collection = collection

    def free_id(self, title: str) -> str:
        """Give an id for a title that no article and no page has."""
        return id_of(title, _Taken(self._base, self._folder))

    def put(self, article: Article, origin: str) -> Published:
        """Publish a new article.

        Raises:
            PublishingError: it was not, and why.
        """
        file = self._folder / f"{article.id}.md"
        page, before = page_of(article, origin), self._read(file)
        if before is not None and before != page:
            mine = origin_of(before) == origin
            raise PublishingError(
                f"{file.name} was changed by hand after it was published; change it there"
                if mine
                else f"{file.name} is another article already; give the draft another title"
            )
        return self._kept(file, page, before, article.id, f"Add {article.title} ({origin})")

    def add(
        self, article: str, heading: str, body: str, questions: Sequence[str], origin: str
    ) -> Published:
        """Add a section to an article that is there.

        Raises:
            PublishingError: it was not, and why.
        """
        file = self.file_of(article)
        if file is None:
            raise PublishingError(
                f"{article} is no page that I can write to; add the text where it is kept"
            )
        before = self._read(file) or ""
        page = extended(before, heading, body, questions)
        return self._kept(file, page, before, article, f"Add to {article}: {heading} ({origin})")

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
        try:
            return self._found(file, article, why)
        except (KnowledgeBaseError, OSError) as failure:
            if page != before:
                self._undo(file, before)
            raise PublishingError(str(failure)) from failure

    def _found(self, file: Path, article: str, why: str) -> Published:
        if is_tracked_place(file):
            commit(file, why)
        self._base.sync([self._folder], collection=self._collection)
        found = self._base.article(article, self._collection)
        if found is None:
            raise PublishingError(f"{file.name} was written and cannot be read as an article")
        return Published(found.id, found.title, self._base.address(found), file)

    def _read(self, file: Path) -> str | None:
        try:
            return file.read_text(encoding="utf-8")
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
            with os.fdopen(handle, "w", encoding="utf-8") as stream:
                stream.write(page)
            beside.chmod(READABLE)
            if self._read(file) != before:
                raise PublishingError(
                    f"{file.name} was changed by somebody else in this moment; try again"
                )
            beside.replace(file)
        finally:
            beside.unlink(missing_ok=True)

    def _undo(self, file: Path, before: str | None) -> None:
        """Leave the folder as it was."""
        with suppress(OSError):
            if before is None:
                file.unlink(missing_ok=True)
            elif file.read_text(encoding="utf-8") != before:
                file.write_text(before, encoding="utf-8")


class _Taken:
    """The ids that articles and pages have."""

    def __init__(self, base: KnowledgeBase, folder: Path) -> None:
        self._base, self._folder = base, folder

    def __contains__(self, article: object) -> bool:
        is_page = (self._folder / f"{article}.md").exists()
        return is_page or self._base.article(str(article)) is not None
