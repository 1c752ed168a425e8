"""The whole article, in a modal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.slack import actions as ids
from bot.slack.blocks.parts import section
from bot.slack.blocks.quoting import shortened
from bot.slack.limits import BLOCKS_A_VIEW, SECTION_TEXT
from bot.slack.mrkdwn import MOST_READ, to_mrkdwn
from bot.slack.text import clip, escape
from bot.slack.words import _

if TYPE_CHECKING:
    from kb.articles import Article
from bot.slack.blocks.modals import View, plain

MODAL_SECTIONS = BLOCKS_A_VIEW - 1
UNSAFE_IN_LINKS = re.compile(r"[<>|\s]")


def article_modal(article: Article) -> View:
    """Show a whole article."""
    blocks = [section(f"*{escape(article.title)}*")]
    whole = len(article.body) <= MOST_READ
    chunk = ""
    for part in to_mrkdwn(article.body).split("\n\n"):
        # A section cuts what is longer: a table or a listing without an empty line.
        whole = whole and len(part) <= SECTION_TEXT
        if chunk and len(chunk) + len(part) + 2 > SECTION_TEXT:
            blocks.append(section(chunk))
            chunk = ""
        chunk = f"{chunk}\n\n{part}" if chunk else part
    if chunk:
        blocks.append(section(chunk))
    if not whole or len(blocks) > MODAL_SECTIONS:
        blocks = [*blocks[:MODAL_SECTIONS], shortened(_where_it_is(article))]
    return {
        "type": "modal",
        "callback_id": ids.ARTICLE_MODAL,
        "title": plain(clip(_("Knowledge article"), 24)),
        "close": plain(_("Close")),
        "blocks": blocks,
    }


def _where_it_is(article: Article) -> str:
    if (
        article.url
        and article.url.startswith("https://")
        and not UNSAFE_IN_LINKS.search(article.url)
    ):
        return _("The whole article: <{address}|read it there>.").format(address=article.url)
    return _("Whoever keeps it has the whole: {owner}.").format(
        owner=escape(article.owner or article.id)
    )


def gone_modal() -> View:
    """Say that an article is no longer there."""
    return {
        "type": "modal",
        "callback_id": ids.ARTICLE_MODAL,
        "title": plain(clip(_("Knowledge article"), 24)),
        "close": plain(_("Close")),
        "blocks": [
            section(_("This article is no longer in the knowledge base. Please ask again."))
        ],
    }
