"""prefect.yaml and what is in docs/deploy/ fit each other, the code and the programs that read them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from pipeline.project import flow_module, load_project

DEPLOY = Path("docs", "deploy")
SETTINGS = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
    "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",
    "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",
    "PREFECT_SERVER_API_CORS_ALLOWED_ORIGINS": "http://127.0.0.1:4200,http://localhost:4200",
}


@pytest.fixture(scope="module")
def compose(root: Path) -> Any:
    return YAML(typ="safe").load((root / DEPLOY / "compose.yaml").read_text(encoding="utf-8"))


def units(root: Path) -> list[Path]:
    return sorted((root / DEPLOY / "systemd").iterdir())


def prefect_settings(text: str) -> Iterator[str]:
    return (name for name in re.findall(r"\b(PREFECT_[A-Z_]+)", text))


def test_prefect_yaml_deploys_the_nightly_flow_at_the_usual_time(root: Path, tmp_path: Path) -> None:
    nightly = flow_module("nightly").nightly
    (deployment,) = YAML(typ="safe").load((root / "prefect.yaml").read_text(encoding="utf-8"))["deployments"]
    file, name = deployment["entrypoint"].split(":")
    assert (root / file, name) == (Path(nightly.fn.__code__.co_filename), nightly.fn.__name__)
    assert "parameters" not in deployment
    assert not nightly.parameters.properties, "a run may bring no places of its own"
    automations = YAML(typ="safe").load((root / DEPLOY / "automations.yaml").read_text(encoding="utf-8"))
    for automation in automations["automations"]:
        assert automation["trigger"]["match_related"]["prefect.resource.name"] == nightly.name
    (schedule,) = deployment["schedules"]
    usual = load_project(tmp_path)
    assert (schedule["cron"], schedule["timezone"]) == (usual.cron, usual.timezone)
    assert "concurrency_limit" not in deployment, "its slot would outlive a killed run"


def test_every_setting_of_prefect_is_one_that_prefect_knows(root: Path) -> None:
    import prefect.settings

    files = [root / DEPLOY / name for name in ("prefect.env", "compose.yaml")]
    for name in (name for file in files for name in prefect_settings(file.read_text(encoding="utf-8"))):
        assert hasattr(prefect.settings, name), name


def test_units_and_compose_say_the_same_to_prefect(root: Path, compose: Any) -> None:
    lines = (root / DEPLOY / "prefect.env").read_text(encoding="utf-8").splitlines()
    said = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    services = compose["services"]
    assert said.items() >= SETTINGS.items()
    assert (services["server"]["environment"] | services["worker"]["environment"]).items() >= SETTINGS.items()
    for database in (said, services["server"]["environment"]):
        assert database["PREFECT_API_DATABASE_CONNECTION_URL"].startswith("postgresql+asyncpg://prefect:")


def test_no_server_starts_without_a_secret(root: Path, compose: Any) -> None:
    said = (root / DEPLOY / "prefect.env").read_text(encoding="utf-8")
    secret = "PREFECT_SERVER_API_AUTH_STRING"
    assert f"\n{secret}=\n" in said, "each has its own"
    assert f'test -n "${{{secret}}}"' in (root / DEPLOY / "systemd" / "wenshu-server.service").read_text()
    services = compose["services"]
    assert services["server"]["environment"][secret] == "${WENSHU_AUTH}"
    for name in ("server", "worker", "deploy"):
        assert services[name]["environment"]["PREFECT_API_AUTH_STRING"].startswith("${WENSHU_AUTH:?")


def test_prefect_takes_the_automations(root: Path) -> None:
    from prefect.events.schemas.automations import AutomationCore

    path = root / DEPLOY / "automations.yaml"
    for automation in YAML(typ="safe").load(path.read_text(encoding="utf-8"))["automations"]:
        taken = AutomationCore.model_validate(automation)
        assert taken.trigger.posture.value == "Proactive"
        assert taken.trigger.within.total_seconds() >= 3 * int(SETTINGS["PREFECT_FLOWS_HEARTBEAT_FREQUENCY"])
        assert {f"prefect.flow-run.{name}" for name in ("Released", "Unchanged", "Withheld")} <= set(
            taken.trigger.expect
        )


def test_images_are_pinned_and_nothing_is_open_to_the_network(root: Path, compose: Any) -> None:
    images = {service["image"] for service in compose["services"].values()}
    dockerfile = (root / DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    images |= set(re.findall(r"^FROM (\S+)", dockerfile, re.M))
    for image in images - {"wenshu:local"}:
        assert re.search(r":\d+\.\d+", image), image
    ports = [port for service in compose["services"].values() for port in service.get("ports", ())]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_a_worker_takes_one_run_at_a_time_from_the_pool_of_prefect_yaml(root: Path, compose: Any) -> None:
    (deployment,) = YAML(typ="safe").load((root / "prefect.yaml").read_text(encoding="utf-8"))["deployments"]
    pool = deployment["work_pool"]["name"]
    unit = (root / DEPLOY / "systemd" / "wenshu-worker.service").read_text(encoding="utf-8")
    for said in (unit, " ".join(compose["services"]["worker"]["command"])):
        assert re.search(rf"prefect worker start --pool {pool}\b.* --limit 1\b", said)


def test_compose_reads_the_file(root: Path, compose: Any, tmp_path: Path) -> None:
    if not (command := shutil.which("docker-compose")):
        pytest.skip(
            "no docker-compose here (Debian: apt-get install docker-compose); it needs no engine for this"
        )
    copied = tmp_path / "compose.yaml"
    # Debian's is older than this key, and reads all else as today's does.
    YAML(typ="safe").dump({key: value for key, value in compose.items() if key != "name"}, copied)
    environment = os.environ | {"POSTGRES_PASSWORD": "secret", "WENSHU_AUTH": "secret"}
    checked = [command, "-f", str(copied), "config", "--quiet"]
    done = subprocess.run(checked, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    environment.pop("POSTGRES_PASSWORD")
    done = subprocess.run(checked, env=environment, capture_output=True, text=True, check=False)
    assert "give the database a password" in done.stderr


def test_systemd_finds_nothing_to_say_about_the_units(root: Path, tmp_path: Path) -> None:
    if not (command := shutil.which("systemd-analyze")):
        pytest.skip("no systemd-analyze here (Debian: apt-get install systemd)")
    for unit in units(root):
        # It looks for the programs: let them be somewhere that is here.
        text = unit.read_text(encoding="utf-8")
        (tmp_path / unit.name).write_text(re.sub(r"=(-?)/srv/wenshu/.venv/bin/\w+", r"=\1/bin/true", text))
    paths = [str(tmp_path / unit.name) for unit in units(root)]
    done = subprocess.run(
        [command, "verify", "--man=no", *paths], capture_output=True, text=True, check=False
    )
    ours = [line for line in done.stderr.splitlines() if "wenshu" in line]
    assert (done.returncode, ours) == (0, [])
