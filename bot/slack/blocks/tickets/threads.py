"""What stands in the thread of an escalation's card."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from babel import Locale

from bot.desk.ids import ticket_name
from bot.desk.language import ENGLISH, OFFERED
from bot.desk.promises import Promise, TimerKind
from bot.slack import actions as ids
from bot.slack.blocks.parts import Rendered, actions, button, context, person, section, when
from bot.slack.blocks.privacy.words import show_button
from bot.slack.blocks.quoting import on_record, quoted, shortened
from bot.slack.limits import ALL_BLOCKS, SECTION_TEXT
from bot.slack.mrkdwn import to_mrkdwn
from bot.slack.text import clip_escaped, clip_mrkdwn, escape, quote

if TYPE_CHECKING:
    from bot.desk.articles import TriedStep
    from bot.desk.tickets import Alike, File, Handoff, Line, Reminder, Similar, ThreadNote
    from bot.slack.blocks.parts import Block

LEAST_ROOM, SPARE = 2_000, 400
"""The conversation has the room that all else leaves, and so much at least."""
LINE = 2_000
"""Characters of one message: what its author wrote at length is read whole by whoever is called."""
FINDINGS = 3_900
MOST_FILES = 10
MOST_EARLIER = 4
EARLIER = 600
SHORT_STEP = 100
LONGEST_URL = 500
MASKED = re.compile(r"\[[a-z ]{1,30} masked\]")
UNSAFE_IN_LINKS = re.compile(r"[<>|\s]")


def render_handoff(handoff: Handoff) -> Rendered:
    """Render what a tier passes on."""
    blocks = [section(f"*Handoff of {ticket_name(handoff.ticket)}*")]
    if handoff.language in OFFERED:
        spoken = Locale.parse(handoff.language).get_language_name(ENGLISH)
        blocks.append(context(f":speech_balloon: I speak {spoken} with them."))
    if handoff.findings:
        lead = f"*Findings of {person(handoff.found_by)}*"
        blocks += quoted(lead, handoff.findings, on_record(handoff.ticket), room=FINDINGS)
    if handoff.earlier:
        told = "\n".join(
            f"{each.tier}, {person(each.by)}:\n{quote(each.text, EARLIER)}"
            for each in handoff.earlier[-MOST_EARLIER:]
        )
        blocks.append(section(f"*Found before*\n{told}"))
    after = _known(handoff)
    taken = sum(len(block["text"]["text"]) for block in (*blocks, *after) if "text" in block)
    blocks += _conversation(handoff, max(LEAST_ROOM, ALL_BLOCKS - SPARE - taken))
    blocks += after
    if handoff.masked:
        blocks.append(show_button(handoff.ticket))
    return Rendered(f"Handoff of {ticket_name(handoff.ticket)}", blocks)


def _known(handoff: Handoff) -> list[Block]:
    """Show what came with it, what was tried, and what is like it."""
    blocks = []
    if handoff.files:
        links = "\n".join(f"• {_link(file)}" for file in handoff.files[:MOST_FILES])
        more = len(handoff.files) - MOST_FILES
        others = f"\n…and {more} more in their thread" if more > 0 else ""
        blocks.append(section(f"*Attached*\n{links}{others}"))
    shown = ", ".join(f"`{escape(article)}`" for article in handoff.articles) or "none"
    articles = f"*Articles shown:* {shown}"
    if handoff.failed:
        failed = ", ".join(f"`{escape(article)}`" for article in handoff.failed)
        articles += f"\n*Tried without success:* {failed}"
    blocks.append(section(articles))
    if handoff.steps_tried:
        told = "\n".join(_tried(each) for each in handoff.steps_tried)
        blocks.append(section(f"*Steps tried, and how they ended*\n{told}"))
    if handoff.similar:
        told = "\n".join(_similar(each) for each in handoff.similar)
        blocks.append(section(f"*Settled before, and what fixed it*\n{told}"))
    if handoff.alike:
        told = "\n".join(_alike(each) for each in handoff.alike)
        blocks.append(section(f"*Open now, and much the same*\n{told}"))
    return blocks


def _tried(tried: TriedStep) -> str:
    first = clip_mrkdwn(to_mrkdwn(next(iter(tried.text.splitlines()), "")), SHORT_STEP)
    return f"• `{escape(tried.article)}` {tried.number}. {first}: *{tried.outcome}*"


def _link(file: File) -> str:
    name = clip_escaped(file.name, 100).replace("|", " ") or "file"
    # Slack writes the name into the address as well, and finds the file without it.
    url = file.url.rsplit("/", 1)[0] if MASKED.search(file.name) else file.url
    safe = url.startswith("https://") and not UNSAFE_IN_LINKS.search(url)
    return f"<{url}|{name}>" if safe and len(url) <= LONGEST_URL else name


def _similar(each: Similar) -> str:
    asked, cause, fix = (_one_line(text, 250) for text in (each.question, each.cause, each.fix))
    return f"• *{ticket_name(each.ticket)}* {asked}\n   was: {cause}\n   fixed by: {fix}"


def _alike(each: Alike) -> str:
    holder = f"with {person(each.assignee)}" if each.assignee else "nobody has it yet"
    return (
        f"• *{ticket_name(each.ticket)}* ({each.tier}, {holder}): {_one_line(each.question, 250)}"
    )


def _one_line(text: str, limit: int) -> str:
    return clip_escaped(" ".join(text.split()), limit)


def _conversation(handoff: Handoff, room: int) -> list[Block]:
    """Show what was said, the last of it first to find room; what is left out is said."""
    lines = [_line(line) for line in handoff.conversation]
    kept = 0
    for line in reversed(lines):
        room -= len(line) + 1
        if room < 0:
            break
        kept += 1
    told = lines[len(lines) - kept :]
    pieces, piece = [], "*Conversation*"
    for line in told or ["_nothing on record_"]:
        if len(piece) + len(line) >= SECTION_TEXT:
            pieces.append(piece)
            piece = line
        else:
            piece = f"{piece}\n{line}"
    blocks = [section(each) for each in (*pieces, piece)]
    is_whole = kept == len(lines) and all(
        len(escape(line.text)) <= LINE for line in handoff.conversation
    )
    return blocks if is_whole else [*blocks, shortened(on_record(handoff.ticket))]


def _line(line: Line) -> str:
    text = clip_escaped(line.text, LINE).replace("\n", " ")
    gone = " _(deleted)_" if line.deleted else ""
    return f"{person(line.author)}: {text}{gone}"


def render_thread_note(note: ThreadNote) -> Rendered:
    """Render, in the escalation's thread, that something happened."""
    by, other = person(note.by), ticket_name(note.other) if note.other else ""
    of_other = f" (on {other}, the same)" if other else ""
    until = when(note.until) if note.until else ""
    lead = {
        "wrote": f":speech_balloon: {by}{of_other} writes:",
        "asks_status": f":hourglass: {by} asks where it stands, and was told:",
        "edited": f":pencil2: {by} changed a message to:",
        "deleted": f":wastebasket: {by} deleted a message; its words are gone here too.",
        "passed_on": f":arrow_up: {by} passed it on to L3. Findings:",
        "resolved": f":white_check_mark: {by} resolved it. What fixed it:",
        "not_fixed": f":leftwards_arrow_with_hook: {by} says that it is not fixed.",
        "solved": f":tada: {by} says that it is solved; nobody is needed any more.",
        "withdrawn": f":wastebasket: {by} withdrew the request; nobody is needed any more.",
        "rerouted": ":twisted_rightwards_arrows: It goes another way; nobody here is needed.",
        "taken": f":raised_hand: {by} took it.",
        "reopened": f":leftwards_arrow_with_hook: {by} opened it again.",
        "asked": f":outbox_tray: {by} asked; sent to the requester, whose turn it is:",
        "replied": f":outbox_tray: Sent to the requester by {by}:",
        "returned": f":leftwards_arrow_with_hook: {by} returned it to L2. Why:",
        "handed_over": f":handshake: {by} handed it over to {person(note.to)}.",
        "priority": f":vertical_traffic_light: {by} changed the priority:",
        "duplicate": f":link: {by} linked it to {other}, which is the same.",
        "joined": f":link: {by} linked {other} to this one; its requester is told the end too:",
        "muted": f":no_bell: {by} muted it: no reminders in the requester's thread.",
        "unmuted": f":bell: {by} unmuted it.",
        "confirmed": f":white_check_mark: {by} confirms that it is fixed.",
        "rated": f":star: {by} says of how it went:",
        "labelled": f":memo: {by} says that triage should have said:",
        "seen": f":eye: {by} has seen it and looks at it until {until}; anybody can still take it.",
        "snoozed": f":zzz: {by} lets it rest until {until}: nobody is reminded before.",
        "woken": f":bell: {by} woke it.",
        "beyond": ":pager: Told from outside Slack:",
        "paged": ":pager: Paged outside Slack too, by:",
        "worse": f":rotating_light: {_pinged(note)} {by} adds, and it may be getting worse:",
    }[note.what]
    shown = [show_button(note.other or note.ticket)] if note.masked else []
    if not note.text:
        return Rendered(lead, [section(lead), *shown])
    blocks = quoted(lead, note.text, on_record(note.other or note.ticket))
    return Rendered(f"{lead}\n{quote(note.text, 2_500)}", [*blocks, *shown])


def _pinged(note: ThreadNote) -> str:
    if note.to is not None:
        return person(note.to)
    people = " ".join(person(member) for member in note.members)
    return f"<!subteam^{note.usergroup}>" if note.usergroup else people


REMINDERS = {
    (TimerKind.REMIND_GROUP, False): ":alarm_clock: Nobody has taken {number} yet.",
    (TimerKind.REMIND_GROUP, True): ":alarm_clock: {number} is overdue: {promise}.",
    (TimerKind.CALL_NEXT, False): ":telephone_receiver: Still nobody has {number}. Can you?",
    (TimerKind.CALL_LEAD, False): ":rotating_light: Nobody takes {number}. Please decide who does.",
    (TimerKind.CALL_LEAD, True): ":rotating_light: {number} is long overdue: {promise}.",
    (
        TimerKind.SNOOZE_OVER,
        False,
    ): ":bell: The 30 minutes are over; nobody has taken {number} yet.",
    (TimerKind.SNOOZE_OVER, True): ":bell: {number} has rested; it is your turn again.",
    (TimerKind.MOVE_UP, False): ":rotating_light: Nobody has taken {number} for long.",
}

PROMISES = {
    Promise.ACKNOWLEDGE: "somebody should have taken it",
    Promise.FIRST_RESPONSE: "the requester should have heard from you",
    Promise.RESOLVE: "it should have been resolved",
}

SOON = ":alarm_clock: {number} falls due soon: {promise}."


THEN = {
    TimerKind.REMIND_ASSIGNEE: "whoever has it is reminded",
    TimerKind.REMIND_GROUP: "the group is reminded",
    TimerKind.CALL_NEXT: "whoever is next on call is called",
    TimerKind.CALL_LEAD: "the lead is called",
    TimerKind.MOVE_UP: "it moves up to L3",
}
"""What happens next where nobody acts."""


def render_reminder(notice: Reminder) -> Rendered:
    """Render that a promise is running out, to those who should act: what it is, and what next."""
    number = ticket_name(notice.ticket)
    words = REMINDERS.get((notice.step, notice.taken), SOON)
    text = words.format(number=number, promise=PROMISES[notice.promise])
    people = f"<!subteam^{notice.usergroup}>" if notice.usergroup else ""
    called = people or " ".join(person(member) for member in notice.members)
    subject = " · ".join(part for part in (notice.priority or "", escape(notice.subject)) if part)
    lines = [f"*{subject}*"] if subject else []
    lines.append(f"{text} {called}".rstrip())
    if notice.then is not None and notice.then_at is not None and notice.then in THEN:
        lines.append(f"Otherwise {THEN[notice.then]}: {when(notice.then_at)}.")
    blocks = [section("\n".join(lines))]
    if not notice.taken and notice.escalation is not None:
        number = ids.about(notice.escalation)
        blocks.append(actions(button("Take it", ids.TAKE, number, "primary")))
    return Rendered(
        ": ".join(part for part in (subject, f"{text} {called}".rstrip()) if part), blocks
    )
