"""Labels, ratings and drafts in SQLite."""
