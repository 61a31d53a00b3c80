"""Texts and conditions of the content: sandboxed, strict Jinja2 expressions, and the light markup around them.

Content may use values and `if`, nothing that loops, calls or multiplies, so a text's cost is bounded by its length.
A person's own words can never become markup: they pass through placeholders until the markup has been read.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, MutableMapping, Sequence
from functools import lru_cache
from typing import Any

from jinja2 import StrictUndefined, TemplateSyntaxError, UndefinedError, nodes
from jinja2.exceptions import SecurityError
from jinja2.filters import FILTERS as DEFAULT_FILTERS
from jinja2.sandbox import ImmutableSandboxedEnvironment

from bot.dialogue.message import Span, SpanKind, Text

MAX_SOURCE_CHARS = 2_000

Context = Mapping[str, object]

_ALLOWED = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.If,
    nodes.Name,
    nodes.Getattr,
    nodes.Const,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.CondExpr,
    nodes.Filter,
    nodes.Keyword,
    nodes.Tuple,
    nodes.List,
)
_HIDDEN = {ord(mark): 0xE000 + n for n, mark in enumerate("*_`")}
_SHOWN = {hidden: mark for mark, hidden in _HIDDEN.items()}
_MARKUP = re.compile(
    r"```\n?(?P<pre>[^`]+?)\n?```"
    r"|`(?P<code>[^`\n]+)`"
    r"|(?<!\w)\*(?P<bold>\S(?:[^*\n]*\S)?)\*(?!\w)"
    r"|(?<!\w)_(?P<italic>\S(?:[^_\n]*\S)?)_(?!\w)"
)


class ContentError(ValueError):
    """A text or condition that content may not hold. The message says what is wrong, `line` where in the text."""

    def __init__(self, message: str, line: int = 1) -> None:
        super().__init__(message)
        self.line = line


class MissingValue(ContentError):
    """A text printed a value that is not there."""


class Template:
    """One text of the content. `hash` identifies its source, so that what was heard outlives a restart.

    Checked when made, compiled when first said: most of the script is never heard by one process.
    """

    __slots__ = ("_fixed", "_render", "hash", "source")

    def __init__(self, source: str) -> None:
        """Raise `ContentError` when `source` is no text that content may hold."""
        self.source = source
        self.hash = hashlib.blake2b(source.encode(), digest_size=6).hexdigest()
        self._render: Callable[[Context], str] | None = None
        self._fixed: Text | None = None
        if "{{" in source or "{%" in source or "{#" in source:
            _names_read(source)
        else:
            self._fixed = read_markup(source.strip())

    def render(self, context: Context) -> Text:
        """Return the text for `context`. Raises `ContentError` on a name unknown or a value missing."""
        return self._fixed if self._fixed is not None else read_markup(_tidy(self._filled(context)))

    def as_written(self, context: Context) -> str:
        """Return the text for `context` as it stands: no markup is read and no space is mended. For letters."""
        return self._filled(context).translate(_SHOWN)

    def _filled(self, context: Context) -> str:
        if self._render is None:
            self._render = _rendering(self.source)
        try:
            return self._render(context)
        except (UndefinedError, SecurityError, TypeError) as error:
            raise ContentError(str(error)) from None

    def __reduce__(self) -> tuple[type[Template], tuple[str]]:
        return Template, (self.source,)


class Condition:
    """One expression of the content, true or false."""

    __slots__ = ("_evaluate", "source")

    def __init__(self, source: str) -> None:
        """Raise `ContentError` when `source` is no expression that content may hold."""
        self.source = source
        self._evaluate: Callable[[Context], object] | None = None
        _names_read(f"{{{{ {source} }}}}")

    def holds(self, context: Context) -> bool:
        """Raises `ContentError` on an unknown name or a comparison of unlike things."""
        if self._evaluate is None:
            self._evaluate = _evaluating(self.source)
        try:
            return bool(self._evaluate(context))
        except (UndefinedError, SecurityError) as error:
            raise ContentError(str(error)) from None
        except TypeError as error:
            message = f"{error}; a value may be missing here: ask whether it is there first"
            raise ContentError(message) from None

    def __reduce__(self) -> tuple[type[Condition], tuple[str]]:
        return Condition, (self.source,)


def names_in(source: str, *, expression: bool = False) -> frozenset[str]:
    """Return the dotted names a text (or an expression) reads. Raises `ContentError` if it can't be parsed."""
    return _names_read(f"{{{{ {source} }}}}" if expression else source)


def read_markup(marked: str) -> Text:
    """Return neutral text: `*bold*`, `_italic_`, `` `code` `` and ``` blocks become spans."""
    if not any(mark in marked for mark in "*_`"):
        return Text(plain=marked.translate(_SHOWN))
    plain: list[str] = []
    spans: list[Span] = []
    length = position = 0
    for found in _MARKUP.finditer(marked):
        kind = found.lastgroup
        assert kind is not None
        before, inner = marked[position : found.start()], found[kind]
        spans.append(Span(kind=SpanKind(kind), start=length + len(before), length=len(inner)))
        plain += before, inner
        length += len(before) + len(inner)
        position = found.end()
    plain.append(marked[position:])
    return Text(plain="".join(plain).translate(_SHOWN), spans=tuple(spans))


def _finalize(value: object) -> object:
    match value:
        case None:
            raise MissingValue("prints a value that is missing here; ask for it first with `if` or `when`")
        case bool() | tuple() | list() | dict():
            raise ContentError("prints a yes/no or a list; choose words for it with `if` or `join`")
        case str():
            return value.translate(_HIDDEN)
        case _:
            return value


def _join(values: Iterable[str] | None, separator: str = ", ", last: str | None = None) -> str:
    words = [str(value) for value in values or ()]
    if last is None or len(words) < 2:
        return separator.join(words)
    return separator.join(words[:-1]) + last + words[-1]


def _sentence_start(value: str | None) -> str:
    if value is None:
        raise MissingValue(
            "uses `capitalize` on a value that is missing here; ask for it first with `if` or `when`"
        )
    return value[:1].upper() + value[1:]


class _Environment(ImmutableSandboxedEnvironment):
    """Names lead into the context's own fields only, never to a value's methods."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, Mapping) and attribute in obj:
            return obj[attribute]
        return self.undefined(obj=obj, name=attribute)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """None: texts read their context alone, and a map of maps would be looked through each time one is said."""
        return d if d is not None else {}


def _of_something(name: str) -> Callable[..., object]:
    usual = DEFAULT_FILTERS[name]

    def checked(value: object, *args: object) -> object:
        if value is None:
            raise MissingValue(
                f"uses `{name}` on a value that is missing here; ask for it first with `if` or `when`"
            )
        result: object = usual(value, *args)
        return result

    return checked


def _first(values: Sequence[object] | None) -> object:
    return values[0] if values else None


def _last(values: Sequence[object] | None) -> object:
    return values[-1] if values else None


def _environment() -> ImmutableSandboxedEnvironment:
    environment = _Environment(
        undefined=StrictUndefined, finalize=_finalize, autoescape=False, keep_trailing_newline=False
    )
    kept = ("lower", "upper", "trim", "length")
    environment.filters = {name: _of_something(name) for name in kept} | {
        "first": _first,
        "last": _last,
        "join": _join,
        "capitalize": _sentence_start,
    }
    environment.globals = {}
    return environment


_ENVIRONMENT = _environment()


# Checking and compiling the script, and its translations, ask for each text several times.
_ENOUGH = 16_384


@lru_cache(maxsize=_ENOUGH)
def _rendering(source: str) -> Callable[[Context], str]:
    return _ENVIRONMENT.from_string(source).render


@lru_cache(maxsize=_ENOUGH)
def _evaluating(condition: str) -> Callable[[Context], object]:
    return _ENVIRONMENT.compile_expression(condition, undefined_to_none=False)


@lru_cache(maxsize=_ENOUGH)
def _names_read(source: str) -> frozenset[str]:
    return frozenset(_dotted(_check(source)))


def _check(source: str) -> nodes.Template:
    if len(source) > MAX_SOURCE_CHARS:
        raise ContentError(f"is {len(source)} characters long; {MAX_SOURCE_CHARS} at most")
    try:
        tree = _ENVIRONMENT.parse(source)
    except TemplateSyntaxError as error:
        raise ContentError(error.message or "is not a template", error.lineno) from None
    for node in tree.find_all(nodes.Node):
        if not isinstance(node, _ALLOWED):
            raise ContentError(
                f"uses {type(node).__name__.lower()}, which texts may not; only values and `if`", node.lineno
            )
        if isinstance(node, nodes.Filter) and node.name not in _ENVIRONMENT.filters:
            raise ContentError(
                f"uses the filter `{node.name}`; there are only {', '.join(sorted(_ENVIRONMENT.filters))}",
                node.lineno,
            )
    return tree


def _dotted(node: nodes.Node) -> Iterable[str]:
    if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
        yield f"{node.node.name}.{node.attr}"
    elif isinstance(node, nodes.Name):
        yield node.name
    else:
        for child in node.iter_child_nodes():
            yield from _dotted(child)


def _tidy(text: str) -> str:
    return re.sub(r"[ \t]{2,}", " ", text).strip()
