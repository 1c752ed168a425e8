"""Readers of the places that articles come from."""

from kb.sources.readers import Reading, read_source

__all__ = ["Reading", "read_source"]
