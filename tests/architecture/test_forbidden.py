"""What is written nowhere in the portal. Each rule is tried on a breach."""

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.source import Module, Rule, dotted, name_of, portal, try_rules

SQL_CALLS = {"execute", "executemany", "raw", "extra", "RawSQL"}
CLOCKS = {
    "timezone.now", "timezone.localdate", "timezone.localtime", "datetime.now", "datetime.today", "datetime.utcnow",
    "date.today", "datetime.datetime.now", "datetime.date.today",
}  # fmt: skip
ENQUEUES = {"delay", "apply_async", "delay_on_commit", "apply_async_on_commit", "send_task"}
OWN_CLOCK = {  # the clock itself, and what belongs to the computer's time: dates of files, mails that really arrived
    "core/clock.py",
    "core/files.py",
    "tot_portal/management/commands/mail_sink.py",
}
SQL_OF_MODELS = {"core/rotation.py"}  # one query over every sealed column; its names come from the models, quoted
MODEL_SIGNALS = {"post_save", "pre_save", "post_delete", "pre_delete", "m2m_changed", "post_init", "pre_init"}


def calls(module: Module) -> Iterator[tuple[int, str, ast.Call]]:
    for node in module.all(ast.Call):
        if name := dotted(node.func):
            yield node.lineno, name, node


def marked_safe(module: Module) -> Iterator[str]:
    """Text that skips escaping. format_html escapes what is put into it."""
    for line, name, _call in calls(module):
        if name.split(".")[-1] in {"mark_safe", "SafeString", "SafeText", "safestring"}:
            yield f"line {line} calls {name}"


def runs_text(module: Module) -> Iterator[str]:
    for line, name, _call in calls(module):
        if name in {"eval", "exec", "compile", "os.system", "__import__"}:
            yield f"line {line} calls {name}"
    for line, name in module.imports:
        if name.split(".")[0] in {"pickle", "marshal", "shelve", "dill"}:
            yield f"line {line} imports {name}"


def sql_put_together(module: Module) -> Iterator[str]:
    if module.path in SQL_OF_MODELS:
        return
    for line, name, call in calls(module):
        if name.split(".")[-1] in SQL_CALLS and call.args:
            sql = call.args[0]
            glued = isinstance(sql, ast.JoinedStr | ast.BinOp) or (
                isinstance(sql, ast.Call) and dotted(sql.func).endswith("format")
            )
            if glued:
                yield f"line {line} puts SQL together from pieces"


def other_clocks(module: Module) -> Iterator[str]:
    if module.path in OWN_CLOCK:
        return
    for line, name, _call in calls(module):
        if any(name == clock or name.endswith(f".{clock}") for clock in CLOCKS):
            yield f"line {line} asks {name}; core.clock knows the time"


def queues_directly(module: Module) -> Iterator[str]:
    if module.role in {"receivers", "tasks"} or module.path == "core/hints.py":  # what all tasks go through
        return
    for line, name, _call in calls(module):
        if name.split(".")[-1] in ENQUEUES and "." in name:
            yield f"line {line} calls {name}; services announce, receivers enqueue"


def model_signals(module: Module) -> Iterator[str]:
    for line, name in module.imports:
        if name.startswith("django.db.models.signals") and name.split(".")[-1] in MODEL_SIGNALS | {"signals"}:
            yield f"line {line} imports {name}"
    for node in module.all(ast.Attribute):
        if node.attr in MODEL_SIGNALS:
            yield f"line {node.lineno} names {node.attr}"


def guessable_numbers(module: Module) -> Iterator[str]:
    if not module.path.startswith("tot_portal/demo"):  # the demo's people come from a seeded dice
        for line, name in module.imports:
            if name.split(".")[0] == "random":
                yield f"line {line} imports random; tokens come from secrets"


def translated_pieces(module: Module) -> Iterator[str]:
    """A sentence with values already inside is in no catalogue."""
    for line, name, call in calls(module):
        glued = call.args and isinstance(call.args[0], ast.JoinedStr | ast.BinOp | ast.Call)
        if glued and name in {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext"}:
            yield f"line {line} translates something put together"


RULES = [
    Rule(
        "nothing skips escaping",
        marked_safe,
        planted=(
            ("core/templatetags/ui.py", "from django.utils.safestring import mark_safe\nmark_safe(name)"),
            ("batches/views.py", "safestring.mark_safe('<b>')"),
        ),
        harmless=(("core/templatetags/ui.py", "def icon() -> SafeString:\n    return format_html('<b>{}</b>', x)"),),
    ),
    Rule(
        "no text becomes code",
        runs_text,
        planted=(
            ("core/jobs.py", "eval(rule)"),
            ("participants/eligibility/evaluation.py", "exec(source)"),
            ("core/cache.py", "import pickle"),
        ),
        harmless=(("core/codes.py", "re.compile('x')"),),
    ),
    Rule(
        "SQL is not put together from pieces",
        sql_put_together,
        planted=(
            ("core/jobs.py", 'cursor.execute(f"SELECT {name}")'),
            ("core/jobs.py", 'cursor.execute("SELECT " + name)'),
            ("core/jobs.py", 'Job.objects.raw("SELECT %s" % name)'),
            ("core/jobs.py", 'cursor.execute("SELECT {}".format(name))'),
        ),
        harmless=(("core/jobs.py", 'cursor.execute("SELECT %s", [name])'),),
    ),
    Rule(
        "the portal has one clock",
        other_clocks,
        planted=(
            ("core/jobs.py", "timezone.now()"),
            ("core/jobs.py", "datetime.now(UTC)"),
            ("core/jobs.py", "datetime.date.today()"),
        ),
        harmless=(("core/jobs.py", "clock.now()\nclock.today()\ndatetime.fromtimestamp(0, UTC)"),),
    ),
    Rule(
        "only receivers and tasks put work into the broker",
        queues_directly,
        planted=(
            ("participants/services/seats.py", "offer.delay(1)"),
            ("batches/views.py", "tasks.offer.apply_async((1,), countdown=30)"),
        ),
        harmless=(("participants/receivers.py", "offer.delay(1)"),),
    ),
    Rule(
        "no receiver listens to saving",
        model_signals,
        planted=(
            ("batches/receivers.py", "from django.db.models.signals import post_save"),
            ("batches/receivers.py", "from django.db.models import signals\nsignals.pre_save.connect(f)"),
        ),
    ),
    Rule("tokens are not guessable", guessable_numbers, planted=(("core/codes.py", "import random"),)),
    Rule(
        "sentences are translated whole",
        translated_pieces,
        planted=(
            ("batches/views.py", '_(f"Kelas {name}")'),
            ("batches/views.py", '_("Kelas %s" % name)'),
        ),
        harmless=(("batches/views.py", '_("Kelas %(name)s") % {"name": name}\n_(scheme.title)'),),
    ),
]


@pytest.mark.parametrize("rule", RULES, ids=name_of)
def test_code_keeps_the_rule(rule):
    assert rule.breaches(portal()) == []


@pytest.mark.parametrize(("rule", "file", "breaks"), try_rules(RULES), ids=name_of)
def test_rule_finds_a_planted_breach(rule, file, breaks):
    assert bool(rule.breaches([Module(*file)])) is breaks
