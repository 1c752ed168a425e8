"""Who may see a ticket: one rule, tried from every side."""

from __future__ import annotations

import pytest

from bot.desk.tickets import ANYBODY, NOBODY, Viewer, is_look, may_see
from tests import builders as a

OPEN = a.ticket()
KEPT = a.ticket(restricted_to="people")
HELD = a.ticket(restricted_to=NOBODY)


@pytest.mark.parametrize(
    ("viewer", "kept", "held"),
    [
        (ANYBODY, False, False),
        (Viewer(a.ANA), True, True),
        (Viewer(a.BEN), False, False),
        (Viewer(a.MEI, frozenset({"l2", "l3"})), False, False),
        (Viewer(a.MEI, frozenset({"people"})), True, False),
        (Viewer(sees_restricted=True), True, True),
    ],
)
def test_what_is_kept_is_for_its_requester_and_its_group(
    viewer: Viewer, *, kept: bool, held: bool
) -> None:
    """What has no group yet is for its requester alone."""
    assert may_see(viewer, OPEN)
    assert (may_see(viewer, KEPT), may_see(viewer, HELD)) == (kept, held)


def test_a_look_is_one_by_somebody_else() -> None:
    """Requesters read their own as they like."""
    assert is_look(Viewer(a.MEI, frozenset({"people"})), KEPT)
    assert not is_look(Viewer(a.ANA), KEPT)
    assert not is_look(Viewer(a.MEI), OPEN)


def test_a_route_can_be_taken_back() -> None:
    """Then everybody may see it."""
    assert not KEPT.routed(None).is_restricted
    assert OPEN.routed("confidential", "people").is_restricted
