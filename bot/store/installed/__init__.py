"""Where the app is installed, for a process that serves several workspaces; tokens are sealed."""

from bot.store.installed.installations import Installations
from bot.store.installed.states import States

__all__ = ["Installations", "States"]
