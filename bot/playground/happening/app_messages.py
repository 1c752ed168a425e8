"""The app's messages: what they may hold, and how Slack gives them back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.playground.blockkit import check_message_blocks, complete_blocks
from bot.playground.errors import SlackError
from bot.playground.happening.richtext import rich_text_block

if TYPE_CHECKING:
    from bot.playground.site import Site
    from bot.playground.state.timeline import Message
    from bot.playground.state.workspace import Channel

MAX_TEXT = 40_000
MAX_MARKDOWN = 12_000
MAX_ATTACHMENTS = 100


def checked_content(
    site: Site, text: str, blocks: list[Any] | None, attachments: list[Any] | None
) -> Message:
    """Text, blocks and attachments as Slack keeps them; raises SlackError."""
    if not text.strip() and not blocks and not attachments:
        raise SlackError("no_text")
    if len(text) > MAX_TEXT:
        raise SlackError("msg_too_long")
    if attachments and len(attachments) > MAX_ATTACHMENTS:
        raise SlackError("too_many_attachments")
    message: Message = {"text": text}
    if blocks:
        check_message_blocks(blocks)
        message["blocks"] = complete_blocks(blocks, site.ids)
    elif text.strip() and not attachments:
        # Slack keeps a text alone as a block too; Bolt's store of thread contexts relies on it.
        message["blocks"] = [rich_text_block(text, site.ids.short())]
    if attachments:
        if not all(isinstance(attachment, dict) for attachment in attachments):
            raise SlackError("invalid_attachments")
        message["attachments"] = [
            {"id": n, "fallback": "[no preview available]", **a}
            for n, a in enumerate(attachments, 1)
        ]
    return message


def authored(site: Site, message: Message) -> Message:
    """A message as the app's bot user sends it."""
    workspace = site.workspace
    bot = workspace.bot
    return {
        "type": "message",
        "user": bot.user_id,
        "bot_id": bot.bot_id,
        "app_id": bot.app_id,
        "team": workspace.team.id,
        "bot_profile": {
            "id": bot.bot_id,
            "app_id": bot.app_id,
            "user_id": bot.user_id,
            "name": bot.real_name,
            "icons": {"image_48": f"{site.base_url}/playground/icon.svg"},
            "deleted": False,
            "updated": 1_700_000_000,
            "team_id": workspace.team.id,
        },
        **message,
    }


def permalink(site: Site, channel: Channel, message: Message) -> str:
    """The address of a message; in this workspace it leads to the page."""
    link = f"{site.base_url}/archives/{channel.id}/p{message['ts'].replace('.', '')}"
    thread_ts = message.get("thread_ts")
    if thread_ts is not None and thread_ts != message["ts"]:
        link += f"?thread_ts={thread_ts}&cid={channel.id}"
    return link
