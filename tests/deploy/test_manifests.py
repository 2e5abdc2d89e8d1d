"""What the image, compose and Kubernetes are told: as their own schemas want it, and as the service needs it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import kubernetes_validate
import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from bot.service.settings import Settings, load_settings

ROOT = Path(__file__).resolve().parents[2]
KUBERNETES = ROOT / "deploy" / "kubernetes"
MANIFESTS = sorted(path.name for path in KUBERNETES.glob("*.yaml") if path.name != "kustomization.yaml")
# A version that is still supported, and the newest one known.
VERSIONS = ("1.34", kubernetes_validate.latest_version())
USER = 10001


def _documents(name: str) -> list[dict[str, Any]]:
    return list(yaml.safe_load_all((KUBERNETES / name).read_text(encoding="utf-8")))


def _all() -> Iterator[dict[str, Any]]:
    for name in MANIFESTS:
        yield from _documents(name)


def _pods() -> dict[str, dict[str, Any]]:
    """Return the specification of each workload's pods."""
    found = {}
    for document in _all():
        if document["kind"] == "CronJob":
            found[document["metadata"]["name"]] = document["spec"]["jobTemplate"]["spec"]["template"]["spec"]
        if document["kind"] == "Deployment":
            found[document["metadata"]["name"]] = document["spec"]["template"]["spec"]
    return found


PODS = _pods()
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", MANIFESTS)
def test_kubernetes_takes_each_manifest(name: str, version: str) -> None:
    for document in _documents(name):
        kubernetes_validate.validate(document, version, strict=True)


def test_the_kustomization_holds_all_but_the_example_of_secrets() -> None:
    made = yaml.safe_load((KUBERNETES / "kustomization.yaml").read_text(encoding="utf-8"))
    assert sorted([*made["resources"], "secrets.example.yaml"]) == MANIFESTS
    (configuration,) = made["configMapGenerator"]
    assert all((KUBERNETES / file).is_file() for file in configuration["files"])


@pytest.mark.parametrize("name", PODS)
def test_a_pod_may_do_nothing_that_it_does_not_need(name: str) -> None:
    pod = PODS[name]
    assert pod["securityContext"] == {
        "runAsNonRoot": True,
        "runAsUser": USER,
        "runAsGroup": USER,
        "fsGroup": USER,
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    assert pod["automountServiceAccountToken"] is False
    for container in pod["containers"]:
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert container["resources"]["limits"]["memory"]
        assert container["image"] == "debtscan"


def _seconds(text: str) -> int:
    return int(text.removesuffix("s"))


def _bytes(text: str) -> int:
    return int(text[:-2]) * {"Mi": 1, "Gi": 1024}[text[-2:]]


def _configured(pod: dict[str, Any]) -> Settings:
    """Return the configuration that the pod's process reads."""
    (container,) = pod["containers"]
    environ = {one["name"]: one.get("value", "x") for one in container["env"]}
    file = KUBERNETES / Path(environ["DEBTSCAN_SERVICE"]).name
    assert (file.parent / file.name).is_file()
    return load_settings(file, {"DEBTSCAN_DATABASE": "postgresql://x"})


@pytest.mark.parametrize(("name", "jobs"), [("debtscan-web", 0), ("debtscan-worker", 2)])
def test_a_process_has_the_time_the_ports_and_the_folder_that_its_configuration_says(name: str, jobs: int) -> None:
    pod = PODS[name]
    (container,) = pod["containers"]
    settings = _configured(pod)
    ports = {port["name"]: port["containerPort"] for port in container["ports"]}

    assert settings.file.jobs == jobs
    assert pod["terminationGracePeriodSeconds"] >= settings.file.stop_seconds + 15
    assert settings.operations == ("0.0.0.0", ports["operations"])  # noqa: S104 - a pod's own network
    assert settings.bind[1] == ports.get("http", 8080)
    assert {"startupProbe", "readinessProbe", "livenessProbe"} <= container.keys()
    mounts = {mount["mountPath"]: mount for mount in container["volumeMounts"]}
    assert set(mounts) == {"/etc/debtscan", "/run/secrets/debtscan", settings.file.data}
    assert [path for path, mount in mounts.items() if not mount.get("readOnly")] == [settings.file.data]


def test_a_worker_has_the_memory_and_the_disk_that_its_limits_say() -> None:
    pod = PODS["debtscan-worker"]
    (container,) = pod["containers"]
    file = _configured(pod).file
    (data,) = [volume["emptyDir"] for volume in pod["volumes"] if "emptyDir" in volume]
    limits = container["resources"]["limits"]

    assert _bytes(limits["memory"]) >= file.jobs * file.limits.scan_memory + 512
    assert _bytes(data["sizeLimit"]) >= file.limits.mirrors * 1.2
    assert _bytes(limits["ephemeral-storage"]) > _bytes(data["sizeLimit"])


def test_every_workload_is_selected_by_what_it_bears() -> None:
    found = list(_all())
    borne = [one["spec"]["template"]["metadata"]["labels"].items() for one in found if one["kind"] == "Deployment"]
    for document in found:
        if document["kind"] in {"Deployment", "PodDisruptionBudget"}:
            wanted = document["spec"]["selector"]["matchLabels"].items()
            assert any(wanted <= labels for labels in borne), document["metadata"]["name"]
    (service,) = [one for one in found if one["kind"] == "Service"]
    assert any(service["spec"]["selector"].items() <= labels for labels in borne)


def test_the_example_of_secrets_names_what_the_service_reads() -> None:
    from bot.service.secret_files import VARIABLES

    secrets = {one["metadata"]["name"]: set(one["stringData"]) for one in _documents("secrets.example.yaml")}
    assert secrets["debtscan"] < set(VARIABLES)
    assert {"app-id", "client-id", "client-secret", "webhook-secret", "private-key.pem"} < secrets["debtscan"]


def test_what_the_example_s_database_is_believed_by_is_mounted_wherever_it_is_asked() -> None:
    (address,) = [
        one["stringData"]["url"]
        for one in _documents("secrets.example.yaml")
        if one["metadata"]["name"] == "debtscan-database"
    ]
    place = Path(parse_qs(urlsplit(address).query)["sslrootcert"][0])
    made = yaml.safe_load((KUBERNETES / "kustomization.yaml").read_text(encoding="utf-8"))
    assert place.name in made["configMapGenerator"][0]["files"]
    for pod in PODS.values():
        (container,) = pod["containers"]
        (name,) = [one["name"] for one in container["volumeMounts"] if one["mountPath"] == str(place.parent)]
        assert {"name": name, "configMap": {"name": "debtscan"}} in pod["volumes"]


def test_compose_waits_for_the_database_where_there_is_one() -> None:
    assert COMPOSE["services"]["debtscan"]["depends_on"] == {
        "postgresql": {"condition": "service_healthy", "required": False}
    }


def test_nothing_private_is_reached_but_what_is_named() -> None:
    (policy,) = [one["spec"] for one in _documents("network.yaml")]
    open_rules = [rule for rule in policy["egress"] if any("ipBlock" in peer for peer in rule["to"])]
    assert [[port["port"] for port in rule["ports"]] for rule in open_rules] == [[443]]
    left_out = {block for peer in open_rules[0]["to"] for block in peer["ipBlock"]["except"]}
    assert {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "fc00::/7"} <= left_out


@pytest.mark.parametrize("name", ["debtscan", "worker"])
def test_compose_gives_the_service_nothing_that_it_does_not_need(name: str) -> None:
    service = COMPOSE["services"][name]
    settings = load_settings(ROOT / "deploy" / "compose" / "service.toml", {})
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert _seconds(service["stop_grace_period"]) >= settings.file.stop_seconds + 15
    writable = [volume for volume in service["volumes"] if not volume.endswith(":ro")]
    assert [volume.partition(":")[2] for volume in writable] == [settings.file.data]
    assert {volume.partition(":")[0] for volume in writable} <= COMPOSE["volumes"].keys()


def test_without_a_profile_compose_starts_one_process_that_the_internet_does_not_reach() -> None:
    usual = [name for name, service in COMPOSE["services"].items() if "profiles" not in service]
    assert usual == ["debtscan"]
    assert COMPOSE["services"]["debtscan"]["ports"] == ["127.0.0.1:8080:8080"]


@pytest.mark.skipif(sys.platform != "linux", reason="needs hadolint, which is installed on Linux")
def test_hadolint_has_nothing_to_say_of_the_image() -> None:
    program = Path(sys.executable).with_name("hadolint")
    done = subprocess.run([program, ROOT / "Dockerfile"], capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_the_image_runs_as_an_ordinary_user_on_the_base_of_one_line() -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert re.findall(r"^FROM (\S+)", text, re.MULTILINE) == ["${PYTHON}", "${PYTHON}"]
    last = text.rpartition("FROM ")[2]
    assert f"\nUSER {USER}:{USER}\n" in last
    assert "\nHEALTHCHECK " in last
    assert "/opt/builder" not in last


def test_what_the_image_is_made_of_is_all_locked_by_hashes() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["service"]]
    lock = (ROOT / "deploy" / "image" / "requirements.txt").read_text(encoding="utf-8")
    pinned = dict(re.findall(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", lock, re.MULTILINE))
    assert lock.count("--hash=sha256:") > len(pinned)
    for requirement in map(Requirement, wanted):
        version = pinned.get(canonicalize_name(requirement.name), "")
        assert requirement.specifier.contains(version), f"{requirement}: run `make image-locks`"


def test_debtscan_finds_no_debt_in_any_of_it(tmp_path: Path) -> None:
    """Offline: what the registries say of the images' tags is not known here, and stands in the report as unknown."""
    report = tmp_path / "report.json"
    command = [sys.executable, "-m", "bot", "scan", str(ROOT), "--offline", "--as-of", "2026-11-27"]
    only = [
        *("--only", "docker", "--only", "infrastructure", "--only", "dependencies"),
        "--format",
        "json",
        "--output",
        str(report),
        "--quiet",
    ]
    done = subprocess.run([*command, *only], capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    found = json.loads(report.read_text(encoding="utf-8"))
    ours = ("Dockerfile", "compose.yaml", "deploy/")

    assert [one for one in found["findings"] + found["ignored"] if one["path"].startswith(ours)] == []
    images = {(one["name"], one["value"]) for one in found["inventory"] if one["path"].startswith(ours)}
    assert {("python", "3.13-slim-trixie"), ("postgres", "17-trixie")} <= images
    unread = [one for one in found["skipped"] if (one["path"] or "").startswith(ours) and one["what"] != "look-up"]
    assert unread == []
