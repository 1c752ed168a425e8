"""Taking somebody's words out of a published page, which stays a page that can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.publishing.fronts import quoted, read_front

if TYPE_CHECKING:
    from collections.abc import Iterable


def without_words(page: str, words: Iterable[str], instead: str, name: str) -> str:
    """Give a page in which none of these words stand; a question that was nothing else goes.

    Raises:
        PublishingError: it could not be read any more.
    """
    for each in sorted(words, key=len, reverse=True):
        on_one_line = " ".join(each.split())
        # In the front matter words stand as a string in quotes.
        for form in (each, on_one_line, quoted(on_one_line)[1:-1]):
            page = page.replace(form, instead)
    empty = {f'- "{instead}"', f"- {instead}"}
    kept = [line for line in page.splitlines(keepends=True) if line.strip() not in empty]
    page = "".join(kept)
    read_front(page, name)
    return page
