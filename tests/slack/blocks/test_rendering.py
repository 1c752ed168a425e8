"""How notices look: within Slack's limits, quoting people so that nobody is paged."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from bot.desk.articles import StepOutcome, TriedStep
from bot.desk.asking import Answer, Clarify, Option, Thanked
from bot.desk.ids import EscalationId, TicketId, UserId
from bot.desk.promises import Priority, Promise, TimerKind
from bot.desk.tickets import (
    About,
    Card,
    EscalationState,
    Finding,
    Handoff,
    Line,
    Passed,
    Reminder,
    Seen,
    Settled,
    ThreadNote,
)
from bot.desk.tiers import Tier
from bot.desk.views import HomeView
from bot.playground.blockkit import check_message_blocks
from bot.playground.blockkit.surfaces import check_view
from bot.slack import actions as ids
from bot.slack.blocks.rendering import render
from bot.slack.blocks.tickets.thread_modals import of_ticket, why_modal
from tests import builders as a
from tests.strategies import KINDS, filled, typed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.desk.notices import Notice
    from bot.slack.blocks.parts import Rendered

A_FEW = settings(max_examples=8, phases=[Phase.explicit, Phase.generate])
"""Texts are long and kinds many: a failure is shown as it was found, not made smaller."""

VISIBLE = [kind for kind in KINDS if kind not in {Seen, HomeView}]
KNOWN = "|".join(f"{person}>" for person in (a.ANA, a.BEN, a.TOM, a.MEI, a.JONAS))
PAGES = re.compile(rf"<!(?!subteam\^S0L2ONCALL>|date\^)|<@(?!{KNOWN})")
"""What would page somebody whom the desk itself does not mention."""

MARKUP = re.compile(r"<[^<>]*>")
TOKENS = ("<!channel>", "<!here>", "<!everyone|x>", "<@U1|x>", "<https://evil.example|click>")


def shown(notice: Notice) -> Rendered:
    """Render a notice that must be visible."""
    rendered = render(notice)
    assert rendered is not None
    return rendered


def texts(node: Any) -> Iterator[str]:
    """Give every text of the blocks that Slack reads as markup."""
    if isinstance(node, dict):
        if node.get("type") == "mrkdwn":
            yield node["text"]
        for value in node.values():
            yield from texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from texts(value)


def buttons(rendered: Rendered) -> dict[str, dict[str, Any]]:
    """Give the buttons of a message by their action id."""
    elements = [
        e
        for block in rendered.blocks
        for e in (*block.get("elements", []), block.get("accessory", {}))
    ]
    return {e["action_id"]: e for e in elements if e.get("type") == "button"}


@pytest.mark.parametrize("kind", VISIBLE, ids=lambda kind: kind.__name__)
@A_FEW
@given(data=st.data())
def test_every_notice_is_accepted_by_slack(kind: type[Notice], data: st.DataObject) -> None:
    """Whatever people typed, the blocks keep Slack's rules and the fallback text says something."""
    rendered = shown(data.draw(filled(kind)))
    check_message_blocks(rendered.blocks)
    assert rendered.blocks
    assert 0 < len(rendered.text.strip()) <= 4_000


@pytest.mark.parametrize("kind", VISIBLE, ids=lambda kind: kind.__name__)
@A_FEW
@given(data=st.data())
def test_nothing_that_people_typed_survives_as_markup(
    kind: type[Notice], data: st.DataObject
) -> None:
    """No quotation pages anybody, and no cut leaves markup open."""
    rendered = shown(data.draw(filled(kind)))
    for text in (rendered.text, *texts(rendered.blocks)):
        assert not PAGES.search(text)
        assert not re.search("[<]", MARKUP.sub("", text))


@pytest.mark.parametrize("kind", VISIBLE, ids=lambda kind: kind.__name__)
@A_FEW
@given(data=st.data())
def test_the_buttons_of_a_message_can_be_told_apart(
    kind: type[Notice], data: st.DataObject
) -> None:
    """No action id occurs twice, and each is one of ours."""
    rendered = shown(data.draw(filled(kind)))
    elements = [e for block in rendered.blocks for e in block.get("elements", [])]
    counted = Counter(e["action_id"] for e in elements if "action_id" in e)
    assert all(times == 1 for times in counted.values())
    assert all(action_id.startswith("frontline.") for action_id in counted)


@pytest.mark.parametrize("kind", VISIBLE, ids=lambda kind: kind.__name__)
@A_FEW
@given(data=st.data())
def test_rendering_the_same_notice_gives_the_same_message(
    kind: type[Notice], data: st.DataObject
) -> None:
    """Rendering is pure, so a notice can be sent again."""
    notice = data.draw(filled(kind))
    assert shown(notice) == shown(notice)


@A_FEW
@given(st.sampled_from(TOKENS), typed)
def test_a_quoted_question_shows_its_markup_as_plain_text(token: str, rest: str) -> None:
    """Engineers read what was typed; Slack does not act on it."""
    rendered = shown(card(question=f"Something is wrong here. {token} {rest}"))
    everything = " ".join(texts(rendered.blocks))
    assert token not in everything
    assert token.replace("<", "&lt;").replace(">", "&gt;") in everything


def card(**changes: Any) -> Card:
    """Build a card that nobody has taken yet."""
    known: dict[str, Any] = {
        "ticket": TicketId(1001),
        "escalation": EscalationId(7),
        "tier": Tier.L2,
        "state": EscalationState.PENDING,
        "requester": a.ANA,
        "question": "Why?",
        "reasons": ("Needs a person.",),
        "channel": a.IT_HELP,
        "permalink": "https://larkfield.example/archives/C1/p1",
        "usergroup": "S0L2ONCALL",
    }
    return Card(**{**known, **changes})


ARITHMETIC = (
    "Passed on by L2: <no rights>",
    "Needs a person: 88% (L2 70%, L3 18%); called from 16%.",
    "Words that spoke most for L2: again, <still>.",
    "Most alike among labelled messages: “the VPN drops again” (L2).",
    "Search: nothing close; the best, “VPN”, scores 0.02.",
)


def test_a_card_says_in_a_line_why_a_person_and_keeps_its_arithmetic_behind_a_button() -> None:
    """Who is woken at night reads words; figures and training data wait until they are asked."""
    rendered = shown(card(reasons=ARITHMETIC))
    everything = " ".join(texts(rendered.blocks))
    assert (
        "*Why a person:* Passed on by L2: &lt;no rights&gt; By its words it needs a person."
        in everything
    )
    for hidden in ("88%", "again, ", "drops again", "0.02"):
        assert hidden not in everything
    assert ids.WHY in buttons(rendered)


def test_why_shows_all_that_a_decision_rests_on_and_takes_a_correction() -> None:
    """The same figures as ever, escaped, and which of them are training data."""
    origin = ids.ModalOrigin(7, a.L2_CHANNEL, "1.0", None)
    about = About(TicketId(1001), "The VPN <drops>", Tier.L2, ARITHMETIC)
    view = of_ticket(why_modal(origin, about), about)
    check_view(view, "modal")
    everything = " ".join(texts(view["blocks"]))
    assert "*T-1001*  ·  The VPN &lt;drops&gt;" in everything
    for figure in ("88% (L2 70%, L3 18%)", "again, &lt;still&gt;", "scores 0.02", "drops again"):
        assert figure in everything
    assert "trained on (no tickets of yours)" in everything
    assert ids.LABEL in {block.get("block_id") for block in view["blocks"]}


def test_a_mark_on_a_message_is_no_message() -> None:
    """It is a reaction."""
    assert render(Seen(TicketId(1001))) is None


def test_an_answer_has_its_three_ways_on_and_the_whole_article() -> None:
    """Solved, not helpful, a person, and read on."""
    rendered = shown(Answer(TicketId(1001), a.ANA, a.extract()))
    offered = {e["text"]["text"]: e["value"] for e in buttons(rendered).values()}
    assert {
        "That solved it": "1001",
        "Not what I need": "1001|vpn-connect",
        "Talk to a person": "1001",
        "Read the whole article": "1001|vpn-connect",
    }.items() <= offered.items()
    everything = " ".join(texts(rendered.blocks))
    assert "<https://intranet.example/kb/vpn-connect|All about vpn-connect>" in everything
    assert "1. Open the client.\n2. Press *Connect*." in everything


@pytest.mark.parametrize(
    "notice",
    [
        Answer(TicketId(1001), a.ANA, a.extract(), outcome="solved"),
        Clarify(TicketId(1001), a.ANA, (Option(a.VPN, "VPN"),), outcome="chosen", chosen=a.VPN),
        Settled(TicketId(1001), a.ANA, Tier.L2, a.TOM, "Dust.", "Cleaned.", outcome="not_fixed"),
        Thanked(TicketId(1001), a.ANA, outcome="not_fixed"),
    ],
    ids=lambda notice: notice.kind,
)
def test_a_question_that_was_answered_has_no_buttons_that_decide(notice: Notice) -> None:
    """What came of it stands there instead; reading the article decides nothing."""
    assert set(buttons(shown(notice))) <= {ids.READ_ARTICLE}


def test_a_question_back_offers_a_button_for_each_article() -> None:
    """And a way out."""
    rendered = shown(
        Clarify(TicketId(1001), a.ANA, (Option(a.VPN, "VPN"), Option(a.MFA, "New phone")))
    )
    labels = [e["text"]["text"] for e in buttons(rendered).values()]
    assert labels == ["VPN", "New phone", "None of these", "Talk to a person"]


@pytest.mark.parametrize(
    ("state", "tier", "labels"),
    [
        (EscalationState.PENDING, Tier.L2, {"Take it", "Escalate to L3", "Resolve"}),
        (EscalationState.ACKNOWLEDGED, Tier.L2, {"Escalate to L3", "Resolve"}),
        (EscalationState.PENDING, Tier.L3, {"Take it", "Resolve"}),
        (EscalationState.RESOLVED, Tier.L2, set()),
        (EscalationState.ESCALATED, Tier.L2, set()),
        (EscalationState.RETURNED, Tier.L3, set()),
    ],
)
def test_a_card_offers_what_can_be_done_in_its_state(
    state: EscalationState, tier: Tier, labels: set[str]
) -> None:
    """A settled card offers nothing."""
    assignee = a.MEI if state is EscalationState.ACKNOWLEDGED else None
    offered = {
        e["text"]["text"]
        for e in buttons(shown(card(state=state, tier=tier, assignee=assignee))).values()
    }
    assert offered & {"Take it", "Escalate to L3", "Resolve"} == labels


def test_what_somebody_outside_slack_has_can_still_be_taken() -> None:
    """Nobody here knows them."""
    offered = {
        e["text"]["text"]
        for e in buttons(shown(card(state=EscalationState.ACKNOWLEDGED, assignee=None))).values()
    }
    assert "Take it" in offered
    assert "Acknowledge for 30 minutes" not in offered


def test_a_card_says_what_it_is_and_then_who_asks_why_and_who_is_on_call() -> None:
    """All that an engineer needs at first sight."""
    question = "Hi team, is <!here> down & out? We cannot ship since ten."
    rendered = shown(card(question=question, area="network"))
    assert rendered.blocks[0]["text"]["text"] == "is <!here> down & out?"
    everything = " ".join(texts(rendered.blocks))
    for part in (
        f"<@{a.ANA}>",
        "is &lt;!here&gt; down &amp; out? We cannot ship since ten.",
        "Needs a person.",
        "network",
        "<!subteam^S0L2ONCALL>",
        "https://larkfield.example/archives/C1/p1",
        "T-1001, L2",
    ):
        assert part in everything


NIGHT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {
                "priority": Priority.P1,
                "due": ((Promise.ACKNOWLEDGE, NIGHT + timedelta(minutes=10)),),
            },
            "P1 · The tills are down · take it within 10 min (T-1001, L2)",
        ),
        (
            {"due": ((Promise.ACKNOWLEDGE, NIGHT + timedelta(hours=8)),)},
            "The tills are down · take it within 8 h (T-1001, L2)",
        ),
        ({"expected": NIGHT}, "The tills are down · to be taken (T-1001, L2)"),
        ({"state": EscalationState.RESOLVED}, "The tills are down · resolved (T-1001, L2)"),
        ({"state": EscalationState.ESCALATED}, "The tills are down · passed on to L3 (T-1001, L2)"),
    ],
)
def test_a_notification_says_how_bad_what_and_what_to_do(
    changes: dict[str, Any], words: str
) -> None:
    """It is all that a locked phone shows."""
    rendered = shown(card(question="The tills are down", since=NIGHT, **changes))
    assert rendered.text.startswith(words)


def test_a_card_says_who_else_reports_it_and_what_was_shown_and_tried() -> None:
    """How many, and what need not be tried again; many are counted, not listed."""
    others = tuple(UserId(f"U0OTHER{n:03}") for n in range(5))
    step = TriedStep(a.VPN, 2, "Press *Connect*.", StepOutcome.FAILED)
    told = card(also=others, shown=(a.VPN, a.MFA), failed=(a.VPN,), last_step=step)
    everything = " ".join(texts(shown(told).blocks))
    assert "and 5 with them: <@U0OTHER000>, <@U0OTHER001>, <@U0OTHER002> and 2 more" in everything
    assert f"*Shown:* `{a.VPN}` (did not help), `{a.MFA}`" in everything
    assert f"up to step 2 of `{a.VPN}`: did not work" in everything


def test_a_reminder_repeats_what_it_is_about_and_says_what_comes_next() -> None:
    """Priority, subject, and what happens if nobody acts; one press takes it."""
    reminder = Reminder(
        TicketId(1001), TimerKind.REMIND_GROUP, Promise.ACKNOWLEDGE, taken=False,
        usergroup="S0L2ONCALL", escalation=EscalationId(7), subject="The tills are <down>",
        priority=Priority.P1, then=TimerKind.CALL_LEAD, then_at=NIGHT,
    )  # fmt: skip
    rendered = shown(reminder)
    (text,) = texts(rendered.blocks)
    assert text.startswith(
        "*P1 · The tills are &lt;down&gt;*\n:alarm_clock: Nobody has taken T-1001"
    )
    assert "Otherwise the lead is called: <!date^" in text
    assert buttons(rendered)[ids.TAKE]["value"] == "7"
    assert rendered.text.startswith("P1 · The tills are &lt;down&gt;: ")


def test_a_handoff_keeps_what_every_stage_found() -> None:
    """A reopening or a return loses nothing."""
    earlier = (
        Finding(Tier.L2, a.TOM, "Not the cable."),
        Finding(Tier.L3, a.JONAS, "Was: a loop\nFixed by: a new switch"),
    )
    handoff = Handoff(TicketId(1001), (), (), (), findings="Again.", earlier=earlier)
    everything = " ".join(texts(shown(handoff).blocks))
    for part in ("Not the cable.", "> Was: a loop", "> Fixed by: a new"):
        assert part in everything


def test_without_a_user_group_the_people_themselves_are_called() -> None:
    """And where there is nobody, it is said."""
    people = " ".join(texts(shown(card(usergroup=None, members=(a.TOM, a.MEI))).blocks))
    assert f"<@{a.TOM}> <@{a.MEI}>" in people
    assert "nobody is configured" in " ".join(texts(shown(card(usergroup=None)).blocks))


def test_a_settled_card_says_what_it_was_and_keeps_its_link() -> None:
    """Even where both texts are as long as the modal allows."""
    settled = card(
        state=EscalationState.RESOLVED, assignee=a.TOM, cause="dust " * 600, fix="cleaned " * 375
    )
    everything = " ".join(texts(shown(settled).blocks))
    assert "dust dust" in everything
    assert "cleaned cleaned" in everything
    assert re.search(r"<https://larkfield\.example/archives/C1/p1\|[^<>]+>", everything)


def test_a_handoff_keeps_the_latest_words_of_a_long_conversation() -> None:
    """What was said last matters most."""
    talk = tuple(Line(a.ANA, f"message {n} " + "word " * 200) for n in range(30))
    handoff = Handoff(TicketId(1001), talk, (a.VPN,), (a.VPN,))
    everything = " ".join(texts(shown(handoff).blocks))
    assert "message 29 " in everything
    assert "`vpn-connect`" in everything


def test_a_deleted_message_is_marked_in_the_handoff() -> None:
    """Engineers know that it was taken back."""
    talk = (Line(a.ANA, "Why?"), Line(None, "Article"), Line(a.ANA, "Secret", deleted=True))
    everything = " ".join(texts(shown(Handoff(TicketId(1001), talk, (), ())).blocks))
    assert f"<@{a.ANA}>: Why?\nFrontline: Article\n<@{a.ANA}>: Secret _(deleted)_" in everything


def test_the_requester_is_told_who_was_called_and_what_may_help_meanwhile() -> None:
    """Ticket, tier, and the article where there is one."""
    rendered = shown(Passed(TicketId(1001), Tier.L3, "needs_person", a.extract()))
    everything = " ".join(texts(rendered.blocks))
    assert "T-1001" in everything
    assert "(L3)" in everything
    assert "All about vpn-connect" in everything


@pytest.mark.parametrize("lines", [1, 400, 5_000])
def test_a_note_of_many_lines_is_quoted_on_every_line(lines: int) -> None:
    """A line that is not quoted would look like the bot's own words."""
    note = ThreadNote(TicketId(1001), "wrote", a.ANA, "line\n" * lines)
    first, *quoted = "\n".join(texts(shown(note).blocks)).split("\n")
    assert first.endswith("writes:")
    assert quoted
    assert all(line.startswith(("> ", ":scissors: _Shortened.")) for line in quoted)
