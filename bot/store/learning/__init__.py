"""Labels and ratings in SQLite."""
