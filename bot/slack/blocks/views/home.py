"""App Home: my requests for everybody, the queue for engineers, the desk for admins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.desk.views import Listing
from bot.slack import actions as ids
from bot.slack.blocks.figures.reports import lines_of
from bot.slack.blocks.incidents.lines import incident_blocks
from bot.slack.blocks.learning.gaps import ailing_line, to_write
from bot.slack.blocks.parts import actions, button, context, divider, header, section, when
from bot.slack.blocks.views.queue import pager, queue_blocks, title_of
from bot.slack.blocks.views.summaries import headline, outlook, place, standing
from bot.slack.limits import BLOCKS_A_VIEW
from bot.slack.text import escape
from bot.slack.words import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.desk.learning import Ailing
    from bot.desk.views import HomeForAdmin, HomeForRequester, HomeView, TicketSummary
    from bot.slack.blocks.parts import Block


MOST_AILING = 5
MOST_SOURCES = 10


def render_home(home: HomeView) -> dict[str, Any]:
    """Render somebody's Home; what they are called to do stands first."""
    blocks: list[Block] = incident_blocks(home.incidents)
    if home.engineer is not None:
        blocks += queue_blocks(home.engineer, home.user)
    if home.admin is not None:
        blocks += _admin(home.admin)
    blocks += _requester(home.own)
    return {"type": "home", "callback_id": ids.HOME, "blocks": blocks[:BLOCKS_A_VIEW]}


def _requester(home: HomeForRequester) -> list[Block]:
    pages = {page.listing: page for page in home.pages}
    blocks = [header(_("My requests"))]
    if not home.open:
        blocks.append(section(_("Nothing is open. Ask me whenever something does not work.")))
    blocks += [section(_own(ticket)) for ticket in home.open]
    blocks += pager(pages.get(Listing.OPEN))
    blocks.append(actions(button(_("Ask something"), ids.ASK_HOME, ids.about(0), "primary")))
    if home.settled:
        settled = pages.get(Listing.SETTLED)
        blocks += [divider(), section(title_of(_("Lately settled"), settled))]
        blocks += [section(f"{headline(each)}\n{outlook(each)}") for each in home.settled]
        blocks += pager(settled)
    if home.popular:
        blocks += [divider(), section(_("*What others asked this week*"))]
        for number, article in enumerate(home.popular):
            opener = button(_("Read"), ids.READ_ARTICLE, ids.about(0, article.article))
            times = _("{count} times").format(count=article.times)
            row = section(f"{escape(article.title)}  _{times}_")
            blocks.append({**row, "block_id": f"article.{number}", "accessory": opener})
    return blocks


def _own(ticket: TicketSummary) -> str:
    asked = _("_Asked {time} {place}_").format(time=when(ticket.opened_at), place=place(ticket))
    return f"{headline(ticket)}\n{outlook(ticket)}\n{asked}"


def _tickets(title: str, tickets: Sequence[TicketSummary], none: str) -> list[Block]:
    if not tickets:
        return [section(f"{title}\n{none}")]
    lines = [f"{headline(each, requester=True)}\n{standing(each)}" for each in tickets]
    return [section(title), *(section(line) for line in lines)]


def _admin(home: HomeForAdmin) -> list[Block]:
    volumes, health = home.volumes, home.health
    ends = "\n".join(f"• {count} {resolution}" for resolution, count in volumes.settled_week)
    queues = "\n".join(
        f"• {escape(queue.group)}: {queue.pending} to be taken, {queue.taken} taken"
        for queue in home.queues
    )
    blocks = [
        header("The desk"),
        section(
            f"*Volumes*\n{volumes.opened_day} requests in 24 hours, {volumes.opened_week} in seven "
            f"days, {volumes.open_now} open now.\n{ends}".rstrip()
        ),
        section(f"*With people now*\n{queues or 'Nothing is.'}"),
    ]
    none = "Every promise is kept so far."
    title = f"*Overdue: {home.overdue.count}*"
    blocks += _tickets(title, home.overdue.oldest, none)
    blocks += to_write(home.gaps)
    blocks += _ailing(home.ailing)
    if home.last_month:
        blocks += [section("*The last 30 days*"), *lines_of(home.last_month)]
        blocks.append(context("`frontline report --html FILE` has the whole, with its pictures."))
    troubles = [
        (health.undelivered, "messages could not be delivered"),
        (health.failed, "events could not be handled"),
        (health.aside, "messages or timers are set aside: they cannot be read, or fail"),
        (health.waiting, "events wait to be handled"),
        (len(health.rotas), f"rotas need you: {escape(', '.join(health.rotas))}"),
    ]
    lines = [f"• {count} {words}" for count, words in troubles if count]
    lines += [f"• live source {escape(each)}" for each in health.sources[:MOST_SOURCES]]
    told = "\n".join(lines) or "All is well."
    blocks.append(section(f"*Health*\n{told}"))
    if lines:
        blocks.append(context("`frontline doctor` says more."))
    return [*blocks, divider()]


def _ailing(found: Sequence[Ailing]) -> list[Block]:
    if not found:
        return []
    lines = [f"• {ailing_line(each)}" for each in found[:MOST_AILING]]
    more = len(found) - MOST_AILING
    blocks = [section("*Articles that need an update*\n" + "\n".join(lines))]
    if more > 0:
        blocks.append(context(f"and {more} more: `frontline kb needs-update`"))
    return blocks
