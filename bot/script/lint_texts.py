"""The checks of the words: templates that parse, names that exist, values that may be missing, lengths, tone."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.dialogue.buttons import TICK
from bot.dialogue.context import COUNTED
from bot.dialogue.exercises import Exercise
from bot.dialogue.letters import ASKED_FOR
from bot.dialogue.patterns import Place
from bot.dialogue.reading import Concern, Feeling, Intent, Risk, Stage, Temper
from bot.dialogue.render import Condition, ContentError, Context, Template, names_in
from bot.dialogue.targets import TARGETS, OneOf, SeveralOf, WholeNumber
from bot.script.compile import ReadFlow, blank_variables, variable_types
from bot.script.diagnostics import Code, Diagnostic, Severity
from bot.script.documents import CaseDocument, Goes, LineDocument, Says, StepDocument
from bot.script.source import KeyPath
from bot.script.tone import never_said

MAX_BUBBLE_CHARS = 300
MAX_LABEL_CHARS = 32
MAX_COMBINATIONS = 600

Values = Sequence[object]
ANYTHING: Values = (None, "some words", 5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One text, with the conditions under which it is said."""

    source: str
    keys: KeyPath
    whens: tuple[str, ...] = ()
    is_label: bool = False


def check_texts(
    flows: tuple[ReadFlow, ...], *, never_says: tuple[str, ...] = (), thoroughly: bool
) -> Iterator[Diagnostic]:
    """Yield every finding about texts and conditions; `never_says` are the banned phrases."""
    checker = TextChecker(flows, never_says, thoroughly=thoroughly)
    for flow in flows:
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


def texts_of(step: StepDocument) -> Iterator[Words]:
    """Yield every text of a step, with its path of keys below the step."""
    yield from _said(step.say, ("say",))
    if step.again is not None:
        yield from _said({"again": step.again}, ())
    if step.ask is None:
        return
    for key, choice in step.ask.choice.items():
        at: KeyPath = ("ask", "choice", key)
        whens = (choice.when,) if choice.when else ()
        yield Words(source=choice.label, keys=(*at, "label"), whens=whens, is_label=True)
        if choice.value is not None:
            yield Words(source=choice.value, keys=(*at, "value"), whens=whens)
    if step.ask.done is not None:
        yield Words(source=step.ask.done.label, keys=("ask", "done", "label"), is_label=True)


def _said(says: Says | None, at: KeyPath) -> Iterator[Words]:
    if says is None:
        return
    if isinstance(says, str):
        yield Words(source=says, keys=at)
        return
    for key, line in says.items():
        if isinstance(line, str):
            yield Words(source=line, keys=(*at, key))
            continue
        whens = (line.when,) if line.when else ()
        yield from _of_case(line, (*at, key), whens)
        for name, case in (line.cases or {}).items():
            more = (case.when,) if case.when else ()
            yield from _of_case(case, (*at, key, "cases", name), whens + more)


def _of_case(case: LineDocument | CaseDocument, at: KeyPath, whens: tuple[str, ...]) -> Iterator[Words]:
    if case.text is not None:
        yield Words(source=case.text, keys=(*at, "text"), whens=whens)
    for n, text in enumerate(case.one_of or ()):
        yield Words(source=text, keys=(*at, "one_of", n), whens=whens)


def conditions_of(step: StepDocument) -> Iterator[tuple[str, KeyPath, Values]]:
    """Yield each condition with its place and what `answer` can be there."""
    said = step.say if isinstance(step.say, dict) else {}
    for key, line in said.items():
        if isinstance(line, LineDocument):
            yield from _whens_of(line, ("say", key))
    if isinstance(step.again, LineDocument):
        yield from _whens_of(step.again, ("again",))
    for key, choice in (step.ask.choice if step.ask else {}).items():
        if choice.when:
            yield choice.when, ("ask", "choice", key, "when"), ANYTHING
    for goes, keys, answers in _branches_of(step):
        for n, branch in enumerate(goes if isinstance(goes, list) else ()):
            if branch.condition:
                yield branch.condition, (*keys, n, "if"), answers


def _whens_of(line: LineDocument, at: KeyPath) -> Iterator[tuple[str, KeyPath, Values]]:
    if line.when:
        yield line.when, (*at, "when"), ANYTHING
    for name, case in (line.cases or {}).items():
        if case.when:
            yield case.when, (*at, "cases", name, "when"), ANYTHING


def _branches_of(step: StepDocument) -> Iterator[tuple[Goes | None, KeyPath, Values]]:
    answers, ask = _answers_of(step), step.ask
    yield step.go, ("go",), answers
    if ask is None:
        return
    yield ask.typed, ("ask", "typed"), ("some words",)
    yield ask.skip, ("ask", "skip"), (None,)
    for key, choice in ask.choice.items():
        yield choice.go, ("ask", "choice", key, "go"), (choice.value or key,)
    if ask.done is not None:
        yield ask.done.go, ("ask", "done", "go"), answers


def _answers_of(step: StepDocument) -> Values:
    if step.ask is None:
        return ANYTHING
    if step.ask.scale is not None:
        return tuple(range(11))
    keys = tuple(choice.value or key for key, choice in step.ask.choice.items())
    if step.ask.several in ("true", "yes"):
        return (None, *((key,) for key in keys))
    return keys + (("some words",) if step.ask.text else ())


class TextChecker:
    """Checks texts and conditions against the names the flows know."""

    def __init__(self, flows: tuple[ReadFlow, ...], never_says: tuple[str, ...], *, thoroughly: bool) -> None:
        self._never_says = never_says
        self._blank = blank_variables(flows)
        self._types = variable_types(flows)
        self._thoroughly = thoroughly

    def text(self, flow: ReadFlow, words: Words) -> Iterator[Diagnostic]:
        def fault(code: Code, message: str, remedy: str, severity: Severity = Severity.ERROR) -> Diagnostic:
            return _fault(flow, words.keys, code, message, remedy, severity)

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
            yield _fault(flow, keys, Code.BAD_TEXT, f"The condition `{source}` {error}.", "Correct it.")
            return
        unknown = [name for name in sorted(names) if not self._known(name)]
        for name in unknown:
            remedy = "See the table of names in docs/writing-content.md."
            yield _fault(flow, keys, Code.UNKNOWN_NAME, f"There is no `{name}`.", remedy)
        if unknown:
            return
        if not self._thoroughly:
            return
        for context in self._contexts(names, answers):
            try:
                condition.holds(context)
            except ContentError as error:
                remedy = "Ask whether it is there first: `x and x > 3`."
                yield _fault(
                    flow, keys, Code.MAY_BE_MISSING, f"The condition `{source}` fails: {error}.", remedy
                )
                return

    def _missing(
        self, flow: ReadFlow, words: Words, template: Template, names: frozenset[str]
    ) -> Iterator[Diagnostic]:
        """Try the text with every combination of values there and missing, where its conditions hold."""
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
                yield _fault(flow, words.keys, Code.MAY_BE_MISSING, f"This text {error}.", remedy)
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
        candidates = [self._candidates(name, answers) for name in ordered]
        for values in itertools.islice(itertools.product(*candidates), MAX_COMBINATIONS):
            context: dict[str, object] = {space: dict(fields) for space, fields in self._blank.items()}
            context["answer"] = context["place"] = None
            for name, value in zip(ordered, values, strict=True):
                space, _, field = name.partition(".")
                fields = context[space] if field else context
                assert isinstance(fields, dict)
                fields[field or space] = value
            yield context

    def _candidates(self, name: str, answers: Values) -> Values:
        if name == "answer":
            return answers
        if name == "place":
            return (None, "this place")
        if name in TARGETS:
            return _of_target(name)
        if name in self._types:
            return _of_type(self._types[name])
        return _GIVEN.get(name, (None, "some words"))


def _all_hold(whens: list[Condition], context: Context) -> bool:
    try:
        return all(when.holds(context) for when in whens)
    except ContentError:
        return False  # told where the condition stands


def _of_target(name: str) -> Values:
    match TARGETS[name].holds:
        case OneOf(values=values):
            return (None, *sorted(values))
        case SeveralOf(values=values):
            return (None, *((value,) for value in sorted(values)))
        case WholeNumber(low=low, high=high):
            return (None, low, 3, min(high, 10))
        case _:
            return (None, "some words")


def _of_type(kind: str) -> Values:
    fixed: Mapping[str, Values] = {
        "text": (None, "some words"),
        "texts": (None, ("some", "words")),
        "flag": (None, True),
        "number": (None, 0, 3),
    }
    return fixed.get(kind, (None, *kind.split("|")))


_COUNTS: Values = (0, 1, 3)
_GIVEN: Mapping[str, Values] = {
    "heard.feelings": ((), *((feeling.value,) for feeling in Feeling)),
    "heard.count": (None, 40),
    "heard.outcome": (None, "rejected", "ghosted", "withdrawn", "laid_off", "invited", "offered"),
    "heard.stage": (None, "application", "final"),
    "heard.pasted": (False, True),
    "heard.company": (None, "some words"),
    "heard.phrases": ((), ("wishes",)),
    "heard.mail": (None, "0123456789abcdef"),
    "heard.risk": tuple(Risk),
    "heard.about": ("self", "other", "past", "news"),
    "heard.concern": (None, *Concern),
    "heard.temper": (None, *Temper),
    "heard.intent": tuple(Intent),
    "heard.topics": ((), ("something",)),
    "heard.text": ("", "some words"),
    "facts.first_time": (False, True),
    "local.night": (None, False, True),
    "seen.distress": (False, True),
    "seen.asks": (0, 3, 12),
    "quiet.from": ("21:00",),
    "quiet.until": ("08:00",),
    "setting.status": (None, "taken", "none"),
    "danger.times": (0, 1, 2, 3),
    **{f"danger.{name}": (False, True) for name in ("unsafe", "today", "recent", "ever", "open", "look_in")},
    "danger.follow_up": (False, True),
    "danger.last_follow_up": (False, True),
    "drafted.gap": (None, *ASKED_FOR),
    "drafted.problem": (None, "too_long", "no_address"),
    "drafted.wordings": (None, False, True),
    "drafted.note": (None, False, True),
    "drafted.left_out": (None, False, True),
    "language.now": ("English",),
    "language.names": ("English, Español",),
    "language.several": (False, True),
    "language.asked": (None, "this", "another"),
    "lines.emergency": ("112 or 911",),
    "lines.finder": ("findahelpline.com",),
    "lines.all_closed": (False, True),
    "facts.recent_exercises": ((), tuple(Exercise)),
    "facts.often": (None, *Exercise),
    "facts.again": (None, *Exercise),
    "facts.preferred": (None, *Exercise),
    "facts.pattern": (None, *Place),
    "pattern.place": (None, *Place),
    "progress.stop": (None, *Stage),
    "listed.shown": ("1. some words",),
    "listed.older": (False, True),
    "listed.newer": (False, True),
    "entry.day": (None, "3 March"),
} | dict.fromkeys(COUNTED, _COUNTS)


def _fault(  # noqa: PLR0917  # a diagnostic's own fields, in the order they are read
    flow: ReadFlow, keys: KeyPath, code: Code, message: str, remedy: str, severity: Severity = Severity.ERROR
) -> Diagnostic:
    return Diagnostic(
        path=flow.source.path,
        line=flow.source.line_of(keys),
        code=code,
        message=message,
        remedy=remedy,
        severity=severity,
    )
