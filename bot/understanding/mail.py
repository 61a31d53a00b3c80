"""A pasted e-mail taken apart: the employer's words, evened out line by line, and the person's own around them."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

_MARKUP = re.compile(
    r"<(?:br|p|div|span|a|td|tr|li|ul|b|img|html|body|strong|table)\b|</[a-z]|&(?:nbsp|#\d|[a-z]{2,6};)",
    re.IGNORECASE,
)
_BREAK = re.compile(r"<(?:br|/p|/div|/td|/tr|/li|/h\d)\b[^<>]{0,200}>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][^<>@]{0,500}>", re.IGNORECASE)
_LINK = re.compile(r"\S*(?:https?://|www\.)\S{0,500}")
_QUOTED = re.compile(r"^[ \t]{0,4}(?:[>|][ \t]?){1,6}", re.MULTILINE)
_WROTE = re.compile(r"^.{0,120}\bwrote:\s*$", re.MULTILINE)
_HEADER = re.compile(
    r"^\W{0,3}(?:from|to|cc|bcc|sent|date|reply-to|subject|re|fwd?|betreff|von|gesendet)\s?:.{0,300}$"
    r"|^[ \t]*-{2,}.{0,60}(?:original|forwarded|message|weitergeleitet).{0,40}-{2,}[ \t]*$"
    r"|^(?:begin forwarded message|forwarded message):?[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_GREETING = re.compile(
    r"^[ \t]*(?:dear|hi|hello|hey|greetings|good (?:morning|afternoon|evening|day))\b"
    r"(?:[^.?]|(?:(?<=\b[dmsj]r)|(?<=\bms)|(?<=\bmrs)|(?<=\bmme)|(?<=\bprof)|(?<=\b\w))\.){0,60}"
    r"[,!:\-–—.]?[ \t]*$"
    r"|^[ \t]*(?:g['’]?day|hiya|howdy|yo|hey hey|guten tag|bonjour|hola|ciao|ol[aá]|namaste|a chara|sir|madam|sirs)"
    r"(?:[ /]+[\w.'’\-]{1,20}){0,3}[,!:][ \t]*$"
    r"|^[ \t]*(?:dear|hi|hello|hey) [A-Z][\w'’\-]{1,20}[ ,!:\-–—]",
    re.IGNORECASE | re.MULTILINE,
)
# "they wrote back: …", "got this today: …" before the mail on the same line.
_LEAD_IN = re.compile(
    r"\A\s*(?=[^:\n]{0,60}\b(?:they|she|he|hr|recruiter|reply|replied|answer|answered|got|wrote|said|says)\b)"
    r"(?:[^:\n,.]{3,60}:|[a-z ]{2,30} (?:wrote|replied|answered) back(?: to me)?[,.]?)\s+(?=\S)",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"^[ \t]*(?:(?:kind|best|warm|warmest|kindest|many|with|yours|all|sincere|thanks|thank|sincerely|regards|cheers"
    r"|respectfully|cordially|best wishes|good luck|take care|mit)\b[^.?]{0,40})[,.!]?[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_FIRST_PERSON = re.compile(r"\b(?:i(?!\.)|i'm|im|i've|ive|me|my|myself)\b", re.IGNORECASE)
_EMPLOYERS_VOICE = re.compile(r"\b(?:we|our|us|you|your)\b", re.IGNORECASE)
WRAPPED_CHARS = 45  # a shorter line ends on purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """`letter` is the e-mail without quote marks, mark-up, wrapped lines and links; `own` what stood around it."""

    own: str
    letter: str


def parted(text: str) -> Parts:
    """Take a text apart that is, or holds, an e-mail. Nothing of it is lost but mark-up and links."""
    led = _LEAD_IN.match(text)
    if led is not None and not _GREETING.match(text):
        return Parts(own=led.group().strip(), letter=parted(text[led.end() :]).letter)
    answered = _answered(text)
    if answered is not None:
        return Parts(own=text[answered:].strip(), letter=parted(text[:answered]).letter)
    lines = _evened(text).split("\n")
    start, end = _start(lines), _end(lines)
    if end <= start:
        end = len(lines)
    own = "\n".join(lines[:start] + lines[end:]).strip()
    return Parts(own=own, letter=_unwrapped(lines[start:end]))


def _answered(text: str) -> int | None:
    """Where, under a letter that greets its reader, what it answers is quoted: their own earlier mail."""
    greeted = _GREETING.match(text.lstrip())
    wrote = _WROTE.search(text, greeted.end()) if greeted else None
    if wrote is None:
        return None
    quoted = [line for line in text[wrote.end() :].split("\n") if line.strip()]
    return wrote.start() if quoted and all(_QUOTED.match(line) for line in quoted) else None


def is_led_in(text: str) -> bool:
    """Whether a person's own few words stand before it on its first line."""
    return (":" in text or "back" in text.lower()) and _LEAD_IN.match(text) is not None


def is_header(line: str) -> str | None:
    """The key of an e-mail's header ("subject"), empty for a separator; None where the line is none."""
    if not _HEADER.match(line):
        return None
    return line.partition(":")[0].strip(" \t*_|>-").lower() if ":" in line else ""


def is_greeting(line: str) -> bool:
    return _GREETING.fullmatch(line) is not None


def is_closing(line: str) -> bool:
    return _CLOSING.match(line) is not None


def after_closing(text: str) -> list[str]:
    """The lines under a letter's last closing that aren't empty: who signs it, and with what."""
    lines = [line.strip() for line in _evened(text).split("\n")]
    closing = max((at for at, line in enumerate(lines) if _CLOSING.match(line)), default=len(lines))
    return [line for line in lines[closing + 1 :] if line]


def _evened(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ")
    if _MARKUP.search(text):
        text = html.unescape(_TAG.sub(" ", _BREAK.sub("\n", text))).replace("\xa0", " ")
    return _LINK.sub(" ", _QUOTED.sub("", text))


def _start(lines: list[str]) -> int:
    """The first line that is the employer's: a header or a greeting, if a person's own voice stands before it."""
    for at, line in enumerate(lines):
        if _HEADER.match(line) or _WROTE.match(line) or _GREETING.match(line):
            before = [each.strip() for each in lines[:at] if each.strip()]
            theirs = any(_FIRST_PERSON.search(each) or each[0].islower() for each in before)
            return at if theirs else 0
    return 0


def _end(lines: list[str]) -> int:
    """The line after the letter's last: what follows a closing in the first person, and only so, is their own."""
    closings = [at for at, line in enumerate(lines) if _CLOSING.match(line)]
    if not closings:
        return len(lines)
    for at in range(closings[-1] + 1, len(lines)):
        rest = " ".join(lines[at:])
        begins = at > 0 and not lines[at - 1].strip() and lines[at].strip()
        if begins and _FIRST_PERSON.search(lines[at]) and not _EMPLOYERS_VOICE.search(rest):
            return at
    return len(lines)


def _unwrapped(lines: list[str]) -> str:
    """Lines that a mail program broke in mid-sentence, joined again."""
    found: list[str] = []
    width = max(map(len, lines), default=0)
    for line in map(str.strip, lines):
        if found and _goes_on(found[-1], line, width):
            found[-1] += " " + line
        else:
            found.append(line)
    return "\n".join(found)


def _goes_on(before: str, line: str, width: int) -> bool:
    """Whether `before` was broken off because the first word of `line` would have made it wider than any line."""
    if not line or _HEADER.match(line) or _HEADER.match(before) or len(before) < WRAPPED_CHARS:
        return False
    full = len(before) + len(line.partition(" ")[0]) >= width
    return before[-1] not in ".!?:;" and (full or not line[0].isupper())
