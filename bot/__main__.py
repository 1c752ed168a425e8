"""`python -m bot`, also installed as `frontline`."""

from __future__ import annotations

from bot.cli import frontline


def main() -> None:
    """Run the command line."""
    frontline(prog_name="frontline")


if __name__ == "__main__":
    main()
