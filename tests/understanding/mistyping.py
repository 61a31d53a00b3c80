"""Words mistyped as people do, the same way each time: `python -m tests.understanding.mistyping`.

Of the sentences of danger that are seen as written, how many still are once one, two or three of their key words
(those of four letters and more) hold a slip. Usual: a letter dropped, doubled, swapped with the next, hit beside its
key, another vowel, written as it sounds, or run together with the next word. Rare: a space inside the word, one that
came a letter late, a neighbouring key hit as well, the first or last letter gone, a letter three times, a rarer sound.
"""

from __future__ import annotations

import random
from collections.abc import Callable

import click

from bot.understanding import Understanding, compile_understanding
from tests.understanding.measure import CONTENT, DANGER, FILES, load, own_rows

KEY_CHARS = 4
USUAL = ("drop", "double", "swap", "beside", "vowel", "sound", "joined")
RARE = ("split", "late", "beside_too", "first", "last", "thrice", "rare_sound")
_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_SOUNDS = (("ck", "k"), ("ph", "f"), ("ight", "ite"), ("ie", "y"), ("ing", "in"), ("ll", "l"), ("ould", "ud"))
_RARE_SOUNDS = (
    ("ee", "ea"),
    ("ea", "ee"),
    ("th", "f"),
    ("wh", "w"),
    ("kn", "n"),
    ("er", "a"),
    ("oo", "u"),
    ("s", "z"),
)
_TOGETHER, _LATE = "\0 ", "\1 "


def mistyped(text: str, slips: int, kinds: tuple[str, ...] = USUAL) -> str | None:
    """The text with so many of its key words mistyped; None where it has fewer."""
    chance = random.Random(f"{slips} {text}")
    words = text.split()
    keys = [at for at, word in enumerate(words) if len(word) >= KEY_CHARS and word.isalpha()]
    if len(keys) < slips:
        return None
    for at in chance.sample(keys, slips):
        words[at] = _slip(words[at], chance.choice(kinds), chance)
    return _spaced(" ".join(words))


def _spaced(text: str) -> str:
    """With the spaces that fell away, and those that came a letter late: "killm yself"."""
    text = text.replace(_TOGETHER, "")
    while (at := text.find(_LATE)) >= 0:
        text = text[:at] + text[at + 2 : at + 3] + " " + text[at + 3 :]
    return text.replace(_LATE[0], "")


_AT: dict[str, Callable[[str, int], str]] = {  # the word, and where in it
    "drop": lambda word, at: word[:at] + word[at + 1 :],
    "double": lambda word, at: word[:at] + word[at] + word[at:],
    "thrice": lambda word, at: word[:at] + 2 * word[at] + word[at:],
    "swap": lambda word, at: word[:at] + word[at + 1] + word[at] + word[at + 2 :],
    "split": lambda word, at: f"{word[:at]} {word[at:]}",
    "joined": lambda word, _: word + _TOGETHER[0],
    "late": lambda word, _: word + _LATE[0],
    "first": lambda word, _: word[1:],
    "last": lambda word, _: word[:-1],
}


def _slip(word: str, kind: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(word) - 1)
    match kind:
        case "beside":
            return word[:at] + _beside(word[at].lower(), chance) + word[at + 1 :]
        case "beside_too":
            return word[:at] + _beside(word[at].lower(), chance) + word[at:]
        case "vowel" if vowels := [i for i in range(1, len(word)) if word[i] in "aeiou"]:
            i = chance.choice(vowels)
            return word[:i] + chance.choice("aeiou") + word[i + 1 :]
        case "sound" | "rare_sound" if sounds := _sounds(word, kind):
            return word.replace(*chance.choice(sounds), 1)
        case _:
            return _AT.get(kind, _AT["swap"])(word, at)


def _sounds(word: str, kind: str) -> list[tuple[str, str]]:
    return [(old, new) for old, new in (_SOUNDS if kind == "sound" else _RARE_SOUNDS) if old in word]


def _beside(letter: str, chance: random.Random) -> str:
    row = next((row for row in _KEYS if letter in row), letter)
    at = row.index(letter)
    return chance.choice([row[i] for i in (at - 1, at + 1) if 0 <= i < len(row)] or [letter])


def seen_as_written(understanding: Understanding) -> list[str]:
    """The sentences of danger that are seen with no slip in them."""
    texts = [text for name in FILES for kind, text in own_rows(name) if kind in DANGER - {"long", "misspelt"}]
    return [text for text in texts if understanding.read(text, "en").risk.alarms]


def still_seen(
    understanding: Understanding, seen: list[str], slips: int, kinds: tuple[str, ...] = USUAL
) -> tuple[int, int]:
    """(sentences of danger still seen, sentences mistyped) of those seen as written."""
    changed = [other for text in seen if (other := mistyped(text, slips, kinds)) is not None]
    return sum(understanding.read(text, "en").risk.alarms for text in changed), len(changed)


def main() -> None:
    understanding, _ = compile_understanding({path.stem: load(path) for path in CONTENT.glob("*.yaml")})
    as_written = seen_as_written(understanding)
    for name, kinds in (("usually", USUAL), ("rarely", RARE)):
        for slips in (1, 2, 3):
            seen, total = still_seen(understanding, as_written, slips, kinds)
            click.echo(
                f"{slips} {name} mistyped: {seen:5} of {total:5} still seen  {100 * seen / total:5.1f} %"
            )


if __name__ == "__main__":
    main()
