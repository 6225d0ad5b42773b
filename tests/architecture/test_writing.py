"""Who writes what, and how rows are locked and loaded. Each rule is tried on a breach."""

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.source import Module, Rule, dotted, name_of, portal, try_rules

STATUS_OWNERS = {"core/jobs.py", "core/versioned.py"}  # the floor's own states; everywhere else services write
SEATS_OWNER = "batches/services"
LOADERS = {"get_object_or_404", "get_list_or_404", "aget_object_or_404"}
OF_SOMEBODY = {"Registration", "Document", "Person", "Job", "StoredFile"}  # rows that belong to one person
STARTS_FROM_THE_USER = ("visible_to", "owned_by")


def writes_of(module: Module, name: str) -> Iterator[int]:
    """Lines that write the field: obj.name = …, setattr(obj, "name", …), and name= in update()."""
    for node in module.nodes:
        targets = getattr(node, "targets", None) or [getattr(node, "target", None)]
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
            flat = [part for target in targets for part in (target.elts if isinstance(target, ast.Tuple) else [target])]
            if any(isinstance(target, ast.Attribute) and target.attr == name for target in flat):
                yield node.lineno
        elif isinstance(node, ast.Call):
            called = dotted(node.func)
            if called.endswith(".update") and any(word.arg == name for word in node.keywords):
                yield node.lineno
            if called == "setattr" and isinstance(node.args[1], ast.Constant) and node.args[1].value == name:
                yield node.lineno


def status_outside_services(module: Module) -> Iterator[str]:
    if module.role != "services" and module.path not in STATUS_OWNERS:
        yield from (f"line {line} writes status" for line in writes_of(module, "status"))


def seats_outside_their_service(module: Module) -> Iterator[str]:
    if not module.path.startswith(SEATS_OWNER):
        yield from (f"line {line} writes seats_held" for line in writes_of(module, "seats_held"))


def vague_locks(module: Module) -> Iterator[str]:
    for node in module.all(ast.Call):
        locks = isinstance(node.func, ast.Attribute) and node.func.attr == "select_for_update"
        if locks and not any(word.arg == "no_key" for word in node.keywords):
            yield f"line {node.lineno} locks without naming the strength"


def objects_get_in_views(module: Module) -> Iterator[str]:
    if module.role not in {"views", "homes"}:
        return
    for node in module.all(ast.Call):
        chain = dotted(node.func)
        if ".objects." in chain and chain.endswith((".get", ".get_or_create", "objects.first", "objects.last")):
            yield f"line {node.lineno} loads by {chain}"


def strangers_rows_in_views(module: Module) -> Iterator[str]:
    """A view that loads a row of a person starts from the user."""
    if module.role not in {"views", "homes"} or module.app == "tot_portal":
        return
    for node in module.all(ast.Call):
        if dotted(node.func).split(".")[-1] in LOADERS and node.args:
            chain = dotted(node.args[0])
            if chain.split(".")[0] in OF_SOMEBODY and not any(word in chain for word in STARTS_FROM_THE_USER):
                yield f"line {node.lineno} loads {chain} without asking whose it is"


RULES = [
    Rule(
        "status is written by services only",
        status_outside_services,
        planted=(
            ("batches/views.py", "batch.status = BatchStatus.OPEN"),
            ("batches/models.py", "class B:\n    def open(self):\n        self.status, self.at = 'open', 1"),
            ("participants/tasks.py", "Registration.objects.filter(pk=1).update(status='confirmed')"),
            ("participants/forms/parts.py", "setattr(registration, 'status', 'x')"),
            ("tot_portal/demo/people.py", "registration.status: str = 'confirmed'"),
        ),
        harmless=(
            ("batches/services.py", "batch.status = BatchStatus.OPEN"),
            ("batches/views.py", "response.status_code = 422\nstatus = batch.status\ncontext.update(state=1)"),
        ),
    ),
    Rule(
        "seats_held is written by the seats of batches only",
        seats_outside_their_service,
        planted=(
            ("participants/services/seats.py", "batch.seats_held += 1"),
            ("batches/models.py", "Batch.objects.update(seats_held=F('seats_held') + 1)"),
        ),
        harmless=(("participants/selectors/review.py", "left = batch.capacity - batch.seats_held"),),
    ),
    Rule(
        "a lock names its strength",
        vague_locks,
        planted=(("batches/services.py", "Batch.objects.select_for_update().get(pk=1)"),),
        harmless=(("batches/services.py", "Batch.objects.select_for_update(no_key=True).get(pk=1)"),),
    ),
    Rule(
        "views do not load by objects.get",
        objects_get_in_views,
        planted=(
            ("batches/views.py", "batch = Batch.objects.get(code=code)"),
            ("participants/views/desk.py", "Registration.objects.filter(code=code).get()"),
            ("participants/views/desk.py", "Registration.objects.select_related('batch').get(code=code)"),
            ("accounts/views.py", "User.objects.first()"),
        ),
        harmless=(
            ("batches/views.py", "batch = get_object_or_404(Batch.objects.visible_to(request.user), code=code)"),
            ("batches/views.py", "newest = Batch.objects.accepting().order_by('starts_on').first()"),
        ),
    ),
    Rule(
        "views load a person's rows through the user",
        strangers_rows_in_views,
        planted=(
            ("participants/views/mine.py", "get_object_or_404(Registration, code=code)"),
            ("participants/views/files.py", "get_object_or_404(Document.objects.select_related('file'), code=code)"),
        ),
        harmless=(
            (
                "participants/views/mine.py",
                "get_object_or_404(Registration.objects.visible_to(request.user), code=code)",
            ),
            ("participants/views/mine.py", "get_object_or_404(registration.documents, code=code)"),
        ),
    ),
]


@pytest.mark.parametrize("rule", RULES, ids=name_of)
def test_code_keeps_the_rule(rule):
    assert rule.breaches(portal()) == []


@pytest.mark.parametrize(("rule", "file", "breaks"), try_rules(RULES), ids=name_of)
def test_rule_finds_a_planted_breach(rule, file, breaks):
    assert bool(rule.breaches([Module(*file)])) is breaks
