"""What people do with the app: they press, submit, command and look at its home."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.playground.acts.act import Act, Answer, home_opened
from bot.playground.acts.talking import Names
from bot.playground.errors import Refused, SlackError
from bot.playground.happening import interactivity
from bot.playground.happening.elements import acted, entered_state, find_element, input_errors
from bot.playground.happening.richtext import encode, rich_text_block

if TYPE_CHECKING:
    from bot.playground.state.surfaces import View


async def press(act: Act) -> Answer:
    """Use a button, a menu or another control, in a message, a modal or on the App Home."""
    site = act.site
    block_id = act.given.get("block_id")
    if act.given.get("view_id"):
        view = act.view()
        block, element = find_element(view["blocks"], act.text("action_id"), block_id)
        _enter(act, view)
        action = _action(act, block, element)
        _remember(view["state"]["values"], block, element, action)
        payload = interactivity.view_action(site, act.user, view, action)
    else:
        channel = act.channel()
        pressed = act.message(channel)
        block, element = find_element(pressed.get("blocks", []), act.text("action_id"), block_id)
        action = _action(act, block, element)
        entered = site.entered.setdefault((act.user, pressed["ts"]), {})
        for other_id, states in (act.given.get("values") or {}).items():
            entered.setdefault(other_id, {}).update(states)
        _remember(entered, block, element, action)
        payload = interactivity.message_action(site, act.user, channel, pressed, action)
    await interactivity.ask(site, "interactive", payload)
    return {}


async def submit(act: Act) -> Answer:
    """Submit a modal."""
    view = act.view()
    _enter(act, view)
    errors = input_errors(view["blocks"], view["state"]["values"])
    if errors:
        return {"errors": errors, "closed": False}
    return await interactivity.submit(act.site, act.user, view)


async def close(act: Act) -> Answer:
    """Close a modal without submitting it."""
    await interactivity.close(act.site, act.user, act.view())
    return {}


async def command(act: Act) -> Answer:
    """Use a slash command."""
    site, channel = act.site, act.channel()
    name, _, text = act.text("text").strip().partition(" ")
    if name not in {known.command for known in site.installation.commands}:
        raise Refused(f"{name} is not a valid command.")
    workspace = site.workspace
    payload = {
        "token": "playground-verification-token",
        "team_id": workspace.team.id,
        "team_domain": workspace.team.domain,
        "channel_id": channel.id,
        "channel_name": interactivity.channel_part(channel)["name"],
        "user_id": act.user,
        "user_name": workspace.users[act.user].name,
        "command": name,
        "text": text.strip(),
        "api_app_id": workspace.bot.app_id,
        "is_enterprise_install": "true" if workspace.team.enterprise_id else "false",
        **(
            {
                "enterprise_id": workspace.team.enterprise_id,
                "enterprise_name": workspace.team.enterprise_name,
            }
            if workspace.team.enterprise_id
            else {}
        ),
        "response_url": interactivity.response_url(site, act.user, channel),
        "trigger_id": site.surfaces.new_trigger(act.user),
    }
    answer = await interactivity.ask(site, "slash_commands", payload)
    try:
        interactivity.answer_message(site, act.user, channel, answer)
    except SlackError as error:
        raise Refused(f"{name} failed with the error “{error.code}”.") from error
    return {}


async def shortcut(act: Act) -> Answer:
    """Use a global shortcut, or a message shortcut on a message."""
    site = act.site
    callback_id = act.text("callback_id")
    known = {s.callback_id: s.type for s in site.installation.shortcuts}
    if callback_id not in known:
        raise Refused(f"There is no shortcut `{callback_id}`.")
    kind = "shortcut" if known[callback_id] == "global" else "message_action"
    payload = interactivity.common(site, act.user, kind) | {
        "callback_id": callback_id,
        "trigger_id": site.surfaces.new_trigger(act.user),
        "action_ts": site.workspace.next_ts(),
    }
    if kind == "message_action":
        channel = act.channel()
        about = act.message(channel)
        payload |= {
            "channel": interactivity.channel_part(channel),
            "message_ts": about["ts"],
            "message": {k: v for k, v in about.items() if k != "metadata"},
            "response_url": interactivity.response_url(site, act.user, channel, about),
        }
    await interactivity.ask(site, "interactive", payload)
    return {}


async def suggest(act: Act) -> Answer:
    """Ask the app for the options of an external menu."""
    site = act.site
    payload = interactivity.common(site, act.user, "block_suggestion")
    block_id = act.given.get("block_id")
    if act.given.get("view_id"):
        view = act.view()
        block, element = find_element(view["blocks"], act.text("action_id"), block_id)
        payload |= {"container": {"type": "view", "view_id": view["id"]}, "view": view}
    else:
        channel = act.channel()
        about = act.message(channel)
        block, element = find_element(about.get("blocks", []), act.text("action_id"), block_id)
        payload |= {
            "container": {
                "type": "message",
                "message_ts": about["ts"],
                "channel_id": channel.id,
                "is_ephemeral": bool(about.get("is_ephemeral")),
            },
            "channel": interactivity.channel_part(channel),
            "message": {k: v for k, v in about.items() if k != "metadata"},
        }
    payload |= {
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "value": str(act.given.get("value", "")),
    }
    answer = await interactivity.ask(site, "interactive", payload)
    found = answer if isinstance(answer, dict) else {}
    return {key: found[key] for key in ("options", "option_groups") if key in found}


async def home(act: Act) -> Answer:
    """Open the App Home."""
    site = act.site
    home_opened(act, site.workspace.im(act.user, site.workspace.bot.user_id), "home")
    return {"view": site.workspace.homes.get(act.user)}


def _action(act: Act, block: dict[str, Any], element: dict[str, Any]) -> dict[str, Any]:
    return {
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        **acted(element, act.given),
        "action_ts": act.site.workspace.next_ts(),
    }


def _remember(
    values: dict[str, Any], block: dict[str, Any], element: dict[str, Any], action: dict[str, Any]
) -> None:
    """Keep what a menu or another stateful control was set to."""
    state = {k: v for k, v in action.items() if k == "value" or k.startswith("selected_")}
    if element["type"] in ("button", "overflow", "feedback_buttons", "icon_button"):
        return
    slot = values.setdefault(block["block_id"], {})
    slot[element["action_id"]] = {"type": element["type"], **state}


def _enter(act: Act, view: View) -> None:
    """Put what was entered into a view's state."""
    for block_id, states in (act.given.get("values") or {}).items():
        if not isinstance(states, dict):
            raise Refused("Values are given by block and action.")
        for action_id, state in states.items():
            _, element = find_element(view["blocks"], action_id, block_id)
            slot = view["state"]["values"].setdefault(block_id, {})
            entered = _formatted(act, state) if element["type"] == "rich_text_input" else state
            slot[action_id] = entered_state(element, entered)


def _formatted(act: Act, state: Any) -> Any:
    """What was typed into a rich text field, as the blocks that Slack's editor makes of it."""
    typed = state.get("typed") if isinstance(state, dict) else state
    if not isinstance(typed, str):
        return state
    text = encode(typed.rstrip(), Names(act.site))
    block = rich_text_block(text, act.site.ids.short()) if text else None
    return {"rich_text_value": block}
