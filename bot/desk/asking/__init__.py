"""What a requester wants: messages, answers, questions back, walking through an article."""

from bot.desk.asking.commands import (
    AnswerRoute,
    CallPerson,
    Choose,
    ChooseBranch,
    Deleted,
    Edited,
    Message,
    NotHelpful,
    Place,
    Solved,
    StartWalk,
    TellStep,
    WalkPress,
)
from bot.desk.asking.notices import (
    Answer,
    Clarify,
    Courtesy,
    FirstWords,
    Option,
    RouteQuestion,
    Thanked,
)
from bot.desk.asking.walking import Step, Walk, steps_of

__all__ = [
    "Answer",
    "AnswerRoute",
    "CallPerson",
    "Choose",
    "ChooseBranch",
    "Clarify",
    "Courtesy",
    "Deleted",
    "Edited",
    "FirstWords",
    "Message",
    "NotHelpful",
    "Option",
    "Place",
    "RouteQuestion",
    "Solved",
    "StartWalk",
    "Step",
    "TellStep",
    "Thanked",
    "Walk",
    "WalkPress",
    "steps_of",
]
