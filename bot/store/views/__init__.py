"""What people see where they look, read from SQLite at one instant."""
