"""`frontline init` on strange folders: what can be read serves, what cannot is a line."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import frontline
from kb.glance import article_ids
from tests.classifier.conftest import HashingEncoder

pytestmark = pytest.mark.rare
PAGE = "Whoever needs {0} asks the porter for it, who has the list of all of {0}.\n"
STRANGE = {
    "one article": ({"keys.md": f"# Keys\n\n{PAGE.format('keys')}"}, {"keys"}, ""),
    "pages without titles": (
        {f"{name}.md": PAGE.format(name) for name in ("keys", "lifts", "doors")},
        {"keys", "lifts", "doors"}, "",
    ),
    "mixed languages": (
        {"keys.md": f"# Keys\n\n{PAGE.format('keys')}",
         "tueren.md": "# Türen\n\nWer einen Schlüssel braucht, fragt den Pförtner danach.\n",
         "puertas.md": "# Puertas\n\nQuien necesita una llave la pide al conserje del edificio.\n"},
        {"keys", "tueren", "puertas"}, "2 of 3 articles are in another language",
    ),
    "one broken page": (
        {"keys.md": f"# Keys\n\n{PAGE.format('keys')}", "bad.md": "---\ntitle: [\n---\ntext\n"},
        {"keys"}, "1 could not be read",
    ),
    "a page that is empty": (
        {"keys.md": f"# Keys\n\n{PAGE.format('keys')}", "empty.md": ""}, {"keys"}, "empty.md",
    ),
    "twice the same": (
        {"a/keys.md": f"# Keys\n\n{PAGE.format('keys')}",
         "b/keys.md": f"# Keys\n\n{PAGE.format('keys')}"},
        {"a/keys", "b/keys"}, "duplicate",
    ),
}  # fmt: skip


@pytest.mark.parametrize("which", STRANGE)
def test_what_can_be_read_becomes_a_desk(
    which: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And what is odd about the folder is said in a line."""
    encoder = HashingEncoder()
    monkeypatch.setattr("kb.encoding.loading.load_encoder", lambda _: encoder)
    monkeypatch.setattr("classifier.serving.predict.Classifier.load", lambda *_: Served())
    monkeypatch.delenv("FRONTLINE_DB", raising=False)
    monkeypatch.chdir(tmp_path)
    files, ids, says = STRANGE[which]
    for name, text in files.items():
        file = Path("ours") / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    # Both encoders read all of them.
    english = ["--english"] if which == "mixed languages" else []
    done = CliRunner().invoke(frontline, ["init", "--yes", "--articles", "ours", *english])
    assert done.exit_code == 0, done.output
    assert article_ids(Path("var/frontline.db")) == ids
    assert says in done.output
    assert "Traceback" not in done.output


class Served:
    """A model that is there already."""

    version = "20260101-000000-abcdef"
