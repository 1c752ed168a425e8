"""Copies outside the database: exports and pages that are rewritten, backups that are named."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bot.desk.errors import FrontlineError
from bot.desk.learning import quotes_of
from kb.errors import KnowledgeBaseError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.settings.settings import Settings
    from bot.store.keeping.forgetting import Forgotten

SHORTEST = 12
FORGOTTEN = "(forgotten)"
"""Stands where their words stood in a page."""
BLOCK = 1 << 20


def exports_without(database: Path, person: str, words: frozenset[str]) -> Iterator[str]:
    """Take their lines out of what was exported; says what was done with each file."""
    from pathlib import Path

    from bot.store.database import transaction

    with transaction(database) as db:
        noted = [str(row[0]) for row in db.execute("SELECT path FROM exports ORDER BY path")]
    for path in map(Path, noted):
        if not path.exists():
            yield f"{path}: exported once and not there any more; look where it went"
            continue
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in lines if not _is_theirs(line, person, words)]
        if len(kept) < len(lines):
            beside = path.with_name(f".{path.name}.part")
            beside.write_text("".join(kept), encoding="utf-8")
            beside.replace(path)
        yield f"{path}: {len(lines) - len(kept)} of {len(lines)} lines erased"


def _is_theirs(line: str, person: str, words: frozenset[str]) -> bool:
    if person in line:
        return True
    try:
        text = json.loads(line).get("text")
    except (ValueError, AttributeError):
        return False
    return text in words or _scrubbed_in(text, words)


def _scrubbed_in(text: object, words: frozenset[str]) -> bool:
    from bot.cli.exporting import scrubbed

    return isinstance(text, str) and any(scrubbed(each) == text for each in words)


def pages_without(settings: Settings, done: Forgotten) -> Iterator[str]:
    """Take their words out of published pages; every page that came of their tickets is named."""
    folder = settings.file.knowledge.publish_to
    found = {file.stem: file for file in _files(folder) if file.suffix == ".md"} if folder else {}
    forms = _forms(done.words)
    changed = False
    for name, file in sorted(found.items()):
        try:
            page = file.read_bytes().decode("utf-8")
            told = _page_without(file, page, forms)
        except (OSError, ValueError, FrontlineError, KnowledgeBaseError) as problem:
            yield f"still there: {file} could not be looked through ({problem}); do it by hand"
            continue
        changed = changed or bool(told)
        if told:
            yield f"{file}: {told}"
        elif name in done.articles:
            yield f"{file}: came of a ticket of theirs; none of their sentences stands in it"
    for name in sorted(done.articles - found.keys()):
        yield f"article {name}: came of a ticket of theirs and is no page of ours; look at it there"
    if changed:
        yield f"search still knows the pages as they were: run frontline kb sync {folder}"


def _forms(words: frozenset[str]) -> frozenset[str]:
    """Give long words as they may stand in a page: as written, as scrubbed, as learned."""
    from bot.cli.exporting import scrubbed
    from kb.questions.hygiene import clean

    forms = (
        form
        for each in words
        for form in (each, scrubbed(each), clean(each).text, *quotes_of(each))
    )
    return frozenset(form for form in forms if len(form) >= SHORTEST)


def _page_without(file: Path, page: str, forms: frozenset[str]) -> str:
    """Rewrite a page without these words and commit it; says so, or nothing where none stood."""
    from kb.publishing.commits import CommitError, commit, is_tracked_place
    from kb.publishing.letting_go import without_words

    changed = without_words(page, forms, FORGOTTEN, file.name)
    if changed == page:
        return ""
    beside = file.with_name(f".{file.name}.part")
    beside.write_bytes(changed.encode("utf-8"))
    beside.replace(file)
    if not is_tracked_place(file):
        return "their words are erased from this published page"
    try:
        commit(file, f"Erase what a person said from {file.stem}")
    except CommitError as problem:
        return f"their words are erased from this published page; commit it yourself: {problem}"
    return "their words are erased from this published page; the history of git still has them"


def files_with(settings: Settings, person: str, words: frozenset[str]) -> Iterator[str]:
    """Name backups, and files that are trained from, that still hold their id or words."""
    own = {settings.db.name + end for end in ("", "-wal", "-shm", "-journal")}
    if settings.server is not None:
        # The file beside a server holds articles; and the desk, if that was moved from there.
        own = set()
    folders = {settings.db.absolute().parent, *(p.absolute() for p in settings.backups)}
    files = {file for folder in folders for file in _files(folder)}
    for source in settings.file.knowledge.questions:
        files |= {file for file in _files(source.absolute()) if file.suffix == ".jsonl"}
    marks = [person.encode(), *(w.encode() for w in words if len(w) >= SHORTEST)]
    for file in sorted(files):
        if file.name not in own and _holds(file, marks):
            yield f"{file} holds their id or words; erase it, or it brings them back"


def _files(place: Path) -> list[Path]:
    if place.is_file():
        return [place]
    return [file for file in place.rglob("*") if file.is_file()] if place.is_dir() else []


def _holds(file: Path, marks: list[bytes]) -> bool:
    longest = max(map(len, marks))
    before = b""
    with file.open("rb") as stream:
        while block := stream.read(BLOCK):
            seen = before + block
            if any(mark in seen for mark in marks):
                return True
            before = seen[-longest:]
    return False
