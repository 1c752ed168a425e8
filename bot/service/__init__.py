"""Use cases: what happens when somebody asks, presses or writes."""
