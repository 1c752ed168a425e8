"""The database's shape, as steps that are never edited once released; the newest come last."""

from __future__ import annotations

from importlib import import_module

from bot.store.migrations.registry import migrations

__all__ = ["migrations"]

for _steps in ("first_desk", "kept_whole", "beyond_one_case", "beyond_one_machine"):
    # Read in this order, whatever a formatter thinks of imports: the order is that of the steps.
    import_module(f"bot.store.migrations.{_steps}")
