"""What the documents say is so: links, paths, commands, keys and figures exist, and read easily."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args, get_origin

import click
import pytest
from pydantic import BaseModel

from bot.cli import frontline
from bot.settings.file import FileSettings
from bot.settings.settings import Secrets
from tests.bench.figures import PAGE, read, render

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
DOCS = sorted((ROOT / "docs").rglob("*.md"))
READ_BY_NEWCOMERS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *DOCS]
ALL = [*READ_BY_NEWCOMERS, ROOT / "CHANGELOG.md", ROOT / "training_data" / "DATASET.md"]
CONFIGURATION = ROOT / "docs" / "reference" / "configuration.md"
COMMANDS = ROOT / "docs" / "reference" / "commands.md"

MOST_LINES, COLUMNS, MOST_WORDS = 5, 100, 30
FENCE = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
OURS = ("bot", "classifier", "kb", "tests", "training_data", "docs", ".ci")
PATH = re.compile(rf"(?<![\w/.:-])(?:{'|'.join(map(re.escape, OURS))})/(?:[\w.-]+/)*[\w.-]*\w/?")
COMMAND = re.compile(r"(?:^|[`\s/(])frontline ((?:[a-z][a-z-]*)(?: [a-z][a-z-]*)*)")


def named(file: Path) -> str:
    """Name a document for the report of a failure."""
    return file.relative_to(ROOT).as_posix()


def prose(file: Path) -> str:
    """Give a document without its code."""
    return FENCE.sub("", file.read_text(encoding="utf-8"))


def anchors(file: Path) -> set[str]:
    """Name a document's headings as links to them do."""
    headings = re.findall(r"^#+ (.+)$", prose(file), re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {heading.strip().replace(" ", "-") for heading in plain}


@pytest.mark.parametrize("file", ALL, ids=named)
def test_every_link_within_the_repository_leads_somewhere(file: Path) -> None:
    """To a file that exists, and to a heading that it has."""
    astray = []
    for target in LINK.findall(prose(file)):
        if re.match(r"\w+:", target):
            continue
        path, _, anchor = target.partition("#")
        found = (file.parent / path).resolve() if path else file
        if not found.exists() or (anchor and anchor not in anchors(found)):
            astray.append(target)
    assert astray == []


@pytest.mark.parametrize("file", ALL, ids=named)
def test_every_path_that_is_named_exists(file: Path) -> None:
    """In the text, in backticks and in blocks of code."""
    text = LINK.sub("", file.read_text(encoding="utf-8"))
    missing = {path for path in PATH.findall(text) if not (ROOT / path).exists()}
    assert sorted(missing) == []


def test_every_document_is_found_from_the_first_page() -> None:
    """By the links of README.md and docs/README.md."""
    index = ROOT / "docs" / "README.md"
    linked = {
        (page.parent / target.partition("#")[0]).resolve()
        for page in (ROOT / "README.md", index)
        for target in LINK.findall(prose(page))
    }
    assert [named(file) for file in DOCS if file.resolve() not in linked] == []


# --- commands and their options


def commands(group: click.Command = frontline, path: str = "") -> dict[str, click.Command]:
    """Every command that does something, by what is written to call it."""
    if not isinstance(group, click.Group):
        return {path: group}
    found: dict[str, click.Command] = {}
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        found |= commands(command, f"{path} {name}".strip())
    return found


KNOWN = commands()
GROUPS = {name.rpartition(" ")[0] for name in KNOWN if " " in name}


def called(words: str) -> str:
    """Give the command that words after `frontline` call."""
    name, *rest = words.split()
    while name in GROUPS and rest:
        name = f"{name} {rest.pop(0)}"
    return name


@pytest.mark.parametrize("file", READ_BY_NEWCOMERS, ids=named)
def test_every_command_that_is_named_exists(file: Path) -> None:
    """In code, as a block or in backticks."""
    text = file.read_text(encoding="utf-8")
    code = "\n".join([*FENCE.findall(text), *re.findall(r"`[^`\n]+`", prose(file))])
    named_here = {called(words) for words in COMMAND.findall(code)}
    assert sorted(named_here - KNOWN.keys() - GROUPS) == []


def test_the_reference_has_every_command_with_its_options() -> None:
    """And no other."""
    told: dict[str, set[str]] = {}
    for words, options in re.findall(
        r"^\| `frontline ([a-z -]+?)(?: [A-Z]+)*` \| ([^|]*) \|", prose(COMMANDS), re.MULTILINE
    ):
        told[words] = set(re.findall(r"`(--[a-z0-9-]+)`", options))
    there = {
        words: {
            name
            for option in command.params
            if isinstance(option, click.Option)
            for name in option.opts
            if name.startswith("--") and name != "--help"
        }
        for words, command in KNOWN.items()
    }
    assert told == there


# --- configuration


def keys(model: type[BaseModel], table: str = "") -> Iterator[tuple[str, str]]:
    """Yield (table, key) of all that a table and those below it may say."""
    for name, field in model.model_fields.items():
        below = f"{table}.{name}".strip(".")
        kind, many = inner(field.annotation)
        if kind is None:
            yield table, name
        else:
            yield from keys(kind, below + many)


def inner(annotation: Any) -> tuple[type[BaseModel] | None, str]:
    """Give the model within an annotation, and what stands for the name of its table."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation, ""
    parts = get_args(annotation)
    for part in parts:
        kind, many = inner(part)
        if kind is not None:
            name = ".P" if "Priority" in str(parts[0]) else ".NAME"
            return kind, (name if get_origin(annotation) is dict else many)
    return None, ""


def test_the_reference_has_every_key_of_the_configuration() -> None:
    """And no other."""
    told, table = set(), ""
    for line in prose(CONFIGURATION).splitlines():
        if line.startswith("## "):
            found = re.search(r"\[\[?([\w.]+)\]", line)
            table = found.group(1) if found else ""
        elif row := re.match(r"\| `([a-z0-9_]+)` \|", line):
            told.add((table, row.group(1)))
    assert sorted(told) == sorted(set(keys(FileSettings)))


def test_the_reference_has_every_variable_of_the_environment() -> None:
    """And no other; the local workspace and the benchmarks have their own."""
    code = [
        file.read_text(encoding="utf-8")
        for package in ("bot", "classifier", "kb")
        for file in (ROOT / package).rglob("*.py")
    ]
    read_by_name = set(re.findall(r"""["'](FRONTLINE_[A-Z]+)["']""", "\n".join(code)))
    there = read_by_name | {name.upper() for name in Secrets.model_fields}
    section = prose(CONFIGURATION).partition("## The environment")[2]
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", section, re.MULTILINE)) == there


# --- figures, and how it reads


def test_the_page_of_figures_is_what_the_results_say() -> None:
    """Mended by `python tests/bench/figures.py`, never by hand."""
    assert PAGE.read_text(encoding="utf-8") == render(read())


def paragraphs(file: Path) -> Iterator[str]:
    """Yield what is read in one breath: a paragraph, or an item of a list."""
    for block in re.split(r"\n\s*\n", prose(file)):
        lines = [line for line in block.splitlines() if not line.lstrip().startswith(("|", "#"))]
        yield from re.split(r"\n(?=\s*(?:[-*]|\d+\.) )", "\n".join(lines))


def shown(text: str) -> str:
    """Give text as it is read: of a link its words."""
    return re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)


@pytest.mark.parametrize("file", READ_BY_NEWCOMERS, ids=named)
def test_no_paragraph_is_longer_than_five_lines(file: Path) -> None:
    """As wrapped at a hundred columns; past that a reader skips it."""
    long = [
        text for text in paragraphs(file) if len(textwrap.wrap(shown(text), COLUMNS)) > MOST_LINES
    ]
    assert long == []


@pytest.mark.parametrize("file", READ_BY_NEWCOMERS, ids=named)
def test_no_cell_of_a_table_is_an_essay(file: Path) -> None:
    """Thirty words at most."""
    cells = (
        cell
        for line in prose(file).splitlines()
        if line.startswith("|")
        for cell in line.strip("|").split("|")
    )
    assert [cell for cell in cells if len(shown(cell).split()) > MOST_WORDS] == []
