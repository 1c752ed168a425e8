"""Where each step is entered, in the order in which the modules are read."""

from __future__ import annotations

from sqlite_utils.migrations import Migrations

migrations = Migrations("desk")

NARROWING: frozenset[str] = frozenset()
"""Steps with which an older version that runs beside cannot go on, since they take away or rename.

All others only add; a new column has a default. So replicas are updated one after the other.
"""
