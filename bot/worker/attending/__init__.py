"""Watching clock and line: what was missed is read, and a deaf line replaced."""
