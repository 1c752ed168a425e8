"""The settings of one of several workspaces: of its own folder, and of nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, SecretStr

from bot.settings.loading import CONFIG_FILE, load_file
from bot.settings.settings import Secrets, Settings

if TYPE_CHECKING:
    from bot.settings.file import FileSettings

Part = TypeVar("Part", bound=BaseModel)


def settings_of(shared: Secrets, root: Path, token: str) -> Settings:
    """Give the settings of a workspace by its folder, its token, and what the app has in common.

    Nothing but the app is shared: what the environment says for one desk is not said for all.

    Raises:
        ConfigurationError: its frontline.toml cannot be read.
    """
    config = root / CONFIG_FILE
    file = placed(load_file(config), root)
    secrets = Secrets(
        slack_bot_token=SecretStr(token),
        slack_app_token=None,
        slack_signing_secret=shared.slack_signing_secret,
        slack_client_id=None,
        slack_client_secret=None,
        slack_api_url=shared.slack_api_url,
        frontline_tokens_key=None,
        frontline_db=file.database,
    )
    settings = Settings(file, secrets, config)
    settings.root = root
    return settings


def placed(file: FileSettings, root: Path) -> FileSettings:
    """Give a configuration whose relative paths begin at a folder, not where we stand."""
    encoder = file.knowledge.encoder
    moved = _moved(file, root)
    if encoder is not None and (root / encoder).is_dir():
        knowledge = moved.knowledge.model_copy(update={"encoder": str(root / encoder)})
        return moved.model_copy(update={"knowledge": knowledge})
    return moved


def _moved(part: Part, root: Path) -> Part:
    moved = {name: _placed(getattr(part, name), root) for name in type(part).model_fields}
    # What was written and what was not is still told apart.
    return type(part).model_construct(_fields_set=part.model_fields_set, **moved)


def _placed(value: Any, root: Path) -> Any:
    if isinstance(value, Path):
        return root / value.expanduser()
    if isinstance(value, BaseModel):
        return _moved(value, root)
    if isinstance(value, tuple):
        return tuple(_placed(each, root) for each in value)
    if isinstance(value, dict):
        return {name: _placed(each, root) for name, each in value.items()}
    return value
