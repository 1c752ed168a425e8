"""The whole article, in a modal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.slack import actions as ids
from bot.slack.blocks.parts import section
from bot.slack.limits import SECTION_TEXT
from bot.slack.mrkdwn import to_mrkdwn
from bot.slack.text import clip, escape

if TYPE_CHECKING:
    from kb.articles import Article
from bot.slack.blocks.modals import View, plain

MODAL_SECTIONS = 20


def article_modal(article: Article) -> View:
    """Show a whole article."""
    blocks = [section(f"*{escape(article.title)}*")]
    chunk = ""
    for part in to_mrkdwn(article.body).split("\n\n"):
        if chunk and len(chunk) + len(part) + 2 > SECTION_TEXT:
            blocks.append(section(chunk))
            chunk = ""
        chunk = f"{chunk}\n\n{part}" if chunk else part
    if chunk:
        blocks.append(section(chunk))
    return {
        "type": "modal",
        "callback_id": ids.ARTICLE_MODAL,
        "title": plain(clip("Knowledge article", 24)),
        "close": plain("Close"),
        "blocks": blocks[:MODAL_SECTIONS],
    }


def gone_modal() -> View:
    """Say that an article is no longer there."""
    return {
        "type": "modal",
        "callback_id": ids.ARTICLE_MODAL,
        "title": plain("Knowledge article"),
        "close": plain("Close"),
        "blocks": [section("This article is no longer in the knowledge base. Please ask again.")],
    }
