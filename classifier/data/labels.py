"""The labels of the support desk, once; what they mean is in docs/reference/labels.md."""

from __future__ import annotations

from typing import Final

L1: Final = "L1"
L2: Final = "L2"
L3: Final = "L3"
CHAT: Final = "chat"

LABELS: Final = (L1, L2, L3, CHAT)
"""All desk labels, from the lowest tier up; chat asks for nobody."""

MUST_ESCALATE: Final = (L2, L3)
"""What an article cannot settle: answering these away is the dear mistake."""

USUAL: Final = "none"
"""Of a message that goes the usual way."""

MATTERS: Final = frozenset({"danger", "security", "confidential", USUAL})
"""What a message may be about that has a route of its own."""

IMPACTS: Final = (
    frozenset({"one", "several", "many"}),
    frozenset({"can wait", "hindered", "stopped"}),
)
"""How many are affected, and what it does to their work."""

PRIORITIES: Final = {
    ("many", "stopped"): "P1",
    ("many", "hindered"): "P2",
    ("many", "can wait"): "P3",
    ("several", "stopped"): "P2",
    ("several", "hindered"): "P3",
    ("several", "can wait"): "P4",
    ("one", "stopped"): "P3",
    ("one", "hindered"): "P4",
    ("one", "can wait"): "P4",
}
"""The desk's matrix of impact and urgency; a test holds it equal to the bot's."""
