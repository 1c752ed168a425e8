"""Other words for articles: what was asked, and which page is to be found by it too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.ids import ticket_name
from bot.desk.learning import name_of
from bot.slack import actions as ids
from bot.slack.blocks.parts import Block, Rendered, actions, button, context, person, section
from bot.slack.text import clip_escaped, escape

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.desk.learning import WordsLine, WordsReport

QUESTION_ROOM = 160


def render_words(notice: WordsReport) -> Rendered:
    """Render the questions of each article, with a button to leave it out, and one for all."""
    by_article: dict[str, list[WordsLine]] = {}
    for line in notice.lines:
        by_article.setdefault(line.article, []).append(line)
    if not notice.lines:
        said = ":mag: *Other words for articles*: all left out"
        return Rendered(said, [section(said)])
    asked = len(notice.lines)
    questions = "1 question" if asked == 1 else f"{asked} questions"
    articles = "1 article" if len(by_article) == 1 else f"{len(by_article)} articles"
    lead = f":mag: *Other words for articles*: {questions} that {articles} answered"
    blocks: list[Block] = [section(lead)]
    for place, (article, lines) in enumerate(by_article.items()):
        block = section(_said(article, lines))
        if notice.by is None:
            leave = button("Leave out", f"{ids.WORDS_LEAVE}.{place}", ids.about(0, article))
            block = {**block, "accessory": leave}
        blocks.append(block)
    if notice.by is not None:
        said = f":white_check_mark: found by these from now on: {person(notice.by)}"
        blocks.append(context(said))
        return Rendered(lead, blocks)
    blocks.append(
        context(
            "Who asked said that the article solved it, or it was not found, and somebody settled "
            "it as the article says. By these words it is found the next time."
        )
    )
    blocks.append(actions(button("Let them be found so", ids.WORDS_TAKE, ids.about(0), "primary")))
    return Rendered(lead, blocks)


def _said(article: str, lines: Sequence[WordsLine]) -> str:
    asked = "\n".join(
        f"• {clip_escaped(name_of(line.question), QUESTION_ROOM)} ({ticket_name(line.ticket)})"
        f"{', _settled by a person_' if line.by_people else ''}"
        for line in lines
    )
    return f"*{escape(lines[0].title)}* (`{escape(article)}`)\n{asked}"
