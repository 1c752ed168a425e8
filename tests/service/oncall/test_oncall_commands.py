"""`/oncall` on a real database: who, take, override, swap, cancel; confirmed and on record."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from bot.desk.errors import DeliveryError
from bot.desk.ids import DESK, UserId
from bot.desk.oncall import (
    AskOnCall,
    ConfirmOnCall,
    Groups,
    OnCallBoard,
    OnCallChanged,
    OnCallProposed,
    OnCallWord,
    ResolverGroup,
    Roster,
    Rotation,
    RotaTrouble,
    Shift,
)
from bot.desk.promises import SupportHours
from bot.desk.tiers import Tier
from bot.rota.book import RotaBook
from bot.rota.names import Names
from bot.service.context import Desk
from bot.service.handling import plan
from bot.service.oncall.watch import RotaDuty, plan_rota_check
from bot.store.unit_of_work import Store
from tests import builders as a
from tests.fakes import FakeDirectory, FakeTriager, TurnableClock

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bot.desk.notices import Notice
    from bot.desk.oncall import Proposal, Rota

BERLIN = ZoneInfo("Europe/Berlin")
SAM = UserId("U0SAM00001")
PEOPLE = {"tom": a.TOM, "mei": a.MEI, "jonas": a.JONAS, "ana": a.ANA}
TUESDAY = datetime(2026, 11, 24, 12, tzinfo=BERLIN).astimezone(UTC)


def berlin(*parts: int) -> datetime:
    """Give a time on Berlin's clock."""
    return datetime(*parts, tzinfo=BERLIN).astimezone(UTC)


class FakeUserGroups:
    """Slack's user groups; they can refuse."""

    def __init__(self) -> None:
        """Begin with nobody in them."""
        self.members: dict[str, tuple[UserId, ...]] = {}
        self.failure: DeliveryError | None = None

    def keep_members(self, handle: str, members: Sequence[UserId]) -> None:
        """Take the members over."""
        if self.failure:
            raise self.failure
        self.members[handle] = tuple(members)


class Unsteady:
    """A rota whose source can fail."""

    def __init__(self, rota: Rota) -> None:
        """Begin steady."""
        self.rota, self.note, self.empty = rota, "", False

    def roster(self, since: datetime, until: datetime) -> Roster:
        """Give the shifts, or none."""
        shifts = () if self.empty else self.rota.roster(since, until).shifts
        return Roster(shifts, self.note, is_old=bool(self.note))


class Scene:
    """L2 with a weekly rota of Tom and Mei, L3 by its user group alone."""

    def __init__(self, folder: Path) -> None:
        """Put everything together."""
        self.clock = TurnableClock(TUESDAY)
        self.store = Store(folder / "desk.db", self.clock)
        self.store.migrate()
        self.directory = FakeDirectory()
        always = SupportHours.always()
        hours = SupportHours(BERLIN, always.week)
        self.groups = Groups(
            (
                ResolverGroup("l2", Tier.L2, a.L2_CHANNEL, "l2-oncall", hours=hours, lead=SAM),
                ResolverGroup("l3", Tier.L3, a.L3_CHANNEL, "l3-oncall"),
            )
        )
        weekly = Rotation.weekly((a.TOM, a.MEI), BERLIN, start=date(2026, 11, 23))
        self.rota = Unsteady(weekly)
        by_id = {each.casefold(): each for each in (a.TOM, a.MEI, a.ANA, SAM)}
        names = Names({}, lambda name: (PEOPLE | by_id).get(name.casefold().lstrip("@")))
        self.book = RotaBook(
            self.directory, {"l2": self.rota}, self.store.overrides, names, self.clock
        )
        self.book.serve(self.groups.groups, {"l2": frozenset({a.TOM, a.MEI})})
        self.usergroups = FakeUserGroups()
        self.duty = RotaDuty(frozenset({"l2"}), (SAM,), self.usergroups)
        self.desk = Desk(
            self.store.unit_of_work,
            FakeTriager(),
            self.book,
            self.groups,
            {},
            self.clock,
            rotas=self.book,
        )

    def says(self, user: UserId, text: str) -> Notice:
        """Let somebody use `/oncall`; gives the answer, which is for them alone."""
        return self.does(AskOnCall(a.spot(user, ts=""), text), user)

    def proposes(self, user: UserId, text: str) -> Proposal:
        """Let somebody ask for a change; gives what they are asked to confirm."""
        answer = self.says(user, text)
        assert isinstance(answer, OnCallProposed), answer
        return answer.proposal

    def confirms(self, user: UserId, proposal: Proposal, *, agreed: bool = True) -> Notice:
        """Let somebody press a button under a proposal."""
        return self.does(ConfirmOnCall(a.spot(user), proposal, agreed), user)

    def does(self, command: AskOnCall | ConfirmOnCall, user: UserId) -> Notice:
        """Handle a command; the last notice is private to the one who acted."""
        before = self.sent()
        change = plan(command, self.desk)
        with self.store.unit_of_work() as uow:
            change(uow)
        new = self.sent()[len(before) :]
        private = [notice for only_for, notice in new if only_for == user]
        assert len(private) == 1
        return private[0]

    def sent(self) -> list[tuple[str | None, Notice]]:
        """All notices, each with the one person who sees it."""
        found: list[tuple[str | None, Notice]] = []
        with self.store.unit_of_work() as uow:
            number = 1
            while (posted := uow.outbox.get(number)) is not None:  # type: ignore[arg-type]
                found.append((posted.destination.only_for, posted.notice))
                number += 1
        return found

    def public(self) -> list[Notice]:
        """What everybody in a channel, or an admin, was told."""
        return [notice for only_for, notice in self.sent() if only_for is None]

    def on_call(self, group: str = "l2") -> tuple[UserId, ...]:
        """Whom a call would reach."""
        return self.book.on_call(self.groups.named(group)).members

    def looks(self) -> None:
        """Let the keeper look once."""
        for group in self.groups.groups:
            change = plan_rota_check(group, self.desk, self.duty)
            with self.store.unit_of_work() as uow:
                change(uow)

    def audit(self) -> list[tuple[str | None, str, str]]:
        """What is on record about the desk itself."""
        with self.store.unit_of_work() as uow:
            rows = uow._db.execute(
                "SELECT actor, what, details FROM audit WHERE ticket = ? ORDER BY id", [DESK]
            ).fetchall()
        return [tuple(row) for row in rows]


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    """Tuesday noon in Berlin; Tom is on call for L2."""
    return Scene(tmp_path)


def test_who_shows_every_group_now_and_next(scene: Scene) -> None:
    """To the one who asked, alone; anybody may ask."""
    board = scene.says(a.ANA, "")
    assert isinstance(board, OnCallBoard)
    l2, l3 = board.groups
    assert l2.now is not None
    assert (l2.now.members, l2.now.end) == ((a.TOM,), berlin(2026, 11, 30, 9))
    assert l2.coming[0].members == (a.MEI,)
    assert l3.now is not None
    assert l3.now.members == (a.JONAS,)


def test_one_group_shows_the_shifts_to_come(scene: Scene) -> None:
    """By name, in either order of the words."""
    for text in ("l2", "who l2", "next L2"):
        board = scene.says(a.ANA, text)
        assert isinstance(board, OnCallBoard)
        assert [shift.members for shift in board.groups[0].coming] == [
            (a.MEI,),
            (a.TOM,),
            (a.MEI,),
        ]


def test_taking_over_lasts_to_the_end_of_the_shift(scene: Scene) -> None:
    """Mei is asked first, then on call; the group is told, and it is on record."""
    proposal = scene.proposes(a.MEI, "take l2")
    assert scene.on_call() == (a.TOM,)
    assert proposal.overrides[0].end == berlin(2026, 11, 30, 9)
    assert scene.confirms(a.MEI, proposal) == OnCallWord("done", "l2")
    assert scene.on_call() == (a.MEI,)
    assert OnCallChanged(proposal, a.MEI) in scene.public()
    assert scene.audit()[-1][:2] == (a.MEI, "on call: take")


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("take until 18:00", berlin(2026, 11, 24, 18)),
        ("take until 9:00", berlin(2026, 11, 25, 9)),
        ("take for 90m", TUESDAY + timedelta(minutes=90)),
        ("take until sat 9:00", berlin(2026, 11, 28, 9)),
        ("take until tomorrow 7:30", berlin(2026, 11, 25, 7, 30)),
        ("take until 2026-11-26", berlin(2026, 11, 26)),
    ],
)
def test_taking_over_until_a_time_as_people_write_it(
    scene: Scene, text: str, end: datetime
) -> None:
    """Times are on the group's clock, and in the future."""
    assert scene.proposes(a.MEI, text.replace("take", "take l2")).overrides[0].end == end


def test_after_the_time_the_rota_holds_again(scene: Scene) -> None:
    """An override takes nothing but its time."""
    scene.confirms(a.MEI, scene.proposes(a.MEI, "take l2 for 2h"))
    scene.clock.turn(2 * 3_600)
    assert scene.on_call() == (a.TOM,)


def test_leaving_it_changes_nothing(scene: Scene) -> None:
    """And tells nobody else."""
    answer = scene.confirms(a.MEI, scene.proposes(a.MEI, "take l2"), agreed=False)
    assert answer == OnCallWord("dropped")
    assert (scene.on_call(), scene.public(), scene.audit()) == ((a.TOM,), [], [])


def test_confirming_twice_lays_one_override(scene: Scene) -> None:
    """The second press hears that it is so already; the group is told once."""
    proposal = scene.proposes(a.MEI, "take l2")
    scene.confirms(a.MEI, proposal)
    assert scene.confirms(a.MEI, proposal) == OnCallWord("already_so", "l2")
    assert len(scene.public()) == 1


def test_confirming_too_late_changes_nothing(scene: Scene) -> None:
    """The time is over."""
    proposal = scene.proposes(a.MEI, "take l2 for 1h")
    scene.clock.turn(3_600)
    assert scene.confirms(a.MEI, proposal) == OnCallWord("over")


def test_an_override_names_who_when_and_for_whom(scene: Scene) -> None:
    """Mei stands in for Tom on Wednesday."""
    proposal = scene.proposes(
        SAM, "override l2 @mei from wed 9:00 to 17:00 instead of <@U0TOM00001|tom>"
    )
    (override,) = proposal.overrides
    assert (override.start, override.end) == (berlin(2026, 11, 25, 9), berlin(2026, 11, 25, 17))
    assert (override.member, override.replaces) == (a.MEI, a.TOM)
    scene.confirms(SAM, proposal)
    assert scene.on_call() == (a.TOM,)
    scene.clock.now = berlin(2026, 11, 25, 9)
    assert scene.on_call() == (a.MEI,)


def test_a_swap_changes_both_weeks(scene: Scene) -> None:
    """Tom's week, which is on, for Mei's next."""
    scene.confirms(a.TOM, scene.proposes(a.TOM, "swap l2 with @mei"))
    assert scene.on_call() == (a.MEI,)
    scene.clock.now = berlin(2026, 12, 1, 12)
    assert scene.on_call() == (a.TOM,)
    scene.clock.now = berlin(2026, 12, 8, 12)
    assert scene.on_call() == (a.TOM,)


def test_a_swap_of_a_shift_that_changed_hands_is_refused(scene: Scene) -> None:
    """Between question and press, somebody else took the week."""
    scene.directory.l2 = (a.TOM, a.MEI, a.BEN)
    proposal = scene.proposes(a.TOM, "swap l2 mei")
    scene.confirms(a.BEN, scene.proposes(a.BEN, "take l2"))
    assert scene.confirms(a.TOM, proposal) == OnCallWord("changed_meanwhile")


def test_an_override_is_cancelled_by_its_number(scene: Scene) -> None:
    """It stays on record; cancelling twice is said to be so already."""
    scene.confirms(a.MEI, scene.proposes(a.MEI, "take l2"))
    board = scene.says(a.TOM, "l2")
    assert isinstance(board, OnCallBoard)
    number = board.groups[0].overrides[0].number
    proposal = scene.proposes(a.TOM, f"cancel {number}")
    assert scene.confirms(a.TOM, proposal) == OnCallWord("done", "l2")
    assert scene.on_call() == (a.TOM,)
    assert scene.confirms(a.TOM, proposal) == OnCallWord("already_so", "l2")
    assert scene.says(a.TOM, f"cancel {number}") == OnCallWord("no_override", str(number))


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("take l2 until someday", OnCallWord("no_time", "someday")),
        ("take l2 for 99d", OnCallWord("too_long")),
        ("override l2 @zed until 18:00", OnCallWord("stranger", "@zed")),
        ("override l2 @ana until 18:00", OnCallWord("stranger", "@ana")),
        ("override l2 @mei from 2026-11-01 until 2026-11-02", OnCallWord("over")),
        ("override l2 @mei until 18:00 instead of @mei", OnCallWord("yourself")),
        ("swap l2 @tom", OnCallWord("yourself")),
        ("swap l2 @jonas", OnCallWord("no_shift", a.JONAS)),
        ("cancel 77", OnCallWord("no_override", "77")),
        ("take l3", OnCallWord("not_in_group", "l3")),
    ],
)
def test_what_cannot_be_done_is_said_privately_and_plainly(
    scene: Scene, text: str, word: OnCallWord
) -> None:
    """And changes nothing."""
    assert scene.says(a.TOM, text) == word
    assert scene.public() == []


@pytest.mark.parametrize("text", ["dance", "take l2 now please", "override l2", "swap", "cancel x"])
def test_what_cannot_be_read_is_answered_with_help(scene: Scene, text: str) -> None:
    """With what is missing."""
    answer = scene.says(a.TOM, text)
    assert isinstance(answer, OnCallWord)
    assert answer.what == "help"
    assert answer.about


def test_somebody_in_no_group_changes_nothing(scene: Scene) -> None:
    """Neither by asking nor by pressing somebody else's button."""
    assert scene.says(a.ANA, "take") == OnCallWord("no_group")
    proposal = scene.proposes(a.MEI, "take l2")
    assert scene.confirms(a.ANA, proposal) == OnCallWord("not_in_group", "l2")
    assert scene.confirms(a.TOM, proposal) == OnCallWord("not_in_group", "l2")


def test_somebody_in_two_groups_is_asked_which(scene: Scene) -> None:
    """Nothing is guessed."""
    scene.directory.l3 = (a.JONAS, a.TOM)
    assert scene.says(a.TOM, "take") == OnCallWord("which_group", "l2, l3")


def test_a_group_that_is_not_configured_any_more_is_said_to_have_changed(scene: Scene) -> None:
    """A button can be older than the configuration."""
    proposal = replace(scene.proposes(a.MEI, "take l2"), group="old")
    assert scene.confirms(a.MEI, proposal) == OnCallWord("changed_meanwhile")


def test_taking_over_a_user_group_without_shifts_lasts_eight_hours(scene: Scene) -> None:
    """A user group has no end to take over until."""
    scene.directory.l3 = (a.JONAS, a.BEN)
    proposal = scene.proposes(a.BEN, "take l3")
    assert proposal.overrides[0].end == TUESDAY + timedelta(hours=8)
    scene.confirms(a.BEN, proposal)
    assert scene.on_call("l3") == (a.BEN,)


def test_all_members_of_a_rota_may_act_whoever_is_on_call(scene: Scene) -> None:
    """The user group may hold those on call alone."""
    scene.directory.l2 = ()
    l2 = scene.groups.named("l2")
    assert scene.book.may_act(a.MEI, (l2,))
    assert scene.book.may_act(SAM, (l2,))
    assert not scene.book.may_act(a.ANA, (l2,))


def test_who_would_be_next_is_known_for_the_ladder(scene: Scene) -> None:
    """The next on call is called when those on call do not answer."""
    assert scene.book.on_call(scene.groups.named("l2")).following == (a.MEI,)


def test_the_user_group_is_mentioned_only_where_it_is_those_on_call(scene: Scene) -> None:
    """Else it would page everybody."""
    l2 = scene.groups.named("l2")
    assert scene.book.on_call(l2).usergroup_id is None
    scene.directory.l2 = (a.TOM,)
    assert scene.book.on_call(l2).usergroup_id is not None


def test_the_user_group_follows_the_shift_change(scene: Scene) -> None:
    """Kept equal at each look; a gap leaves the last in it."""
    scene.looks()
    assert scene.usergroups.members == {"l2-oncall": (a.TOM,)}
    scene.clock.now = berlin(2026, 11, 30, 9)
    scene.looks()
    assert scene.usergroups.members == {"l2-oncall": (a.MEI,)}
    scene.rota.empty = True
    scene.looks()
    assert scene.usergroups.members == {"l2-oncall": (a.MEI,)}


def test_an_emptied_rota_falls_back_to_the_last_known_and_tells_the_admin_once(
    scene: Scene,
) -> None:
    """And once more when it is in order again."""
    scene.looks()
    scene.rota.empty, scene.rota.note = True, "The calendar has become empty."
    for _ in range(3):
        scene.looks()
    assert scene.on_call() == (a.TOM,)
    told = [each for each in scene.public() if isinstance(each, RotaTrouble)]
    assert len(told) == 1
    assert (told[0].group, told[0].called, told[0].over) == ("l2", (a.TOM,), False)
    scene.rota.empty, scene.rota.note = False, ""
    scene.looks()
    assert isinstance(scene.public()[-1], RotaTrouble)
    assert scene.public()[-1].over


def test_a_gap_is_filled_by_the_fallback_and_is_no_trouble(scene: Scene) -> None:
    """A rota of working hours has a gap every night."""
    night = Shift(berlin(2026, 11, 25, 9), berlin(2026, 11, 25, 17), (a.MEI,))
    scene.rota.rota = type("Day", (), {"roster": lambda *_: Roster((night,))})()
    group = replace(scene.groups.named("l2"), fallback=(a.TOM,))
    found = scene.book.on_call(group)
    assert (found.members, found.following) == ((a.TOM,), (a.MEI,))
    assert "Nobody is on call now" in found.note
    scene.looks()
    assert scene.public() == []


def test_a_user_group_that_cannot_be_kept_is_told_to_the_admin(scene: Scene) -> None:
    """Slack refuses it for want of a scope."""
    scene.usergroups.failure = DeliveryError("Slack refused: missing_scope.")
    scene.looks()
    (told,) = scene.public()
    assert isinstance(told, RotaTrouble)
    assert "missing_scope" in told.note
