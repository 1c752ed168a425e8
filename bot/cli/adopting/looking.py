"""What `frontline init` says of the articles that it brought in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kb.articles import Article

FOREIGN_SHARE = 0.05
"""From this share on another language is no exception."""

BEGINNING = 400
LONGEST_EXAMPLE = 12
_ASKS = re.compile(r"(?:how|what|where|when|who|which|can|do)\b", re.IGNORECASE)
_WHOLE = {"readme", "index", "home", "summary"}


def example_of(articles: Sequence[Article]) -> str:
    """Give something to ask: a sample question, a title that asks, or one that says most."""
    questions = [question for one in articles for question in one.questions]
    titles = [one.title for one in articles if one.id.rsplit("/", 1)[-1] not in _WHOLE]
    asking = [each for each in titles if each.endswith("?") or _ASKS.match(each)]
    # Why there are such pages asks nobody who needs something done.
    asking.sort(key=lambda each: not each.lower().startswith("how"))
    plain = [each for each in titles if len(each.split()) <= LONGEST_EXAMPLE]
    found = questions[:1] or asking[:1] or sorted(plain, key=lambda each: -len(each.split()))[:1]
    return found[0] if found else "How do I …?"


def unread_languages(articles: Sequence[Article]) -> str:
    """Say how many articles an encoder that reads English alone does not read; empty if few."""
    from kb.encoding.languages import is_foreign

    many = sum(is_foreign(f"{one.title}. {one.body[:BEGINNING]}") for one in articles)
    if not articles or many < FOREIGN_SHARE * len(articles):
        return ""
    return (
        f"{many} of {len(articles)} articles are in another language than English, which the "
        "encoder does not read: run this again with --force and without --english"
    )
