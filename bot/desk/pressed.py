"""What came of a message with buttons; it is shown in their place."""

from __future__ import annotations

from typing import Literal

Pressed = Literal[
    "solved",
    "withdrawn",
    "not_helpful",
    "person",
    "chosen",
    "superseded",
    "not_fixed",
    "fixed",
    "route_yes",
    "route_no",
    "other_problem",
]
