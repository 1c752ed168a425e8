"""An assistant's threads: somebody opens one beside a channel, and looks at another channel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.playground.happening import posting
from bot.playground.happening.app_messages import authored

if TYPE_CHECKING:
    from bot.playground.site import Site
    from bot.playground.state.timeline import Message
    from bot.playground.state.workspace import Channel

FIRST_TITLE = "New Assistant Thread"


def open_thread(site: Site, user: str, beside: Channel | None) -> Message:
    """Begin a thread with the app, beside the channel that somebody looks at."""
    channel = site.workspace.im(user, site.workspace.bot.user_id)
    root = authored(site, {"text": FIRST_TITLE, "subtype": "assistant_app_thread"})
    root["assistant_app_thread"] = {"title": FIRST_TITLE, "title_blocks": [], "artifacts": []}
    posted = posting.post(site, channel, root)
    # A thread from its first moment, as Slack has it.
    posted["thread_ts"] = posted["ts"]
    site.workspace.save_message(channel, posted)
    _tell(site, "assistant_thread_started", user, channel, posted["ts"], beside)
    return posted


def look_at(site: Site, user: str, channel: Channel, thread_ts: str, beside: Channel) -> None:
    """Somebody with an open thread goes to another channel."""
    _tell(site, "assistant_thread_context_changed", user, channel, thread_ts, beside)


def name_thread(site: Site, channel: Channel, root: Message, title: str) -> None:
    """Give a thread its title."""
    about = root.setdefault("assistant_app_thread", {"title_blocks": [], "artifacts": []})
    about["title"] = title
    if root.get("subtype") == "assistant_app_thread":
        root["text"] = title
    site.workspace.save_message(channel, root)
    posting.show_changed(site, channel, root)


def _tell(  # noqa: PLR0913, PLR0917  (who, where, beside what)
    site: Site, what: str, user: str, channel: Channel, thread_ts: str, beside: Channel | None
) -> None:
    team = site.workspace.team
    context: dict[str, Any] = {}
    if beside is not None:
        enterprise = team.enterprise_id or None
        context = {"channel_id": beside.id, "team_id": team.id, "enterprise_id": enterprise}
    thread = {"user_id": user, "context": context, "channel_id": channel.id, "thread_ts": thread_ts}
    moment = site.workspace.next_ts()
    posting.emit(site, {"type": what, "assistant_thread": thread, "event_ts": moment})
