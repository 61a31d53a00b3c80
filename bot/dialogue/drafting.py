"""Writing a letter together: one message that holds it and changes in place, what is filled in, the file of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from bot.dialogue.buttons import Rows
from bot.dialogue.draft import Draft
from bot.dialogue.effects import Delete, Record, SendLetter, Value
from bot.dialogue.flow import DEFAULT_LOCALE, Deed, Line
from bot.dialogue.letters import (
    ABOUT_A_NO,
    CHANGEABLE,
    Asking,
    LetterWords,
    Medium,
    Sort,
    Status,
    Tone,
    Written,
    gap_of,
    media_of,
    sort_of,
    title_of,
    wordings_of,
    written,
)
from bot.dialogue.mails import writer_of
from bot.dialogue.message import Button, Message, Span, SpanKind, Text
from bot.dialogue.moments import show_moments
from bot.dialogue.targets import TARGETS, EmailAddress, fit

WORDS, FIELD = "letters.words", "letters.field"  # what was just written, and for which field of the letter
FROM_REJECTION = ("company", "role", "stage", "kind")
MAX_TITLE_CHARS = 32


def begin_letter(draft: Draft, visit: int, sort: Value) -> None:
    """Begin a letter with what is known already, so that none of it is asked for."""
    draft.begin(Record.LETTER, visit)
    known: dict[str, Value] = {name: draft.variables.get(f"rejection.{name}") for name in FROM_REJECTION}
    known["sender"] = draft.variables.get("person.name") or draft.facts.name
    known["about"] = draft.refs.get(Record.REJECTION)
    if sort in (*ABOUT_A_NO, Sort.THANKS):
        known |= writer_of(draft)
    known |= {"tone": Tone.WARM, "medium": Medium.EMAIL, "asking": Asking.LINE, "status": Status.DRAFT}
    for name, value in known.items():
        if fit(TARGETS[f"letter.{name}"].holds, value) is not None:
            draft.save(f"letter.{name}", value, visit)


def work_on_letter(draft: Draft, deeds: Collection[Deed], visit: int) -> None:
    """Do what a step says to the letter being written, and put what came of it where conditions can read it."""
    if Deed.REOPEN_SENT in deeds:
        _reopen_sent(draft)
    if Record.LETTER in draft.refs:
        for deed in deeds:
            _do(draft, deed, visit)
        _show_drafted(draft)
    show_moments(draft)


def put_letter(draft: Draft, lines: tuple[Line, ...], rows: Rows, *, anew: bool) -> None:
    """Show the letter with a question under it: by changing its message, or at the end of what was said."""
    words = _words(draft)
    if words is None:
        return
    letter = written(words, fields_of(draft), with_gaps=True)
    message = _message(words, letter, _joined(draft, lines), rows)
    # Changed in place only while it is the last thing said; otherwise nobody would see it change.
    newest = draft.letter is not None and draft.session.buttons == draft.letter and not draft.said
    if newest and not anew:
        draft.put(message, key=draft.letter)
        return
    if draft.letter is not None:
        draft.leave_buttons(draft.letter)
        draft.effects.append(Delete(key=draft.letter))
    draft.put(message, key=None)


def fields_of(draft: Draft) -> dict[str, Value]:
    start = len("letter.")
    return {name[start:]: value for name, value in draft.variables.items() if name.startswith("letter.")}


def past_letters(draft: Draft) -> tuple[tuple[str, str], ...]:
    """Return key and title of each letter on record, newest first."""
    words = _words(draft)
    if words is None:
        return ()
    return tuple((f"l{past.ref}", _short(title_of(words, past.fields))) for past in draft.facts.letters)


def reopen_letter(draft: Draft, ref: int) -> bool:
    """Make an earlier letter the current one, and the rejection it is about. False when it isn't known any more."""
    past = next((each for each in draft.facts.letters if each.ref == ref), None)
    if past is None:
        return False
    draft.reopen(Record.LETTER, ref, dict(past.fields))
    about = next((each for each in draft.facts.rejections if each.ref == past.fields.get("about")), None)
    if about is not None and draft.refs.get(Record.REJECTION) != about.ref:
        fields = {name: getattr(about, name) for name in (*FROM_REJECTION, "outcome")}
        known = {name: str(value) for name, value in fields.items() if value is not None}
        draft.reopen(Record.REJECTION, about.ref, dict(known))
    return True


def _reopen_sent(draft: Draft) -> None:
    """Make the letter that is out the current one, since what came back is about it."""
    if draft.variables.get("letter.status") == Status.SENT and Record.LETTER in draft.refs:
        return
    sent = next((each for each in draft.facts.letters if each.fields.get("status") == Status.SENT), None)
    if sent is None:
        draft.drop_record(Record.LETTER)
    else:
        reopen_letter(draft, sent.ref)


def _do(draft: Draft, deed: Deed, visit: int) -> None:
    field = str(draft.variables.get(FIELD) or "")
    match deed:
        case Deed.TAKE_FIELD:
            _take(draft, field, draft.variables.get(WORDS), visit)
        case Deed.LEAVE_OUT:
            _leave_out(draft, (field,), visit)
        case Deed.LEAVE_ALL_OUT:
            fields = fields_of(draft)
            _leave_out(draft, tuple(name for name in CHANGEABLE if not fields.get(name)), visit)
        case Deed.REWORD:
            number = draft.variables.get("letter.wording")
            draft.save("letter.wording", (number if isinstance(number, int) else 0) + 1, visit)
        case Deed.SEND_LETTER:
            _send_file(draft)
        case _:
            pass


def _show_drafted(draft: Draft) -> None:
    """Tell what is to be known of the letter; keep it as it reads now."""
    words = _words(draft)
    if words is None:
        return
    fields = fields_of(draft)
    letter = written(words, fields, with_gaps=False)
    draft.set("drafted.gap", gap_of(words, fields))
    draft.set("drafted.wordings", len(wordings_of(words, fields)) > 1)
    draft.set("drafted.note", Medium.LINKEDIN in media_of(words, sort_of(fields)))
    draft.set("drafted.left_out", bool(letter.left_out))
    for name, text in (("subject", letter.subject), ("body", letter.body)):
        if draft.variables.get(f"letter.{name}") != text:
            draft.save(f"letter.{name}", text, draft.visit)


def _take(draft: Draft, field: str, answer: Value, visit: int) -> None:
    """Fill a field with what was written; `drafted.problem` tells why not, and then nothing changes."""
    draft.set("drafted.problem", None)
    if field not in CHANGEABLE:
        return
    holds = TARGETS[f"letter.{field}"].holds
    read = draft.reading.rejection
    if field in ("company", "role") and draft.text:
        answer = (read.company if field == "company" else read.role) or answer  # "it was at Acme"
    value = fit(holds, answer)
    if value is None:
        draft.set("drafted.problem", "no_address" if isinstance(holds, EmailAddress) else "too_long")
        return
    draft.save(f"letter.{field}", value, visit)
    if field == "sender" and not draft.variables.get("person.name"):
        draft.save("person.name", value, visit)  # never asked for again
    if field in FROM_REJECTION and sort_of(fields_of(draft)) in ABOUT_A_NO:
        _tell_rejection(draft, field, value, visit)


def _tell_rejection(draft: Draft, field: str, value: Value, visit: int) -> None:
    if not draft.variables.get(f"rejection.{field}"):
        draft.save(f"rejection.{field}", value, visit)
        draft.save("letter.about", draft.refs[Record.REJECTION], visit)


def _leave_out(draft: Draft, fields: tuple[str, ...], visit: int) -> None:
    before = draft.variables.get("letter.left_out")
    left_out = dict.fromkeys((*(before if isinstance(before, tuple) else ()), *fields))
    draft.save("letter.left_out", tuple(left_out), visit)
    for field in fields:
        if draft.variables.get(f"letter.{field}") is not None:
            draft.save(f"letter.{field}", None, visit)


def _send_file(draft: Draft) -> None:
    words = _words(draft)
    if words is None:
        return
    fields = fields_of(draft)
    letter = written(words, fields, with_gaps=False)
    address = fields.get("address")
    draft.effects.append(
        SendLetter(
            key=f"{draft.turn}.letter",
            file_name=f"{words.file}.eml",
            subject=letter.subject or "",
            body=letter.body,
            to=str(address) if address else None,
            to_name=str(fields["recipient"]) if fields.get("recipient") else None,
        )
    )


def _message(words: LetterWords, letter: Written, below: Text, rows: Rows) -> Message:
    head, spans = "", []
    if letter.subject is not None:
        head = f"{words.subject} {letter.subject}"
        spans.append(Span(kind=SpanKind.CODE, start=len(words.subject) + 1, length=len(letter.subject)))
        head += "\n\n"
        rows = ((Button(label=words.copy, copy=letter.subject),), *rows)
    spans.append(Span(kind=SpanKind.PRE, start=len(head), length=len(letter.body)))
    plain = f"{head}{letter.body}"
    if below.plain:
        shift = len(plain) + 2
        spans += [replace(span, start=span.start + shift) for span in below.spans]
        plain += f"\n\n{below.plain}"
    return Message(text=Text(plain=plain, spans=tuple(spans)), rows=rows)


def _joined(draft: Draft, lines: tuple[Line, ...]) -> Text:
    plain, spans = "", []
    for text in draft.worded(lines):
        start = len(plain) + 1 if plain else 0
        spans += [replace(span, start=span.start + start) for span in text.spans]
        plain = f"{plain} {text.plain}" if plain else text.plain
    return Text(plain=plain, spans=tuple(spans))


def _words(draft: Draft) -> LetterWords | None:
    letters = draft.script.letters
    return letters.get(draft.locale) or letters.get(DEFAULT_LOCALE)


def _short(title: str) -> str:
    return title if len(title) <= MAX_TITLE_CHARS else f"{title[: MAX_TITLE_CHARS - 1]}…"
