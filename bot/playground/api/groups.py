"""usergroups.create, update, enable and disable."""

from __future__ import annotations

from typing import Any

from bot.playground.api.call import Call, Methods
from bot.playground.api.people import group_json, group_of
from bot.playground.errors import SlackError
from bot.playground.happening.posting import emit
from bot.playground.state.workspace import UserGroup

methods = Methods()


@methods.add("usergroups.create", "usergroups:write")
def usergroups_create(call: Call) -> dict[str, Any]:
    """Make a user group; it has no members yet."""
    name = call.required("name", "invalid_arguments")
    handle = call.text("handle") or name.lower().replace(" ", "-")
    _refuse_taken(call, name, handle, None)
    site = call.site
    group = UserGroup(site.ids.slack("S"), handle, name, [], int(site.clock.now()),
                      description=call.text("description"))  # fmt: skip
    site.workspace.save_group(group)
    described = group_json(call, group)
    moment = site.workspace.next_ts()
    emit(site, {"type": "subteam_created", "subteam": described, "event_ts": moment})
    return {"usergroup": described}


@methods.add("usergroups.update", "usergroups:write")
def usergroups_update(call: Call) -> dict[str, Any]:
    """Give a user group another name, handle or description."""
    group = group_of(call)
    name, handle = call.text("name", group.name), call.text("handle", group.handle)
    _refuse_taken(call, name, handle, group)
    group.name, group.handle = name, handle
    group.description = call.text("description", group.description)
    return _kept(call, group)


@methods.add("usergroups.enable", "usergroups:write")
def usergroups_enable(call: Call) -> dict[str, Any]:
    """Let a user group be mentioned again."""
    group = call.site.workspace.usergroups.get(call.required("usergroup"))
    if group is None:
        raise SlackError("no_such_subteam")
    group.disabled = False
    return _kept(call, group)


@methods.add("usergroups.disable", "usergroups:write")
def usergroups_disable(call: Call) -> dict[str, Any]:
    """Let a user group rest."""
    group = group_of(call)
    group.disabled = True
    return _kept(call, group)


def _kept(call: Call, group: UserGroup) -> dict[str, Any]:
    site = call.site
    group.updated = int(site.clock.now())
    site.workspace.save_group(group)
    described = group_json(call, group)
    moment = site.workspace.next_ts()
    emit(site, {"type": "subteam_updated", "subteam": described, "event_ts": moment})
    return {"usergroup": described}


def _refuse_taken(call: Call, name: str, handle: str, but: UserGroup | None) -> None:
    workspace = call.site.workspace
    others = [group for group in workspace.usergroups.values() if group is not but]
    if any(group.name == name for group in others):
        raise SlackError("name_already_exists")
    taken = {group.handle for group in others} | {user.name for user in workspace.users.values()}
    if handle in taken:
        raise SlackError("handle_already_exists")
