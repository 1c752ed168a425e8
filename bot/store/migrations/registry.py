"""Where each step is entered, in the order in which the modules are read."""

from __future__ import annotations

from sqlite_utils.migrations import Migrations

migrations = Migrations("desk")
