"""`frontline ask`: what would be decided about a message."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.cli.options import database_option
from bot.desk.errors import FrontlineError

if TYPE_CHECKING:
    from bot.config import Settings
    from bot.desk.triage import Triage


@click.command()
@click.argument("text", required=False)
@click.option(
    "--batch",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help='Decide on many messages: lines of {"text": ...}.',
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@database_option
@click.pass_obj
def ask(settings: Settings, text: str | None, batch: Path | None, as_json: bool) -> None:
    """Decide on TEXT, as the bot would in Slack, and say why."""
    if (text is None) == (batch is None):
        raise click.UsageError('Give a text or --batch FILE, for example: frontline ask "…".')
    texts = _read(batch) if batch else [text or ""]
    for asked, triage in zip(texts, _decide(settings, texts), strict=True):
        click.echo(
            json.dumps(_as_json(asked, triage), ensure_ascii=False)
            if as_json
            else _as_text(asked, triage)
        )


def _decide(settings: Settings, texts: list[str]) -> list[Triage]:
    from bot.bootstrap import build_encoder, build_knowledge, build_triager

    encoder = build_encoder(settings)
    knowledge = build_knowledge(settings, encoder)
    if knowledge.count() == 0:
        click.echo(
            f"frontline: {settings.db} has no articles yet; run `frontline kb sync kb/articles`.",
            err=True,
        )
    return build_triager(settings, knowledge, encoder).triage_batch(texts, readers=None)


def _read(path: Path) -> list[str]:
    texts = []
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            texts.append(str(json.loads(line)["text"]))
        except (json.JSONDecodeError, KeyError, TypeError) as failure:
            raise FrontlineError(
                f'{path}:{number}: not a line of the form {{"text": "…"}}; mend or remove it.'
            ) from failure
    return texts


def _as_json(text: str, triage: Triage) -> dict[str, Any]:
    return {
        "text": text,
        "action": triage.action.value,
        "tier": triage.tier.value,
        "article": triage.article,
        "confidence": round(triage.confidence, 4),
        "probabilities": {label: round(p, 4) for label, p in triage.probabilities.items()},
        "candidates": [
            {"article": c.article, "score": round(c.score, 4)} for c in triage.candidates
        ],
        "reasons": list(triage.reasons),
    }


def _as_text(text: str, triage: Triage) -> str:
    likely = ", ".join(f"{label} {p:.2f}" for label, p in triage.probabilities.items())
    found = ", ".join(f"{c.article} {c.score:.2f}" for c in triage.candidates) or "none"
    lines = [
        f"{text[:200]!r}",
        f"  {triage.action} ({triage.tier})" + (f": {triage.article}" if triage.article else ""),
        f"  probabilities: {likely}",
        f"  articles: {found}",
        *(f"  - {reason}" for reason in triage.reasons),
    ]
    return "\n".join(lines)
