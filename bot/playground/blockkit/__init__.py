"""Block Kit: what Slack accepts, and how it gives accepted blocks back."""

from bot.playground.blockkit.completing import complete_blocks
from bot.playground.blockkit.surfaces import check_message_blocks, check_view

__all__ = ["check_message_blocks", "check_view", "complete_blocks"]
