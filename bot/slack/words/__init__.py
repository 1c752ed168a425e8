"""What people read, in their language: gettext catalogues, and who speaks which just now."""

from bot.slack.words.catalogues import FOLDER, N_, _, speaking

__all__ = ["FOLDER", "N_", "_", "speaking"]
