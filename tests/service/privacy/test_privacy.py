"""Authority has one door; what was masked is shown to few; strangers leave no trace."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.desk.addresses import Destination
from bot.desk.admission import Standing
from bot.desk.asking import FirstWords
from bot.desk.deciding import Action, Matter
from bot.desk.ids import EscalationId, Thread, TicketId, Ts
from bot.desk.privacy import SecretSeen, TurnedAway, for_others
from bot.desk.tickets import (
    Card,
    File,
    Handoff,
    Line,
    MarkDuplicate,
    Refusal,
    Relayed,
    Settled,
    Take,
    ThreadNote,
)
from bot.desk.tiers import Tier
from bot.scrubbing.scrubber import RuleScrubber
from bot.service.privacy.showing import show_masked
from bot.slack.blocks.rendering import render
from tests import builders as a

if TYPE_CHECKING:
    from tests.service.conftest import Office

SERVICE = Path(__file__).parents[3] / "bot" / "service"
SECRET = "my password is Winter#88xy"


def test_authority_is_asked_for_at_one_door() -> None:
    """`desk.may_act` looks at standing as well; the directory alone does not."""
    around = [
        file.name
        for file in SERVICE.rglob("*.py")
        if file.name != "context.py" and "directory.may_act(" in file.read_text()
    ]
    assert around == []


@pytest.mark.parametrize("standing", [Standing.STRANGER, Standing.GONE])
def test_who_may_not_ask_leaves_no_ticket(office: Office, standing: Standing) -> None:
    """One reply, to them alone; the second message is met with silence."""
    office.directory.standings[a.ANA] = standing
    (said,) = office.handle(a.message())
    assert isinstance(said.notice, TurnedAway)
    assert said.to.only_for == a.ANA
    assert office.handle(a.message(ts="1772452801.000100")) == []
    assert office.find_ticket() is None


def test_talk_of_strangers_among_themselves_is_not_answered(office: Office) -> None:
    """Nothing that was not asked of Frontline is anybody's reason for a reply."""
    office.directory.standings[a.ANA] = Standing.STRANGER
    assert office.handle(a.message(for_somebody_else=True, mentioned=False)) == []


def test_a_guest_in_the_group_takes_nothing(office: Office) -> None:
    """Membership is not enough where the configuration says ask."""
    office.triager.decision = a.triage(Action.ESCALATE, Tier.L2)
    office.handle(a.message())
    office.directory.standings[a.TOM] = Standing.GUEST
    assert not office.desk.may_act(a.TOM, office.desk.groups.groups)
    assert office.desk.may_act(a.MEI, office.desk.groups.groups)


def test_only_those_who_handle_it_are_shown_what_was_masked(office: Office) -> None:
    """While it is open, and never before it stands in the audit trail."""
    object.__setattr__(office.desk, "scrubber", RuleScrubber())
    office.triager.decision = a.triage(Action.ESCALATE, Tier.L2)
    office.handle(a.message(SECRET))
    number = office.ticket().id
    assert show_masked(office.desk, a.spot(a.ANA), number) is None
    assert show_masked(office.desk, a.spot(a.MEI), number) == (Line(a.ANA, SECRET),)
    assert show_masked(office.desk, a.spot(a.MEI), TicketId(9999)) is None


def test_who_has_the_original_is_shown_what_its_duplicates_hold(office: Office) -> None:
    """A duplicate has no escalation of its own any more; its words go to the original's people."""
    object.__setattr__(office.desk, "scrubber", RuleScrubber())
    office.triager.decision = a.triage(Action.ESCALATE, Tier.L2)
    office.handle(a.message("The printer jams"))
    original = office.ticket().id
    office.handle(a.message(SECRET, ts="1772452801.000100", user=a.BEN))
    other = office.ticket(Thread(a.TEAM, a.IT_HELP, Ts("1772452801.000100"))).id
    office.handle(MarkDuplicate(a.spot(a.MEI), EscalationId(2), original))
    assert show_masked(office.desk, a.spot(a.MEI), other) == (Line(a.BEN, SECRET),)
    assert show_masked(office.desk, a.spot(a.BEN), other) is None


def note(text: str) -> ThreadNote:
    """A note that a requester's words are passed on with."""
    return ThreadNote(TicketId(1001), "wrote", a.ANA, text)


def test_what_goes_to_others_is_without_secrets_and_says_so() -> None:
    """Whatever field it stands in, however deep."""
    to, scrubber = Destination("l2-support"), RuleScrubber()
    handoff = Handoff(TicketId(1001), (Line(a.ANA, SECRET),), (), (), findings=SECRET)
    shown = for_others(handoff, to, scrubber)
    assert "Winter" not in str(shown)
    assert shown.masked
    assert for_others(note("nothing to hide"), to, scrubber) == note("nothing to hide")


def test_an_engineer_may_give_a_requester_a_first_password_directly() -> None:
    """In a channel others read along; and those who only follow a ticket are others too."""
    relayed = Relayed(TicketId(1001), a.ANA, a.MEI, Tier.L2, "writes", SECRET)
    scrubber = RuleScrubber()
    assert for_others(relayed, Destination(a.DIRECT), scrubber) == relayed
    assert "Winter" not in str(for_others(relayed, Destination(a.IT_HELP), scrubber))
    followed = Settled(
        TicketId(1002), a.ANA, Tier.L2, a.MEI, "why", SECRET, original=TicketId(1001)
    )
    assert "Winter" not in str(for_others(followed, Destination(a.DIRECT), scrubber))


def test_a_press_of_a_stranger_is_answered_each_time(office: Office) -> None:
    """No press is met with silence."""
    office.triager.decision = a.triage(Action.ESCALATE, Tier.L2)
    card = [row for row in office.handle(a.message()) if isinstance(row.notice, Card)]
    assert card
    office.directory.standings[a.BEN] = Standing.STRANGER
    for _ in range(2):
        (said,) = office.handle(Take(a.spot(a.BEN), EscalationId(1)))
        assert isinstance(said.notice, TurnedAway)
        assert not isinstance(said.notice, Refusal)


PICTURE = "Screenshot_vpn_password_Maple-Syrup7x.png"


def test_a_secret_in_the_name_of_a_picture_reaches_no_group(office: Office) -> None:
    """Neither its name nor the address that Slack makes of it; those who handle it may look."""
    object.__setattr__(office.desk, "scrubber", RuleScrubber())
    address = f"https://larkfield.example/files/U0/F077/{PICTURE.lower()}"
    office.triager.decision = a.triage(Action.ESCALATE, Tier.L2)
    sent = office.handle(a.message("It is not accepted", files=(File(PICTURE, address),)))
    assert any(isinstance(row.notice, SecretSeen) for row in sent)
    handoff = next(row.notice for row in sent if isinstance(row.notice, Handoff))
    shown = str(render(for_others(handoff, Destination("l2-support"), RuleScrubber())))
    assert "aple-" not in shown
    assert "https://larkfield.example/files/U0/F077|" in shown
    (line,) = show_masked(office.desk, a.spot(a.MEI), office.ticket().id) or ()
    assert PICTURE in line.text


def test_the_number_to_ring_in_danger_is_no_secret() -> None:
    """First words are the organisation's; a number in them looks like a code."""
    text = "Wenn jemand in Gefahr ist, wählen Sie jetzt **999**, am Empfang *4711#*."
    words = FirstWords(None, a.ANA, Matter.DANGER, text)
    assert for_others(words, Destination(a.IT_HELP), RuleScrubber()) == words
