"""What can go wrong in the classifier, each with what to do about it."""

from __future__ import annotations

from pathlib import Path


class ClassifierError(Exception):
    """What happened, to what, and what to do, in one line."""


class DataError(ClassifierError):
    """Labelled data cannot be used; the message names the file and the line."""

    def __init__(self, file: Path | str, line: int | None, what: str) -> None:
        """Name the place and what is wrong there."""
        self.file = Path(file)
        self.line = line
        place = f"{file}:{line}" if line is not None else str(file)
        super().__init__(f"{place}: {what}")


class ModelError(ClassifierError):
    """A model directory cannot be used; the message names it."""
