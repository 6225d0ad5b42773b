"""Which function writes the text of which kind of mail. The owning apps fill this in their `ready()`."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import override


@dataclass(frozen=True)
class Attachment:
    """A file that travels with a mail; it is read when the mail is sent and kept nowhere."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class Message:
    """A written mail. `html` may be empty; `text` says the same for readers without HTML."""

    subject: str
    text: str
    html: str = ""
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True)
class Variable:
    """What the LSP may name in its own words; `path` leads to it from the values that the mail's templates get."""

    label: str | Promise
    path: str


# (params, language) -> the mail, or None when its cause is gone: then nothing is sent
Renderer = Callable[[dict[str, Any], str], Message | None]
# params of many mails -> the same params with what the renderer would have to read for each of them
Loader = Callable[[Sequence[dict[str, Any]]], list[dict[str, Any]]]


@dataclass(frozen=True)
class Kind:
    """One kind of mail, as the owning app registers it; see `register`."""

    title: str | Promise
    renderer: Renderer | None = None
    loader: Loader | None = None
    variables: Mapping[str, Variable] = field(default_factory=dict)


_kinds: dict[str, Kind] = {}
_contexts: list[Callable[[], dict[str, Any]]] = []
_group_pages: dict[str, Callable[[str], str]] = {}
_shared_variables: dict[str, Variable] = {}
_being_written: ContextVar[str] = ContextVar("kind_being_written", default="")
_shared: ContextVar[dict[str, Any] | None] = ContextVar("shared_context", default=None)


def register(
    kind: str, renderer: Renderer | None, *, title: str | Promise, loader: Loader | None = None,
    variables: Mapping[str, Variable] | None = None,
) -> None:  # fmt: skip
    """Names the writer and the title of a kind; mails that arrive with their text have no writer (None).

    `loader` reads for many mails at once what the writer reads for one: for pages that show many.
    `variables` are the names that the LSP's own words may use in this kind. Every mail of it works all of them out,
    so that a path that leads nowhere shows at once.
    """
    _kinds[kind] = Kind(title, renderer, loader, variables or {})


def _kind(name: str) -> Kind:
    """What is known of the kind; of one that nobody registers any more, its bare name."""
    return _kinds.get(name) or Kind(name)


def register_groups(prefix: str, page: Callable[[str], str]) -> None:
    """Names the page on which a held group "<prefix><code>" is compared and released; it gets the code."""
    _group_pages[prefix] = page


def group_page(group: str) -> str:
    """The address of a held group's page; "" when nobody has one."""
    return next((page(group[len(prefix) :]) for prefix, page in _group_pages.items() if group.startswith(prefix)), "")


def render(kind: str, params: dict[str, Any], language: str) -> Message | None:
    """The mail in `language`; None when its cause is gone. KeyError for a kind that nobody writes."""
    renderer = _kind(kind).renderer
    if renderer is None:
        raise KeyError(kind)
    with override(language), writing(kind):
        return renderer(params, language)


def load_many(mails: Sequence[tuple[str, dict[str, Any]]]) -> list[dict[str, Any]]:
    """The params of each (kind, params), in their order, with what the kinds' loaders have read: for `render`."""
    loaded = [params for _kind, params in mails]
    loaders = [_kind(kind).loader for kind, _params in mails]
    for loader in {one for one in loaders if one}:
        places = [place for place, one in enumerate(loaders) if one is loader]
        for place, params in zip(places, loader([loaded[place] for place in places]), strict=True):
            loaded[place] = params
    return loaded


@contextmanager
def context_read_once() -> Iterator[None]:
    """Within it, what every mail template gets is read once for all mails."""
    token = _shared.set(shared_context())
    try:
        yield
    finally:
        _shared.reset(token)


@contextmanager
def writing(kind: str) -> Iterator[None]:
    """Inside, templates are filled for a mail of this kind."""
    token = _being_written.set(kind)
    try:
        yield
    finally:
        _being_written.reset(token)


def kind_being_written() -> str:
    """The kind that `render` is at work on; "" for mails that are written without it."""
    return _being_written.get()


def written_kinds() -> list[str]:
    """Kinds whose text the portal writes when it is sent, in the order in which they were registered."""
    return [name for name, kind in _kinds.items() if kind.renderer]


def ready_kinds() -> list[str]:
    """Kinds that arrive with their text: mails of accounts, and trials."""
    return [name for name, kind in _kinds.items() if not kind.renderer]


def variables_of(kind: str) -> dict[str, Variable]:
    """The names that own words of this kind may use, those of every mail last."""
    return {**_kind(kind).variables, **_shared_variables}


def kinds() -> list[tuple[str, str]]:
    """All kinds with their titles, in the order of the titles."""
    return sorted(((name, str(kind.title)) for name, kind in _kinds.items()), key=lambda pair: pair[1])


def kind_title(kind: str) -> str:
    """The kind in the reader's language; the bare name of a kind that nobody registers any more."""
    return str(_kind(kind).title)


def add_context(source: Callable[[], dict[str, Any]], *, variables: Mapping[str, Variable] | None = None) -> None:
    """Adds values that every mail template gets, such as the sender's name and address, and names for own words."""
    if source not in _contexts:
        _contexts.append(source)
    _shared_variables.update(variables or {})


def shared_context() -> dict[str, Any]:
    """What every mail template gets."""
    if (known := _shared.get()) is not None:
        return known
    values: dict[str, Any] = {}
    for source in _contexts:
        values |= source()
    return values
