"""Danger, security, what is confidential: words that answer about it, words that may tell it."""
