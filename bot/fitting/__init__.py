"""Offline: where knowledge base, classifier and decision are fitted and judged together."""
