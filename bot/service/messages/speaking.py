"""People are spoken to in their language: that of their Slack, or that in which they write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.asking import Message
from bot.desk.language import ENGLISH, OFFERED, spoken_to
from bot.desk.privacy import is_direct
from bot.desk.views import AskDesk, AskDirectly, OpenHome
from bot.service.messages.wording import WORDLESS_REQUEST

if TYPE_CHECKING:
    from bot.desk.commands import Command
    from bot.desk.ids import ChannelId, Thread, UserId
    from bot.desk.ports.work import Change, UnitOfWork
    from bot.service.context import Desk


def in_their_language(command: Command, change: Change, desk: Desk) -> Change:
    """Give the same change, with the language of whoever wrote written down before it.

    What is said of a ticket is in the language in which that one was last written: a word in
    another thread changes nothing about it.
    """
    said = _words_of(command)
    if said is None:
        return change
    user, words, direct = said
    # Asked for here: Slack and a guess may take their time.
    locale, written = desk.directory.locale(user), desk.surely_in(words)
    likely = "" if written else desk.likely_in(words)
    thread = command.thread if isinstance(command, Message) else None
    goes_on = isinstance(command, Message) and not command.is_top_level

    def and_speak(uow: UnitOfWork) -> None:
        before, place, there = uow.languages.known(user, thread)
        known = not direct or place == direct
        firm = spoken_to(locale, written, there or before)
        now = firm if there or before else spoken_to(locale, written, _offered(likely))
        # A word that could be of any language, in one thread, says nothing of the person.
        unsaid = (bool(there) and not written) or now != firm
        if not unsaid and not (now == before and known) and (now != ENGLISH or before):
            uow.languages.speak(user, now, direct)
        if goes_on and thread is not None:
            # Before it, too: whoever is called now reads in which language it goes on.
            uow.languages.speak_in(thread, now, user)
        change(uow)
        if thread is not None:
            uow.languages.speak_in(thread, now, user)

    return and_speak


def language_for(text: str, user: UserId, thread: Thread, desk: Desk) -> str:
    """Say in which language something is asked about a text: its own, where that is clear.

    A word or two may be of any; then it is that of their Slack, or of what was said before.
    """
    text = "" if text == WORDLESS_REQUEST else text
    written = desk.language(text)
    if written != ENGLISH or desk.surely_in(text) == ENGLISH:
        return written
    with desk.look() as uow:
        before, _, there = uow.languages.known(user, thread)
    known = there or before or _offered(desk.likely_in(text))
    return spoken_to(desk.directory.locale(user), "", known)


def _offered(language: str) -> str:
    """Give a language that is spoken here; else nothing."""
    return language if language in OFFERED else ""


def _words_of(command: Command) -> tuple[UserId, str, ChannelId | None] | None:
    """Give who wrote, what, and in which direct conversation."""
    if isinstance(command, Message):
        direct = command.channel if is_direct(command.channel) else None
        return command.user, command.text, direct
    if isinstance(command, AskDirectly | AskDesk):
        return command.at.user, command.text, None
    if isinstance(command, OpenHome):
        return command.at.user, "", None
    return None
