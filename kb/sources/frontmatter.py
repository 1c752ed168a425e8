"""Front matter in YAML, TOML or JSON.

Written out rather than left to a library: a broken article must name the line that is broken.
"""

from __future__ import annotations

import json
import re
import tomllib
from typing import TYPE_CHECKING, Any

import yaml

from kb.errors import ArticleError

if TYPE_CHECKING:
    from pathlib import Path


NODES = 10_000
DEPTH = 40
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_SAID = re.compile(
    r"^(?P<name>(?:title|question|name|subject|headline|sidebar_label|linkTitle|nav_title)"
    r"[ ]*:[ ]+)"
    r"(?P<words>(?![\"'|>&!])[^\n]+)$(?!\n[ ])",
    re.IGNORECASE | re.MULTILINE,
)
"""A title on one line. To YAML `Reset: how to`, `[VPN] on trains` and `Yes` are something else."""


class _WordsLoader(_Loader):  # type: ignore[misc]
    """YAML whose scalars stay as they are written; only nothing is nothing."""


_WordsLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag.endswith((":null", ":merge"))]
    for first, resolvers in _Loader.yaml_implicit_resolvers.items()
}


def split_front_matter(file: Path, text: str) -> tuple[dict[str, Any], str]:
    """Split YAML (`---`), TOML (`+++`) or JSON front matter from the Markdown below it.

    Blank lines may stand above it; YAML's values are words, whatever YAML takes them for.
    """
    begun = text.lstrip(" \t\n\ufeff")
    above = text[: len(text) - len(begun)].count("\n")
    if begun.startswith(("---\n", "--- ", "+++\n", "+++ ", "{\n")):
        text = begun
    else:
        above = 0
    try:
        return _split(file, text)
    except ArticleError as error:
        raise ArticleError(file, (error.line or 1) + above, error.what, error.remedy) from error


def _split(file: Path, text: str) -> tuple[dict[str, Any], str]:
    for fence, parse in (("---", _yaml), ("+++", _toml)):
        first, _, rest = text.partition("\n")
        if first.rstrip() != fence:
            continue
        end = re.search(rf"^{re.escape(fence)}\s*$", rest, re.MULTILINE)
        if end is not None:
            return parse(file, rest[: end.start()]), rest[end.end() :].lstrip("\n")
        if re.match(r"(?<![\w-])[\w-]++\s*+[:=]", rest):
            raise ArticleError(file, 1, "front matter never ends", f"close it with {fence}")
    if text.startswith("{\n"):
        try:
            fields, end_position = json.JSONDecoder().raw_decode(text)
        except json.JSONDecodeError as error:
            raise ArticleError(file, error.lineno, f"front matter: {error.msg}") from error
        return _mapping(file, fields), text[end_position:].lstrip("\n")
    return {}, text


def composed(text: str) -> yaml.Node | None:
    """Give the nodes of YAML as they are read here, each with the line on which it stands.

    Raises:
        yaml.YAMLError: it is none.
    """
    node: yaml.Node | None = yaml.compose(_typed(text), _WordsLoader)
    return node


def _typed(text: str) -> str:
    # A tab is no blank to YAML, but to whoever typed it behind a value.
    return _SAID.sub(_in_quotes, re.sub(r"\t+", " ", text))


def _yaml(file: Path, text: str) -> dict[str, Any]:
    try:
        return _mapping(file, yaml.load(_typed(text), _WordsLoader))  # noqa: S506 (makes only words)
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark else 1
        what = getattr(error, "problem", None) or "is not YAML"
        raise ArticleError(file, line, f"front matter: {what}", "correct this line") from error


def _in_quotes(title: re.Match[str]) -> str:
    words = re.sub(r"\s#.*", "", title["words"]).strip()
    if not words or (words[0] in "[{" and "]}"["[{".index(words[0])] not in words):
        return title[0]
    return title["name"] + "'" + words.replace("'", "''") + "'"


def _toml(file: Path, text: str) -> dict[str, Any]:
    try:
        return _mapping(file, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        number = int(line[1]) + 1 if line else 1
        raise ArticleError(file, number, f"front matter: {error}", "correct this line") from error


def _mapping(file: Path, fields: Any) -> dict[str, Any]:
    if fields is None:
        return {}
    if not isinstance(fields, dict):
        raise ArticleError(file, 2, "front matter is not a list of `name: value`")
    if not _is_modest(fields):
        raise ArticleError(file, 2, "front matter is nested too deeply, or unfolds without end")
    return fields


def _is_modest(value: object) -> bool:
    """Whether a value written out has a sane size: YAML's aliases make much of little."""
    waiting = [(value, 0)]
    seen = 0
    while waiting:
        each, depth = waiting.pop()
        seen += 1
        if seen + len(waiting) > NODES or depth > DEPTH:
            return False
        if isinstance(each, dict):
            waiting += [(inner, depth + 1) for pair in each.items() for inner in pair]
        elif isinstance(each, list | tuple | set):
            waiting += [(inner, depth + 1) for inner in each]
    return True
