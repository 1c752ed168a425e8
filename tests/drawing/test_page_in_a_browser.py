"""The report's page in a real browser: it fits, in light and dark, and axe finds no fault."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from bot.cli import frontline
from bot.store.database import connect, migrate
from tests.bench.desk_on_record import fill_desk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.rare,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium here"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all tests."""
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a desk with two years on record."""
    folder = tmp_path_factory.mktemp("report")
    migrate(folder / "desk.db")
    fill_desk(folder / "desk.db", 6_000)
    db = connect(folder / "desk.db")
    db.execute("INSERT INTO workspaces VALUES ('T0LARKFLD1', 'https://larkfield.slack.com/')")
    db.conn.commit()
    db.close()
    page = folder / "desk.html"
    command = ["--db", str(folder / "desk.db"), "report", "--since", "60d", "--html", str(page)]
    result = CliRunner().invoke(frontline, command)
    assert result.exit_code == 0, result.output
    return page


@pytest.mark.parametrize("width", [1400, 400])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_fetches_nothing_and_axe_finds_no_fault(
    browser: Browser, page_file: Path, width: int, scheme: str
) -> None:
    """On a desk and on a phone."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
    )
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(page_file.as_uri())
    wide = page.evaluate("() => document.scrollingElement.scrollWidth - window.innerWidth")
    assert wide <= 0
    assert asked == [page_file.as_uri()]
    assert page.locator("section").count() == 19
    assert page.locator("svg .one").count() > 10
    serious = [
        f"{one['id']} ({one['help']}) at {one['nodes'][0]['target']}"
        for one in axe.run(page).response["violations"]
        if one["impact"] in ("serious", "critical")
    ]
    assert serious == []
    context.close()
