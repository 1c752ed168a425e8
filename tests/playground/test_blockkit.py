"""The limits of Block Kit, one by one."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.playground.blockkit import check_message_blocks, check_view, complete_blocks
from bot.playground.errors import SlackError
from bot.playground.state.ids import Ids

Node = dict[str, Any]


def plain(length: int = 5) -> Node:
    """A plain_text object of a length."""
    return {"type": "plain_text", "text": "x" * length}


def mrkdwn(length: int = 5) -> Node:
    """A mrkdwn object of a length."""
    return {"type": "mrkdwn", "text": "x" * length}


def option(value: str = "v", length: int = 5) -> Node:
    """An option."""
    return {"text": plain(length), "value": value}


def button(action_id: str = "a", **more: Any) -> Node:
    """A button."""
    return {"type": "button", "action_id": action_id, "text": plain(), **more}


def actions(*elements: Node) -> Node:
    """An actions block."""
    return {"type": "actions", "elements": list(elements)}


def section(**more: Any) -> Node:
    """A section."""
    return {"type": "section", "text": mrkdwn(), **more}


def field(element: Node, **more: Any) -> Node:
    """An input block."""
    return {"type": "input", "label": plain(), "element": element, **more}


TEXT = {"type": "plain_text_input", "action_id": "t"}
SELECT = {"type": "static_select", "action_id": "s", "options": [option()]}
GROUP = {"label": plain(), "options": [option()]}
CONFIRM = {"title": plain(), "text": plain(), "confirm": plain(), "deny": plain()}
FEEDBACK = {
    "type": "feedback_buttons",
    "action_id": "f",
    "positive_button": {"text": plain(), "value": "yes"},
    "negative_button": {"text": plain(), "value": "no"},
}

FINE: list[Node] = [
    section(),
    section(text=mrkdwn(3_000)),
    section(fields=[mrkdwn(2_000)] * 5),
    section(fields=[mrkdwn()] * 10),
    {"type": "section", "fields": [plain()]},
    section(accessory=button(style="danger", confirm=CONFIRM)),
    section(accessory={"type": "overflow", "action_id": "o", "options": [option()] * 2}),
    section(accessory={"type": "multi_users_select", "action_id": "m", "placeholder": plain()}),
    actions(*[button(str(n)) for n in range(25)]),
    actions(button(value="x" * 2_000, url="https://larkfield.example/")),
    actions({**SELECT, "options": [option(str(n)) for n in range(100)]}),
    actions({**SELECT, "initial_option": option()}),
    actions({"type": "static_select", "option_groups": [GROUP]}),
    actions({"type": "datepicker", "action_id": "d", "initial_date": "2026-11-21"}),
    actions({"type": "radio_buttons", "action_id": "r", "options": [option()] * 10}),
    {"type": "context", "elements": [mrkdwn()] * 10},
    {"type": "context", "elements": [{"type": "image", "image_url": "x:y", "alt_text": ""}]},
    {"type": "context_actions", "elements": [FEEDBACK]},
    {"type": "header", "text": plain(150)},
    {"type": "divider"},
    {"type": "image", "image_url": "https://x.y/z.png", "alt_text": "z", "title": plain()},
    {"type": "markdown", "text": "x" * 12_000},
    {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": []}]},
    field(TEXT, hint=plain(), optional=True),
]  # fmt: skip

WRONG: list[tuple[str, Node]] = [
    ("missing required field: type [json-pointer:/blocks/0]", {}),
    ("unsupported type: mrkdwn [json-pointer:/blocks/0/type]", mrkdwn()),
    ("must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
     section(text=mrkdwn(3_001))),
    ("must be more than 0 characters", section(text=mrkdwn(0))),
    ("missing required field: text", {"type": "section"}),
    ("no more than 10 items allowed [json-pointer:/blocks/0/fields]",
     section(fields=[plain()] * 11)),
    ("must be less than 2001 characters", section(fields=[plain(2_001)])),
    ("must provide an object [json-pointer:/blocks/0/text]", section(text="words")),
    ("must provide a string", section(text={"type": "mrkdwn", "text": 5})),
    ("invalid additional property: colour", section(colour="red")),
    ("must be less than 256 characters [json-pointer:/blocks/0/block_id]",
     section(block_id="x" * 256)),
    ("unsupported element: plain_text_input", section(accessory=TEXT)),
    ("no more than 25 items allowed", actions(*[button(str(n)) for n in range(26)])),
    ("no less than 1 items allowed", actions()),
    ("must be a valid array", {"type": "actions", "elements": {}}),
    ("unsupported element: multiselect", actions({**SELECT, "type": "multi_static_select"})),
    ("duplicate action_id: a", actions(button("a"), button("a"))),
    ("must be less than 256 characters", actions(button("x" * 256))),
    ("must be less than 76 characters", actions(button(text=plain(76)))),
    ("unsupported type: mrkdwn", actions(button(text=mrkdwn()))),
    ("must be less than 2001 characters", actions(button(value="x" * 2_001))),
    ("must provide a string", actions(button(value=5))),
    ("invalid value for style", actions(button(style="primry"))),
    ("must be a valid url", actions(button(url="not a url"))),
    ("must be less than 101 characters", actions(button(confirm={**CONFIRM, "title": plain(101)}))),
    ("no more than 100 items allowed",
     actions({**SELECT, "options": [option(str(n)) for n in range(101)]})),
    ("must provide either options or option_groups", actions({"type": "static_select"})),
    ("must be less than 76 characters", actions({**SELECT, "options": [option(length=76)]})),
    ("must be less than 151 characters", actions({**SELECT, "options": [option("x" * 151)]})),
    ("must be less than 151 characters", actions({**SELECT, "placeholder": plain(151)})),
    ("could not match initial option", actions({**SELECT, "initial_option": option("other")})),
    ("no more than 5 items", actions({"type": "overflow", "options": [option()] * 6})),
    ("no more than 10 items", actions({"type": "checkboxes", "options": [option()] * 11})),
    ("invalid value for initial_date", actions({"type": "datepicker", "initial_date": "soon"})),
    ("no more than 10 items", {"type": "context", "elements": [mrkdwn()] * 11}),
    ("unsupported type: button", {"type": "context", "elements": [button()]}),
    ("no more than 5 items", {"type": "context_actions", "elements": [FEEDBACK] * 6}),
    ("unsupported element: button", {"type": "context_actions", "elements": [button()]}),
    ("must be less than 151 characters", {"type": "header", "text": plain(151)}),
    ("unsupported type: mrkdwn", {"type": "header", "text": mrkdwn()}),
    ("missing required field: alt_text", {"type": "image", "image_url": "https://x.y/z"}),
    ("missing required field: image_url", {"type": "image", "alt_text": "z"}),
    ("must be less than 12001 characters", {"type": "markdown", "text": "x" * 12_001}),
    ("missing required field: label", {"type": "input", "element": TEXT}),
    ("unsupported element: button", field(button())),
    ("must be between 1 and 3000", field({**TEXT, "max_length": 3_001})),
    ("missing required field: is_decimal_allowed", field({"type": "number_input"})),
    ("unsupported type: text", {"type": "rich_text", "elements": [{"type": "text"}]}),
]  # fmt: skip


@pytest.mark.parametrize("block", FINE, ids=lambda block: str(block["type"]))
def test_what_slack_accepts_is_accepted(block: Node) -> None:
    """At the limits, and by slack_sdk's own models too."""
    check_message_blocks([block])
    completed = complete_blocks([block], Ids(1))
    check_message_blocks(completed)
    parsed = Block.parse(completed[0])
    assert parsed is None or parsed.block_id == completed[0]["block_id"]


@pytest.mark.parametrize(("words", "block"), WRONG, ids=lambda value: str(value)[:40])
def test_what_slack_refuses_is_refused(words: str, block: Node) -> None:
    """With what is wrong, and where."""
    with pytest.raises(SlackError) as caught:
        check_message_blocks([block])
    assert caught.value.code == "invalid_blocks"
    assert any(words in message for message in caught.value.messages), caught.value.messages


def test_a_message_has_fifty_blocks_with_different_ids() -> None:
    """Count, ids, total length."""
    check_message_blocks([{"type": "divider"}] * 50)
    with pytest.raises(SlackError, match="no more than 50 items"):
        check_message_blocks([{"type": "divider"}] * 51)
    with pytest.raises(SlackError, match="duplicate block_id: same"):
        check_message_blocks([section(block_id="same"), section(block_id="same")])
    check_message_blocks([actions(button("a")), actions(button("a"))])
    with pytest.raises(SlackError, match="msg_blocks_too_long"):
        check_message_blocks([section(text=mrkdwn(3_000))] * 5)


def test_a_modal_has_its_own_limits() -> None:
    """Title, submit, metadata, 100 blocks, inputs that can be submitted."""
    fine: Node = {"type": "modal", "title": plain(24), "submit": plain(), "blocks": [field(TEXT)]}
    check_view(fine, "modal")
    assert View(**fine).to_dict()["type"] == "modal"
    for words, change in (
        ("missing required field: title", {"title": None}),
        ("must be less than 25 characters", {"title": plain(25)}),
        ("must be less than 25 characters", {"submit": plain(25)}),
        ("must define `submit`", {"submit": None}),
        ("unsupported type: mrkdwn", {"close": mrkdwn()}),
        ("must be less than 3001 characters", {"private_metadata": "x" * 3_001}),
        ("must be less than 256 characters", {"callback_id": "x" * 256}),
        ("no more than 100 items", {"blocks": [{"type": "divider"}] * 101}),
        ("unsupported type: markdown", {"blocks": [{"type": "markdown", "text": "x"}]}),
        ("missing required field: blocks", {"blocks": None}),
        ("invalid additional property: colour", {"colour": "red"}),
        ("unsupported type: home", {"type": "home"}),
    ):
        with pytest.raises(SlackError, match=words) as caught:
            check_view({**fine, **change}, "modal")
        assert caught.value.code == "invalid_arguments"
    big = {**fine, "blocks": [section(text=mrkdwn(3_000)) for _ in range(100)]}
    with pytest.raises(SlackError, match="view_too_large"):
        check_view(big, "modal")


def test_completed_blocks_are_a_copy_with_ids() -> None:
    """The caller's blocks are not touched."""
    given = [actions({"type": "button", "text": plain()}), section()]
    completed = complete_blocks(given, Ids(1))
    assert given[0]["elements"][0].keys() == {"type", "text"}
    assert completed[0]["elements"][0]["action_id"]
    assert completed[0]["block_id"] != completed[1]["block_id"]
    assert completed[1]["text"]["verbatim"] is False
