"""What people do in conversations: they talk, react, read, come and go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.playground.acts.act import Act, Answer, home_opened
from bot.playground.errors import Refused, SlackError
from bot.playground.happening import assistants, membership, posting, sharing
from bot.playground.happening.richtext import encode, rich_text_block

if TYPE_CHECKING:
    from bot.playground.site import Site
    from bot.playground.state.timeline import Message
    from bot.playground.state.workspace import Channel

MAX_TEXT = 40_000


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
    files = _attached(act)
    home = act.site.workspace.team.id
    team = act.site.workspace.users[act.user].team
    said: Message = {
        "type": "message",
        "user": act.user,
        "client_msg_id": act.site.ids.uuid(),
        "team": team or home,
        **({"user_team": team, "source_team": team} if team else {}),
        **_composed(act, optional=bool(files)),
    }
    if act.site.workspace.users[act.user].is_bot:
        # Another app posts: Slack names it, and no client composed the message.
        del said["client_msg_id"]
        said["bot_id"] = act.site.workspace.users[act.user].bot_id or f"B{act.user[1:]}"
    if files:
        said |= {"subtype": "file_share", "files": files, "upload": False, "display_as_bot": False}
        for file in files:
            act.site.files.share(file, channel.id)
    thread_ts = act.given.get("thread_ts")
    if not thread_ts and _is_to_assistant(act, channel):
        thread_ts = assistants.open_thread(act.site, act.user, None)["ts"]
    if thread_ts:
        parent = act.site.workspace.find_message(channel, str(thread_ts))
        if parent is None:
            raise Refused("That thread does not exist any more.")
        said["thread_ts"] = parent.get("thread_ts", parent["ts"])
        if act.given.get("broadcast"):
            said["subtype"] = "thread_broadcast"
    ts = posting.post(act.site, channel, said)["ts"]
    sharing.tell_shared(act.site, files, channel.id, act.user)
    return {"ts": ts}


async def assistant(act: Act) -> Answer:
    """Open a thread with the app's assistant, beside the channel that one looks at."""
    if act.site.installation.surface != "assistant":
        raise Refused("This app is no assistant: its manifest has no `assistant_view`.")
    beside = act.channel() if act.given.get("channel") else None
    opened = assistants.open_thread(act.site, act.user, beside)
    im = act.site.workspace.im(act.user, act.site.workspace.bot.user_id)
    return {"channel": im.id, "ts": opened["ts"]}


async def assistant_context(act: Act) -> Answer:
    """Look at another channel while a thread with the assistant is open."""
    beside = act.channel()
    im = act.site.workspace.im(act.user, act.site.workspace.bot.user_id)
    root = act.site.workspace.find_message(im, act.text("thread_ts"))
    if root is None:
        raise Refused("That thread does not exist any more.")
    assistants.look_at(act.site, act.user, im, root["ts"], beside)
    return {}


async def edit(act: Act) -> Answer:
    """Change one's own message."""
    channel = act.channel()
    own = act.own_message(channel)
    posting.edit(act.site, channel, own, _composed(act), act.user)
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
        home_opened(act, channel, "messages")
    return {"channel": channel.id}


async def join(act: Act) -> Answer:
    """Join a public channel."""
    channel = act.site.workspace.channel(act.text("channel"))
    if channel is None or channel.kind != "channel":
        raise Refused("There is no such public channel.")
    membership.join(act.site, channel, act.user)
    return {"channel": channel.id}


async def leave(act: Act) -> Answer:
    """Leave a channel."""
    membership.leave(act.site, act.channel(), act.user)
    return {}


async def invite(act: Act) -> Answer:
    """Add somebody to a channel that one is in."""
    user = act.text("user")
    if user not in act.site.workspace.users:
        raise Refused("There is nobody of that id.")
    membership.join(act.site, act.channel(), user, inviter=act.user)
    return {}


def _is_to_assistant(act: Act, channel: Channel) -> bool:
    """Whether a message begins a chat: an assistant talks in threads only."""
    is_its = channel.is_im and act.site.workspace.bot.user_id in channel.members
    return is_its and act.site.installation.surface == "assistant"


def _attached(act: Act) -> list[dict[str, Any]]:
    """The files that go with a message: uploaded before, by the same person."""
    wanted = act.given.get("files") or []
    known = act.site.files.shared
    if not isinstance(wanted, list) or not all(
        isinstance(one, str) and known.get(one, {}).get("user") == act.user for one in wanted
    ):
        raise Refused("A file must be uploaded before it is sent.")
    return [known[one] for one in wanted]


def _composed(act: Act, *, optional: bool = False) -> dict[str, Any]:
    """What was typed, as the composer sends it: text and blocks."""
    typed = act.given.get("text")
    if not isinstance(typed, str) or not typed.strip():
        if optional:
            return {"text": ""}
        raise Refused("There is nothing to send.")
    if len(typed) > MAX_TEXT:
        raise Refused(f"A message can have {MAX_TEXT} characters; this one has {len(typed)}.")
    text = encode(typed.rstrip(), Names(act.site))
    return {"text": text, "blocks": [rich_text_block(text, act.site.ids.short())]}
