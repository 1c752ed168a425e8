"""Publishing into a folder: found at once, all or nothing, and nobody's words are written over."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from kb.articles import Article
from kb.publishing import PublishingError, Shelf
from kb.publishing.pages import extended, id_of, origin_of, page_of
from kb.searching.base import KnowledgeBase
from kb.sources import read_source
from tests.kb.conftest import WordEncoder
from tests.kb.publishing.conftest import BIKES, git
from tests.kb.shared.places import PlaceInMemory

if TYPE_CHECKING:
    from pathlib import Path

ODD = ("key: value", "- list", '"quoted"', "it's #1 [not] {yaml}", "back\\slash", "日本語: テスト",
       "tab\there", "--- three", "yes", "null", "*bold* & <!channel>")  # fmt: skip


@pytest.fixture
def shelf(base: KnowledgeBase, tmp_path: Path) -> Shelf:
    """A folder that is not there yet."""
    return Shelf(base, tmp_path / "published")


def test_what_is_published_is_found_at_the_next_search(base: KnowledgeBase, shelf: Shelf) -> None:
    """By its questions, without anything else being run."""
    assert base.search("where is the stand for bikes?") == []
    published = shelf.put(BIKES, "D-1")
    assert published.article == "repair-stand"
    (hit,) = base.search("where is the stand for bikes?")
    assert hit.article == "repair-stand"


def test_to_publish_the_same_again_changes_nothing(base: KnowledgeBase, shelf: Shelf) -> None:
    """Whoever was killed in between does it once more."""
    first = shelf.put(BIKES, "D-1")
    stamp = first.file.stat().st_mtime_ns
    again = shelf.put(BIKES, "D-1")
    assert (again, again.file.stat().st_mtime_ns) == (first, stamp)
    assert base.count() == 1


@pytest.mark.parametrize("words", ODD)
def test_a_page_says_what_the_article_says_whatever_the_words(words: str, tmp_path: Path) -> None:
    """No word is taken for YAML; what is read back is what was written."""
    questions = (f"{words} is what", f"and {words}")
    odd = Article("odd", f"{words} and more", "general", "l2", questions, f"Say {words} aloud.")
    (tmp_path / "odd.md").write_text(page_of(odd, "D-2"), encoding="utf-8")
    (entry,) = read_source(tmp_path, collection="default")
    assert entry.article is not None
    plain = " ".join(words.split())
    assert entry.article.title == f"{plain} and more"
    assert entry.article.questions == (f"{plain} is what", f"and {plain}")
    assert entry.article.body == f"Say {words} aloud."
    assert origin_of(page_of(odd, "D-2")) == "D-2"


@pytest.mark.parametrize(
    ("title", "wanted"),
    [
        ("How do I book it?", "how-do-i-book-it"),
        ("Größe & Straße", "grosse-strasse"),
        ("   ", "article"),
        ("プリンタ", "article"),
        ("../../etc/passwd", "etc-passwd"),
        ("word " * 40, "word-word-word-word-word-word-word-word-word-word-word-word"),
        ("Taken", "taken-2"),
    ],
)
def test_an_id_is_made_of_the_title(title: str, wanted: str) -> None:
    """Small Latin letters, no path, not too long, and nobody else's."""
    assert id_of(title, {"taken"}) == wanted


def test_an_article_of_that_id_is_not_written_over(shelf: Shelf) -> None:
    """Whoever wrote it."""
    shelf.put(BIKES, "D-1")
    with pytest.raises(PublishingError, match="another article already"):
        shelf.put(BIKES, "D-2")
    assert shelf.free_id("Repair stand") == "repair-stand-2"


def test_what_was_edited_by_hand_meanwhile_stays(base: KnowledgeBase, shelf: Shelf) -> None:
    """The hand's words are the later ones."""
    file = shelf.put(BIKES, "D-1").file
    file.write_text(file.read_text(encoding="utf-8") + "\nBy hand.\n", encoding="utf-8")
    with pytest.raises(PublishingError, match="changed by hand"):
        shelf.put(BIKES, "D-1")
    assert "By hand." in file.read_text(encoding="utf-8")


def test_a_folder_that_is_a_file_is_told(base: KnowledgeBase, tmp_path: Path) -> None:
    """Nothing is published, and the reason is said without a path's insides."""
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    with pytest.raises(PublishingError, match="cannot be written"):
        Shelf(base, tmp_path / "taken").put(BIKES, "D-1")
    assert base.count() == 0


def test_in_a_work_tree_each_is_a_commit_of_that_file_alone(
    base: KnowledgeBase, repository: Path
) -> None:
    """What somebody else has staged stays staged; twice is one commit."""
    shelf = Shelf(base, repository)
    shelf.put(BIKES, "D-1")
    shelf.put(BIKES, "D-1")
    assert git(repository, "log", "--format=%s") == "Add Book the repair stand (D-1)\nBegin"
    assert git(repository, "show", "--name-only", "--format=", "HEAD") == "repair-stand.md"
    assert git(repository, "diff", "--cached", "--name-only") == "half.txt"


def test_a_commit_that_git_refuses_takes_the_file_back(
    base: KnowledgeBase, repository: Path
) -> None:
    """As where a hook says no; the index is as before, nothing is found."""
    hook = repository / ".git" / "hooks" / "pre-commit"
    hook.write_text("#!/bin/sh\necho 'no articles on Sundays' >&2\nexit 1\n", encoding="utf-8")
    hook.chmod(0o755)
    with pytest.raises(PublishingError, match="no articles on Sundays"):
        Shelf(base, repository).put(BIKES, "D-1")
    assert not (repository / "repair-stand.md").exists()
    assert git(repository, "status", "--porcelain") == "A  half.txt"
    assert base.article("repair-stand") is None


def test_a_merge_under_way_is_left_alone(base: KnowledgeBase, repository: Path) -> None:
    """A conflict is somebody's work; nothing is committed into it."""
    git(repository, "commit", "-q", "-m", "Half")
    for branch, words in (("other", "theirs"), ("drafts", "ours")):
        if branch == "other":
            git(repository, "switch", "-q", "-c", branch)
        else:
            git(repository, "switch", "-q", branch)
        (repository / "half.txt").write_text(words, encoding="utf-8")
        git(repository, "commit", "-q", "-am", words)
    with pytest.raises(subprocess.CalledProcessError):
        git(repository, "merge", "-q", "other")
    before = git(repository, "status", "--porcelain")
    with pytest.raises(PublishingError, match="git refused"):
        Shelf(base, repository).put(BIKES, "D-1")
    assert git(repository, "status", "--porcelain") == before


def test_without_a_branch_nothing_is_committed(base: KnowledgeBase, repository: Path) -> None:
    """A commit that no branch holds would be lost."""
    git(repository, "switch", "-q", "--detach")
    with pytest.raises(PublishingError, match="no branch checked out"):
        Shelf(base, repository).put(BIKES, "D-1")
    assert not (repository / "repair-stand.md").exists()


def test_what_git_ignores_is_published_without_a_commit(
    base: KnowledgeBase, repository: Path
) -> None:
    """As the sample desk's own folder is."""
    folder = repository / "var"
    (repository / ".gitignore").write_text("var\n", encoding="utf-8")
    Shelf(base, folder).put(BIKES, "D-1")
    assert git(repository, "log", "--format=%s") == "Begin"
    assert base.count() == 1


def test_a_section_is_added_with_the_questions_that_were_not_there(
    base: KnowledgeBase, shelf: Shelf
) -> None:
    """At the end, a level lower; found by the new question; twice is once."""
    file = shelf.put(BIKES, "D-1").file
    for _ in range(2):
        shelf.add(
            "repair-stand", "Pumps", "Ask the porter.\n\n## Steps\n1. Go.",
            ["who has a pump", "where is the stand for bikes?"], "D-2",
        )  # fmt: skip
    page = file.read_text(encoding="utf-8")
    assert page.count("## Pumps\nAsk the porter.\n\n### Steps\n1. Go.") == 1
    found = base.article("repair-stand")
    assert found is not None
    assert found.questions == ("where is the stand for bikes?", "who has a pump")


@pytest.mark.parametrize("article", ["nobody", "../escape", "", "a/b"])
def test_a_section_goes_only_into_a_page_of_the_folder(shelf: Shelf, article: str) -> None:
    """Nothing outside of it is ever written."""
    shelf.put(BIKES, "D-1")
    with pytest.raises(PublishingError, match="no page that I can write to"):
        shelf.add(article, "Pumps", "Ask the porter.", [], "D-2")


@pytest.mark.parametrize(
    "page",
    [
        "# A page\n\nWithout front matter.\n",
        "---\nid: x\ntitle: X\n---\nWithout questions.\n",
        "---\nid: x\ntitle: X\nquestions:\n  - one\narea: a\n---\nQuestions in the middle.\n",
        "---\ntitle: X\nquestions:\n- one\n---\nNot indented.\n",
        "No heading at all",
    ],
)
def test_a_page_of_anybody_can_be_extended(page: str, tmp_path: Path) -> None:
    """And is read as before, with a section more."""
    (tmp_path / "x.md").write_text(extended(page, "More", "Say more.", ["and two?"]), "utf-8")
    (entry,) = read_source(tmp_path, collection="default")
    assert entry.article is not None
    assert entry.article.body.endswith("## More\nSay more.")
    assert "and two?" in entry.article.questions


def article(name: str, title: str, body: str) -> Article:
    """An article that nobody asked for yet."""
    return Article(name, title, "offices", "l2", (), body)


@pytest.mark.parametrize("times", [1, 3, 6])
def test_a_page_with_many_merged_questions_is_one_article(
    shelf: Shelf, base: KnowledgeBase, times: int
) -> None:
    """Its sections ask, as an FAQ's do; it is found by the questions at its top all the same."""
    put = shelf.put(article("stand", "The bike stand", "Open Rooms and choose it."), "D-1")
    for number in range(times):
        shelf.add(put.article, f"Where is the stand {number}?", f"Go to level {number}, then left.",
                  [f"where is it, {number}"], f"D-{number + 2}")  # fmt: skip
    assert [each.id for each in base.store.articles()] == [put.article]
    found = base.article(put.article)
    assert found is not None
    assert "where is it, 0" in found.questions


@pytest.mark.parametrize(
    ("body", "is_said"),
    [
        ("Open Rooms and choose it.", True),
        ("open rooms, and choose it", True),
        ("## Steps\nOpen Rooms and choose it.", True),
        ("Open Rooms and choose the other.", False),
        ("Choose it and open Rooms now.", False),
    ],
)
def test_what_a_page_says_already_is_not_said_again(
    shelf: Shelf, base: KnowledgeBase, body: str, is_said: bool
) -> None:
    """Its questions, and what it was called, are asked of the page from then on."""
    put = shelf.put(article("stand", "The bike stand", "Open Rooms and choose it."), "D-1")
    shelf.add(put.article, "Repair my bike", body, ["where do I mend it"], "D-2")
    found = base.article(put.article)
    assert found is not None
    assert ("Repair my bike" in found.body) is not is_said
    assert ("Repair my bike" in found.questions) is is_said
    assert "where do I mend it" in found.questions


def test_a_page_that_is_merged_into_can_stand_in_for_another(
    shelf: Shelf, base: KnowledgeBase
) -> None:
    """And for a second one: the first stays away."""
    for old in ("stand-of-old", "stand-of-yore"):
        shelf.put(article(old, f"The {old}", "Ask the porter for the key."), "D-0")
    put = shelf.put(article("stand", "The bike stand", "Open Rooms and choose it."), "D-1")
    for number, old in enumerate(("stand-of-old", "stand-of-yore"), start=2):
        shelf.add(
            put.article, "Keys", "No key is needed any more.", ["key?"], f"D-{number}",
            instead_of=old,
        )  # fmt: skip
    assert {hit.article for hit in base.search("porter key stand")} == {"stand"}


@pytest.mark.parametrize(
    ("body", "is_taken"),
    [
        ("Open Rooms and choose it.", True),
        ("## Steps\nopen rooms and choose it", True),
        ("Open the door and choose it.", False),
        ("Ask.", False),
    ],
)
def test_an_article_that_is_kept_elsewhere_is_asked_by_more_where_it_says_so_already(
    shelf: Shelf, base: KnowledgeBase, tmp_path: Path, body: str, *, is_taken: bool
) -> None:
    """Its file is not written to: what it does not say has to be added there."""
    kept = tmp_path / "elsewhere"
    kept.mkdir()
    page = "---\nid: stand\ntitle: The bike stand\n---\nOpen Rooms and choose it.\n"
    (kept / "stand.md").write_text(page, encoding="utf-8")
    base.sync([kept])
    if is_taken:
        assert shelf.add("stand", "Repair my bike", body, ["flat tyre"], "D-2").article == "stand"
    else:
        with pytest.raises(PublishingError, match="where it is kept"):
            shelf.add("stand", "Repair my bike", body, ["flat tyre"], "D-2")
    assert base.store.learned_count() == 2 * is_taken
    assert (kept / "stand.md").read_text(encoding="utf-8") == page
    assert not shelf.file_of("stand")


def test_another_machine_finds_what_was_published_and_in_place_of_what(tmp_path: Path) -> None:
    """Each has a folder and a file of its own; articles are shared at a place."""
    place = PlaceInMemory()
    one, other = (
        KnowledgeBase.open(tmp_path / name / "kb.db", WordEncoder(), place=place)
        for name in ("one", "other")
    )
    shelf = Shelf(one, tmp_path / "one" / "published")
    shelf.put(replace(BIKES, id="old-stand", title="The old stand for bikes"), "D-1")
    shelf.put(BIKES, "D-2", "old-stand")
    other.catch_up()
    there = Shelf(other, tmp_path / "other" / "published")
    there.put(replace(BIKES, id="lift", title="The lift", questions=("where is the lift",)), "D-3")
    one.catch_up()
    for each in (one, other):
        hits = each.search("where is the stand for bikes?")
        assert "old-stand" not in [hit.article for hit in hits]
        assert hits[0].article == "repair-stand"
        assert each.search("where is the lift")[0].article == "lift"


LONG = (
    "Open Rooms and choose it.\n\n## Steps\n1. Look at the plan.\n2. Take the lift to level two.\n"
    "3. Turn left.\n\n## When to ask for a person\nWhen this does not settle it."
)


def test_an_answer_with_steps_is_recognised_however_its_steps_are_marked(
    shelf: Shelf, base: KnowledgeBase
) -> None:
    """Empty lines, numbers and headings say nothing: it is not added a second time."""
    put = shelf.put(article("stand", "The bike stand", LONG), "D-1")
    again = LONG.partition("\n\n## When")[0]
    for number, body in enumerate((again, again.replace("2. ", "- "), again.replace("\n", "\r\n"))):
        shelf.add(put.article, f"Repair {number}", body, [f"flat tyre {number}"], f"D-{number + 2}")
    found = base.article(put.article)
    assert found is not None
    assert found.body == LONG
    assert len(found.questions) == 6


def test_of_an_answer_that_says_something_new_only_that_is_added(
    shelf: Shelf, base: KnowledgeBase
) -> None:
    """Of what helped others line by line; an answer and its steps are whole, or not there."""
    put = shelf.put(article("stand", "The bike stand", LONG), "D-1")
    again = LONG.partition("\n\n## When")[0]
    one_line = "- Open Rooms and choose it. 1. Look at the plan. 2. Take the lift to level two."
    more = f"{again}\n\n## What helped others\n{one_line}\n- Ask the porter for the key."
    shelf.add(put.article, "Keys", more, [], "D-2")
    found = base.article(put.article)
    assert found is not None
    assert found.body == f"{LONG}\n\n## Keys\n### What helped others\n- Ask the porter for the key."
    other = again.replace("3. Turn left.", "3. Turn right.")
    shelf.add(put.article, "Right", other, [], "D-3")
    found = base.article(put.article)
    assert found is not None
    assert found.body.endswith(
        "## Right\nOpen Rooms and choose it.\n\n### Steps\n1. Look at the plan.\n"
        "2. Take the lift to level two.\n3. Turn right."
    )
