"""The escalation's state machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.errors import TransitionError
from bot.desk.tickets import ESCALATION_TRANSITIONS, Escalation, EscalationState, Settlement
from tests import builders as a

if TYPE_CHECKING:
    from collections.abc import Callable

SETTLEMENT = Settlement(a.TOM, "An expired certificate.", "Renewed it.")

MOVES: dict[EscalationState, Callable[[Escalation], Escalation]] = {
    EscalationState.ACKNOWLEDGED: lambda escalation: escalation.taken_by(a.TOM),
    EscalationState.ESCALATED: lambda escalation: escalation.passed_on("Not the network."),
    EscalationState.RETURNED: lambda escalation: escalation.returned("Not a defect."),
    EscalationState.RESOLVED: lambda escalation: escalation.resolved(SETTLEMENT),
    EscalationState.PENDING: lambda escalation: escalation.requeued(),
}


@given(st.lists(st.sampled_from(list(MOVES)), max_size=12))
def test_every_sequence_of_moves_stays_within_the_table(moves: list[EscalationState]) -> None:
    """A move is refused exactly where the table allows no way."""
    escalation = a.escalation()
    for target in moves:
        again = escalation.state is target is EscalationState.PENDING
        allowed = again or target in ESCALATION_TRANSITIONS[escalation.state]
        if not allowed:
            with pytest.raises(TransitionError):
                MOVES[target](escalation)
            continue
        escalation = MOVES[target](escalation)
        assert escalation.state is target


@given(st.lists(st.sampled_from(list(MOVES)), max_size=12))
def test_an_escalation_is_settled_once_and_for_all(moves: list[EscalationState]) -> None:
    """Once nobody has to act on it any more, nothing changes it."""
    escalation, settled = a.escalation(), None
    for target in moves:
        try:
            escalation = MOVES[target](escalation)
        except TransitionError:
            continue
        assert settled is None
        if not escalation.is_open:
            settled = escalation


def test_the_table_names_every_state() -> None:
    """No state is missing from the table."""
    assert set(ESCALATION_TRANSITIONS) == set(EscalationState)


def test_only_pending_and_acknowledged_escalations_are_open() -> None:
    """These two wait for somebody; the store's uniqueness of open escalations rests on it."""
    still_open = {state for state in EscalationState if a.escalation(state=state).is_open}
    assert still_open == {EscalationState.PENDING, EscalationState.ACKNOWLEDGED}


def test_whoever_takes_it_becomes_the_assignee() -> None:
    """Taking it names the engineer, and nobody can take it again."""
    taken = a.escalation().taken_by(a.TOM)
    assert taken.assignee == a.TOM
    with pytest.raises(TransitionError):
        taken.taken_by(a.MEI)


def test_findings_travel_with_an_escalation_that_is_passed_on() -> None:
    """What was found is kept, and so is who had it."""
    passed = a.escalation().taken_by(a.TOM).passed_on("Not the network.")
    assert (passed.findings, passed.assignee) == ("Not the network.", a.TOM)


def test_an_escalation_that_nobody_took_cannot_be_returned() -> None:
    """Only an assignee has a reason to give it back."""
    with pytest.raises(TransitionError, match="T-1001 at L2 is pending"):
        a.escalation().returned("Not ours.")
