"""Who may ask, and who may act."""

from __future__ import annotations

import pytest

from bot.desk.admission import Admission, Rights, Standing


@pytest.mark.parametrize(
    ("standing", "asks", "acts"),
    [
        (Standing.MEMBER, True, True),
        (Standing.GUEST, True, False),
        (Standing.STRANGER, False, False),
        (Standing.GONE, False, False),
        (Standing.BOT, False, False),
        (Standing.UNKNOWN, True, True),
    ],
)
def test_strangers_are_refused_and_guests_only_ask_by_default(
    standing: Standing, *, asks: bool, acts: bool
) -> None:
    """Closed by default; to act, one has to be in a resolver group as well."""
    admission = Admission()
    assert admission.may_ask(standing) is asks
    assert admission.may_act(standing) is acts


def test_the_configuration_opens_it() -> None:
    """For a partner who shares a channel, and for contractors who are guests."""
    admission = Admission(strangers=Rights.ASK, guests=Rights.ACT)
    assert admission.may_ask(Standing.STRANGER)
    assert not admission.may_act(Standing.STRANGER)
    assert admission.may_act(Standing.GUEST)


def test_nothing_opens_it_for_those_who_left() -> None:
    """A deactivated account and another app may not even ask."""
    admission = Admission(strangers=Rights.ACT, guests=Rights.ACT)
    assert not admission.may_ask(Standing.GONE)
    assert not admission.may_ask(Standing.BOT)
