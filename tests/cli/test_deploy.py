"""What stands in deploy/ names what there is: files, commands, extras, paths, ports."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.cli import COMMANDS
from bot.settings.file import FileSettings
from bot.web.health import LIVES, READY

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
WORKING = "/var/lib/frontline"
OURS = "10001"

CONTAINERFILE = re.sub(
    r"\\\n", " ", "\n".join(
        line for line in (DEPLOY / "Containerfile").read_text("utf-8").splitlines()
        if not line.startswith("#")
    ),
)  # fmt: skip
"""Its instructions, one a line."""
INSTRUCTIONS = [tuple(line.split(maxsplit=1)) for line in CONTAINERFILE.splitlines() if line]
SETTINGS = FileSettings.model_validate(tomllib.loads((DEPLOY / "frontline.toml").read_text()))


def said(word: str, since: int = 0) -> list[str]:
    """Give what follows each instruction of a kind."""
    return [rest for name, rest in INSTRUCTIONS[since:] if name == word]


LAST = max(place for place, (name, _) in enumerate(INSTRUCTIONS) if name == "FROM")


def kubernetes() -> dict[str, Any]:
    """Give the manifests by their kind."""
    text = (DEPLOY / "kubernetes.yaml").read_text("utf-8")
    return {each["kind"]: each for each in yaml.safe_load_all(text)}


@pytest.mark.rare
@pytest.mark.parametrize(
    "words",
    [
        "kubernetes-validate --strict deploy/kubernetes.yaml",
        "check-jsonschema --builtin-schema vendor.compose-spec deploy/compose.yaml",
        "hadolint --ignore DL3008 deploy/Containerfile",
        "shellcheck deploy/start.sh",
    ],
    ids=lambda words: words.split()[0],
)
def test_those_who_know_its_form_find_no_fault(words: str) -> None:
    """Where they are installed: none is needed to run Frontline."""
    program, *rest = words.split()
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed here")
    done = subprocess.run(  # noqa: PLW1510 - what it says is shown
        [program, *rest], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_images_are_named_with_their_version() -> None:
    """None is whatever is newest."""
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    named = [image.split()[0] for image in said("FROM")]
    named.append(compose["services"]["database"]["image"])
    assert all(re.search(r":\d[\w.-]*\Z", image) for image in named), named
    assert int(named[-1].rpartition(":")[2]) >= 14


def test_what_is_copied_into_the_image_exists() -> None:
    """Each from this repository, or from where the first stage put it."""
    for copied in said("COPY"):
        *sources, target = shlex.split(copied)
        if sources[0].startswith("--from"):
            assert sources[1] == target == "/opt/frontline"
        else:
            assert all((ROOT / source).exists() for source in sources), sources


def test_extras_and_commands_of_the_image_exist() -> None:
    """As pyproject.toml and the command line name them."""
    extras = re.search(r"\.\[([\w,]+)\]", CONTAINERFILE)
    assert extras is not None
    known = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert set(extras[1].split(",")) <= known["optional-dependencies"].keys()
    called = re.findall(r"bin/frontline ([a-z]+)", CONTAINERFILE)
    assert len(called) == 3
    assert set(called) <= COMMANDS.keys()


def test_the_last_stage_is_nobody_special_and_builds_nothing() -> None:
    """Not root, by a number that Kubernetes can check; no compiler, no installer of packages."""
    (user,) = said("USER", LAST)
    assert user == f"{OURS}:{OURS}"
    assert said("WORKDIR", LAST) == said("VOLUME", LAST) == [WORKING]
    steps = " ".join(said("RUN", LAST))
    assert not re.search(r"\b(pip|gcc|make|build-essential|curl|wget)\b", steps)
    assert "rm -rf /var/lib/apt/lists/*" in steps
    assert not any(re.search(r"TOKEN|SECRET|PASSWORD", environment) for environment in said("ENV"))


def test_the_configuration_is_one_and_lies_where_it_is_looked_for() -> None:
    """In the image, with compose and on Kubernetes."""
    where = re.search(r"FRONTLINE_CONFIG=(\S+)", " ".join(said("ENV", LAST)))
    assert where is not None
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    mounted = compose["services"]["frontline"]["volumes"]
    assert f"./frontline.toml:{where[1]}:ro" in mounted
    (articles,) = SETTINGS.knowledge.sources
    assert f"./articles:{articles}:ro" in mounted
    (container,) = kubernetes()["Deployment"]["spec"]["template"]["spec"]["containers"]
    paths = {each["mountPath"] for each in container["volumeMounts"]}
    assert paths == {WORKING, where[1], str(articles), "/tmp"}
    assert not SETTINGS.database.is_absolute(), "in the folder that may be written"


def test_nothing_runs_as_root_or_writes_to_its_root() -> None:
    """In compose and on Kubernetes alike."""
    service = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))["services"]["frontline"]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    pod = kubernetes()["Deployment"]["spec"]["template"]["spec"]
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert str(pod["securityContext"]["runAsUser"]) == OURS
    (container,) = pod["containers"]
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    volumes = {each["name"] for each in pod["volumes"]}
    assert {each["name"] for each in container["volumeMounts"]} == volumes


def test_pods_keep_nothing_of_their_own_and_follow_each_other_without_a_gap() -> None:
    """All that lasts is on PostgreSQL."""
    deployment = kubernetes()["Deployment"]["spec"]
    assert deployment["replicas"] > 1
    assert deployment["strategy"]["rollingUpdate"]["maxUnavailable"] == 0
    volumes = deployment["template"]["spec"]["volumes"]
    assert all({"emptyDir", "configMap"} & each.keys() for each in volumes)


def test_health_is_asked_where_it_is_told() -> None:
    """By the paths and the port that the configuration gives."""
    assert SETTINGS.receiver.listen is not None
    port = int(SETTINGS.receiver.listen.rpartition(":")[2])
    (container,) = kubernetes()["Deployment"]["spec"]["template"]["spec"]["containers"]
    ports = {each["name"]: each["containerPort"] for each in container["ports"]}
    assert ports["health"] == port
    assert container["livenessProbe"]["httpGet"]["path"] == LIVES
    assert container["readinessProbe"]["httpGet"]["path"] == READY
    assert f"0.0.0.0:{ports['metrics']}" in container["args"]
    assert f":{port}{READY}" in (DEPLOY / "compose.yaml").read_text("utf-8")


def test_the_model_of_the_image_serves_until_there_is_another(tmp_path: Path) -> None:
    """What was learned here is not written over by the next start."""
    inside, binaries = tmp_path / "inside", tmp_path / "bin"
    inside.mkdir()
    binaries.mkdir()
    (inside / "manifest.json").write_text("of the image")
    frontline = binaries / "frontline"
    frontline.write_text('#!/bin/sh\necho "$@" >> asked\n')
    frontline.chmod(0o755)
    environment = {
        "PATH": f"{binaries}:{os.environ['PATH']}", "FRONTLINE_MODEL_INSIDE": str(inside),
    }  # fmt: skip
    desk = tmp_path / "desk"
    desk.mkdir()

    def start(*words: str) -> None:
        command = ["/bin/sh", str(DEPLOY / "start.sh"), *words]
        subprocess.run(command, cwd=desk, env=environment, check=True)

    start("serve", "--logs", "json")
    manifest = desk / "var" / "model" / "manifest.json"
    assert manifest.read_text() == "of the image"
    manifest.write_text("learned")
    start("doctor")
    assert manifest.read_text() == "learned"
    assert (desk / "asked").read_text() == "serve --logs json\ndoctor\n"


def test_what_is_prepared_as_root_is_read_by_the_user() -> None:
    """The encoder's cache is written for its owner alone, who is another one while it is built."""
    prepared = next(rest for rest in said("RUN") if "classifier train" in rest)
    assert prepared.rstrip().endswith("chmod -R a+rX /opt/frontline")
    made = next(rest for rest in said("RUN", LAST) if "useradd" in rest)
    assert f"chmod 700 {WORKING}" in made
