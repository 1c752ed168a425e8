"""views.*: modals and the App Home."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.playground.api.call import Call, Methods
from bot.playground.blockkit import check_view, complete_blocks
from bot.playground.errors import SlackError
from bot.playground.happening.elements import initial_values
from bot.playground.happening.interactivity import show

if TYPE_CHECKING:
    from bot.playground.state.surfaces import View

methods = Methods()


@methods.add("views.open")
def views_open(call: Call) -> dict[str, Any]:
    """Open a modal for the person whose trigger it is."""
    view = _checked(call, "modal")
    user = call.site.surfaces.redeem(_trigger(call))
    return _shown(call, user, "open", call.site.surfaces.open(user, view))


@methods.add("views.push")
def views_push(call: Call) -> dict[str, Any]:
    """Put a modal on top of the open one."""
    view = _checked(call, "modal")
    user = call.site.surfaces.redeem(_trigger(call))
    return _shown(call, user, "push", call.site.surfaces.push(user, view))


@methods.add("views.update")
def views_update(call: Call) -> dict[str, Any]:
    """Replace the content of an open modal."""
    view = _checked(call, "modal")
    surfaces = call.site.surfaces
    if not call.text("view_id") and not call.text("external_id"):
        raise SlackError("invalid_arguments", "either view_id or external_id is required")
    old = surfaces.find(call.text("view_id"), call.text("external_id"))
    if call.text("hash") and call.text("hash") != old["hash"]:
        raise SlackError("hash_conflict")
    user = surfaces.owners[old["id"]]
    return _shown(call, user, "update", surfaces.update(old["id"], view))


@methods.add("views.publish")
def views_publish(call: Call) -> dict[str, Any]:
    """Show something on a person's App Home."""
    view = _checked(call, "home")
    user = call.required("user_id")
    workspace = call.site.workspace
    if user not in workspace.users or workspace.users[user].is_bot:
        raise SlackError("invalid_arguments", "invalid user_id")
    old = workspace.homes.get(user)
    if call.text("hash") and old is not None and call.text("hash") != old["hash"]:
        raise SlackError("hash_conflict")
    published = call.site.surfaces.complete(view, kind="home")
    if old is not None:
        published["id"] = published["root_view_id"] = old["id"]
    published["state"] = {"values": initial_values(published["blocks"])}
    workspace.save_home(user, published)
    call.site.live.tell([user], {"type": "home", "view": published})
    return {"view": published}


def _trigger(call: Call) -> str:
    return call.text("trigger_id") or call.required("interactivity_pointer", "invalid_trigger_id")


def _checked(call: Call, kind: str) -> View:
    view: View | None = call.json("view", dict, "invalid_arguments")
    if view is None:
        raise SlackError("invalid_arguments", "missing required field: view")
    check_view(view, kind)
    return {**view, "blocks": complete_blocks(view["blocks"], call.site.ids)}


def _shown(call: Call, user: str, how: str, view: View) -> dict[str, Any]:
    return {"view": show(call.site, user, how, view)}
