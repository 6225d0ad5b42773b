"""Who may know whom: imports inside and between apps, foreign keys, reverse names. Each rule is tried on a breach."""

import ast
import re
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.conf import settings

from tests.architecture.source import BASE, FLOORS, Module, Rule, name_of, portal, try_rules

PRIVATE = {"views", "forms", "tasks", "emails", "receivers", "admin", "urls", "runners", "middleware", "adapter"}
OFFERED_BY_CORE = {"views", "forms", "middleware"}  # the floor's shared pieces of HTTP
ORDER = {
    **dict.fromkeys(["states", "signals", "errors"], 0),
    "models": 1,
    **dict.fromkeys(["policies", "selectors"], 2),
    "emails": 3,
    "services": 4,
    **dict.fromkeys(["forms", "tasks"], 5),
    **dict.fromkeys(["views", "receivers", "admin"], 6),
    **dict.fromkeys(["urls", "apps"], 7),
}


def floor(app: str) -> int:
    return FLOORS.index(app)


def imports_of_the_house(module: Module) -> Iterator[tuple[int, str, str]]:
    """(line, app, module role) of what is imported from our apps."""
    for line, name in module.imports:
        app, _dot, rest = name.partition(".")
        if app in FLOORS:
            yield line, app, rest.split(".")[0]


def imports_upward(module: Module) -> Iterator[str]:
    for line, app, role in imports_of_the_house(module):
        if floor(app) > floor(module.app):
            yield f"line {line} imports {app}.{role} from above"


def imports_private(module: Module) -> Iterator[str]:
    if module.app == "tot_portal":
        return  # the roof wires everything
    for line, app, role in imports_of_the_house(module):
        kind = role.split("_")[-1]  # allauth_forms are forms
        if app != module.app and kind in PRIVATE and not (app == "core" and kind in OFFERED_BY_CORE):
            yield f"line {line} imports {app}.{role}, which is private"


def imports_out_of_order(module: Module) -> Iterator[str]:
    rank = ORDER.get(module.role)
    for line, app, role in imports_of_the_house(module):
        if rank is not None and app == module.app and ORDER.get(role, -1) > rank:
            yield f"line {line}: {module.role} imports {role}"


def services_import_tasks(module: Module) -> Iterator[str]:
    if module.role == "services":
        for line, app, role in imports_of_the_house(module):
            if role == "tasks":
                yield f"line {line} imports {app}.tasks"


def relative_imports(module: Module) -> Iterator[str]:
    for node in module.all(ast.ImportFrom):
        if node.level:
            yield f"line {node.lineno} imports relatively"


RULES = [
    Rule(
        "imports point down",
        imports_upward,
        planted=(
            ("batches/models.py", "from participants.models import Registration"),
            ("core/jobs.py", "def run():\n    import accounts.models"),
            ("notifications/services.py", "from tot_portal import access"),
        ),
        harmless=(("participants/models.py", "from batches.models import Batch"),),
    ),
    Rule(
        "private modules stay private",
        imports_private,
        planted=(
            ("participants/views.py", "from batches.forms import BatchForm"),
            ("participants/services/seats.py", "from accounts import emails"),
            ("batches/receivers.py", "from core.tasks import run_job"),
            ("participants/views/desk.py", "from accounts.allauth_forms import LoginForm"),
        ),
        harmless=(
            ("participants/views.py", "from core.views import safe_next\nfrom participants.forms import PartForm"),
        ),
    ),
    Rule(
        "modules of an app build on each other in one direction",
        imports_out_of_order,
        planted=(
            ("batches/models.py", "from batches.services import open_batch"),
            ("batches/states.py", "from batches import models"),
            ("batches/selectors.py", "from batches.forms import BatchForm"),
            ("participants/forms/parts.py", "from participants.views import desk"),
        ),
        harmless=(("batches/services.py", "from batches import emails, models, nik"),),
    ),
    Rule(
        "services never import tasks",
        services_import_tasks,
        planted=(
            ("participants/services/seats.py", "from participants.tasks import offer"),
            ("batches/services.py", "from core import tasks"),
        ),
    ),
    Rule("imports are absolute", relative_imports, planted=(("batches/services.py", "from . import models"),)),
]


@pytest.mark.parametrize("rule", RULES, ids=name_of)
def test_code_keeps_the_rule(rule):
    assert rule.breaches(portal()) == []


@pytest.mark.parametrize(("rule", "file", "breaks"), try_rules(RULES), ids=name_of)
def test_rule_finds_a_planted_breach(rule, file, breaks):
    assert bool(rule.breaches([Module(*file)])) is breaks


# --- foreign keys: strings slip past import linters, so the models themselves are asked


def upward_keys(keys: list[tuple[str, str, str]]) -> list[str]:
    """Of (owner, field, target) the keys that point up. Below accounts, only AUTH_USER_MODEL may be named."""
    return [
        f"{owner}.{name} -> {target}"
        for owner, name, target in keys
        if floor(target.split(".")[0]) > floor(owner.split(".")[0]) and target != settings.AUTH_USER_MODEL
    ]


def keys_of_the_models() -> list[tuple[str, str, str]]:
    return [
        (model._meta.label, key.name, key.related_model._meta.label)
        for model in apps.get_models()
        for key in [*model._meta.fields, *model._meta.many_to_many]
        if key.is_relation and key.related_model and model._meta.app_label in FLOORS
        if key.related_model._meta.app_label in FLOORS
    ]


def test_foreign_keys_point_down():
    assert upward_keys(keys_of_the_models()) == []


def test_upward_foreign_key_is_found():
    planted = [("batches.Batch", "first", "participants.Registration"), ("core.Job", "owner", "accounts.User")]

    assert upward_keys(planted) == ["batches.Batch.first -> participants.Registration"]


# --- reverse names: they belong to the app that declares the key


def reverse_names() -> list[tuple[str, str]]:
    """(owner, name by which the lower app could reach up) of each key that crosses apps."""
    found = []
    for model in apps.get_models():
        for key in model._meta.fields:
            target = key.related_model
            if not key.is_relation or model._meta.app_label not in FLOORS or target._meta.app_label not in FLOORS:
                continue
            if target._meta.app_label != model._meta.app_label and not key.remote_field.hidden:
                accessor = key.remote_field.get_accessor_name()
                found += [(model._meta.app_label, accessor), (model._meta.app_label, key.related_query_name())]
    return sorted(set(found))


def own_fields(app: str) -> set[str]:
    """Names that models up to this floor declare themselves; they cannot be told from a reverse name."""
    return {
        field.name
        for model in apps.get_models()
        if model._meta.app_label in FLOORS and floor(model._meta.app_label) <= floor(app)
        for field in model._meta.fields
    }


QUERY = r"(Count|Sum|Min|Max|F|Q|Prefetch|[a-z_]*related|values|values_list|order_by)\([^()]*[\"']-?"


def reaches_up(app: str, text: str, names: list[tuple[str, str]]) -> list[str]:
    taken = own_fields(app)
    above = {name for owner, name in names if floor(owner) > floor(app)} - taken
    return sorted(name for name in above if re.search(rf"\.{name}\b(?!\()|\b{name}__|{QUERY}{name}[\"']", text))


def texts_of_apps() -> Iterator[tuple[str, str, str]]:
    yield from ((module.app, module.path, module.text) for module in portal())
    for app in FLOORS:
        for path in sorted((BASE / "templates" / app).rglob("*.html")):
            yield app, str(path.relative_to(BASE)), path.read_text()


def test_reverse_names_are_not_used_below_their_owner():
    names = reverse_names()

    assert ("participants", "registrations") in names
    assert {path: found for app, path, text in texts_of_apps() if (found := reaches_up(app, text, names))} == {}


@pytest.mark.parametrize(
    "text",
    [
        "batch.registrations.count()",
        'Batch.objects.annotate(n=Count("registrations"))',
        "Batch.objects.filter(registrations__status='x')",
        "{{ batch.registrations.count }}",
    ],
)
def test_reverse_name_from_below_is_found(text):
    assert reaches_up("batches", text, [("participants", "registrations")]) == ["registrations"]
    assert reaches_up("participants", text, [("participants", "registrations")]) == []
