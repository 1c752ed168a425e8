"""Refusals, incident words and banners: one person's language, names and numbers filled in."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.desk.ids import IncidentId, TicketId, UserId
from bot.desk.incidents import IncidentBanner, IncidentWord
from bot.desk.language import OFFERED
from bot.desk.tickets import Refusal
from bot.slack.blocks.rendering import render
from bot.slack.blocks.tickets.refusals import BY, WORDS
from bot.slack.words import speaking

NOW = datetime(2026, 11, 29, 9, 0, tzinfo=UTC)
LANGUAGES = ("", *OFFERED)


def said(notice: Refusal | IncidentWord | IncidentBanner, language: str) -> str:
    """Render it in a language."""
    with speaking(language):
        shown = render(notice)
    assert shown is not None
    return f"{shown.text} {shown.blocks}"


@pytest.mark.parametrize("why", WORDS)
def test_a_refusal_is_said_in_each_language_and_says_of_what_and_by_whom(why: str) -> None:
    """Each in words of its own; nothing is left unfilled."""
    by = UserId("U7") if why in BY or why == "not_a_member" else None
    notice = Refusal(why, TicketId(1042), by, NOW)  # type: ignore[arg-type]
    texts = [said(notice, language) for language in LANGUAGES]
    assert len(set(texts)) == len(LANGUAGES)
    for text in texts:
        assert not {"{number}", "{person}", "{ticket}"} & set(text.split())
        assert "T-1042" in text or why in {"unknown", "not_their_thread"}
        assert by is None or "<@U7>" in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("why", sorted(BY))
def test_where_nobody_is_known_nobody_is_named(why: str, language: str) -> None:
    """Nor a time that is not known, nor a number."""
    text = said(Refusal(why), language)  # type: ignore[arg-type]
    assert "<@" not in text
    assert "Frontline" not in text
    assert "<!date" not in text
    assert "T-" not in text


@pytest.mark.parametrize("what", ["told", "no_incident", "no_such_ticket", "nobodys", "opened"])
def test_words_of_incidents_are_said_in_each_language(what: str) -> None:
    """With ticket and title."""
    word = IncidentWord(what, IncidentId(3), TicketId(1042), "Mail <down>", 12)  # type: ignore[arg-type]
    texts = [said(word, language) for language in LANGUAGES]
    assert len(set(texts)) == len(LANGUAGES)
    assert all("&lt;down&gt;" in text or "T-1042" in text for text in texts)


@pytest.mark.parametrize("ended", [None, NOW])
def test_a_banner_is_said_in_each_language(ended: datetime | None) -> None:
    """Whose it is, since when, and what to do."""
    banner = IncidentBanner(IncidentId(3), "Mail", NOW, owner=UserId("U7"), ended_at=ended)
    texts = [said(banner, language) for language in LANGUAGES]
    assert len(set(texts)) == len(LANGUAGES)
    assert all("Mail" in text and "<!date" in text for text in texts)
