"""Reading files in a process of its own, within limits of time and memory."""

from kb.sources.apart.limits import Limits
from kb.sources.apart.process import ReaderApart, shared

__all__ = ["Limits", "ReaderApart", "shared"]
