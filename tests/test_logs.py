"""Logs: one format for all, and no secret in any line."""

from __future__ import annotations

import json
import logging
import sqlite3
import threading
import traceback
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel
from slack_bolt import BoltRequest, BoltResponse

from bot.desk.errors import FrontlineError
from bot.desk.workspaces import HomeId
from bot.logs import configure, mask
from bot.settings.file import FileSettings
from bot.settings.settings import Secrets
from bot.slack.actions import ModalOrigin
from bot.slack.lines import Doors
from bot.slack.parsing.shapes import EventCallback
from bot.workspaces.desks import ServedDesk
from bot.workspaces.threads import say_whose

if TYPE_CHECKING:
    from collections.abc import Iterator

TOKEN = "xoxb-2345-6789-AbCdEf"


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level, before = root.handlers[:], root.level, structlog.get_config()
    yield
    root.handlers, root.level = handlers, level
    structlog.configure(**before)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("xoxb-1-2-abc", "xoxb-***"),
        ("Bearer xoxp-1-abc, xapp-1-A0-9", "Bearer xoxp-***, xapp-***"),
        ("xoxe.xoxb-1-Mi0x", "xoxe.***"),
        ("xoxe-1-refresh", "xoxe-***"),
        ("nothing to hide", "nothing to hide"),
        ("", ""),
    ],
)
def test_tokens_are_masked_and_their_kind_stays(text: str, masked: str) -> None:
    """A reader still sees which kind of token it was."""
    assert mask(text) == masked


@given(st.text(), st.sampled_from(["xoxb-", "xoxp-", "xapp-", "xoxe."]), st.text())
def test_no_token_survives_masking(before: str, kind: str, after: str) -> None:
    """Wherever it stands in a text of separate words."""
    assert "1-S3cret-2" not in mask(f"{before} {kind}1-S3cret-2 {after}")


def test_an_events_id_is_shown_and_nothing_else_under_its_name(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Whoever looks for an event finds it; it looks like a password."""
    configure(as_json=True)
    for value in ("Ev08A1B2C3D4", TOKEN, "Hunter2!Hunter2"):
        structlog.get_logger("bot.test").info("handled", event_id=value)
    shown = [json.loads(line)["event_id"] for line in capsys.readouterr().err.splitlines()]
    assert shown[0] == "Ev08A1B2C3D4"
    assert shown[1] == "xoxb-***"
    assert "Hunter2" not in shown[2]


def test_our_own_events_are_one_line_with_their_details(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """On stderr; results on stdout stay clean."""
    configure()
    structlog.get_logger("bot.test").info("ticket_opened", ticket="T-1042", token=TOKEN)
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.count("\n") == 1
    assert "ticket_opened" in shown.err
    assert "T-1042" in shown.err
    assert TOKEN not in shown.err


def test_secrets_are_masked_within_lists_headers_and_arguments(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A dictionary of headers is where tokens are."""
    configure()
    log = structlog.get_logger("bot.test")
    log.warning("sent", headers={"Authorization": f"Bearer {TOKEN}"}, tried=[TOKEN, (TOKEN,)])
    logging.getLogger("slack_sdk").warning("token %s refused", TOKEN)
    shown = capsys.readouterr().err
    assert TOKEN not in shown
    assert shown.count("xoxb-***") == 4


def test_secrets_are_masked_in_tracebacks(capsys: pytest.CaptureFixture[str]) -> None:
    """An error's text may quote what was sent."""
    configure()
    log = structlog.get_logger("bot.test")
    log.error("sending_failed", exc_info=ValueError(f"refused {TOKEN}"))
    shown = capsys.readouterr().err
    assert "ValueError" in shown
    assert TOKEN not in shown


def test_libraries_are_quiet_unless_something_is_wrong(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Their information is noise to an admin; our debugging comes with `verbose`."""
    configure()
    logging.getLogger("slack_bolt").info("noise")
    structlog.get_logger("bot.test").debug("details")
    assert capsys.readouterr().err == ""
    configure(verbose=True)
    structlog.get_logger("bot.other").debug("details")
    assert "details" in capsys.readouterr().err


def test_a_line_as_json_says_from_what_and_hides_what_is_secret(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """One object a line: time, level, logger, what, and the ids that were bound around it."""
    configure(as_json=True)
    with structlog.contextvars.bound_contextvars(delivery=7, event_id="Ev1"):
        structlog.get_logger("bot.test").info("ticket_opened", ticket="T-1042", token=TOKEN)
    line = json.loads(capsys.readouterr().err)
    assert (line["event"], line["event_id"], line["ticket"]) == ("ticket_opened", "Ev1", "T-1042")
    assert {"level", "logger", "timestamp", "delivery"} <= line.keys()
    assert "S3cret" not in str(line)
    assert TOKEN not in str(line)


@pytest.mark.parametrize("as_json", [True, False])
def test_each_line_says_whose_it_is_where_several_workspaces_are_served(
    as_json: bool, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also what threads say that a desk began, and those that these began, libraries' too."""
    monkeypatch.setattr(threading.Thread, "start", threading.Thread.start)
    say_whose()
    configure(as_json=as_json)
    log, desks = structlog.get_logger("bot.test"), list[ServedDesk]()

    def late() -> None:
        logging.getLogger("slack_sdk").warning("by_a_library")

    def begin(*_: object) -> Any:
        log.info("by_the_desk")
        with ThreadPoolExecutor(1) as pool:
            pool.submit(log.info, "by_its_pool").result()
        thread = threading.Thread(target=late)
        thread.start()
        thread.join()
        desks[-1].end()
        return SimpleNamespace(stop=lambda: None, holding=SimpleNamespace(why_lost=""))

    for home in ("T0ONE", "T0TWO"):
        given: Any = SimpleNamespace(home=home)
        desk = ServedDesk(given, begin, lambda *_: None, lambda *_: None)
        desks.append(desk)
        desk.start()
        desk.join()
    log.info("by_the_house")
    lines = [line for line in capsys.readouterr().err.splitlines() if "by_" in line]
    whose = [home for line in lines for home in ("T0ONE", "T0TWO") if home in line]
    assert whose == ["T0ONE"] * 3 + ["T0TWO"] * 3
    if as_json:
        assert [json.loads(line).get("workspace") for line in lines] == [*whose, None]


def test_a_line_that_a_request_led_to_says_for_whom_it_was(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The threads that listen are everybody's."""
    configure(as_json=True)
    doors = Doors(lambda _: True, lambda *_: None, lambda: True)

    def let_in(*_: object) -> BoltResponse:
        structlog.get_logger("bot.test").info("let_in")
        return BoltResponse(status=200)

    doors.open(HomeId("T0ONE"), let_in, lambda: None, None)
    assert doors.let_in({"type": "event_callback", "team_id": "T0ONE"}, BoltRequest).status == 200
    assert json.loads(capsys.readouterr().err)["workspace"] == "T0ONE"


class AwayError(FrontlineError, sqlite3.OperationalError):
    """As the store tells of a server that is away."""


def test_a_database_that_is_away_is_one_line_and_no_traceback(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """However many threads ask for it; what else fails is told with where."""
    configure(as_json=True)
    log = structlog.get_logger("bot.test")
    away, full = AwayError("It is away."), AwayError("It is full.")
    for failure in (away, away, full, KeyError("x")):
        log.error("worker_failed", exc_info=failure)
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [line.get("why") for line in lines] == ["It is away.", "It is full.", None]
    assert ["exception" in line for line in lines] == [False, False, True]


def test_no_model_quotes_in_its_errors_what_it_was_given() -> None:
    """What is wrong with a payload, a notice or a file is logged; it may be what somebody wrote."""
    models, unseen = list[type[BaseModel]](), BaseModel.__subclasses__()
    while unseen:
        model = unseen.pop()
        unseen += model.__subclasses__()
        if model.__module__.startswith("bot."):
            models.append(model)
    assert {EventCallback, FileSettings, Secrets} <= set(models)
    quoting = [
        each.__name__ for each in models if not each.model_config.get("hide_input_in_errors")
    ]
    assert quoting == []


def test_a_modals_metadata_is_not_quoted_either() -> None:
    """It carries a message's words."""
    for written in ('{"escalation": 1, "text": {"x": "biopsy"}}', '"biopsy'):
        try:
            ModalOrigin.load(written)
        except ValueError as failure:
            said = "".join(traceback.format_exception(failure))
        assert "no ModalOrigin" in said
        assert "biopsy" not in said
