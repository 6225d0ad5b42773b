"""The portal's own source, parsed once, and the form of a rule: a function that yields breaches of one module."""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent.parent
FLOORS = (
    "core",
    "notifications",
    "accounts",
    "batches",
    "participants",
    "assessments",
    "certificates",
    "tot_portal",
)


@dataclass(frozen=True)
class Module:
    """One Python file by its path from the top, `batches/services.py`."""

    path: str
    text: str

    @property
    def app(self) -> str:
        return self.path.split("/")[0]

    @property
    def role(self) -> str:
        """The module's place in its app: `services` for batches/services.py and for batches/services/seats.py."""
        return self.path.split("/")[1].removesuffix(".py")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @cached_property
    def nodes(self) -> list[ast.AST]:
        return list(ast.walk(self.tree))

    def all(self, kind: type) -> Iterator[ast.AST]:
        return (node for node in self.nodes if isinstance(node, kind))

    @property
    def imports(self) -> Iterator[tuple[int, str]]:
        """(line, dotted name) of everything imported, `from a.b import c` as a.b.c."""
        for node in self.nodes:
            if isinstance(node, ast.Import):
                yield from ((node.lineno, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


@dataclass(frozen=True)
class Rule:
    """A rule of the house; `planted` are files that break it, `harmless` files that only look so."""

    name: str
    find: Callable[[Module], Iterator[str]]
    planted: tuple[tuple[str, str], ...]
    harmless: tuple[tuple[str, str], ...] = field(default=())

    def breaches(self, modules: list[Module]) -> list[str]:
        return [f"{module.path}: {breach}" for module in modules for breach in self.find(module)]


@cache
def portal() -> list[Module]:
    """Every Python file of the apps but migrations."""
    return [
        Module(str(path.relative_to(BASE)), path.read_text())
        for app in FLOORS
        for path in sorted((BASE / app).rglob("*.py"))
        if "migrations" not in path.parts
    ]


def dotted(node: ast.AST) -> str:
    """`a.b.c` of a chain of names and attributes, calls and subscripts seen through; '' for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    if isinstance(node, ast.Call):
        return dotted(node.func)
    if isinstance(node, ast.Subscript):
        return dotted(node.value)
    return ""


def try_rules(rules: list[Rule]) -> list:
    """(rule, files, whether they must break it) for the planted and the harmless files of each rule."""
    planted = [(rule, file, True) for rule in rules for file in rule.planted]
    return planted + [(rule, file, False) for rule in rules for file in rule.harmless]


def name_of(value: object) -> str | None:
    """Readable ids for pytest."""
    return value.name if isinstance(value, Rule) else None
