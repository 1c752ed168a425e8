"""The one reading of a message: nothing of its words is lost, whatever they stand in."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.asking import Edited, Message
from bot.desk.ids import TeamId
from bot.desk.tickets import SendOn
from bot.desk.views import AskAbout
from bot.slack import actions as ids
from bot.slack.parsing.commands import parse
from bot.slack.parsing.deliveries import delivery_of
from bot.slack.parsing.reading import words_of
from bot.slack.text import readable
from tests import builders as a
from tests.slack import payloads

Part = dict[str, Any]

TILL = "The till in shop 4 beeps thrice and stays shut."


def section(*elements: Part) -> Part:
    """Build a paragraph of rich text."""
    return {"type": "rich_text_section", "elements": list(elements)}


def said(text: str, **style: bool) -> Part:
    """Build a run of rich text."""
    return {"type": "text", "text": text, **({"style": style} if style else {})}


def rich(*elements: Part) -> Part:
    """Build a block of rich text."""
    return {"type": "rich_text", "elements": list(elements)}


def listed(style: str, *texts: str, **more: Any) -> Part:
    """Build a list."""
    items = [section(said(text)) for text in texts]
    return {"type": "rich_text_list", "style": style, "elements": items, **more}


def forwarded(**given: Any) -> Part:
    """Build a message that was passed on."""
    return {"is_share": True, "author_id": a.TOM, "channel_id": "C0GENERAL1", **given}


CODE = {"type": "rich_text_preformatted", "elements": [said("df -h /srv\n98%")]}
QUOTE = {"type": "rich_text_quote", "elements": [said("No space left"), said("\non device")]}
TABLE = {
    "type": "table",
    "rows": [
        [{"type": "raw_text", "text": "Host"}, {"type": "raw_text", "text": "Disk"}],
        [{"type": "raw_text", "text": "db-7"}, rich(section(said("98%", bold=True)))],
    ],
}
INSIDE = {"message": {"blocks": [rich(section(said(TILL)))], "files": [{"name": "beep.mp4"}]}}

SHAPES: list[tuple[Part, str]] = [
    ({"blocks": [rich(listed("bullet", "first", "second"))]}, "• first\n• second"),
    ({"blocks": [rich(listed("ordered", "a", "b", offset=2, indent=1))]}, "3. a\n    4. b"),
    ({"blocks": [rich(QUOTE)]}, "> No space left\n> on device"),
    ({"blocks": [rich(CODE)]}, "```\ndf -h /srv\n98%\n```"),
    ({"blocks": [rich(section(said("run "), said("make x", code=True)))]}, "run `make x`"),
    ({"blocks": [TABLE]}, "Host | Disk\ndb-7 | 98%"),
    (
        {"blocks": [{"type": "section", "fields": [{"type": "mrkdwn", "text": "*Host* db-7"}]}]},
        "*Host* db-7",
    ),
    (
        {"blocks": [{"type": "header", "text": {"type": "plain_text", "text": "Disk full"}}]},
        "Disk full",
    ),
    ({"blocks": [{"type": "markdown", "text": "# Disk\nfull"}]}, "# Disk\nfull"),
    (
        {"blocks": [{"type": "context", "elements": [{"type": "mrkdwn", "text": "since 9"}]}]},
        "since 9",
    ),
    ({"blocks": [{"type": "image", "alt_text": "a red screen"}]}, "a red screen"),
    ({"blocks": [{"type": "invented", "elements": [{"text": "new"}]}]}, "new"),
    ({"text": "New alert", "blocks": [{"type": "markdown", "text": "db-7"}]}, "New alert\ndb-7"),
    ({"text": "• one\n• two", "blocks": [rich(listed("bullet", "one", "two"))]}, "• one\n• two"),
    ({"text": "look", "attachments": [forwarded(text=TILL)]}, f"{TILL}\nlook"),
    ({"attachments": [forwarded(fallback=f"[June 3rd] tom: {TILL}")]}, TILL),
    ({"attachments": [forwarded(message_blocks=[INSIDE], fallback="x")]}, TILL),
    ({"attachments": [forwarded(attachments=[forwarded(text=TILL)])]}, TILL),
    (
        {"attachments": [{"pretext": "Down", "title": "db-7", "text": "98%", "fallback": "no"}]},
        "Down\ndb-7\n98%",
    ),
    ({"attachments": [{"fields": [{"title": "Host", "value": "db-7"}]}]}, "Host: db-7"),
    ({"attachments": [{"fallback": "[no preview available]"}]}, ""),
    ({"attachments": [{"blocks": [TABLE]}]}, "Host | Disk\ndb-7 | 98%"),
    (
        {
            "text": "see <https://a.example>",
            "attachments": [{"from_url": "https://a", "text": "x"}],
        },
        "see https://a.example",
    ),
]


@pytest.mark.parametrize(("message", "text"), SHAPES)
def test_all_words_of_a_message_are_read(message: Part, text: str) -> None:
    """Blocks, tables, what was forwarded: whatever a message consists of."""
    assert words_of(message)[0] == text


@pytest.mark.parametrize(("message", "text"), SHAPES)
def test_it_reads_the_same_on_every_way(message: Part, text: str) -> None:
    """As an event, an edit, and under a shortcut: one message has one reading."""
    shape = {"text": "", **message}
    event = parse(payloads.callback({**payloads.message(), "blocks": [], **shape}), a.BOT)
    assert isinstance(event, Message)
    edit = payloads.changed("", "something else")
    edit["message"].update(shape)
    edited = parse(payloads.callback(edit), a.BOT)
    assert isinstance(edited, Edited)
    whole = {"user": a.TOM, "ts": a.ASKED, **shape}
    about = parse(shortcut(ids.ASK_ABOUT, whole), a.BOT)
    sent = parse(shortcut(ids.SEND_ON, whole), a.BOT)
    assert isinstance(about, AskAbout)
    assert isinstance(sent, SendOn)
    assert {event.text, edited.text, about.text, sent.text} == {text}


def shortcut(callback: str, message: Part) -> Part:
    """Build the use of a shortcut on a message."""
    return {
        "type": "message_action",
        "callback_id": callback,
        "trigger_id": "1.2.3",
        "team": {"id": a.TEAM},
        "user": {"id": a.ANA},
        "channel": {"id": a.IT_HELP},
        "message": message,
    }


@pytest.mark.parametrize(
    ("message", "names"),
    [
        ({"files": [{"name": "a.png"}]}, ["a.png"]),
        ({"files": [{"title": "Plan"}]}, ["Plan"]),
        ({"files": [{"mode": "tombstone"}]}, ["a file that was deleted"]),
        (
            {"files": [{"id": "F1", "mode": "hidden_by_limit"}]},
            ["a file that the workspace's plan hides"],
        ),
        ({"files": [{"file_access": "check_file_info"}]}, ["a file of another organisation"]),
        ({"files": [{"id": "F1"}]}, ["unnamed"]),
        ({"attachments": [forwarded(files=[{"name": "till.jpg"}])]}, ["till.jpg"]),
        ({"attachments": [forwarded(message_blocks=[INSIDE])]}, ["beep.mp4"]),
        ({"files": [{"name": "a"}, {"name": "a"}]}, ["a"]),
    ],
)
def test_all_files_of_a_message_are_named(message: Part, names: list[str]) -> None:
    """Deleted ones, those of other organisations, and those of what was forwarded."""
    assert [file.name for file in words_of(message)[1]] == names
    command = parse(payloads.callback(payloads.message("see", **message)), a.BOT)
    assert isinstance(command, Message)
    assert [file.name for file in command.files] == names


def test_what_was_forwarded_with_a_mention_alone_is_the_question() -> None:
    """The mention is for us; what was forwarded mentions whom it likes."""
    shared = forwarded(text=f"<@{a.BOT}> {TILL}")
    asked = parse(payloads.callback(payloads.mention(f"<@{a.BOT}>", attachments=[shared])), a.BOT)
    assert isinstance(asked, Message)
    assert (asked.text, asked.mentioned) == (TILL, True)
    passed = parse(payloads.callback(payloads.message("fyi", attachments=[shared])), a.BOT)
    assert isinstance(passed, Message)
    assert not passed.mentioned


def test_a_preview_that_slack_adds_is_no_edit() -> None:
    """Slack changes a message when it shows what an address leads to; nobody edited it."""
    event = payloads.changed("see <https://a.example>", "see <https://a.example>")
    event["message"]["attachments"] = [{"from_url": "https://a.example", "title": "A", "text": "b"}]
    assert parse(payloads.callback(event), a.BOT) is None


# --- who speaks

OUTCOMES: list[tuple[str, Part, bool]] = [
    ("slackbot", {"user": "USLACKBOT"}, False),
    ("slackbot in a channel", {"user": "USLACKBOT", "channel": a.IT_HELP}, False),
    ("an app", {"bot_id": "B0OTHER001"}, False),
    ("an app's post", {"bot_id": "B0OTHER001", "user": None, "subtype": "bot_message"}, False),
    ("an app that may ask", {"bot_id": "B0ALERTS01"}, True),
    ("a workflow", {"bot_id": "B0ALERTS01", "user": None, "subtype": "bot_message"}, True),
    ("/me", {"subtype": "me_message"}, True),
    ("sent to the channel too", {"subtype": "thread_broadcast", "thread_ts": "1.000001"}, True),
    ("a file", {"subtype": "file_share", "files": [{"name": "a.png"}]}, True),
    ("a huddle", {"subtype": "huddle_thread", "room": {"id": "R1"}}, False),
    ("a huddle of slackbot", {"subtype": "huddle_thread", "user": "USLACKBOT"}, False),
    ("a join", {"subtype": "channel_join"}, False),
    ("an archive", {"subtype": "channel_archive"}, False),
    ("a canvas comment", {"subtype": "document_comment_root"}, False),
    ("a stone", {"subtype": "tombstone"}, False),
]


@pytest.mark.parametrize(("what", "changes", "heard"), OUTCOMES, ids=[each[0] for each in OUTCOMES])
def test_who_speaks_has_a_stated_outcome(what: str, changes: Part, heard: bool) -> None:
    """As the table in docs/reference/behaviour.md says."""
    event = payloads.message("The printer is on fire", **changes)
    command = parse(payloads.callback(event), a.BOT, frozenset({"B0ALERTS01"}))
    assert isinstance(command, Message) is heard, what


@pytest.mark.parametrize("author", ["USLACKBOT", None, ""])
def test_nobody_is_the_author_of_slacks_own_notices(author: str | None) -> None:
    """A request about one is the asker's alone."""
    command = parse(shortcut(ids.ASK_ABOUT, {"user": author, "ts": "1.1", "text": "x"}), a.BOT)
    assert isinstance(command, AskAbout)
    assert command.author is None


# --- which workspace

STRANGER = "T0ELSE0001"


@pytest.mark.parametrize(
    "changes",
    [
        {"team": {"id": a.TEAM}},
        {"team": None},
        {"team": None, "is_enterprise_install": True, "enterprise": {"id": "E0ORG00001"}},
        {"team": {"id": STRANGER}},
        {"user": {"id": a.ANA, "team_id": STRANGER}, "team": None},
        {"team": None, "view": {"id": "V1", "app_installed_team_id": a.TEAM}},
    ],
)
def test_a_press_belongs_to_the_workspace_of_the_installation(changes: Part) -> None:
    """Whatever it is called in the payload: a thread has one workspace, and so one ticket."""
    payload = payloads.press(ids.SOLVED, **changes)
    command = parse(payload, a.BOT, home=TeamId(a.TEAM))
    assert command is not None
    assert command.at.team == a.TEAM  # type: ignore[union-attr]
    thread = delivery_of(payload, home=a.TEAM).thread
    assert thread is not None
    assert thread.team == a.TEAM


@pytest.mark.parametrize("team", [a.TEAM, STRANGER, None, ""])
def test_a_message_is_one_whichever_workspace_delivers_it(team: str | None) -> None:
    """Events of a shared channel or an organisation name several."""
    payload = payloads.callback(payloads.message("Help with the VPN"), team_id=team)
    command = parse(payload, a.BOT, home=TeamId(a.TEAM))
    assert isinstance(command, Message)
    assert command.team == a.TEAM
    assert delivery_of(payload, home=a.TEAM).message_key == f"{a.TEAM}:{a.IT_HELP}:{a.ASKED}"


def test_without_a_known_home_the_view_says_where_the_app_is_installed() -> None:
    """`team` is null in an organisation's installation."""
    payload = payloads.submission(ids.ESCALATE_MODAL, {ids.FINDINGS: "Not the network."})
    payload["team"] = None
    payload["view"]["app_installed_team_id"] = a.TEAM
    command = parse(payload, a.BOT)
    assert command is not None
    assert command.at.team == a.TEAM  # type: ignore[union-attr]


# --- marks


@pytest.mark.parametrize(
    ("marked", "reads"),
    [
        ("<mailto:ana@a.example|ana@a.example>", "ana@a.example"),
        ("<mailto:ana@a.example|Ana>", "Ana (ana@a.example)"),
        ("<mailto:ana@a.example>", "ana@a.example"),
        ("<tel:+4930123|030 123>", "030 123 (+4930123)"),
        ("<http://a.example|a.example>", "a.example"),
        ("<https://a.example/|a.example>", "a.example"),
        ("<https://a.example/x|the form>", "the form (https://a.example/x)"),
        (":wave::skin-tone-3: hello", ":wave: hello"),
        ("\u200f\u200eVPN\u2060 is down\ufeff", "VPN is down"),
        ("cafe\u0301", "caf\u00e9"),
        ("\u1112\u1161\u11ab", "\ud55c"),
        ("<!subteam^S1|@l2> hi", "@l2 hi"),
    ],
)
def test_marks_read_as_a_person_sees_them(marked: str, reads: str) -> None:
    """Links that Slack made of bare addresses, tones of skin, marks without a width."""
    assert readable(marked) == reads


def test_a_mark_of_direction_before_a_mention_hides_nothing() -> None:
    """People who write from right to left send it along."""
    theirs = parse(payloads.callback(payloads.message(f"\u200f<@{a.TOM}> look?")), a.BOT)
    assert isinstance(theirs, Message)
    assert theirs.for_somebody_else


# --- the language of blocks

WORDS = st.text("abcdefghij\u00e9<>&*_`|. ", min_size=1, max_size=12)
RUNS = st.builds(said, WORDS) | st.builds(
    lambda text: {"type": "link", "url": "https://a.example/x", "text": text}, WORDS
)
SECTIONS = st.lists(RUNS, min_size=1, max_size=3).map(lambda runs: section(*runs))
RICH = st.one_of(
    SECTIONS,
    st.lists(SECTIONS, min_size=1, max_size=3).map(
        lambda items: {"type": "rich_text_list", "style": "bullet", "elements": items}
    ),
    st.lists(RUNS, min_size=1, max_size=2).map(
        lambda runs: {"type": "rich_text_quote", "elements": runs}
    ),
    st.lists(st.builds(said, WORDS), min_size=1, max_size=2).map(
        lambda runs: {"type": "rich_text_preformatted", "elements": runs}
    ),
)
CELLS = st.builds(lambda text: {"type": "raw_text", "text": text}, WORDS)
BLOCKS = st.lists(
    st.one_of(
        st.lists(RICH, min_size=1, max_size=3).map(lambda parts: rich(*parts)),
        st.lists(st.lists(CELLS, min_size=1, max_size=3), min_size=1, max_size=3).map(
            lambda rows: {"type": "table", "rows": rows}
        ),
        st.builds(lambda t: {"type": "section", "text": {"type": "plain_text", "text": t}}, WORDS),
    ),
    max_size=3,
)
ATTACHMENTS = st.lists(
    st.one_of(
        st.builds(
            lambda blocks: forwarded(message_blocks=[{"message": {"blocks": blocks}}]), BLOCKS
        ),
        st.builds(lambda blocks: {"blocks": blocks}, BLOCKS),
    ),
    max_size=2,
)


def letters(given: object) -> list[str]:
    """Give the words that stand in blocks, as they were put in."""
    if isinstance(given, dict):
        own = re.findall(r"[a-j\u00e9]+", str(given.get("text", "")))
        return [*(own if isinstance(given.get("text"), str) else letters(given.get("text")))] + [
            word for key, part in given.items() if key != "text" for word in letters(part)
        ]
    return [word for part in given for word in letters(part)] if isinstance(given, list) else []


@given(st.text("abc &lt;", max_size=20), BLOCKS, ATTACHMENTS)
def test_no_word_of_valid_blocks_is_lost(
    text: str, blocks: list[Part], attachments: list[Part]
) -> None:
    """Rich text, tables, sections, what was forwarded: in any combination."""
    read, _ = words_of({"text": text, "blocks": blocks, "attachments": attachments})
    for word in letters([blocks, attachments]):
        assert word in read
