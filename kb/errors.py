"""What can go wrong in the knowledge base, each with what to do about it."""

from __future__ import annotations

from pathlib import Path


class KnowledgeBaseError(Exception):
    """What happened, to what, and what to do."""


class ArticleError(KnowledgeBaseError):
    """An article cannot be read; the message names its file and line."""

    def __init__(self, file: Path | str, line: int | None, what: str, remedy: str = "") -> None:
        """Name the place, what is wrong there, and what to do."""
        self.file = Path(file)
        self.line = line
        self.what = what
        self.remedy = remedy
        place = f"{file}:{line}" if line is not None else str(file)
        super().__init__(f"{place}: {what}" + (f"; {remedy}" if remedy else ""))


class SourceError(KnowledgeBaseError):
    """A source of articles is missing or cannot be read at all."""


class PublishingError(KnowledgeBaseError):
    """An article could not be written; nothing was changed."""


class EncoderError(KnowledgeBaseError):
    """The embedding model is missing, damaged or cannot run here."""


class IndexUnavailableError(KnowledgeBaseError):
    """The database cannot be opened, is locked, or the disk is full."""
