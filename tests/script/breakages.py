"""Ways to break content: each operator yields every edit it can make in a file. Fixed before the first run."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from yaml import ScalarNode

from bot.dialogue.targets import TARGETS, WholeNumber
from tests.script.edits import Edit, File, Operator, changed, cut, doubled, gone, pairs_at, removed, renamed

LONG_LABEL = "This label is a good deal longer than a phone shows"
LONG_BUBBLE = " And so it goes on, and on, longer than anybody would read at a bad moment." * 6


def _lettered(text: str) -> str | None:
    return None if text.startswith(('"@', "@")) else _inside(text, lambda words: f"{words}x")


def _inside(text: str, change: Callable[[str], str]) -> str:
    """Change what stands within the quotes, if there are any."""
    for quote in "\"'":
        if len(text) > 1 and text[0] == text[-1] == quote:
            return quote + change(text[1:-1]) + quote
    return change(text)


def _misspelt_special(text: str) -> str | None:
    return (
        text.replace("@end", "@ned").replace("@return", "@retrun").replace("@route", "@rout")
        if "@" in text
        else None
    )


def _in_jinja(pattern: str, new: str) -> Callable[[str], str | None]:
    def change(text: str) -> str | None:
        new_text = re.sub(pattern, new, text, count=1)
        return new_text if new_text != text else None

    return change


def _plainly(more: str) -> Callable[[str], str | None]:
    """Say more at the end of a text of one line."""
    return lambda text: (
        None if "\n" in text or text[:1] in "|>" else _inside(text, lambda words: words + more)
    )


def _swapped_save(text: str) -> str:
    holds_number = text in TARGETS and isinstance(TARGETS[text].holds, WholeNumber)
    return "win.text" if holds_number or text == "person.tempo" else "mood.score"


def _swapped_type(file: File) -> Iterator[Edit]:
    other = {"text": "number", "texts": "number", "flag": "[here, there]", "number": "[here, there]"}
    for pair in pairs_at(file, "variables/*"):
        kind = str(pair.value.value) if isinstance(pair.value, ScalarNode) else ""
        yield file.replace(pair.value, other.get(kind, "number"))


def _unfitting(file: File) -> Iterator[Edit]:
    for pair in pairs_at(file, ".../set/*"):
        kind = file.types.get(pair.keys[-1], "text")
        if kind != "text":
            yield file.replace(pair.value, "nonsense")


def _circle(file: File) -> Iterator[Edit]:
    asking = {pair.keys[1] for pair in pairs_at(file, "steps/*/ask")}
    for pair in pairs_at(file, "steps/*/go"):
        if pair.keys[1] not in asking and isinstance(pair.value, ScalarNode):
            yield file.replace(pair.value, pair.keys[1])


def _banned(file: File) -> Iterator[Edit]:
    yield from changed(_plainly(f" {file.banned.capitalize()}."), ".../text", ".../one_of", "steps/*/say")(
        file
    )


def _listed(file: File) -> Iterator[Edit]:
    for pair in pairs_at(file, ".../save", ".../keep_as", ".../skip"):
        if isinstance(pair.value, ScalarNode):
            yield file.replace(pair.value, f"[[{file.source(pair.value)}]]")


_TARGETS = (
    "steps/*/go",
    ".../ask/typed",
    ".../ask/skip",
    ".../choice/*/go",
    ".../done/go",
    ".../to",
    ".../on_alarm",
)
_TEXTS = (".../text", ".../one_of", "steps/*/say", "steps/*/say/*", ".../again")
_CONDITIONS = (".../when", ".../if")
_OWN_KEYS = (
    ".../say",
    ".../ask",
    ".../choice",
    ".../label",
    ".../one_of",
    ".../cases",
    ".../save",
    ".../begin",
)

FLOWS, OVERLAYS, LINES = "flows/*.yaml", "translations/*/*.yaml", "helplines.yaml"
LETTERS, TONGUES, WORDS = "letters/en/*/*.j2", "tongues/*.yaml", "understanding/en.yaml"

# By name: which files, and how.
OPERATORS: Mapping[str, tuple[str, Operator]] = {
    "a step deleted": (FLOWS, removed("steps/*")),
    "a step renamed": (FLOWS, renamed("steps/*")),
    "a target renamed": (FLOWS, changed(_lettered, *_TARGETS)),
    "a special target misspelt": (FLOWS, changed(_misspelt_special, *_TARGETS)),
    "a way past a question lost": (FLOWS, removed(".../ask/skip")),
    "a way on lost": (FLOWS, removed("steps/*/go", ".../choice/*/go", ".../done/go")),
    "on_alarm removed": (FLOWS, removed(".../on_alarm")),
    "the end of a list of answers lost": (FLOWS, removed(".../ask/done")),
    "words before a question lost": (FLOWS, removed("steps/*/say")),
    "a circle without a question": (FLOWS, _circle),
    "a filter that is none": (FLOWS, changed(_in_jinja(r"\{\{ ([\w.]+)", r"{{ \1|shout"), *_TEXTS)),
    "a placeholder of another name": (FLOWS, changed(_in_jinja(r"\{\{ (\w+\.\w+)", r"{{ \1x"), *_TEXTS)),
    "braces left open": (FLOWS, changed(_in_jinja(r" [}%]\}", ""), *_TEXTS)),
    "an if without its end": (FLOWS, changed(_in_jinja(r"\{% endif %\}", ""), *_TEXTS)),
    "a condition left unfinished": (
        FLOWS,
        changed(lambda text: _inside(text, lambda c: f"{c} =="), *_CONDITIONS),
    ),
    "a variable of another name in a condition": (
        FLOWS,
        changed(_in_jinja(r"(\w+\.\w+)", r"\1x"), *_CONDITIONS),
    ),
    "a save of another type": (FLOWS, changed(_swapped_save, ".../save")),
    "a variable of another type": (FLOWS, _swapped_type),
    "a variable no longer declared": (FLOWS, removed("variables/*")),
    "a variable to keep in of another name": (
        FLOWS,
        changed(lambda text: f"{text}x", ".../keep_as", ".../forget"),
    ),
    "a variable set to what it can't hold": (FLOWS, _unfitting),
    "a key twice": (FLOWS, doubled("steps/*", ".../choice/*", "steps/*/ask", "steps/*/say/*")),
    "a key misspelt": (FLOWS, renamed(*_OWN_KEYS)),
    "a label too long": (FLOWS, changed(lambda text: LONG_LABEL, ".../choice/*/label")),
    "a bubble too long": (FLOWS, changed(_plainly(LONG_BUBBLE), "steps/*/say", ".../text", ".../one_of")),
    "a choice without a label": (FLOWS, removed(".../choice/*/label")),
    "a text emptied": (FLOWS, changed(lambda text: '""', *_TEXTS)),
    "a list in the place of a name": (FLOWS, _listed),
    "a piece of advice misspelt": (FLOWS, changed(lambda text: f"{text}x", ".../advice")),
    "an intent misspelt": (FLOWS, changed(lambda text: f"{text}x", ".../intents")),
    "a command taken by a move": (FLOWS, changed(lambda text: "back", "starts_on/commands")),
    "a deed misspelt": (FLOWS, changed(lambda text: f"{text}x", ".../do")),
    "what is never said": (FLOWS, _banned),
    "an indentation moved": (FLOWS, cut(r"^( {4,})(?=[a-z-]+:)", r"\1 ")),
    "a bracket left open": (FLOWS, cut(r"[}\]]$")),
    "a quote left open": (FLOWS, cut(r'"$')),
    "a flow's place not kept": (
        "flows/[as]*.yaml",
        cut(r"^digression: true\n(?=(?:.*\n){0,3}(?:starts_on|labels|variables))"),
    ),
    "a translation dropped": (OVERLAYS, removed("steps/*/*", "texts/*")),
    "a translation of an older English": (OVERLAYS, changed(lambda text: '"00000000"', ".../of")),
    "a translation with other placeholders": (
        OVERLAYS,
        changed(_in_jinja(r"\{\{ (\w+\.\w+)", r"{{ \1x"), ".../text", ".../one_of"),
    ),
    "a translation of nothing": (OVERLAYS, renamed("steps/*/*")),
    "a help line's sources deleted": (LINES, removed("countries/-/lines/-/sources")),
    "a help line seen long ago": (LINES, changed(lambda text: "2019-01-01", ".../seen")),
    "a help line's number without its last digit": (
        LINES,
        changed(_in_jinja(r'\d("?)$', r"\1"), ".../lines/-/call"),
    ),
    "a help line of no topic": (LINES, removed(".../lines/-/topic")),
    "a country without its emergency number": (LINES, removed("countries/-/emergency")),
    "a letter lost": (LETTERS, gone),
    "a letter with braces left open": (LETTERS, cut(r" [}%]\}")),
    "a letter with a name that is none": (LETTERS, cut(r"(\{\{ letter\.\w+)", r"\1x")),
    "an e-mail without a subject": ("letters/en/*/email-*.j2", cut(r"\ASubject:.*\n")),
    "a language's answer to danger lost": (TONGUES, gone),
    "a placeholder for numbers lost": (TONGUES, cut(r" ?\{\w+\}")),
    "an example that nothing sees": (
        WORDS,
        changed(lambda text: "zwq vbn", "risk/-/match", "topics/-/match", "intents/-/match"),
    ),
    "a pattern that is none": (
        WORDS,
        changed(lambda text: '"(open"', "risk/-/patterns", "intents/-/patterns"),
    ),
    "a topic that nothing notices": (WORDS, removed("topics/-/topic")),
    "phrases without words": ("phrases/en.yaml", removed("families/*/words")),
    "a way to write a moment lost": ("formats/en.yaml", removed("*")),
    "half a review": ("safety-review.yaml", cut(r'by: ""', 'by: "Dr Ada Example"')),
}
