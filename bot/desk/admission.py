"""Who may ask and who may act: people of the organisation, guests, and everybody else."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Standing(StrEnum):
    """How somebody stands to the workspace."""

    MEMBER = "member"
    GUEST = "guest"
    STRANGER = "stranger"
    """Of another organisation, in a channel that is shared with it."""
    GONE = "gone"
    """Deactivated."""
    BOT = "bot"
    UNKNOWN = "unknown"
    """Slack did not tell."""


class Rights(StrEnum):
    """What people of a kind may do."""

    REFUSE = "refuse"
    ANSWER = "answer"
    """Be told what public articles say; nothing is kept, nobody is called."""
    ASK = "ask"
    ACT = "act"
    """Ask, and take escalations where they are in a resolver group."""


@dataclass(frozen=True)
class Admission:
    """What those may do who are no full members; members may ask and act."""

    strangers: Rights = Rights.ANSWER
    guests: Rights = Rights.ASK
    public: frozenset[str] = frozenset()
    """Collections of articles that are told to anybody."""

    def rights(self, standing: Standing) -> Rights:
        """Say what somebody may do; whoever Slack does not tell of is not refused for that.

        To act they have to be in a resolver group as well, which Slack has told within a minute.
        """
        match standing:
            case Standing.MEMBER | Standing.UNKNOWN:
                return Rights.ACT
            case Standing.GUEST:
                return self.guests
            case Standing.STRANGER:
                return self.strangers
            case Standing.GONE | Standing.BOT:
                return Rights.REFUSE

    def may_ask(self, standing: Standing) -> bool:
        """Tell whether somebody may ask."""
        return self.rights(standing) in {Rights.ASK, Rights.ACT}

    def told(self, standing: Standing) -> frozenset[str]:
        """Name the collections that one who may not ask is told what they say."""
        return self.public if self.rights(standing) is Rights.ANSWER else frozenset()

    def may_act(self, standing: Standing) -> bool:
        """Tell whether somebody may act where they are in a resolver group."""
        return self.rights(standing) is Rights.ACT
