"""Who is calling: api.test, auth.test, apps.connections.open, bots.info, team.info."""

from __future__ import annotations

from typing import Any

from bot.playground.api.call import Call, Methods
from bot.playground.errors import SlackError

methods = Methods()


@methods.add("api.test", caller="anyone")
def api_test(call: Call) -> dict[str, Any]:
    """Answer with what was sent."""
    if call.text("error"):
        raise SlackError(call.text("error"), args=dict(call.arguments))
    return {"args": dict(call.arguments)}


@methods.add("auth.test")
def auth_test(call: Call) -> dict[str, Any]:
    """Tell the token's team and bot user."""
    workspace = call.site.workspace
    return {
        "url": f"{call.site.base_url}/",
        "team": workspace.team.name,
        "user": workspace.bot.name,
        "team_id": workspace.team.id,
        "user_id": workspace.bot.user_id,
        "bot_id": workspace.bot.bot_id,
        "is_enterprise_install": bool(workspace.team.enterprise_id),
        **({"enterprise_id": workspace.team.enterprise_id} if workspace.team.enterprise_id else {}),
    }


@methods.add("auth.teams.list")
def auth_teams_list(call: Call) -> dict[str, Any]:
    """The workspaces that an organisation gave the app to."""
    team = call.site.workspace.team
    return {
        "teams": [{"id": team.id, "name": team.name}],
        "response_metadata": {"next_cursor": ""},
    }


@methods.add("apps.connections.open", caller="app")
def connections_open(call: Call) -> dict[str, Any]:
    """Hand out an address for a Socket Mode connection."""
    site = call.site
    url = site.base_url.replace("http", "ws", 1)
    return {"url": f"{url}/link/?ticket={site.socket_mode.new_ticket()}&app_id=0"}


@methods.add("bots.info", "users:read")
def bots_info(call: Call) -> dict[str, Any]:
    """Describe a bot."""
    bot = call.site.workspace.bot
    if call.text("bot", bot.bot_id) != bot.bot_id:
        raise SlackError("bot_not_found")
    return {
        "bot": {
            "id": bot.bot_id,
            "deleted": False,
            "name": bot.real_name,
            "updated": 1_700_000_000,
            "app_id": bot.app_id,
            "user_id": bot.user_id,
            "icons": _icons(call),
        }
    }


@methods.add("emoji.list", "emoji:read")
def emoji_list(call: Call) -> dict[str, Any]:
    """The workspace's own emoji: none but the app's picture, and an alias."""
    picture = _icons(call)["image_72"]
    return {"emoji": {"frontline": picture, "desk": "alias:frontline"},
            "cache_ts": call.site.workspace.next_ts()}  # fmt: skip


@methods.add("team.info", "team:read")
def team_info(call: Call) -> dict[str, Any]:
    """Describe the workspace."""
    team = call.site.workspace.team
    if call.text("team", team.id) != team.id:
        raise SlackError("team_not_found")
    return {
        "team": {
            "id": team.id,
            "name": team.name,
            "url": f"https://{team.domain}.slack.com/",
            "domain": team.domain,
            "email_domain": f"{team.domain}.example",
            "icon": {"image_default": True, **_icons(call)},
        }
    }


def _icons(call: Call) -> dict[str, str]:
    base = call.site.base_url
    return {f"image_{size}": f"{base}/playground/icon.svg" for size in (36, 48, 72)}
