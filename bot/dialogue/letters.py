"""Letters: what one is made of, and how it reads. Pure; every word of them is content (`content/letters/`)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.dialogue.effects import Value
from bot.dialogue.reading import Kind, Stage
from bot.dialogue.render import Template, names_in

MAX_WORDS = 150  # of an e-mail's body: more isn't read (conversation brief, Letters)
MAX_NOTE_CHARS = 300  # of a note that goes with an invitation to connect on LinkedIn
MAX_COPY_UNITS = 256  # of what a copy button may hold, in UTF-16 units

Fields = Mapping[str, Value]  # a letter's record, by field


class Sort(StrEnum):
    """What a letter is for."""

    FEEDBACK = "feedback"
    NUDGE = "nudge"
    THANKS = "thanks"
    GRACIOUS = "gracious"
    KEEP_IN_TOUCH = "keep_in_touch"
    CHAT = "chat"
    REFERENCE = "reference"
    OFFER = "offer"


class Medium(StrEnum):
    EMAIL = "email"
    LINKEDIN = "linkedin"


class Tone(StrEnum):
    WARM = "warm"
    FORMAL = "formal"
    BRIEF = "brief"


class Asking(StrEnum):
    """What is asked for: a line or two in writing, or a ten-minute call."""

    LINE = "line"
    CALL = "call"


class Status(StrEnum):
    DRAFT = "draft"
    WAITING = "waiting"  # put aside until tomorrow
    SENT = "sent"
    ANSWERED = "answered"
    SILENT = "silent"


# What a first draft is filled with, in the order it is asked for. The rest is changed when somebody wants to.
ASKED_FOR = ("company", "role", "stage", "recipient", "specific", "sender")
CHANGEABLE = (*ASKED_FOR, "when", "address")
# What a letter gives up first when it would be too long.
_DISPENSABLE = ("specific", "when", "role", "company", "recipient")
# They follow from a rejection; the others can be written without any.
ABOUT_A_NO = frozenset({Sort.FEEDBACK, Sort.NUDGE, Sort.GRACIOUS, Sort.REFERENCE, Sort.OFFER})
_MET = frozenset({Stage.SCREEN, Stage.INTERVIEW, Stage.FINAL, Stage.OFFER})
# What a template may read, as `letter.…`; the last four follow from the fields.
NAMES = frozenset({*CHANGEABLE, "kind", "asking", "sentence", "met", "post", "thanked"}) - {"address"}
_OPTIONAL = ("company", "role", "recipient", "specific", "sender", "when")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """One way a letter can be worded, by paragraphs; a note has no subject."""

    paragraphs: tuple[Template, ...]
    subject: Template | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterWords:
    """One locale's letters. `gaps` are what stands in brackets for a field; `posts` and `thanked` are phrases by
    kind and by stage; `titles` name a letter in a list. `examples` and `reads_badly` are for the content check.
    """

    wordings: Mapping[tuple[Sort, Medium, Tone], tuple[Wording, ...]]
    subject: str
    copy: str
    file: str
    gaps: Mapping[str, str]
    posts: Mapping[str, Template]
    thanked: Mapping[str, Template]
    titles: Mapping[str, Template]
    role_leads: frozenset[str] = frozenset()
    role_ends: Mapping[str, frozenset[str]]
    sentence_starts: frozenset[str] = frozenset()
    lower_starts: frozenset[str] = frozenset()
    when_leads: Mapping[str, str]
    examples: Mapping[str, str]
    reads_badly: tuple[tuple[str, re.Pattern[str]], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A letter as it reads. `left_out`: fields given up for the length; the person is told."""

    body: str
    subject: str | None = None
    left_out: tuple[str, ...] = ()


def written(words: LetterWords, fields: Fields, *, with_gaps: bool) -> Written:
    """Return the letter. `with_gaps`: what is missing and not left out stands in brackets."""
    wording = wording_of(words, fields)
    shown = _filled(words, fields, with_gaps=with_gaps)
    letter = _render(words, wording, shown)
    dropped: tuple[str, ...] = ()
    for field in _DISPENSABLE:
        if fits(letter, medium_of(fields)):
            break
        if shown.pop(field, None) is not None:
            dropped = (*dropped, field)
            letter = _render(words, wording, shown)
    return Written(body=letter.body, subject=letter.subject, left_out=dropped)


def fits(letter: Written, medium: Medium) -> bool:
    if medium is Medium.LINKEDIN:
        return len(letter.body) <= MAX_NOTE_CHARS
    return len(letter.body.split()) <= MAX_WORDS


def wordings_of(words: LetterWords, fields: Fields) -> tuple[Wording, ...]:
    tone = Tone(str(fields.get("tone") or Tone.WARM))
    return words.wordings[sort_of(fields), medium_of(fields), tone]


def wording_of(words: LetterWords, fields: Fields) -> Wording:
    found, number = wordings_of(words, fields), fields.get("wording")
    return found[(number if isinstance(number, int) else 0) % len(found)]


def media_of(words: LetterWords, sort: Sort) -> tuple[Medium, ...]:
    return tuple(medium for medium in Medium if (sort, medium, Tone.WARM) in words.wordings)


def gap_of(words: LetterWords, fields: Fields) -> str | None:
    """Return the field to ask for next: one that this letter would use, that is neither known nor left out."""
    out = fields.get("left_out")
    left_out = out if isinstance(out, tuple) else ()
    used = fields_used(words, fields)
    return next(
        (name for name in ASKED_FOR if name in used and not fields.get(name) and name not in left_out), None
    )


def fields_used(words: LetterWords, fields: Fields) -> frozenset[str]:
    wording = wording_of(words, fields)
    texts = (*wording.paragraphs, wording.subject) if wording.subject else wording.paragraphs
    used = {name.partition(".")[2] for text in texts for name in names_in(text.source)}
    phrases = {"post": _post(words, fields), "thanked": _thanked(words, fields)}
    for name, phrase in phrases.items():
        if name in used:
            used |= {each.partition(".")[2] for each in names_in(phrase.source)}
    more = {"sentence": "specific", "met": "stage", "thanked": "stage"}
    return frozenset(used | {more[name] for name in used if name in more})


def title_of(words: LetterWords, fields: Fields) -> str:
    """Return a letter's name in a list."""
    title = words.titles[sort_of(fields).value]
    return _one_line(title.as_written({"letter": _values(words, fields, with_gaps=False)}))


def sort_of(fields: Fields) -> Sort:
    return Sort(str(fields.get("sort") or Sort.FEEDBACK))


def medium_of(fields: Fields) -> Medium:
    return Medium(str(fields.get("medium") or Medium.EMAIL))


def _render(words: LetterWords, wording: Wording, shown: dict[str, Value]) -> Written:
    context = {"letter": _with_phrases(words, shown)}
    subject = wording.subject.as_written(context) if wording.subject else None
    paragraphs = (paragraph.as_written(context) for paragraph in wording.paragraphs)
    body = "\n\n".join(paragraph for paragraph in paragraphs if paragraph)
    return Written(body=body, subject=_one_line(subject) if subject is not None else None)


def _filled(words: LetterWords, fields: Fields, *, with_gaps: bool) -> dict[str, Value]:
    return dict(_values(words, fields, with_gaps=with_gaps))


def _values(words: LetterWords, fields: Fields, *, with_gaps: bool) -> dict[str, Value]:
    """Return what the templates are given: every field as it fits into a sentence, or None."""
    out = fields.get("left_out")
    left_out = out if isinstance(out, tuple) else ()
    values: dict[str, Value] = {}
    for name in _OPTIONAL:
        value = fields.get(name)
        gap = words.gaps.get(name) if with_gaps and name not in left_out else None
        values[name] = str(value) if value else f"[{gap}]" if gap else None
    for name in ("kind", "stage", "asking"):
        values[name] = fields.get(name)
    if fields.get("role"):
        values["role"] = _bare_role(words, str(values["role"]), str(values["kind"]))
    if fields.get("when"):
        values["when"] = _when(words, str(values["when"]))
    if fields.get("specific"):
        values |= _specific(words, str(values["specific"]))
    return values


def _with_phrases(words: LetterWords, shown: dict[str, Value]) -> dict[str, Value]:
    values = {name: shown.get(name) for name in NAMES}
    values["met"] = values["stage"] in _MET
    values["post"] = _one_line(_post(words, values).as_written({"letter": values}))
    values["thanked"] = _one_line(_thanked(words, values).as_written({"letter": values}))
    if values["specific"] is None:
        values["sentence"] = None  # given up together
    return values


def _post(words: LetterWords, fields: Fields) -> Template:
    return words.posts.get(str(fields.get("kind")), words.posts[Kind.JOB.value])


def _thanked(words: LetterWords, fields: Fields) -> Template:
    return words.thanked.get(str(fields.get("stage")), words.thanked["unknown"])


def _bare_role(words: LetterWords, role: str, kind: str) -> str:
    """Return "data analyst" for "the data analyst position": the sentence around it has both."""
    parts = _without_leads(words.role_leads, role).split(" ")
    ends = words.role_ends.get(kind, words.role_ends[Kind.JOB.value])
    if len(parts) > 1 and parts[-1].casefold() in ends:
        parts = parts[:-1]
    return " ".join(parts)


def _without_leads(leads: frozenset[str], role: str) -> str:
    """Return "analista" for "el puesto de analista": a language may lead in with several words, one after another."""
    for lead in leads:
        if role.casefold().startswith(f"{lead} "):
            return _without_leads(leads, role[len(lead) + 1 :])
    return role


def _when(words: LetterWords, when: str) -> str:
    """Return "on Tuesday" for "Tuesday" and "on 3 March" for "3 March"."""
    first = when.split(" ", 1)[0].casefold()
    lead = words.when_leads.get("#" if first[:1].isdigit() else first)
    return f"{lead} {when}" if lead else when


def _specific(words: LetterWords, specific: str) -> dict[str, Value]:
    """Return it as a sentence of its own, or as what a sentence can end with."""
    first = specific.split(" ", 1)[0].casefold().replace("’", "'")
    if first in words.sentence_starts or re.search(r"[.!?…]\s", specific):
        ended = specific if specific[-1] in ".!?…" else f"{specific}."
        return {"specific": specific, "sentence": ended[:1].upper() + ended[1:]}
    lower = first in words.lower_starts
    ending = specific.rstrip(".!?… ") or specific
    return {"specific": ending[:1].lower() + ending[1:] if lower else ending}


def _one_line(text: str) -> str:
    return " ".join(text.split("\n")).strip()
