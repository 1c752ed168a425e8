"""A model of one's own that puts sentences better; whatever goes wrong, nothing is changed."""

from __future__ import annotations

import http.client
import json
import threading
import urllib.request
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import structlog

from bot.desk.errors import FrontlineError
from bot.reaching import Opener, Reach, is_public

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.reaching import Address

log = structlog.get_logger(__name__)

SILENCE_S = 60.0
ALTOGETHER_S = 120.0
MOST_BYTES = 256 * 1024
MOST_SENTENCES = 60
FENCE = "```"
ASKED = (
    "You make sentences of a help article clear and correct. You get a JSON list of sentences. "
    "Answer with a JSON list of as many strings, in the same order and language, and nothing "
    "else. Put each sentence better, and change nothing that it says: add no word that is not "
    "in it, keep every number, name, command and address to the letter, keep the order of what "
    "is done. Where a sentence is good, repeat it."
)


class Inside(Reach):
    """Hosts of one's own alone: what a draft says goes to nobody else's model."""

    def _may_ask(self, host: str, address: Address) -> bool:  # noqa: ARG002 - as a reach has it
        return not is_public(address)


@dataclass(frozen=True)
class Rewriter:
    """An endpoint of one's own that understands OpenAI's chat completions."""

    url: str
    model: str
    key: str | None = field(default=None, repr=False)
    reach: Reach = field(default_factory=Inside)
    silence_s: float = SILENCE_S
    altogether_s: float = ALTOGETHER_S

    def __call__(self, sentences: Sequence[str]) -> list[str] | None:
        """Give as many sentences, put better; None where nothing came of it."""
        if not 0 < len(sentences) <= MOST_SENTENCES:
            return None
        try:
            return self._read(self._answer(sentences), len(sentences))
        except (FrontlineError, OSError, http.client.HTTPException, ValueError) as failure:
            # Never with what was said: an error may repeat it.
            log.warning(
                "not_reworded", host=urlsplit(self.url).hostname, why=type(failure).__name__
            )
            return None

    def _answer(self, sentences: Sequence[str]) -> bytes:
        body = {
            "model": self.model,
            "temperature": 0,
            "messages": [
                {"role": "system", "content": ASKED},
                {"role": "user", "content": json.dumps(list(sentences), ensure_ascii=False)},
            ],
        }
        headers = {"Content-Type": "application/json", "User-Agent": "frontline-desk"}
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        request = urllib.request.Request(  # noqa: S310 - the configuration checked the scheme
            f"{self.url.rstrip('/')}/chat/completions",
            json.dumps(body).encode(),
            headers,
            method="POST",
        )
        opener = Opener(self.reach, follows=False)
        stop = threading.Timer(self.altogether_s, opener.close)
        stop.daemon = True
        stop.start()
        try:
            with opener.open(request, self.silence_s) as answer:
                data: bytes = answer.read(MOST_BYTES + 1)
        finally:
            stop.cancel()
            opener.close()
        if len(data) > MOST_BYTES:
            raise ValueError("a giant answer")
        return data

    def _read(self, data: bytes, count: int) -> list[str]:
        try:
            said: Any = json.loads(data)
            content = said["choices"][0]["message"]["content"]
            found: Any = json.loads(_unfenced(content))
        except (KeyError, IndexError, TypeError, AttributeError, RecursionError) as failure:
            raise ValueError("no answer of this form") from failure
        if not isinstance(found, list) or len(found) != count:
            raise ValueError("not as many sentences")
        if not all(isinstance(each, str) for each in found):
            raise ValueError("no sentences")
        return found


def _unfenced(content: str) -> str:
    """Take the fence off that models like to put around JSON."""
    plain = content.strip()
    if not plain.startswith(FENCE):
        return plain
    _, _, inside = plain.removesuffix(FENCE).partition("\n")
    return inside
