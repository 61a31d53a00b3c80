"""What a translation lacks, what has changed under it, and what in it can't be said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.dialogue.languages import Language
from bot.dialogue.render import ContentError, names_in
from bot.script.compile import ReadFlow, variable_types
from bot.script.diagnostics import Code, Diagnostic, Severity
from bot.script.lint_texts import TextChecker
from bot.script.lint_voice import sounds_wrong
from bot.script.source import KeyPath
from bot.script.texts import Words
from bot.script.translations import Place, Translated, Translation
from bot.script.wording import Wording, wordings

FEW = 3  # texts of one flow; told each in its place, and beyond that counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Untranslated:
    """A wording a language has no words for, or words made from an earlier English."""

    flow: ReadFlow
    wording: Wording
    stale: Translated | None = None

    @property
    def where(self) -> str:
        """The place as a translator writes it: step and key."""
        return "/".join(filter(None, (self.wording.step, self.wording.key)))


def untranslated(flows: tuple[ReadFlow, ...], translation: Translation) -> Iterator[Untranslated]:
    """Yield what is missing or stale, in the order of the flows."""
    for place, (flow, wording) in all_wordings(flows).items():
        found = translation.texts.get(place)
        if found is None:
            yield Untranslated(flow=flow, wording=wording)
        elif found.document.of != wording.fingerprint:
            yield Untranslated(flow=flow, wording=wording, stale=found)


def all_wordings(flows: tuple[ReadFlow, ...]) -> dict[Place, tuple[ReadFlow, Wording]]:
    """Return every text of the flows by the place a translation gives it, in the order of the flows."""
    types = variable_types(flows)
    return {
        (flow.document.flow, wording.step, wording.key): (flow, wording)
        for flow in flows
        for wording in wordings(flow.document, types)
    }


def check_translation(
    flows: tuple[ReadFlow, ...],
    translation: Translation,
    language: Language | None,
    *,
    never_says: tuple[str, ...],
    praise: tuple[str, ...],
    thoroughly: bool,
) -> Iterator[Diagnostic]:
    """Yield every finding about one language. What is missing or stale, and what an editor would mark, is told by the
    check command alone.
    """
    by_place = all_wordings(flows)
    checker = TextChecker(flows, never_says, thoroughly=thoroughly)
    for place, found in translation.texts.items():
        if place not in by_place:
            yield _unknown(place, found)
            continue
        flow, wording = by_place[place]
        yield from _check_text(checker, flow, wording, found)
        if thoroughly and wording.key.partition("/")[0] in ("say", "again"):
            yield from _check_voice(found, praise, translation.locale)
    if thoroughly:
        offered = language is not None and language.offered
        for flow, left in _by_flow(list(untranslated(flows, translation))):
            if offered and len(left) <= FEW:
                yield from _each(translation, left)
            else:
                yield _counted(translation, flow, left, offered=offered)
    if language is None:
        yield Diagnostic(
            path=translation.folder,
            line=0,
            code=Code.PART_MISSING,
            message=f"`{translation.locale}` does not stand in languages.yaml.",
            remedy="Add it there, with `offered: no` until everything is said in it.",
        )


def _check_text(
    checker: TextChecker, flow: ReadFlow, wording: Wording, found: Translated
) -> Iterator[Diagnostic]:
    here = replace(flow, source=found.source)
    allowed = {_names(text) for text in wording.variants}
    for n, text in enumerate(found.document.variants):
        keys = _keys_of(found, n)
        yield from checker.text(
            here, Words(source=text, keys=keys, whens=wording.whens, is_label=wording.is_label)
        )
        names = _names(text)
        if names is not None and names not in allowed:
            wanted = " or ".join(sorted(_listed(each) for each in allowed if each is not None))
            yield Diagnostic(
                path=found.source.path,
                line=found.source.line_of(keys),
                code=Code.PLACEHOLDERS,
                message=f"This text reads {_listed(names)}; the English reads {wanted}.",
                remedy="Use the same names in braces as the English.",
            )


def _check_voice(found: Translated, praise: tuple[str, ...], locale: str) -> Iterator[Diagnostic]:
    for n, text in enumerate(found.document.variants):
        for code, message, remedy in sounds_wrong(text, praise=praise, locale=locale):
            yield Diagnostic(
                path=found.source.path,
                line=found.source.line_of(_keys_of(found, n)),
                code=code,
                message=f"This text {message}",
                remedy=remedy,
                severity=Severity.WARNING,
            )


def _keys_of(found: Translated, n: int) -> KeyPath:
    return (*found.keys, "one_of", n) if found.document.one_of is not None else (*found.keys, "text")


def _names(text: str) -> frozenset[str] | None:
    try:
        return names_in(text)
    except ContentError:
        return None  # told where the text stands


def _listed(names: frozenset[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names)) or "no name"


def _unknown(place: Place, found: Translated) -> Diagnostic:
    where = "/".join(part for part in place if part)
    return Diagnostic(
        path=found.source.path,
        line=found.source.line_of(found.keys),
        code=Code.NOTHING_TO_TRANSLATE,
        message=f"There is no text `{where}` in English.",
        remedy="Correct the step and key, or remove it; `onward untranslated` names what is left to do.",
    )


def _each(translation: Translation, left: list[Untranslated]) -> Iterator[Diagnostic]:
    for each in left:
        yield _grown_stale(each, each.stale) if each.stale else _missing(translation, each)


def _missing(translation: Translation, each: Untranslated) -> Diagnostic:
    return Diagnostic(
        path=each.flow.source.path,
        line=each.flow.source.line_of(each.wording.keys),
        code=Code.UNTRANSLATED,
        message=f"`{each.where}` is not said in `{translation.locale}`, which is offered; it is said in English.",
        remedy=f"Add it to {_file(translation, each.flow)} with `of: {each.wording.fingerprint}`.",
    )


def _grown_stale(each: Untranslated, stale: Translated) -> Diagnostic:
    return Diagnostic(
        path=stale.source.path,
        line=stale.source.line_of(stale.keys),
        code=Code.STALE_TRANSLATION,
        message=f"The English of `{each.where}` has changed.",
        remedy=f"Read both again, mend this one, and write `of: {each.wording.fingerprint}`.",
        severity=Severity.WARNING,
    )


def _counted(
    translation: Translation, flow: ReadFlow, left: list[Untranslated], *, offered: bool
) -> Diagnostic:
    """One finding a flow: a language still being written, or offered too early, has much to do."""
    missing = [each.where for each in left if each.stale is None]
    stale = {each.where: each.stale for each in left if each.stale is not None}
    told = [f"{len(missing)} missing ({_first(missing)})"] if missing else []
    told += [f"{len(stale)} older than the English ({_first(list(stale))})"] if stale else []
    name = flow.document.flow
    said = f" `{translation.locale}` is offered, and what is missing is said in English." if missing else ""
    return Diagnostic(
        path=translation.folder / f"{name}.yaml",
        line=min((each.source.line_of(each.keys) for each in stale.values()), default=0),
        code=Code.UNTRANSLATED,
        message=f"Texts of `{name}` to do: {', '.join(told)}.{said if offered else ''}",
        remedy=f"`onward untranslated {translation.locale} {name}` writes them out.",
        severity=Severity.ERROR if offered and missing else Severity.WARNING,
    )


def _by_flow(left: list[Untranslated]) -> Iterator[tuple[ReadFlow, list[Untranslated]]]:
    for name, flow in {each.flow.document.flow: each.flow for each in left}.items():
        yield flow, [each for each in left if each.flow.document.flow == name]


def _first(places: list[str]) -> str:
    return ", ".join(f"`{place}`" for place in places[:2]) + (", …" if len(places) > 2 else "")


def _file(translation: Translation, flow: ReadFlow) -> str:
    return f"translations/{translation.locale}/{flow.document.flow}.yaml"
