"""The configuration that `frontline init` writes: commented, and without anything of the sample."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from bot.settings.places import Place


@dataclass(frozen=True)
class Wanted:
    """What an organisation's desk begins with."""

    articles: tuple[Path, ...]
    channels: tuple[str, ...]
    l2: str
    l3: str
    l2_usergroup: str = ""
    l3_usergroup: str = ""
    zone: str = "UTC"
    admins: tuple[str, ...] = ()
    english: bool = False
    places: tuple[Place, ...] = ()
    """Live sources, each with its name."""


def configuration(wanted: Wanted) -> str:
    """Write what was asked for as frontline.toml."""
    encoder = (
        'encoder = "all-MiniLM-L6-v2"     # reads English alone'
        if wanted.english
        else "# A hundred languages are read. English alone is faster, and lighter by a quarter\n"
        '# (docs/how-to/search.md): encoder = "all-MiniLM-L6-v2"'
    )
    return f"""\
# Frontline's configuration, written by `frontline init`; docs/reference/configuration.md has every
# key.
# Secrets do not belong here: SLACK_BOT_TOKEN and SLACK_APP_TOKEN come from the environment.

database = "var/frontline.db"

[knowledge]
# Files and folders that articles come from; `frontline kb sync` without paths reads them again.
{_folders(wanted.articles)}
# A folder of Markdown that drafts are published into; without one they are only proposed.
# publish_to = "published"
# Articles have the area of their folder; rules, and whom an area calls: docs/how-to/articles.md.
{encoder}

{_places(wanted.places)}[classifier]
model = "var/model"
# A folder of your own labelled messages, learned beside the shipped ones; for example by
# `frontline tickets labels labels/from-tickets.jsonl`.
data = ["labels"]

# The errors that are allowed: of the answers given, and of what needs a person.
[classifier.budget]
wrong_answers = 0.08
missed_escalations = 0.015

# Which messages of a channel are Frontline's business:
#   mention    only messages that mention it (every channel that is not listed here)
#   questions  top-level messages that ask for help
#   all        every top-level message
{_channels(wanted.channels)}
# Who looks after the desk: told of trouble; their Home shows how it does. Slack ids, as U0123ABCD.
[desk]
admins = {_list(wanted.admins)}

# Who is called. `usergroup` is the handle of a Slack user group; `fallback` are the people (Slack
# ids) who are called where there is no such group. Hours and rotas: docs/how-to/on-call.md.
{_group("l2", "L2", wanted.l2, wanted.l2_usergroup, wanted.zone)}
{_group("l3", "L3", wanted.l3, wanted.l3_usergroup, wanted.zone)}"""


def keep_private(database: Path) -> None:
    """Make an empty database: what people write comes in here, and nobody else reads it."""
    database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    database.touch(mode=0o600)


def _folders(paths: Sequence[Path]) -> str:
    return f"sources = {_list(str(path) for path in paths)}" if paths else '# sources = ["docs"]'


def _places(places: Sequence[Place]) -> str:
    if not places:
        return ""
    tables = "\n\n".join(place.table() for place in places)
    return (
        "# Brought in by the clock of `frontline serve`, or by `frontline kb sync`; who may see\n"
        f"# what, and further keys: docs/reference/live-sources.md.\n{tables}\n\n"
    )


def _channels(names: Sequence[str]) -> str:
    return "".join(f'[channels.{_text(name)}]\nmode = "questions"\n\n' for name in names)


def _group(name: str, tier: str, channel: str, usergroup: str, zone: str) -> str:
    handle = (
        f"usergroup = {_text(usergroup)}" if usergroup else '# usergroup = "' + name + '-oncall"'
    )
    return f"""\
[groups.{name}]
tier = "{tier}"
channel = {_text(channel)}
{handle}
fallback = []
zone = {_text(zone)}
"""


def _list(texts: Iterable[str]) -> str:
    return "[" + ", ".join(_text(each) for each in texts) + "]"


def _text(text: str) -> str:
    # JSON's strings are TOML's basic strings.
    return json.dumps(text, ensure_ascii=False)
