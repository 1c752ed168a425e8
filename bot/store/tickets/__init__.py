"""Tickets, escalations, steps tried, and what looks alike, in SQLite."""
