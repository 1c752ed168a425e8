"""Bring the catalogues up to date: what the code says, and what is yet to be translated.

    python -m bot.slack.words

Needs no network. What the code no longer says is dropped; what is new stands there empty, and is
said in English until somebody fills it in. What is marked as fuzzy was guessed, and is not used.
"""

from __future__ import annotations

import ast
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from bot.slack.words.catalogues import FOLDER, catalogue_of

CODE = Path(__file__).parents[1]
MARKS = frozenset({"_", "N_"})
WIDTH = 100


def said() -> Catalog:
    """Read from the code what Frontline says.

    By Python's own parser: Babel's extractor passes over what is marked within an f-string.
    """
    found = Catalog(project="Frontline", charset="utf-8", fuzzy=False)
    for path in sorted(CODE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in MARKS:
                (words,) = node.args
                if isinstance(words, ast.Constant):
                    found.add(str(words.value))
    return found


def main() -> None:
    """Update each catalogue, and say what is open in it."""
    wanted = said()
    for folder in sorted(each for each in FOLDER.iterdir() if each.is_dir()):
        path = catalogue_of(folder.name)
        with path.open("rb") as file:
            catalogue = read_po(file, locale=folder.name)
        catalogue.header_comment = f"# What Frontline says: {folder.name}."
        catalogue.project, catalogue.version = "Frontline", ""
        catalogue.update(wanted, no_fuzzy_matching=True, update_creation_date=False)
        with path.open("wb") as file:
            write_po(file, catalogue, width=WIDTH, ignore_obsolete=True, no_location=True)
        opened = [str(each.id) for each in catalogue if each.id and not each.string]
        sys.stdout.write(f"{folder.name}: {len(catalogue)} words, {len(opened)} without a word\n")


if __name__ == "__main__":
    main()
