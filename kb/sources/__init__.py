"""Readers of the places that articles come from."""

from kb.sources.readers import SourceEntry, read_source

__all__ = ["SourceEntry", "read_source"]
