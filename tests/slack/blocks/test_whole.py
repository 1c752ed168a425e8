"""What people wrote is shown whole, or it is said that it was shortened and where the whole is."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, get_type_hints

import pytest
from hypothesis import Phase, given, settings

from bot.desk.asking import Thanked
from bot.desk.ids import IncidentId, TicketId
from bot.desk.incidents import IncidentBanner, IncidentNews, IncidentNote
from bot.desk.tickets import (
    About,
    Card,
    EscalationState,
    Finding,
    Handoff,
    Line,
    Relayed,
    Settled,
    ThreadNote,
)
from bot.desk.tiers import Tier
from bot.desk.views import Asked
from bot.playground.blockkit import check_message_blocks
from bot.playground.blockkit.surfaces import check_view
from bot.slack import actions as ids
from bot.slack.blocks.asking.modals import article_modal
from bot.slack.blocks.privacy.words import masked_modal
from bot.slack.blocks.rendering import render
from bot.slack.blocks.tickets.thread_modals import why_modal
from bot.slack.blocks.views.modals import escalation_modal
from bot.slack.limits import INPUT_TEXT
from bot.slack.parsing.places import CARRIED, origin_of
from bot.slack.text import escape
from kb.articles import Article
from tests import builders as a
from tests.slack.blocks.test_rendering import card, texts
from tests.strategies import KINDS, typed

if TYPE_CHECKING:
    from collections.abc import Callable

TICKET = TicketId(1001)
WORDS = 'the printer on the third floor pulls two sheets at once & jams, "see" <log>\n' * 60
A_TEXT = WORDS[: INPUT_TEXT - 12].rstrip() + " and ends so"
"""As long as a modal takes it."""

RESOLVED = {"state": EscalationState.RESOLVED, "cause": "c", "fix": "f"}
NEWS = IncidentNews(TICKET, a.ANA, IncidentId(1), "t", "update", a.NOON, TicketId(1000))
HANDOFF = Handoff(TICKET, (), (), ())

WHOLE: dict[tuple[type[Any], str], Callable[[str], Any]] = {
    (Settled, "cause"): lambda text: Settled(TICKET, a.ANA, Tier.L2, a.MEI, text, "f"),
    (Settled, "fix"): lambda text: Settled(TICKET, a.ANA, Tier.L2, a.MEI, "c", text),
    (Settled, "remark"): lambda text: Settled(
        TICKET, a.ANA, Tier.L2, a.MEI, "c", "f", outcome="fixed", stars=4, remark=text
    ),
    (Thanked, "remark"): lambda text: Thanked(TICKET, a.ANA, stars=4, remark=text),
    (Card, "cause"): lambda text: card(**{**RESOLVED, "cause": text}),
    (Card, "fix"): lambda text: card(**{**RESOLVED, "fix": text}),
    (Card, "prevention"): lambda text: card(**{**RESOLVED, "prevention": text}),
    (Card, "article_words"): lambda text: card(**{**RESOLVED, "article_words": text}),
    (Handoff, "findings"): lambda text: replace(HANDOFF, findings=text),
    (Handoff, "conversation"): lambda text: replace(HANDOFF, conversation=(Line(a.ANA, text),)),
    (ThreadNote, "text"): lambda text: ThreadNote(TICKET, "wrote", a.ANA, text),
    (Relayed, "text"): lambda text: Relayed(TICKET, a.ANA, a.MEI, Tier.L2, "writes", text),
    (IncidentNews, "text"): lambda text: replace(NEWS, text=text),
    (IncidentBanner, "text"): lambda text: IncidentBanner(
        NEWS.incident, "t", a.NOON, text=text, told_at=a.NOON
    ),
    (IncidentNote, "text"): lambda text: IncidentNote(
        TICKET, NEWS.incident, "t", "update", a.MEI, text=text
    ),
    (Asked, "text"): lambda text: Asked(a.ANA, text),
}
"""What somebody reads nowhere else in Slack."""

IN_SHORT = {
    "incident": "a number and a title, which an engineer gave in one short line",
    "markdown": "our own words, and the endings that the card has; on record whole",
    "question": "the handoff below the card has the conversation",
    "reasons": "Why? has them whole",
    "subject": "the beginning of a question",
    "earlier": "the handoffs above it have them whole",
    "findings": "the thread has them; the card shows that there are some",
    "said": "the requester's own message, above",
    "language": "a code of two letters",
    "notes": "our own words",
    "warnings": "our own words",
    "note": "our own words",
    "priority_why": "our own words",
    "details": "our own words, and what a base says",
    "typed": "what an engineer typed a moment ago",
    "about": "what somebody typed a moment ago, or a name",
    "words": "what somebody typed a moment ago",
}
"""What is shown in short somewhere, and where it is whole."""

NAMES = frozenset(
    "article title heading url chosen permalink usergroup area group kept shown failed articles "
    "yes no passage questions body lead incident asker".split()
)
"""Names and addresses, and what an article says."""


def everything(node: Any) -> str:
    """Give all that is read, without the marks of a quotation and the ends of lines."""
    return " ".join(" ".join(texts(node)).replace("\n> ", " ").replace("\n", " ").split())


@pytest.mark.parametrize("make", WHOLE.values(), ids=[f"{k.__name__}-{f}" for k, f in WHOLE])
def test_what_a_modal_takes_is_shown_to_its_last_word_or_said(make: Callable[[str], Any]) -> None:
    """Three thousand characters with marks in them; the card's four texts share one message."""
    rendered = render(make(A_TEXT))
    assert rendered is not None
    check_message_blocks(rendered.blocks)
    shown = everything(rendered.blocks)
    if "_Shortened." not in shown:
        assert " ".join(escape(A_TEXT).split()) in shown.replace("> ", "")
    else:
        assert isinstance(make(""), Card | Handoff)
        assert "frontline tickets show T-1001" in shown


@pytest.mark.parametrize("make", WHOLE.values(), ids=[f"{k.__name__}-{f}" for k, f in WHOLE])
@settings(max_examples=10, phases=[Phase.explicit, Phase.generate])
@given(text=typed)
def test_whatever_was_typed_it_ends_as_it_ends_or_that_is_said(
    make: Callable[[str], Any], text: str
) -> None:
    """Up to forty thousand characters of anything."""
    rendered = render(make(f"begin {text} lastword"))
    assert rendered is not None
    check_message_blocks(rendered.blocks)
    shown = everything(rendered.blocks)
    assert "lastword" in shown or "_Shortened." in shown


def test_every_text_of_a_notice_is_whole_or_known_to_be_short() -> None:
    """A new one is judged: is it somebody's words, and do they stand anywhere else?"""
    judged = {name for _, name in WHOLE} | set(IN_SHORT) | NAMES | {"kind", "text"}
    for kind in KINDS:
        for name, hint in get_type_hints(kind).items():
            if hint in (str, str | None, tuple[str, ...]):
                assert name in judged, f"{kind.__name__}.{name}"


def test_all_texts_of_an_ending_together_fit_or_say_so() -> None:
    """Cause, fix, prevention and the article's words, each as long as a modal takes it."""
    full = card(**RESOLVED | dict.fromkeys(("cause", "fix", "prevention", "article_words"), A_TEXT))
    for notice in (full, Settled(TICKET, a.ANA, Tier.L2, a.MEI, A_TEXT, A_TEXT, outcome="fixed",
                                 stars=5, remark=A_TEXT)):  # fmt: skip
        rendered = render(notice)
        assert rendered is not None
        check_message_blocks(rendered.blocks)
        assert "and ends so" in everything(rendered.blocks) or "_Shortened." in everything(
            rendered.blocks
        )


def test_a_handoff_that_is_full_fits_and_says_what_is_left_out() -> None:
    """Findings of two tiers and a long talk."""
    full = replace(
        HANDOFF,
        findings=A_TEXT,
        found_by=a.MEI,
        earlier=(Finding(Tier.L2, a.TOM, A_TEXT),) * 5,
        conversation=tuple(Line(a.ANA, f"{number} {A_TEXT}") for number in range(30)),
    )
    rendered = render(full)
    assert rendered is not None
    check_message_blocks(rendered.blocks)
    assert everything(rendered.blocks).count("_Shortened.") == 1
    assert "29 the printer" in everything(rendered.blocks)


@pytest.mark.parametrize("length", [10, 2_500, 3_000, 40_000])
@pytest.mark.parametrize("mark", ["x", "word ", '"', "\n", "é", "😀 "])
def test_a_message_travels_with_its_modal_as_far_as_slack_carries_it(
    length: int, mark: str
) -> None:
    """With all marks; whoever opens the modal is told, and so is who reads the escalation."""
    text = (mark * length)[:length].strip() or mark
    payload = {
        "team": {"id": "T1"}, "channel": {"id": "C1"}, "user": {"id": "U1"},
        "message": {"ts": "1.0", "user": "U2"},
    }  # fmt: skip
    origin = origin_of(payload, text)
    assert len(origin.dump()) <= CARRIED
    assert origin.whole is (origin.text == text)
    assert origin.whole or len(origin.dump()) > CARRIED - 200
    view = escalation_modal(origin)
    check_view(view, "modal")
    assert origin.whole is ("_Shortened." not in everything(view["blocks"]))


@pytest.mark.parametrize("ends_in", ["channel", "user"])
def test_ids_that_leave_no_room_for_words_end_all_the_same(ends_in: str) -> None:
    """No Slack sends such ids; a loop that made room for them would hold the door for ever."""
    payload = {
        "team": {"id": "T1"}, "channel": {"id": "C1"}, "user": {"id": "U1"},
        "message": {"ts": "1.0", "user": "U2"},
    }  # fmt: skip
    if ends_in == "channel":
        payload["channel"] = {"id": "C" * 5_000}
    else:
        payload["message"] = {"ts": "1.0", "user": "U" * 5_000}
    assert not origin_of(payload, "It jams").whole


def test_why_shows_long_reasons_whole() -> None:
    """Each in sections of its own."""
    origin = ids.ModalOrigin(7, a.L2_CHANNEL, "1.0", None)
    view = why_modal(origin, About(TICKET, "It jams", Tier.L2, (A_TEXT, f"again {A_TEXT}")))
    check_view(view, "modal")
    assert everything(view["blocks"]).count("and ends so") == 2


def test_what_was_masked_is_shown_whole_the_last_first() -> None:
    """Where even a modal is too small, it says so."""
    few = masked_modal(TICKET, [Line(a.ANA, A_TEXT)] * 3)
    many = masked_modal(TICKET, [Line(a.ANA, f"{n} {A_TEXT * 12}") for n in range(40)])
    for view in (few, many):
        check_view(view, "modal")
    assert everything(few["blocks"]).count("and ends so") == 3
    assert "_Shortened." not in everything(few["blocks"])
    assert "_Shortened." in everything(many["blocks"])


@pytest.mark.parametrize(
    ("body", "whole"),
    [
        ("A paragraph of words. " * 20, True),
        ("A paragraph of words.\n\n" * 900, True),
        ("```\n" + "a line of a listing\n" * 400 + "```", False),
        ("\n\n".join("A paragraph of words. " * 100 for _ in range(150)), False),
        ("word " * 20_000, False),
    ],
)
@pytest.mark.parametrize("url", ["https://kb.example/jam", None])
def test_an_article_is_shown_whole_or_says_where_it_is(
    body: str,
    whole: bool,
    url: str | None,
) -> None:
    """By its address, or by who keeps it."""
    view = article_modal(
        Article("jam", "Paper jam", "", "Print team", (), f"{body}\n\nThe end.", url)
    )
    check_view(view, "modal")
    shown = everything(view["blocks"])
    assert ("_Shortened." not in shown) is whole
    assert not whole or "The end." in shown
    assert whole or ("https://kb.example/jam" if url else "Print team") in shown
