"""What is known of people: told once, quoted, erased, forgotten, and kept for so long."""
