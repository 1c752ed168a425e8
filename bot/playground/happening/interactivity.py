"""Interactions: what the app is told when somebody presses, submits, closes or commands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.playground.blockkit import check_view, complete_blocks
from bot.playground.delivery.delivery import NotDeliveredError
from bot.playground.errors import Refused, SlackError
from bot.playground.happening import posting
from bot.playground.happening.app_messages import authored, checked_content
from bot.playground.happening.elements import initial_values

if TYPE_CHECKING:
    from bot.playground.site import Site
    from bot.playground.state.surfaces import View
    from bot.playground.state.timeline import Message
    from bot.playground.state.workspace import Channel

Payload = dict[str, Any]

_TOKEN = "playground-verification-token"  # noqa: S105  (a field that Slack sends, no secret)


async def ask(site: Site, kind: str, payload: Payload) -> Any:
    """Send an interaction and return the app's answer; raises Refused in a person's words."""
    # The request before this one must be on disk before the app learns of it.
    site.journal.flush()
    try:
        return await site.delivery.ask(kind, payload)
    except NotDeliveredError as failure:
        name = site.workspace.bot.real_name
        if failure.unreachable:
            raise Refused(f"{name} is not connected.") from failure
        raise Refused(f"{name} did not respond in time. Try again.") from failure


def common(site: Site, user: str, kind: str) -> Payload:
    """What every interaction payload holds."""
    workspace = site.workspace
    person, team = workspace.users[user], workspace.team
    enterprise = {"id": team.enterprise_id, "name": team.enterprise_name}
    return {
        "type": kind,
        # An app that an organisation installed for all its workspaces is told of none.
        "team": None if team.enterprise_id else {"id": team.id, "domain": team.domain},
        "user": {
            "id": person.id,
            "username": person.name,
            "name": person.name,
            "team_id": person.team or team.id,
        },
        "api_app_id": workspace.bot.app_id,
        "token": _TOKEN,
        "enterprise": enterprise if team.enterprise_id else None,
        "is_enterprise_install": bool(team.enterprise_id),
    }


def channel_part(channel: Channel) -> dict[str, str]:
    """A channel as interaction payloads name it."""
    names = {"im": "directmessage", "group": "privategroup"}
    return {"id": channel.id, "name": names.get(channel.kind, channel.name)}


def message_action(
    site: Site, user: str, channel: Channel, message: Message, action: dict[str, Any]
) -> Payload:
    """`block_actions` from a message."""
    is_ephemeral = bool(message.get("is_ephemeral"))
    container: Payload = {
        "type": "message",
        "message_ts": message["ts"],
        "channel_id": channel.id,
        "is_ephemeral": is_ephemeral,
    }
    if message.get("thread_ts"):
        container["thread_ts"] = message["thread_ts"]
    values = initial_values(message.get("blocks", []))
    for block_id, entered in site.entered.get((user, message["ts"]), {}).items():
        values.setdefault(block_id, {}).update(entered)
    payload = common(site, user, "block_actions") | {
        "container": container,
        "trigger_id": site.surfaces.new_trigger(user),
        "channel": channel_part(channel),
        "state": {"values": values},
        "response_url": response_url(site, user, channel, message),
        "actions": [action],
    }
    if not is_ephemeral:
        payload["message"] = {k: v for k, v in message.items() if k != "metadata"}
    return payload


def view_action(site: Site, user: str, view: View, action: dict[str, Any]) -> Payload:
    """`block_actions` from a modal or an App Home."""
    return common(site, user, "block_actions") | {
        "container": {"type": "view", "view_id": view["id"]},
        "trigger_id": site.surfaces.new_trigger(user),
        "view": view,
        "actions": [action],
    }


def response_url(site: Site, user: str, channel: Channel, message: Message | None = None) -> str:
    """The address at which the app can answer this interaction."""
    about = message or {}
    key = site.response_urls.create(
        user,
        channel.id,
        message_ts=about.get("ts"),
        thread_ts=about.get("thread_ts"),
        is_ephemeral=bool(about.get("is_ephemeral")),
    )
    return f"{site.base_url}/hooks/{site.workspace.team.id}/{key}"


async def submit(site: Site, user: str, view: View) -> dict[str, Any]:
    """Send a `view_submission` and do what the app answers."""
    payload = common(site, user, "view_submission") | {
        "trigger_id": site.surfaces.new_trigger(user),
        "view": view,
        "response_urls": [],
    }
    answer = await ask(site, "interactive", payload)
    how = answer.get("response_action") if isinstance(answer, dict) else None
    try:
        if how == "errors":
            return {"errors": _answered_errors(answer), "closed": False}
        if how == "update":
            show(site, user, "update", site.surfaces.update(view["id"], _answered(site, answer)))
            return {"closed": False}
        if how == "push":
            show(site, user, "push", site.surfaces.push(user, _answered(site, answer)))
            return {"closed": False}
    except SlackError as error:
        # Slack shows no more than this to the person, and the app never hears of it.
        site.recording.add("refused_answer", view=view["id"], error=error.body())
        raise Refused("We had some trouble connecting. Try again?") from error
    gone = site.surfaces.close_all(user) if how == "clear" else [site.surfaces.close(view["id"])]
    for closed in gone:
        if closed is not None:
            show(site, user, "close", closed)
    return {"closed": True}


async def close(site: Site, user: str, view: View) -> None:
    """Close a modal, and tell the app if it asked to be told."""
    surfaces = site.surfaces
    is_cleared = bool(view["clear_on_close"])
    gone = surfaces.close_all(user) if is_cleared else [surfaces.close(view["id"])]
    for closed in gone:
        if closed is None:
            continue
        show(site, user, "close", closed)
        if closed["notify_on_close"]:
            payload = common(site, user, "view_closed")
            await ask(site, "interactive", payload | {"view": closed, "is_cleared": is_cleared})


def show(site: Site, user: str, how: str, view: View) -> View:
    """Let a person's pages open, change or close a modal."""
    if how != "close":
        values = initial_values(view["blocks"])
        for block_id, entered in view["state"]["values"].items():
            values.setdefault(block_id, {}).update(entered)
        view["state"] = {"values": values}
    site.live.tell([user], {"type": "view", "op": how, "view": view})
    return view


def answer_message(site: Site, user: str, channel: Channel, answer: Any) -> Message | None:
    """Post what the app answered to a slash command or at a response URL."""
    if not isinstance(answer, dict) or not (answer.get("text") or answer.get("blocks")):
        return None
    content = checked_content(site, answer.get("text") or "", answer.get("blocks"), None)
    message = authored(site, content)
    if answer.get("thread_ts"):
        message["thread_ts"] = answer["thread_ts"]
    if answer.get("response_type") == "in_channel":
        return posting.post(site, channel, message)
    return posting.post_ephemeral(site, channel, user, message)


def _answered_errors(answer: dict[str, Any]) -> dict[str, str]:
    errors = answer.get("errors")
    if not isinstance(errors, dict) or not errors:
        raise SlackError("invalid_arguments", "errors must name blocks")
    return {str(block): str(what) for block, what in errors.items()}


def _answered(site: Site, answer: dict[str, Any]) -> View:
    view = answer.get("view")
    if not isinstance(view, dict):
        raise SlackError("invalid_arguments", "missing required field: view")
    check_view(view, "modal")
    return {**view, "blocks": complete_blocks(view["blocks"], site.ids)}
