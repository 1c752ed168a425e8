"""The runbook: every line of the log that may alarm somebody is explained, every rule is played."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
RUNBOOK = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
RULES = ROOT / "docs" / "reference" / "alerts.yml"
UNIT = ROOT / "deploy" / "frontline.service"
LOUD = {"warning", "error", "exception", "critical"}
NOT_SERVED = "bot/playground/"


def events(file: Path) -> Iterator[str]:
    """Give what a module says as a warning or worse."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in LOUD
            and ast.unparse(node.func.value) == "log"
            and node.args
            and isinstance(node.args[0], ast.Constant)
        ):
            yield str(node.args[0].value)


def test_each_line_that_may_alarm_somebody_is_in_the_runbook() -> None:
    """And none that nothing says."""
    said = {
        event
        for file in sorted((ROOT / "bot").rglob("*.py"))
        if NOT_SERVED not in file.as_posix()
        for event in events(file)
    }
    table = RUNBOOK.partition("## What a line says")[2]
    rows = re.findall(r"^\| ((?:`\w+`(?:, )?)+) \|", table, re.MULTILINE)
    told = [name for row in rows for name in re.findall(r"`(\w+)`", row)]
    assert len(told) == len(set(told))
    assert set(told) == said


def test_each_rule_says_what_is_so_and_where_the_runbook_tells_of_it() -> None:
    """By a link to a heading."""
    headings = re.findall(r"^### (Frontline\w+)$", RUNBOOK, re.MULTILINE)
    for rule in yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"][0]["rules"]:
        assert rule["annotations"]["summary"]
        assert rule["annotations"]["runbook"] == f"docs/operations.md#{rule['alert'].lower()}"
        assert rule["alert"] in headings


def test_each_rule_is_played() -> None:
    """By a test of its own, in which it rings."""
    tests = yaml.safe_load((ROOT / "tests/cli/alerts_test.yml").read_text(encoding="utf-8"))
    rung = {
        each["alertname"]
        for test in tests["tests"]
        for each in test["alert_rule_test"]
        if each["exp_alerts"]
    }
    assert rung == {
        rule["alert"]
        for group in yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"]
        for rule in group["rules"]
    }


@pytest.mark.skipif(shutil.which("promtool") is None, reason="Prometheus's promtool is not here")
@pytest.mark.rare
def test_the_rules_ring_when_they_should() -> None:
    """As Prometheus itself reads and plays them."""
    for words in (("check", "rules", str(RULES)), ("test", "rules", "tests/cli/alerts_test.yml")):
        done = subprocess.run(["promtool", *words], cwd=ROOT, capture_output=True, text=True)  # noqa: PLW1510 - what it says is shown
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not here")
@pytest.mark.rare
def test_systemd_understands_the_unit(tmp_path: Path) -> None:
    """Every key, and that nothing is asked for twice; our program stands elsewhere here."""
    text = UNIT.read_text(encoding="utf-8").replace("/opt/frontline/bin/frontline", "/bin/true")
    unit = tmp_path / UNIT.name
    unit.write_text(text, encoding="utf-8")
    done = subprocess.run(  # noqa: PLW1510 - as above
        ["systemd-analyze", "verify", str(unit)], capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
