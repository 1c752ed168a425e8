"""Every pattern of the code takes time as the text's length, not as its square."""

from __future__ import annotations

import ast
import re
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from classifier.features.words import WORD_PATTERN
from tests.hostile.texts import hostile

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
USES = {"compile", "sub", "subn", "match", "search", "findall", "split", "fullmatch", "finditer"}
SHORT, LONG = 750, 3_000
GROWTH = 9
"""Four times the text: linear is 4, quadratic 16."""
NOISE_S = 0.005
BUILT = {
    "bot/slack/listeners.py",  # of our own action ids; matches action ids
    "bot/slack/parsing/commands.py",  # as LEADS_WITH_MENTION, with one person's id
    "kb/sources/dialects.py",  # closing tags, by name
    "kb/sources/embedded.py",  # closing tags, by name
    "kb/sources/frontmatter.py",  # a line of one mark
    "kb/spans.py",  # a line of one mark
}
"""Where patterns are put together when the program runs; each is looked at by hand."""


def written() -> Iterator[tuple[str, int, str | None, int]]:
    """Give file, line, pattern and flags of each pattern in the code; None where it is built."""
    for package in ("bot", "classifier", "kb"):
        for file in sorted((ROOT / package).rglob("*.py")):
            if "playground" in file.parts:
                continue
            name = file.relative_to(ROOT).as_posix()
            for node in ast.walk(ast.parse(file.read_text())):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Attribute)
                    and isinstance(node.func.value, ast.Name)
                    and node.func.value.id == "re"
                    and node.func.attr in USES
                ):
                    yield name, node.lineno, constant(node.args[0]), flags(node)


def constant(node: ast.expr) -> str | None:
    """Give the pattern as it stands there."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def flags(call: ast.Call) -> int:
    """Give the flags that a pattern is compiled with."""
    given = [*call.args[1:], *(word.value for word in call.keywords if word.arg == "flags")]
    names = [
        node.attr
        for each in given
        for node in ast.walk(each)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    ]
    return sum(int(getattr(re, name)) for name in names if name.isupper() and hasattr(re, name))


PATTERNS = [
    pytest.param(re.compile(pattern, given), id=f"{file}:{line}")
    for file, line, pattern, given in written()
    if pattern is not None
]
TEXTS = {length: hostile(length) for length in (SHORT, LONG)}


def seconds(pattern: re.Pattern[str], text: str) -> float:
    """Find everything in a text, and try it from its beginning as a whole."""
    began = time.thread_time()
    for _ in pattern.finditer(text):
        pass
    pattern.fullmatch(text)
    return time.thread_time() - began


@pytest.mark.parametrize(
    "pattern", [*PATTERNS, pytest.param(re.compile(WORD_PATTERN), id="words of the classifier")]
)
def test_a_pattern_takes_four_times_as_long_for_four_times_the_text(
    pattern: re.Pattern[str],
) -> None:
    """A hundred and fifty texts each; what is quick anyway is not compared."""
    for name, text in TEXTS[LONG].items():
        if seconds(pattern, text) < NOISE_S:
            continue
        long = min(seconds(pattern, text) for _ in range(3))
        if long < NOISE_S:
            continue
        short = min(seconds(pattern, TEXTS[SHORT][name]) for _ in range(5))
        assert long < GROWTH * short, f"{name}: {short:.4f} s, then {long:.4f} s"


def test_a_pattern_that_is_built_when_the_program_runs_was_looked_at() -> None:
    """Whoever builds one more adds its file to the list, having looked."""
    assert {file for file, _, pattern, _ in written() if pattern is None} == BUILT


@pytest.mark.parametrize("pattern", [r"\s+x", r"\w+@\w+"])
def test_a_pattern_that_grows_by_the_square_is_found_out(pattern: str) -> None:
    """The test above can fail."""
    with pytest.raises(AssertionError):
        test_a_pattern_takes_four_times_as_long_for_four_times_the_text(
            re.compile(pattern, re.DOTALL)
        )
