"""Articles found for questions in other languages, answered from or shown as choices.

    python -m tests.bench.foreign_search

What is found with the words as they were written, and with English for what they name beside
them. Concepts were made while `ten_languages.jsonl` was known; `sixty_questions.jsonl` was written
after them, from the articles, and nothing was changed by it.
"""

# ruff: noqa: T201 (a benchmark prints its figures)

from __future__ import annotations

import json
from pathlib import Path

from bot.bootstrap import build_encoder, build_knowledge, build_triager
from bot.desk.deciding import Action
from bot.settings.loading import load_settings
from classifier.features.concepts import concepts_of

HERE = Path(__file__).parent


def main() -> None:
    """Print the share of right articles, first and among three."""
    settings = load_settings()
    encoder = build_encoder(settings)
    knowledge = build_knowledge(settings, encoder)
    triager = build_triager(settings, knowledge, encoder)
    for name in ("sixty_questions", "ten_languages"):
        lines = (HERE / f"{name}.jsonl").read_text("utf-8").splitlines()
        rows = [json.loads(line) for line in lines]
        for named in (False, True):
            texts = [
                " ".join([row["text"], *(concepts_of(row["text"]) if named else ())])
                for row in rows
            ]
            found = knowledge.search_batch(texts, top=3, viewer_groups=None)
            shares = [
                sum(row["article"] in [hit.article for hit in hits[:most]] for row, hits in both)
                / len(rows)
                for most in (1, 3)
                for both in [list(zip(rows, found, strict=True))]
            ]
            how = "with English beside it" if named else "as written"
            print(f"{name}, {how}: first {shares[0]:.2f}, among three {shares[1]:.2f}")
        found = [triager.triage(row["text"], readers=frozenset(), first=True) for row in rows]
        right = sum(
            row["article"] in {each.article for each in triage.candidates}
            for row, triage in zip(rows, found, strict=True)
        )
        answers = [
            triage.article == row["article"]
            for row, triage in zip(rows, found, strict=True)
            if triage.action is Action.ANSWER
        ]
        print(f"{name}: among what the requester is shown for {right} of {len(rows)};", end="")
        print(f" answered at once {len(answers)}, rightly {sum(answers)}")


if __name__ == "__main__":
    main()
