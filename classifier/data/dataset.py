"""Labelled messages: reading them, checking them, and keeping the holdout out."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from classifier.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

MAX_ROWS = 100_000
"""More rows than this are refused: they would take hours and several gigabytes here."""

MAX_CHARACTERS = 8_000
"""Characters of a message that are read; what follows in a pasted log adds nothing."""

MESSAGES = "messages"
"""The folder, inside the training data, of messages labelled with tiers."""

_OPTIONAL = ("article", "area", "scenario", "author")


@dataclass(frozen=True)
class Message:
    """One labelled message and where it stands."""

    text: str
    label: str
    file: Path
    line: int
    article: str | None = None
    area: str | None = None
    scenario: str | None = None
    author: str | None = None

    @property
    def key(self) -> str:
        """The text as compared for sameness: case and spacing do not count."""
        return " ".join(self.text.casefold().split())

    @property
    def bundle(self) -> str:
        """What is held out together: its scenario, or else the text by itself."""
        return self.scenario or f"text {self.mark}"

    @property
    def mark(self) -> str:
        """A short hash of the text, by which it is known again."""
        return hashlib.sha256(self.key.encode()).hexdigest()[:16]

    @property
    def place(self) -> str:
        """File and line."""
        return f"{self.file}:{self.line}"


def find_files(paths: Path | Sequence[Path]) -> list[Path]:
    """List the JSON Lines files among paths, folders searched for *.jsonl."""
    files: list[Path] = []
    for path in [paths] if isinstance(paths, Path) else paths:
        if path.is_dir():
            # Beside the desk's messages other data may stand, with rows of another kind.
            messages = path / MESSAGES
            inside = sorted((messages if messages.is_dir() else path).rglob("*.jsonl"))
            if not inside:
                raise DataError(path, None, "no *.jsonl file in this folder")
            files += inside
        elif path.is_file():
            files.append(path)
        else:
            raise DataError(path, None, "no such file or folder")
    if not files:
        raise DataError("training data", None, "no file was given")
    return files


def read_messages(
    paths: Path | Sequence[Path], *, labels: Collection[str] | None = None
) -> list[Message]:
    """Read labelled messages; DataError names the file and line of the first bad row."""
    messages: list[Message] = []
    for file in find_files(paths):
        for line, record in read_records(file):
            messages.append(_message(record, file, line, labels))
            if len(messages) > MAX_ROWS:
                raise DataError(
                    file, line, f"more than {MAX_ROWS:,} rows in all; train on a sample of them"
                )
    return messages


def read_records(file: Path) -> Iterable[tuple[int, dict[str, Any]]]:
    """Give each JSON object of a file with its line number; blank lines are passed over."""
    try:
        with file.open("rb") as stream:
            for number, raw in enumerate(stream, start=1):
                if raw.strip():
                    yield number, _record(raw, file, number)
    except OSError as error:
        raise DataError(file, None, f"cannot be read: {error.strerror}") from error


def _record(raw: bytes, file: Path, line: int) -> dict[str, Any]:
    try:
        record = json.loads(raw.decode("utf-8-sig" if line == 1 else "utf-8"))
    except UnicodeDecodeError as error:
        raise DataError(file, line, "is not UTF-8 text") from error
    except json.JSONDecodeError as error:
        raise DataError(file, line, f"is not JSON: {error.msg}") from error
    except (ValueError, RecursionError) as error:
        raise DataError(file, line, "is not JSON that can be read") from error
    if not isinstance(record, dict):
        raise DataError(file, line, "is not a JSON object with text and label")
    return record


def read_texts(file: Path) -> list[str]:
    """Read only the texts of a file, in order."""
    return [text_of(record, file, line) for line, record in read_records(file)]


def text_of(record: dict[str, Any], file: Path, line: int) -> str:
    """Take the text from a record; it must be there and be a string, but may be empty."""
    text = record.get("text")
    if not isinstance(text, str):
        raise DataError(file, line, "has no text, or it is not a string")
    # Lone surrogates come through JSON escapes and cannot be hashed or tokenised.
    return text[:MAX_CHARACTERS].encode("utf-8", "replace").decode("utf-8")


def _message(
    record: dict[str, Any], file: Path, line: int, labels: Collection[str] | None
) -> Message:
    text = text_of(record, file, line)
    if not text.strip():
        raise DataError(file, line, "the text is empty")
    label = record.get("label")
    if not isinstance(label, str) or not label.strip():
        raise DataError(file, line, "has no label, or it is not a string")
    if labels is not None and label not in labels:
        raise DataError(file, line, f"unknown label {label!r}; known: {', '.join(labels)}")
    extra = {name: _optional(record, name, file, line) for name in _OPTIONAL}
    return Message(text=text, label=label, file=file, line=line, **extra)


def _optional(record: dict[str, Any], name: str, file: Path, line: int) -> str | None:
    value = record.get(name)
    if value is not None and not isinstance(value, str):
        raise DataError(file, line, f"{name} is not a string")
    return value or None


def without_duplicates(messages: Iterable[Message]) -> list[Message]:
    """Drop exact repeats; two rows of one text with different labels are an error."""
    first: dict[str, Message] = {}
    for message in messages:
        known = first.setdefault(message.key, message)
        if known.label != message.label:
            raise DataError(
                message.file,
                message.line,
                f"labelled {message.label!r}, but the same text is labelled {known.label!r} "
                f"at {known.place}; settle which is right",
            )
    return list(first.values())


def data_hash(messages: Iterable[Message]) -> str:
    """SHA-256 over texts, labels and scenarios, whatever their order."""
    rows = sorted(json.dumps([m.text, m.label, m.scenario]) for m in messages)
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()
