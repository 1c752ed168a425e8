"""Cutting, escaping and reading text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.text import (
    clip,
    clip_escaped,
    clip_mrkdwn,
    escape,
    escape_code,
    quote,
    readable,
    showable,
    unescape,
)
from tests.strategies import NASTY, typed

limits = st.integers(20, 3_000)
shortish = st.lists(st.sampled_from(NASTY) | st.text(max_size=9), max_size=60).map("".join)
HALF_ENTITY = re.compile(r"&(?!(?:amp|lt|gt);)")


@given(typed)
def test_escaped_text_holds_nothing_that_slack_acts_on(text: str) -> None:
    """No angle bracket is left, and every ampersand begins an entity."""
    escaped = escape(text)
    assert "<" not in escaped
    assert ">" not in escaped
    assert not HALF_ENTITY.search(escaped)


@given(shortish)
def test_escaping_is_undone_by_reading(text: str) -> None:
    """A person reads what was typed, without what no screen shows."""
    assert unescape(escape(text)) == showable(text)


@pytest.mark.parametrize(
    "typed",
    [
        "@channel the till is down",
        "it is down @here",
        "@Everyone!",
        "@group, look",
        "`@channel`",
        "(@here)",
        "<!channel> and @CHANNEL",
        "@@everyone",
    ],
)
def test_words_that_slack_may_take_for_a_call_to_all_are_parted(typed: str) -> None:
    """Slack finds mentions in the plain words of a block too; a person sees no difference."""
    for shown in (escape(typed), quote(typed), clip_escaped(typed, 100)):
        assert not re.search(r"@(?:channel|here|everyone|group)\b", shown, re.IGNORECASE)
        assert "\u2060" in shown
    assert unescape(escape(typed)) == typed


@pytest.mark.parametrize("typed", ["@hereford", "@channels", "mail me@here.com", "@ here"])
def test_other_words_are_left_whole(typed: str) -> None:
    """Only the four that call."""
    assert escape(typed) == escape_code(typed) == typed


@given(st.text(st.characters(), max_size=40))
def test_what_is_showable_can_be_written_anywhere(text: str) -> None:
    """No half characters, nothing that turns the writing round, and new lines stay."""
    shown = showable(text)
    shown.encode("utf-8")
    assert not re.search("[\x00-\x08\x0b-\x1f\u202a-\u202e]", shown)
    assert shown.count("\n") == text.count("\n")


@given(typed, limits)
def test_a_clipped_text_fits_and_says_that_it_goes_on(text: str, limit: int) -> None:
    """What fits is untouched; what does not is a beginning with an ellipsis."""
    shown = clip(text, limit)
    assert len(shown) <= limit
    if len(text) <= limit:
        assert shown == text
    else:
        assert shown.endswith("…")
        assert text.startswith(shown[:-1])


@given(typed, limits)
def test_a_clipped_quotation_fits_and_never_ends_within_an_entity(text: str, limit: int) -> None:
    """What escaping adds is counted, and `&amp;` is not cut to `&am`."""
    shown = clip_escaped(text, limit)
    assert len(shown) <= limit
    assert not HALF_ENTITY.search(shown)


@given(typed, limits)
def test_every_line_of_a_quotation_is_marked(text: str, limit: int) -> None:
    """However many lines it has, it stays a quotation, and of bounded length."""
    shown = quote(text, limit)
    assert all(line.startswith("> ") for line in shown.split("\n"))
    assert len(shown) <= limit + len("> …\n> ")


@given(shortish.map(escape), st.integers(40, 400))
def test_clipped_markup_fits_and_is_left_closed(text: str, limit: int) -> None:
    """No code block is left open, and no entity is cut."""
    shown = clip_mrkdwn(text, limit)
    assert len(shown) <= limit
    if len(text) > limit:
        assert shown.count("```") % 2 == 0
        assert not HALF_ENTITY.search(shown)


@pytest.mark.parametrize("limit", range(40, 80))
@pytest.mark.parametrize("more", ["…", "… _read on in the article_"])
def test_a_link_is_shown_whole_or_not_at_all(limit: int, more: str) -> None:
    """Half a link would show its address."""
    link = "<https://kb.example/vpn|the article>"
    shown = clip_mrkdwn(f"See {link} and then {link} again, please", limit, more)
    assert len(shown) <= limit
    assert "<" not in shown.replace(link, "")


@pytest.mark.parametrize("limit", range(30, 60))
def test_a_code_block_is_closed_wherever_it_is_cut(limit: int) -> None:
    """Everything after an open code block would look like code."""
    shown = clip_mrkdwn("```\n" + "x" * 100 + "\n```", limit)
    assert len(shown) <= limit
    assert shown.count("```") == 2


def test_a_text_is_cut_at_a_sentence_or_else_at_a_word() -> None:
    """Readers should not stumble over half a word."""
    assert clip("One. Two is longer. Three is cut here", 30) == "One. Two is longer.…"
    assert clip("alpha beta gamma delta", 14) == "alpha beta…"
    assert clip("x" * 30, 10) == "x" * 9 + "…"


@given(typed)
def test_reading_a_message_never_fails(text: str) -> None:
    """Whatever Slack delivers can be read."""
    readable(text)


@pytest.mark.parametrize("times", [10_000, 40_000])
def test_reading_takes_no_longer_for_unfinished_markup(times: int) -> None:
    """Forty thousand opening brackets are no attack."""
    assert readable("<" * times) == "<" * times
    assert readable("<@" * (times // 2)) == "<@" * (times // 2)
