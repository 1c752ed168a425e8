"""State on disk, the recording, its transcript and its replay."""

from __future__ import annotations

import json
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from slack_sdk import WebClient

from bot.playground import Person, Playground, Seed
from bot.playground.errors import BadSeed, PlaygroundError
from tests.playground.bare_app import RawApp

if TYPE_CHECKING:
    from collections.abc import Callable

    from slack_bolt import App

ANA, BOT, IT_HELP = "U0ANA00001", "U0FRONT001", "C0ITHELP01"


def standing(person: Person) -> dict[str, object]:
    """Give what a page begins with, but the time, which goes on."""
    boot = dict(person.boot())
    return {**boot, "clock": {**boot["clock"], "now": None}}


def test_everything_survives_a_restart(tmp_path: Path) -> None:
    """Messages, threads, reactions, read marks, groups, homes, files; and a page left open."""
    state = tmp_path / "workspace.db"
    with Playground(state=state) as first:
        port = first._port
        client = WebClient(token=first.bot_token, base_url=first.api_url)
        ana = Person(first.url, ANA)
        ts = ana.say("it-help", "parent")
        client.chat_postMessage(channel=IT_HELP, text="reply", thread_ts=ts)
        ana.react("it-help", ts, "eyes")
        client.usergroups_users_update(usergroup="S0L2ONCALL", users=[ANA])
        client.views_publish(user_id=ANA, view={"type": "home", "blocks": []})
        file_id = client.files_upload_v2(filename="a.txt", content="abc")["files"][0]["id"]
        made = client.conversations_create(name="incident")["channel"]["id"]
        before = standing(ana), ana.thread("it-help", ts), ana.sees("it-help")
    with Playground(state=state, port=port) as second:
        ana.wait_for(ana._is_live.is_set)
        assert (standing(ana), ana.thread("it-help", ts), ana.sees("it-help")) == before
        client = WebClient(token=second.bot_token, base_url=second.api_url)
        assert client.usergroups_users_list(usergroup="S0L2ONCALL")["users"] == [ANA]
        assert client.files_info(file=file_id)["file"]["size"] == 3
        assert client.conversations_info(channel=made)["channel"]["name"] == "incident"
        later = client.chat_postMessage(channel=IT_HELP, text="later", thread_ts=ts)["ts"]
        assert later > before[1][-1]["ts"]
        assert ana.thread("it-help", ts)[0]["reply_count"] == 2
        ana.close()


def test_nothing_is_lost_when_the_process_is_killed(tmp_path: Path) -> None:
    """What was answered is on disk, without any orderly end."""
    state = tmp_path / "workspace.db"
    with Playground(state=state) as running:
        client = WebClient(token=running.bot_token, base_url=running.api_url)
        client.chat_postMessage(channel=IT_HELP, text="kept")
        copy = tmp_path / "copy.db"
        for suffix in ("", "-wal"):
            Path(f"{copy}{suffix}").write_bytes(Path(f"{state}{suffix}").read_bytes())
    with Playground(state=copy) as revived:
        client = WebClient(token=revived.bot_token, base_url=revived.api_url)
        assert client.conversations_history(channel=IT_HELP)["messages"][0]["text"] == "kept"


def test_an_unacknowledged_event_outlives_a_restart(tmp_path: Path) -> None:
    """It comes again as a retry; an acknowledged one does not; ids are not drawn twice."""
    state = tmp_path / "workspace.db"
    with Playground(state=state, random_seed=1) as first:
        client = WebClient(token=first.bot_token, base_url=first.api_url)
        ana = Person(first.url, ANA)
        app = RawApp(client, first.app_token).open()
        ana.say("it-help", "taken")
        taken = app.take()["event_id"]
        first.control("settle")
        ana.say("it-help", "left")
        left = app.receive()["payload"]["event_id"]
        app.close()
        ana.close()
    with Playground(state=state, random_seed=1) as second:
        client = WebClient(token=second.bot_token, base_url=second.api_url)
        app = RawApp(client, second.app_token).open()
        envelope = app.receive()
        app.ack(envelope)
        assert envelope["payload"]["event_id"] == left
        assert envelope["retry_attempt"] >= 1
        client.chat_postMessage(channel=IT_HELP, text="new")
        assert app.take()["event_id"] not in {taken, left}
        app.close()


def test_a_reset_starts_from_the_seed(playground: Playground, ana: Person) -> None:
    """Everything that was said is gone; people and channels are there."""
    ana.say("it-help", "x")
    playground.control("reset")
    assert ana.sees("it-help") == []
    assert ana.say("it-help", "y")


def test_the_record_is_exported_as_json_lines(
    playground: Playground, ana: Person, client: WebClient, raw_app: Callable[[], Any]
) -> None:
    """Requests with their answers, envelopes, acknowledgements, acts."""
    app = raw_app()
    ana.say("it-help", "x")
    app.take()
    playground.control("settle")
    client.auth_test()
    with urllib.request.urlopen(f"{playground.url}/playground/record") as response:
        entries = [json.loads(line) for line in response]
    kinds = [entry["kind"] for entry in entries]
    assert {"request", "act", "envelope", "ack", "connected"} <= set(kinds)
    assert [entry["n"] for entry in entries] == sorted(entry["n"] for entry in entries)
    request = [entry for entry in entries if entry["kind"] == "request"][-1]
    assert (request["method"], request["answer"]["ok"]) == ("auth.test", True)
    assert playground.bot_token not in json.dumps(entries)
    assert len(playground.record(since=entries[-1]["n"])) == 0


def test_a_transcript_can_be_read(
    app: App, connect: Callable[[App], Any], playground: Playground, ana: Person
) -> None:
    """Names, channels, threads, buttons, refusals."""
    button = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}
    app.event("message")(
        lambda event, say: say(
            text="Here", blocks=[{"type": "actions", "elements": [button]}], thread_ts=event["ts"]
        )
    )
    app.action("go")(lambda ack: ack())
    connect(app)
    ts = ana.say("it-help", "My laptop\nhums")
    reply = ana.wait_for(lambda: ana.thread("it-help", ts)[1:])[0]
    ana.press("it-help", reply["ts"], "go")
    told = playground.transcript()
    for words in (
        "#it-help  Ana Ribeiro: My laptop hums",
        "#it-help  └ Frontline: Here [Go]",
        "#it-help  Ana Ribeiro presses go",
    ):
        assert words in told


def test_a_recorded_conversation_happens_again(
    playground: Playground, ana: Person, client: WebClient
) -> None:
    """Both sides of it, with new times, in another workspace."""
    ts = ana.say("it-help", "question")
    answer = client.chat_postMessage(channel=IT_HELP, text="answer", thread_ts=ts)["ts"]
    client.chat_update(channel=IT_HELP, ts=answer, text="better answer")
    ana.react("it-help", answer, "tada")
    dm = client.chat_postMessage(channel=ANA, text="direct")["channel"]
    ana.say(dm, "thanks")
    lines = "".join(json.dumps(entry) + "\n" for entry in playground.record())
    with Playground() as other:
        assert other.control("repeat", lines=lines)["steps"] == 6
        seen = Person(other.url, ANA)
        again = seen.sees("it-help")[0]
        thread = seen.thread("it-help", again["ts"])
        assert [m["text"] for m in thread] == ["question", "better answer"]
        assert thread[1]["reactions"][0]["name"] == "tada"
        assert [m["text"] for m in seen.sees(dm)] == ["direct", "thanks"]
        seen.close()
        with pytest.raises(PlaygroundError, match="line 2"):
            other.control("repeat", lines='{"kind": "x"}\nnot json')


def test_a_bad_seed_is_named(tmp_path: Path) -> None:
    """File and entry in one line."""
    path = tmp_path / "seed.json"
    for text, words in (
        ("{", "seed.json"),
        ("[]", "must hold one JSON object"),
        ('{"team": {}}', "team"),
        ('{"team": {"id": "T", "name": "n", "domain": "d", "colour": 1}}', "unknown key `colour`"),
    ):
        path.write_text(text)
        with pytest.raises(BadSeed, match=words):
            Seed.load(path)


def test_a_taken_port_is_named(playground: Playground) -> None:
    """One clear line."""
    with pytest.raises(PlaygroundError, match="cannot listen"):
        Playground(port=playground._port).start()


def test_a_state_file_that_is_none_is_named(tmp_path: Path) -> None:
    """One clear line with the path."""
    broken = tmp_path / "state.db"
    broken.write_text("not a database, but long enough to look at" * 30)
    with pytest.raises(PlaygroundError, match=r"state\.db cannot keep the workspace's state"):
        Playground(state=broken).start()
