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
