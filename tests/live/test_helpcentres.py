"""Zendesk's help centre: answers recorded in the shape of its API, trouble included."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from bot.live import helpcentres
from bot.live.helpcentres import bring
from bot.live.wanted import LiveSource, TroubleError
from bot.reaching import Reach
from tests.live.site import Said, as_json, page

if TYPE_CHECKING:
    from bot.live.copies import Copy
    from tests.live.site import Site

API = "/api/v2/help_center"
FIRST = f"{API}/articles.json?page%5Bsize%5D=100"
SECOND = f"{API}/articles.json?page%5Bafter%5D=eyJ&page%5Bsize%5D=100"


def article(number: int, title: str, **more: Any) -> dict[str, Any]:
    """An article as the API has it."""
    return {
        "id": number,
        "url": f"https://desk.zendesk.com/api/v2/help_center/en-us/articles/{number}.json",
        "html_url": f"https://desk.zendesk.com/hc/en-us/articles/{number}",
        "author_id": 3465,
        "comments_disabled": True,
        "created_at": "2026-01-02T08:00:00Z",
        "updated_at": "2026-02-03T09:30:00Z",
        "edited_at": "2026-02-03T09:30:00Z",
        "draft": False,
        "promoted": False,
        "position": 0,
        "vote_sum": 1,
        "vote_count": 3,
        "section_id": 98838,
        "title": title,
        "name": title,
        "source_locale": "en-us",
        "locale": "en-us",
        "outdated": False,
        "user_segment_id": None,
        "permission_group_id": 123,
        "label_names": [],
        "body": f"<p>How to {title}.</p>",
        **more,
    }


def listing(site: Site, *articles: dict[str, Any], more: bool = False) -> Said:
    """A page of the list, by cursors."""
    links = {
        "first": "",
        "last": "",
        "prev": None,
        "next": f"{site.base}{SECOND}" if more else None,
    }
    return as_json(
        {"articles": articles, "meta": {"has_more": more, "after_cursor": "eyJ"}, "links": links}
    )


@pytest.fixture
def centre(site: Site) -> Site:
    """A help centre with two segments and a section."""
    segments = [
        {"id": 11, "name": "Agents", "user_type": "staff", "built_in": False, "tags": []},
        {"id": 12, "name": "Signed-in users", "user_type": "signed_in_users", "built_in": True},
    ]
    sections = [{"id": 98838, "name": "Phones", "locale": "en-us", "category_id": 1}]
    query = "?page%5Bsize%5D=100"
    rest = {"meta": {"has_more": False}, "links": {"next": None}}
    site.answers[f"{API}/user_segments.json{query}"] = as_json({"user_segments": segments, **rest})
    site.answers[f"{API}/sections.json{query}"] = as_json({"sections": sections, **rest})
    return site


def source(site: Site, **more: Any) -> LiveSource:
    """That help centre as a source."""
    made = LiveSource(
        "help",
        "zendesk",
        url=site.base,
        user="bot@desk.example",
        token="s3cret-token",
        token_env="HELP_TOKEN",
        reach=Reach(("127.0.0.1",)),
    )
    return replace(made, **more)


def brought(site: Site, copy: Copy, **more: Any) -> str:
    """Bring it in; gives what was left out."""
    site.asked.clear()
    try:
        return bring(source(site, **more), copy, lambda _: None)
    finally:
        copy.save()


def kept(copy: Copy) -> dict[str, tuple[str, ...]]:
    """The titles of the copy, with the groups that may see each."""
    found = {}
    for one in copy.kept.values():
        record = json.loads((copy.folder / one.file).read_text("utf-8"))
        found[record["title"]] = one.audience
    return found


def test_all_pages_of_the_list_are_read(centre: Site, copy: Copy) -> None:
    """With address and section; the token goes by a header."""
    centre.answers[FIRST] = listing(centre, article(1, "Reset a phone"), more=True)
    centre.answers[SECOND] = listing(centre, article(2, "Order a phone"))
    assert brought(centre, copy) == ""
    assert kept(copy) == {"Reset a phone": (), "Order a phone": ()}
    record = json.loads((copy.folder / "all" / "help-1.json").read_text())
    assert record == {
        "id": "help-1",
        "title": "Reset a phone",
        "body_html": "<p>How to Reset a phone.</p>",
        "url": "https://desk.zendesk.com/hc/en-us/articles/1",
        "area": "Phones",
    }
    assert all(sent["Authorization"].startswith("Basic ") for _, sent in centre.asked)
    held = "".join(each.read_text() for each in copy.folder.rglob("*.json"))
    assert "s3cret" not in held


def test_drafts_and_what_was_removed_go(centre: Site, copy: Copy) -> None:
    """A draft is no article, whatever it was before."""
    centre.answers[FIRST] = listing(
        centre, article(1, "Reset a phone"), article(2, "Order a phone"), article(3, "Sell a phone")
    )
    brought(centre, copy)
    centre.answers[FIRST] = listing(
        centre, article(1, "Reset a phone", body="<p>Anew.</p>"), article(2, "", draft=True)
    )
    assert brought(centre, copy) == "Left out: 1 drafts."
    assert kept(copy) == {"Reset a phone": ()}
    assert "Anew" in (copy.folder / "all" / "help-1.json").read_text()


@pytest.mark.parametrize(
    ("segments", "audiences", "groups"),
    [
        ({"user_segment_id": None}, {}, ()),
        ({"user_segment_id": 11}, {"Agents": {"it"}}, ("it",)),
        ({"user_segment_id": 11}, {"agents": {"it", "#help"}}, ("#help", "it")),
        ({"user_segment_id": 11}, {"11": {"it"}}, ("it",)),
        ({"user_segment_id": 12}, {"Signed-in users": {"*"}}, ()),
        ({"user_segment_id": 11, "user_segment_ids": [11, 12]}, {"12": {"staff"}}, ("staff",)),
        ({"user_segment_id": None, "user_segment_ids": [11]}, {"11": {"it"}}, ("it",)),
        ({"user_segment_id": None, "user_segment_ids": []}, {}, ()),
    ],
)
def test_segments_become_groups(
    centre: Site,
    copy: Copy,
    segments: dict[str, Any],
    audiences: dict[str, set[str]],
    groups: tuple[str, ...],
) -> None:
    """By name or number."""
    centre.answers[FIRST] = listing(centre, article(1, "Reset a phone", **segments))
    mapped = {name: frozenset(to) for name, to in audiences.items()}
    assert brought(centre, copy, audiences=mapped) == ""
    assert kept(copy) == {"Reset a phone": groups}


def test_a_segment_that_nobody_has_mapped_is_left_out_and_named(centre: Site, copy: Copy) -> None:
    """Also one of which the API tells nothing, and an article that became restricted."""
    centre.answers[FIRST] = listing(
        centre, article(1, "Reset a phone"), article(2, "Order a phone"), article(3, "Sell a phone")
    )
    brought(centre, copy)
    centre.answers[FIRST] = listing(
        centre,
        article(1, "Reset a phone"),
        article(2, "Order a phone", user_segment_id=11),
        {key: value for key, value in article(3, "Sell").items() if key != "user_segment_id"},
    )
    left = brought(centre, copy)
    assert left == (
        "Left out: 2 not for everybody, by whom `audiences` does not tell: "
        "Agents (1); single people (1)."
    )
    assert kept(copy) == {"Reset a phone": ()}


def test_lists_by_number_are_read_too(centre: Site, copy: Copy) -> None:
    """As older help centres give them."""
    second = f"{API}/articles.json?page=2"
    centre.answers[FIRST] = as_json(
        {"count": 2, "articles": [article(1, "A")], "next_page": f"{centre.base}{second}"}
    )
    centre.answers[second] = as_json({"count": 2, "articles": [article(2, "B")], "next_page": None})
    brought(centre, copy)
    assert kept(copy) == {"A": (), "B": ()}


def troubles(site: Site) -> dict[str, tuple[Said, str]]:
    """What may come instead of the second half of the list, and what is said of it."""
    elsewhere = {"next": "https://evil.example/api"}
    again = {"next": f"{site.base}{FIRST}"}
    return {
        "401": (as_json({"error": "Couldn't authenticate you"}, 401), "HELP_TOKEN is missing"),
        "403": (as_json({}, 403), "HELP_TOKEN is missing, wrong, or may not see this"),
        "429": (as_json({}, 429, Retry_After="93"), "asked too often"),
        "500": (Said(b"oops", 500), "in trouble itself"),
        "a login": (page("Sign in", "Who are you?"), "a web page instead of JSON"),
        "no JSON": (Said(b"{'a'"), "no JSON"),
        "another form": (as_json([1]), "of a form that it never has"),
        "without articles": (as_json({"meta": {"has_more": False}}), "of a form"),
        "cut off": (Said(b'{"articles": [', headers={"Content-Length": "999"}), "broke off"),
        "half a list": (
            as_json({"articles": [article(2, "B")], "meta": {"has_more": True}}), "half a list"
        ),
        "no end": (
            as_json({"articles": [article(2, "B")], "meta": {"has_more": True}, "links": again}),
            "without an end",
        ),
        "elsewhere": (
            as_json({"articles": [], "meta": {"has_more": True}, "links": elsewhere}),
            "goes on elsewhere",
        ),
        "fewer than it says": (as_json({"articles": [], "count": 9, "next_page": None}), "1 of 9"),
    }  # fmt: skip


WHAT = (
    "401", "403", "429", "500", "a login", "no JSON", "another form", "without articles",
    "cut off", "half a list", "no end", "elsewhere", "fewer than it says",
)  # fmt: skip


@pytest.mark.parametrize("what", WHAT)
def test_half_a_list_removes_nothing(centre: Site, copy: Copy, what: str) -> None:
    """What came whole is taken, the rest stays, and one line says why."""
    centre.answers[FIRST] = listing(centre, article(1, "A"), article(3, "C"))
    brought(centre, copy)
    said, words = troubles(centre)[what]
    centre.answers[FIRST] = listing(centre, article(1, "A, anew"), more=True)
    centre.answers[SECOND] = said
    with pytest.raises(TroubleError) as trouble:
        brought(centre, copy)
    assert words in str(trouble.value)
    assert "\n" not in str(trouble.value)
    assert "s3cret" not in str(trouble.value)
    assert trouble.value.wish == (93 if what == "429" else None)
    assert {"A, anew", "C"} <= kept(copy).keys()


def test_a_large_centre_is_asked_for_what_changed(
    centre: Site, copy: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And now and then for all: the list of changes does not tell what was removed."""
    monkeypatch.setattr(helpcentres, "LARGE", 2)
    monkeypatch.setattr(helpcentres, "WHOLE_EVERY", 2)
    centre.answers[FIRST] = listing(centre, article(1, "A"), article(2, "B"), article(3, "C"))
    brought(centre, copy)
    since = f"{API}/incremental/articles.json?start_time=1770111000"
    changes = [article(1, "A, anew"), article(2, "B", draft=True)]
    again = f"{API}/incremental/articles.json?start_time=1770111060"
    for at in (since, again):
        centre.answers[at] = as_json(
            {"articles": changes, "count": 2, "end_time": 1770111060, "next_page": None}
        )
    brought(centre, copy)
    assert since in centre.paths
    assert FIRST not in centre.paths
    assert kept(copy) == {"A, anew": (), "C": ()}
    brought(centre, copy)
    assert again in centre.paths
    centre.answers[FIRST] = listing(centre, article(1, "A, anew"))
    brought(centre, copy)
    assert kept(copy) == {"A, anew": ()}


def test_without_the_right_to_the_list_of_changes_all_is_read(
    centre: Site, copy: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is for agents alone."""
    monkeypatch.setattr(helpcentres, "LARGE", 1)
    centre.answers[FIRST] = listing(centre, article(1, "A"))
    brought(centre, copy)
    centre.answers[f"{API}/incremental/articles.json?start_time=1770111000"] = as_json({}, 403)
    centre.answers[FIRST] = listing(centre, article(2, "B"))
    brought(centre, copy)
    assert kept(copy) == {"B": ()}


def test_a_centre_that_everybody_may_read_needs_no_token(centre: Site, copy: Copy) -> None:
    """Nor does it tell of segments then; a language may be chosen."""
    german = f"{API}/de/articles.json?page%5Bsize%5D=100"
    centre.answers[german] = listing(centre, article(1, "Telefon bestellen"))
    brought(centre, copy, token="", locale="de")
    assert kept(copy) == {"Telefon bestellen": ()}
    assert all("Authorization" not in sent for _, sent in centre.asked)
