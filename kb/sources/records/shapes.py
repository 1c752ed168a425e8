"""Records as other tools export them, in the names that an article has here.

As their own references tell: Zendesk (Help Center API, articles), Freshdesk (solutions, articles),
Intercom (articles), Confluence (content and pages), Notion (exports), ServiceNow (kb_knowledge).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_HTML = ("html_body", "body_html", "content_html", "description_html", "answer_html")
_STATES_UNSEEN = {"draft", "unpublished", "trashed", "archived", "retired", "deleted"}
FRESHDESK_DRAFT = 1


def of_a_record(record: Mapping[str, Any]) -> dict[str, Any]:
    """The record with flat fields: Confluence and Intercom nest theirs."""
    given = {str(name).strip().lower(): value for name, value in record.items() if name}
    for name in _HTML:
        if given.get(name):
            given["body"], given["body_is_html"] = given.pop(name), True
            break
    body = given.get("body")
    if isinstance(body, dict):  # Confluence
        given["body"] = _confluence_body(body)
        given["body_is_html"] = True
    if "_links" in given:
        given["url"] = given.get("url") or _confluence_address(given)
    if given.get("type") == "article" and not given.get("body"):
        given["body"] = given.get("description")
    if "description_text" in given:  # Freshdesk's description is HTML, this its plain text
        given["body_is_html"] = bool(given.get("description"))
        if not given.get("description"):
            given["description"] = given["description_text"]
    if given.get("html_url"):
        given["url"] = given["html_url"]  # Zendesk's `url` is that of its API
    if isinstance(given.get("hierarchy"), list):
        given["area"] = given.get("area") or _freshdesk_folder(given["hierarchy"])
    if isinstance(given.get("space"), dict):
        given["area"] = given.get("area") or given["space"].get("name")
    return given


def translations_of(record: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Intercom's other languages of an article, each as a record of its own."""
    given = record.get("translated_content")
    if not isinstance(given, dict):
        return
    for language, content in given.items():
        if isinstance(content, dict) and language != record.get("default_locale"):
            yield of_a_record({**content, "id": f"{record.get('id')}-{language}"})


def _freshdesk_folder(levels: list[Any]) -> str | None:
    """The name of the last of the folders that an article lies in."""
    folders = (each.get("data") for each in levels if isinstance(each, dict))
    names = [each["name"] for each in folders if isinstance(each, dict) and each.get("name")]
    return str(names[-1]) if names else None


def why_unseen(record: Mapping[str, Any]) -> str:
    """Why a record is not for readers; empty if it is."""
    if record.get("draft") is True:
        return "a draft"
    state = record.get("state") or record.get("workflow_state") or record.get("status")
    if isinstance(state, str) and state.lower() in _STATES_UNSEEN:
        return f"its state is {state.lower()}"
    is_freshdesk = "folder_id" in record and "description" in record
    if is_freshdesk and record.get("status") == FRESHDESK_DRAFT:
        return "a draft"
    return ""


def _confluence_body(body: Mapping[str, Any]) -> str:
    for name in ("storage", "view", "export_view", "styled_view"):
        inner = body.get(name)
        if isinstance(inner, dict) and inner.get("value"):
            return str(inner["value"])
    return ""


def _confluence_address(record: Mapping[str, Any]) -> str:
    links = record.get("_links")
    if not isinstance(links, dict):
        return ""
    return f"{links.get('base') or record.get('base') or ''}{links.get('webui') or ''}"
