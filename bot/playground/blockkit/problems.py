"""Collecting what is wrong with a block, in the words in which Slack says it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Node = dict[str, Any]


@dataclass
class Problems:
    """The problems found so far, each with a JSON pointer to its place."""

    found: list[str] = field(default_factory=list)

    def add(self, what: str, at: str) -> None:
        """Note a problem."""
        self.found.append(f"{what} [json-pointer:{at}]")

    def is_object(self, value: Any, at: str) -> bool:
        """Whether a value is an object; noted if it is not."""
        if not isinstance(value, dict):
            self.add("must provide an object", at)
            return False
        return True

    def length(self, value: Any, at: str, largest: int, smallest: int = 0) -> None:
        """A string of a permitted length."""
        if not isinstance(value, str):
            self.add("must provide a string", at)
        elif len(value) > largest:
            self.add(f"must be less than {largest + 1} characters", at)
        elif len(value) < smallest:
            self.add(f"must be more than {smallest - 1} characters", at)

    def optional_length(self, node: Node, key: str, at: str, largest: int) -> None:
        """The same, for a field that may be missing."""
        if node.get(key) is not None:
            self.length(node[key], f"{at}/{key}", largest)

    def items(self, value: Any, at: str, largest: int, smallest: int = 1) -> list[Any]:
        """A list of a permitted length; an empty one if it is none at all."""
        if not isinstance(value, list):
            self.add("must be a valid array", at)
            return []
        if len(value) > largest:
            self.add(f"no more than {largest} items allowed", at)
        elif len(value) < smallest:
            self.add(f"no less than {smallest} items allowed", at)
        return value

    def keys(self, node: Node, at: str, required: set[str], allowed: set[str]) -> bool:
        """The fields that must be there and those that may; False if one is missing."""
        missing = sorted(key for key in required if node.get(key) is None)
        for key in missing:
            self.add(f"missing required field: {key}", at)
        for key in sorted(set(node) - required - allowed - {"type"}):
            self.add(f"invalid additional property: {key}", at)
        return not missing
