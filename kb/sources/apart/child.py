"""The process that reads files for another: asked line by line, answering in plain JSON.

Run as `python -m kb.sources.apart.child SECONDS MEGABYTES`; it ends when nobody asks any more.
"""

from __future__ import annotations

import dataclasses
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kb.errors import ArticleError
from kb.sources.apart.limits import Limits, limit_memory, limit_time
from kb.sources.kinds import check_size, reader_of
from kb.sources.outcomes import PassedOver

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.sources.outcomes import Outcome

END: dict[str, Any] = {"end": True}


def answers(file: Path, root: Path, collection: str) -> Iterator[dict[str, Any]]:
    """What a file gives, as plain data; whatever goes wrong is a problem of this file."""
    try:
        check_size(file)
        for outcome in reader_of(file)(file, root, collection):
            yield _plain(outcome)
    except ArticleError as error:
        yield _plain(error)
    except OSError as error:
        yield _problem(f"cannot be read: {error.strerror or error}")
    except RecursionError:
        yield _problem("is nested too deeply", "write it flatter")
    except MemoryError:
        yield _problem("needs too much memory to be read", "split it, or leave it out")
    except Exception as error:  # noqa: BLE001 (a library's own: one file must not stop the others)
        yield _problem(f"cannot be read ({type(error).__name__})", "save it again, or leave it out")


def _plain(outcome: Outcome) -> dict[str, Any]:
    if isinstance(outcome, PassedOver):
        return {"passed_over": {"why": outcome.why, "scaffold": outcome.scaffold}}
    if isinstance(outcome, ArticleError):
        return _problem(outcome.what, outcome.remedy, outcome.line)
    return {"article": dataclasses.asdict(outcome)}


def _problem(what: str, remedy: str = "", line: int | None = None) -> dict[str, Any]:
    return {"problem": {"line": line, "what": what, "remedy": remedy}}


def main() -> None:
    """Answer until nobody asks; what libraries print goes nowhere."""
    limits = Limits(float(sys.argv[1]), int(sys.argv[2]))
    limit_memory(limits)
    with os.fdopen(os.dup(1), "w", encoding="ascii") as out:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        for line in sys.stdin:
            file, root, collection = json.loads(line)
            limit_time(limits)
            for answer in answers(Path(file), Path(root), collection):
                out.write(json.dumps(answer) + "\n")
                limit_time(limits)
            out.write(json.dumps(END) + "\n")
            out.flush()


if __name__ == "__main__":
    main()
