"""What a report counts, read from SQLite as columns of numbers."""
