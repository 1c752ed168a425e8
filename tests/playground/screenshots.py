"""Pictures of the real bot in the local workspace: `make screenshots`.

It starts what `make demo` starts, on a port and with a memory of its own, plays a short story in a
browser, and writes answer.png, escalation.png and dark.png to docs/images or the folder given.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path
from struct import pack, unpack
from typing import TYPE_CHECKING

from playwright.sync_api import expect, sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
SIZE = {"width": 1440, "height": 900}
SCALE = 8 / 9  # pictures of 1280 by 800
MOST_BYTES = 300_000
PATIENCE_MS = 60_000
READY = re.compile(r"Frontline is ready: (\S+)")


def main(arguments: list[str] | None = None) -> int:
    """Write the pictures; exit status 1 with a reason where that cannot be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "docs" / "images")
    given = parser.parse_args(arguments)
    if CHROMIUM is None:
        sys.stderr.write("screenshots: there is no chromium here; CHROMIUM may name one\n")
        return 1
    given.folder.mkdir(parents=True, exist_ok=True)
    with demo() as address, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        play(browser, address, given.folder)
        browser.close()
    for picture in sorted(given.folder.glob("*.png")):
        sys.stdout.write(f"{picture} {picture.stat().st_size} bytes\n")
    return 0


@contextlib.contextmanager
def demo() -> Iterator[str]:
    """Run `frontline demo` with a memory of its own; gives the page's address."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "bot", "--db", f"{folder}/frontline.db", "demo"]
        with subprocess.Popen(
            [*command, "--port", "0"], cwd=ROOT, stdout=subprocess.PIPE, text=True
        ) as running:
            try:
                yield _address(running)
            finally:
                running.send_signal(signal.SIGINT)
                running.communicate(timeout=30)


def _address(running: subprocess.Popen[str]) -> str:
    for line in running.stdout or ():
        if found := READY.match(line):
            return found[1]
    raise SystemExit("screenshots: the demo did not start; what it said stands above")


def play(browser: Browser, address: str, folder: Path) -> None:
    """A question with an answer, one for the second line, and the same at night."""
    page = browser.new_page(viewport=SIZE, device_scale_factor=SCALE, reduced_motion="reduce")
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{address}/?as=U0ANA00001&channel=it-help")
    guide = page.get_by_role("region", name="Guided start")
    guide.get_by_role("button", name="authenticator").click()
    solved = page.get_by_role("button", name="That solved it")
    expect(solved).to_be_visible(timeout=PATIENCE_MS)
    keep(page, folder / "answer.png")

    page.get_by_role("button", name="Next question").click()
    guide.get_by_role("button", name="VPN drops").click()
    expect(page.get_by_text("I have passed it to").first).to_be_visible(timeout=PATIENCE_MS)
    page.get_by_role("button", name=re.compile("^Switch to Mei Tanaka$")).click()
    take = page.get_by_role("button", name="Take it").first
    expect(take).to_be_visible(timeout=PATIENCE_MS)
    page.get_by_role("button", name=re.compile("repl(y|ies)")).first.click()
    expect(page.locator("[data-virtuoso-scroller]")).to_have_count(2)
    keep(page, folder / "escalation.png")

    page.emulate_media(color_scheme="dark")
    keep(page, folder / "dark.png")


def keep(page: Page, path: Path) -> None:
    """Write what is on the screen, small enough for a README."""
    page.mouse.move(700, 30)
    # A long list measures its messages out of sight before it shows them.
    page.wait_for_function(
        "() => [...document.querySelectorAll('[data-virtuoso-scroller]')]"
        ".every((list) => list.innerText.trim() !== '')"
    )
    page.evaluate("() => document.fonts.ready")
    page.wait_for_load_state("networkidle")
    page.screenshot(path=str(path), animations="disabled", caret="hide")
    path.write_bytes(squeezed(path.read_bytes()))
    if path.stat().st_size > MOST_BYTES:
        raise SystemExit(f"screenshots: {path} has more than {MOST_BYTES} bytes")


def squeezed(png: bytes) -> bytes:
    """The same picture with its pixels packed as tightly as zlib can."""
    chunks, at = [], 8
    while at < len(png):
        (length,) = unpack(">I", png[at : at + 4])
        chunks.append((png[at + 4 : at + 8], png[at + 8 : at + 8 + length]))
        at += 12 + length
    pixels = zlib.decompress(b"".join(body for kind, body in chunks if kind == b"IDAT"))
    packed = zlib.compress(pixels, 9)
    kept = [(kind, body) for kind, body in chunks if kind in (b"IHDR", b"PLTE", b"tRNS")]
    written = [*kept, (b"IDAT", packed), (b"IEND", b"")]
    smaller = png[:8] + b"".join(
        pack(">I", len(body)) + kind + body + pack(">I", zlib.crc32(kind + body))
        for kind, body in written
    )
    return min(png, smaller, key=len)


if __name__ == "__main__":
    sys.exit(main())
