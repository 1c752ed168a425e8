"""How drafts and the news of articles look."""
