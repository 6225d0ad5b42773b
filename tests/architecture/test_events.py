"""docs/events.md tells exactly what is announced, by whom, and who listens."""

import ast
import re
from collections import defaultdict

from tests import documents
from tests.architecture.source import FLOORS, Module, dotted, portal

HEAD = ["Event", "Ids", "Announced by", "Heard by"]


def signals(modules: list[Module]) -> dict[str, str]:
    """Name -> payload as the comment behind `Signal()` promises it."""
    line = re.compile(r"^(\w+) = Signal\(\)(?:  # (.+))?$", re.MULTILINE)
    return {name: payload for module in modules for name, payload in line.findall(module.text)}


def announcements(modules: list[Module]) -> dict[str, set[tuple[str, str]]]:
    """Signal -> {(function that announces it, ids that it sends)}."""
    found = defaultdict(set)
    for module in modules:
        for function in module.all(ast.FunctionDef):
            for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
                if dotted(call.func).split(".")[-1] == "announce" and call.args:
                    ids = ", ".join(sorted(word.arg or "**" for word in call.keywords if word.arg != "sender"))
                    place = f"{module.path.removesuffix('.py').replace('/', '.')}.{function.name}"
                    found[dotted(call.args[0]).split(".")[-1]].add((place, ids))
    return found


def listeners(modules: list[Module]) -> dict[str, set[str]]:
    """Signal -> {app → task} of the functions under @receiver; signals of libraries are left out."""
    found = defaultdict(set)
    for module in modules:
        foreign = {name.split(".")[-1] for _line, name in module.imports if name.split(".")[0] not in FLOORS}
        for function in module.all(ast.FunctionDef):
            tasks = re.findall(r"(\w+)\.(?:delay|apply_async)\(", ast.unparse(function)) or [function.name]
            for signal in set(heard_by(function)) - foreign:
                found[signal] |= {f"{module.app} → `{task}`" for task in tasks}
    return found


def heard_by(function: ast.FunctionDef) -> list[str]:
    """Signals that stand in its @receiver(signal) or @receiver([signal, …])."""
    decorators = [part for part in function.decorator_list if isinstance(part, ast.Call) and part.args]
    named = [part.args[0] for part in decorators if dotted(part.func) == "receiver"]
    return [dotted(signal) for node in named for signal in (node.elts if isinstance(node, ast.List) else [node])]


def events_table(modules: list[Module]) -> str:
    heard, announced = listeners(modules), announcements(modules)
    rows = [
        (
            f"`{name}`",
            f"`{payload}`",
            ", ".join(sorted(f"`{place}`" for place, _ids in announced[name])) or "nobody yet",
            ", ".join(sorted(heard[name])) or "nobody yet",
        )
        for name, payload in sorted(signals(modules).items())
    ]
    return documents.table(HEAD, rows)


def faults(modules: list[Module]) -> list[str]:
    """Announcements and listeners of unknown signals, and ids other than the promised ones."""
    known = signals(modules)
    found = [f"{name} is announced but is no signal" for name in announcements(modules) if name not in known]
    found += [f"{name} is heard but is no signal" for name in listeners(modules) if name not in known]
    for name, places in announcements(modules).items():
        found += [
            f"{place} sends {ids}, promised {known[name]}" for place, ids in places if known.get(name, ids) != ids
        ]
    return found


def test_announcements_keep_their_promise():
    assert faults(portal()) == []


def test_signals_live_in_signals_modules():
    assert {module.path for module in portal() if "= Signal(" in module.text and module.role != "signals"} == set()


def test_events_page_agrees_with_the_code():
    assert documents.agrees("events.md", events_table(portal()))


def test_planted_faults_are_found():
    planted = [
        Module("batches/signals.py", "from django.dispatch import Signal\n\nbatch_opened = Signal()  # batch_id\n"),
        Module("batches/services.py", "def open_batch():\n    announce(batch_opened, sender=B, batch=1)\n"),
        Module(
            "batches/receivers.py", "@receiver(batch_closed)\ndef go(batch_id, **kwargs):\n    tell.delay(batch_id)\n"
        ),
    ]

    assert faults(planted) == [
        "batch_closed is heard but is no signal",
        "batches.services.open_batch sends batch, promised batch_id",
    ]
    assert "| `batch_opened` | `batch_id` | `batches.services.open_batch` | nobody yet |" in events_table(planted)
