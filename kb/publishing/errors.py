"""What stands in the way of publishing."""

from __future__ import annotations

from kb.errors import KnowledgeBaseError


class PublishingError(KnowledgeBaseError):
    """An article could not be written; nothing was changed."""
