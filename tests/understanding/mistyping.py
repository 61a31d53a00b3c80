"""Words mistyped as people do, the same way each time: `python -m tests.understanding.mistyping`.

Of the sentences of danger that are seen as written, how many still are once one, two or three of their key words
(those of four letters and more) hold a slip: a letter dropped, doubled, swapped with the next, hit beside its key,
another vowel, written as it sounds, or run together with the next word.
"""

from __future__ import annotations

import random

import click

from bot.understanding import Understanding, compile_understanding
from tests.understanding.measure import CONTENT, DANGER, FILES, load, own_rows

KEY_CHARS = 4
SLIPS = ("drop", "double", "swap", "beside", "vowel", "sound", "joined")
_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_SOUNDS = (("ck", "k"), ("ph", "f"), ("ight", "ite"), ("ie", "y"), ("ing", "in"), ("ll", "l"), ("ould", "ud"))


def mistyped(text: str, slips: int) -> str | None:
    """The text with so many of its key words mistyped; None where it has fewer."""
    chance = random.Random(f"{slips} {text}")
    words = text.split()
    keys = [at for at, word in enumerate(words) if len(word) >= KEY_CHARS and word.isalpha()]
    if len(keys) < slips:
        return None
    for at in chance.sample(keys, slips):
        words[at] = _slip(words[at], chance)
    return " ".join(words).replace("\0 ", "")


def _slip(word: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(word) - 1)
    match chance.choice(SLIPS):
        case "drop":
            return word[:at] + word[at + 1 :]
        case "double":
            return word[:at] + word[at] + word[at:]
        case "beside":
            return word[:at] + _beside(word[at].lower(), chance) + word[at + 1 :]
        case "vowel" if vowels := [i for i in range(1, len(word)) if word[i] in "aeiou"]:
            i = chance.choice(vowels)
            return word[:i] + chance.choice("aeiou") + word[i + 1 :]
        case "sound" if sounds := [(old, new) for old, new in _SOUNDS if old in word]:
            return word.replace(*chance.choice(sounds), 1)
        case "joined":
            return word + "\0"
        case _:
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def _beside(letter: str, chance: random.Random) -> str:
    row = next((row for row in _KEYS if letter in row), letter)
    at = row.index(letter)
    return chance.choice([row[i] for i in (at - 1, at + 1) if 0 <= i < len(row)] or [letter])


def still_seen(understanding: Understanding, slips: int) -> tuple[int, int]:
    """(sentences of danger still seen, sentences mistyped)."""
    texts = [text for name in FILES for kind, text in own_rows(name) if kind in DANGER - {"long", "misspelt"}]
    seen = [text for text in texts if understanding.read(text, "en").risk.alarms]
    changed = [other for text in seen if (other := mistyped(text, slips)) is not None]
    return sum(understanding.read(text, "en").risk.alarms for text in changed), len(changed)


def main() -> None:
    understanding, _ = compile_understanding({path.stem: load(path) for path in CONTENT.glob("*.yaml")})
    for slips in (1, 2, 3):
        seen, total = still_seen(understanding, slips)
        click.echo(f"{slips} mistyped: {seen:5} of {total:5} still seen  {100 * seen / total:5.1f} %")


if __name__ == "__main__":
    main()
