"""Articles from JSON exports: a list of records, or what a tool wraps around one."""

# ruff: noqa: ARG001 (readers share a signature)

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from kb.errors import ArticleError
from kb.sources.fields import has_body, has_title, slug
from kb.sources.outcomes import PassedOver
from kb.sources.records.articles import article_of
from kb.sources.records.shapes import of_a_record, translations_of, why_unseen
from kb.sources.text import read_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from kb.sources.outcomes import Outcome

DEEPEST = 12
_AREAS = ("category", "folder", "section", "collection", "space")
"""What wrappers with a name of their own are to the articles in them."""


def read_json(file: Path, root: Path, collection: str) -> Iterator[Outcome]:
    """Yield the articles of an export; a file of anything else is named."""
    text = read_text(file)
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        raise ArticleError(
            file, error.lineno, f"is not JSON: {error.msg}", "export it again"
        ) from error
    found = list(_records(value, {}, 0))
    if not found:
        yield PassedOver(file, "JSON without articles in it")
        return
    unseen: dict[str, list[str]] = {}
    for number, record in enumerate(found, start=1):
        why = why_unseen(record)
        if why:
            unseen.setdefault(why, []).append(str(record.get("title") or record.get("name")))
            continue
        try:
            yield article_of(
                record,
                file=file,
                line=None,
                collection=collection,
                fallback_id=f"{slug(file.stem)}-{number}",
            )
        except ArticleError as error:
            yield ArticleError(file, None, f"record {number} {error.what}", error.remedy)
    if unseen:
        told = (f"{why}: {', '.join(titles)}" for why, titles in unseen.items())
        yield PassedOver(file, f"some of its records ({'; '.join(told)})")


def _records(value: Any, around: Mapping[str, Any], depth: int) -> Iterator[dict[str, Any]]:
    """Whatever has a title and a body, however it is wrapped."""
    if depth > DEEPEST:
        return
    if isinstance(value, list):
        for each in value:
            yield from _records(each, around, depth + 1)
    elif isinstance(value, dict):
        record = of_a_record({**_links(around), **value})
        if has_title(record) and has_body(record):
            for each in (record, *translations_of(record)):
                if has_title(each) and has_body(each):
                    kept = {name: part for name, part in each.items() if part is not None}
                    yield {"area": around.get("area"), **kept}
            return
        inner = {**around, **_named(value)}
        for name, each in value.items():
            if isinstance(each, dict | list):
                own = {"area": value.get("name")} if name in {"articles", "folders"} else {}
                own = {key: text for key, text in own.items() if text}
                yield from _records(each, {**inner, **own}, depth + 1)


def _named(value: Mapping[str, Any]) -> dict[str, Any]:
    """What a wrapper says of all that is in it."""
    links = value.get("_links")
    base = links.get("base") if isinstance(links, dict) else None
    area = next(
        (
            inner["name"]
            for name in _AREAS
            if isinstance(inner := value.get(name), dict) and isinstance(inner.get("name"), str)
        ),
        None,
    )
    return {
        **({"base": base} if base else {}),
        **({"area": area} if area else {}),
    }


def _links(around: Mapping[str, Any]) -> dict[str, Any]:
    return {"base": around["base"]} if around.get("base") else {}
