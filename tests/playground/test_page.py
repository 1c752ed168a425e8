"""The endpoints of the page: what it shows, what it lets people do, whom it refuses."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from bot.playground.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from slack_sdk import WebClient

    from bot.playground import Person, Playground

ANA, MEI, BOT, IT_HELP = "U0ANA00001", "U0MEI00001", "U0FRONT001", "C0ITHELP01"


def fetch(
    playground: Playground, path: str, body: bytes | None = None, **headers: str
) -> tuple[int, Any]:
    """Status and JSON of a request as a browser would make it."""
    request = urllib.request.Request(playground.url + path, data=body)
    for name, value in headers.items():
        request.add_header(name, value)
    try:
        with urllib.request.urlopen(request) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def test_boot_shows_what_a_person_can_see(ana: Person, person: Callable[[str], Person]) -> None:
    """Channels by membership, people, groups, guide, commands, shortcuts."""
    booted = ana.boot()
    names = [c["name"] for c in booted["channels"] if not c["is_im"]]
    assert names == ["general", "it-help"]
    im = next(c for c in booted["channels"] if c["is_im"])
    assert im["user"] == BOT
    assert booted["me"] == ANA
    assert len(booted["guide"]) == 3
    assert booted["commands"][0]["command"] == "/helpdesk"
    assert {s["type"] for s in booted["shortcuts"]} == {"message", "global"}
    mei = person(MEI).boot()
    assert "l2-support" in [c["name"] for c in mei["channels"]]


def test_a_page_that_names_nobody_is_the_first_persons(playground: Playground) -> None:
    """What a newcomer sees who only knows the address."""
    assert fetch(playground, "/playground/boot")[1]["me"] == ANA


def test_unread_and_mentions_are_counted_until_read(
    ana: Person, person: Callable[[str], Person], client: WebClient
) -> None:
    """Own messages do not count; a mention of one's group does."""
    mei = person(MEI)

    def counts() -> tuple[int, int]:
        channel = next(c for c in mei.boot()["channels"] if c["id"] == IT_HELP)
        return channel["unread"], channel["mentions"]

    ana.say("it-help", "one")
    last = ana.say("it-help", "@l2-oncall two")
    assert counts() == (2, 1)
    mei.act("read", channel=IT_HELP, ts=last)
    assert counts() == (0, 0)
    mei.say("it-help", "mine")
    assert counts() == (0, 0)
    client.chat_postMessage(channel=MEI, text="for you")
    im = next(c for c in mei.boot()["channels"] if c["is_im"])
    assert (im["unread"], im["mentions"]) == (1, 1)


def test_history_comes_in_pages(ana: Person) -> None:
    """Oldest first, before a given message."""
    stamps = [ana.say("it-help", str(n)) for n in range(5)]
    page = ana._get("history", channel=IT_HELP, limit="2")
    assert ([m["text"] for m in page["messages"]], page["has_more"]) == (["3", "4"], True)
    page = ana._get("history", channel=IT_HELP, limit="9", before=stamps[3])
    assert ([m["text"] for m in page["messages"]], page["has_more"]) == (["0", "1", "2"], False)


def test_an_open_page_hears_what_happens_in_numbered_frames(
    playground: Playground, ana: Person, client: WebClient
) -> None:
    """hello, then each change once, without gaps, and only what the person may see."""
    address = playground.url.replace("http", "ws") + f"/playground/live?as={ANA}"
    with connect(address) as live:

        def frame() -> dict[str, Any]:
            heard: dict[str, Any] = json.loads(live.recv(timeout=5))
            return heard

        hello = frame()
        assert (hello["type"], hello["seq"]) == ("hello", 0)
        client.chat_postMessage(channel="C0L2SUPP01", text="not for ana")
        ts = ana.say("it-help", "x")
        ana.say("it-help", "reply", ts)
        ana.edit("it-help", ts, "y")
        ana.react("it-help", ts, "eyes")
        client.chat_postEphemeral(channel=IT_HELP, user=ANA, text="psst")
        frames = [frame() for _ in range(6)]
        assert [f["type"] for f in frames] == [
            "message", "message", "message_changed", "message_changed", "reaction", "ephemeral",
        ]  # fmt: skip
        assert [f["seq"] for f in frames] == [1, 2, 3, 4, 5, 6]
        assert frames[2]["message"]["reply_count"] == 1
        live.send("garbage that nobody asked for")
        ana.delete("it-help", ts)
        assert frame()["message"]["subtype"] == "tombstone"


def test_people_are_told_in_plain_words_what_they_cannot_do(
    ana: Person, person: Callable[[str], Person], client: WebClient
) -> None:
    """Refusals of the page."""
    mei = person(MEI)
    ts = mei.say("it-help", "mei's")
    botts = client.chat_postMessage(channel=IT_HELP, text="bot's")["ts"]
    attempts: list[tuple[str, Callable[[], Any]]] = [
        ("nothing to send", lambda: ana.say("it-help", "   ")),
        ("40000 characters", lambda: ana.say("it-help", "x" * 40_001)),
        ("not in that channel", lambda: ana.say("l2-support", "hi")),
        ("not in that channel", lambda: ana.sees("l4-nowhere")),
        ("not your message", lambda: ana.edit("it-help", ts, "stolen")),
        ("not your message", lambda: ana.delete("it-help", botts)),
        ("does not exist", lambda: ana.delete("it-help", "1.0")),
        ("thread does not exist", lambda: ana.say("it-help", "x", "1700000000.000001")),
        ("control is not there", lambda: ana.press("it-help", botts, "nothing")),
        ("window is not open", lambda: ana.act("submit", view_id="V1")),
        ("no action", lambda: ana.act("fly")),
        ("nobody of that id", lambda: ana.dm("U0NOBODY01")),
        ("already reacted", lambda: [ana.react("it-help", ts, "eyes") for _ in range(2)]),
    ]
    for words, attempt in attempts:
        with pytest.raises(Refused, match=words):
            attempt()


def test_forty_thousand_characters_and_control_characters_pass(ana: Person) -> None:
    """The longest message, and one with everything odd in it."""
    ana.say("it-help", "x" * 40_000)
    odd = "\x00\x07 \u202e \U0001f469\u200d\U0001f4bb <!channel> <script>&amp;"
    ana.say("it-help", odd)
    seen = ana.sees("it-help")[-1]["text"]
    assert "<!channel>" in seen
    assert "&lt;script&gt;&amp;amp;" in seen


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe"])
def test_a_broken_body_is_refused(playground: Playground, body: bytes) -> None:
    """400 with a reason."""
    for path in ("/playground/act", "/playground/control"):
        status, answer = fetch(playground, path, body, **{"Content-Type": "application/json"})
        assert (status, answer["ok"]) == (400, False)


def test_a_file_is_uploaded_before_it_is_sent(
    playground: Playground, ana: Person, person: Callable[[str], Person]
) -> None:
    """By the person who sends it; too large, empty or nameless ones are refused."""
    upload = f"/playground/upload?as={ANA}&name="
    status, answer = fetch(playground, f"{upload}log.txt", b"it broke")
    assert (status, answer["file"]["name"], answer["file"]["user"]) == (200, "log.txt", ANA)
    with pytest.raises(Refused, match="uploaded before"):
        person(MEI).act("message", channel="it-help", text="x", files=[answer["file"]["id"]])
    with pytest.raises(Refused, match="uploaded before"):
        ana.act("message", channel="it-help", text="x", files=[{"id": 1}])
    ana.act("message", channel="it-help", files=[answer["file"]["id"]])
    assert ana.sees("it-help")[0]["files"][0]["channels"] == ["C0ITHELP01"]
    assert fetch(playground, upload, b"x")[0] == 400
    assert fetch(playground, f"{upload}empty.txt", b"")[0] == 400
    assert fetch(playground, "/playground/upload?as=U0NOBODY01&name=x", b"x")[0] == 400


def test_a_stranger_is_refused(playground: Playground) -> None:
    """`as` must be somebody."""
    assert fetch(playground, "/playground/boot?as=U0NOBODY01")[0] == 404
    assert fetch(playground, "/playground/history?channel=C0ITHELP01")[0] == 404
    answer = fetch(playground, "/playground/act", b'{"as": 7, "action": "message"}')[1]
    assert answer["ok"] is False
    address = playground.url.replace("http", "ws") + "/playground/live?as=U0NOBODY01"
    with pytest.raises((ConnectionClosed, InvalidStatus)), connect(address) as live:
        live.recv()


def test_foreign_pages_and_foreign_names_are_refused(playground: Playground) -> None:
    """Another Origin, or a Host that is not this machine."""
    boot = f"/playground/boot?as={ANA}"
    assert fetch(playground, boot, Origin=playground.url)[0] == 200
    assert fetch(playground, boot, Origin="https://evil.example")[0] == 403
    assert fetch(playground, boot, Origin="null")[0] == 403
    assert fetch(playground, boot, Host="evil.example")[0] == 403
    address = playground.url.replace("http", "ws") + f"/playground/live?as={ANA}"
    with (
        pytest.raises((ConnectionClosed, InvalidStatus)),
        connect(address, origin="https://evil.example") as live,
    ):
        live.recv()


def test_it_listens_on_this_machine_only(playground: Playground) -> None:
    """The default address is the loopback."""
    assert playground.url.startswith("http://127.0.0.1:")


def test_people_join_invite_and_leave(ana: Person, person: Callable[[str], Person]) -> None:
    """Public channels are open; members bring others."""
    mei = person(MEI)
    with pytest.raises(Refused, match="not in that channel"):
        ana.say("l2-support", "x")
    ana.act("join", channel="l2-support")
    ana.say("l2-support", "hello")
    ana.act("leave", channel="l2-support")
    mei.act("invite", channel="l3-engineering", user=ANA)
    assert "l3-engineering" in [c["name"] for c in ana.boot()["channels"]]
