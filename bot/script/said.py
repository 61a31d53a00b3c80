"""Lines and labels compiled, in every language they are said in."""

from __future__ import annotations

from bot.dialogue.flow import (
    DEFAULT_LOCALE,
    ByLocale,
    Case,
    Line,
)
from bot.dialogue.render import Condition, Template
from bot.script.documents import (
    CaseDocument,
    LineDocument,
    Says,
    is_yes,
)
from bot.script.translations import Translation
from bot.script.wording import variants_of


class Said:
    """The words of one step, or of a flow itself, in every language."""

    def __init__(self, flow: str, step: str | None, translations: tuple[Translation, ...]) -> None:
        self._flow, self._step, self._translations = flow, step, translations

    def __call__(self, key: str, *english: str) -> ByLocale:
        said = {DEFAULT_LOCALE: tuple(Template(text) for text in english)}
        for translation in self._translations:
            if (found := translation.texts.get((self._flow, self._step, key))) is not None:
                said[translation.locale] = tuple(Template(text) for text in found.document.variants)
        return said

    def also(self, key: str) -> tuple[str, ...]:
        """What else may be typed for an answer, in the other languages."""
        found = (each.texts.get((self._flow, self._step, key)) for each in self._translations)
        return tuple(word for each in found if each is not None for word in each.document.also)

    def lines(self, key: str, says: Says | LineDocument | None) -> tuple[Line, ...]:
        match says:
            case None:
                return ()
            case str():
                return (self._line(key, LineDocument(text=says)),)
            case LineDocument():
                return (self._line(key, says),)
            case dict():
                return tuple(
                    self._line(f"{key}/{name}", LineDocument(text=line) if isinstance(line, str) else line)
                    for name, line in says.items()
                )

    def _line(self, key: str, document: LineDocument) -> Line:
        place = "/".join(filter(None, (self._flow, self._step, key)))
        when = Condition(document.when) if document.when else None
        if document.explains is not None:
            return Line(key=place, cases=(), when=when, explains=int(document.explains))
        if document.cases is None:
            always = self(key, *variants_of(document))
            cases: tuple[Case, ...] = (Case(key="always", variants=always),)
        else:
            cases = tuple(self._case(key, name, case) for name, case in document.cases.items())
        return Line(
            key=place,
            cases=cases,
            when=when,
            joined=is_yes(document.joined),
            advice=tuple(document.advice),
        )

    def _case(self, key: str, name: str, document: CaseDocument) -> Case:
        return Case(
            key=name,
            variants=self(f"{key}/{name}", *variants_of(document)),
            when=Condition(document.when) if document.when else None,
            advice=tuple(document.advice),
        )
