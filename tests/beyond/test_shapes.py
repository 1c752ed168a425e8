"""What each kind of target gets: checked against the published schema, and the services' limits."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.beyond.shapes import chat, generic, opsgenie, pagerduty
from bot.desk.beyond import About, AboutProblem, Happening, Outgoing
from bot.desk.ids import TicketId
from tests import builders as a

SCHEMA = json.loads(
    (Path(__file__).parents[2] / "docs/reference/events.schema.json").read_text(encoding="utf-8")
)
PAGE = "frontline-T-1001-0123456789ab"
TOLD = About("T-1001", "P1", state="escalated", group="l3", opened_at=a.NOON, subject="It is down")
PROBLEM = AboutProblem(
    "P-1", "cause", "linked", "The queue was full", "https://issues.example/1", 3, 2, a.NOON,
    a.NOON, (TicketId(1001), TicketId(1002)),
)  # fmt: skip
KEPT = About("T-1001", "P1", kept_back=True)


def news(what: Happening, about: About | None = TOLD, says: str = "It is down") -> Outgoing:
    """Something that happened."""
    page = PAGE if what.value.startswith("page.") else None
    if what.value.startswith("problem."):
        return Outgoing("x", what, "k1", a.NOON, says, problem=PROBLEM)
    return Outgoing("x", what, "k1", a.NOON, says, about, page)


def of_service(what: Happening) -> bool:
    """Whether it tells of no ticket."""
    return what in {Happening.ALARM, Happening.TEST}


@pytest.mark.parametrize("about", [TOLD, KEPT], ids=["told", "kept back"])
@pytest.mark.parametrize("what", Happening)
def test_the_generic_form_is_what_the_schema_says(what: Happening, about: About) -> None:
    """For everything that can happen."""
    said = generic(news(what, None if of_service(what) else about))
    jsonschema.validate(said, SCHEMA)
    assert json.loads(json.dumps(said)) == said


def test_the_schema_can_refuse() -> None:
    """Or it would be worth nothing."""
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    good = generic(news(Happening.PAGE))
    for wrong in (
        {"type": "ticket.lost"}, {"at": 3}, {"version": 2}, {"more": 1}, {"ticket": {"id": "T-1"}},
    ):  # fmt: skip
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({**good, **wrong}, SCHEMA)


def test_the_schema_knows_every_happening() -> None:
    """And the page of documentation too."""
    assert set(SCHEMA["properties"]["type"]["enum"]) == {each.value for each in Happening}
    page = (Path(__file__).parents[2] / "docs/reference/events.md").read_text(encoding="utf-8")
    assert [each.value for each in Happening if f"`{each.value}`" not in page] == []


@given(st.text(max_size=3_000), st.sampled_from(Happening))
def test_pagers_get_what_they_take(says: str, what: Happening) -> None:
    """Within their limits; and nothing of what they have no word for."""
    outgoing = news(what, says=says)
    event, call = pagerduty(outgoing, "R0UTE"), opsgenie(outgoing)
    assert (event is None) == (call is None) == what.is_subscribed
    if event is None or call is None:
        return
    assert event["routing_key"] == "R0UTE"
    assert event["event_action"] in {"trigger", "acknowledge", "resolve"}
    assert len(event["dedup_key"]) <= 255
    if event["event_action"] == "trigger":
        assert len(event["payload"]["summary"]) <= 1_024
        assert {"summary", "source", "severity"} <= set(event["payload"])
        assert len(call[1]["message"]) <= 130


def test_one_page_is_one_alert_from_begin_to_end() -> None:
    """By `dedup_key` for PagerDuty, by alias for Opsgenie."""
    parts = [Happening.PAGE, Happening.PAGE_TAKEN, Happening.PAGE_ENDED]
    events: list[Any] = [pagerduty(news(each), "r") for each in parts]
    assert [each["event_action"] for each in events] == ["trigger", "acknowledge", "resolve"]
    assert {each["dedup_key"] for each in events} == {PAGE}
    calls: list[Any] = [opsgenie(news(each)) for each in parts]
    assert calls[0][0] == "/v2/alerts"
    assert calls[0][1]["alias"] == PAGE
    assert calls[1][0] == f"/v2/alerts/{PAGE}/acknowledge?identifierType=alias"
    assert calls[2][0] == f"/v2/alerts/{PAGE}/close?identifierType=alias"


@pytest.mark.parametrize(
    ("priority", "severity"),
    [("P1", "critical"), ("P2", "error"), ("P3", "warning"), ("P4", "info"), (None, "critical")],
)
def test_severity_follows_priority(priority: str | None, severity: str) -> None:
    """What has none is taken for the worst."""
    event: Any = pagerduty(news(Happening.PAGE, About("T-1", priority)), "r")
    assert event["payload"]["severity"] == severity


def test_chat_gets_a_text() -> None:
    """As chat services understand it."""
    assert chat(news(Happening.ALARM)) == {"text": "Frontline: It is down"}


@pytest.mark.parametrize(
    "said",
    [
        "<!channel> help",
        "@channel help",
        "@here",
        "<@U0MEI00001>",
        "@Everyone & @all",
        "a<!here|x>",
    ],
)
def test_nobody_in_a_chat_is_called_by_a_quotation(said: str) -> None:
    """However chat services write it."""
    text = chat(news(Happening.PAGE, says=said))["text"]
    assert "<" not in text
    assert not re.search(r"@(channel|here|everyone|all)", text, re.IGNORECASE)


def test_an_address_stays_as_it_is() -> None:
    """What calls nobody is not touched."""
    assert chat(news(Happening.PAGE, says="ask mei@allthings.example"))["text"].endswith(
        "mei@allthings.example"
    )
