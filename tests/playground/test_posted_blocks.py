"""What the desk posts, judged by others: slack_sdk's block models and `@slack/types` under tsc."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, assume, given, reject, settings
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.desk.asking import Walk
from bot.desk.views import HomeView
from bot.slack import actions
from bot.slack.blocks.asking.modals import article_modal
from bot.slack.blocks.rendering import render
from bot.slack.blocks.tickets import thread_modals
from bot.slack.blocks.tickets.modals import pass_on_modal, resolve_modal
from bot.slack.blocks.views.home import render_home
from kb.articles import Article
from tests import builders as a
from tests.strategies import KINDS, filled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Json = dict[str, Any]

FOLDER = Path(__file__).with_name("bolt_js")
TSC = FOLDER / "node_modules" / ".bin" / "tsc"
ORIGIN = actions.ModalOrigin(7, a.L2_CHANNEL, a.ASKED, None)
ARTICLE = Article("vpn", "The VPN", "network", "it", ("How?",), "# The VPN\n\n1. Open *it*.\n")
MODALS: dict[str, Callable[[], Json]] = {
    "resolve": lambda: resolve_modal(ORIGIN, []),
    "pass on": lambda: pass_on_modal(ORIGIN),
    "article": lambda: article_modal(ARTICLE),
    "ask": lambda: thread_modals.ask_modal(ORIGIN),
    "reply": lambda: thread_modals.reply_modal(ORIGIN),
    "return": lambda: thread_modals.return_modal(ORIGIN),
    "hand over": lambda: thread_modals.hand_over_modal(ORIGIN),
    "priority": lambda: thread_modals.priority_modal(ORIGIN),
    "duplicate": lambda: thread_modals.duplicate_modal(ORIGIN),
    "wrong call": lambda: thread_modals.why_modal(ORIGIN),
    "remark": lambda: thread_modals.remark_modal(ORIGIN),
}


def messages(kind: type[Any], count: int) -> list[list[Json]]:
    """Render this many notices of a kind, the same ones each time; one of each shape is kept."""
    shapes: dict[str, list[Json]] = {}

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],  # what was found is shown as it is: shrinking takes minutes
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def collect(data: st.DataObject) -> None:
        try:
            notice = data.draw(filled(kind))
        except ValueError:
            reject()  # The domain itself refuses some values, such as a shift that ends first
        assume(not isinstance(notice, Walk) or notice.number >= 1)
        if isinstance(notice, HomeView):
            shapes.setdefault(_shape(render_home(notice)["blocks"]), render_home(notice)["blocks"])
            return
        rendered = render(notice)
        if rendered is not None:  # None: a mark on somebody's message
            shapes.setdefault(_shape(rendered.blocks), rendered.blocks)

    collect()
    return list(shapes.values())


def _shape(blocks: list[Json]) -> str:
    """Blocks without their wording."""
    return re.sub(r'"(text|value|title)": "(?:[^"\\]|\\.)*"', r'"\1": ""', json.dumps(blocks))


def elements(blocks: list[Json]) -> Iterator[Json]:
    """Every element in blocks."""
    for block in blocks:
        yield from block.get("elements", [])
        yield from (block[key] for key in ("element", "accessory") if key in block)


@pytest.mark.rare
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_slack_sdk_knows_every_block_of_every_notice(kind: type[Any]) -> None:
    """Each parses into a model, passes the model's own checks, and loses nothing on the way."""
    for blocks in messages(kind, 12):
        for block in blocks:
            _check(block)


@pytest.mark.parametrize("name", MODALS)
def test_slack_sdk_knows_every_modal(name: str) -> None:
    """The view and its blocks."""
    view = MODALS[name]()
    View(**view).validate_json()
    for block in view["blocks"]:
        _check(block)


def _check(block: Json) -> None:
    model = Block.parse(block)
    assert model is not None, f"slack_sdk knows no block of type {block['type']}"
    model.validate_json()
    assert {**model.to_dict(), **block} == model.to_dict()


@pytest.mark.skipif(
    not TSC.exists(), reason="needs Node and `npm ci` in tests/playground/bolt_js (.ci/run does it)"
)
def test_slacks_own_types_accept_every_notice_and_every_modal(tmp_path: Path) -> None:
    """Compiled against `@slack/types`; a property that Slack does not know is an error too."""
    complaints = _compiled(tmp_path, _program())
    assert complaints == ""


@pytest.mark.skipif(
    not TSC.exists(), reason="needs Node and `npm ci` in tests/playground/bolt_js (.ci/run does it)"
)
def test_slacks_own_types_refuse_what_is_wrong(tmp_path: Path) -> None:
    """So that the test above means something."""
    wrong = {"type": "section", "text": {"type": "mrkdwn", "text": "x"}, "colour": "red"}
    complaints = _compiled(tmp_path, _declared("broken", "KnownBlock[]", [wrong]))
    assert "known properties" in complaints
    assert "colour" in complaints


def _program() -> str:
    lines = []
    for kind in KINDS:
        for number, blocks in enumerate(messages(kind, 12)):
            lines.append(_declared(f"{kind.__name__}{number}", "KnownBlock[]", blocks))
    for number, build in enumerate(MODALS.values()):
        lines.append(_declared(f"modal{number}", "ModalView", build()))
    return "".join(lines)


def _declared(name: str, kind: str, value: Any) -> str:
    return f"export const {name}: {kind} = {json.dumps(value)};\n"


def _compiled(folder: Path, program: str) -> str:
    """What tsc has to say about a program; it stands beside a link to the packages."""
    (folder / "node_modules").symlink_to(FOLDER / "node_modules")
    (folder / "package.json").write_text('{"type": "module"}')
    (folder / "tsconfig.json").write_text((FOLDER / "tsconfig.json").read_text())
    imports = 'import type { KnownBlock, ModalView } from "@slack/types";\n'
    (folder / "posted.ts").write_text(imports + program)
    done = subprocess.run(
        [str(TSC), "--project", str(folder)],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    return done.stdout + done.stderr
