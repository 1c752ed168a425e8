"""Wiring of the targets: from the configuration and the environment to what carries news."""

from __future__ import annotations

import os
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from bot.beyond.calling import (
    HttpCourier,
    checked_address,
    to_chat,
    to_json,
    to_opsgenie,
    to_pagerduty,
)
from bot.beyond.hooks import KIND, Hook, understood
from bot.beyond.mailing import Mailbox, MailCourier
from bot.beyond.rewriting import Rewriter
from bot.desk.beyond import Happening, Outgoing
from bot.desk.errors import ConfigurationError
from bot.desk.ids import UserId
from bot.reaching import Reach
from bot.settings.beyond import PLACES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.desk.commands import Delivered
    from bot.desk.ports.delivery import Courier
    from bot.desk.ports.time import Clock
    from bot.settings.beyond import TargetSettings
    from bot.settings.file import LearningSettings
    from bot.settings.settings import Settings

    Read = Callable[[dict[str, Any]], Delivered | None]

ANYWHERE = ("0.0.0.0/0", "::/0")
WEBHOOK = "alarm_webhook_env"


def build_couriers(settings: Settings, clock: Clock) -> dict[str, Courier]:
    """Build what carries news to each target that is configured.

    Raises:
        ConfigurationError: an address or a secret is not in the environment, or is none.
    """
    return {
        name: build_courier(name, target, clock) for name, target in settings.file.targets.items()
    }


def build_courier(name: str, target: TargetSettings, clock: Clock) -> Courier:
    """Build what carries news to one target.

    Raises:
        ConfigurationError: its address or a secret is not in the environment, or is none.
    """
    reach = Reach(target.internal, named=f"in [targets.{name}]")
    secret = _from_environment(target.secret_env, f"[targets.{name}]")
    if target.kind == "email":
        box = Mailbox(
            target.host or "", target.port, target.sender or "", target.to, target.security,
            target.user, secret,
        )  # fmt: skip
        return MailCourier(box, reach)
    given = _from_environment(target.url_env, f"[targets.{name}]") or target.url
    url = checked_address(given or PLACES[target.kind], f"[targets.{name}]")
    match target.kind:
        case "pagerduty":
            return HttpCourier(to_pagerduty(url, secret or ""), reach, strict=True)
        case "opsgenie":
            return HttpCourier(to_opsgenie(url, secret or ""), reach, strict=True)
        case "chat":
            return HttpCourier(to_chat(url), reach)
        case "json":
            signed = secret.encode() if secret else None
            authorization = _from_environment(target.authorization_env, f"[targets.{name}]")
            return HttpCourier(to_json(url, signed, authorization, clock), reach)


def _from_environment(variable: str | None, whose: str) -> str | None:
    if variable is None:
        return None
    value = os.environ.get(variable, "").strip()
    if not value:
        raise ConfigurationError(
            f"{whose} takes what it needs from {variable}, which is not set in the environment."
        )
    return value


def build_rewriter(learning: LearningSettings) -> Rewriter | None:
    """Build what puts drafts better; None where no endpoint is configured.

    Raises:
        ConfigurationError: its key is not in the environment.
    """
    if learning.reword_url is None:
        return None
    key = _from_environment(learning.reword_key_env, "[learning] reword_key_env")
    return Rewriter(learning.reword_url, learning.reword_model, key)


def build_hooks(settings: Settings) -> dict[str, Hook]:
    """Build where other systems may tell us something.

    Raises:
        ConfigurationError: a secret is not in the environment.
    """
    return {
        name: Hook(
            name,
            hook.kind,
            hook.target,
            (_from_environment(hook.secret_env, f"[hooks.{name}]") or "").encode(),
            frozenset(hook.may),
            {theirs: UserId(ours) for theirs, ours in hook.people.items()},
        )
        for name, hook in settings.file.hooks.items()
    }


def reading_hooks(read: Read, hooks: Mapping[str, Hook]) -> Read:
    """Read what hooks stored as well as what Slack delivered."""

    def either(payload: dict[str, Any]) -> Delivered | None:
        return understood(payload, hooks) if payload.get("type") == KIND else read(payload)

    return either


class AlarmByTarget:
    """Tells the admin an alarm by a target; the same alarm has the same key each time."""

    def __init__(self, name: str, courier: Courier, clock: Clock) -> None:
        """Use one target."""
        self._name = name
        self._courier = courier
        self._clock = clock

    def tell(self, says: str) -> None:
        """Tell an alarm."""
        key = sha256(says.encode()).hexdigest()[:32]
        alarm = Outgoing(self._name, Happening.ALARM, key, self._clock(), says)
        self._courier.carry(alarm)


def alarm_ways(
    settings: Settings, clock: Clock, couriers: Mapping[str, Courier]
) -> tuple[AlarmByTarget, ...]:
    """Give the ways by which the admin is alarmed when Slack cannot be the way.

    Raises:
        ConfigurationError: a target is not configured, or the address for alarms is not set.
    """
    ways = [AlarmByTarget(name, couriers[name], clock) for name in settings.file.desk.alarms]
    named = settings.file.desk.alarm_webhook_env
    if named is not None:
        url = os.environ.get(named, "")
        if not url:
            raise ConfigurationError(
                f"Alarms go to the address in {named}, which is not set in the environment."
            )
        # Whoever may set this variable may also say where it leads.
        courier = HttpCourier(to_chat(checked_address(url, "alarms")), Reach(ANYWHERE))
        ways.append(AlarmByTarget(WEBHOOK, courier, clock))
    return tuple(ways)
