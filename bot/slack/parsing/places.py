"""Homes, shortcuts and their modals, read as commands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.desk.addresses import Spot
from bot.desk.ids import ChannelId, TeamId, Ts, UserId
from bot.desk.promises import Priority
from bot.desk.tiers import Tier
from bot.desk.views import (
    AskAbout,
    AskDirectly,
    ChooseOnHome,
    Listing,
    OpenEscalation,
    OpenHome,
    Show,
    TurnPage,
)
from bot.slack import actions as ids
from bot.slack.parsing.speakers import speaker_of
from bot.slack.text import clip, showable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.desk.tickets import File
    from bot.desk.views import PlaceCommand

Payload = dict[str, Any]

CARRIED = 2_900
"""So much travels with a modal; Slack allows 3,000 characters of it, all marks counted."""


def read_home(payload: Payload, team: TeamId) -> OpenHome | None:
    """Read that somebody opened their Home; the messages tab is none of its business."""
    event = payload["event"]
    if event.get("tab", "home") != "home":
        return None
    channel = ChannelId(str(event.get("channel") or event["user"]))
    return OpenHome(Spot(team, channel, Ts(""), UserId(str(event["user"]))))


def read_on_home(action_id: str, at: Spot, what: str) -> ChooseOnHome | TurnPage | None:
    """Read what was chosen on a Home, or to which page of a list it was turned."""
    action, _, which = action_id.rpartition(".")
    if action == ids.TURN_PAGE:
        listing, _, page = what.partition("/")
        return TurnPage(at, Listing(listing), int(page))
    if action != ids.CHOOSE_ON_HOME:
        return None
    match which:
        case "group":
            return ChooseOnHome(at, "group", what)
        case "priority":
            return ChooseOnHome(at, "priority", Priority(what) if what else "")
        case "show":
            return ChooseOnHome(at, "show", Show(what) if what else "")
        case _:
            raise ValueError(which)


def read_ask_about(
    payload: Payload, words_of: Callable[[Payload], tuple[str, tuple[File, ...]]]
) -> AskAbout:
    """Read *Ask Frontline about this* on a message; `words_of` gives its text and its files."""
    text, files = words_of(payload["message"])
    key = str(payload["trigger_id"])
    return AskAbout(spot_of_shortcut(payload), text, _author(payload), key, files)


def spot_of_shortcut(payload: Payload) -> Spot:
    """Read on which message a shortcut was used, and by whom."""
    message = payload["message"]
    thread_ts = message.get("thread_ts")
    return Spot(
        team=TeamId(payload["team"]["id"]),
        channel=ChannelId(payload["channel"]["id"]),
        ts=Ts(str(message["ts"])),
        user=UserId(payload["user"]["id"]),
        thread_ts=Ts(str(thread_ts)) if thread_ts else None,
    )


def origin_of(payload: Payload, text: str) -> ids.ModalOrigin:
    """Say on which message a modal was opened, with its words: they are not sent again."""
    at = spot_of_shortcut(payload)
    text = showable(text)
    room, author = len(text), _author(payload)
    while True:
        carried = clip(text, room)
        origin = ids.ModalOrigin(
            0, at.channel, at.ts, at.thread_ts, carried, author, whole=carried == text
        )
        over = len(origin.dump()) - CARRIED
        if over <= 0 or room == 0:
            return origin
        room = max(0, min(room, len(carried)) - max(over // 2, 1))


def _author(payload: Payload) -> UserId | None:
    return speaker_of(payload["message"])


def read_place_modal(payload: Payload, values: Mapping[str, str]) -> PlaceCommand | None:
    """Read what was entered after a press on a Home or a shortcut; None where it is another."""
    view = payload["view"]
    callback = str(view.get("callback_id"))
    if callback not in {ids.ASK_HOME_MODAL, ids.OPEN_ESCALATION_MODAL, ids.DECLARE_MODAL}:
        return None
    origin = ids.ModalOrigin.load(view["private_metadata"])
    at = Spot(
        team=TeamId(payload["team"]["id"]),
        channel=ChannelId(origin.channel),
        ts=Ts(origin.ts),
        user=UserId(payload["user"]["id"]),
        thread_ts=Ts(origin.thread_ts) if origin.thread_ts else None,
    )
    key = str(view["id"])
    if callback == ids.ASK_HOME_MODAL:
        return AskDirectly(at, values[ids.TEXT].strip(), key)
    tier = Tier(values[ids.TIER])
    if tier is Tier.L1:
        raise ValueError(tier)
    author = UserId(origin.author) if origin.author else None
    if callback == ids.DECLARE_MODAL:
        title = values[ids.TITLE].strip()
        why = f"declared an incident: {title}"
        return OpenEscalation(
            at, origin.text, author, tier, why, key, whole=origin.whole, incident=title
        )
    why = values[ids.REASON].strip()
    return OpenEscalation(at, origin.text, author, tier, why, key, whole=origin.whole)
