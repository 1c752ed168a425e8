"""What is learned of settled tickets: labels, ratings, and drafts of articles."""

from bot.desk.learning.commands import (
    DismissDraft,
    DraftPress,
    EditDraft,
    MergeDraft,
    PublishDraft,
    TakeUpDraft,
)
from bot.desk.learning.composing import (
    GONE,
    Asked,
    compose,
    sample_questions,
    says_something,
)
from bot.desk.learning.drafts import (
    DRAFT_TRANSITIONS,
    Draft,
    DraftId,
    Drafts,
    DraftState,
    Near,
    Text,
)
from bot.desk.learning.feedback import LABELS, STARS, Feedback, Rating, TriageLabel
from bot.desk.learning.notices import (
    ArticleNews,
    DraftCard,
    DraftWaits,
    DraftWord,
    LearningNotice,
)

__all__ = [
    "DRAFT_TRANSITIONS",
    "GONE",
    "LABELS",
    "STARS",
    "ArticleNews",
    "Asked",
    "DismissDraft",
    "Draft",
    "DraftCard",
    "DraftId",
    "DraftPress",
    "DraftState",
    "DraftWaits",
    "DraftWord",
    "Drafts",
    "EditDraft",
    "Feedback",
    "LearningNotice",
    "MergeDraft",
    "Near",
    "PublishDraft",
    "Rating",
    "TakeUpDraft",
    "Text",
    "TriageLabel",
    "compose",
    "sample_questions",
    "says_something",
]
