"""Who is called: the choice among resolver groups."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.errors import ConfigurationError
from bot.desk.oncall import Groups, ResolverGroup
from bot.desk.tiers import Tier
from tests import builders as a

some_groups = st.lists(
    st.builds(
        ResolverGroup,
        name=st.sampled_from(["one", "two", "three", "four"]),
        tier=st.sampled_from([Tier.L2, Tier.L3]),
        channel=st.just("support"),
        areas=st.lists(st.sampled_from(["network", "accounts", "devices"]), max_size=2).map(tuple),
    ),
    max_size=6,
).map(lambda many: Groups(tuple(many)))

areas = st.sampled_from([None, "network", "accounts", "devices", "finance"])


@given(some_groups, st.sampled_from([Tier.L2, Tier.L3]), areas)
def test_the_group_called_serves_the_tier_and_the_area_if_any_group_does(
    groups: Groups, tier: Tier, area: str | None
) -> None:
    """A group of the tier is always found where there is one, the area's own first."""
    of_tier = [group for group in groups.groups if group.tier is tier]
    if not of_tier:
        with pytest.raises(ConfigurationError, match=f"No resolver group serves {tier}"):
            groups.responsible_for(tier, area)
        return
    chosen = groups.responsible_for(tier, area)
    assert chosen.tier is tier
    if any(area in group.areas for group in of_tier):
        assert area in chosen.areas
    elif any(not group.areas for group in of_tier):
        assert not chosen.areas


def test_an_area_goes_to_its_own_group_and_others_to_the_default() -> None:
    """Networks have specialists; what nobody claims goes to the group without areas."""
    groups = a.groups()
    assert groups.responsible_for(Tier.L2, "network").name == "l2-network"
    assert groups.responsible_for(Tier.L2, "finance").name == "l2"
    assert groups.responsible_for(Tier.L2).name == "l2"


def test_a_higher_tier_may_act_for_a_lower_one_but_not_the_other_way_round() -> None:
    """L3 engineers can take an L2 escalation; L2 engineers cannot take one of L3."""
    assert {g.name for g in a.groups().at_or_above(Tier.L2)} == {"l2", "l2-network", "l3"}
    assert {g.name for g in a.groups().at_or_above(Tier.L3)} == {"l3"}


def test_a_group_that_is_no_longer_configured_is_named_in_the_error() -> None:
    """An old escalation can speak of a group that the configuration has lost."""
    with pytest.raises(ConfigurationError, match=r"add \[groups.l9\]"):
        a.groups().named("l9")
