"""users.* and usergroups.*: people and groups of them."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bot.playground.api.call import Call, Methods
from bot.playground.api.paging import page
from bot.playground.errors import SlackError
from bot.playground.happening import membership

if TYPE_CHECKING:
    from bot.playground.state.workspace import User, UserGroup

methods = Methods()


@methods.add("users.info", "users:read")
def users_info(call: Call) -> dict[str, Any]:
    """Describe a user."""
    return {"user": user_json(call, call.user())}


@methods.add("users.list", "users:read")
def users_list(call: Call) -> dict[str, Any]:
    """Describe everybody."""
    call.in_a_workspace()
    shown, metadata = page(call, list(call.site.workspace.users.values()), 1000)
    return {
        "members": [user_json(call, user) for user in shown],
        "cache_ts": int(call.site.clock.now()),
        "response_metadata": metadata,
    }


@methods.add("users.lookupByEmail", "users:read.email")
def users_lookup(call: Call) -> dict[str, Any]:
    """Somebody by e-mail address; nobody of another workspace, and nobody who has left."""
    wanted = call.required("email", "invalid_arguments").casefold()
    for user in call.site.workspace.users.values():
        if user.email and user.email.casefold() == wanted and not (user.team or user.is_deleted):
            return {"user": user_json(call, user)}
    raise SlackError("users_not_found")


@methods.add("users.profile.get", "users.profile:read")
def users_profile(call: Call) -> dict[str, Any]:
    """What somebody tells about themselves."""
    user = call.site.workspace.users.get(call.text("user", call.bot_id))
    if user is None:
        raise SlackError("user_not_found")
    return {"profile": user_json(call, user)["profile"] | {"fields": {}}}


@methods.add("usergroups.list", "usergroups:read")
def usergroups_list(call: Call) -> dict[str, Any]:
    """Describe the user groups."""
    call.in_a_workspace()
    groups = [
        group_json(call, group)
        for group in call.site.workspace.usergroups.values()
        if call.flag("include_disabled") or not group.disabled
    ]
    return {"usergroups": groups}


@methods.add("usergroups.users.list", "usergroups:read")
def usergroup_users_list(call: Call) -> dict[str, Any]:
    """The members of a user group."""
    call.in_a_workspace()
    return {"users": list(group_of(call).users)}


@methods.add("usergroups.users.update", "usergroups:write")
def usergroup_users_update(call: Call) -> dict[str, Any]:
    """Replace the members of a user group."""
    call.in_a_workspace()
    group = group_of(call)
    users = [user for user in call.text("users").replace(" ", "").split(",") if user]
    if not users:
        raise SlackError("no_users_provided")
    if any(user not in call.site.workspace.users for user in users):
        raise SlackError("invalid_users")
    membership.change_group(call.site, group, list(dict.fromkeys(users)))
    return {"usergroup": group_json(call, group, with_users=True)}


def user_json(call: Call, user: User) -> dict[str, Any]:
    """A user as the Web API describes them."""
    team = user.team or call.site.workspace.team.id
    zone = zoneinfo.ZoneInfo(user.tz)
    local = datetime.fromtimestamp(call.site.clock.now(), UTC).astimezone(zone)
    offset = local.utcoffset()
    icon = f"{call.site.base_url}/playground/icon.svg"
    first, _, last = user.real_name.partition(" ")
    profile: dict[str, Any] = {
        "title": user.title,
        "phone": "",
        "real_name": user.real_name,
        "real_name_normalized": user.real_name,
        "display_name": user.name,
        "display_name_normalized": user.name,
        "first_name": first,
        "last_name": last,
        "status_text": "",
        "status_emoji": "",
        "avatar_hash": "",
        "team": team,
        **{f"image_{size}": icon for size in (24, 32, 48, 72, 192, 512)},
    }
    if "users:read.email" in call.scopes and user.email:
        profile["email"] = user.email
    if user.bot_id:
        profile |= {"bot_id": user.bot_id, "api_app_id": user.app_id, "always_active": True}
    return {
        "id": user.id,
        "team_id": team,
        "name": user.name,
        "deleted": user.is_deleted,
        "color": user.avatar_color.removeprefix("#"),
        "real_name": user.real_name,
        "tz": user.tz,
        "tz_label": local.tzname() or user.tz,
        "tz_offset": int(offset.total_seconds()) if offset else 0,
        "profile": profile,
        "is_admin": user.role == "admin",
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": user.is_guest,
        "is_ultra_restricted": False,
        "is_bot": user.is_bot,
        **({"locale": user.locale} if call.flag("include_locale") else {}),
        **({"is_stranger": True} if user.team else {}),
        "is_app_user": False,
        "updated": 1_700_000_000,
        "is_email_confirmed": True,
        "who_can_share_contact_card": "EVERYONE",
    }


def group_json(call: Call, group: UserGroup, *, with_users: bool = False) -> dict[str, Any]:
    """A user group as the Web API describes it."""
    described: dict[str, Any] = {
        "id": group.id,
        "team_id": call.site.workspace.team.id,
        "is_usergroup": True,
        "is_subteam": True,
        "name": group.name,
        "description": group.description,
        "handle": group.handle,
        "is_external": False,
        "date_create": group.updated,
        "date_update": group.updated,
        "date_delete": group.updated if group.disabled else 0,
        "auto_type": None,
        "auto_provision": False,
        "enterprise_subteam_id": "",
        "created_by": call.site.workspace.bot.user_id,
        "updated_by": call.site.workspace.bot.user_id,
        "deleted_by": None,
        "prefs": {"channels": [], "groups": []},
        "user_count": len(group.users),
        "channel_count": 0,
    }
    if with_users or call.flag("include_users"):
        described["users"] = list(group.users)
    return described


def group_of(call: Call) -> UserGroup:
    """The user group that an argument names; raises SlackError."""
    group = call.site.workspace.usergroups.get(call.required("usergroup"))
    if group is None or (group.disabled and not call.flag("include_disabled")):
        raise SlackError("no_such_subteam")
    return group
