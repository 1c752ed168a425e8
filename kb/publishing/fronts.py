"""Questions more in the front matter of a page, in its own dialect, and nothing else changed.

Each way of writing them is tried and read back; one that changes anything else is not taken.
"""

from __future__ import annotations

import json
import re
import tomllib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from kb.errors import ArticleError, PublishingError
from kb.sources.fields import questions_in, questions_name
from kb.sources.frontmatter import composed, split_front_matter

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

KEY = "questions"
LONGEST_LIST = 200
"""Lines of a list in TOML."""

_BLANKS = " \t\n\ufeff"
_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


@dataclass(frozen=True)
class _Front:
    """A page taken apart: the front matter's lines, what stands around them, what they say."""

    above: str
    lines: list[str]
    below: str
    fields: dict[str, Any]
    key: str
    old: list[Any]

    def with_lines(self, lines: Sequence[str]) -> str:
        """Give the page with other lines."""
        return self.above + "".join(lines) + self.below


def quoted(text: str) -> str:
    """Write words in quotes, so that YAML and TOML read exactly them."""
    said = json.dumps(text, ensure_ascii=False)
    return _UNPRINTABLE.sub(lambda each: f"\\u{ord(each[0]):04x}", said)


def with_questions(page: str, questions: Sequence[str], name: str) -> str:
    """Give a page with the questions that it did not have.

    Raises:
        PublishingError: its front matter cannot be read, or its list cannot be added to.
    """
    fields, body = read_front(page, name)
    key = _key_of(fields)
    old = _items(fields.get(key))
    known = {_plain(each) for each in old if isinstance(each, str)}
    fresh = {_plain(each): each for each in questions if _plain(each) not in known}
    if not fresh:
        return page
    new = list(fresh.values())
    for changed in _ways(page, fields, body, key, old, new):
        with suppress(PublishingError):
            if _is_right(read_front(changed, name), fields, body, {key: [*old, *new]}):
                return changed
    raise PublishingError(
        f"the questions at the top of {name} are written in a way that I cannot add to; "
        f"write them there as a list, one a line below `{key}:`"
    )


def read_front(page: str, name: str) -> tuple[dict[str, Any], str]:
    """Read a page's front matter and its text.

    Raises:
        PublishingError: it cannot be read.
    """
    try:
        return split_front_matter(Path(name), page)
    except ArticleError as error:
        raise PublishingError(str(error)) from error


def _is_right(
    read: tuple[dict[str, Any], str], fields: dict[str, Any], body: str, lists: dict[str, list[Any]]
) -> bool:
    after, text = read
    asked = {*questions_in(fields)}
    for each in lists.values():
        asked.update(questions_in({KEY: each}))
    return (
        after == {**fields, **lists}
        and text.lstrip(_BLANKS) == body.lstrip(_BLANKS)
        and asked <= set(questions_in(after))
    )


def _key_of(fields: dict[str, Any]) -> str:
    """The name by which a page's questions are found, as it is written there."""
    wanted = questions_name(fields) or KEY
    return next((each for each in reversed(fields) if each.strip().lower() == wanted), wanted)


def _items(value: Any) -> list[Any]:
    if isinstance(value, str):
        return [each.strip() for each in re.split(r"\n|\|", value) if each.strip()]
    return list(value) if isinstance(value, list | tuple) else [] if value is None else [value]


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _ways(  # noqa: PLR0913, PLR0917 (a page taken apart)
    page: str, fields: dict[str, Any], body: str, key: str, old: list[Any], new: list[str]
) -> Iterator[str]:
    """Every way in which the questions may be written; the smallest change first."""
    begun = page.lstrip(_BLANKS)
    blanks = page[: len(page) - len(begun)]
    first, *rest = begun.split("\n")
    fence = first.rstrip()
    end = next((at for at, each in enumerate(rest) if each.rstrip() == fence), None)
    if fence in {"---", "+++"} and end is not None:
        lines, below = [f"{each}\n" for each in rest[:end]], "\n".join(rest[end:])
        front = _Front(f"{blanks}{first}\n", lines, below, fields, key, old)
        yield from _in_yaml(front, new) if fence == "---" else _in_toml(front, new)
    elif fence == "{" and fields:
        said = json.dumps({**fields, key: [*old, *new]}, indent=2, ensure_ascii=False)
        yield f"{blanks}{said}\n{body}"
    if not fields:
        mark = "\ufeff" * page.startswith("\ufeff")
        yield f"{mark}---\n{''.join(_block(key, [*old, *new]))}---\n{page.removeprefix(mark)}"


def _in_yaml(front: _Front, new: list[str]) -> Iterator[str]:
    lines, whole = front.lines, [*front.old, *new]
    try:
        root = composed("".join(lines))
    except (yaml.YAMLError, ValueError):
        return
    if root is None:
        yield front.with_lines([*lines, *_block(front.key, whole)])
        return
    if not isinstance(root, yaml.MappingNode) or root.flow_style:
        return
    starts = [*(key.start_mark.line for key, _ in root.value), len(lines)]
    indent = " " * root.start_mark.column
    found = [at for at, (key, _) in enumerate(root.value) if key.value == front.key]
    if not found:
        yield front.with_lines([*lines, *_block(front.key, whole, indent)])
        return
    at = found[-1]
    value, begin, end = root.value[at][1], starts[at], starts[at + 1]
    while end > begin + 1 and lines[end - 1].strip()[:1] in {"", "#"}:
        end -= 1
    if isinstance(value, yaml.SequenceNode) and not value.flow_style:
        one = lines[value.value[0].start_mark.line]
        items = _block("", new, one[: len(one) - len(one.lstrip(" "))])[1:]
        yield front.with_lines([*lines[:end], *items, *lines[end:]])
    remarks = [each for each in lines[begin + 1 : end] if each.lstrip().startswith("#")]
    name = lines[begin].partition(":")[0].strip()
    for kept in (remarks, []):
        block = _block(name, whole, indent)
        yield front.with_lines([*lines[:begin], *kept, *block, *lines[end:]])


def _block(key: str, items: Sequence[Any], indent: str = "") -> list[str]:
    deeper = indent if not key else f"{indent}  "
    return [f"{indent}{key}:\n", *(f"{deeper}- {_value(each)}\n" for each in items)]


def _value(item: Any) -> str:
    return quoted(item) if isinstance(item, str) else json.dumps(item, ensure_ascii=False)


def _in_toml(front: _Front, new: list[str]) -> Iterator[str]:
    if not all(isinstance(each, str) for each in front.old):
        return
    lines = front.lines
    said = f"{front.key} = [{', '.join(quoted(each) for each in [*front.old, *new])}]\n"
    if front.key not in front.fields:
        yield front.with_lines([said, *lines])
    for begin, line in enumerate(lines):
        if line.partition("=")[0].strip().strip("\"'") != front.key:
            continue
        # A statement ends with the first line with which it can be read.
        for end in range(begin + 1, min(len(lines), begin + LONGEST_LIST) + 1):
            with suppress(tomllib.TOMLDecodeError):
                tomllib.loads("".join(lines[begin:end]))
                yield front.with_lines([*lines[:begin], said, *lines[end:]])
                break
