"""Every environment name that the code reads is explained, and every explained name is read."""

import ast
import re

from tests.architecture.source import BASE, Module, dotted, portal

READERS = {"text", "flag", "number", "words", "secret", "key", "keys", "database", "broker", "mail_service"}
OF_THE_SYSTEM = {
    "DJANGO_SETTINGS_MODULE",
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "TZ",
    "TMPDIR",
    "SUDO_USER",
    "PYTHONPATH",
    "MAKELEVEL",
    "FONTCONFIG_FILE",  # set for the printer, read by its libraries
}
ONLY_COMPOSE = {"POSTGRES_PASSWORD", "VALKEY_PASSWORD"}
MADE_BY_COMPOSE = {"DATABASE_URL", "REDIS_URL", "VAR_DIR"}  # docker-compose.yml puts them together


def names_read(modules: list[Module]) -> set[str]:
    found = set()
    for module in modules:
        for node in module.all(ast.Call):
            called = dotted(node.func)
            reads = called in {f"env.{reader}" for reader in READERS} or called in {"os.environ.get", "os.getenv"}
            if reads and node.args and isinstance(node.args[0], ast.Constant):
                found.add(node.args[0].value)
        for node in module.all(ast.Subscript):
            if dotted(node.value) == "os.environ" and isinstance(node.slice, ast.Constant):
                found.add(node.slice.value)
    return found - OF_THE_SYSTEM


def explained() -> set[str]:
    rows = re.findall(r"^\| (`.+?) \|", (BASE / "docs/settings.md").read_text(), re.MULTILINE)
    return set(re.findall(r"`([A-Z][A-Z_0-9]+)`", " ".join(rows)))


def code() -> list[Module]:
    more = [*(BASE / "tools").glob("*.py"), BASE / "tests/embedded_servers.py"]
    return portal() + [Module(str(path.relative_to(BASE)), path.read_text()) for path in more]


def test_names_that_are_read_are_explained():
    assert names_read(code()) - explained() - {"PYTEST_XDIST_WORKER", "TEST_VAR_DIR"} == set()


def test_names_that_are_explained_are_read():
    assert explained() - names_read(code()) - ONLY_COMPOSE - {"TEST_DATABASE_URL", "TEST_REDIS_URL"} == set()


def test_example_names_what_production_sets():
    example = set(re.findall(r"^([A-Z0-9_]+)=", (BASE / ".env.example").read_text(), re.MULTILINE))
    page = (BASE / "docs/settings.md").read_text().split("## Only the trial")[0]
    in_production = {name for name in explained() if f"`{name}`" in page}

    assert example == in_production - MADE_BY_COMPOSE


def test_unexplained_name_is_found():
    planted = Module("tot_portal/settings.py", 'A = env.flag("NEW_SWITCH")\nB = os.environ["OTHER"]')

    assert names_read([planted]) - explained() == {"NEW_SWITCH", "OTHER"}
