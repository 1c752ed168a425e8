"""What a person can enter in a block element, and how Slack reports it."""

from __future__ import annotations

import re
from typing import Any

from bot.playground.blockkit.completing import elements_of
from bot.playground.errors import Refused

State = dict[str, Any]

_TEXT_INPUTS = ("plain_text_input", "email_text_input", "url_text_input", "number_input")
# element type -> (key in the state, key of the initial value, whether it is a list)
_STATE_KEYS: dict[str, tuple[str, str, bool]] = {
    **dict.fromkeys(_TEXT_INPUTS, ("value", "initial_value", False)),
    "static_select": ("selected_option", "initial_option", False),
    "external_select": ("selected_option", "initial_option", False),
    "users_select": ("selected_user", "initial_user", False),
    "conversations_select": ("selected_conversation", "initial_conversation", False),
    "channels_select": ("selected_channel", "initial_channel", False),
    "multi_static_select": ("selected_options", "initial_options", True),
    "multi_external_select": ("selected_options", "initial_options", True),
    "multi_users_select": ("selected_users", "initial_users", True),
    "multi_conversations_select": ("selected_conversations", "initial_conversations", True),
    "multi_channels_select": ("selected_channels", "initial_channels", True),
    "checkboxes": ("selected_options", "initial_options", True),
    "radio_buttons": ("selected_option", "initial_option", False),
    "datepicker": ("selected_date", "initial_date", False),
    "timepicker": ("selected_time", "initial_time", False),
    "datetimepicker": ("selected_date_time", "initial_date_time", False),
    "rich_text_input": ("rich_text_value", "initial_value", False),
    "file_input": ("files", "initial_files", True),
}
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_URL = re.compile(r"https?://\S+")


def initial_values(blocks: list[dict[str, Any]]) -> dict[str, dict[str, State]]:
    """The `state.values` of blocks that nobody has touched."""
    values: dict[str, dict[str, State]] = {}
    for block in blocks:
        for element in elements_of(block):
            keys = _STATE_KEYS.get(element.get("type", ""))
            if keys is not None:
                key, initial, many = keys
                start = element.get(initial, [] if many else None)
                state = {"type": element["type"], key: start}
                values.setdefault(block["block_id"], {})[element["action_id"]] = state
    return values


def find_element(
    blocks: list[dict[str, Any]], action_id: str, block_id: str | None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """A block and its element by action id; raises Refused."""
    for block in blocks:
        if block_id and block.get("block_id") != block_id:
            continue
        for element in elements_of(block):
            if element.get("action_id") == action_id:
                return block, element
    raise Refused("That control is not there any more.")


def entered_state(element: dict[str, Any], given: Any) -> State:
    """The state of an element after somebody entered something.

    `given` is the state as Slack reports it, or just the text, the value of an option, a user id.
    """
    kind = element["type"]
    if kind not in _STATE_KEYS:
        raise Refused(f"Nothing can be entered in a {kind}.")
    key, _, many = _STATE_KEYS[kind]
    if isinstance(given, dict) and key in given:
        return {"type": kind, key: given[key]}
    if isinstance(given, dict) and "value" in given and not many:
        given = given["value"]
    if many and not isinstance(given, list):
        given = [] if given is None else [given]
    if key in ("selected_option", "selected_options"):
        given = [_option(element, one) for one in given] if many else _option(element, given)
    return {"type": kind, key: given}


def acted(element: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """The part of a `block_actions` action that says what was chosen."""
    kind = element["type"]
    if kind in ("button", "icon_button", "workflow_button"):
        chosen: State = {
            key: element[key] for key in ("text", "value", "style", "url") if key in element
        }
        return {"type": kind, **chosen}
    if kind == "feedback_buttons":
        sides = (element["positive_button"], element["negative_button"])
        side = next((s for s in sides if s.get("value") == given.get("value")), sides[0])
        return {"type": kind, "text": side["text"], "value": side.get("value", "")}
    if kind == "overflow":
        chosen_option = given.get("selected_option", given.get("value"))
        return {"type": kind, "selected_option": _option(element, chosen_option)}
    state = entered_state(element, given)
    initial = _STATE_KEYS[kind][1]
    extra = {k: element[k] for k in ("placeholder", initial) if k in element}
    return {**state, **extra}


def input_errors(
    blocks: list[dict[str, Any]], values: dict[str, dict[str, State]]
) -> dict[str, str]:
    """What Slack itself refuses in a modal before the app is asked, by block id."""
    errors: dict[str, str] = {}
    for block in blocks:
        if block.get("type") != "input":
            continue
        element = block["element"]
        key, _, _ = _STATE_KEYS[element["type"]]
        value = values.get(block["block_id"], {}).get(element["action_id"], {}).get(key)
        if value in (None, "", []):
            if not block.get("optional"):
                errors[block["block_id"]] = "Please complete this required field."
        elif isinstance(value, str):
            wrong = _text_error(element, value)
            if wrong:
                errors[block["block_id"]] = wrong
    return errors


def _text_error(element: dict[str, Any], value: str) -> str | None:
    kind = element["type"]
    if kind == "email_text_input" and not _EMAIL.fullmatch(value):
        return "Please enter a valid email address."
    if kind == "url_text_input" and not _URL.fullmatch(value):
        return "Please enter a valid URL."
    if kind == "number_input":
        return _number_error(element, value)
    if kind == "plain_text_input":
        if len(value) < element.get("min_length", 0):
            return f"Please use at least {element['min_length']} characters."
        if len(value) > element.get("max_length", 3000):
            return f"Please use no more than {element.get('max_length', 3000)} characters."
    return None


def _number_error(element: dict[str, Any], value: str) -> str | None:
    try:
        number = float(value) if element.get("is_decimal_allowed") else int(value)
    except ValueError:
        return "Please enter a number."
    if "min_value" in element and number < float(element["min_value"]):
        return f"Please enter a number of at least {element['min_value']}."
    if "max_value" in element and number > float(element["max_value"]):
        return f"Please enter a number of no more than {element['max_value']}."
    return None


def _option(element: dict[str, Any], given: Any) -> dict[str, Any] | None:
    """An option of an element, given whole or by its value or text."""
    if given is None:
        return None
    if isinstance(given, dict) and "text" in given:
        return given
    wanted = given.get("value") if isinstance(given, dict) else given
    options = list(element.get("options", []))
    for group in element.get("option_groups", []):
        options += group["options"]
    for option in options:
        if wanted in (option.get("value"), option["text"]["text"]):
            return dict(option)
    raise Refused(f"There is no option `{wanted}`.")
