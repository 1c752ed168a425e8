"""The modals of a Home and of the shortcuts *Open an escalation*, *Declare an incident*."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.incidents import TITLE_ROOM
from bot.desk.tiers import Tier
from bot.slack import actions as ids
from bot.slack.blocks.modals import modal, plain, text_input
from bot.slack.blocks.parts import context
from bot.slack.blocks.quoting import shortened
from bot.slack.text import quote
from bot.slack.words import _

if TYPE_CHECKING:
    from bot.slack.blocks.modals import View
    from bot.slack.blocks.parts import Block

QUOTED = 300

TIERS = {
    Tier.L2: "L2: the specialists on call",
    Tier.L3: "L3: the engineers who own the system",
}


def ask_modal(origin: ids.ModalOrigin) -> View:
    """Ask what somebody needs."""
    hint = _("What you want to do, what happens instead, since when. I answer in direct messages.")
    blocks = [text_input(ids.TEXT, _("What do you need?"), hint)]
    return modal(ids.ASK_HOME_MODAL, _("Ask something"), _("Ask"), origin, blocks)


def escalation_modal(origin: ids.ModalOrigin) -> View:
    """Ask why, and whom to call."""
    blocks: list[Block] = [
        context(quote(origin.text, QUOTED)),
        *([] if origin.whole else [shortened("Its beginning goes along, with a link to it.")]),
        text_input(ids.REASON, "Why does it need people?", "Those who are called start from here."),
        _tier(),
    ]
    return modal(ids.OPEN_ESCALATION_MODAL, "Open an escalation", "Call them", origin, blocks)


def declare_modal(origin: ids.ModalOrigin) -> View:
    """Ask what the incident is called, and whom to call if nobody is yet."""
    titled = text_input(
        ids.TITLE, "What is disturbed?",
        "All who report it and the channels read this: a few plain words.", multiline=False,
    )  # fmt: skip
    titled["element"]["max_length"] = TITLE_ROOM
    blocks: list[Block] = [context(quote(origin.text, QUOTED)), titled, _tier(Tier.L3)]
    return modal(ids.DECLARE_MODAL, "Declare an incident", "Declare", origin, blocks)


def _tier(first: Tier = Tier.L2) -> Block:
    options = [{"text": plain(label), "value": str(tier)} for tier, label in TIERS.items()]
    return {
        "type": "input",
        "block_id": ids.TIER,
        "label": plain("Whom to call?"),
        "element": {
            "type": "static_select",
            "action_id": ids.TIER,
            "options": options,
            "initial_option": next(each for each in options if each["value"] == first),
        },
    }
