"""Who is on call, as people see it."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from bot.desk.oncall import OnCallBoard, OnCallChanged, OnCallProposed, OnCallWord, RotaTrouble
from bot.slack import actions as ids
from bot.slack.blocks.parts import Rendered, actions, button, context, person, section, when
from bot.slack.parsing.proposals import dump_proposal
from bot.slack.text import escape

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.desk.oncall import OnCallNotice, Override, Proposal, Shift, StandingOverride, Watchers

HELP = (
    "`/oncall` who is on call now and next\n"
    "`/oncall l2` the same for one group, with the shifts to come\n"
    "`/oncall take [l2] [until 18:00 | for 4h]` you are on call from now on\n"
    "`/oncall override [l2] @jane from mon 9:00 to 17:00 [instead of @bob]` somebody stands in\n"
    "`/oncall swap [l2] with @jane` your next shift for hers\n"
    "`/oncall cancel 3` take an override back\n"
    "Times are on the group's own clock: `18:00`, `mon 9:00`, `tomorrow 9:00`, `2026-11-24 18:00`."
)

WORDS = {
    "done": ":white_check_mark: Done; the group is told.",
    "dropped": "Nothing was changed.",
    "already_so": "It is that way already; nothing was changed.",
    "not_in_group": (
        "Only the people of {about} change who is on call for it. "
        "If you should be one of them, ask an admin."
    ),
    "stranger": (
        "I find nobody called “{about}” among those who can be on call here. "
        "Mention them, as in `@jane`; a new member is added by an admin."
    ),
    "no_group": "You are in no resolver group, so there is no shift that you could change.",
    "which_group": "For which group? Say one of: {about}.",
    "no_shift": "{about} has no shift of their own in the coming weeks, so nothing can be swapped.",
    "over": "That time is over already; nothing was changed.",
    "no_time": (
        "I cannot read “{about}” as a time. "
        "Try `18:00`, `mon 9:00`, `tomorrow 9:00`, `2026-11-24 18:00` or `for 4h`."
    ),
    "too_long": "An override lasts five weeks at most; for longer, change the rota itself.",
    "no_override": "There is no override {about} that is on or comes.",
    "changed_meanwhile": (
        "The rota has changed in the meantime; nothing was changed. Please ask again."
    ),
    "yourself": "That is the same person twice; nothing was changed.",
}
MENTIONS = frozenset({"no_shift"})


def render_on_call(notice: OnCallNotice) -> Rendered:
    """Render what is said about who is on call."""
    match notice:
        case OnCallBoard():
            return _board(notice)
        case OnCallProposed():
            return _proposed(notice)
        case OnCallChanged():
            return _changed(notice)
        case OnCallWord():
            return _word(notice)
        case RotaTrouble():
            return _trouble(notice)
        case _:
            assert_never(notice)


def people(members: Sequence[str]) -> str:
    """Mention several people."""
    return ", ".join(person(each) for each in members) or "nobody"


def _board(board: OnCallBoard) -> Rendered:
    blocks = [block for group in board.groups for block in group_blocks(group)]
    if not blocks:
        blocks = [section("No resolver group is configured.")]
    summary = "; ".join(f"{each.group}: {_called(each)}" for each in board.groups)
    return Rendered(f"On call: {summary}", blocks)


def _called(group: Watchers) -> str:
    return people(group.now.members if group.now else group.called)


def group_blocks(group: Watchers) -> list[dict[str, object]]:
    """Show who is on call for one group."""
    lines = [f"*{escape(group.group)}*"]
    if group.now is not None:
        lines.append(f":telephone_receiver: Now: {people(group.now.members)}{_until(group)}")
    else:
        lines.append(f":warning: Now: nobody by the rota; {people(group.called)} would be called")
    lines += [f"Next: {people(shift.members)}, {_times(shift)}" for shift in group.coming]
    blocks = [section("\n".join(lines))]
    if group.overrides:
        blocks.append(context("\n".join(_standing(each) for each in group.overrides)))
    if group.note:
        blocks.append(context(f":warning: {escape(group.note)}"))
    return blocks


def _until(group: Watchers) -> str:
    # A user group has no shifts: what ends with the horizon has no end to speak of.
    return f" until {when(group.now.end)}" if group.now and group.coming else ""


def _standing(override: StandingOverride) -> str:
    instead = f" instead of {person(override.replaces)}" if override.replaces else ""
    times = f"{when(override.start)} to {when(override.end)}"
    return f"Override {override.number}: {person(override.member)}{instead}, {times}"


def _times(turn: Shift | Override) -> str:
    return f"{when(turn.start)} to {when(turn.end)}"


def _lines(proposal: Proposal) -> str:
    lines = []
    for each in proposal.overrides:
        instead = f" instead of {person(each.replaces)}" if each.replaces else ""
        lines.append(f"• {person(each.member)}{instead}, {_times(each)}")
    return "\n".join(lines)


TITLES = {
    "take": "take over",
    "override": "stand in",
    "swap": "swap shifts",
    "cancel": "take back an override",
}


def _proposed(notice: OnCallProposed) -> Rendered:
    proposal = notice.proposal
    lead = f"On call for *{escape(proposal.group)}*, to {TITLES[proposal.what]}:"
    value = dump_proposal(proposal)
    return Rendered(
        f"{lead} please confirm.",
        [
            section(f"{lead}\n{_lines(proposal)}"),
            actions(
                button("Confirm", ids.ON_CALL_CONFIRM, value, "primary"),
                button("Leave it", ids.ON_CALL_LEAVE, value),
            ),
        ],
    )


def _changed(notice: OnCallChanged) -> Rendered:
    proposal = notice.proposal
    done = "has taken back" if proposal.what == "cancel" else "has changed"
    text = (
        f":calendar: {person(notice.by)} {done} who is on call for "
        f"*{escape(proposal.group)}*:\n{_lines(proposal)}"
    )
    return Rendered(text, [section(text)])


def _word(notice: OnCallWord) -> Rendered:
    if notice.what == "help":
        text = f"{escape(notice.about)}\n{HELP}" if notice.about else HELP
        return Rendered(text, [section(text)])
    about = person(notice.about) if notice.what in MENTIONS else escape(notice.about)
    text = WORDS[notice.what].format(about=about)
    return Rendered(text, [section(text)])


def _trouble(notice: RotaTrouble) -> Rendered:
    group = escape(notice.group)
    if notice.over:
        text = f":white_check_mark: The rota of *{group}* can be relied on again."
    else:
        text = (
            f":warning: The rota of *{group}* needs you: {escape(notice.note)}\n"
            f"Until it is mended, {people(notice.called)} would be called."
        )
    return Rendered(text, [section(text)])
