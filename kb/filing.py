"""To which area an article belongs, and whose it is: by its fields, its folder, or a rule."""

from __future__ import annotations

import hashlib
import re
from dataclasses import astuple, dataclass, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from kb.articles import Article

_CONTAINERS = {
    "docs", "doc", "documentation", "content", "contents", "pages", "page", "articles", "article",
    "src", "source", "sources", "site", "website", "kb", "wiki", "handbook", "help", "guide",
    "guides", "manual", "main", "data", "posts", "_posts", "export", "public", "root", "latest",
    "current", "markdown", "md", "html",
}  # fmt: skip
"""Folders that hold everything: they say nothing of what is in them."""

_LANGUAGE = re.compile(r"[a-z]{2}(?:[-_][a-z]{2})?", re.IGNORECASE)
_ORDER = re.compile(r"^\d{1,4}[\s._-]+(?=\D)")
"""A number before a folder's name puts it in order."""
_JOINTS = re.compile(r"[\s_-]+")


@dataclass(frozen=True)
class Rule:
    """Articles by a pattern of their ids, in one collection or all, and what holds for them."""

    articles: str
    area: str = ""
    owner: str = ""
    collection: str = ""

    def holds_for(self, article: Article) -> bool:
        """Whether the pattern is of this article; `*` stands for anything, `/` included."""
        return self.collection in {"", article.collection} and fnmatchcase(
            article.id, self.articles
        )


@dataclass(frozen=True)
class Filing:
    """Where area and owner come from; a rule stands above fields, and these above the folder."""

    area_from: tuple[str, ...] = ()
    owner_from: tuple[str, ...] = ()
    by_folder: bool = False
    rules: tuple[Rule, ...] = ()

    @property
    def mark(self) -> str:
        """Tell this filing from another, under which the same file gives something else."""
        return "" if self == Filing() else hashlib.sha256(repr(astuple(self)).encode()).hexdigest()

    def filed(self, article: Article, file: Path, source: Path) -> Article:
        """Give the article with its area and owner."""
        said = {name.casefold(): value for name, value in article.other}
        rules = [rule for rule in self.rules if rule.holds_for(article)]
        area = (
            next((rule.area for rule in rules if rule.area), "")
            or _first(said, self.area_from)
            or article.area
            or (folder_area(file, source) if self.by_folder else "")
        )
        owner = (
            next((rule.owner for rule in rules if rule.owner), "")
            or _first(said, self.owner_from)
            or article.owner
        )
        if (area, owner) == (article.area, article.owner):
            return article
        return replace(article, area=area, owner=owner)


def folder_area(file: Path, source: Path) -> str:
    """The first folder below the source that says what is in it; empty where none does."""
    inside = file.relative_to(source).parts[:-1] if source.is_dir() else ()
    for folder in inside:
        plain = _ORDER.sub("", folder)
        if plain.casefold() not in _CONTAINERS and not _LANGUAGE.fullmatch(plain):
            return _JOINTS.sub(" ", plain).strip()
    return ""


def _first(said: dict[str, str], names: tuple[str, ...]) -> str:
    return next((said[name.casefold()] for name in names if said.get(name.casefold())), "")
