"""Every text of a flow that people read, under the key by which a translation names it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b

from bot.script.documents import CaseDocument, FlowDocument, LineDocument, Says, StepDocument
from bot.script.source import KeyPath

FINGERPRINT_BYTES = 4
STARTS = "words"  # the whole texts that lead to a flow, under `texts:` of its translation


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """One thing said, in all its variants. `step` None: a text of the flow itself. `keys` lead to it in its file.

    `key` is `say/<line>`, `say/<line>/<case>`, `again`, `choice/<key>`, `done`, `title`, `words`, `menu/<command>`, …
    """

    step: str | None
    key: str
    variants: tuple[str, ...]
    keys: KeyPath
    whens: tuple[str, ...] = ()
    is_label: bool = False

    @property
    def fingerprint(self) -> str:
        """Changes with any word of any variant: a translation names the one it was made from."""
        return fingerprint(self.variants)


def fingerprint(variants: tuple[str, ...]) -> str:
    joined = "\0".join(text.strip() for text in variants)
    return blake2b(joined.encode(), digest_size=FINGERPRINT_BYTES).hexdigest()


def wordings(document: FlowDocument, types: Mapping[str, str]) -> Iterator[Wording]:
    """Yield every text of a flow in the order of its file. `types` are those of all flows' variables."""
    if document.title is not None:
        yield Wording(step=None, key="title", variants=(document.title,), keys=("title",))
    if words := document.starts_on.words:
        yield Wording(step=None, key=STARTS, variants=tuple(words), keys=("starts_on", "words"))
    for name, texts in (("menu", document.menu), ("labels", document.labels)):
        for key, text in texts.items():
            yield Wording(step=None, key=f"{name}/{key}", variants=(text,), keys=(name, key))
    for name, step in document.steps.items():
        yield from _of_step(name, step)
        yield from _set_words(name, "set", step.set, types, ("steps", name, "set"))
        for key, choice in (step.ask.choice if step.ask is not None else {}).items():
            at: KeyPath = ("steps", name, "ask", "choice", key, "set")
            yield from _set_words(name, f"choice/{key}/set", choice.set, types, at)


def _set_words(
    step: str, key: str, sets: Mapping[str, str], types: Mapping[str, str], at: KeyPath
) -> Iterator[Wording]:
    """Words that a step puts into a variable are said to people too."""
    for variable, text in sets.items():
        if types.get(variable) == "text" and text.strip():
            yield Wording(step=step, key=f"{key}/{variable}", variants=(text,), keys=(*at, variable))


def _of_step(name: str, step: StepDocument) -> Iterator[Wording]:
    at: KeyPath = ("steps", name)
    yield from _said(name, "say", step.say, at)
    yield from _said(name, "again", step.again, at)
    if step.ask is None:
        return
    for key, choice in step.ask.choice.items():
        place = (*at, "ask", "choice", key)
        whens = (choice.when,) if choice.when else ()
        label = Wording(
            step=name,
            key=f"choice/{key}",
            variants=(choice.label,),
            keys=(*place, "label"),
            whens=whens,
            is_label=True,
        )
        yield label
        if choice.value is not None:
            value = (choice.value,)
            yield Wording(
                step=name, key=f"choice/{key}/value", variants=value, keys=(*place, "value"), whens=whens
            )
    if step.ask.done is not None:
        keys = (*at, "ask", "done", "label")
        yield Wording(step=name, key="done", variants=(step.ask.done.label,), keys=keys, is_label=True)


def _said(step: str, key: str, says: Says | LineDocument | None, at: KeyPath) -> Iterator[Wording]:
    match says:
        case None:
            return
        case str():
            yield Wording(step=step, key=key, variants=(says,), keys=(*at, key))
        case LineDocument():
            yield from _of_line(step, key, says, (*at, key))
        case dict():
            for name, line in says.items():
                document = LineDocument(text=line) if isinstance(line, str) else line
                yield from _of_line(step, f"{key}/{name}", document, (*at, key, name))


def _of_line(step: str, key: str, line: LineDocument, at: KeyPath) -> Iterator[Wording]:
    whens = (line.when,) if line.when else ()
    if line.cases is None and line.explains is None:
        yield Wording(step=step, key=key, variants=variants_of(line), keys=at, whens=whens)
    for name, case in (line.cases or {}).items():
        more = (case.when,) if case.when else ()
        yield Wording(
            step=step,
            key=f"{key}/{name}",
            variants=variants_of(case),
            keys=(*at, "cases", name),
            whens=whens + more,
        )


def variants_of(document: LineDocument | CaseDocument) -> tuple[str, ...]:
    return tuple(document.one_of) if document.one_of is not None else (document.text or "",)
