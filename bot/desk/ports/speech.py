"""In which language people are spoken to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from bot.desk.ids import ChannelId, Thread, TicketId, UserId


class Languages(Protocol):
    """The languages of people, also where they write to us directly."""

    def of(self, whom: str) -> str:
        """Give the language of a person, or of a direct conversation; empty if not known."""

    def known(self, user: UserId, thread: Thread | None = None) -> tuple[str, str, str]:
        """Give a person's language, where they write to us directly, and that of a thread.

        The last is that of the thread's ticket, where it is this person's. What is not known is
        empty.
        """

    def speak(self, user: UserId, language: str, direct: ChannelId | None = None) -> None:
        """Speak to a person in a language from now on, also where they write to us directly."""

    def on(self, ticket: TicketId) -> str:
        """Give the language in which a ticket is spoken of; empty if not known."""

    def speak_in(self, thread: Thread, language: str, user: UserId) -> None:
        """Speak of a thread's ticket in a language from now on, where it is this person's."""
