"""The folder of a workspace: made once, by what `frontline init` writes, and never overwritten."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from bot.desk.errors import ConfigurationError
from bot.settings.loading import CONFIG_FILE, load_file
from bot.settings.writing import Wanted, configuration, keep_private

if TYPE_CHECKING:
    from bot.desk.ids import UserId
    from bot.desk.workspaces import HomeId

ARTICLES, LABELS = Path("articles"), Path("labels")


def begin_folder(folder: Path, home: HomeId, installer: UserId, model: Path) -> Path:
    """Give the folder of a workspace; where there is none yet, make it.

    It has a model of its own, a copy of `model`: what one workspace teaches stays with it.

    Raises:
        ConfigurationError: there is no model to begin with.
    """
    root = folder / home
    if (root / CONFIG_FILE).exists():
        return root
    if not model.is_dir():
        raise ConfigurationError(
            f"There is no classifier at {model} to begin with; run `frontline classifier train` "
            "once, beside the frontline.toml of [workspaces]."
        )
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    for each in (ARTICLES, LABELS):
        (root / each).mkdir(exist_ok=True)
    wanted = Wanted((ARTICLES,), ("it-help",), "l2-support", "l3-engineering", admins=(installer,))
    fresh = root / f"{CONFIG_FILE}.new"
    fresh.write_text(configuration(wanted), encoding="utf-8")
    written = load_file(fresh)
    keep_private(root / written.database)
    shutil.copytree(model, root / written.classifier.model, dirs_exist_ok=True)
    # Last of all: where it is there, everything else is.
    fresh.replace(root / CONFIG_FILE)
    return root
