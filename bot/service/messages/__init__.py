"""What holds for every message: its form, its record, and what comes late."""
