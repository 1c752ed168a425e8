"""The folder of a workspace: made once, by what `frontline init` writes, and never overwritten."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import SecretStr

from bot.desk.errors import ConfigurationError
from bot.settings.loading import CONFIG_FILE, load_file
from bot.settings.workspaces import settings_of
from bot.settings.writing import Wanted, configuration, keep_private
from bot.store.database import put_on

if TYPE_CHECKING:
    from bot.desk.ids import UserId
    from bot.desk.workspaces import HomeId
    from bot.settings.settings import Settings

ARTICLES, LABELS = Path("articles"), Path("labels")


def root_of(house: Settings, home: HomeId) -> Path:
    """Give the folder of a workspace."""
    return (house.file.workspaces.folder or Path()) / home


def settings_in(house: Settings, home: HomeId, token: str = "") -> Settings:
    """Give the settings of a workspace, whose database is in its folder, or where the house's is.

    Raises:
        FrontlineError: its configuration cannot be read, or its database cannot be made.
    """
    settings = settings_of(house.secrets, root_of(house, home), token)
    if house.server is not None:
        from bot.workspaces.schemas import address_of, schema_of  # noqa: PLC0415 - an extra

        address = house.server.get_secret_value()
        put_on(settings.db, schema_of(address, home))
        settings.server = SecretStr(address_of(address, home))
    return settings


def begin_folder(house: Settings, home: HomeId, installer: UserId) -> Path:
    """Give the folder of a workspace; where there is none yet, make it.

    It has a model of its own, a copy of the house's: what one workspace teaches stays with it.

    Raises:
        ConfigurationError: there is no model to begin with.
    """
    root, model = root_of(house, home), house.model
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
