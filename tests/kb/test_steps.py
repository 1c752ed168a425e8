"""An article's numbered lists: whose they are, and that nothing is cut off."""

from __future__ import annotations

import pytest

from kb.steps import BLOCKS, step_lists


@pytest.mark.parametrize(
    ("body", "titles"),
    [
        ("## Steps\n**Windows**\n\n1. A\n\n**macOS**\n\n1. B\n", ["Windows", "macOS"]),
        ("## Steps\n### On a phone\n1. A\n### On a tablet\n1. B\n", ["On a phone", "On a tablet"]),
        ("# Add a key\n1. A\n# Remove a key\n1. B\n", ["Add a key", "Remove a key"]),
        (
            "## Access\nTo create a team:\n\n1. A\n\nTo leave it:\n\n1. B\n",
            ["Access", "To leave it"],
        ),
        ("## Steps\nOn Linux:\n\n1. A\n\nOn Windows:\n\n1. B\n", ["On Linux", "On Windows"]),
        ("## Steps\n1. A\n\n## Check\n1. Not a step\n", ["Steps"]),
        ("## Do it\n1. A\n\n## When to ask for a person\n1. Call.\n", ["Do it"]),
        ("Text\n\n1. A\n\nText\n\n<!-- -->\n\n1. B\n", [""]),
        ("Just words.", []),
    ],
)
def test_lists_are_told_apart_by_what_stands_above_them(body: str, titles: list[str]) -> None:
    """Bold words, a heading of their own, or a line with a colon."""
    assert [each.title for each in step_lists(body, BLOCKS.parse(body))] == titles


@pytest.mark.parametrize(
    "between",
    [
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "```\nmake\n```",
        "A word about it.",
        "> Careful.",
        "![](x.png)",
    ],
)
def test_what_interrupts_a_list_belongs_to_the_step_above(between: str) -> None:
    """A table between the second and the third step takes neither away."""
    body = f"## Steps\n1. One\n2. Two\n\n{between}\n\n3. Three\n"
    (only,) = step_lists(body, BLOCKS.parse(body))
    assert len(only.steps) == 3
    assert between in only.steps[1]
    assert only.steps[2] == "Three"
