"""`frontline ask`: what would be decided about a message."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.cli.options import database_option
from bot.desk.errors import FrontlineError

if TYPE_CHECKING:
    from bot.desk.deciding import Suspicion, Triage
    from bot.settings.settings import Settings


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
            {"article": c.article, "score": round(c.score, 4), "chance": round(c.chance, 4)}
            for c in triage.candidates
        ],
        "reasons": list(triage.reasons),
        "route": _route(triage),
        **_grounds(triage),
    }


def _routed(found: Suspicion) -> str:
    done = "its route is taken, instead of:" if found.sure else "is asked about, privately, beside:"
    return f"{found.matter} {found.chance:.0%} (sure from {found.limits.sure_at:.0%}); {done}"


def _route(triage: Triage) -> dict[str, Any] | None:
    """The matter that it may be about; None where it goes the usual way."""
    found = triage.suspicion
    if found is None:
        return None
    return {"matter": found.matter.value, "chance": round(found.chance, 4), "sure": found.sure}


def _grounds(triage: Triage) -> dict[str, Any]:
    """What the decision was weighed by: as the reasons tell it in words."""
    chances, evidence, policy = triage.chances, triage.evidence, triage.policy
    if chances is None or evidence is None or policy is None:
        return {}
    first = evidence.candidates[:1]
    return {
        "gap": triage.gap,
        "chances": {
            "article": round(sum(chances.articles), 4),
            "no_article": round(chances.no_article, 4),
            "L2": round(chances.l2, 4),
            "L3": round(chances.l3, 4),
            "chat": round(chances.chat, 4),
        },
        "costs": {action.value: round(cost, 4) for action, cost in triage.costs.items()},
        "thresholds": {
            "escalate_at": policy.escalate_at,
            "answer_at": policy.answer_at,
            "candidate_at": policy.candidate_at,
            "chat_at": policy.chat_at,
            "strong_at": policy.strong_at,
        },
        "words": list(evidence.words),
        "nearest": list(evidence.nearest),
        "search": {
            "agreed": [part for c in first for part in c.agreed],
            "differed": [part for c in first for part in c.differed],
        },
        "abstain": evidence.abstain,
        "model": evidence.model,
    }


def _as_text(text: str, triage: Triage) -> str:
    shown = triage.article or ", ".join(choice.article for choice in triage.choices)
    meanwhile = ", meanwhile" if triage.meanwhile else ""
    lines = [
        f"{text[:200]!r}",
        *([f"  {_routed(triage.suspicion)}"] if triage.suspicion else []),
        f"  {triage.action} ({triage.tier}){meanwhile}" + (f": {shown}" if shown else ""),
        *(f"  - {reason}" for reason in triage.reasons),
    ]
    return "\n".join(lines)
