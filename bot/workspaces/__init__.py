"""Several workspaces in one process: each with its own folder and desk, behind one address."""

from bot.workspaces.house import House

__all__ = ["House"]
