"""PostgreSQL in SQLite's place: the same statements, translated, over the same interface."""
