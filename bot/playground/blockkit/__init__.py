"""Block Kit: what Slack accepts, and how it gives accepted blocks back."""

from bot.playground.blockkit.completing import complete_blocks

__all__ = ["complete_blocks"]
