"""Bolt for JavaScript, unmodified, as a second client; where Node and the package are there."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.playground import Person, Playground

FOLDER = Path(__file__).with_name("bolt_js")

pytestmark = pytest.mark.skipif(
    shutil.which("node") is None or not (FOLDER / "node_modules" / "@slack" / "bolt").exists(),
    reason="needs Node and `npm install` in tests/playground/bolt_js",
)


@pytest.fixture
def node_app(playground: Playground) -> Iterator[subprocess.Popen[str]]:
    """The app of bolt_js/app.js, connected."""
    environment = os.environ | {
        "SLACK_BOT_TOKEN": playground.bot_token,
        "SLACK_APP_TOKEN": playground.app_token,
        "SLACK_API_URL": playground.api_url,
    }
    process = subprocess.Popen(
        ["node", str(FOLDER / "app.js")],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    told = []
    for line in process.stdout:
        told.append(line)
        if line.strip() == "ready":
            break
    else:
        pytest.fail("the app did not start: " + "".join(told))
    yield process
    process.terminate()
    process.wait(10)


def test_a_whole_story_with_bolt_for_javascript(
    node_app: subprocess.Popen[str], ana: Person
) -> None:
    """Question, button, modal, refused and accepted submission, slash command."""
    asked = ana.say("it-help", "My laptop hums")
    reply = ana.wait_for(lambda: ana.thread("it-help", asked)[1:])[0]
    assert reply["text"] == "You said: My laptop hums"
    ana.press("it-help", reply["ts"], "resolve")
    ana.wait_for(ana.modal)
    assert ana.submit({"cause": "fan"}) == {"cause": "Say a little more."}
    assert ana.submit({"cause": "dust in the fan"}) is None
    dm = ana.dm("U0FRONT001")
    assert ana.wait_for(lambda: ana.sees(dm))[0]["text"] == "Noted: dust in the fan"
    ana.command("it-help", "/helpdesk mine")
    assert ana.wait_for(ana.ephemerals)[0]["text"] == "Looking for mine"
