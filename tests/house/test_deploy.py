"""What runs the bot in earnest: each file is read by its own tool where there is one."""

import json
import os
import re
import shutil
import subprocess
import sys
from configparser import RawConfigParser
from pathlib import Path

import pytest

from bot.endings import EXIT_CONFIG, EXIT_DATABASE, EXIT_LOST, EXIT_TOKEN

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"


class _Repeated(dict[str, str]):
    """A unit's keys may stand there several times: their values are joined."""

    def __setitem__(self, key: str, value: str) -> None:
        old = self.get(key)
        is_new = old is not None and isinstance(value, list) and isinstance(old, list)
        super().__setitem__(key, old + value if is_new else value)  # type: ignore[operator]


@pytest.fixture(scope="module")
def service() -> dict[str, str]:
    parser = RawConfigParser(strict=False, dict_type=_Repeated)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(DEPLOY / "haitang.service", "utf-8")
    return dict(parser["Service"])


def test_the_unit_is_one_that_systemd_takes(tmp_path: Path):
    if not shutil.which("systemd-analyze"):
        pytest.skip("there is no systemd here")
    text = (DEPLOY / "haitang.service").read_text("utf-8")
    unit = tmp_path / "haitang.service"
    unit.write_text(text.replace("/opt/haitang/.venv/bin/haitang", "/bin/true"), "utf-8")
    line = ["systemd-analyze", "verify", str(unit)]
    checked = subprocess.run(line, capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, "")


def test_the_service_is_a_plain_user_who_writes_its_data_alone(service: dict[str, str]):
    assert service["User"] == "haitang" and service["StateDirectory"] == "haitang"
    assert (service["ProtectSystem"], service["ProtectHome"]) == ("strict", "yes")
    assert service["NoNewPrivileges"] == "yes" and service["CapabilityBoundingSet"] == ""
    assert "ReadWritePaths" not in service and int(service["UMask"], 8) == 0o077


def test_the_service_is_not_restarted_where_that_changes_nothing(service: dict[str, str]):
    """# F13, F25, F60"""
    codes = {EXIT_CONFIG, EXIT_TOKEN, EXIT_DATABASE, EXIT_LOST}
    assert service["Restart"] == "on-failure"
    assert {int(code) for code in service["RestartPreventExitStatus"].split()} == codes
    assert int(service["TimeoutStopSec"]) > 10  # F22


def test_without_docstrings_every_command_still_says_what_it_does():
    """Both ways to deploy leave them out, which takes less memory."""
    for name in ("haitang.service", "Dockerfile"):
        assert "PYTHONOPTIMIZE=2" in (DEPLOY / name).read_text("utf-8")
    line = [sys.executable, "-OO", "-m", "bot"]
    told = {"check": ["--config", str(ROOT / "config.example.toml")], "run": ["--help"]}
    environ = os.environ | {"HAITANG_TELEGRAM__TOKEN": f"42:{'x' * 35}"}
    for command, rest in told.items():
        subprocess.run([*line, command, *rest], cwd=ROOT, env=environ, check=True)


def test_what_they_set_are_settings():
    """Every HAITANG_ variable in here is one the bot knows."""
    from bot.config.settings import load  # noqa: PLC0415

    text = "".join(path.read_text("utf-8") for path in DEPLOY.iterdir() if path.is_file())
    names = set(re.findall(r"HAITANG_[A-Z]+(?:__[A-Z_]+)?", text)) - {"HAITANG_TELEGRAM__TOKEN"}
    values = {"PORT": "8081", "URL": "sqlite+aiosqlite:////data/haitang.db"}
    environ = {n: values.get(n.split("__")[-1], "/data/x") for n in names}
    del environ["HAITANG_TELEGRAM__TOKEN_FILE"]
    settings = load(ROOT / "config.example.toml", environ, needs_token=False)
    assert settings.backup.folder == "/data/x" and settings.health.port == 8081


def test_no_secret_is_in_the_files():
    """# F58: the token comes from a file of its own, or the environment."""
    for path in (p for p in DEPLOY.iterdir() if p.is_file()):
        assert not re.search(r"TELEGRAM__TOKEN\s*[=:]|\d+:[\w-]{30,}", path.read_text("utf-8"))


def test_the_image_runs_as_nobody_and_is_asked_for_its_health():
    text = (DEPLOY / "Dockerfile").read_text("utf-8")
    build, run = re.split(r"(?m)^FROM ", text)[1:]
    assert " AS build" in build and "--constraint constraints.txt" in build
    assert "\nUSER haitang\n" in run and "pip install" not in run
    assert "/healthz" in run and run.index("USER haitang") < run.index("ENTRYPOINT")
    [command] = re.findall(r"(?m)^ENTRYPOINT (.*)$", run)
    assert json.loads(command) == ["haitang"]


def test_the_composition_is_one_that_docker_takes():
    found = shutil.which("docker")
    line = [found or "", "compose", "-f", str(DEPLOY / "compose.yml"), "config", "--format", "json"]
    read = found and subprocess.run(line, capture_output=True, text=True, check=False)
    if not read or read.returncode:
        pytest.skip("there is no docker compose here")
    [service] = json.loads(read.stdout)["services"].values()
    assert service["read_only"] is True and service["cap_drop"] == ["ALL"]
    assert "on-failure" in service["restart"]


@pytest.mark.parametrize("needed", ["read_only: true", "cap_drop: [ALL]", "secrets: [token]"])
def test_the_composition_keeps_the_root_read_only(needed: str):
    assert needed in (DEPLOY / "compose.yml").read_text("utf-8")
