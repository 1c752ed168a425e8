"""The page in a real browser: what people see and do, by pointer, by keyboard, on a small screen.

Set `PAGE_SHOTS` to a folder to keep a picture of each step of the story.
"""

from __future__ import annotations

import base64
import os
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bot.playground import Person, Playground
from bot.playground.page.endpoints import STATIC
from tests.playground import browser_desk as desk_app

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Locator, Page, Route, WebSocket
    from slack_sdk import WebClient

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")


expect = playwright.expect

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
ANA, MEI, BOT = "U0ANA00001", "U0MEI00001", "U0FRONT001"
QUESTION = "How do I set up the authenticator app on my new phone?"

DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
"""A picture of one pixel."""

pytestmark = [
    pytest.mark.rare,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium here"),
    pytest.mark.skipif(not (STATIC / "index.html").exists(), reason="the page is not built"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all tests; each gets pages of its own."""
    arguments = ["--no-sandbox", "--disable-background-networking"]
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield started
        started.close()


@pytest.fixture
def open_page(playground: Playground, browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens the page as somebody; fails the test if a script of the page fails."""
    contexts: list[Any] = []
    failures: list[str] = []

    def open_one(
        user: str = ANA,
        channel: str = "it-help",
        width: int = 1280,
        scheme: str = "light",
        **query: str,
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 800}, color_scheme=scheme, reduced_motion="reduce"
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: failures.append(str(error)))
        extra = "".join(f"&{name}={value}" for name, value in query.items())
        page.goto(f"{playground.url}/?as={user}&channel={channel}{extra}")
        page.locator(".main").wait_for()
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert failures == []


@pytest.fixture
def desk(client: WebClient, connect: Callable[..., Any]) -> None:
    """The small help desk, connected."""
    connect(desk_app.build_desk(client))


def field(page: Page, place: str = "#it-help") -> Locator:
    """Where one writes to a channel."""
    return page.get_by_role("combobox", name=f"Message to {place}")


def say(page: Page, text: str, place: str = "#it-help") -> None:
    """Write and send, as people do."""
    field(page, place).fill(text)
    field(page, place).press("Enter")


def thread(page: Page) -> Locator:
    """The open thread."""
    return page.get_by_role("complementary", name=re.compile("^Thread"))


def picture(page: Page, name: str) -> None:
    """Keep what is on the screen, if somebody wants to see it."""
    if folder := os.environ.get("PAGE_SHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(Path(folder) / f"{name}.png"))


@pytest.mark.usefixtures("desk")
def test_a_whole_story_from_question_to_reopened(open_page: Callable[..., Page]) -> None:
    """Ask, not what I need, escalated, taken, resolved wrongly and rightly, seen, reopened."""
    page = open_page()
    picture(page, "1-first-visit")
    page.get_by_role("region", name="Guided start").get_by_text(QUESTION).click()
    expect(thread(page).get_by_role("heading", name=desk_app.ANSWERED)).to_be_visible()
    picture(page, "2-answered")
    page.get_by_role("button", name="Next question").click()
    guide = page.get_by_role("region", name="Guided start")
    expect(guide.get_by_role("listitem")).to_have_count(2)
    expect(guide.get_by_text(QUESTION)).to_have_count(0)

    thread(page).get_by_role("button", name="Not what I need").click()
    expect(thread(page).get_by_text("I have passed this on to L2.")).to_be_visible()

    page.get_by_role("button", name=re.compile("Switch to Mei Tanaka .L2.")).click()
    page.get_by_role("button", name=re.compile("^l2-support")).click()
    expect(page.get_by_text("@l2-oncall")).to_be_visible()
    picture(page, "3-escalated")
    page.get_by_role("button", name="Take it").click()
    expect(page.get_by_text("@Mei Tanaka has taken it")).to_be_visible()

    page.get_by_role("button", name="Resolve", exact=True).click()
    modal = page.get_by_role("dialog", name="Resolve T-1042")
    modal.get_by_role("button", name="Resolve it").click()
    expect(modal.get_by_text("Please complete this required field.")).to_have_count(2)
    modal.get_by_label("What it was").fill("An old certificate")
    modal.get_by_label("What fixed it").fill("new")
    modal.get_by_label("How sure").click()
    page.get_by_role("option", name="A guess").click()
    modal.get_by_role("button", name="Resolve it").click()
    expect(modal.get_by_label("What fixed it")).to_have_accessible_description(
        "Say a little more: ten characters."
    )
    expect(modal.get_by_label("What fixed it")).to_be_focused()
    picture(page, "4-modal-refused")
    modal.get_by_label("What fixed it").fill("Issued a new certificate")
    modal.get_by_role("button", name="Resolve it").click()
    expect(modal).to_have_count(0)

    page.get_by_role("button", name=re.compile("Switch to Ana Ribeiro")).click()
    resolved = thread(page).get_by_text("Resolved: Issued a new certificate")
    expect(resolved).to_be_visible()
    thread(page).get_by_role("button", name="Not fixed after all").click()
    expect(thread(page).get_by_text("T-1042 is open again.")).to_be_visible()
    picture(page, "5-reopened")


def test_what_people_type_is_text_and_never_markup(open_page: Callable[..., Page]) -> None:
    """Markup is shown as typed, formatting and mentions are not."""
    page = open_page()
    say(page, "<img src=x onerror=alert(1)> *bold* & &lt;i&gt; :wave: @mei tanaka")
    message = page.locator(".message").last
    expect(message).to_contain_text("<img src=x onerror=alert(1)> bold & &lt;i&gt;")
    expect(message.locator("strong")).to_have_text("bold")
    expect(message.get_by_role("img", name="wave")).to_be_visible()
    expect(message.locator(".mention")).to_have_text("@Mei Tanaka")
    assert message.locator(".content img").count() == 0


def test_own_messages_are_edited_and_deleted(open_page: Callable[..., Page], ana: Person) -> None:
    """From the menu of the message, after a question for the second."""
    ana.say("it-help", "frist")
    page = open_page()
    message = page.locator(".message", has_text="frist")
    message.hover()
    message.get_by_role("button", name="More message actions").click()
    page.get_by_role("menuitem", name="Edit message").click()
    page.get_by_role("combobox", name="Edit message").fill("first")
    page.get_by_role("button", name="Save").click()
    edited = page.locator(".message", has_text="first")
    expect(edited).to_contain_text("(edited)")
    edited.hover()
    edited.get_by_role("button", name="More message actions").click()
    page.get_by_role("menuitem", name="Delete message").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Delete").click()
    expect(page.locator(".message")).to_have_count(0)


def test_a_message_of_somebody_else_arrives_is_counted_and_reacted_to(
    open_page: Callable[..., Page], person: Callable[[str], Person]
) -> None:
    """Live, with an unread mark and a mention badge where one is not looking."""
    mei = person(MEI)
    page = open_page(channel="general")
    ts = mei.say("it-help", "look, @ana")
    row = page.get_by_role("button", name="it-help 1 new")
    row.click()
    expect(page.get_by_text("look, @Ana Ribeiro")).to_be_visible()
    expect(page.get_by_role("button", name="it-help", exact=True)).to_be_visible()
    page.locator(".message").hover()
    page.get_by_role("button", name="React with eyes").click()
    reaction = page.get_by_role("button", name="eyes: You")
    expect(reaction).to_have_attribute("aria-pressed", "true")
    mei.react("it-help", ts, "eyes")
    expect(page.get_by_role("button", name="eyes: You, Mei Tanaka")).to_contain_text("2")


def test_a_message_that_comes_while_the_page_catches_up_is_counted_once(
    open_page: Callable[..., Page], person: Callable[[str], Person]
) -> None:
    """Told after the server answered, and applied before the page has the answer."""
    mei = person(MEI)
    page = open_page(channel="general")
    sockets: list[WebSocket] = []
    said: list[str] = []

    def answer_late(route: Route) -> None:
        answer = route.fetch()
        if sockets and not said:  # asked again, now that its connection has come
            with sockets[-1].expect_event("framereceived", lambda frame: "look, " in str(frame)):
                said.append(mei.say("it-help", "look, @ana"))
        route.fulfill(response=answer)

    page.on("websocket", lambda socket: sockets.append(socket))
    page.route("**/playground/boot*", answer_late)
    page.reload()
    expect(page.get_by_role("button", name="it-help 1 new")).to_be_visible()
    assert said
    # An answer that is still under way would fail in the next test.
    page.unroute_all(behavior="wait")


@pytest.mark.usefixtures("desk")
def test_an_ephemeral_message_is_seen_by_one_person_only(open_page: Callable[..., Page]) -> None:
    """And it is still there after a reload."""
    page, other = open_page(), open_page(MEI)
    say(page, "whisper to me")
    expect(page.get_by_text("Only visible to you")).to_be_visible()
    expect(other.get_by_text("whisper to me")).to_be_visible()
    expect(other.get_by_text("Only visible to you")).to_have_count(0)
    page.reload()
    expect(page.get_by_text("Only visible to you")).to_be_visible()


@pytest.mark.usefixtures("desk")
def test_the_app_has_a_home_and_answers_a_command(open_page: Callable[..., Page]) -> None:
    """The tabs of the app's conversation; a slash command with completion."""
    page = open_page()
    page.get_by_role("button", name="Frontline", exact=True).click()
    page.get_by_role("tab", name="Home").click()
    expect(page.get_by_role("heading", name="Your requests")).to_be_visible()
    page.get_by_role("tab", name="Messages").click()
    field(page, "Frontline").fill("/help")
    page.get_by_role("option", name="/helpdesk").click()
    field(page, "Frontline").press("Enter")
    expect(page.get_by_text("You have no open requests.")).to_be_visible()


def test_everything_can_be_done_by_keyboard(open_page: Callable[..., Page], ana: Person) -> None:
    """Switch channels, walk through messages, open a thread, complete a name, leave."""
    first = ana.say("it-help", "one")
    ana.say("it-help", "a reply", first)
    ana.say("it-help", "two")
    page = open_page(channel="general")
    page.keyboard.press("Control+k")
    page.keyboard.type("it-h")
    page.keyboard.press("Enter")
    expect(field(page)).to_be_focused()
    expect(page.locator(".message", has_text="two")).to_be_visible()
    page.locator(".message").last.focus()
    page.keyboard.press("ArrowUp")
    expect(page.locator(".message").first).to_be_focused()
    page.locator(".message").first.get_by_role("button", name="1 reply").focus()
    page.keyboard.press("Enter")
    reply = page.get_by_role("combobox", name="Reply in thread")
    expect(reply).to_be_focused()
    page.keyboard.type("@jon")
    expect(page.get_by_role("option", name=re.compile("Jonas Weber"))).to_be_visible()
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("look")
    page.keyboard.press("Enter")
    expect(thread(page).locator(".message").last).to_contain_text("@Jonas Weber")
    page.keyboard.press("Escape")
    expect(thread(page)).to_have_count(0)


def test_the_address_leads_back_to_the_same_place(
    open_page: Callable[..., Page], ana: Person
) -> None:
    """After a reload, with the back button, and from a permalink."""
    ts = ana.say("it-help", "one")
    ana.say("it-help", "a reply", ts)
    page = open_page()
    page.get_by_role("button", name="1 reply").click()
    expect(thread(page)).to_be_visible()
    page.reload()
    expect(thread(page).get_by_text("a reply")).to_be_visible()
    page.go_back()
    expect(thread(page)).to_have_count(0)
    page.goto(page.url.split("?")[0] + f"archives/C0ITHELP01/p{ts.replace('.', '')}")
    expect(thread(page).get_by_text("a reply")).to_be_visible()


def test_channels_are_browsed_joined_and_left(
    open_page: Callable[..., Page], client: WebClient
) -> None:
    """Public ones only; joining leads there, leaving leads away."""
    client.conversations_create(name="hardware")
    client.conversations_create(name="secret", is_private=True)
    page = open_page()
    page.get_by_role("button", name="Browse channels").click()
    browser = page.get_by_role("dialog", name="Channels")
    expect(browser.get_by_role("button", name="Join secret")).to_have_count(0)
    browser.get_by_label("Find a channel").fill("hard")
    expect(browser.get_by_role("listitem")).to_have_count(1)
    browser.get_by_role("button", name="Join hardware").click()
    say(page, "is it me?", "#hardware")
    expect(page.locator(".message", has_text="is it me?")).to_be_visible()
    page.get_by_role("button", name="Browse channels").click()
    browser.get_by_role("button", name="Leave hardware").click()
    expect(browser.get_by_role("button", name="Join hardware")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="hardware", exact=True)).to_have_count(0)


def test_files_go_with_messages(open_page: Callable[..., Page], ana: Person) -> None:
    """Chosen, taken away again, sent with and without words; a picture is shown as one."""
    page = open_page()
    chooser = page.get_by_label("Files to attach")
    chooser.set_input_files(
        [
            {"name": "log.txt", "mimeType": "text/plain", "buffer": b"it broke"},
            {"name": "dot.png", "mimeType": "image/png", "buffer": DOT},
        ]
    )
    page.get_by_role("button", name="Remove log.txt").click()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("img", name="dot.png")).to_be_visible()
    chooser.set_input_files([{"name": "log.txt", "mimeType": "text/plain", "buffer": b"it broke"}])
    say(page, "what it says")
    expect(page.locator(".message", has_text="what it says")).to_contain_text("log.txt")
    pictured, told = ana.sees("it-help")
    assert (pictured["subtype"], pictured["text"]) == ("file_share", "")
    assert told["files"][0]["size"] == len(b"it broke")


def test_a_modal_takes_files_and_formatted_text(
    open_page: Callable[..., Page], client: WebClient, connect: Callable[..., Any]
) -> None:
    """The app gets the files, and rich text as Slack's editor writes it."""
    submitted: list[dict[str, Any]] = []
    connect(desk_app.build_report(client, submitted))
    page = open_page()
    page.get_by_role("button", name="Shortcuts").click()
    page.get_by_role("menuitem", name="New support request").click()
    modal = page.get_by_role("dialog", name="Report")
    modal.get_by_label("What happened").fill("It is *very* slow")
    modal.get_by_label("Evidence").set_input_files(
        [{"name": "trace.log", "mimeType": "text/plain", "buffer": b"slow"}]
    )
    expect(modal.get_by_role("button", name="Remove trace.log")).to_be_visible()
    modal.get_by_role("button", name="Send").click()
    expect(modal).to_have_count(0)
    values = submitted[0]["report"]
    [section] = values["what"]["rich_text_value"]["elements"]
    assert {"type": "text", "text": "very", "style": {"bold": True}} in section["elements"]
    file_id = submitted[0]["evidence"]["files"]["files"][0]["id"]
    assert client.files_info(file=file_id)["file"]["name"] == "trace.log"


def test_an_open_page_outlives_a_restart(browser: Browser, tmp_path: Path) -> None:
    """It says that the connection is lost, comes back by itself, and shows what it missed."""
    state = tmp_path / "workspace"
    before = Playground(state=state).start()
    port = int(before.url.rsplit(":", 1)[1])
    page = browser.new_context().new_page()
    page.goto(f"{before.url}/?as={ANA}&channel=it-help")
    say(page, "before the restart")
    expect(page.locator(".message", has_text="before the restart")).to_be_visible()
    before.stop()
    expect(page.get_by_text("Connection lost.")).to_be_visible()
    with Playground(state=state, port=port) as after:
        with Person(after.url, MEI) as mei:
            mei.say("it-help", "while you were away")
        missed = page.locator(".message", has_text="while you were away")
        expect(missed).to_be_visible(timeout=15_000)
        expect(page.locator(".message", has_text="before the restart")).to_be_visible()
        expect(page.get_by_text("Connection lost.")).to_have_count(0)
    page.context.close()


def test_a_long_channel_holds_few_messages_in_the_page(
    open_page: Callable[..., Page], client: WebClient
) -> None:
    """It opens at its end, and older messages come as one scrolls up."""
    for number in range(260):
        client.chat_postMessage(channel="C0ITHELP01", text=f"message number {number}")
    page = open_page(MEI)
    expect(page.get_by_text("message number 259", exact=True)).to_be_in_viewport()
    assert page.locator(".message").count() < 80
    scroller = page.locator("[data-virtuoso-scroller]")
    scroller.hover()
    oldest = page.get_by_text("message number 0", exact=True)
    for _ in range(60):
        # Hidden it is there for a moment before the place where one reads is kept.
        if oldest.is_visible():
            break
        page.mouse.wheel(0, -4000)
        page.evaluate("() => new Promise(requestAnimationFrame)")
    expect(oldest).to_be_visible()


@pytest.mark.usefixtures("desk")
def test_it_works_on_a_screen_of_400_pixels(open_page: Callable[..., Page]) -> None:
    """Channels and people behind a button, a thread in place of its channel, nothing cut off."""
    page = open_page(width=400)
    page.get_by_role("region", name="Guided start").get_by_text(QUESTION).click()
    expect(thread(page).get_by_role("button", name="That solved it")).to_be_in_viewport()
    expect(field(page)).to_be_hidden()
    thread(page).get_by_role("button", name="Close thread").click()
    page.get_by_role("button", name="Open channels and people").click()
    page.get_by_role("button", name="general").click()
    expect(field(page, "#general")).to_be_visible()
    wide = page.evaluate("() => document.scrollingElement.scrollWidth - window.innerWidth")
    assert wide <= 0


def test_catching_up_closes_nothing_that_somebody_opened(open_page: Callable[..., Page]) -> None:
    """The drawer of a small screen, opened before the connection came, is open after it."""
    page = open_page(width=400)
    page.wait_for_load_state("networkidle")  # it has caught up once
    asked: list[str] = []

    def answer_late(route: Route) -> None:
        answer = route.fetch()
        asked.append(route.request.url)
        if len(asked) == 2:  # asked again, now that its connection has come
            page.get_by_role("button", name="Open channels and people").click()
        route.fulfill(response=answer)

    page.route("**/playground/boot*", answer_late)
    # Other channels are read last, when all that came is shown.
    with page.expect_response(
        lambda answer: "/playground/history" in answer.url and len(asked) == 2
    ):
        page.reload()
    expect(page.get_by_role("button", name="general")).to_be_in_viewport()
    page.unroute_all(behavior="wait")


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (400, "light")])
def test_axe_finds_no_serious_fault(
    open_page: Callable[..., Page], width: int, scheme: str
) -> None:
    """The channel with a thread, a modal, the Home, the fault panel, the channel switcher."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()

    def check(page: Page, where: str) -> None:
        found = axe.run(page).response["violations"]
        serious = [
            f"{where}: {one['id']} ({one['help']}) at {one['nodes'][0]['target']}: "
            f"{one['nodes'][0].get('failureSummary')}"
            for one in found
            if one["impact"] in ("serious", "critical")
        ]
        assert serious == []

    page = open_page(width=width, scheme=scheme)
    check(page, "first visit")
    page.get_by_role("region", name="Guided start").get_by_text(QUESTION).click()
    thread(page).get_by_role("button", name="Not what I need").click()
    expect(thread(page).get_by_text("I have passed this on")).to_be_visible()
    check(page, "thread")
    page = open_page(MEI, channel="l2-support", width=width, scheme=scheme)
    page.get_by_role("button", name="Resolve", exact=True).click()
    page.get_by_role("button", name="Resolve it").click()
    expect(page.get_by_text("Please complete").first).to_be_visible()
    check(page, "modal")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("Control+k")
    check(page, "switcher")
    page.keyboard.press("Escape")
    page = open_page(channel="threads", width=width, scheme=scheme)
    expect(page.locator(".thread-card")).to_be_visible()
    check(page, "threads")
