"""Drafts of articles: proposed from resolutions, reviewed, published."""
