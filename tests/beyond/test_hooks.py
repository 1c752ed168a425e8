"""What other systems tell us: signed by them, recent, bounded, understood, and no more."""

from __future__ import annotations

import hmac
import json
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.beyond.hooks import KIND, Hook, NotUnderstoodError, read, understood
from bot.beyond.signing import HEADER, is_pagerdutys, is_signed, signature
from bot.desk.beyond import Deed
from bot.desk.ids import UserId
from tests import builders as a

SECRET = b"what only two know"
NOW = 1_772_452_800.0
ISSUE = "https://issues.example/412"
PAGE = "frontline-T-1001-0123456789ab"


def hook(kind: str = "pagerduty", **changes: Any) -> Hook:
    """A hook of the pager, whose people are Mei alone."""
    given = {"may": frozenset({Deed.TAKE}), "people": {"PMEI": a.MEI}, **changes}
    return Hook("pd", kind, "pager", SECRET, **given)  # type: ignore[arg-type]


def event(kind: str = "incident.acknowledged", **changes: Any) -> dict[str, Any]:
    """What PagerDuty tells, as its documentation has it."""
    said: dict[str, Any] = {
        "id": "01ABC", "event_type": kind, "resource_type": "incident",
        "occurred_at": "2026-03-02T12:00:00.169Z",
        "agent": {"id": "PMEI", "type": "user_reference", "summary": "Mei Lindqvist"},
        "data": {"id": "PGR0VU2", "type": "incident", "incident_key": PAGE},
    }  # fmt: skip
    return {"event": {**said, **changes}}


def pagerdutys(body: bytes, secret: bytes = SECRET) -> str:
    """Sign as PagerDuty does."""
    return "v1=" + hmac.new(secret, body, sha256).hexdigest()


@given(st.binary(max_size=300), st.integers(0, 2**33))
def test_what_we_sign_we_know_again(body: bytes, at: int) -> None:
    """For five minutes; a byte more or less, another secret or another time is another's."""
    header = signature(SECRET, body, at)
    assert is_signed(SECRET, body, header, at)
    assert is_signed(SECRET, body, header, at + 300)
    assert not is_signed(SECRET, body, header, at + 301)
    assert not is_signed(SECRET, body, header, at - 301)
    assert not is_signed(SECRET, body + b" ", header, at)
    assert not is_signed(b"another", body, header, at)
    assert not is_signed(SECRET, body, header.replace(f"t={at}", f"t={at + 1}"), at)


@given(st.text(max_size=200))
def test_no_header_breaks_it_or_is_taken(header: str) -> None:
    """Whatever somebody sends."""
    assert not is_signed(SECRET, b"{}", header, NOW)
    assert not is_pagerdutys(SECRET, b"{}", header)


@pytest.mark.parametrize(
    "header",
    ["", "v1=", "t=1,v1=", "t=,v1=x", "t=1,t=2,v1=x", "t=²,v1=é", "v1=ü", f"t={'9' * 5_000}"],
)
def test_an_odd_header_is_refused(header: str) -> None:
    """And nothing is thrown."""
    assert not is_signed(SECRET, b"{}", header, NOW)
    assert not is_pagerdutys(SECRET, b"{}", header)


def test_one_of_several_signatures_is_enough() -> None:
    """While a secret is changed, both are sent."""
    body = b'{"event": {}}'
    both = f"{pagerdutys(body, b'old')},{pagerdutys(body)}"
    assert is_pagerdutys(SECRET, body, both)
    assert hook().is_from(body, {"x-pagerduty-signature": both}, NOW)
    assert not hook().is_from(body, {"x-pagerduty-signature": pagerdutys(body, b"old")}, NOW)
    assert not hook().is_from(body, {HEADER.lower(): signature(SECRET, body, int(NOW))}, NOW)


def test_the_signature_is_over_the_raw_body() -> None:
    """The same JSON with other spaces is another body."""
    body = json.dumps(event(), indent=2).encode()
    headers = {"x-pagerduty-signature": pagerdutys(json.dumps(event()).encode())}
    assert not hook().is_from(body, headers, NOW)


@pytest.mark.parametrize(
    ("kind", "deed"),
    [("incident.acknowledged", Deed.TAKE), ("incident.resolved", Deed.SETTLE)],
)
def test_pagerdutys_news_become_what_was_done(kind: str, deed: Deed) -> None:
    """By whom, if they are known; by name, if not."""
    stored = read(hook(), json.dumps(event(kind)).encode(), NOW)
    assert stored is not None
    assert stored.event_id == "hook:pd:01ABC"
    acted = understood(stored.payload, {"pd": hook()})
    assert acted is not None
    assert (acted.page, acted.deed, acted.user) == (PAGE, deed, a.MEI)
    agent = {"id": "PXYZ", "summary": "Somebody Else"}
    stranger = read(hook(), json.dumps(event(kind, agent=agent)).encode(), NOW)
    assert stranger is not None
    told = understood(stranger.payload, {"pd": hook()})
    assert told is not None
    assert (told.user, told.name) == (None, "Somebody Else")


@pytest.mark.parametrize(
    "kind", ["incident.triggered", "incident.annotated", "pagey.ping", "service.updated", "", None]
)
def test_what_we_do_not_act_on_is_taken_and_left(kind: str | None) -> None:
    """The other side need not tell it again."""
    assert read(hook(), json.dumps(event(kind or "x")).encode(), NOW) is None


@pytest.mark.parametrize(
    "body",
    [
        b"", b"[]", b'"x"', b"{}", b'{"event": 3}', b"\xff\xfe", b"[" * 60_000,
        json.dumps(event(data=None)).encode(), json.dumps(event(data={})).encode(),
        json.dumps(event(occurred_at="yesterday")).encode(),
        json.dumps(event(occurred_at="2026-03-02T12:00:00")).encode(),
        json.dumps(event(occurred_at="2026-03-01T11:00:00Z")).encode(),
        json.dumps(event(id=None)).encode(), json.dumps(event(id="")).encode(),
        json.dumps(event(id="x" * 300)).encode(),
    ],
    ids=range(15),
)  # fmt: skip
def test_what_is_signed_and_odd_is_refused_in_words(body: bytes) -> None:
    """And breaks nothing."""
    with pytest.raises(NotUnderstoodError):
        read(hook(), body, NOW)


def test_the_generic_form() -> None:
    """`id`, `what`, `page`, `by`."""
    said = {"id": "7", "what": "acknowledged", "page": PAGE, "by": "PMEI"}
    stored = read(hook("json"), json.dumps(said).encode(), NOW)
    assert stored is not None
    acted = understood(stored.payload, {"pd": hook("json")})
    assert acted is not None
    assert (acted.deed, acted.user) == (Deed.TAKE, a.MEI)
    assert read(hook("json"), b'{"what": "seen"}', NOW) is None


def test_what_a_hook_may_is_what_the_configuration_says_now() -> None:
    """Not what it said when it was stored; one that is gone grants nothing."""
    payload = {"type": KIND, "hook": "pd", "page": PAGE, "deed": "take", "by": "PMEI", "name": ""}
    acted = understood(payload, {"pd": hook(may=frozenset(), people={"PMEI": UserId("U0NEW")})})
    assert acted is not None
    assert (acted.may, acted.user) == (frozenset(), "U0NEW")
    assert understood(payload, {}) is None


@pytest.mark.parametrize(
    "said",
    [
        {}, {"problem": "P-12"}, {"link": ISSUE}, {"problem": 12, "link": ISSUE},
        {"problem": "T-12", "link": ISSUE}, {"problem": "P-" + "9" * 300, "link": ISSUE},
        {"problem": "P-12", "link": None}, {"problem": "P-12", "link": ["https://x.example"]},
        {"problem": "P-12", "link": ""}, {"problem": "P-12", "link": "javascript:alert(1)"},
        {"problem": "P-12", "link": "ftp://issues.example/412"},
        {"problem": "P-12", "link": "https://"}, {"problem": "P-12", "link": "https://["},
        {"problem": "P-12", "link": "https://mei:secret@issues.example/412"},
        {"problem": "P-12", "link": "https://issues.example/<!channel>"},
        {"problem": "P-12", "link": "https://issues.example/4 12"},
        {"problem": "P-12", "link": "https://issues.example/" + "x" * 500},
    ],
)  # fmt: skip
def test_an_issue_that_is_no_address_or_of_no_problem_is_refused(said: dict[str, Any]) -> None:
    """Whoever signs it; nothing is stored."""
    tracker = hook("json", may=frozenset({Deed.LINK}))
    body = json.dumps({"id": "1", "what": "linked", **said}).encode()
    with pytest.raises(NotUnderstoodError):
        read(tracker, body, NOW)


def test_an_issue_that_was_opened_is_told_with_its_address() -> None:
    """Which problem it is about, where it is, and who opened it."""
    tracker = hook("json", may=frozenset({Deed.LINK}))
    said = {"id": "1", "what": "linked", "problem": "P-12", "link": f" {ISSUE} ", "by": "PMEI"}
    stored = read(tracker, json.dumps(said).encode(), NOW)
    assert stored is not None
    acted = understood(stored.payload, {"pd": tracker})
    assert acted is not None
    assert (acted.page, acted.deed, acted.link, acted.user) == ("P-12", Deed.LINK, ISSUE, a.MEI)


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ({"problem": "P-12"}, "P-12"),
        ({"link": "https://issues.example/412"}, "https://issues.example/412"),
        ({"problem": "P-12", "link": "https://issues.example/412"}, "P-12"),
        ({"page": PAGE}, None),
        ({"problem": 12}, None),
        ({"link": "x" * 501}, None),
    ],
)
def test_an_issue_that_was_closed_closes_a_problem(said: dict[str, Any], named: str | None) -> None:
    """By the problem's number, or by the issue's own address; a page is none."""
    body = json.dumps({"id": "1", "what": "closed", **said}).encode()
    tracker = hook("json", may=frozenset({Deed.CLOSE}))
    if named is None:
        with pytest.raises(NotUnderstoodError):
            read(tracker, body, NOW)
        return
    stored = read(tracker, body, NOW)
    assert stored is not None
    acted = understood(stored.payload, {"pd": tracker})
    assert acted is not None
    assert (acted.page, acted.deed) == (named, Deed.CLOSE)
