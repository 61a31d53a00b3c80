"""The checks that a condition asks for topics some rule notices, in every language, and never for words of one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.dialogue.flow import DEFAULT_LOCALE
from bot.dialogue.languages import Language
from bot.script.compile import ReadFlow
from bot.script.diagnostics import Code, Diagnostic, Severity
from bot.script.texts import conditions_of
from bot.understanding import Understanding
from bot.understanding.rules import Section

MAX_NAMED = 12
# A rejection's facts in pasted mails and in the person's words have rules in each other's sections.
_HEARD = frozenset(
    {
        Section.RISK,
        Section.INTENTS,
        Section.FEELINGS,
        Section.REJECTION,
        Section.WHEN,
        Section.TOPICS,
        Section.TEMPER,
    }
)
_ASKED_FOR = re.compile(r"""["']([^"']+)["'] (?:not )?in heard\.topics""")
# "?" is no word: only a literal with letters in it belongs to a language.
_LITERAL = r"""(?:"[^"]*[^\W\d_][^"]*"|'[^']*[^\W\d_][^']*')"""
_THEIR_WORDS = r"heard\.text(?:\s*\|\s*\w+)*"
_COMPARED = re.compile(
    rf"{_LITERAL}\s*(?:(?:not\s+)?in|==|!=)\s*{_THEIR_WORDS}"
    rf"|{_THEIR_WORDS}\s*(?:(?:not\s+)?in|==|!=)\s*[\[(]?\s*{_LITERAL}"
)


def check_topics(flows: tuple[ReadFlow, ...], known: frozenset[str]) -> Iterator[Diagnostic]:
    for flow in flows:
        for name, step in flow.document.steps.items():
            for condition, keys, _ in conditions_of(step):
                for topic in set(_ASKED_FOR.findall(condition)) - known:
                    yield Diagnostic(
                        path=flow.source.path,
                        line=flow.source.line_of(("steps", name, *keys)),
                        code=Code.UNKNOWN_TOPIC,
                        severity=Severity.ERROR,
                        message=f"No rule notices the topic `{topic}`.",
                        remedy="Correct its name, or add a rule under `topics:` in `understanding/en.yaml`.",
                    )


def check_languages(
    folder: Path, understanding: Understanding, languages: Mapping[str, Language]
) -> Iterator[Diagnostic]:
    """What English rules tell and an offered language's don't: there it is noticed in English words alone."""
    english = understanding.told.get(DEFAULT_LOCALE, frozenset())
    for locale, language in languages.items():
        if locale == DEFAULT_LOCALE or not language.offered:
            continue
        own = understanding.told.get(locale, frozenset())
        lacking = sorted(told for told in english - own if told[0] in _HEARD)
        for section, key in sorted({(section, key) for section, key, _ in lacking}):
            values = [value for in_section, of, value in lacking if (in_section, of) == (section, key)]
            yield Diagnostic(
                path=folder / "understanding" / f"{locale}.yaml",
                line=0,
                code=Code.PART_MISSING,
                severity=Severity.WARNING,
                message=f"Under `{section}:` no rule in {language.name} tells `{key}` {_listed(values)}.",
                remedy="Add rules; until then it is noticed in English words alone.",
            )


def _listed(values: list[str]) -> str:
    named = ", ".join(f"`{value}`" for value in values[:MAX_NAMED])
    return named if len(values) <= MAX_NAMED else f"{named} and {len(values) - MAX_NAMED} more"


def check_words(flows: tuple[ReadFlow, ...]) -> Iterator[Diagnostic]:
    """What a person wrote is compared with no word of a language: a translation could not change it."""
    for flow in flows:
        for name, step in flow.document.steps.items():
            for condition, keys, _ in conditions_of(step):
                for found in _COMPARED.finditer(condition):
                    yield Diagnostic(
                        path=flow.source.path,
                        line=flow.source.line_of(("steps", name, *keys)),
                        code=Code.WORDS_IN_CONDITION,
                        severity=Severity.ERROR,
                        message=f"The condition compares what was written with words of a language: {found[0]}.",
                        remedy="Add a rule under `topics:` in `understanding/en.yaml` and ask `heard.topics` for it.",
                    )
