"""Reading files in a process of its own, which may crash, hang or be ended without harm."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import selectors
import subprocess
import sys
import threading
import time
from functools import cache
from typing import TYPE_CHECKING, Any

from kb.articles import Article
from kb.errors import ArticleError
from kb.sources.apart.limits import Limits
from kb.sources.outcomes import PassedOver

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kb.sources.outcomes import Outcome

CHUNK = 1024 * 1024
LONGEST_ANSWER = 64 * CHUNK
OF_CPU_TIME = -24
"""The signal with which a system ends who has used up its seconds."""


class _ReaderEndedError(Exception):
    """The reading process is no more, or was ended; the message says why, for people."""


class ReaderApart:
    """One process for many files; a new one is begun when it is needed."""

    def __init__(self, limits: Limits | None = None) -> None:
        """Begin nothing yet."""
        self._limits = limits or Limits()
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._buffer = bytearray()

    def read(self, file: Path, root: Path, collection: str) -> list[Outcome]:
        """All that a file gives; a file that ends its reader is a problem like others."""
        with self._lock:
            found: list[Outcome] = []
            try:
                self._ask(file, root, collection)
                found.extend(_outcome(answer, file) for answer in self._answers())
            except _ReaderEndedError as why:
                self._end()
                return [ArticleError(file, None, str(why), "leave it out, or split it")]
            except BaseException:
                self._end()
                raise
            return found

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._end()

    def _ask(self, file: Path, root: Path, collection: str) -> None:
        if self._process is None or self._process.poll() is not None:
            self._end()
            self._process = self._begun()
        # The reader stays where it was begun, whatever folder this process is in by now.
        there = [os.path.abspath(file), os.path.abspath(root)]  # noqa: PTH100 - keeps links as named
        asked = json.dumps([*there, collection]) + "\n"
        writer = self._process.stdin
        if writer is None:  # pragma: no cover (it was asked for)
            raise _ReaderEndedError("has no reader")
        try:
            writer.write(asked.encode("ascii"))
            writer.flush()
        except BrokenPipeError as failure:
            raise _ReaderEndedError("could not be given to a reader") from failure

    def _begun(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "kb.sources.apart.child"]
        command += [str(self._limits.seconds), str(self._limits.megabytes)]
        return subprocess.Popen(  # noqa: S603 (our own program)
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )

    def _answers(self) -> Iterator[dict[str, Any]]:
        while True:
            answer = json.loads(self._line())
            if answer.get("end"):
                return
            yield answer

    def _line(self) -> bytes:
        until = time.monotonic() + self._limits.patience_s
        looked = 0
        while (end := self._buffer.find(b"\n", looked)) < 0:
            looked = len(self._buffer)
            self._buffer += self._more(until)
            if len(self._buffer) > LONGEST_ANSWER:
                raise _ReaderEndedError("holds more text than an article can have")
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        return line

    def _more(self, until: float) -> bytes:
        process = self._process
        if process is None or process.stdout is None:  # pragma: no cover (it was begun)
            raise _ReaderEndedError("has no reader")
        with selectors.DefaultSelector() as ready:
            ready.register(process.stdout, selectors.EVENT_READ)
            if not ready.select(max(0.0, until - time.monotonic())):
                raise _ReaderEndedError(self._too_long())
        data = os.read(process.stdout.fileno(), CHUNK)
        if not data:
            how = process.wait()
            raise _ReaderEndedError(
                self._too_long()
                if how == OF_CPU_TIME
                else "makes its reader crash: it is damaged, or made to do harm"
            )
        return data

    def _too_long(self) -> str:
        return f"takes longer to read than {self._limits.seconds:g} seconds"

    def _end(self) -> None:
        self._buffer.clear()
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()


def _outcome(answer: dict[str, Any], file: Path) -> Outcome:
    passed = answer.get("passed_over")
    if passed is not None:
        return PassedOver(file, passed["why"], passed["scaffold"])
    given = answer.get("article")
    if given is not None:
        return Article(
            **{
                **given,
                "questions": tuple(given["questions"]),
                "other": tuple((name, value) for name, value in given["other"]),
            }
        )
    problem = answer["problem"]
    return ArticleError(file, problem["line"], problem["what"], problem["remedy"])


def shared() -> ReaderApart:
    """The reader of this process, begun when it is first asked and ended with it."""
    return _shared(os.getpid())


@cache
def _shared(_process: int) -> ReaderApart:
    reader = ReaderApart()
    atexit.register(reader.close)
    return reader
