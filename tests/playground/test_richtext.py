"""What a person types, as Slack's composer sends it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playground.happening.richtext import encode, escape, rich_text_block, unescape


class Everyone:
    """A directory with one person, one group and one channel."""

    def mention(self, name: str) -> str | None:
        """Mei, her group, everybody present."""
        return {"mei": "<@U1>", "l2-oncall": "<!subteam^S1>", "here": "<!here>"}.get(name)

    def channel_link(self, name: str) -> str | None:
        """One channel."""
        return {"it-help": "<#C1>"}.get(name)


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("a < b & c", "a &lt; b &amp; c"),
        ("ask @mei or @Mei", "ask <@U1> or <@U1>"),
        ("@l2-oncall @here", "<!subteam^S1> <!here>"),
        ("mail me@mei.example", "mail me@mei.example"),
        ("@nobody", "@nobody"),
        ("see #it-help and #other", "see <#C1> and #other"),
        ("(https://x.example/a?b=1&c=2).", "(<https://x.example/a?b=1&amp;c=2>)."),
        ("already <@U0MEI00001> and <!channel>", "already <@U0MEI00001> and <!channel>"),
        ("<!nonsense> <b>", "&lt;!nonsense&gt; &lt;b&gt;"),
    ],
)
def test_typed_text_is_encoded(typed: str, text: str) -> None:
    """Mentions, links and escapes."""
    assert encode(typed, Everyone()) == text


def section(text: str) -> list[dict[str, Any]]:
    """The elements of the only section."""
    block = rich_text_block(text, "b")
    assert [e["type"] for e in block["elements"]] == ["rich_text_section"]
    elements: list[dict[str, Any]] = block["elements"][0]["elements"]
    return elements


def test_styles_and_references_become_elements() -> None:
    """Bold within italic, code, strike, user, group, channel, broadcast, link, emoji."""
    got = section("_so *bold*_ `<x>` ~no~ <@U1> <!subteam^S1> <#C1> <!here> <https://x.y|x> :eyes:")
    kinds = [e["type"] for e in got if e.get("text") != " "]
    assert kinds == ["text", "text", "text", "text", "user", "usergroup", "channel", "broadcast",
                     "link", "emoji"]  # fmt: skip
    assert got[1] == {"type": "text", "text": "bold", "style": {"italic": True, "bold": True}}
    assert section("snake_case_name 2*3*4") == [{"type": "text", "text": "snake_case_name 2*3*4"}]


def test_code_quotes_and_lists_become_blocks() -> None:
    """Each in its own element, adjacent lines together."""
    text = "see\n```a &lt; b\nc```\n&gt; quoted\n&gt; twice\n- one\n- two\n1. first"
    kinds = [(e["type"], e.get("style")) for e in rich_text_block(text, "b")["elements"]]
    assert kinds == [
        ("rich_text_section", None),
        ("rich_text_preformatted", None),
        ("rich_text_quote", None),
        ("rich_text_list", "bullet"),
        ("rich_text_list", "ordered"),
    ]
    code = rich_text_block(text, "b")["elements"][1]["elements"][0]["text"]
    assert code == "a < b\nc"


@given(st.text())
def test_any_text_survives(typed: str) -> None:
    """No text breaks the composer, and escaping is undone by unescaping."""
    assert unescape(escape(typed)) == typed
    rich_text_block(encode(typed, Everyone()), "b")


@given(st.text(alphabet=" \n*_~`<>&@#:-1.x", max_size=60))
def test_markup_characters_in_any_order_survive(typed: str) -> None:
    """The same, made of nothing but markup."""
    text = encode(typed, Everyone())
    assert "<!" not in text.replace("<!here>", "")
    rich_text_block(text, "b")
