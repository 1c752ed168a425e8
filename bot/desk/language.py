"""In which language somebody is spoken to."""

from __future__ import annotations

ENGLISH = "en"
OFFERED = ("de", "fr", "es", "pt", "ja")
"""Beside English."""


def spoken_to(locale: str, written: str, before: str) -> str:
    """Choose the language for somebody.

    That of their Slack, where it is one that Frontline speaks. English is what Slack is set to
    where nobody chose, so then it goes by what they write: `written` is the language that their
    words are surely in, or nothing, and `before` what was chosen at an earlier message.
    """
    chosen = locale.replace("_", "-").partition("-")[0].lower()
    if chosen in OFFERED:
        return chosen
    if written in OFFERED:
        return written
    if written == ENGLISH:
        return ENGLISH
    return before or ENGLISH
