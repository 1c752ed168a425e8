"""Confluence's spaces: answers recorded in the shape of its API, restrictions and trouble."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest

from bot.live.wanted import LiveSource, TroubleError
from bot.live.wikis import bring
from bot.reaching import Reach
from tests.live.site import Said, as_json, page

if TYPE_CHECKING:
    from bot.live.copies import Copy
    from tests.live.site import Site

SPACES = "/wiki/api/v2/spaces?keys=IT"
PAGES = "/wiki/api/v2/spaces/655361/pages?limit=250&status=current"
MORE = "/wiki/api/v2/spaces/655361/pages?limit=250&status=current&cursor=eyJ"
EXPAND = "restrictions.read.restrictions.user,restrictions.read.restrictions.group"
SEARCH = "/wiki/rest/api/content/search?" + urlencode(
    {"cql": 'space = "IT" and type = page', "expand": EXPAND, "limit": 100}
)


def read_by(*groups: str, people: int = 0) -> dict[str, Any]:
    """A restriction as the API has it; none where nobody is named."""
    named = [{"type": "group", "name": name, "id": f"id-{name}"} for name in groups]
    users = [{"type": "known", "accountId": f"5b1{n}"} for n in range(people)]
    return {
        "operation": "read",
        "restrictions": {
            "user": {"results": users, "start": 0, "limit": 100, "size": people},
            "group": {"results": named, "start": 0, "limit": 100, "size": len(groups)},
        },
    }


class Wiki:
    """A space with pages, from which the answers of the API are made."""

    def __init__(self, site: Site) -> None:
        """Begin with an empty space."""
        self.site = site
        self.pages: dict[str, dict[str, Any]] = {}
        self.read: dict[str, dict[str, Any]] = {}

    def write(self, number: str, title: str, version: int = 1, parent: str | None = None) -> None:
        """Write a page."""
        self.pages[number] = {
            "parentType": "page" if parent else None, "parentId": parent, "spaceId": "655361",
            "ownerId": "5b10", "createdAt": "2026-01-02T08:00:00.000Z", "authorId": "5b10",
            "version": {"number": version, "message": "", "minorEdit": False, "authorId": "5b10"},
            "position": 1, "body": {}, "status": "current", "title": title, "id": number,
            "_links": {"editui": f"/pages/{number}", "webui": f"/spaces/IT/pages/{number}/x"},
        }  # fmt: skip
        self.read.setdefault(number, read_by())
        body = f"<p>How to {title}, version {version}.</p><ac:structured-macro ac:name='info'/>"
        self.pages[number]["text"] = body
        self.publish()

    def restrict(self, number: str, restriction: dict[str, Any]) -> None:
        """Let only some read a page."""
        self.read[number] = restriction
        self.publish()

    def remove(self, number: str) -> None:
        """Remove a page."""
        del self.pages[number]
        self.publish()

    def publish(self) -> None:
        """Answer by what there is now."""
        answers = self.site.answers
        links = {"base": "https://wiki.example/wiki"}
        space = {"id": "655361", "key": "IT", "name": "IT help", "type": "global"}
        answers[SPACES] = as_json({"results": [space], "_links": links})
        rows = [{k: v for k, v in one.items() if k != "text"} for one in self.pages.values()]
        answers[PAGES] = as_json({"results": rows, "_links": links})
        found = [
            {"id": each, "type": "page", "status": "current", "title": one["title"],
             "restrictions": {"read": self.read[each], "_expandable": {"update": ""}}}
            for each, one in self.pages.items()
        ]  # fmt: skip
        answers[SEARCH] = as_json(
            {"results": found, "start": 0, "limit": 100, "size": len(found), "_links": links}
        )

    def answer_words(self, *numbers: str) -> None:
        """Answer to who asks for the words of these pages at once."""
        rows = [
            {**self.pages[each],
             "body": {"storage": {"representation": "storage", "value": self.pages[each]["text"]}}}
            for each in numbers
        ]  # fmt: skip
        asked = urlencode(
            {"id": ",".join(numbers), "body-format": "storage", "limit": 250}, safe=","
        )
        self.site.answers[f"/wiki/api/v2/pages?{asked}"] = as_json(
            {"results": rows, "_links": {"base": "https://wiki.example/wiki"}}
        )


@pytest.fixture
def wiki(site: Site) -> Wiki:
    """A space with two pages, one below the other."""
    made = Wiki(site)
    made.write("1", "Phones")
    made.write("2", "Order a phone", parent="1")
    made.answer_words("1", "2")
    return made


def brought(wiki: Wiki, copy: Copy, **more: Any) -> str:
    """Bring the space in; gives what was left out."""
    wiki.site.asked.clear()
    source = LiveSource(
        "wiki", "confluence", url=wiki.site.base, spaces=("IT",), user="bot@wiki.example",
        token="s3cret-token", token_env="WIKI_TOKEN", reach=Reach(("127.0.0.1",)),
    )  # fmt: skip
    try:
        return bring(replace(source, **more), copy, lambda _: None)
    finally:
        copy.save()


def kept(copy: Copy) -> dict[str, tuple[str, ...]]:
    """The titles of the copy, with the groups that may see each."""
    found = {}
    for one in copy.kept.values():
        record = json.loads((copy.folder / one.file).read_text("utf-8"))
        found[record["title"]] = one.audience
    return found


def test_pages_of_a_space_are_read(wiki: Wiki, copy: Copy) -> None:
    """With the address where they are read, and the space."""
    assert brought(wiki, copy) == ""
    record = json.loads((copy.folder / "all" / "wiki-2.json").read_text())
    assert record["id"] == "wiki-2"
    assert record["title"] == "Order a phone"
    assert record["url"] == "https://wiki.example/wiki/spaces/IT/pages/2/x"
    assert record["area"] == "IT help"
    assert "<ac:structured-macro" in record["body_html"]
    assert kept(copy) == {"Phones": (), "Order a phone": ()}


def test_only_what_has_another_version_is_sent_again(wiki: Wiki, copy: Copy) -> None:
    """The words of the others are not asked for."""
    brought(wiki, copy)
    wiki.write("2", "Order a phone", version=2, parent="1")
    wiki.answer_words("2")
    brought(wiki, copy)
    assert [path for path in wiki.site.paths if "body-format" in path] == [
        "/wiki/api/v2/pages?id=2&body-format=storage&limit=250"
    ]
    assert "version 2" in (copy.folder / "all" / "wiki-2.json").read_text()
    brought(wiki, copy)
    assert not any("body-format" in path for path in wiki.site.paths)


def test_what_was_removed_archived_or_thrown_away_goes(wiki: Wiki, copy: Copy) -> None:
    """A cursor leads from page to page of the list."""
    brought(wiki, copy)
    first = json.loads(wiki.site.answers[PAGES].body)
    gone = {**first["results"][1], "status": "archived"}
    first["_links"]["next"] = MORE
    wiki.site.answers[MORE] = as_json({"results": [gone], "_links": {}})
    first["results"] = first["results"][:1]
    wiki.site.answers[PAGES] = as_json(first)
    brought(wiki, copy)
    assert kept(copy) == {"Phones": ()}


@pytest.mark.parametrize(
    ("above", "own", "groups"),
    [
        (read_by(), read_by(), ()),
        (read_by(), read_by("hr"), ("people",)),
        (read_by(), read_by("hr", "it", people=3), ("admins", "engineers", "people")),
        (read_by("it"), read_by("hr"), None),
        (read_by("it"), read_by("ops"), ("engineers",)),
        (read_by("it"), read_by(), ("admins", "engineers")),
        (read_by("all"), read_by("hr"), ("people",)),
        (read_by("all"), read_by(), ()),
        (read_by(), read_by(people=1), None),
        (read_by(), read_by("strangers"), None),
        (read_by("strangers"), read_by("hr"), None),
        (read_by("strangers", "it"), read_by("strangers", "hr", "it"), ("admins", "engineers")),
    ],
)
def test_who_may_read_there_may_see_it_here_and_nobody_else(
    wiki: Wiki,
    copy: Copy,
    above: dict[str, Any],
    own: dict[str, Any],
    groups: tuple[str, ...] | None,
) -> None:
    """By the page's own restriction and those of all above it."""
    audiences = {
        "hr": frozenset({"people"}),
        "id-it": frozenset({"engineers", "admins"}),
        "ops": frozenset({"engineers", "night"}),
        "all": frozenset({"*"}),
    }
    wiki.restrict("1", above)
    wiki.restrict("2", own)
    for each in (("1",), ("2",)):
        wiki.answer_words(*each)
    brought(wiki, copy, audiences=audiences)
    assert kept(copy).get("Order a phone") == groups


def test_a_page_that_is_restricted_now_goes_though_nothing_else_changed(
    wiki: Wiki, copy: Copy
) -> None:
    """A restriction is no new version."""
    brought(wiki, copy)
    wiki.restrict("2", read_by("hr"))
    left = brought(wiki, copy)
    assert left == ("Left out: 1 not for everybody, by whom `audiences` does not tell: hr (1).")
    assert kept(copy) == {"Phones": ()}


def test_what_stands_above_and_is_in_no_list_is_asked_for(wiki: Wiki, copy: Copy) -> None:
    """A folder has restrictions too; where nobody tells us, nobody sees it."""
    wiki.write("3", "Sell a phone", parent="77")
    wiki.write("4", "Rent a phone", parent="88")
    wiki.write("5", "Lend a phone", parent="99")
    asked = "/restriction/byOperation/read?expand=restrictions.user,restrictions.group"
    wiki.site.answers[f"/wiki/rest/api/content/77{asked}"] = as_json(read_by())
    wiki.site.answers[f"/wiki/rest/api/content/88{asked}"] = as_json(read_by("hr"))
    wiki.answer_words("1", "2", "3", "4")
    wiki.answer_words("1", "2", "3")
    left = brought(wiki, copy)
    assert kept(copy) == {"Phones": (), "Order a phone": (), "Sell a phone": ()}
    assert "2 not for everybody" in left


def test_a_wiki_that_does_not_tell_of_restrictions_in_its_list_is_asked_page_by_page(
    wiki: Wiki, copy: Copy
) -> None:
    """And what it does not tell then is left out."""
    wiki.site.answers[SEARCH] = as_json({"results": [{"id": "1"}, {"id": "2"}], "_links": {}})
    asked = "/restriction/byOperation/read?expand=restrictions.user,restrictions.group"
    wiki.site.answers[f"/wiki/rest/api/content/1{asked}"] = as_json(read_by())
    wiki.site.answers[f"/wiki/rest/api/content/2{asked}"] = as_json({"operation": "read"})
    wiki.answer_words("1")
    brought(wiki, copy)
    assert kept(copy) == {"Phones": ()}


TROUBLES = {
    "401": (as_json({"code": 401}, 401), "WIKI_TOKEN is missing"),
    "404": (as_json({}, 404), "nothing at this address"),
    "429": (as_json({}, 429, Retry_After="30"), "too often"),
    "503": (Said(b"", 503), "in trouble itself"),
    "a login": (page("Log in", "Atlassian"), "a web page instead of JSON"),
    "another form": (as_json({"results": None}), "of a form"),
    "cut off": (Said(b'{"results"', headers={"Content-Length": "900"}), "broke off"),
    "elsewhere": (
        as_json({"results": [], "_links": {"next": "https://evil.example/x"}}), "goes on elsewhere"
    ),
    "moved": (Said(b"", 302, {"Location": "https://evil.example/login"}), "has moved"),
}  # fmt: skip


@pytest.mark.parametrize("at", [SPACES, PAGES, SEARCH], ids=["space", "pages", "rights"])
@pytest.mark.parametrize(("said", "words"), TROUBLES.values(), ids=TROUBLES)
def test_trouble_changes_nothing(wiki: Wiki, copy: Copy, at: str, said: Said, words: str) -> None:
    """Whichever list it hits."""
    brought(wiki, copy)
    wiki.remove("2")
    wiki.site.answers[at] = said
    with pytest.raises(TroubleError) as trouble:
        brought(wiki, copy)
    if at != SPACES:
        assert words in str(trouble.value)
    assert "\n" not in str(trouble.value)
    assert "s3cret" not in str(trouble.value)
    assert kept(copy) == {"Phones": (), "Order a phone": ()}


def test_a_list_without_an_end_is_left(wiki: Wiki, copy: Copy) -> None:
    """Each answer leads to another one with the same pages."""
    first = json.loads(wiki.site.answers[PAGES].body)
    first["_links"]["next"] = MORE
    wiki.site.answers[PAGES] = wiki.site.answers[MORE] = as_json(first)
    with pytest.raises(TroubleError, match="without an end"):
        brought(wiki, copy)


def test_a_space_that_is_not_there_is_named(wiki: Wiki, copy: Copy) -> None:
    """Or that the token may not see, which looks the same."""
    brought(wiki, copy)
    wiki.site.answers[SPACES] = as_json({"results": [], "_links": {}})
    with pytest.raises(TroubleError, match="no space 'IT'"):
        brought(wiki, copy)
    assert len(kept(copy)) == 2


def test_a_page_without_words_is_left_out(wiki: Wiki, copy: Copy) -> None:
    """And said."""
    wiki.pages["2"]["text"] = "  "
    wiki.answer_words("1", "2")
    assert brought(wiki, copy) == "Left out: 1 without words."
    assert kept(copy) == {"Phones": ()}
