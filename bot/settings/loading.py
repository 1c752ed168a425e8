"""Reading frontline.toml; what is wrong is named with its line."""

from __future__ import annotations

import os
import tomllib
from itertools import takewhile
from pathlib import Path

from pydantic import ValidationError

from bot.desk.errors import ConfigurationError
from bot.settings.explaining import reason_of
from bot.settings.file import FileSettings
from bot.settings.settings import Secrets, Settings

CONFIG_FILE = "frontline.toml"


def load_settings(path: Path | None = None) -> Settings:
    """Read the configuration; without a path, `frontline.toml` here if there is one.

    Raises:
        ConfigurationError: the file cannot be read; the message names file and line.
    """
    named = path or (
        Path(os.environ["FRONTLINE_CONFIG"]) if "FRONTLINE_CONFIG" in os.environ else None
    )
    chosen = named or Path(CONFIG_FILE)
    if named is None and not chosen.exists():
        return Settings(FileSettings(), Secrets())
    return Settings(load_file(chosen), Secrets(), chosen)


def load_file(chosen: Path) -> FileSettings:
    """Read a configuration alone, without the environment.

    Raises:
        ConfigurationError: the file cannot be read; the message names file and line.
    """
    try:
        text = chosen.read_text(encoding="utf-8")
        content = tomllib.loads(text)
    except OSError as failure:
        raise ConfigurationError(f"{chosen} cannot be read: {failure.strerror}.") from failure
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as failure:
        raise ConfigurationError(f"{chosen} is not valid TOML: {failure}.") from failure
    try:
        return FileSettings.model_validate(content)
    except ValidationError as failure:
        raise ConfigurationError(_explain(chosen, text, failure)) from failure


def _explain(path: Path, text: str, failure: ValidationError) -> str:
    first = failure.errors()[0]
    keys = [str(part) for part in first["loc"] if not isinstance(part, int)]
    reason = reason_of(first, FileSettings)
    where = ".".join(keys) or "the file"
    end = "" if reason.endswith("?") else "."
    return f"{path}:{_line_of(text, keys)}: {where}: {reason}{end}"


def _line_of(text: str, keys: list[str]) -> int:
    """Find the line on which a key of the file stands; its nearest parent's otherwise."""
    found, best, section = 1, 0, list[str]()
    for number, line in enumerate(text.splitlines(), start=1):
        head = line.split("#", 1)[0].strip()
        if head.startswith("["):
            section = path = _names(head)
        elif "=" in head:
            path = [*section, *_names(head)]
        else:
            continue
        alike = takewhile(lambda pair: pair[0] == pair[1], zip(path, keys, strict=False))
        shared = len(list(alike))
        if shared > best:
            found, best = number, shared
    return found


def _names(head: str) -> list[str]:
    if head.startswith("["):
        return [part.strip().strip('"') for part in head.strip("[]").split(".")]
    return [part.strip().strip('"') for part in head.split("=", 1)[0].split(".")]
