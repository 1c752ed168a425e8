"""The shipped page is the one that the sources describe; told without Node."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from bot.playground.page.endpoints import STATIC

WEB = STATIC.with_name("web")


def sources() -> list[str]:
    """What the build reads, as `vite.config.ts` counts it."""
    folders = [path for name in ("src", "public") for path in (WEB / name).rglob("*")]
    files = [path.relative_to(WEB).as_posix() for path in folders if path.is_file()]
    return sorted([*files, "index.html", "package-lock.json", "vite.config.ts"])


def test_the_page_was_built_from_these_sources() -> None:
    """After a change: `npm run build` in bot/playground/web."""
    digest = hashlib.sha256()
    for name in sources():
        digest.update(name.encode() + b"\0" + (WEB / name).read_bytes() + b"\0")
    assert (STATIC / "built-from.txt").read_text().strip() == digest.hexdigest()


def test_the_page_fetches_nothing_from_elsewhere() -> None:
    """Scripts, styles and fonts all come from the workspace itself."""
    for page in [STATIC / "index.html", *STATIC.glob("assets/*.css")]:
        foreign = re.findall(
            r"(?:src|href)=[\"'](?:https?:)?//|url\((?:https?:)?//", page.read_text()
        )
        assert foreign == [], page.name


def test_the_lock_file_names_no_registry() -> None:
    """Where packages come from is the business of whoever installs them."""
    assert '"resolved"' not in (WEB / "package-lock.json").read_text()


def test_everything_that_the_page_asks_for_is_shipped() -> None:
    """No dangling script, style or font."""
    for address in re.findall(r"/static/([\w./-]+)", (STATIC / "index.html").read_text()):
        assert (STATIC / address).is_file()
    for sheet in STATIC.glob("assets/*.css"):
        for name in re.findall(r"url\(/static/([\w./-]+)\)", sheet.read_text()):
            assert (STATIC / Path(name)).is_file()
