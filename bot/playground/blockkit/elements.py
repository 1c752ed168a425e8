"""Block elements: buttons, menus, inputs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.playground.blockkit.texts import (
    BOTH,
    PLAIN,
    check_confirm,
    check_option,
    check_optional_text,
    check_options,
    check_text,
    check_url,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.playground.blockkit.problems import Node, Problems

ACTION_ID, BUTTON_TEXT, BUTTON_VALUE, PLACEHOLDER = 255, 75, 2_000, 150
OPTIONS, OVERFLOW_OPTIONS, CHOICES, INPUT_LENGTH = 100, 5, 10, 3_000

SINGLE_SELECTS = frozenset(
    {
        "static_select",
        "external_select",
        "users_select",
        "conversations_select",
        "channels_select",
    }
)
MULTI_SELECTS = frozenset(f"multi_{kind}" for kind in SINGLE_SELECTS)
PICKERS = frozenset({"datepicker", "timepicker", "datetimepicker"})
CHOOSERS = frozenset({"checkboxes", "radio_buttons"})
TYPED = frozenset(
    {"plain_text_input", "email_text_input", "url_text_input", "number_input", "rich_text_input"}
)

IN_SECTION = (
    SINGLE_SELECTS
    | MULTI_SELECTS
    | CHOOSERS
    | PICKERS
    | {"button", "image", "overflow", "workflow_button"}
)
IN_ACTIONS = (
    SINGLE_SELECTS
    | CHOOSERS
    | PICKERS
    | {"button", "overflow", "workflow_button", "rich_text_input"}
)
IN_INPUT = SINGLE_SELECTS | MULTI_SELECTS | CHOOSERS | PICKERS | TYPED | {"file_input"}
IN_CONTEXT_ACTIONS = frozenset({"feedback_buttons", "icon_button"})

_COMMON = {"action_id", "confirm", "focus_on_load"}
_SELECT = _COMMON | {"placeholder"}
_CONVERSATION = {"default_to_current_conversation", "response_url_enabled", "filter"}
# element type -> the fields that it may have besides those that every select has
_SELECT_FIELDS: dict[str, set[str]] = {
    "static_select": {"options", "option_groups", "initial_option"},
    "external_select": {"min_query_length", "initial_option"},
    "users_select": {"initial_user"},
    "conversations_select": _CONVERSATION | {"initial_conversation"},
    "channels_select": {"initial_channel", "response_url_enabled"},
    "multi_static_select": {"options", "option_groups", "initial_options", "max_selected_items"},
    "multi_external_select": {"min_query_length", "initial_options", "max_selected_items"},
    "multi_users_select": {"initial_users", "max_selected_items"},
    "multi_conversations_select": (
        {"default_to_current_conversation", "filter"}
        | {"initial_conversations", "max_selected_items"}
    ),
    "multi_channels_select": {"initial_channels", "max_selected_items"},
}
_PICKER_FORMAT = {
    "datepicker": ("initial_date", re.compile(r"\d{4}-\d{2}-\d{2}")),
    "timepicker": ("initial_time", re.compile(r"\d{2}:\d{2}")),
    "datetimepicker": ("initial_date_time", re.compile(r"\d{10}")),
}


def check_element(element: object, at: str, problems: Problems, allowed: frozenset[str]) -> None:
    """An element in a place that allows certain types."""
    if not isinstance(element, dict):
        problems.add("must provide an object", at)
        return
    kind = element.get("type")
    if kind not in allowed:
        shown = "multiselect" if kind in MULTI_SELECTS else kind
        problems.add(f"unsupported element: {shown}", at)
        return
    problems.optional_length(element, "action_id", at, ACTION_ID)
    check_confirm(element, at, problems)
    check_optional_text(element, "placeholder", at, problems, PLACEHOLDER)
    _CHECKS[str(kind)](element, at, problems)


def check_image(element: Node, at: str, problems: Problems) -> None:
    """An image element."""
    problems.keys(element, at, {"alt_text"}, {"image_url", "slack_file"})
    if element.get("image_url") is None and element.get("slack_file") is None:
        problems.add("missing required field: image_url", at)
    problems.optional_length(element, "alt_text", at, 2_000)
    check_url(element, "image_url", at, problems)


def _button(element: Node, at: str, problems: Problems) -> None:
    fields = {"url", "value", "style", "accessibility_label"}
    if problems.keys(element, at, {"text"}, _COMMON | fields):
        check_text(element["text"], f"{at}/text", problems, BUTTON_TEXT, PLAIN)
    problems.optional_length(element, "value", at, BUTTON_VALUE)
    problems.optional_length(element, "accessibility_label", at, BUTTON_TEXT)
    check_url(element, "url", at, problems)
    if element.get("style") not in (None, "primary", "danger"):
        problems.add(f"invalid value for style: {element['style']}", f"{at}/style")


def _select(element: Node, at: str, problems: Problems) -> None:
    kind = element["type"]
    problems.keys(element, at, set(), _SELECT | _SELECT_FIELDS[kind])
    if kind in ("static_select", "multi_static_select"):
        _menu(element, at, problems)
    elif "initial_option" in element:
        check_option(element["initial_option"], f"{at}/initial_option", problems)
    if "max_selected_items" in element and not _is_at_least(element["max_selected_items"], 1):
        problems.add("must be greater than 0", f"{at}/max_selected_items")


def _menu(element: Node, at: str, problems: Problems) -> None:
    options, groups = element.get("options"), element.get("option_groups")
    if (options is None) == (groups is None):
        problems.add("must provide either options or option_groups", at)
        return
    if groups is not None:
        for n, group in enumerate(problems.items(groups, f"{at}/option_groups", OPTIONS)):
            here = f"{at}/option_groups/{n}"
            if problems.is_object(group, here) and problems.keys(
                group, here, {"label", "options"}, set()
            ):
                check_text(group["label"], f"{here}/label", problems, 75, PLAIN)
                check_options(group["options"], f"{here}/options", problems, OPTIONS)
    else:
        check_options(options, f"{at}/options", problems, OPTIONS)
    _initial_among_options(element, at, problems)


def _choice(element: Node, at: str, problems: Problems) -> None:
    problems.keys(element, at, {"options"}, _COMMON | {"initial_options", "initial_option"})
    check_options(element.get("options"), f"{at}/options", problems, CHOICES, BOTH)
    _initial_among_options(element, at, problems)


def _initial_among_options(element: Node, at: str, problems: Problems) -> None:
    many = element.get("initial_options")
    chosen = many if isinstance(many, list) else [element.get("initial_option")]
    groups = element.get("option_groups")
    known = element.get("options") or []
    if isinstance(groups, list):
        known = [o for g in groups if isinstance(g, dict) for o in g.get("options") or []]
    values = [option.get("value") for option in known if isinstance(option, dict)]
    for option in chosen:
        if option is not None and (
            not isinstance(option, dict) or option.get("value") not in values
        ):
            problems.add("could not match initial option with options", at)


def _overflow(element: Node, at: str, problems: Problems) -> None:
    problems.keys(element, at, {"options"}, _COMMON)
    check_options(element.get("options"), f"{at}/options", problems, OVERFLOW_OPTIONS)


def _picker(element: Node, at: str, problems: Problems) -> None:
    initial, form = _PICKER_FORMAT[element["type"]]
    problems.keys(element, at, set(), _SELECT | {initial, "timezone"})
    if initial in element and not form.fullmatch(str(element[initial])):
        problems.add(f"invalid value for {initial}", f"{at}/{initial}")


def _typed(element: Node, at: str, problems: Problems) -> None:
    kind = element["type"]
    fields = {
        "placeholder",
        "initial_value",
        "dispatch_action_config",
        "focus_on_load",
        "action_id",
    }
    if kind == "plain_text_input":
        fields |= {"multiline", "min_length", "max_length"}
        for key, smallest in (("min_length", 0), ("max_length", 1)):
            value = element.get(key)
            if value is not None and not (_is_at_least(value, smallest) and value <= INPUT_LENGTH):
                problems.add(f"must be between {smallest} and {INPUT_LENGTH}", f"{at}/{key}")
        problems.optional_length(element, "initial_value", at, INPUT_LENGTH)
    required: set[str] = set()
    if kind == "number_input":
        required = {"is_decimal_allowed"}
        fields |= {"min_value", "max_value"}
    problems.keys(element, at, required, fields)


def _file_input(element: Node, at: str, problems: Problems) -> None:
    problems.keys(element, at, set(), {"action_id", "filetypes", "max_files"})


def _feedback(element: Node, at: str, problems: Problems) -> None:
    sides = {"positive_button", "negative_button"}
    if not problems.keys(element, at, sides, {"action_id"}):
        return
    for side in sorted(sides):
        here = f"{at}/{side}"
        button = element[side]
        if problems.is_object(button, here) and problems.keys(
            button, here, {"text", "value"}, {"accessibility_label"}
        ):
            check_text(button["text"], f"{here}/text", problems, BUTTON_TEXT, PLAIN)
            problems.length(button["value"], f"{here}/value", BUTTON_VALUE)
            problems.optional_length(button, "accessibility_label", here, BUTTON_TEXT)


def _icon_button(element: Node, at: str, problems: Problems) -> None:
    fields = {"action_id", "value", "confirm", "accessibility_label", "visible_to_user_ids"}
    if problems.keys(element, at, {"icon", "text"}, fields):
        check_text(element["text"], f"{at}/text", problems, BUTTON_TEXT, PLAIN)
    problems.optional_length(element, "value", at, BUTTON_VALUE)


def _workflow_button(element: Node, at: str, problems: Problems) -> None:
    fields = _COMMON | {"style", "accessibility_label"}
    if problems.keys(element, at, {"text", "workflow"}, fields):
        check_text(element["text"], f"{at}/text", problems, BUTTON_TEXT, PLAIN)


def _is_at_least(value: object, smallest: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= smallest


_CHECKS: dict[str, Callable[[Node, str, Problems], None]] = {
    "button": _button,
    "image": check_image,
    "overflow": _overflow,
    "file_input": _file_input,
    "feedback_buttons": _feedback,
    "icon_button": _icon_button,
    "workflow_button": _workflow_button,
    **dict.fromkeys(SINGLE_SELECTS | MULTI_SELECTS, _select),
    **dict.fromkeys(CHOOSERS, _choice),
    **dict.fromkeys(PICKERS, _picker),
    **dict.fromkeys(TYPED, _typed),
}
