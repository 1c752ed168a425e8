"""Exports in the shapes that each tool's reference gives, with what it adds around the words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from kb.sources.readers import read_source

if TYPE_CHECKING:
    from pathlib import Path

HTML = "<p class='no-margin'>Press <b>Forgot</b>.</p>"
FRENCH = {"type": "article_content", "title": "Mot de passe", "body": "<p>Appuyez ici.</p>",
          "author_id": 1, "state": "published", "url": "https://x.example/fr/39"}  # fmt: skip
INTERCOM = {
    "type": "list", "pages": {"type": "pages", "page": 1, "total_pages": 1}, "total_count": 1,
    "data": [{"type": "article", "id": "39", "title": "Password", "description": "How",
              "body": HTML, "state": "published", "url": "https://x.example/39",
              "parent_id": 143, "parent_type": "collection", "default_locale": "en",
              "translated_content": {
                  "type": "article_translated_content", "fr": FRENCH,
                  "de": {**FRENCH, "title": "Entwurf", "state": "draft"}}}],
}  # fmt: skip
FRESHDESK = [{
    "id": 3, "type": 1, "category_id": 5, "folder_id": 9, "title": "Password", "description": HTML,
    "description_text": "Press Forgot.", "status": 2, "tags": ["x"], "seo_data": {},
    "hierarchy": [{"level": 0, "type": "category", "data": {"id": 1, "name": "IT"}},
                  {"level": 1, "type": "folder", "data": {"id": 9, "name": "Accounts"}}],
}]  # fmt: skip
FRESHSERVICE = {"articles": [{
    "id": 18000063600, "title": "Password", "description": HTML,
    "description_text": "Press Forgot.",
    "status": 2, "article_type": 1, "folder_id": 1, "folder_visibility": 1, "url": None,
}]}  # fmt: skip
ZENDESK = {"count": 1, "next_page": None, "articles": [{
    "id": 35467, "draft": False, "section_id": 98838, "locale": "en-us", "title": "Password",
    "name": "Password", "body": HTML, "html_url": "https://x.example/hc/35467",
    "url": "https://x.zendesk.com/api/v2/help_center/articles/35467.json", "label_names": ["pw"],
}]}  # fmt: skip
CONFLUENCE = {"results": [{
    "id": "65591", "status": "current", "title": "Password", "spaceId": "1", "parentType": "page",
    "body": {"storage": {"representation": "storage", "value": HTML}},
    "_links": {"webui": "/spaces/IT/pages/65591"}}],
    "_links": {"base": "https://x.atlassian.net/wiki"}}  # fmt: skip


@pytest.mark.parametrize(
    ("export", "wanted"),
    [
        (INTERCOM, [("39", "https://x.example/39", ""), ("39-fr", "https://x.example/fr/39", "")]),
        (FRESHDESK, [("3", None, "Accounts")]),
        (FRESHSERVICE, [("18000063600", None, "")]),
        (ZENDESK, [("35467", "https://x.example/hc/35467", "")]),
        (CONFLUENCE, [("65591", "https://x.atlassian.net/wiki/spaces/IT/pages/65591", "")]),
    ],
    ids=["Intercom", "Freshdesk", "Freshservice", "Zendesk", "Confluence"],
)
def test_an_export_is_read_as_its_reference_tells(
    tmp_path: Path, export: Any, wanted: list[tuple[str, str | None, str]]
) -> None:
    """Its words, the address that people open, the folder, and each language."""
    (tmp_path / "export.json").write_text(json.dumps(export))
    entries = list(read_source(tmp_path, collection="default"))
    found = [entry.article for entry in entries if entry.article is not None]
    assert [(each.id, each.url, each.area) for each in found] == wanted
    assert found[0].body == "Press **Forgot**."
    assert not [entry for entry in entries if entry.problem]


def test_a_translation_that_is_a_draft_is_named(tmp_path: Path) -> None:
    """It is left out, as the drafts of whole articles are."""
    (tmp_path / "export.json").write_text(json.dumps(INTERCOM))
    passed = [e.passed_over for e in read_source(tmp_path, collection="default") if e.passed_over]
    assert "Entwurf" in str(passed[0])
