"""What people do at the page, each as one function over the workspace."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.playground import interactivity, posting
from bot.playground.elements import acted, entered_state, find_element, input_errors
from bot.playground.errors import Refused, SlackError
from bot.playground.richtext import encode, rich_text_block

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.playground.site import Site
    from bot.playground.surfaces import View
    from bot.playground.timeline import Message
    from bot.playground.workspace import Channel

MAX_TEXT = 40_000

Answer = dict[str, Any]


@dataclass(frozen=True)
class Act:
    """Somebody's request to do something."""

    site: Site
    user: str
    given: dict[str, Any]

    def text(self, name: str) -> str:
        """An argument as text; raises Refused if it is missing."""
        value = self.given.get(name)
        if not isinstance(value, str) or not value:
            raise Refused(f"`{name}` is missing.")
        return value

    def channel(self) -> Channel:
        """The channel that this is about, by id or name; raises Refused."""
        found = self.site.workspace.channel(self.text("channel"))
        if found is None or self.user not in found.members:
            raise Refused("You are not in that channel.")
        return found

    def message(self, channel: Channel) -> Message:
        """The message that this is about, an ephemeral one included; raises Refused."""
        ts = self.text("ts")
        found = self.site.workspace.find_message(channel, ts)
        if found is not None:
            return found
        for shown in self.site.ephemerals[self.user]:
            if shown["message"]["ts"] == ts:
                ephemeral: Message = shown["message"]
                return ephemeral
        raise Refused("That message does not exist any more.")

    def own_message(self, channel: Channel) -> Message:
        """The same, if this person wrote it."""
        message = self.message(channel)
        if message.get("user") != self.user or message.get("bot_id"):
            raise Refused("That is not your message.")
        return message

    def view(self) -> View:
        """The modal or App Home that this is about; raises Refused."""
        view_id = self.text("view_id")
        surfaces = self.site.surfaces
        if surfaces.owners.get(view_id) == self.user:
            return surfaces.views[view_id]
        home = self.site.workspace.homes.get(self.user)
        if home is not None and home["id"] == view_id:
            return home
        raise Refused("That window is not open any more.")


class Names:
    """What typed names mean in a workspace."""

    def __init__(self, site: Site) -> None:
        """Over a site."""
        self._site = site

    def mention(self, name: str) -> str | None:
        """`<@U1>`, `<!subteam^S1>` or `<!here>` for a typed `@name`."""
        if name in ("here", "channel", "everyone"):
            return f"<!{name}>"
        user = self._site.workspace.user_by_name(name)
        if user is not None:
            return f"<@{user.id}>"
        for group in self._site.workspace.usergroups.values():
            if group.handle == name:
                return f"<!subteam^{group.id}>"
        return None

    def channel_link(self, name: str) -> str | None:
        """`<#C1>` for a typed `#name`."""
        channel = self._site.workspace.channel(name)
        return f"<#{channel.id}>" if channel is not None and channel.kind == "channel" else None


async def message(act: Act) -> Answer:
    """Say something in a channel or a thread."""
    channel = act.channel()
    if channel.is_archived:
        raise Refused("This channel is archived.")
    text, blocks = _composed(act)
    said: Message = {
        "type": "message",
        "user": act.user,
        "client_msg_id": act.site.ids.uuid(),
        "text": text,
        "team": act.site.workspace.team.id,
        "blocks": blocks,
    }
    thread_ts = act.given.get("thread_ts")
    if thread_ts:
        parent = act.site.workspace.find_message(channel, str(thread_ts))
        if parent is None:
            raise Refused("That thread does not exist any more.")
        said["thread_ts"] = parent.get("thread_ts", parent["ts"])
        if act.given.get("broadcast"):
            said["subtype"] = "thread_broadcast"
    return {"ts": posting.post(act.site, channel, said)["ts"]}


async def edit(act: Act) -> Answer:
    """Change one's own message."""
    channel = act.channel()
    own = act.own_message(channel)
    text, blocks = _composed(act)
    posting.edit(act.site, channel, own, {"text": text, "blocks": blocks}, act.user)
    return {"ts": own["ts"]}


async def delete(act: Act) -> Answer:
    """Delete one's own message."""
    channel = act.channel()
    posting.delete(act.site, channel, act.own_message(channel))
    return {}


async def react(act: Act) -> Answer:
    """Add a reaction to a message, or take it back."""
    channel = act.channel()
    add = not act.given.get("remove")
    name = act.text("name").strip(":")
    try:
        posting.react(act.site, channel, act.message(channel), name=name, user=act.user, add=add)
    except SlackError as error:
        raise Refused(error.code.replace("_", " ")) from error
    return {}


async def press(act: Act) -> Answer:
    """Use a button, a menu or another control, in a message, a modal or on the App Home."""
    site = act.site
    block_id = act.given.get("block_id")
    if act.given.get("view_id"):
        view = act.view()
        block, element = find_element(view["blocks"], act.text("action_id"), block_id)
        _enter(view, act.given.get("values") or {})
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
    _enter(view, act.given.get("values") or {})
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
        "is_enterprise_install": "false",
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


async def read(act: Act) -> Answer:
    """Remember how far one has read."""
    act.site.workspace.mark_read(act.user, act.channel().id, act.text("ts"))
    return {}


async def open_im(act: Act) -> Answer:
    """Open the direct messages with somebody; with the app, its Messages tab."""
    site = act.site
    other = act.text("user")
    if other not in site.workspace.users:
        raise Refused("There is nobody of that id.")
    channel = site.workspace.im(act.user, other)
    if other == site.workspace.bot.user_id:
        _home_opened(act, channel, "messages")
    return {"channel": channel.id}


async def home(act: Act) -> Answer:
    """Open the App Home."""
    site = act.site
    _home_opened(act, site.workspace.im(act.user, site.workspace.bot.user_id), "home")
    return {"view": site.workspace.homes.get(act.user)}


async def join(act: Act) -> Answer:
    """Join a public channel."""
    channel = act.site.workspace.channel(act.text("channel"))
    if channel is None or channel.kind != "channel":
        raise Refused("There is no such public channel.")
    posting.join(act.site, channel, act.user)
    return {"channel": channel.id}


async def leave(act: Act) -> Answer:
    """Leave a channel."""
    posting.leave(act.site, act.channel(), act.user)
    return {}


async def invite(act: Act) -> Answer:
    """Add somebody to a channel that one is in."""
    user = act.text("user")
    if user not in act.site.workspace.users:
        raise Refused("There is nobody of that id.")
    posting.join(act.site, act.channel(), user, inviter=act.user)
    return {}


ACTS: dict[str, Callable[[Act], Awaitable[Answer]]] = {
    function.__name__: function
    for function in (
        message, edit, delete, react, press, submit, close, command, shortcut, suggest, read,
        open_im, home, join, leave, invite,
    )
}  # fmt: skip


def _composed(act: Act) -> tuple[str, list[dict[str, Any]]]:
    """What was typed, as the composer sends it."""
    typed = act.given.get("text")
    if not isinstance(typed, str) or not typed.strip():
        raise Refused("There is nothing to send.")
    if len(typed) > MAX_TEXT:
        raise Refused(f"A message can have {MAX_TEXT} characters; this one has {len(typed)}.")
    text = encode(typed.rstrip(), Names(act.site))
    return text, [rich_text_block(text, act.site.ids.short())]


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


def _enter(view: View, given: dict[str, Any]) -> None:
    """Put what was entered into a view's state."""
    for block_id, states in given.items():
        if not isinstance(states, dict):
            raise Refused("Values are given by block and action.")
        for action_id, state in states.items():
            _, element = find_element(view["blocks"], action_id, block_id)
            slot = view["state"]["values"].setdefault(block_id, {})
            slot[action_id] = entered_state(element, state)


def _home_opened(act: Act, channel: Channel, tab: str) -> None:
    site = act.site
    event: dict[str, Any] = {
        "type": "app_home_opened",
        "user": act.user,
        "channel": channel.id,
        "tab": tab,
        "event_ts": site.workspace.next_ts(),
    }
    view = site.workspace.homes.get(act.user)
    if tab == "home" and view is not None:
        event["view"] = view
    posting.emit(site, event)
