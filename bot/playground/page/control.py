"""What a test, or the page's panel, can do to the workspace from outside."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from bot.playground.api.call import Call
from bot.playground.api.people import user_json
from bot.playground.delivery.envelopes import event_body
from bot.playground.errors import PlaygroundError, Refused
from bot.playground.happening import changing, membership
from bot.playground.happening.manifest import installation_from
from bot.playground.happening.posting import emit
from bot.playground.page.replay import read_lines, replay
from bot.playground.page.turning import advance, clock, turn_back

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.playground.site import Site
    from bot.playground.state.workspace import Channel

Given = dict[str, Any]

_ABOUT_A_PERSON = ("name", "real_name", "title", "tz", "email", "team", "locale")
_STANDING = ("is_guest", "is_deleted")
_DONE_TO_CHANNELS: dict[str, Callable[[Site, Channel, str], None]] = {
    "archive": changing.archive,
    "unarchive": changing.unarchive,
    "convert": changing.convert,
}


async def deliver(site: Site, given: Given) -> Given:
    """Send the app any event, any number of times, under an id of one's choice."""
    event = given.get("event")
    if not isinstance(event, dict):
        raise Refused("`event` must be an object.")
    body = event_body(site.workspace, event, event_id=given.get("event_id"))
    for _ in range(int(given.get("times", 1))):
        site.delivery.event(body)
    return {"event_id": body["event_id"]}


async def redeliver(site: Site, given: Given) -> Given:
    """Send an event that was already sent once more, under its old id."""
    wanted = given.get("event_id")
    for entry in reversed(site.recording.entries()):
        body = (entry.get("envelope") or {}).get("payload") or entry.get("payload")
        if isinstance(body, dict) and body.get("event_id") == wanted:
            for _ in range(int(given.get("times", 1))):
                site.delivery.event(body)
            return {"event_id": wanted}
    raise Refused(f"no event {wanted} was sent")


async def fault(site: Site, given: Given) -> Given:
    """Arrange for something to go wrong."""
    spec = {key: value for key, value in given.items() if key != "op"}
    return {"fault": asdict(site.faults.add(**spec))}


async def faults(site: Site, _given: Given) -> Given:
    """List what is still to go wrong."""
    return {"faults": [asdict(one) for one in site.faults.waiting()]}


async def clear_faults(site: Site, given: Given) -> Given:
    """Call off everything that was to go wrong."""
    site.faults.clear(given.get("seed"))
    site.socket_mode.mute(muted=False)
    return {}


async def disconnect(site: Site, given: Given) -> Given:
    """Ask the app to reconnect."""
    site.socket_mode.disconnect(str(given.get("reason", "refresh_requested")))
    return {}


async def mute(site: Site, given: Given) -> Given:
    """Let the open connections deliver nothing, or let them deliver again."""
    site.socket_mode.mute(muted=bool(given.get("muted", True)))
    return {}


async def drop(site: Site, _given: Given) -> Given:
    """Close the app's connections without a word."""
    site.socket_mode.drop()
    return {}


async def http(site: Site, given: Given) -> Given:
    """Deliver over HTTP from now on, once the address has answered the verification."""
    await site.events_api.verify(str(given.get("url", "")), site.ids.uuid())
    site.delivery.transport = site.events_api
    return {}


async def socket(site: Site, _given: Given) -> Given:
    """Deliver over Socket Mode from now on."""
    site.delivery.transport = site.socket_mode
    return {}


async def manifest(site: Site, given: Given) -> Given:
    """Install the app as its manifest says: scopes, events, commands, shortcuts."""
    described = given.get("manifest")
    if not isinstance(described, dict):
        raise Refused("`manifest` must be an object.")
    site.installation = installation_from(described)
    return {"scopes": sorted(site.installation.scopes)}


async def limits(site: Site, given: Given) -> Given:
    """Enforce Slack's rate limits from now on, or stop enforcing them."""
    site.limits.enforced = bool(given.get("enforced", True))
    return {}


async def latency(site: Site, given: Given) -> Given:
    """Let each call take a while, as Slack's do (`median`, `p99`, `seed`, `methods`), or not."""
    spec = {key: value for key, value in given.items() if key not in ("op", "enabled")}
    if given.get("enabled", True):
        site.latency.set(**spec)
    else:
        site.latency.off()
    return {}


async def person(site: Site, given: Given) -> Given:
    """Change what is known of somebody, and send the event that goes with it."""
    user = site.workspace.users.get(str(given.get("user")))
    changes: Given = {k: str(v) for k, v in given.items() if k in _ABOUT_A_PERSON}
    changes |= {k: bool(v) for k, v in given.items() if k in _STANDING}
    if user is None or not changes:
        known = ", ".join((*_ABOUT_A_PERSON, *_STANDING))
        raise Refused(f"`user` must exist, and one of {known} be given.")
    for key, value in changes.items():
        setattr(user, key, value)
    call = Call(site, "user_change", {"include_locale": "1"}, site.installation.scopes)
    changed = user_json(call, user)
    emit(site, {"type": "user_change", "user": changed, "event_ts": site.workspace.next_ts()})
    return {}


async def org(site: Site, given: Given) -> Given:
    """Install the app for a whole organisation from now on; without `id`, for the workspace."""
    enterprise, name = str(given.get("id") or ""), str(given.get("name") or "")
    team = site.workspace.team
    site.workspace.team = replace(team, enterprise_id=enterprise, enterprise_name=name)
    return {}


async def channel(site: Site, given: Given) -> Given:
    """Make, archive, rename or convert a channel as somebody (`user`), the bot in it or not."""
    workspace, user, what = site.workspace, str(given.get("user")), str(given.get("do"))
    if user not in workspace.users:
        raise Refused("`user` must exist.")
    name = str(given.get("name") or "")
    if what == "create" and name and workspace.channel(name) is None:
        made = workspace.new_channel(name, [user], creator=user,
                                     is_private=bool(given.get("is_private")))  # fmt: skip
        changing.created(site, made)
        return {"channel": made.id}
    found = workspace.channel(str(given.get("channel")))
    if found is None:
        raise Refused("`channel` must exist, or `create` have a `name` that is free.")
    if what == "rename" and name:
        changing.rename(site, found, name, user)
    elif what in _DONE_TO_CHANNELS:
        _DONE_TO_CHANNELS[what](site, found, user)
    else:
        raise Refused("`do` is create or rename (with `name`), archive, unarchive or convert.")
    return {"channel": found.id}


async def group(site: Site, given: Given) -> Given:
    """Give a user group other members."""
    found = site.workspace.usergroups.get(str(given.get("usergroup")))
    users = given.get("users")
    if found is None or not isinstance(users, list) or not users:
        raise Refused("`usergroup` and a list of `users` are needed.")
    membership.change_group(site, found, [str(user) for user in users])
    return {}


async def member(site: Site, given: Given) -> Given:
    """Put somebody, the bot included, into a channel or take them out."""
    channel = site.workspace.channel(str(given.get("channel")))
    user = str(given.get("user"))
    if channel is None or user not in site.workspace.users:
        raise Refused("`channel` and `user` must exist.")
    if given.get("remove"):
        membership.leave(site, channel, user)
    else:
        membership.join(site, channel, user)
    return {}


async def envelopes(site: Site, given: Given) -> Given:
    """What was sent to the app, and what it acknowledged."""
    kinds = ("envelope", "ack", "http_out", "http_ack", "given_up")
    entries = site.recording.entries(int(given.get("since", 0)))
    return {"envelopes": [entry for entry in entries if entry["kind"] in kinds]}


async def connections(site: Site, _given: Given) -> Given:
    """The app's open Socket Mode connections, and how many events it owes an answer for."""
    open_now = site.socket_mode.connections()
    return {"connections": open_now, "in_flight": site.delivery.in_flight()}


async def settle(site: Site, _given: Given) -> Given:
    """Wait until every event is acknowledged or given up."""
    await site.delivery.settled()
    return {}


async def repeat(site: Site, given: Given) -> Given:
    """Repeat a recorded conversation, given as JSON Lines."""
    return {"steps": await replay(site, read_lines(str(given.get("lines", ""))))}


async def reset(site: Site, _given: Given) -> Given:
    """Forget everything that happened and start from the seed."""
    site.reset()
    return {}


OPERATIONS: dict[str, Callable[[Site, Given], Awaitable[Given]]] = {
    function.__name__: function
    for function in (
        deliver,
        redeliver,
        fault,
        faults,
        clear_faults,
        advance,
        turn_back,
        clock,
        disconnect,
        mute,
        drop,
        http,
        socket,
        manifest,
        limits,
        latency,
        person,
        org,
        channel,
        group,
        member,
        envelopes,
        connections,
        settle,
        repeat,
        reset,
    )
}


async def operate(site: Site, given: Given) -> Given:
    """Run one operation; never raises."""
    operation = OPERATIONS.get(str(given.get("op")))
    if operation is None:
        known = ", ".join(sorted(OPERATIONS))
        return {"ok": False, "error": f"there is no operation `{given.get('op')}`: {known}"}
    try:
        return {"ok": True, **await operation(site, given)}
    except PlaygroundError as error:
        return {"ok": False, "error": str(error)}
    except (TypeError, ValueError) as error:
        return {"ok": False, "error": f"bad arguments: {error}"}
