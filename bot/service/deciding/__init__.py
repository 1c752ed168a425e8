"""Asks classifier and knowledge base, and decides."""
