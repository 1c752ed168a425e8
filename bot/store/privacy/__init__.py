"""Copies of people's words: which columns hold them, how they are replaced, what is told once."""
