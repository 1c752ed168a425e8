"""Another matter that begins in the middle of a follow-up: "works now. btw the printer …"."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.desk.asking import PLEASED, QUIET, SURE_OF_BOTH, Meaning, Said
from bot.desk.deciding import Action
from bot.service.asking.reacting import offered
from bot.service.asking.understanding import understood_in
from bot.service.messages.wording import turns
from bot.service.readers.audience import readers_of

if TYPE_CHECKING:
    from bot.desk.asking import Message
    from bot.service.asking.standing import Standing
    from bot.service.context import Desk

NOTHING_NEW = frozenset({*QUIET, Meaning.SOLVED, Meaning.STATUS})
LIKELY = 0.5
"""From this chance on what follows a word of thanks is no matter of its own."""


def turned(message: Message, standing: Standing, desk: Desk) -> tuple[str, str] | None:
    """Cut a message where another matter begins after the first has ended; None elsewhere.

    It begins where words say so, or where the rest has an article that nobody spoke of yet.
    """
    if standing.anything:
        return None
    for before, after, is_said in turns(message.text):
        ended = understood_in(before, standing, desk)
        if ended.chance(*PLEASED) < SURE_OF_BOTH:
            continue
        if desk.triager.understand(Said(after)).chance(*NOTHING_NEW) >= LIKELY:
            continue
        if is_said or has_an_article_of_its_own(replace(message, text=after), standing, desk):
            return before, after
    return None


def has_an_article_of_its_own(message: Message, standing: Standing, desk: Desk) -> bool:
    """Tell whether words by themselves are answered by an article that nobody spoke of yet."""
    readers = readers_of(desk, message.channel, message.user)
    triage = desk.triager.triage(message.text, readers=readers)
    known = {*standing.ticket.articles_shown, standing.article, *offered(standing)}
    return triage.action is Action.ANSWER and triage.article not in known
