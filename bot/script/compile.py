"""Flow documents become the script's values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot.dialogue.answers import plain
from bot.dialogue.buttons import DONE
from bot.dialogue.context import GIVEN
from bot.dialogue.danger import Danger
from bot.dialogue.effects import Value
from bot.dialogue.flow import (
    Ask,
    Branch,
    ByLocale,
    Cancel,
    Choice,
    Deed,
    Flow,
    Go,
    Page,
    Picks,
    Promise,
    Reads,
    Script,
    Snooze,
    Step,
    TextAsk,
    space_of,
)
from bot.dialogue.reading import Intent
from bot.dialogue.render import Condition
from bot.dialogue.targets import TARGETS
from bot.script.documents import (
    AskDocument,
    ChoiceDocument,
    FlowDocument,
    Goes,
    StepDocument,
    is_yes,
)
from bot.script.said import Said
from bot.script.source import Source
from bot.script.translations import Translation
from bot.script.wording import STARTS, wordings


@dataclass(
    frozen=True, slots=True, kw_only=True, repr=False
)  # written out, it would fill a failing test's memory
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


def compile_script(flows: tuple[ReadFlow, ...], translations: Iterable[Translation] = ()) -> Script:
    """Return the script. The documents must have passed the checks: a bad text raises `ContentError` here."""
    firsts, translations = {read.document.flow: read.first for read in flows}, tuple(translations)
    types = variable_types(flows)
    compiler = _Compiler(firsts, types, translations)
    was, instead_of = moves_of(flows)
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
        words={plain(w): read.first for read in flows for w in _leading_words(read, translations)},
        blank=blank_variables(flows),
        variables=types,
        set_words=_set_words(flows, types, translations),
        was=was,
        instead_of=instead_of,
    )


def _leading_words(read: ReadFlow, translations: tuple[Translation, ...]) -> Iterator[str]:
    """Yield the whole texts that lead to a flow, in every language."""
    yield from read.document.starts_on.words
    for translation in translations:
        if (found := translation.texts.get((read.document.flow, None, STARTS))) is not None:
            yield from found.document.variants


def moves_of(flows: tuple[ReadFlow, ...]) -> tuple[dict[str, str], dict[str, str]]:
    """Return what earlier steps and flows are called now, and which step took over from those that are gone."""
    was: dict[str, str] = {}
    instead_of: dict[str, str] = {}
    for read in flows:
        flow = read.document.flow
        was |= dict.fromkeys(read.document.was, flow)
        instead_of |= dict.fromkeys(read.document.instead_of, read.first)
        for name, step in read.document.steps.items():
            was |= {_full(flow, old): f"{flow}/{name}" for old in step.was}
            instead_of |= {_full(flow, old): f"{flow}/{name}" for old in step.instead_of}
    return was, instead_of


def _full(flow: str, old: str) -> str:
    return old if "/" in old else f"{flow}/{old}"


def _set_words(
    flows: tuple[ReadFlow, ...], types: Mapping[str, str], translations: tuple[Translation, ...]
) -> dict[str, ByLocale]:
    """Return the words that steps put into variables, by their English."""
    return {
        wording.variants[0]: Said(flow.document.flow, wording.step, translations)(
            wording.key, *wording.variants
        )
        for flow in flows
        for wording in wordings(flow.document, types)
        if translations and "set/" in wording.key
    }


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
    def __init__(
        self,
        firsts: Mapping[str, str],
        variables: Mapping[str, str],
        translations: tuple[Translation, ...],
    ) -> None:
        self._firsts, self._variables, self._translations = firsts, variables, translations

    def flow(self, read: ReadFlow) -> Flow:
        document = read.document
        said = Said(document.flow, None, self._translations)
        return Flow(
            id=document.flow,
            first=read.first,
            digression=is_yes(document.digression),
            stage=document.stage,
            title=said("title", document.title) if document.title else {},
            commands=tuple(document.starts_on.commands),
            intents=tuple(Intent(intent) for intent in document.starts_on.intents),
            menu={command: said(f"menu/{command}", text) for command, text in document.menu.items()},
            labels={key: said(f"labels/{key}", text) for key, text in document.labels.items()},
        )

    def step(self, place: str, document: StepDocument) -> Step:
        flow, _, name = place.partition("/")
        said = Said(flow, name, self._translations)
        return Step(
            place=place,
            say=said.lines("say", document.say),
            again=said.lines("again", document.again),
            ask=self._ask(flow, document.ask, said) if document.ask else None,
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
            offers=is_yes(document.offers),
        )

    def _ask(self, flow: str, document: AskDocument, said: Said) -> Ask:
        done = None
        if document.done is not None:
            done = Choice(
                key=DONE,
                label=said("done", document.done.label),
                go=self._go(flow, document.done.go),
                also=(*document.done.also, *said.also("done")),
            )
        return Ask(
            choices=tuple(self._choice(flow, key, choice, said) for key, choice in document.choice.items()),
            text=TextAsk(document.text or "none"),
            typed=self._go(flow, document.typed),
            several=is_yes(document.several),
            plainly=is_yes(document.plainly),
            scale=document.scale is not None,
            done=done,
            skip=self._go(flow, document.skip),
            reads=Reads(document.reads) if document.reads else None,
            picks=Picks(document.pick) if document.pick else None,
        )

    def _choice(self, flow: str, key: str, document: ChoiceDocument, said: Said) -> Choice:
        at = f"choice/{key}"
        return Choice(
            key=key,
            label=said(at, document.label),
            go=self._go(flow, document.go),
            when=Condition(document.when) if document.when else None,
            also=(*document.also, *said.also(at)),
            intents=tuple(Intent(intent) for intent in document.intents),
            value=said(f"{at}/value", document.value) if document.value else {},
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
