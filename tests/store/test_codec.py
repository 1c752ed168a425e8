"""Values to columns and back."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.desk.asking import Courtesy
from bot.desk.notices import Notice
from bot.desk.oncall import Override
from bot.store.codec import (
    dump_notice,
    dump_strings,
    load_notice,
    load_strings,
    moment,
    stamp,
)
from tests import builders as a

KINDS = get_args(Notice)
zones = st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))
moments = st.datetimes(
    min_value=datetime(1990, 1, 1),  # noqa: DTZ001 - hypothesis wants naive bounds
    max_value=datetime(2200, 1, 1),  # noqa: DTZ001 - as above
    timezones=zones,
)
# A figure that there is none of is left out, not drawn as endless.
st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))
st.register_type_strategy(
    Override,
    st.builds(
        lambda start, lasts, group, member: Override(group, start, start + lasts, member),
        moments,
        st.timedeltas(timedelta(seconds=1), timedelta(days=35)),
        st.text(),
        st.text(),
    ),
)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@settings(max_examples=15)
@given(data=st.data())
def test_every_notice_survives_being_stored(kind: type[Notice], data: st.DataObject) -> None:
    """Each kind comes back equal, whatever its fields hold."""
    notice = data.draw(st.from_type(kind))
    again = load_notice(dump_notice(notice))
    assert again == notice
    assert type(again) is kind


def test_a_notice_without_news_is_read_by_the_version_before() -> None:
    """It knows no new field; what one says stands in it."""
    written = json.loads(dump_notice(Courtesy("vague")))
    assert not {"language", "files"} & set(written)
    assert written["kind"] == "courtesy"
    assert json.loads(dump_notice(Courtesy("vague", language="de")))["language"] == "de"


def test_every_kind_of_notice_has_a_name_of_its_own() -> None:
    """The store tells notices apart by their kind."""
    names = [kind.__dataclass_fields__["kind"].default for kind in KINDS]
    assert len(set(names)) == len(names)


@given(st.lists(st.text()).map(tuple))
def test_lists_of_strings_survive_being_stored(values: tuple[str, ...]) -> None:
    """Any text comes back as it was."""
    assert load_strings(dump_strings(values)) == values


@given(moments)
def test_a_time_comes_back_as_the_same_moment(when: datetime) -> None:
    """Whatever its zone, to the microsecond."""
    again = moment(stamp(when))
    assert again == when
    assert again.utcoffset() == timedelta(0)


@given(moments, moments)
def test_stored_times_sort_as_text(one: datetime, other: datetime) -> None:
    """SQL compares due times as text, so the text must sort as the time does."""
    assert (stamp(one) < stamp(other)) == (one < other)


def test_a_time_without_a_zone_is_refused() -> None:
    """A naive time is a mistake, not a guess."""
    with pytest.raises(ValueError, match="without a zone"):
        stamp(datetime(2026, 3, 2, 12, 0))  # noqa: DTZ001 - the mistake under test


def test_noon_is_written_in_utc() -> None:
    """The form in the file is stable."""
    assert stamp(a.NOON.astimezone(timezone(timedelta(hours=2)))) == (
        "2026-03-02T12:00:00.000000+00:00"
    )
    assert moment("2026-03-02T12:00:00.000000+00:00") == datetime(2026, 3, 2, 12, tzinfo=UTC)
