"""Private stays private: what a target may know of a ticket."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

import pytest

from bot.desk.beyond import Happening, Target, about, in_a_line
from bot.desk.promises import Priority
from bot.desk.tickets import Escalation, Settlement, Ticket
from bot.scrubbing.scrubber import RuleScrubber
from tests import builders as a

WORDS = "My salary slip shows the wrong bank account"
FIX = "Payroll corrected the account."
SCRUBBER = RuleScrubber()


def ticket(**changes: Any) -> Ticket:
    """A P2 with words."""
    return replace(a.ticket(question=WORDS), priority=Priority.P2, **changes)


def settled() -> Escalation:
    """An escalation with what fixed it."""
    return replace(a.escalation(), settlement=Settlement(a.MEI, "a typo", FIX))


def told(of: Ticket, **target: Any) -> dict[str, Any]:
    """What a target is told, as it would be sent."""
    return asdict(about(of, settled(), Target("warehouse", **target), SCRUBBER))


def test_of_an_ordinary_ticket_the_words_are_told() -> None:
    """Its subject and its fix; the cause is the engineers' own."""
    known = told(ticket())
    assert known["subject"] == WORDS
    assert known["fix"] == FIX
    assert "a typo" not in str(known)
    assert not known["kept_back"]


@pytest.mark.parametrize("target", [{}, {"direct": True}], ids=["no leave", "leave for direct"])
@pytest.mark.parametrize("group", ["payroll", "nobody"])
def test_of_a_restricted_ticket_number_and_priority_alone(
    target: dict[str, Any], group: str
) -> None:
    """Not who asked, where, nor who has it."""
    known = told(ticket(restricted_to=group), **target)
    left = {name: value for name, value in known.items() if value not in {None, 0}}
    assert left == {"name": "T-1001", "priority": "P2", "kept_back": True}


@pytest.mark.parametrize("channel", ["D0ANADIR01", "D1"])
def test_of_a_direct_message_no_words(channel: str) -> None:
    """Unless the target may have them."""
    direct = ticket(thread=replace(a.THREAD, channel=channel))
    known = told(direct)
    assert (known["subject"], known["fix"], known["kept_back"]) == (None, None, True)
    assert known["requester"] == a.ANA
    assert told(direct, direct=True)["subject"] == WORDS


def test_leave_for_one_kind_is_no_leave_for_the_other() -> None:
    """A restricted direct message needs both."""
    both = ticket(restricted_to="payroll", thread=replace(a.THREAD, channel="D0ANADIR01"))
    assert told(both, restricted=True)["subject"] is None
    assert told(both, restricted=True, direct=True)["subject"] == WORDS


@pytest.mark.parametrize(
    "secret",
    [
        "the password is Correct-Horse-9-Battery",
        "token xoxb-1234567890-abcdefghijklmnop",
        "AKIAIOSFODNN7EXAMPLE is the key",
        "my password: hunter2hunter2",
        "Authorization: Bearer abcdef0123456789abcdef0123456789",
    ],
)
def test_secrets_are_taken_out(secret: str) -> None:
    """Of the subject and of the fix, also where the target may have everything."""
    of = replace(ticket(), question=f"VPN fails, {secret}")
    end = replace(settled(), settlement=Settlement(a.MEI, "", f"Changed it: {secret}"))
    known = about(of, end, Target("x", restricted=True, direct=True), SCRUBBER)
    word = max(secret.split(), key=len)
    assert word not in str(known)
    assert word not in in_a_line(Happening.SETTLED, known)


def test_a_line_of_what_is_kept_back_has_no_words() -> None:
    """It is the subject of e-mails, and what a telephone reads aloud."""
    known = about(ticket(restricted_to="payroll"), None, Target("x"), SCRUBBER)
    assert in_a_line(Happening.PAGE, known) == "T-1001, P2, has been taken by nobody yet"
