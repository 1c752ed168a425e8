"""A git repository: its newest commit, by the git client, which runs nothing of what it gets."""

from __future__ import annotations

import base64
import os
import re
import resource
import shutil
import signal
import subprocess
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.live.wanted import LiveSource, TroubleError
from bot.reaching import InsideError, Reach

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

PATIENCE_S = 600.0
LARGEST = 2 * 1024**3
"""Bytes of any one file that git writes: a pack, mostly."""
CPU_S = 600
_PORTS = {"https": 443, "http": 80, "ssh": 22}
_SHORT_SSH = re.compile(r"^(?:[\w.-]+@)([\w.-]+):(?!//)")
_SETTINGS = {
    "core.hooksPath": "/dev/null",
    "core.fsmonitor": "false",
    "core.protectNTFS": "true",
    "protocol.allow": "never",
    "http.followRedirects": "false",
    "http.lowSpeedLimit": "1000",
    "http.lowSpeedTime": "60",
    "submodule.recurse": "false",
    "fetch.recurseSubmodules": "false",
    "gc.auto": "0",
    "maintenance.auto": "false",
    "credential.helper": "",
}
_SAID = (
    ("authentication failed", "the token is missing, wrong, or may not see this"),
    ("could not read username", "the token is missing, wrong, or may not see this"),
    ("terminal prompts disabled", "the token is missing, wrong, or may not see this"),
    ("permission denied", "the key or token is missing, wrong, or may not see this"),
    ("error: 401", "the token is missing, wrong, or may not see this"),
    ("error: 403", "the token is missing, wrong, or may not see this"),
    ("error: 429", "it was asked too often, and is left alone for a while"),
    ("unable to update url base from redirection", "the address has moved; write the new one"),
    ("error: 30", "the address has moved; write the new one into `url`"),
    ("couldn't find remote ref", "there is no such branch"),
    ("host key verification failed", "its key is not among the known hosts of this machine"),
    ("not found", "there is no such repository, or the token may not see it"),
    ("does not exist", "there is no such repository"),
    ("does not appear to be a git repository", "there is no such repository"),
    ("could not resolve host", "there is no such host"),
    ("file size limit", "it is larger than 2 GB"),
    ("file too large", "it is larger than 2 GB"),
)


def bring(source: LiveSource, folder: Path) -> tuple[Path, str]:
    """Bring in the newest commit; gives the folder of articles, and the commit.

    Raises:
        TroubleError: it cannot be had; what was there stays.
    """
    if shutil.which("git") is None:
        raise TroubleError("There is no git on this machine; install it.")
    where, extra = _reached(source)
    place = folder / "repository"
    if not (place / "HEAD").exists():
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True, mode=0o700)
        _run(["init", "--bare", "--quiet", "--template=", "."], place, extra, source)
    wanted = f"refs/heads/{source.branch}" if source.branch else "HEAD"
    fetch = ["fetch", "--quiet", "--depth=1", "--no-tags", "--force", "--", where]
    _run([*fetch, f"+{wanted}:refs/frontline/new"], place, extra, source)
    commit = _run(["rev-parse", "refs/frontline/new^{commit}"], place, extra, source).strip()
    return _laid_out(source, folder, place, commit, extra), commit


def _laid_out(
    source: LiveSource, folder: Path, place: Path, commit: str, extra: Mapping[str, str]
) -> Path:
    """Lay the commit out beside what is there, and put it in its place."""
    tree = folder / "files"
    known = folder / "commit"
    wanted = tree / source.within if source.within else tree
    if not (known.exists() and known.read_text() == commit and tree.exists()):
        tree.mkdir(exist_ok=True, mode=0o700)
        known.unlink(missing_ok=True)
        # What is the same is left alone, so that its files are not read again.
        at = [f"--work-tree={tree}"]
        _run([*at, "reset", "--hard", "--quiet", commit], place, extra, source)
        _run([*at, "clean", "-ffdxq"], place, extra, source)
        known.write_text(commit)
    if not wanted.is_dir() or not wanted.resolve().is_relative_to(tree.resolve()):
        raise TroubleError(f"The repository has no folder {source.within!r}; mend `within`.")
    return wanted


def _reached(source: LiveSource) -> tuple[str, dict[str, str]]:
    """Give the address, and the settings with which git asks the host that was checked."""
    settings = dict(_SETTINGS)
    url = str(source.path.absolute()) if source.path is not None else source.url
    short = _SHORT_SSH.match(url)
    parts = urlsplit(url)
    scheme = "ssh" if short else (parts.scheme or "file")
    host = short[1] if short else (parts.hostname or "")
    settings[f"protocol.{scheme}.allow"] = "always"
    if scheme in _PORTS:
        port = parts.port if not short and parts.port else _PORTS[scheme]
        settings |= _pinned(source.reach, scheme, host, port)
    if source.token and scheme in {"https", "http"}:
        secret = base64.b64encode(f"{source.user or 'x-access-token'}:{source.token}".encode())
        base = f"{scheme}://{parts.netloc}/"
        settings[f"http.{base}.extraHeader"] = f"Authorization: Basic {secret.decode()}"
    return url, settings


def _pinned(reach: Reach, scheme: str, host: str, port: int) -> dict[str, str]:
    """Check a host, and let git connect to the address that was checked."""
    try:
        found = reach.places(host, port)
    except InsideError as failure:
        raise TroubleError(str(failure)) from failure
    except (OSError, UnicodeError) as failure:
        raise TroubleError(f"{host} cannot be reached (no such host).") from failure
    if scheme == "ssh" or not found:
        return {}
    address = str(found[0][4][0])
    shown = f"[{address}]" if ":" in address else address
    return {"http.curloptResolve": f"{host}:{port}:{shown}"}


def _run(
    command: Sequence[str], place: Path, settings: Mapping[str, str], source: LiveSource
) -> str:
    """Run git in a repository: without anybody's settings, prompts, hooks, filters or helpers."""
    try:
        child = subprocess.Popen(  # noqa: S603 - each word is ours, but for the address behind `--`
            ["git", "--git-dir=.", *command],  # noqa: S607 - the machine's own git
            cwd=place,
            env=_surroundings(settings),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            preexec_fn=_limited,  # noqa: PLW1509 - a process with one thread at work
        )
    except OSError as failure:
        raise TroubleError(f"git cannot be run: {failure.strerror}.") from failure
    try:
        said, complaint = child.communicate(timeout=PATIENCE_S)
    except subprocess.TimeoutExpired as failure:
        raise TroubleError(
            "git takes longer than ten minutes; is the repository giant?"
        ) from failure
    finally:
        # Its helpers too: git leaves them when it is ended.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
    if child.returncode:
        raise TroubleError(
            _explained(complaint.decode("utf-8", "replace"), child.returncode, source)
        )
    return said.decode("utf-8", "replace")


def _surroundings(settings: Mapping[str, str]) -> dict[str, str]:
    """Secrets go by the environment: the command line can be read by everybody."""
    kept = ("PATH", "SSH_AUTH_SOCK", "HOME", "SSL_CERT_FILE", "SSL_CERT_DIR", "GIT_SSL_CAINFO")
    proxies = [
        name for name in os.environ if name.lower() in {"https_proxy", "http_proxy", "no_proxy"}
    ]
    found = {name: os.environ[name] for name in (*kept, *proxies) if name in os.environ}
    found |= {
        "LC_ALL": "C",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": "true",
        "SSH_ASKPASS": "true",
        "GIT_LFS_SKIP_SMUDGE": "1",
        "GIT_SSH_COMMAND": "ssh -oBatchMode=yes -oStrictHostKeyChecking=yes -oConnectTimeout=20",
        "GIT_CONFIG_COUNT": str(len(settings)),
    }
    for number, (name, value) in enumerate(settings.items()):
        found[f"GIT_CONFIG_KEY_{number}"] = name
        found[f"GIT_CONFIG_VALUE_{number}"] = value
    return found


def _limited() -> None:
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST, LARGEST))
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _explained(complaint: str, code: int, source: LiveSource) -> str:
    """Say in one line why git failed; nothing of an address but its host, and no secret."""
    short = _SHORT_SSH.match(source.url)
    host = short[1] if short else urlsplit(source.url).hostname
    what = host or str(source.path or "the repository")
    low = complaint.lower()
    for mark, means in _SAID:
        if mark in low:
            return f"{what}: {means}."
    if code == -signal.SIGXFSZ:
        return f"{what}: it is larger than 2 GB."
    return f"{what}: git failed ({_first_words(complaint, source) or f'exit {code}'})."


def _first_words(complaint: str, source: LiveSource) -> str:
    lines = [line for line in complaint.splitlines() if line.startswith(("fatal:", "error:"))]
    line = lines[0] if lines else ""
    for secret in (source.token, source.url):
        line = line.replace(secret, "…") if secret else line
    return re.sub(r"(?<!\w)\w++://\S++|/[^\s/]++/\S++", "…", line)[:160]
