"""The modals of an incident: its title and owner, and what everyone is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.ids import incident_name
from bot.desk.incidents import TITLE_ROOM
from bot.slack import actions as ids
from bot.slack.blocks.modals import modal, plain, text_input
from bot.slack.blocks.parts import context, person
from bot.slack.text import clip, escape

if TYPE_CHECKING:
    from bot.desk.tickets import About
    from bot.slack.blocks.modals import View


def incident_modal(origin: ids.ModalOrigin, about: About | None) -> View:
    """Declare an incident, or change its title and owner."""
    incident = about.incident if about is not None else None
    titled = text_input(
        ids.TITLE, "What is disturbed?",
        "All who reported it and the channels read this: a few plain words.", multiline=False,
    )  # fmt: skip
    titled["element"]["max_length"] = TITLE_ROOM
    if incident is not None:
        titled["element"]["initial_value"] = clip(incident.title, TITLE_ROOM)
    chosen = {
        "type": "users_select",
        "action_id": ids.TARGET,
        "placeholder": plain("Whoever has it"),
    }
    if incident is not None and incident.owner is not None:
        chosen["initial_user"] = incident.owner
    owner = {
        "type": "input", "block_id": ids.TARGET, "label": plain("Who leads the work on it?"),
        "element": chosen, "optional": True, "hint": plain("The owner: all who ask read the name."),
    }  # fmt: skip
    title, submit = ("Incident", "Save") if incident else ("Declare an incident", "Declare")
    return modal(ids.INCIDENT_MODAL, title, submit, origin, [titled, owner])


def update_modal(origin: ids.ModalOrigin, about: About | None) -> View:
    """Ask what everyone is to be told."""
    incident = about.incident if about is not None else None
    blocks = []
    if incident is not None:
        people = f"{incident.affected} people" if incident.affected != 1 else "1 person"
        owner = f", owner {person(incident.owner)}" if incident.owner else ""
        named = f"*{incident_name(incident.number)} {escape(incident.title)}*"
        blocks.append(context(f"{named}: {people}{owner}"))
    hint = "Each reads it in their own thread, with your name; the channels' banners show it too."
    blocks.append(text_input(ids.TEXT, "What is new?", hint))
    return modal(ids.UPDATE_ALL_MODAL, "Update everyone", "Tell everyone", origin, blocks)
