"""Writing articles into the organisation's folder: Markdown, a commit, found at once."""

from kb.errors import PublishingError
from kb.publishing.shelf import Published, Shelf

__all__ = ["Published", "PublishingError", "Shelf"]
