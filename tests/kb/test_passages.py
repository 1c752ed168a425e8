"""Splitting loses nothing and keeps what belongs together."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from kb.passages import LONGEST_WORDS, split


def test_a_heading_starts_a_passage_and_is_its_context() -> None:
    """Nested headings are shown as a path."""
    found = split("Lead.\n\n# One\nText.\n\n## Two\nMore.\n")
    assert [(passage.heading, passage.text) for passage in found] == [
        ("", "Lead."),
        ("One", "Text."),
        ("One › Two", "More."),  # noqa: RUF001 (a breadcrumb)
    ]


def test_lists_and_code_stay_whole() -> None:
    """A step without its neighbours helps nobody."""
    block = "1. one\n2. two\n3. three"
    code = "```\n# not a heading\nx = 1\n```"
    assert [passage.text for passage in split(f"{block}\n\n{code}\n")] == [f"{block}\n\n{code}"]


def test_a_paragraph_above_a_line_of_dashes_is_not_lost() -> None:
    """Markdown calls it a heading; pasted text often has such lines."""
    text = "Replace it in the file\nand run it again, as described\n------------------\n"
    assert "run it again" in split(text)[0].text


@given(st.text(st.characters(categories=["L", "N", "P", "Zs"], include_characters="\n#-`>1.")))
def test_every_word_of_plain_text_is_in_some_passage_or_heading(text: str) -> None:
    """Whatever the Markdown, letters are not dropped."""
    found = split(text)
    kept = " ".join(f"{passage.heading} {passage.text}" for passage in found)
    titles = set(re.findall(r"[^\W_]{3,}", kept))
    heading_only = {
        word
        for line in text.splitlines()
        if re.match(r"\s{0,3}#", line)
        for word in re.findall(r"[^\W_]{3,}", line)
    }
    setext = bool(re.search(r"^\s{0,3}(-+|=+)\s*$", text, re.MULTILINE))
    if not setext and not re.search(r"^\s*\[", text, re.MULTILINE):
        assert set(re.findall(r"[^\W_]{3,}", text)) - heading_only <= titles


def test_a_block_too_long_for_the_encoder_is_cut() -> None:
    """At lines, at sentences, at words at last."""
    assert len(split("word " * 3 * LONGEST_WORDS)) > 1
