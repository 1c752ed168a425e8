"""The questions of a page that is extended: none is lost, whatever way they are written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.publishing import PublishingError
from kb.publishing.pages import extended
from kb.sources.frontmatter import split_front_matter

NEW = "and where is the pump?"
OLD = ["who has a key?", "is it open?"]
FORMS = {
    "a flow list": '---\ntitle: X\nquestions: ["who has a key?", "is it open?"]\narea: a\n---\n',
    "a flow list of some lines": "---\nquestions: [\n  who has a key?,\n  'is it open?'\n]\n---\n",
    "an item folded over two lines": "---\nquestions:\n  - who has\n    a key?\n  - is it\n"
    "    open?\narea: a\n---\n",
    "an item in quotes over two lines": '---\nquestions:\n- "who has\n  a key?"\n- \'is it\n'
    "  open?'\n---\n",
    "an item as a block": "---\nquestions:\n  - >-\n    who has\n    a key?\n"
    "  - is it open?\n---\n",
    "comments between": "---\nquestions: # ours\n  # first\n  - who has a key?\n\n  - is it open?\n"
    "# the rest\narea: a\n---\n",
    "another case": "---\nQuestions:\n  - who has a key?\n  - is it open?\n---\n",
    "a key in quotes": '---\n"questions": ["who has a key?", "is it open?"]\n---\n',
    "another name": "---\nutterances:\n  - who has a key?\n  - is it open?\n---\n",
    "other names of a note": "---\naliases: [who has a key?, is it open?]\n---\n",
    "words apart by bars": "---\nquestions: who has a key? | is it open?\n---\n",
    "lines": "---\nquestions: |\n  who has a key?\n  is it open?\ntitle: X\n---\n",
    "blank lines above": "\n\n---\nquestions: [who has a key?, is it open?]\n---\n",
    "TOML": '+++\ntitle = "X"\nquestions = ["who has a key?", "is it open?"]\n'
    "[extra]\na = 1\n+++\n",
    "TOML over some lines": "+++\nquestions = [\n  'who has a key?', # first\n  'is it open?',\n]\n"
    "weight = 3\n+++\n",
    "JSON": '{\n  "title": "X",\n  "questions": ["who has a key?", "is it open?"]\n}\n',
}
WITHOUT = {
    "YAML": "---\ntitle: X\n---\n",
    "YAML with nothing in it": "---\n---\n",
    "YAML with an empty list": "---\nquestions: []\ntitle: X\n---\n",
    "YAML with no list": "---\nquestions:\ntitle: X\n---\n",
    "TOML": '+++\ntitle = "X"\n[extra]\na = 1\n+++\n',
    "JSON": '{\n"title": "X"\n}\n',
    "no front matter": "",
    "no front matter, and a line": "---\n\n",
}


def asked(page: str) -> list[str]:
    """The questions of a page, by whatever name."""
    fields, _ = split_front_matter(Path("x.md"), page)
    return next(
        (
            value
            for name, value in fields.items()
            if name.lower() in {"questions", "utterances", "aliases"}
        ),
        [],
    )


@pytest.mark.parametrize("form", FORMS)
def test_a_question_more_stands_with_those_that_were_there(form: str) -> None:
    """However they are written; the rest is as it was, and twice is once."""
    page = FORMS[form] + "Text.\n"
    once = extended(page, "More", "Say more.", [NEW, OLD[0].upper()])
    assert asked(once) == [*OLD, NEW]
    assert once.endswith("Text.\n\n## More\nSay more.\n")
    assert once.count("#") == page.count("#") + 2 or "TOML" in form
    assert extended(once, "More", "Say more.", [NEW]) == once


@pytest.mark.parametrize("form", WITHOUT)
def test_a_page_without_questions_gets_them(form: str) -> None:
    """In its own dialect; where it has none, in YAML."""
    page = extended(WITHOUT[form] + "Text.\n", "More", "Say more.", [NEW])
    assert asked(page) == [NEW]
    assert page.endswith("Text.\n\n## More\nSay more.\n")


@pytest.mark.parametrize(
    "page",
    [
        "---\ntitle: [X\n---\nText.\n",
        "---\ntitle: X\nquestions: &more [a b]\nagain: *more\n---\nText.\n",
        "---\nquestions: &more\n  - a b\nagain: *more\n---\nText.\n",
        "---\n{title: X, questions: [who has a key?]}\n---\nText.\n",
        "+++\ntitle = \n+++\nText.\n",
        "+++\nquestions = [1, {a = 2}]\n+++\nText.\n",
        '{\n"title": "X",\n}\nText.\n',
        "---\ntitle: X\n",
    ],
)
def test_what_cannot_be_written_is_told(page: str) -> None:
    """In words, before anything is written."""
    with pytest.raises(PublishingError, match=r"repair-stand\.md"):
        extended(page, "More", "Say more.", [NEW], name="repair-stand.md")


def test_a_section_does_not_end_what_never_began() -> None:
    """A line above the text and one in the section are no fences."""
    page = extended("---\n\n# Text\n\nWords.\n", "More", "a\n\n---\n\nb", [])
    assert split_front_matter(Path("x.md"), page)[0] in ({}, {"questions": []})


def test_part_of_another_question_is_a_question() -> None:
    """Only the same one is there already."""
    page = extended("---\ntitle: is it open\nquestions: [is it open today?]\n---\nText.\n",
                    "More", "Say.", ["is it open", 'say "hi" to whom?'])  # fmt: skip
    wanted = ["is it open today?", "is it open", 'say "hi" to whom?']
    assert asked(page) == wanted
    again = extended(page, "Other", "Say it.", ['Say "hi" to whom?'])
    assert asked(again) == wanted


WORDS = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), include_characters="\x7f\x85\n\t\"'#:-[]{}"),
    min_size=1, max_size=24,
).map(lambda text: " ".join(text.split())).filter(bool)  # fmt: skip
OTHERS = st.dictionaries(
    st.sampled_from(["title", "area", "owner", "weight", "tags", "menu"]),
    st.one_of(WORDS, st.lists(WORDS, max_size=3)), max_size=4,
)  # fmt: skip
WAYS = ("block", "indented", "flow", "lines of a flow", "folded", "toml", "toml lines", "json")


def safe(value: object) -> str:
    """A value in quotes, as YAML, TOML and JSON read it."""
    said = json.dumps(value, ensure_ascii=False)
    return "".join(
        f"\\u{ord(each):04x}" if each in "\x7f\x85\ufeff\ufffe\uffff\u2028\u2029" else each
        for each in said
    )


def written(way: str, old: list[str], above: dict[str, Any], below: dict[str, Any]) -> str:
    """A page with these questions between other keys."""
    items = [safe(each) for each in old]
    first, last = (
        "".join(f"{name}{' =' if way.startswith('toml') else ':'} {safe(value)}\n"
                for name, value in each.items())
        for each in (above, below)
    )  # fmt: skip
    match way:
        case "json":
            return safe({**above, "questions": old, **below}).replace("{", "{\n", 1) + "\nText.\n"
        case "toml":
            return f"+++\n{first}questions = [{', '.join(items)}]\n{last}+++\nText.\n"
        case "toml lines":
            lines = "".join(f"  {each}, # one\n" for each in items)
            return f"+++\n{first}questions = [\n{lines}]\n{last}+++\nText.\n"
        case "flow":
            said = f"questions: [{', '.join(items)}]\n"
        case "lines of a flow":
            said = "questions: [" + ",\n  ".join(items) + "]\n"
        case "folded":
            said = "questions:\n" + "".join(f"  - {one}\n" for one in map(_folded, items))
        case _:
            indent = "  " if way == "indented" else ""
            said = "questions:\n" + "".join(f"{indent}- {each}\n" for each in items)
    return f"---\n{first}{said}{last}---\nText.\n"


def _folded(item: str) -> str:
    return item.replace(" ", "\n    ", 1)


@settings(max_examples=150, deadline=None)
@given(
    way=st.sampled_from(WAYS), old=st.lists(WORDS, min_size=1, max_size=4), others=OTHERS,
    new=st.lists(WORDS, max_size=3), cut=st.integers(0, 4),
)  # fmt: skip
def test_questions_are_old_plus_new_and_the_rest_is_as_it_was(
    way: str, old: list[str], others: dict[str, Any], new: list[str], cut: int
) -> None:
    """In whatever form the front matter is."""
    names = list(others)
    page = written(way, old, {each: others[each] for each in names[:cut]},
                   {each: others[each] for each in names[cut:]})  # fmt: skip
    before, _ = split_front_matter(Path("x.md"), page)
    after, body = split_front_matter(Path("x.md"), extended(page, "More", "Say more.", new))
    wanted, known = list(before["questions"]), {each.casefold() for each in before["questions"]}
    for each in new:
        if each.casefold() not in known:
            known.add(each.casefold())
            wanted.append(each)
    assert after["questions"] == wanted
    assert {**after, "questions": 0} == {**before, "questions": 0}
    assert body == "Text.\n\n## More\nSay more.\n"
