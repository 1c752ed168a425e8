"""What the one who installed the app is told, in private: that it is there, and how to go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.slack.errors import translated

if TYPE_CHECKING:
    from slack_sdk import WebClient

    from bot.desk.ids import UserId

WELCOME = """\
*I am here, and I know nothing yet.* What I need, from you to whoever runs Frontline for you:
• *Your articles*: the folder, wiki, help centre or repository where people would look things up.
• *Where people ask*: the channel. I begin with #it-help, once you invite me there.
• *Who is called* when no article helps: a channel and the people of L2 and of L3. \
I begin with #l2-support and #l3-engineering; invite me there too.
Tell them, not me: I would take it for a question.
Until then I answer from no article, and pass on what I am asked. You look after this desk: \
I tell you here of trouble, and my Home shows you how it does."""


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
