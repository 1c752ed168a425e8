"""Tokens and keys that are recognised by their own form, by detect-secrets' rules and ours."""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from bot.desk.privacy import Secret, SecretKind

if TYPE_CHECKING:
    from collections.abc import Iterator

_AWS_SECRET = (
    r"(?<![A-Za-z0-9/+=])(?=[A-Za-z/+]{0,39}\d)(?=[a-z0-9/+]{0,39}[A-Z])"
    r"(?=[A-Z0-9/+]{0,39}[a-z])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])"
)
_VENDORS = (
    r"\b(?:shp(?:at|ca|pa|ss)|do[opr]_v1|dckr_pat|lin_api|glsa|glc|figd|fo1|ntn|phc|phx|rnd|rpa"
    r"|sbp|sntrys|tskey|vcp|pul|ops|whsec|xkeysib|xsmtpsib|NRAK|PMAK|ATATT3|ATCTT3|ATBB"
    r"|sq0(?:atp|csp|idp)|EAA[AC]|AGE-SECRET-KEY-1)[A-Za-z0-9_=.-]{16,}"
)
"""How tokens of services begin that detect-secrets does not know."""
OURS = (
    (SecretKind.KEY, r"-----BEGIN [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----"),
    (SecretKind.TOKEN, r"\bxox[a-z]-[A-Za-z0-9-]{8,}"),
    (SecretKind.TOKEN, r"\bxapp-[A-Za-z0-9-]{8,}"),
    (SecretKind.TOKEN, r"\bxoxe\.[A-Za-z0-9.-]{8,}"),
    (SecretKind.TOKEN, r"\bgh[pousr]_[A-Za-z0-9]{16,}"),
    (SecretKind.TOKEN, r"\bgithub_pat_[A-Za-z0-9_]{20,}"),
    (SecretKind.TOKEN, r"\bgl(?:pat|dt|rt|cbt|ptt|ft|soat)-[A-Za-z0-9_.-]{16,}"),
    (SecretKind.TOKEN, r"\bnpm_[A-Za-z0-9]{30,}"),
    (SecretKind.TOKEN, r"\bpypi-[A-Za-z0-9_-]{40,}"),
    (SecretKind.TOKEN, r"\bhf_[A-Za-z0-9]{30,}"),
    (SecretKind.TOKEN, r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?"),
    (SecretKind.KEY, r"\bAIza[A-Za-z0-9_-]{30,}"),
    (SecretKind.TOKEN, r"\bhv[sbr]\.[A-Za-z0-9_-]{20,}"),
    (SecretKind.KEY, r"\bsk-(?:proj-|ant-|svcacct-)?[A-Za-z0-9_-]{20,}"),
    (SecretKind.KEY, r"\b[rs]k_(?:live|test)_[A-Za-z0-9]{16,}"),
    (SecretKind.KEY, r"\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}"),
    (SecretKind.KEY, r"\b(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{16}\b"),
    (SecretKind.KEY, _AWS_SECRET),
    (SecretKind.KEY, r"\b\d{6}(?:-\d{6}){7}\b"),  # BitLocker's recovery key
    (SecretKind.TOKEN, r"\b\d{8,10}:AA[A-Za-z0-9_-]{33}"),
    (SecretKind.TOKEN, r"\bpat-(?:na|eu|ap)\d-[0-9a-f-]{30,}"),  # HubSpot
    (SecretKind.TOKEN, r"\b(?:dapi|key-)[0-9a-f]{30,}(?:-\d)?"),  # Databricks, Mailgun
    (SecretKind.TOKEN, _VENDORS),
    (SecretKind.TOKEN, r"\bya29\.[A-Za-z0-9_-]{20,}|\b1//0[A-Za-z0-9_-]{30,}"),  # Google's OAuth
    (SecretKind.KEY, r"\b(?:SK|pk_)[0-9a-f]{30,}\b"),  # Twilio, Klaviyo
    (SecretKind.KEY, r"(?<![\w-])(?:[A-Z0-9]{5}-\s{0,2}){3,5}[A-Z0-9]{5}(?![\w-])"),  # of products
)  # fmt: skip

BLOCK_END = re.compile(r"-----END [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----")

VALUES = tuple(
    (kind, re.compile(rule))
    for kind, rule in (
        (SecretKind.KEY, r"[?&;](?:sig|signature|X-Amz-Signature)=([A-Za-z0-9%+/=_-]{16,})"),
        (SecretKind.KEY, r"\bAccountKey=([A-Za-z0-9+/=]{40,})"),
        (SecretKind.PASSWORD, r"[a-z]://[^\s:/@]{0,80}:([^\s/]{1,200})@[\w.-]"),
        (SecretKind.PASSWORD, r"\bcurl\b.{0,80}?\s(?:-u|--user)\s?[\"']?[^\s:]{1,80}:([^\s\"']+)"),
        (
            SecretKind.PASSWORD,
            r"\b(?:mysql\w*|mariadb|sshpass|ldap\w+)\b.{0,80}?\s-[pw]\s?[\"']?([^\s\"']{3,})",
        ),
        (SecretKind.PASSWORD, r"\bnet use\b.{0,200}?/user:\S{1,80} ([^\s/]\S{2,80})"),
    )
)
"""Where only a part of what is recognised is the secret."""

PLUGINS = (
    "artifactory.ArtifactoryDetector", "cloudant.CloudantDetector",
    "discord.DiscordBotTokenDetector", "github_token.GitHubTokenDetector",
    "gitlab_token.GitLabTokenDetector", "ibm_cloud_iam.IbmCloudIamDetector",
    "ibm_cos_hmac.IbmCosHmacDetector", "mailchimp.MailchimpDetector",
    "pypi_token.PypiTokenDetector", "sendgrid.SendGridDetector",
    "slack.SlackDetector", "softlayer.SoftlayerDetector", "square_oauth.SquareOAuthDetector",
    "stripe.StripeDetector", "telegram_token.TelegramBotTokenDetector",
)  # fmt: skip
"""Of detect-secrets, the rules by form that are linear; those by entropy or keyword alarm on
ordinary messages, and those for npm and OpenAI take quadratic time, so ours stand for them."""


@cache
def _ours() -> re.Pattern[str]:
    return re.compile("|".join(f"(?P<g{n}>{rule})" for n, (_, rule) in enumerate(OURS)))


@cache
def _theirs() -> tuple[re.Pattern[str], ...]:
    detectors: list[re.Pattern[str]] = []
    for name in PLUGINS:
        module, _, detector = name.partition(".")
        found = getattr(import_module(f"detect_secrets.plugins.{module}"), detector)
        detectors.extend(map(_bounded, found.denylist))
    return tuple(detectors)


def _bounded(rule: re.Pattern[str]) -> re.Pattern[str]:
    """Give a rule that looks at a few blanks only: theirs take the cube of a run of them."""
    few = rule.pattern.replace("(?: *)", " {0,4}").replace("| +|", "| {1,4}|")
    return re.compile(few, rule.flags)


def tokens(text: str) -> Iterator[Secret]:
    """Find what is recognised by its own form."""
    for match in _ours().finditer(text):
        kind = OURS[int(str(match.lastgroup)[1:])][0]
        end = match.end()
        if match.group().startswith("-----BEGIN"):
            closed = BLOCK_END.search(text, end)
            end = closed.end() if closed else len(text)
        yield Secret(match.start(), end, kind)
    for kind, rule in VALUES:
        for match in rule.finditer(text):
            yield Secret(*match.span(1), kind)
    for theirs in _theirs():
        for match in theirs.finditer(text):
            start = match.start()
            if start == 0 or not text[start - 1].isalnum():
                yield Secret(start, match.end(), SecretKind.TOKEN)
