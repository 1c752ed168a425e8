"""What people do, freed from the form in which Slack tells it."""

from __future__ import annotations

from bot.desk.asking import (
    AnswerRoute,
    AskBesides,
    CallPerson,
    Choose,
    ChooseWay,
    Deleted,
    Edited,
    Message,
    NotHelpful,
    Solved,
    SomethingElse,
    WalkPress,
)
from bot.desk.beyond import ActedBeyond
from bot.desk.incidents import IncidentPress
from bot.desk.learning import LearningPress
from bot.desk.oncall import OnCallCommand
from bot.desk.tickets import ClosingPress, NotFixed, PassOn, Resolve, Take, ThreadPress
from bot.desk.views import PlaceCommand

RequesterPress = (
    Solved
    | NotHelpful
    | Choose
    | ChooseWay
    | CallPerson
    | SomethingElse
    | AskBesides
    | NotFixed
    | ClosingPress
    | WalkPress
    | AnswerRoute
)
EngineerPress = Take | PassOn | Resolve | ThreadPress
Command = (
    Message
    | Edited
    | Deleted
    | RequesterPress
    | EngineerPress
    | IncidentPress
    | OnCallCommand
    | PlaceCommand
    | LearningPress
)

Delivered = Command | ActedBeyond
"""What the inbox holds: what people did in Slack, and what another system tells."""
