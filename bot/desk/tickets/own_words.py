"""What of a message its writer says: not the log, trace, code, mail or quotation that is pasted."""

from __future__ import annotations

import re

CODE = re.compile(r"^[ \t]*+```.*?(?:```|\Z)|```[^`\n]*+\n.*?(?:```|\Z)", re.DOTALL | re.MULTILINE)
"""Blocks of it; a piece of code within a sentence belongs to the sentence."""

QUOTED = re.compile(r"\A\s*+>")
RULER = re.compile(r"\A\s*+[-_=*]{3,}+[^-_=*\n]*+[-_=*]*+\s*\Z")
HEADER = re.compile(
    r"\A\s*+[*_]?(?:from|sent|to|cc|date|reply-to|von|gesendet|an|datum|de|envoyé|à|para|enviado|"
    r"da|inviato|a)[*_]?:[*_]? *+\S",
    re.IGNORECASE,
)
HEADERS = 2
"""So many lines like those above a mail are a mail's; one may be anybody's own."""

TRACE = re.compile(
    r"\A\s*+(?:Traceback \(|File \"[^\"\n]*+\", line \d|Exception in thread|Caused by:|"
    r"\.\.\. \d++ more|at [\w.$<>/]++[( :])"
)
RAISED = re.compile(r"\A[\w.$]*+(?<=Error|ption)(?::|\s*\Z)")
LOGGED = re.compile(r"\A\s*+\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d")


def own_words(text: str) -> str:
    """Leave out what a machine or somebody else wrote; empty where nothing else was."""
    lines = CODE.sub("\n", text).splitlines()
    traced = sum(TRACE.match(line) is not None for line in lines) > 1
    mailed = sum(HEADER.match(line) is not None for line in lines) >= HEADERS
    return "\n".join(line for line in lines if not _pasted(line, traced=traced, mailed=mailed))


def _pasted(line: str, *, traced: bool, mailed: bool) -> bool:
    if QUOTED.match(line) or RULER.match(line) or LOGGED.match(line):
        return True
    if mailed and HEADER.match(line):
        return True
    if not traced:
        return False
    # Below each place a trace shows the line that stands there.
    return line.startswith(("  ", "\t")) or any(each.match(line) for each in (TRACE, RAISED))
