"""Reading `content/letters/`: one folder a locale, in it one a sort of letter, in it `medium-tone.j2`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import Field, ValidationError

from bot.dialogue.letters import ASKED_FOR, NAMES, LetterWords, Medium, Sort, Tone, Wording
from bot.dialogue.reading import Kind, Stage
from bot.dialogue.render import ContentError, Template, names_in
from bot.script.diagnostics import Code, Diagnostic
from bot.script.documents import Document, Words
from bot.script.letter_checks import EXAMPLES, Place, faults_of
from bot.script.source import Source, read_source
from bot.script.tone import never_said

PHRASES = "phrases.yaml"
# A line of equals signs stands between two wordings.
_BETWEEN = re.compile(r"^={3,}[ \t]*$", re.MULTILINE)
_PARAGRAPH = re.compile(r"\S.*(?:\n.*\S.*)*")
_SUBJECT = re.compile(r"Subject:[ \t]*(.+)\n\s*\n?")


class PhrasesDocument(Document):
    """`phrases.yaml` of one locale."""

    subject: Words
    copy_label: Words
    file: Words
    gaps: dict[str, Words]
    posts: dict[str, Words]
    thanked: dict[str, Words]
    titles: dict[str, Words]
    role_leads: tuple[str, ...] = ()
    role_ends: dict[str, tuple[str, ...]]
    sentence_starts: tuple[str, ...] = ()
    lower_starts: tuple[str, ...] = ()
    when_leads: dict[str, tuple[str, ...]]
    examples: dict[str, Words]
    reads_badly: dict[str, Words] = Field(default_factory=dict)


@dataclass(slots=True)
class _Reader:
    folder: Path
    never_says: tuple[str, ...]
    thoroughly: bool
    found: list[Diagnostic] = field(default_factory=list)
    places: dict[tuple[Sort, Medium, Tone], tuple[Place, ...]] = field(default_factory=dict)

    def read(self) -> LetterWords | None:
        source, faults = read_source(self.folder / PHRASES)
        self.found += faults
        phrases = self._phrases(source) if not faults else None
        wordings = {}
        for path in sorted(self.folder.glob("*/*")):
            key = self._key_of(path)
            if key is not None:
                wordings[key] = self._wordings(path, key)
        if phrases is None or self.found:
            return None
        words = _letter_words(phrases, wordings)
        self._check_whole(words)
        if self.thoroughly and not self.found:
            self.found += faults_of(words, self.places)
        return words

    def _phrases(self, source: Source) -> PhrasesDocument | None:
        try:
            phrases = PhrasesDocument.model_validate(source.data)
        except ValidationError as error:
            for each in error.errors(include_url=False, include_input=False):
                keys = tuple(each["loc"])
                message = f"`{'.'.join(map(str, keys))}` {each['msg'].removeprefix('Value error, ')}."
                self._fault(source.path, source.line_of(keys), Code.SHAPE, message)
            return None
        needed = {
            "gaps": set(ASKED_FOR) - {"stage"},
            "posts": {kind.value for kind in Kind},
            "thanked": {"unknown", *Stage},
            "titles": set(Sort),
            "role_ends": {Kind.JOB.value},
            "examples": EXAMPLES,
        }
        for name, wanted in needed.items():
            for missing in sorted(wanted - set(getattr(phrases, name))):
                message = f"`{name}` has no `{missing}`."
                self._fault(source.path, source.line_of((name,)), Code.SHAPE, message, "Add it.")
        for what, pattern in phrases.reads_badly.items():
            try:
                re.compile(pattern)
            except re.error as error:
                message = f"`reads_badly.{what}` is no regular expression: {error}."
                self._fault(source.path, source.line_of(("reads_badly", what)), Code.SHAPE, message)
        for name in ("posts", "thanked", "titles"):
            for key, text in getattr(phrases, name).items():
                self._check(text, source.path, source.line_of((name, key)), NAMES - {"post", "thanked"})
        return phrases

    def _key_of(self, path: Path) -> tuple[Sort, Medium, Tone] | None:
        medium, _, tone = path.stem.partition("-")
        sort = path.parent.name.replace("-", "_")
        if path.suffix == ".j2" and sort in set(Sort) and medium in set(Medium) and tone in set(Tone):
            return Sort(sort), Medium(medium), Tone(tone)
        known = "; ".join(", ".join(each) for each in (Sort, Medium, Tone))
        remedy = f"Files are named like `feedback/email-warm.j2`: {known}."
        self._fault(path, 0, Code.LETTER_FOLDER, "This is no letter that Onward writes.", remedy)
        return None

    def _wordings(self, path: Path, key: tuple[Sort, Medium, Tone]) -> tuple[Wording, ...]:
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            self._fault(path, 0, Code.YAML, "This file can't be read as UTF-8 text.")
            return ()
        found, places, start = [], [], 0
        for part in _BETWEEN.split(text):
            line = text.count("\n", 0, start) + 1
            start += len(part)
            if ended := _BETWEEN.match(text, start):
                start = ended.end()
            wording = self._wording(part, path, line, key[1])
            if wording is not None:
                found.append(wording)
                places.append(Place(path=path, line=line + len(part) - len(part.lstrip("\n"))))
        self.places[key] = tuple(places)
        return tuple(found)

    def _wording(self, part: str, path: Path, line: int, medium: Medium) -> Wording | None:
        line += len(part) - len(part.lstrip("\n"))
        part = part.strip("\n")
        headed = _SUBJECT.match(part)
        if (headed is not None) != (medium is Medium.EMAIL):
            message = "An e-mail begins with a line `Subject: …`, and a note has none."
            self._fault(path, line, Code.LETTER_FOLDER, message)
            return None
        before, paragraphs = len(self.found), []
        if headed:
            self._check(headed[1], path, line, NAMES)
        for found in _PARAGRAPH.finditer(part, headed.end() if headed else 0):
            self._check(found[0], path, line + part.count("\n", 0, found.start()), NAMES)
            paragraphs.append(found[0])
        if len(self.found) > before:
            return None
        return Wording(
            subject=Template(headed[1]) if headed else None, paragraphs=tuple(map(Template, paragraphs))
        )

    def _check(self, text: str, path: Path, line: int, known: frozenset[str]) -> None:
        try:
            names = names_in(text)
        except ContentError as error:
            self._fault(path, line + error.line - 1, Code.BAD_TEXT, f"This text {error}.")
            return
        for name in sorted(names):
            if not (name.startswith("letter.") and name.partition(".")[2] in known):
                at = line + text[: text.find(name)].count("\n")
                remedy = f"There are: {', '.join(f'letter.{each}' for each in sorted(known))}."
                self._fault(path, at, Code.UNKNOWN_NAME, f"There is no `{name}`.", remedy)
        for number, each in enumerate(text.split("\n")):
            for phrase in never_said(each, self.never_says if self.thoroughly else ()):
                message = f"This text says “{phrase}”, which Onward never says."
                self._fault(path, line + number, Code.BANNED_PHRASE, message, "Say it another way.")

    def _check_whole(self, words: LetterWords) -> None:
        """Every sort is there by e-mail, and whatever medium it has, it has in every tone."""
        for sort in Sort:
            for medium in Medium:
                there = [tone for tone in Tone if words.wordings.get((sort, medium, tone))]
                needed = medium is Medium.EMAIL or there
                for tone in Tone if needed else ():
                    if tone not in there:
                        path = self.folder / sort.value / f"{medium.value}-{tone.value}.j2"
                        self._fault(path, 0, Code.LETTER_FOLDER, "This letter is missing.", "Add it.")

    def _fault(self, path: Path, line: int, code: Code, message: str, remedy: str = "") -> None:
        remedy = remedy or "Compare it with docs/writing-content.md."
        self.found.append(Diagnostic(path=path, line=line, code=code, message=message, remedy=remedy))


def read_letters(
    folder: Path, *, never_says: Mapping[str, tuple[str, ...]], thoroughly: bool
) -> tuple[dict[str, LetterWords], list[Diagnostic]]:
    """Return the letters of every locale in `folder`, and every fault. A content without letters has none.

    `never_says` are the banned phrases by locale.
    """
    letters: dict[str, LetterWords] = {}
    found: list[Diagnostic] = []
    for each in sorted(path for path in folder.glob("*") if path.is_dir()):
        reader = _Reader(each, never_says.get(each.name, ()), thoroughly)
        words = reader.read()
        found += reader.found
        if words is not None:
            letters[each.name] = words
    return letters, found


def _letter_words(
    phrases: PhrasesDocument, wordings: dict[tuple[Sort, Medium, Tone], tuple[Wording, ...]]
) -> LetterWords:
    def templates(texts: dict[str, str]) -> dict[str, Template]:
        return {key: Template(text) for key, text in texts.items()}

    def folded(words: Iterable[str]) -> frozenset[str]:
        return frozenset(word.casefold() for word in words)

    return LetterWords(
        wordings={key: each for key, each in wordings.items() if each},
        subject=phrases.subject,
        copy=phrases.copy_label,
        file=phrases.file,
        gaps=phrases.gaps,
        posts=templates(phrases.posts),
        thanked=templates(phrases.thanked),
        titles=templates(phrases.titles),
        role_leads=folded(phrases.role_leads),
        role_ends={kind: folded(ends) for kind, ends in phrases.role_ends.items()},
        sentence_starts=folded(phrases.sentence_starts),
        lower_starts=folded(phrases.lower_starts),
        when_leads={word.casefold(): lead for lead, words in phrases.when_leads.items() for word in words},
        examples=phrases.examples,
        reads_badly=tuple((what, re.compile(bad)) for what, bad in phrases.reads_badly.items()),
    )
