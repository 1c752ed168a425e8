"""To which area an article belongs: by front matter of any name, its folder, or a rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kb.filing import Filing, Rule, folder_area
from kb.searching.base import KnowledgeBase
from tests.classifier.conftest import HashingEncoder

if TYPE_CHECKING:
    from pathlib import Path

BODY = "\n\nWhoever needs it asks the porter for it, who has the list of all of them.\n"


def filed(folder: Path, filing: Filing | None = None) -> dict[str, tuple[str, str]]:
    """Sync a folder, and give the area and owner of each article."""
    base = KnowledgeBase.open(folder.parent / "desk.db", HashingEncoder(), filing=filing)
    try:
        base.sync([folder])
        return {one.id: (one.area, one.owner) for one in base.store.articles()}
    finally:
        base.close()


def write(folder: Path, name: str, front: str = "") -> None:
    """Write one article below the folder."""
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    begin = f"---\n{front}\n---\n" if front else ""
    file.write_text(f"{begin}# About {file.stem}{BODY}", encoding="utf-8")


@pytest.mark.parametrize(
    ("place", "area"),
    [
        ("network/vpn.md", "network"),
        ("docs/network/vpn.md", "network"),
        ("content/en/docs/Human Resources/leave/parents.md", "Human Resources"),
        ("02-office_and_travel/trains.md", "office and travel"),
        ("3. Accounts/new.md", "Accounts"),
        ("pages/pt-BR/viagens/trem.md", "viagens"),
        ("365-licences/which.md", "licences"),
        ("vpn.md", ""),
        ("docs/de/index.md", ""),
    ],
)
def test_the_first_folder_that_says_something_is_the_area(
    tmp_path: Path, place: str, area: str
) -> None:
    """Folders that hold everything, languages, and numbers for the order say nothing."""
    write(tmp_path, place)
    assert folder_area(tmp_path / place, tmp_path) == area


@pytest.mark.parametrize(
    ("front", "filing", "expected"),
    [
        ("department: Facilities", Filing(area_from=("department",)), ("Facilities", "")),
        ("Maintained_By: '@night shift'", Filing(owner_from=("maintained_by",)),
         ("", "@night shift")),
        ("params:\n  squad: payments", Filing(area_from=("params.squad",)), ("payments", "")),
        ("teams: [lifts, doors]", Filing(area_from=("desk", "teams")), ("lifts", "")),
        ("area: doors\ndepartment: lifts", Filing(area_from=("department",)), ("lifts", "")),
        ("area: doors", Filing(area_from=("department",)), ("doors", "")),
        ("area: doors\nowner: Ida", Filing(rules=(Rule("*", area="lifts"),)), ("lifts", "Ida")),
        ("owner: Ida", Filing(rules=(Rule("no/*", area="x"), Rule("lo*", owner="Bo"),
                                     Rule("*", "lifts", "Cy"))), ("lifts", "Bo")),
        ("", Filing(rules=(Rule("*", area="x", collection="another"),)), ("", "")),
    ],
)  # fmt: skip
def test_front_matter_of_any_name_and_rules_file_an_article(
    tmp_path: Path, front: str, filing: Filing, expected: tuple[str, str]
) -> None:
    """A rule stands above named fields, and these above those that are always read."""
    write(tmp_path / "ours", "lobby.md", front)
    assert filed(tmp_path / "ours", filing)["lobby"] == expected


def test_questions_of_one_page_are_filed_by_the_page(tmp_path: Path) -> None:
    """The front matter of an FAQ holds for each of its questions."""
    page = tmp_path / "ours" / "faq.md"
    page.parent.mkdir()
    asked = "".join(f"## Where is room {number}?{BODY}" for number in range(1, 6))
    page.write_text(f"---\ntitle: Rooms\nsquad: porters\n---\n{asked}", encoding="utf-8")
    found = filed(tmp_path / "ours", Filing(area_from=("squad",)))
    assert len(found) == 5
    assert {area for area, _ in found.values()} == {"porters"}


def test_a_changed_configuration_files_untouched_articles_anew(tmp_path: Path) -> None:
    """Files are passed over where nothing changed, but not where the filing did."""
    write(tmp_path / "ours", "network/vpn.md")
    write(tmp_path / "ours", "people/leave.md")
    assert filed(tmp_path / "ours") == {"network/vpn": ("", ""), "people/leave": ("", "")}
    by_folder = filed(tmp_path / "ours", Filing(by_folder=True))
    assert by_folder == {"network/vpn": ("network", ""), "people/leave": ("people", "")}
    ruled = Filing(by_folder=True, rules=(Rule("people/*", owner="Ida"),))
    assert filed(tmp_path / "ours", ruled)["people/leave"] == ("people", "Ida")
    assert filed(tmp_path / "ours") == {"network/vpn": ("", ""), "people/leave": ("", "")}
