"""What leaves Slack and comes back: targets, what they are told, pages, acknowledgements."""

from bot.desk.beyond.commands import ActedBeyond, Deed
from bot.desk.beyond.outgoing import (
    About,
    AboutProblem,
    Outgoing,
    about,
    commented,
    in_a_line,
    kept_back,
    page_key,
    problem_in_a_line,
    without,
)
from bot.desk.beyond.pages import Page, PageState, after, at_rest
from bot.desk.beyond.targets import OUT, SUBSCRIBED, Happening, Target, Targets

__all__ = [
    "OUT",
    "SUBSCRIBED",
    "About",
    "AboutProblem",
    "ActedBeyond",
    "Deed",
    "Happening",
    "Outgoing",
    "Page",
    "PageState",
    "Target",
    "Targets",
    "about",
    "after",
    "at_rest",
    "commented",
    "in_a_line",
    "kept_back",
    "page_key",
    "problem_in_a_line",
    "without",
]
