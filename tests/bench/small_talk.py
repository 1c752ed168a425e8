"""Silence and small talk on unseen first messages: `python tests/bench/small_talk.py`.

How many requests of the two held-out authors would meet silence or a bare greeting, and how much
of their small talk would be answered. Looking at them is written into the model's journal.
"""

# ruff: noqa: T201 (a benchmark prints its figures)

from __future__ import annotations

import json
from pathlib import Path

from bot.bootstrap import build_encoder, build_knowledge, build_triager
from bot.desk.asking import Said
from bot.desk.deciding import Action
from bot.settings.loading import load_settings
from classifier.data.labels import CHAT
from classifier.registry.models import Registry

UNSEEN = ("outsider1", "outsider2")


def main() -> None:
    """Print both sides."""
    settings = load_settings()
    encoder = build_encoder(settings)
    triager = build_triager(settings, build_knowledge(settings, encoder), encoder)
    rows = [
        json.loads(line)
        for name in UNSEEN
        for line in Path(f"training_data/messages/{name}.jsonl").read_text("utf-8").splitlines()
    ]
    Registry(settings.model).note("holdout used", None, use="small_talk", rows=len(rows))
    silent: dict[bool, list[bool]] = {True: [], False: []}
    found = triager.triage_batch([row["text"] for row in rows], readers=None)
    for row, triage in zip(rows, found, strict=True):
        understood = triager.understand(Said(row["text"]))
        chatty = understood.is_small_talk(readable=not triage.unknown)
        quiet = chatty and (triage.action is Action.COURTESY or triage.unknown)
        silent[row["label"] == CHAT].append(quiet)
    print(f"requests met with silence: {sum(silent[False])} of {len(silent[False])}")
    talk = silent[True]
    print(f"small talk that is answered: {len(talk) - sum(talk)} of {len(talk)}")


if __name__ == "__main__":
    main()
