"""Markup, put together so that every text in it is data."""

from __future__ import annotations

from html import escape


class Markup(str):
    """Text that is markup already; any other is escaped."""

    __slots__ = ()


def tag(name: str, *content: str, **attributes: str | float | None) -> Markup:
    """Give an element; attributes that are None are left out, `_` stands for `-`."""
    said = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_short(value), quote=True)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return Markup(f"<{name}{said}>{joined(*content)}</{name}>")


def joined(*content: str) -> Markup:
    """Put texts and markup behind each other."""
    return Markup("".join(each if isinstance(each, Markup) else escape(each) for each in content))


def _short(value: str | float) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
