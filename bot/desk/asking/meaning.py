"""What somebody means by what they write: in a thread that has a history, and at its beginning."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Meaning(StrEnum):
    """What a message means for what happens next."""

    FAILED = "failed"
    STEP = "step"
    SOLVED = "solved"
    DETAILS = "details"
    ANOTHER = "another"
    PERSON = "person"
    STATUS = "status"
    THANKS = "thanks"
    TALK = "talk"
    ON_CALL = "on_call"


class Stage(StrEnum):
    """Where a thread stands when something is written into it."""

    NEW = "new"
    ANSWERED = "answered"
    WALKING = "walking"
    ASKED_BACK = "asked_back"
    ESCALATED = "escalated"
    TAKEN = "taken"
    WAITING = "waiting"
    SETTLED = "settled"
    CLOSED = "closed"


class Tone(StrEnum):
    """How words sound, whatever they mean: read by what they mention, in many languages."""

    ASKS = "asks"
    PLEASANT = "pleasant"
    PLAIN = "plain"


WITH_PEOPLE = frozenset({Stage.ESCALATED, Stage.TAKEN, Stage.WAITING})
AT_THE_END = frozenset({Stage.SETTLED, Stage.CLOSED})

TROUBLE = frozenset({Meaning.FAILED, Meaning.STEP})
"""Two names for much the same: it does not work yet."""

QUIET = frozenset({Meaning.TALK, Meaning.THANKS})
"""What may be left alone; it takes evidence of itself, never a lack of it for the rest."""

SURE: Mapping[Meaning, float] = {
    Meaning.SOLVED: 0.55,
    Meaning.TALK: 0.7,
    Meaning.THANKS: 0.5,
    Meaning.PERSON: 0.5,
    Meaning.ON_CALL: 0.6,
    Meaning.ANOTHER: 0.4,
    Meaning.STATUS: 0.5,
}
"""From this chance on a meaning is acted upon; what ends or silences something needs more."""

ELSE_SURE = 0.4

SURE_OF_TROUBLE = 0.5
"""From this chance on it does not work yet, by whichever of its two names."""

SURE_OF_QUIET = 0.6
"""From this chance on nothing is asked for, by whichever name."""

PERHAPS_ANOTHER = 0.15
"""From this chance on a question of its own is one, where an article that was not shown says so."""

PERHAPS_SOLVED = 0.35
"""From this chance on it is asked whether it is solved, where nothing else is likelier."""

PERHAPS_THANKED_FOR = 0.25
"""From this chance on beside thanks it is asked, too: "ah, there it is, thx"."""

PERHAPS_PLEASED = 0.3
"""From this chance on nobody is called again for what had ended: "right, it's quicker now"."""

SURE_WITH_PEOPLE = 0.8
"""From this chance on what engineers have in hand is solved: "thanks, I wait" sends nobody home,
nor does "meinen Kolleginnen geht es genauso", which has 0.73; below it is asked."""

PLEASED = frozenset({Meaning.SOLVED, Meaning.THANKS})
SURE_OF_BOTH = 0.7
"""Thanks for what worked are both; together they need more than one of them alone."""

SAID_OUTRIGHT = 0.6
"""From this chance on a first message is taken for what needs no article."""

SMALL_TALK, PLAIN_TALK = 0.8, 0.9
"""The evidence of small talk that is asked for where the classifier cannot read the language: of
what mentions something pleasant, and of what does not. Whoever asks for something is heard."""

SOME_TALK = 0.65
"""The evidence that is asked for beside the tiers' own, where they can. Of 497 first requests of
authors left out 17 meet silence so, with 0.8 8, with 0.5 27; of 540 lines among colleagues 151 are
left alone, with 0.8 131, with 0.5 166. "Lovely weather" has 0.67."""


@dataclass(frozen=True)
class Said:
    """A message in its thread: how the thread began, where it stands, what was shown last."""

    text: str
    stage: Stage = Stage.NEW
    opened: str = ""
    shown: str = ""
    by_requester: bool = True


@dataclass(frozen=True)
class Understood:
    """The chance of each meaning; none at all where nothing can be told."""

    chances: Mapping[Meaning, float] = field(default_factory=dict)

    def chance(self, *meanings: Meaning) -> float:
        """Give the chance that it is one of these."""
        return sum(self.chances.get(each, 0.0) for each in meanings)

    @property
    def meaning(self) -> Meaning | None:
        """What to act upon; None where nobody could tell."""
        if not self.chances:
            return None
        likeliest = max(self.chances, key=lambda each: self.chances[each])
        if self.chances[likeliest] >= SURE.get(likeliest, ELSE_SURE):
            return likeliest
        if likeliest is Meaning.SOLVED and self.chance(*PLEASED) >= SURE_OF_BOTH:
            return Meaning.SOLVED
        if self.chance(*TROUBLE) >= SURE_OF_TROUBLE:
            return max(TROUBLE, key=self.chance)
        if self.chance(*QUIET) >= SURE_OF_QUIET:
            # A word is said then: silence takes more.
            return Meaning.THANKS
        return None

    @property
    def perhaps_another(self) -> bool:
        """Whether it may be another question, and nothing else is sure."""
        return self.meaning is None and self.chance(Meaning.ANOTHER) >= PERHAPS_ANOTHER

    @property
    def perhaps_solved(self) -> bool:
        """Whether solved is likeliest, and too unsure to act upon; or thanks may be for that."""
        thanked = self.chance(*PLEASED) >= SURE_OF_BOTH
        if self.meaning is Meaning.THANKS and thanked:
            return self.chance(Meaning.SOLVED) >= PERHAPS_THANKED_FOR
        if not self.chances or self.meaning is not None:
            return False
        likeliest = max(self.chances, key=lambda each: self.chances[each])
        return likeliest is Meaning.SOLVED and self.chances[likeliest] >= PERHAPS_SOLVED

    @property
    def came_back(self) -> bool:
        """Whether what had ended is there again, and nothing speaks for the contrary."""
        return self.meaning in TROUBLE and self.chance(*PLEASED) < PERHAPS_PLEASED

    def outright(self) -> Meaning | None:
        """What a first message asks for in so many words: a person, the state of things."""
        wanted = (Meaning.PERSON, Meaning.STATUS, Meaning.ON_CALL, Meaning.SOLVED)
        return next((each for each in wanted if self.chance(each) >= SAID_OUTRIGHT), None)

    def is_small_talk(self, *, readable: bool, tone: Tone = Tone.PLEASANT) -> bool:
        """Tell whether a first message asks for nothing, by positive evidence."""
        if not self.chances:
            return readable
        if readable:
            return self.chance(*QUIET) >= SOME_TALK
        enough = SMALL_TALK if tone is Tone.PLEASANT else PLAIN_TALK
        return tone is not Tone.ASKS and self.chance(*QUIET) >= enough
