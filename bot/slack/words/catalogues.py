"""gettext catalogues, read as they are written: nothing compiled is kept.

Modules mark their words with `_` where they are said, and with `N_` where they are only named;
what is said within `speaking("de")` is German.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import NullTranslations
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).parent / "locale"
DOMAIN = "frontline"

_language: ContextVar[str] = ContextVar("language", default="")


def catalogue_of(language: str) -> Path:
    """Name the catalogue of a language."""
    return FOLDER / language / "LC_MESSAGES" / f"{DOMAIN}.po"


@cache
def _translations(language: str) -> NullTranslations:
    path = catalogue_of(language)
    if not language.isalpha() or not path.is_file():
        return NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return Translations(compiled, domain=DOMAIN)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Say what is said meanwhile in a language, by its code; in English where it has no words."""
    before = _language.set(language)
    try:
        yield
    finally:
        _language.reset(before)


def _(words: str) -> str:
    """Say something in the language that is spoken just now."""
    language = _language.get()
    return _translations(language).gettext(words) if language else words


def N_(words: str) -> str:  # noqa: N802 - the name by which gettext's tools find it
    """Mark words that are said later."""
    return words
