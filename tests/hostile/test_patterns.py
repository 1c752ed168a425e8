"""Every pattern of the code takes time as the text's length, not as its square."""

from __future__ import annotations

import ast
import re
import signal
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.desk.asking.greeting import ALONE
from bot.desk.asking.presence import BARE, NAMES_NOTHING, PLAINLY
from bot.desk.tickets.subject import GREETING
from bot.scrubbing.forms import RULES
from bot.scrubbing.identities import NAMED_RULES, _own
from bot.scrubbing.phrases import ANSWER, PHRASE, QUOTED, TOLD
from bot.scrubbing.pictures import NAMES, TOLD_IN_NAMES
from bot.scrubbing.spelled import ALOUD, TALKS, TURNS
from bot.scrubbing.tokens import BLOCK_END, OURS, VALUES, _theirs
from bot.scrubbing.words import LOGIN, NAMED, PAIR
from classifier.features.words import WORD_PATTERN
from tests.hostile.shapes import against
from tests.hostile.texts import hostile

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.rare

ROOT = Path(__file__).parents[2]
USES = {"compile", "sub", "subn", "match", "search", "findall", "split", "fullmatch", "finditer"}
LENGTHS = 1_000, 4_000, 16_000
MOST_TEXTS = 40, 8
"""At each further length those texts alone are read that took longest at the one before."""
GROWTH = 8
"""Four times the text: linear is 4, quadratic 16."""
NOISE_S = 0.001
"""What is done sooner with the longest text stalls nobody, and cannot be measured."""
MOST_TURNS, MOST_S = 100, 3
"""What seems to grow too fast is measured so often, and for so many seconds at most, again."""
LIMIT_S = 30e-6
"""What takes longer for each character is cut off: linear patterns take a tenth of it."""
SHORT_WORDS = {"bot/scrubbing/shapes.py", "bot/scrubbing/judge/looks.py"}
"""Whose patterns see one word of at most 200 characters."""
OUR_OWN = {"bot/store/postgresql/shaping.py"}
"""Whose patterns see the statements of our own schema, and nothing that people write."""
BUILT = {
    "bot/cli/serving/serve.py",  # a host and a port, anchored at both ends
    "bot/desk/learning/titling.py",  # of the first 2,000 letters; fed as a reader of text
    "bot/live/sitemaps.py",  # of bytes, up to numbers
    "bot/desk/incidents/sameness.py",  # an organisation's synonyms between ends of words
    "kb/publishing/pages.py",  # a line of our own front matter
    "kb/sources/plausible.py",  # two letters side by side, from sets
    "bot/desk/deciding/weighing.py",  # names of assets between ends of words
    "bot/scrubbing/eastern.py",  # of one character
    "bot/scrubbing/forms.py",  # looked at below
    "bot/scrubbing/identities.py",  # looked at below
    "bot/scrubbing/judge/candidates.py",  # of one character, up to a number
    "bot/desk/asking/greeting.py",  # looked at below
    "bot/desk/asking/presence.py",  # looked at below
    "bot/desk/tickets/subject.py",  # looked at below
    "bot/scrubbing/phrases.py",  # looked at below
    "bot/scrubbing/pictures.py",  # looked at below
    "bot/scrubbing/scrubber.py",  # of our own placeholders
    "bot/scrubbing/spelled.py",  # looked at below
    "bot/scrubbing/tokens.py",  # looked at below
    "bot/scrubbing/words.py",  # looked at below
    "bot/slack/listeners.py",  # of our own action ids; matches action ids
    "bot/slack/text.py",  # four words behind one mark
    "bot/slack/parsing/commands.py",  # as LEADS_WITH_MENTION, with one person's id
    "kb/sources/markup/dialects.py",  # closing tags, by name
    "kb/sources/markup/embedded.py",  # closing tags, by name
    "kb/sources/frontmatter.py",  # a line of one mark
    "kb/spans.py",  # a line of one mark
    "bot/rota/blocks.py",
    "bot/store/postgresql/server.py",  # the server's errors, by our own list of patterns
    "bot/store/postgresql/shaping.py",  # statements of our own schema
    "classifier/features/shared.py",  # the words of the classifier, looked at below
    "classifier/features/views.py",
    "kb/sources/text.py",
}
"""Where patterns are put together when the program runs; each is looked at by hand, or below."""


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
    *(
        pytest.param(re.compile(pattern, given), id=f"{file}:{line}")
        for file, line, pattern, given in written()
        if pattern is not None and file not in SHORT_WORDS | OUR_OWN
    ),
    pytest.param(re.compile(WORD_PATTERN), id="words of the classifier"),
    pytest.param(ALONE, id="a greeting alone"),
    pytest.param(GREETING, id="what opens a message"),
    pytest.param(NAMES_NOTHING, id="who asks whether anybody is there"),
    pytest.param(BARE, id="a noun that asks it"),
    pytest.param(PLAINLY, id="what asks it plainly"),
    pytest.param(NAMED, id="names of secrets"),
    pytest.param(ANSWER, id="answers that are named"),
    pytest.param(PHRASE, id="phrases that are named"),
    pytest.param(QUOTED, id="secrets between quotation marks"),
    pytest.param(TOLD, id="answers as they are told"),
    pytest.param(NAMES, id="names of pictures"),
    pytest.param(TOLD_IN_NAMES, id="secrets in names of pictures"),
    pytest.param(ALOUD, id="what is spelled"),
    pytest.param(TALKS, id="what is spelled about"),
    pytest.param(TURNS, id="turns of a lock"),
    *(pytest.param(rule, id=f"person {n}") for n, rule in enumerate(NAMED_RULES)),
    *(pytest.param(rule, id=f"person's form {n}") for n, (rule, _) in enumerate(_own())),
    pytest.param(LOGIN, id="names and passwords"),
    pytest.param(PAIR, id="names and passwords in short"),
    *(pytest.param(rule, id=f"form {n}") for n, (_, rule) in enumerate(RULES)),
    pytest.param(BLOCK_END, id="ends of keys"),
    *(pytest.param(re.compile(rule), id=f"token {n}") for n, (_, rule) in enumerate(OURS)),
    *(pytest.param(rule, id=f"value {n}") for n, (_, rule) in enumerate(VALUES)),
    *(pytest.param(rule, id=f"detect-secrets {n}") for n, rule in enumerate(_theirs())),
]
TEXTS = {length: hostile(length) for length in LENGTHS}

QUADRATIC = (
    r"\[[^\]]*\]\(", r"<!--.*?-->", r"\s+x", r"\w+@\w+", r"[ \t]+$", r"\s*\n",
    r"<[^>]*>", r"\{%.*?%\}", r"https?://\S+\.png", r"(\w+)\s*:\s*\1", r"!!!.*z",
    r"qq[a-z]*qz", r"\d+ days", r"\S+(?=%%)",
)  # fmt: skip
CUBIC = (r"a*a*$", r"\s*\s*x", r"\d+-?\d+!")
ENDLESS = (r"(a+)+$", r"(?:\w|\d)+!", r"(?:[a-z]+\s?)*;")
LINEAR = (r"\[[^\[\]]*+\]\(", r"(?<!\s)\s++x", r"\(\w*\)", r"`[^`]*`x")


class TooLongError(Exception):
    """A pattern was cut off."""


@contextmanager
def cut_off(after: float) -> Iterator[None]:
    """End what goes on for longer, by the processor's time; patterns look for signals."""

    def cut(*_: object) -> None:
        raise TooLongError

    before = signal.signal(signal.SIGPROF, cut)
    signal.setitimer(signal.ITIMER_PROF, after)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def seconds(pattern: re.Pattern[str], text: str) -> float:
    """Find everything in a text, and try it from its beginning as a whole."""
    began = time.thread_time()
    for _ in pattern.finditer(text):
        pass
    pattern.fullmatch(text)
    return time.thread_time() - began


def least(pattern: re.Pattern[str], text: str, times: int) -> float:
    """Measure several times; what disturbs makes it longer, never shorter."""
    try:
        with cut_off(LIMIT_S * times * len(text)):
            return min(seconds(pattern, text) for _ in range(times))
    except TooLongError:
        raise AssertionError(f"no end with {len(text)} characters: {text[:40]!r}...") from None


def check(pattern: re.Pattern[str]) -> None:
    """Read some two hundred texts, and the slowest of them at greater lengths."""
    texts = {n: TEXTS[n] | against(pattern.pattern, n) for n in LENGTHS}
    short, *longer = LENGTHS
    took = {name: least(pattern, text, 1) for name, text in texts[short].items()}
    for before, length, most in zip(LENGTHS, longer, MOST_TEXTS, strict=False):
        names = sorted(took, key=lambda name: -took[name])[:most]
        took = {}
        for name in names:
            took[name] = least(pattern, texts[length][name], 1)
            if took[name] >= NOISE_S:
                compare(pattern, name, texts[before][name], texts[length][name])


def compare(pattern: re.Pattern[str], name: str, short: str, long: str) -> None:
    """Measure both in turns, for seconds if need be: the processor may be slow for a while."""
    before, grown = least(pattern, short, 6), least(pattern, long, 2)
    began = time.thread_time()
    for _ in range(MOST_TURNS):
        if grown < max(NOISE_S, GROWTH * before):
            return
        if time.thread_time() - began > MOST_S:
            break
        before = min(before, least(pattern, short, 4))
        grown = min(grown, least(pattern, long, 1))
    raise AssertionError(f"{name}: {before:.5f} s, then {grown:.5f} s")


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_takes_four_times_as_long_for_four_times_the_text(
    pattern: re.Pattern[str],
) -> None:
    """Quadratic patterns take sixteen times as long, however little they take."""
    check(pattern)


def test_a_pattern_that_is_built_when_the_program_runs_was_looked_at() -> None:
    """Whoever builds one more adds its file to the list, having looked."""
    assert {file for file, _, pattern, _ in written() if pattern is None} == BUILT


@pytest.mark.parametrize("pattern", [*QUADRATIC, *CUBIC, *ENDLESS])
def test_a_pattern_that_grows_faster_is_found_out(pattern: str) -> None:
    """The test above can fail, for weak ones and for those that none of our texts is made for."""
    with pytest.raises(AssertionError):
        check(re.compile(pattern, re.DOTALL))


@pytest.mark.parametrize("pattern", LINEAR)
def test_a_linear_pattern_is_let_through(pattern: str) -> None:
    """And it does not always fail."""
    check(re.compile(pattern))
