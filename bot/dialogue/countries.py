"""Which country a person names, and which their time zone suggests. The names are content."""

from __future__ import annotations

import re
import unicodedata

from bot.dialogue.helplines import Directory

MAX_READ_CHARS = 400
MAX_NAME_WORDS = 5
MAX_WORDS_BESIDE = 3  # "I live in Portugal", "Canada please": an answer to which country, not a story
_WORD = re.compile(r"(?:[^\W_]|[\u0300-\u036f\u0900-\u109f])+")  # with the vowel signs of Indian scripts
_UNSPACED = re.compile("[\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")  # Korean, Japanese, Chinese


def suggested_country(directory: Directory, zone: str | None) -> str | None:
    """Return the country a zone lies in: something to ask about, never to assume."""
    return directory.zones.get(zone or "")


def country_in(directory: Directory, text: str) -> str | None:
    """Return the one country a text names, in words or by its flag; None when it names none, or several."""
    return _named(directory, text)[0]


def only_country_in(directory: Directory, text: str) -> str | None:
    """Return the one country named by a text that says little else."""
    country, words_beside = _named(directory, text)
    return country if words_beside <= MAX_WORDS_BESIDE else None


def _named(directory: Directory, text: str) -> tuple[str | None, int]:
    """The one country a text names, and how many words it has beside it."""
    text = text[:MAX_READ_CHARS]
    shouting = text.upper() == text
    words = tuple(_WORD.findall(text))
    plain = tuple(folded(word) for word in words)
    found: set[str | None] = {_flagged(flag) for flag in re.findall("[\U0001f1e6-\U0001f1ff]{2}", text)}
    found |= {"GB" for _ in re.findall("\U0001f3f4\U000e0067\U000e0062", text)}
    at = beside = 0
    while at < len(plain):
        length = next(
            (n for n in range(MAX_NAME_WORDS, 0, -1) if " ".join(plain[at : at + n]) in directory.spellings),
            1,
        )
        name = " ".join(plain[at : at + length])
        quiet = name in directory.shouted and len(plain) > 1 and (shouting or not words[at].isupper())
        if not quiet and name in directory.spellings:
            found.add(directory.spellings[name])
        else:
            beside += length
        at += length
    found |= _unspaced(directory, plain)
    known = {code for code in found if code in directory.shown_as}
    return (known.pop() if len(known) == 1 else None), beside


def folded(text: str) -> str:
    """Lower case, without accents."""
    plain = unicodedata.normalize("NFKD", text.lower())
    return "".join(c for c in plain if not unicodedata.combining(c))


def spelling(name: str) -> str:
    """A name as `Directory.spellings` has it."""
    return " ".join(folded(word) for word in _WORD.findall(name))


def _flagged(flag: str) -> str:
    return "".join(chr(ord(letter) - 0x1F1E6 + ord("A")) for letter in flag)


def _unspaced(directory: Directory, plain: tuple[str, ...]) -> set[str | None]:
    """Names inside words of scripts that write without spaces; longer names hide the ones they hold."""
    line, found = " ".join(plain), set[str | None]()
    if not _UNSPACED.search(line):
        return found
    for name in sorted((n for n in directory.spellings if _UNSPACED.search(n)), key=len, reverse=True):
        if name in line:
            found.add(directory.spellings[name])
            line = line.replace(name, " ")
    return found
