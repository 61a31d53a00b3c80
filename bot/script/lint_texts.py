"""The checks of the words: templates that parse, names that exist, values that may be missing, lengths, tone."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from bot.dialogue.buttons import TICK
from bot.dialogue.render import Condition, ContentError, Context, Template, names_in
from bot.script.candidates import Values, candidates
from bot.script.compile import ReadFlow, blank_variables, variable_types
from bot.script.diagnostics import Code, Diagnostic, Severity
from bot.script.documents import StepDocument
from bot.script.place import fault_in
from bot.script.source import KeyPath
from bot.script.texts import Words, conditions_of, texts_of
from bot.script.tone import never_said

MAX_BUBBLE_CHARS = 300
MAX_LABEL_CHARS = 32
MAX_COMBINATIONS = 600


def check_texts(
    flows: tuple[ReadFlow, ...], *, never_says: tuple[str, ...] = (), thoroughly: bool
) -> Iterator[Diagnostic]:
    """Yield every finding about texts and conditions; `never_says` are the banned phrases."""
    checker = TextChecker(flows, never_says, thoroughly=thoroughly)
    for flow in flows:
        yield from check_flow(checker, flow)


def check_flow(checker: TextChecker, flow: ReadFlow) -> Iterator[Diagnostic]:
    """Yield every finding about one flow's texts and conditions."""
    document = flow.document
    tops = [("title", document.title)] if document.title else []
    tops += [(f"menu.{key}", text) for key, text in document.menu.items()]
    tops += [(f"labels.{key}", text) for key, text in document.labels.items()]
    for keys, text in tops:
        yield from checker.text(flow, Words(source=text, keys=tuple(keys.split("."))))
    for name, step in document.steps.items():
        yield from _check_step(checker, flow, name, step)


def _check_step(checker: TextChecker, flow: ReadFlow, name: str, step: StepDocument) -> Iterator[Diagnostic]:
    at: KeyPath = ("steps", name)
    for words in texts_of(step):
        yield from checker.text(
            flow, Words(source=words.source, keys=at + words.keys, whens=words.whens, is_label=words.is_label)
        )
    for condition, keys, answers in conditions_of(step):
        yield from checker.condition(flow, condition, at + keys, answers)


class TextChecker:
    """Checks texts and conditions against the names the flows know."""

    def __init__(self, flows: tuple[ReadFlow, ...], never_says: tuple[str, ...], *, thoroughly: bool) -> None:
        self._never_says = never_says
        self._blank = blank_variables(flows)
        self._types = variable_types(flows)
        self._thoroughly = thoroughly

    def text(self, flow: ReadFlow, words: Words) -> Iterator[Diagnostic]:
        def fault(code: Code, message: str, remedy: str, severity: Severity = Severity.ERROR) -> Diagnostic:
            return fault_in(flow, code, message, remedy, *words.keys, severity=severity)

        try:
            template = Template(words.source)
            names = names_in(words.source)
        except ContentError as error:
            yield fault(
                Code.BAD_TEXT, f"This text {error}.", "Correct it; only values and `if` may stand in texts."
            )
            return
        unknown = [name for name in sorted(names) if not self._known(name)]
        for name in unknown:
            yield fault(
                Code.UNKNOWN_NAME,
                f"There is no `{name}`.",
                "See the table of names in docs/writing-content.md.",
            )
        if not unknown and self._thoroughly:
            yield from self._missing(flow, words, template, names)
        yield from self._length(fault, words)
        for phrase in never_said(words.source, self._never_says if self._thoroughly else ()):
            yield fault(
                Code.BANNED_PHRASE,
                f"This text says “{phrase}”, which Onward never says.",
                "Say it another way.",
            )

    def condition(self, flow: ReadFlow, source: str, keys: KeyPath, answers: Values) -> Iterator[Diagnostic]:
        try:
            condition = Condition(source)
            names = names_in(source, expression=True)
        except ContentError as error:
            yield fault_in(flow, Code.BAD_TEXT, f"The condition `{source}` {error}.", "Correct it.", *keys)
            return
        unknown = [name for name in sorted(names) if not self._known(name)]
        for name in unknown:
            remedy = "See the table of names in docs/writing-content.md."
            yield fault_in(flow, Code.UNKNOWN_NAME, f"There is no `{name}`.", remedy, *keys)
        if unknown:
            return
        if not self._thoroughly:
            return
        for context in self._contexts(names, answers):
            try:
                condition.holds(context)
            except ContentError as error:
                remedy = "Ask whether it is there first: `x and x > 3`."
                message = f"The condition `{source}` fails: {error}."
                yield fault_in(flow, Code.MAY_BE_MISSING, message, remedy, *keys)
                return

    def _missing(
        self, flow: ReadFlow, words: Words, template: Template, names: frozenset[str]
    ) -> Iterator[Diagnostic]:
        """Try the text with every combination of values there and missing, where its conditions hold."""
        if not names:
            return  # it reads nothing that may be missing
        try:
            whens = [Condition(when) for when in words.whens]
            names = names.union(*(names_in(when, expression=True) for when in words.whens))
        except ContentError:
            return  # told where the condition stands
        if not all(self._known(name) for name in names):
            return
        for context in self._contexts(names, (None, "some words")):
            if not _all_hold(whens, context):
                continue
            try:
                template.render(context)
            except ContentError as error:
                remedy = "Put `{% if … %}` around it, or a `when:` on the line."
                yield fault_in(flow, Code.MAY_BE_MISSING, f"This text {error}.", remedy, *words.keys)
                return

    def _length(self, fault: object, words: Words) -> Iterator[Diagnostic]:
        assert callable(fault)
        if words.is_label and len(words.source) + len(TICK) > MAX_LABEL_CHARS:
            message = (
                f"The label is {len(words.source)} characters long; a phone shows about {MAX_LABEL_CHARS}."
            )
            yield fault(Code.LABEL_TOO_LONG, message, "Shorten it.", Severity.WARNING)
        elif "{%" not in words.source and "```" not in words.source and len(words.source) > MAX_BUBBLE_CHARS:
            message = f"This bubble is {len(words.source)} characters long; {MAX_BUBBLE_CHARS} read well."
            yield fault(Code.TOO_LONG, message, "Split it, or say less.", Severity.WARNING)

    def _known(self, name: str) -> bool:
        space, _, field = name.partition(".")
        return name in ("answer", "place") or (bool(field) and field in self._blank.get(space, {}))

    def _contexts(self, names: frozenset[str], answers: Values) -> Iterator[Context]:
        ordered = sorted(names)
        choices = [answers if name == "answer" else candidates(name, self._types) for name in ordered]
        named = {name.partition(".")[0] for name in ordered if "." in name}
        for values in itertools.islice(itertools.product(*choices), MAX_COMBINATIONS):
            context: dict[str, object] = {**self._blank, "answer": None, "place": None}
            context |= {space: dict(self._blank[space]) for space in named}
            for name, value in zip(ordered, values, strict=True):
                space, _, field = name.partition(".")
                fields = context[space] if field else context
                assert isinstance(fields, dict)
                fields[field or space] = value
            yield context


def _all_hold(whens: list[Condition], context: Context) -> bool:
    try:
        return all(when.holds(context) for when in whens)
    except ContentError:
        return False  # told where the condition stands
