"""Flow documents become the script's values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.dialogue.answers import plain
from bot.dialogue.buttons import DONE
from bot.dialogue.context import GIVEN
from bot.dialogue.danger import Danger
from bot.dialogue.effects import Value
from bot.dialogue.flow import (
    DEFAULT_LOCALE,
    Ask,
    Branch,
    ByLocale,
    Cancel,
    Case,
    Choice,
    Deed,
    Flow,
    Go,
    Line,
    Page,
    Picks,
    Promise,
    Reads,
    Script,
    Snooze,
    Step,
    TextAsk,
)
from bot.dialogue.reading import Intent
from bot.dialogue.render import Condition, Template
from bot.dialogue.targets import TARGETS
from bot.script.documents import (
    AskDocument,
    CaseDocument,
    ChoiceDocument,
    FlowDocument,
    Goes,
    LineDocument,
    Says,
    StepDocument,
    is_yes,
)
from bot.script.source import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFlow:
    """One flow file, parsed and of the right shape."""

    source: Source
    document: FlowDocument

    @property
    def first(self) -> str:
        return f"{self.document.flow}/{next(iter(self.document.steps))}"

    def start_of(self, command: str) -> str:
        """Return the step a command begins at: the first, or the one `at` names."""
        step = self.document.starts_on.at.get(command)
        return f"{self.document.flow}/{step}" if step else self.first


def compile_script(flows: tuple[ReadFlow, ...]) -> Script:
    """Return the script. The documents must have passed the checks: a bad text raises `ContentError` here."""
    firsts = {read.document.flow: read.first for read in flows}
    compiler = _Compiler(firsts, variable_types(flows))
    steps = {}
    for read in flows:
        for name, document in read.document.steps.items():
            place = f"{read.document.flow}/{name}"
            steps[place] = compiler.step(place, document)
    return Script(
        flows={read.document.flow: compiler.flow(read) for read in flows},
        steps=steps,
        commands={c: read.start_of(c) for read in flows for c in read.document.starts_on.commands},
        intents={Intent(i): read.first for read in flows for i in read.document.starts_on.intents},
        words={plain(w): read.first for read in flows for w in read.document.starts_on.words},
        blank=blank_variables(flows),
        variables=variable_types(flows),
    )


def space_of(flow: str) -> str:
    """Return the namespace of a flow's own variables."""
    return flow.replace("-", "_")


def variable_types(flows: tuple[ReadFlow, ...]) -> dict[str, str]:
    """Return every flow variable with its type: text, texts, flag, number, or its values joined by a bar."""
    return {
        f"{space_of(read.document.flow)}.{name}": kind if isinstance(kind, str) else "|".join(kind)
        for read in flows
        for name, kind in read.document.variables.items()
    }


def blank_variables(flows: tuple[ReadFlow, ...]) -> dict[str, dict[str, Value]]:
    blank: dict[str, dict[str, Value]] = {}
    for target in TARGETS.values():
        if not target.each_its_own:
            blank.setdefault(target.record.value, {})[target.field] = None
    for name in variable_types(flows):
        space, _, field = name.partition(".")
        blank.setdefault(space, {})[field] = None
    for space, fields in GIVEN.items():
        blank.setdefault(space, {}).update(dict.fromkeys(fields))
    return blank


def full_target(target: str, flow: str, firsts: Mapping[str, str]) -> str:
    """Return "flow/step" for a target as an author writes it; specials stay as they are."""
    if target.startswith("@") or "/" in target:
        return target
    # A step of one's own flow wins over a flow of the same name only when it exists; lint knows both.
    return firsts.get(target, f"{flow}/{target}")


def as_value(text: str, kind: str) -> Value:
    """Return a literal of the content as a variable of type `kind` holds it."""
    if kind == "flag":
        return text in ("true", "yes")
    return int(text) if kind == "number" else text


class _Compiler:
    def __init__(self, firsts: Mapping[str, str], variables: Mapping[str, str]) -> None:
        self._firsts, self._variables = firsts, variables
        self._steps: frozenset[str] = frozenset()

    def flow(self, read: ReadFlow) -> Flow:
        document = read.document
        self._steps = frozenset(document.steps)
        return Flow(
            id=document.flow,
            first=read.first,
            digression=is_yes(document.digression),
            stage=document.stage,
            title=_english(document.title) if document.title else {},
            commands=tuple(document.starts_on.commands),
            intents=tuple(Intent(intent) for intent in document.starts_on.intents),
            menu={command: _english(text) for command, text in document.menu.items()},
            labels={key: _english(text) for key, text in document.labels.items()},
        )

    def step(self, place: str, document: StepDocument) -> Step:
        flow = place.partition("/")[0]
        return Step(
            place=place,
            say=_lines(f"{place}/say", document.say),
            again=_lines(f"{place}/again", {"again": document.again} if document.again else None),
            ask=self._ask(flow, document.ask) if document.ask else None,
            go=self._go(flow, document.go),
            save=document.save,
            keep_as=document.keep_as,
            begin=document.begin,
            sets=self._literals(document.set),
            saves=document.saves,
            forget=tuple(document.forget),
            do=tuple(Deed(deed) for deed in document.do),
            schedule=Promise(document.schedule) if document.schedule else None,
            snooze=Snooze(document.snooze) if document.snooze else None,
            moves_picked=document.move is not None,
            lists=Picks(document.shows) if document.shows and document.shows != "letter" else None,
            page=Page(document.page) if document.page else None,
            amend=document.amend,
            cancel=tuple(Cancel(which) for which in document.cancel),
            on_alarm=full_target(document.on_alarm, flow, self._firsts) if document.on_alarm else None,
            danger=Danger(document.danger) if document.danger else None,
            shows_letter=document.shows == "letter",
            advice=tuple(document.advice),
        )

    def _ask(self, flow: str, document: AskDocument) -> Ask:
        done = None
        if document.done is not None:
            done = Choice(
                key=DONE,
                label=_english(document.done.label),
                go=self._go(flow, document.done.go),
                also=tuple(document.done.also),
            )
        return Ask(
            choices=tuple(self._choice(flow, key, choice) for key, choice in document.choice.items()),
            text=TextAsk(document.text or "none"),
            typed=self._go(flow, document.typed),
            several=is_yes(document.several),
            scale=document.scale is not None,
            done=done,
            skip=self._go(flow, document.skip),
            reads=Reads(document.reads) if document.reads else None,
            picks=Picks(document.pick) if document.pick else None,
        )

    def _choice(self, flow: str, key: str, document: ChoiceDocument) -> Choice:
        return Choice(
            key=key,
            label=_english(document.label),
            go=self._go(flow, document.go),
            when=Condition(document.when) if document.when else None,
            also=tuple(document.also),
            intents=tuple(Intent(intent) for intent in document.intents),
            value=_english(document.value) if document.value else {},
            sets=self._literals(document.set),
        )

    def _go(self, flow: str, goes: Goes | None) -> Go:
        if goes is None:
            return ()
        if isinstance(goes, str):
            return (Branch(to=self._target(flow, goes)),)
        return tuple(
            Branch(
                to=self._target(flow, branch.to),
                when=Condition(branch.condition) if branch.condition else None,
            )
            for branch in goes
        )

    def _target(self, flow: str, target: str) -> str:
        return full_target(target, flow, self._firsts)

    def _literals(self, literals: Mapping[str, str]) -> dict[str, Value]:
        return {name: as_value(text, self._variables.get(name, "text")) for name, text in literals.items()}


def _english(text: str) -> ByLocale:
    return {DEFAULT_LOCALE: (Template(text),)}


def _lines(key: str, says: Says | dict[str, str | LineDocument] | None) -> tuple[Line, ...]:
    if says is None:
        return ()
    if isinstance(says, str):
        return (_line(f"{key}/say", LineDocument(text=says)),)
    return tuple(
        _line(f"{key}/{name}", LineDocument(text=line) if isinstance(line, str) else line)
        for name, line in says.items()
    )


def _line(key: str, document: LineDocument) -> Line:
    if document.explains is not None:
        when = Condition(document.when) if document.when else None
        return Line(key=key, cases=(), when=when, explains=int(document.explains))
    cases = document.cases or {"always": CaseDocument(text=document.text, one_of=document.one_of)}
    return Line(
        key=key,
        cases=tuple(_case(name, case) for name, case in cases.items()),
        when=Condition(document.when) if document.when else None,
        joined=is_yes(document.joined),
        advice=tuple(document.advice),
    )


def _case(key: str, document: CaseDocument) -> Case:
    texts = document.one_of or [document.text or ""]
    return Case(
        key=key,
        variants={DEFAULT_LOCALE: tuple(Template(text) for text in texts)},
        when=Condition(document.when) if document.when else None,
        advice=tuple(document.advice),
    )
