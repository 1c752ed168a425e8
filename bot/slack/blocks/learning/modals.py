"""The modals of a draft: other words for it, or the article that it becomes part of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.slack import actions as ids
from bot.slack.blocks.modals import modal, plain, text_input
from bot.slack.blocks.parts import Block, section
from bot.slack.limits import INPUT_TEXT
from bot.slack.parsing.drafts import joined
from bot.slack.text import clip

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.desk.learning import Draft, Near
    from bot.slack.blocks.modals import View

TITLE_ROOM = 150
OPTION_ROOM = 75


def edit_modal(origin: ids.ModalOrigin, draft: Draft) -> View:
    """Ask for other words; what is long stands in several fields, since none takes it whole."""
    text, asked = draft.text, "\n".join(draft.text.questions)
    told, steps = (
        "One question a line; search finds it by these.",
        "Markdown; numbered lines under `## Steps` can be walked through.",
    )
    fields = [
        _filled(ids.DRAFT_TITLE, "Title", "What it is about, as people would say it.", text.title),
        *_in_parts(ids.DRAFT_QUESTIONS, "Asked as", told, asked, optional=True),
        *_in_parts(ids.DRAFT_BODY, "The answer", steps, text.body),
    ]
    return modal(ids.DRAFT_EDIT_MODAL, "Edit the draft", "Save", origin, fields)


def merge_modal(origin: ids.ModalOrigin, near: tuple[Near, ...]) -> View:
    """Ask which article it becomes part of."""
    told = "What it says beyond the article is added as a section at the end, with its questions."
    fields = [section(told)]
    if near:
        options = [
            {"text": plain(clip(each.title, OPTION_ROOM)), "value": each.article} for each in near
        ]
        fields.append(
            {
                "type": "input",
                "block_id": ids.DRAFT_INTO,
                "label": plain("One of the nearest"),
                "element": {
                    "type": "static_select",
                    "action_id": ids.DRAFT_INTO,
                    "options": options,
                },
                "optional": True,
            }
        )
    hint = "Its id, as a handoff shows it."
    fields.append(
        text_input(ids.ARTICLE, "Or another article", hint, multiline=False, optional=True)
    )
    failed = next((each for each in near if each.failed), None)
    if failed is not None:
        fields.append(_instead(failed))
    return modal(ids.DRAFT_MERGE_MODAL, "Merge", "Merge", origin, fields)


def _instead(failed: Near) -> Block:
    """Ask whether the article that did not help is to be found no more."""
    said = plain(clip(f"Find {failed.title} no more", OPTION_ROOM))
    return {
        "type": "input",
        "block_id": ids.DRAFT_INSTEAD,
        "label": plain(f"It did not help on {failed.failed} of these"),
        "element": {
            "type": "checkboxes",
            "action_id": ids.DRAFT_INSTEAD,
            "options": [{"text": said, "value": failed.article}],
        },
        "optional": True,
    }


def closed_modal() -> View:
    """Say that a draft is not theirs to change, or not open any more."""
    told = (
        "This draft is decided already, or its ticket is not one that you may resolve; "
        "the message shows how it stands."
    )
    return {
        "type": "modal",
        "callback_id": ids.ARTICLE_MODAL,
        "title": plain("Draft"),
        "close": plain("Close"),
        "blocks": [section(told)],
    }


def parts_of(body: str) -> list[str]:
    """Cut an answer into pieces that a field takes, at the ends of lines where there are any."""
    parts, rest = [], body
    while len(rest) > INPUT_TEXT:
        end = rest.rfind("\n", 1, INPUT_TEXT)
        end = end if end > 0 else INPUT_TEXT - 1
        parts.append(rest[:end])
        rest = rest[end:]
    return [*parts, rest]


def problems(callback: str, values: Mapping[str, str]) -> dict[str, str]:
    """Say what is missing, field by field."""
    if callback == ids.DRAFT_MERGE_MODAL:
        named = values.get(ids.DRAFT_INTO, "") or values.get(ids.ARTICLE, "")
        return {} if named.strip() else {ids.ARTICLE: "Please choose an article, or name one."}
    if callback != ids.DRAFT_EDIT_MODAL:
        return {}
    wrong = {}
    if not values.get(ids.DRAFT_TITLE, "").strip():
        wrong[ids.DRAFT_TITLE] = "An article needs a title."
    if not joined(values, ids.DRAFT_BODY).strip():
        wrong[f"{ids.DRAFT_BODY}.0"] = "Please write what the article says."
    return wrong


def _in_parts(
    name: str, label: str, hint: str, value: str, *, optional: bool = False
) -> list[Block]:
    return [
        _filled(
            f"{name}.{number}", f"{label}, continued" if number else label, hint, part,
            optional=optional or number > 0, multiline=True,
        )
        for number, part in enumerate(parts_of(value))
    ]  # fmt: skip


def _filled(  # noqa: PLR0913 - the parts of a field
    name: str, label: str, hint: str, value: str, *, optional: bool = False, multiline: bool = False
) -> dict[str, Any]:
    field = text_input(name, label, hint, multiline=multiline, optional=optional)
    limit = INPUT_TEXT if multiline else TITLE_ROOM
    element = {**field["element"], "max_length": limit, "initial_value": value[:limit]}
    return {**field, "element": element}
