"""Exports of help desks and wikis, in the shapes that their documentation gives; made up here."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.kb.sources.conftest import Source

STEPS = "<p>Do this:</p><ol><li>Open <b>Settings</b>.</li><li>Press <code>Reset</code>.</li></ol>"

ZENDESK = {
    "articles": [
        {
            "id": 360001, "title": "Reset the badge", "body": STEPS, "locale": "en-us",
            "html_url": "https://help.example/hc/articles/360001", "draft": False,
            "section_id": 7, "label_names": ["badge"],
        },
        {"id": 360002, "title": "Not yet", "body": STEPS, "draft": True},
    ],
    "next_page": None,
}  # fmt: skip
FRESHDESK = [
    {
        "category": {
            "name": "Access",
            "folders": [
                {
                    "name": "Badges",
                    "articles": [
                        {
                            "id": 5, "title": "Reset the badge", "description": STEPS,
                            "description_text": "Do this: Open Settings. Press Reset.",
                            "status": 2, "folder_id": 9,
                        }
                    ],
                }
            ],
        }
    }
]  # fmt: skip
INTERCOM = {
    "type": "list",
    "data": [
        {
            "type": "article", "id": "i1", "title": "Reset the badge", "body": STEPS,
            "state": "published", "url": "https://help.example/i1",
        },
        {"type": "article", "id": "i2", "title": "Hidden", "body": STEPS, "state": "draft"},
    ],
}  # fmt: skip
CONFLUENCE = {
    "results": [
        {
            "id": "98307", "type": "page", "status": "current", "title": "Reset the badge",
            "space": {"key": "IT", "name": "IT help"},
            "body": {
                "storage": {
                    "representation": "storage",
                    "value": STEPS
                    + '<ac:structured-macro ac:name="code"><ac:plain-text-body>'
                    "<![CDATA[badge --reset <id>]]></ac:plain-text-body></ac:structured-macro>"
                    + '<ac:structured-macro ac:name="toc"/>',
                }
            },
            "_links": {"webui": "/spaces/IT/pages/98307"},
        }
    ],
    "_links": {"base": "https://wiki.example"},
}  # fmt: skip
SERVICENOW = {
    "result": [
        {
            "number": "KB0010", "short_description": "Reset the badge", "text": STEPS,
            "workflow_state": "published",
        },
    ]
}  # fmt: skip


@pytest.mark.parametrize(
    "export",
    [ZENDESK, FRESHDESK, INTERCOM, CONFLUENCE, SERVICENOW],
    ids=["zendesk", "freshdesk", "intercom", "confluence", "servicenow"],
)
def test_an_export_is_read_as_its_readers_see_it(source: Source, export: Any) -> None:
    """Steps are steps, no tag is left, drafts stay out and are named."""
    source.put("export.json", json.dumps(export))
    found = source.read()
    assert found.problems == []
    (article,) = found.articles
    assert article.title == "Reset the badge"
    assert "1. Open **Settings**." in article.body
    assert "2. Press `Reset`." in article.body
    assert "<p>" not in article.body
    assert "ac:" not in article.body
    unseen = json.dumps(export).count('"draft": true') + json.dumps(export).count('"draft"}')
    assert len(found.passed_over) == (1 if unseen else 0)


def test_confluence_keeps_code_and_says_where_the_page_is(source: Source) -> None:
    """Every letter of a code macro; the address and the space come from around it."""
    source.put("export.json", json.dumps(CONFLUENCE))
    article = source.read().one
    assert "badge --reset <id>" in article.body
    assert article.url == "https://wiki.example/spaces/IT/pages/98307"
    assert article.area == "IT help"


def test_a_page_of_notion_has_its_name_without_its_number(source: Source) -> None:
    """Notion writes 32 digits behind each title."""
    number = "0123456789abcdef0123456789abcdef"
    source.put(f"Reset the badge {number}.md", "# Reset the badge\n\nOpen Settings, press Reset.\n")
    article = source.read().one
    assert article.title == "Reset the badge"


CODE = "for %%f in (*.old) do del %%f {{ x }} {% y %} <tag> # no heading"


@pytest.mark.parametrize(
    "page",
    [
        f"Run:\n\n    {CODE}\n\nThen wait.",
        f"Run:\n\n```\n{CODE}\n```\n\nThen wait.",
        f"1. Run:\n\n       {CODE}\n\n2. Then wait.",
        f"- Run:\n\n  ```\n  {CODE}\n  ```\n- Then wait.",
        f"> Run:\n>\n>     {CODE}\n>\n> Then wait.",
        f"Run:\n\n\t{CODE}\n\nThen wait.",
    ],
    ids=["indented", "fenced", "in a list", "fenced in a list", "in a quote", "by a tab"],
)
def test_code_keeps_every_letter(source: Source, page: str) -> None:
    """Wherever it stands."""
    source.put("page.md", f"# Clean up\n\n{page}\n")
    assert CODE in source.read().one.body


@pytest.mark.parametrize(
    ("table", "told"),
    [
        (
            (
                "<tr><th>Model</th><th>Cable</th></tr><tr><td rowspan=2>S1</td><td>USB</td></tr>"
                "<tr><td>LAN</td></tr>"
            ),
            ["| S1 | USB |", "| S1 | LAN |"],
        ),
        (
            (
                "<tr><th>Model</th><th>Cable</th></tr><tr><td>S1</td><td>USB</td></tr>"
                "<tr><td colspan=2>All are sold out</td></tr>"
            ),
            ["| Model | Cable |", "| S1 | USB |", "All are sold out"],
        ),
        (
            (
                "<tr><th>Model</th><th>Cables</th></tr><tr><td>S1</td><td><table>"
                "<tr><td>USB</td></tr><tr><td>LAN</td></tr></table></td></tr>"
            ),
            ["S1", "USB", "LAN"],
        ),
    ],
    ids=["rowspan", "colspan", "nested"],
)
def test_a_table_keeps_each_value_beside_its_label(
    source: Source, table: str, told: list[str]
) -> None:
    """Cells that span and tables in cells as well."""
    source.put("page.html", f"<h1>Cables</h1><p>Which one.</p><table>{table}</table>")
    body = source.read().one.body
    for each in told:
        assert each in body
    assert "<t" not in body


@pytest.mark.parametrize(
    ("given", "title"),
    [
        ("yes", "yes"),
        ("2024-01-02", "2024-01-02"),
        ("1.10", "1.10"),
        ("on", "on"),
        ("null", "null"),
    ],
)
def test_a_title_that_yaml_takes_for_something_else_stays_words(
    source: Source, given: str, title: str
) -> None:
    """As it was typed."""
    source.put("page.md", f"\n---\ntitle: {given}\nquestions: [slack-channel]\n---\nText.\n")
    article = source.read().one
    assert article.title == title
