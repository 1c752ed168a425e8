"""What the one who installed the app is told, in private: that it is there, and how to go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.slack.errors import translated

if TYPE_CHECKING:
    from slack_sdk import WebClient

    from bot.desk.ids import UserId

WELCOME = """\
*Frontline is here, and knows nothing yet.* What it needs, from you to whoever runs it for you:
• *Your articles*: the folder, wiki, help centre or repository where people would look things up.
• *Where people ask*: the channel. It begins with #it-help, once you invite it there.
• *Who is called* when no article helps: a channel and the people of L2 and of L3. \
It begins with #l2-support and #l3-engineering; invite it there too.
Until then it answers from no article, and passes on what it is asked. You look after this desk: \
it tells you here of trouble, and its Home shows you how it does."""


def welcome(client: WebClient, installer: UserId) -> None:
    """Write to the installer.

    Raises:
        DeliveryError: Slack does not let it.
        RetryableDeliveryError: Slack does not answer.
    """
    with translated("writing to who installed the app"):
        opened = client.conversations_open(users=installer)
        client.chat_postMessage(
            channel=str(opened["channel"]["id"]),
            text=WELCOME,
            blocks=[{"type": "section", "text": {"type": "mrkdwn", "text": WELCOME}}],
        )
