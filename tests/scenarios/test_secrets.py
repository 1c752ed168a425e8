"""What people paste and should not: masked for others, shown to those who handle it, advised on."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.scenarios.office import Office

PASTED = "Winter#88!xy"
ADVICE = "Please change it now"


def test_a_pasted_password_reaches_no_group(office: Office) -> None:
    """Card, handoff and notes show that there was one; the notification's text as well."""
    asked = office.ask(office.ana, f"The vpn drops, my password is {PASTED} if that helps")
    card = office.card(office.mei, "if that helps")
    asked.say("or was it the password Tr0ub4dor&3?")
    card.waits_for("or was it")
    office.settle()
    said = str(office.mei.sees("l2-support")) + str(card.messages)
    assert PASTED not in said
    assert "Tr0ub4dor" not in said
    assert "my password is [password masked] if that helps" in card.top
    for call in ("chat.postMessage", "chat.update"):
        assert PASTED not in str(office.calls(call))


def test_what_nobody_called_a_secret_is_masked_and_the_rest_is_read(office: Office) -> None:
    """No word names it; who signs in and where stays for the engineer."""
    asked = office.ask(office.ana, "The vpn drops: I log on as ward7 then Pebble+Moss41 since 9:40")
    card = office.card(office.mei, "since 9:40")
    assert "I log on as ward7 then [password masked] since 9:40" in card.top
    office.settle()
    assert "Pebble" not in str(office.mei.sees("l2-support"))
    assert ADVICE in asked.whispers()[-1]


def test_the_requester_is_advised_once_and_alone(office: Office) -> None:
    """Only they read it; a second secret on the same request is masked without a word."""
    asked = office.ask(office.ana, f"The vpn drops in the attic, pw {PASTED}")
    asked.waits_for("passed it to")
    office.settle()
    assert "a secret (password)" in asked.whispers()[-1]
    assert ADVICE in asked.whispers()[-1]
    told = len(asked.whispers())
    asked.say(f"the password is {PASTED}")
    office.settle()
    assert len(asked.whispers()) == told
    assert asked.seen_by(office.tom).whispers() == []


def test_those_who_handle_it_are_shown_what_was_masked(office: Office) -> None:
    """In a modal for them alone; that they looked stands in the audit trail."""
    office.ask(office.ana, f"The vpn drops in the loft, password: {PASTED}")
    card = office.card(office.mei, "in the loft")
    card.press("Show what was masked")
    shown = office.mei.wait_for(office.mei.modal)
    assert PASTED in str(shown)
    office.settle()
    looked = office.rows("SELECT actor FROM audit WHERE what = 'looked at what was masked'")
    assert looked == [("U0MEI00001",)]
    assert PASTED not in str(office.rows("SELECT notice FROM outbox"))


def test_nobody_else_is_shown_it(office: Office) -> None:
    """Sam reads the channel and is in no group: the press is refused, and nothing is audited."""
    office.ask(office.ana, f"The vpn drops in the shed, password: {PASTED}")
    card = office.card(office.mei, "in the shed").seen_by(office.sam)
    before = office.rows("SELECT count(*) FROM audit WHERE what LIKE 'looked%'")
    card.press("Show what was masked")
    shown = str(office.sam.wait_for(office.sam.modal))
    assert PASTED not in shown
    assert "Only the people of its resolver group" in shown
    assert office.rows("SELECT count(*) FROM audit WHERE what LIKE 'looked%'") == before


def test_the_original_stands_in_the_conversation_alone(office: Office) -> None:
    """Every other text column of the database is without it, the inbox included."""
    secret = "gH7!kk2Wq#zz"
    office.ask(office.ana, f"The vpn drops in the barn, my password is {secret}")
    office.card(office.mei, "in the barn")
    office.settle()
    assert office.holding(secret) == {"conversation.text"}
