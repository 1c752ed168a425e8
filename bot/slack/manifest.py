"""The Slack app manifest that this code needs; `frontline manifest` prints it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.slack.actions import ASK_ABOUT, ASK_ANYTHING, DECLARE, OPEN_ESCALATION, SEND_ON

if TYPE_CHECKING:
    from collections.abc import Mapping

SCOPES = {
    "app_mentions:read": "see messages that mention Frontline",
    "channels:history": "read questions in the public channels it is invited to",
    "channels:read": "find channels by name",
    "chat:write": "answer",
    "commands": "take slash commands",
    "files:write": "send the admins the pictures of the weekly report",
    "groups:history": "read questions in the private channels it is invited to",
    "groups:read": "find private channels by name",
    "im:history": "read direct messages to it",
    "im:read": "know direct messages",
    "im:write": "write to people directly",
    "metadata.message:read": "recognise its own messages after a restart",
    "mpim:history": "read what is asked in group direct messages that it is in",
    "mpim:read": "know group direct messages",
    "reactions:write": "mark a message as passed on",
    "usergroups:read": "know who is on call, and who may see which article",
    "usergroups:write": "keep a user group equal to who is on call",
    "users:read": "know people's names, and who is a guest or of another organisation",
    "users:read.email": "recognise people whom a calendar names by their address",
}
"""Every bot scope, and what for."""

EVENTS = (
    "app_home_opened",
    "app_mention",
    "channel_archive",
    "channel_deleted",
    "channel_left",
    "channel_rename",
    "channel_unarchive",
    "group_archive",
    "group_deleted",
    "group_left",
    "group_rename",
    "group_unarchive",
    "member_joined_channel",
    "member_left_channel",
    "message.channels",
    "message.groups",
    "message.im",
    "message.mpim",
    "subteam_members_changed",
    "subteam_updated",
    "user_change",
)

ENDS = ("app_uninstalled", "tokens_revoked")
"""Of installations; where a token is set by hand, whoever set it knows."""

SLASH_COMMANDS = {
    "/helpdesk": (
        "Your requests and where they stand; search what was asked before",
        "[mine | status T-1042 | search WORDS | help]",
    ),
    "/oncall": (
        "Who is on call now and next; take over, stand in, swap",
        "[group] [take | override | swap | cancel | help]",
    ),
}
"""Every slash command: what it does, and what may be written behind it."""

SHORTCUTS = {
    ASK_ANYTHING: ("New support request", "global", "Asks Frontline something, from anywhere"),
    ASK_ABOUT: (
        "Ask Frontline about this",
        "message",
        "Opens a request of yours about this message",
    ),
    OPEN_ESCALATION: (
        "Open an escalation",
        "message",
        "Calls the people on call about this message",
    ),
    DECLARE: (
        "Declare an incident",
        "message",
        "Makes this message an incident: people are called, everyone is told",
    ),
    SEND_ON: (
        "Send to the requester",
        "message",
        "Sends this message of an escalation's thread to the one who asked",
    ),
}
"""Every shortcut: its name, where it is offered, and what it does."""


def missing_scopes(headers: Mapping[str, str]) -> dict[str, str]:
    """Say which scopes a token lacks, and what for, by what Slack's answer says of it."""
    granted = {each.strip() for each in str(headers.get("x-oauth-scopes") or "").split(",")} - {""}
    return {scope: use for scope, use in SCOPES.items() if granted and scope not in granted}


def manifest(
    name: str = "Frontline", requests: str | None = None, redirect: str | None = None
) -> dict[str, Any]:
    """Give the manifest as Slack's app pages take it.

    Without the address of `requests`, it is that of a Socket Mode app. With that of `redirect`,
    several workspaces install it, and each comes back there.
    """
    several = redirect is not None
    events = (*EVENTS, *ENDS) if several else EVENTS
    back = {"redirect_urls": [redirect]} if several else {}
    to = {} if requests is None else {"request_url": requests}
    menus = {} if requests is None else {"message_menu_options_url": requests}
    commands = {} if requests is None else {"url": requests}
    return {
        "display_information": {
            "name": name,
            "description": "The first line of the support desk",
            "background_color": "#1f3a5f",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": name, "always_online": True},
            "slash_commands": [
                {
                    "command": command,
                    "description": description,
                    "usage_hint": hint,
                    "should_escape": True,
                    **commands,
                }
                for command, (description, hint) in SLASH_COMMANDS.items()
            ],
            "shortcuts": [
                {
                    "name": shortcut,
                    "type": kind,
                    "callback_id": callback_id,
                    "description": description,
                }
                for callback_id, (shortcut, kind, description) in SHORTCUTS.items()
            ],
        },
        "oauth_config": {"scopes": {"bot": sorted(SCOPES)}, **back},
        "settings": {
            "event_subscriptions": {"bot_events": list(events), **to},
            "interactivity": {"is_enabled": True, **to, **menus},
            "org_deploy_enabled": several,
            "socket_mode_enabled": requests is None,
            "token_rotation_enabled": several,
        },
    }
