"""What looks like a secret by its form, and is known to be none: made to be shown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.scrubbing.pictures import named_by_machines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.desk.privacy import Secret

FORMS = re.compile(
    # Keys that are public, and fingerprints of keys.
    r"(?<![\w-])(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-[\w-]{1,30}|sk-[\w@.-]{1,40})\s[A-Za-z0-9+/=]{20,2000}"
    r"(?: [\w.@+-]{1,80})?"
    r"|(?<!\w)SHA256:[A-Za-z0-9+/]{43}=?|(?<!\w)(?:MD5:)?[0-9a-f]{2}(?::[0-9a-f]{2}){15}(?!\w)"
    # Hashes, and what one run of something is called, where they are named.
    r"|(?i:(?<!\w)(?:md5|sha-?(?:1|256|384|512)|checksum|hash|digest|fingerprint|etag|commit|rev(?:ision)?"
    r"|build|trace(?:parent)?|span|request|correlation|event|run|job|session)(?:sum)?"
    r"(?:[ _-]?id)?(?!\w)[^\n]{0,24}?)(?<![\w+/])(?:[0-9a-f]{7,64}|[0-9a-f-]{36,55})(?![\w+/])"
    # What a setting is called.
    r"|(?<![\w-])(?:key|name|id)=\"[A-Za-z_.:-]{1,80}\""
    # What is dialled to ask a network something.
    r"|(?<![\w*#])\*\d{2,3}(?:\*\d{1,20})*#(?![\w#*])"
    # Moments, addresses in memory, names of things in a cloud, licences of software.
    r"|(?<!\w)\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?"
    r"|(?<!\w)0x(?:[0-9a-f]{4,16}|[0-9A-F]{4,16})(?!\w)|(?<!\w)arn:[\w-]{1,12}:[\w.:/*-]{1,300}"
    r"|(?<!\w)(?:A|L)?GPL-\d\.\d(?:-only|-or-later)?|(?<!\w)BSD-\d-Clause|(?<!\w)Apache-\d\.\d"
)


def spared(text: str, found: Sequence[Secret]) -> Sequence[Secret]:
    """Leave out what lies within something harmless."""
    if not found:
        return found
    spans = [match.span() for match in FORMS.finditer(text)]
    spans += named_by_machines(text)
    return [
        secret
        for secret in found
        if not any(start <= secret.start and secret.end <= end for start, end in spans)
    ]
