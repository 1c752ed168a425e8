"""The clock and the message search of the page, by pointer, by keyboard and on a small screen."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.playground.test_page_in_browser import (
    ANA,
    MEI,
    browser,
    expect,
    field,
    open_page,
    picture,
    pytestmark,
    thread,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator, Page

    from bot.playground import Person, Playground

__all__ = ["browser", "open_page", "pytestmark"]
"""Fixtures and marks of the other browser tests, which pytest finds here by their names."""

OTHER = "U0TOM00001"
SIZES = [(1400, "light"), (1400, "dark"), (400, "light"), (400, "dark")]


@pytest.fixture
def mei(person: Callable[[str], Person]) -> Person:
    """An engineer."""
    return person(MEI)


def clock(page: Page) -> Locator:
    """The clock in the side bar; on a small screen behind the menu."""
    if not page.get_by_role("region", name="Clock").is_visible():
        page.get_by_role("button", name=re.compile("Open channels and people")).first.click()
    return page.get_by_role("region", name="Clock")


def shown_hour(page: Page) -> str:
    """When the page says it is."""
    return page.get_by_role("region", name="Clock").locator("time").get_attribute("datetime") or ""


def test_every_time_on_the_page_follows_the_clock(
    open_page: Callable[..., Page], ana: Person, playground: Playground
) -> None:
    """What was said today was said before today a day on; back at now it is today again."""
    first = ana.say("it-help", "one")
    ana.say("it-help", "a reply", first)
    page, other = open_page(), open_page(MEI)
    expect(page.locator(".day", has_text="Today")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("1 reply"))).to_contain_text("just now")
    clock(page).get_by_role("button", name="Turn").click()
    clock(page).get_by_role("button", name="+1 hour").click()
    expect(page.get_by_role("button", name=re.compile("1 reply"))).to_contain_text("1 hour ago")
    clock(page).get_by_role("button", name="+1 day").click()
    for each in (page, other):
        # Yesterday, or before it where the hour more is the next day's.
        expect(each.locator(".day", has_text="Today")).to_have_count(0)
        expect(each.locator(".day")).to_be_visible()
        expect(each.locator(".main .turned-mark")).to_contain_text("+1 day 1 h")
    field(page).fill("said a day later")
    field(page).press("Enter")
    expect(page.locator(".day", has_text="Today")).to_be_visible()
    page.reload()
    expect(page.locator(".main .turned-mark")).to_contain_text("+1 day 1 h")
    clock(page).get_by_role("button", name="Back to now").click()
    expect(page.locator(".turned-mark")).to_have_count(0)
    expect(clock(page).get_by_role("button", name="Back to now")).to_be_disabled()
    assert playground.control("clock")["ahead"] == 0


def test_to_the_hour_at_which_the_desk_opens(
    open_page: Callable[..., Page], playground: Playground
) -> None:
    """By what the app's runner says; without it, to the next working day's morning."""
    page = open_page()
    clock(page).get_by_role("button", name="Turn").click()
    clock(page).get_by_role("button", name=re.compile("^To the morning")).click()
    expect(page.locator(".main .turned-mark")).to_be_visible()
    assert playground.control("clock")["now"] % 60 < 30
    opens = playground.control("clock")["now"] + 5_400
    playground.control("clock", opens=opens)
    clock(page).get_by_role("button", name=re.compile("^To support hours")).click()
    expect(clock(page).get_by_role("button", name=re.compile("^To the morning"))).to_be_visible()
    assert playground.control("clock")["now"] >= opens


@pytest.mark.parametrize(("width", "scheme"), SIZES)
def test_the_clock_is_read_at_every_size(
    open_page: Callable[..., Page], width: int, scheme: str
) -> None:
    """Nothing is wider than the screen, and no serious fault of accessibility."""
    page = open_page(width=width, scheme=scheme)
    clock(page).get_by_role("button", name="Turn").click()
    clock(page).get_by_role("button", name="+15 min").click()
    expect(clock(page).locator(".turned")).to_contain_text("+15 min")
    picture(page, f"clock-{width}-{scheme}")
    assert wider(page) <= 0
    check(page)


def talk(ana: Person, mei: Person) -> str:
    """A question with a thread, far above what a page shows at first; gives its `ts`."""
    asked = ana.say("it-help", "Where is the pumpkin scale?")
    mei.say("it-help", "Behind the cafe, next to the **pumpkin** rack", asked)
    for number in range(120):
        ana.say("it-help", f"chatter {number}")
    mei.say("l2-support", "Between us: the pumpkin scale is broken")
    ana.say(ana.dm(OTHER), "a secret pumpkin for you")
    return asked


def test_what_was_said_is_found_and_opened_by_keyboard(
    open_page: Callable[..., Page], ana: Person, mei: Person
) -> None:
    """Ctrl+G, words, arrows, Enter: the message has the focus, and its thread is open."""
    asked = talk(ana, mei)
    page = open_page(channel="general")
    page.keyboard.press("Control+g")
    page.keyboard.type("pumpkin")
    options = page.get_by_role("dialog").get_by_role("option")
    expect(options).to_have_count(3)
    expect(options.first).to_contain_text("a secret pumpkin")
    expect(options.first.locator("mark")).to_have_text("pumpkin")
    picture(page, "search-1280")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(thread(page).locator(".message.found-here")).to_contain_text("Where is the pumpkin")
    expect(page.locator(".main .message.found-here")).to_be_in_viewport()
    expect(thread(page).locator(f'[data-ts="{asked}"]')).to_be_focused()
    page.keyboard.press("Control+g")
    page.keyboard.type("cafe in:it-help")
    expect(options).to_have_count(1)
    page.keyboard.press("Enter")
    expect(thread(page).locator(".message.found-here")).to_contain_text("Behind the cafe")


def test_nobody_finds_what_is_between_others(
    open_page: Callable[..., Page], ana: Person, mei: Person
) -> None:
    """Priya is in none of these but #it-help; and the words say that nothing was found."""
    talk(ana, mei)
    page = open_page("U0PRIYA001", channel="l3-engineering")
    page.get_by_role("button", name=re.compile("^Search messages")).click()
    page.keyboard.type("secret pumpkin")
    expect(page.get_by_role("option", name="Nothing found")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_the_switcher_leads_to_the_search(
    open_page: Callable[..., Page], ana: Person, mei: Person
) -> None:
    """Who types words where places are sought finds the messages with them."""
    talk(ana, mei)
    page = open_page(ANA)
    page.keyboard.press("Control+k")
    page.keyboard.type("pumpkin")
    page.keyboard.press("Enter")
    expect(page.get_by_role("combobox", name="Search messages")).to_have_value("pumpkin")
    expect(page.get_by_role("dialog").get_by_role("option")).to_have_count(3)


@pytest.mark.parametrize(("width", "scheme"), SIZES)
def test_the_search_is_read_at_every_size(
    open_page: Callable[..., Page], ana: Person, mei: Person, width: int, scheme: str
) -> None:
    """Nothing is wider than the screen, and no serious fault of accessibility."""
    asked = ana.say("it-help", f"Where is the pumpkin scale? {'x' * 90}")
    mei.say("it-help", "Next to the pumpkin rack", asked)
    page = open_page(width=width, scheme=scheme)
    page.keyboard.press("Control+g")
    page.keyboard.type("pumpkin")
    expect(page.get_by_role("dialog").get_by_role("option")).to_have_count(2)
    picture(page, f"search-{width}-{scheme}")
    assert wider(page) <= 0
    check(page)
    page.get_by_role("option").first.click()
    found = thread(page).locator(".message.found-here")
    expect(found).to_contain_text("Next to the pumpkin")
    expect(found).to_be_focused()
    expect(found).to_be_in_viewport()
    picture(page, f"found-{width}-{scheme}")


def wider(page: Page) -> int:
    """By how much the page is wider than its window."""
    return int(page.evaluate("() => document.scrollingElement.scrollWidth - window.innerWidth"))


def check(page: Page) -> None:
    """No serious fault of accessibility."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    found = axe.run(page).response["violations"]
    serious = [
        f"{one['id']} ({one['help']}) at {one['nodes'][0]['target']}"
        for one in found
        if one["impact"] in ("serious", "critical")
    ]
    assert serious == []
