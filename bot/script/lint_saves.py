"""The checks of what is kept: targets and variables that exist, and answers that they can hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from bot.dialogue.just_said import HEARD
from bot.dialogue.targets import TARGETS, EmailAddress, Line, OneOf, SeveralOf, WholeNumber, Words
from bot.script.diagnostics import Code, Diagnostic
from bot.script.documents import AskDocument, is_yes
from bot.script.place import Place
from bot.script.source import KeyPath


def check_saves(place: Place, variables: dict[str, str]) -> Iterator[Diagnostic]:
    document = place.document
    if document.save is not None:
        yield from _check_save(place, document.save, document.ask)
    for target, name in document.saves.items():
        if target not in TARGETS:
            yield _unknown_save(place, target, "saves", target)
        elif not _holds_kind(target, variables.get(name)):
            message = f"`{target}` can't hold `{name}`, which is {variables[name]}."
            yield place.fault(Code.WRONG_TYPE, message, "Save another variable there.", "saves", target)
    if document.keep_as is not None:
        yield from _check_keep(place, document.keep_as, document.ask, variables)
    if document.amend is not None:
        yield from _check_save(place, document.amend, document.ask)
    yield from _check_wordless(place, variables)
    named: list[tuple[KeyPath, str]] = [(("saves", target), name) for target, name in document.saves.items()]
    named += [(("forget", n), name) for n, name in enumerate(document.forget)]
    for keys, name in named:
        if name not in variables and name not in TARGETS and name not in HEARD:
            yield _unknown_variable(place, name, *keys)
    yield from _check_literals(place, document.set, variables, "set")
    for key, choice in (document.ask.choice if document.ask else {}).items():
        yield from _check_literals(place, choice.set, variables, "ask", "choice", key, "set")


def _check_wordless(place: Place, variables: dict[str, str]) -> Iterator[Diagnostic]:
    """A button beside a question for words, without words of its own, leads elsewhere: its key is none to be kept."""
    document, ask = place.document, place.document.ask
    kept_in = document.save or document.amend or document.keep_as
    if ask is None or ask.text != "one" or is_yes(ask.several) or kept_in is None:
        return
    target = TARGETS.get(kept_in)
    if (
        not isinstance(target.holds, Words | Line)
        if target
        else variables.get(kept_in) not in ("text", "texts")
    ):
        return
    for key, choice in ask.choice.items():
        if choice.value is None and choice.go is None:
            message = (
                f"the button `{key}` leads on as the answer in words does, and has no words for `{kept_in}`."
            )
            remedy = "Give it the words as `value:`, or a `go:` of its own."
            yield place.fault(Code.WRONG_TYPE, message, remedy, "ask", "choice", key)


def _unknown_variable(place: Place, name: str, *keys: str | int) -> Diagnostic:
    remedy = "Declare it under `variables:`, or correct its name."
    return place.fault(Code.UNKNOWN_NAME, f"`{name}` is no variable of any flow.", remedy, *keys)


def _check_literals(
    place: Place, literals: dict[str, str], variables: dict[str, str], *keys: str
) -> Iterator[Diagnostic]:
    for name, text in literals.items():
        kind = ({"proposal.use": "other|first", "where.use": "a|b|c"} | variables).get(name)
        if kind is None:
            yield _unknown_variable(place, name, *keys, name)
        elif not _is_of(kind, text):
            yield place.fault(
                Code.WRONG_TYPE,
                f"`{name}` can't be set to `{text}`; it holds: {kind}.",
                "Use a value it holds.",
                *keys,
                name,
            )


def _check_keep(
    place: Place, name: str, ask: AskDocument | None, variables: dict[str, str]
) -> Iterator[Diagnostic]:
    kind = variables.get(name)
    if kind is None:
        yield _unknown_variable(place, name, "keep_as")
    elif ask is None:
        yield place.fault(
            Code.WRONG_TYPE,
            "keeps an answer, but asks nothing.",
            "Add `ask:`, or remove `keep_as:`.",
            "keep_as",
        )
    elif not _keeps(kind, ask):
        remedy = "Keep it in a variable of another type."
        message = f"`{name}` holds {kind}, which is not what this question's answers are."
        yield place.fault(Code.WRONG_TYPE, message, remedy, "keep_as")


def _keeps(kind: str, ask: AskDocument) -> bool:
    if ask.text == "many":
        return kind == "texts"
    if ask.scale is not None or kind in ("number", "flag"):
        return ask.scale is not None and kind == "number"
    if is_yes(ask.several):
        return False  # several answers at once are kept in a record, not in a variable
    if kind in ("text", "texts"):
        return True
    return ask.text is None and all(
        (choice.value or key) in kind.split("|") for key, choice in ask.choice.items()
    )


def _is_of(kind: str, text: str) -> bool:
    match kind:
        case "text":
            return True
        case "flag":
            return text in ("true", "false", "yes", "no")
        case "number":
            return text.lstrip("-").isdigit()
        case _:
            return text in kind.split("|")


def _check_save(place: Place, target: str, ask: AskDocument | None) -> Iterator[Diagnostic]:
    if target not in TARGETS:
        yield _unknown_save(place, target, "save")
        return
    if ask is None:
        yield place.fault(
            Code.WRONG_TYPE, "saves an answer, but asks nothing.", "Add `ask:`, or remove `save:`.", "save"
        )
        return
    holds, remedy = TARGETS[target].holds, "Save it elsewhere, or ask for what the target holds."
    match holds:
        case WholeNumber():
            fits = ask.scale is not None
        case SeveralOf(values=values) | OneOf(values=values):
            keys_fit = set(ask.choice) <= values
            fits = (
                ask.scale is None and keys_fit and (isinstance(holds, SeveralOf) or not is_yes(ask.several))
            )
        case Words() | Line() | EmailAddress():
            fits = ask.scale is None
        case _:
            assert_never(holds)
    if not fits:
        yield place.fault(
            Code.WRONG_TYPE, f"`{target}` can't hold every answer to this question.", remedy, "save"
        )


def _holds_kind(target: str, kind: str | None) -> bool:
    """Tell whether a variable's values may fit a target. What is no flow's own (kind None) is told elsewhere."""
    holds = TARGETS[target].holds
    if kind is None:
        return True
    if isinstance(holds, WholeNumber):
        return kind == "number"
    if kind in ("number", "flag"):
        return False
    if isinstance(holds, OneOf | SeveralOf):  # it may have a value of its own for "none of them"
        return kind in ("text", "texts") or not holds.values.isdisjoint(kind.split("|"))
    return True


def _unknown_save(place: Place, target: str, *keys: str) -> Diagnostic:
    message = f"`{target}` is nothing that can be saved to."
    return place.fault(Code.UNKNOWN_SAVE, message, f"Use one of: {', '.join(sorted(TARGETS))}.", *keys)
