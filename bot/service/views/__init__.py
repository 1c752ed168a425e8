"""Builds what people see where they look, and serves what they ask for there."""
