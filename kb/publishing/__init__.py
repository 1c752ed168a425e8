"""Writing articles into the organisation's folder: Markdown, a commit, found at once."""

from kb.publishing.shelf import Published, PublishingError, Shelf

__all__ = ["Published", "PublishingError", "Shelf"]
