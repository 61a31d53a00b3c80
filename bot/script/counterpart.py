"""A transcript in another language: the same way through the script, with the person's sentences in that language.

Both chats are played side by side. A tap is the same button, whatever its label; a sentence is looked up in the
language's list of sentences; and wherever one chat enters other steps than the other, that is a fault.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.script.load import Content
from bot.script.source import read_source
from bot.script.transcript import BadTranscript, Player, inputs_of

SENTENCES = "sentences.yaml"
EVERYWHERE = "everywhere"
# What is written alike in every language: commands, numbers, times of the clock.
_ALIKE = re.compile(r"/[a-z]+|[\d\W]+")


@dataclass(slots=True)
class Counterpart:
    """What came of it: the chat in the other language, and why it isn't one yet."""

    text: str = ""
    missing: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def counterpart(content: Content, transcript: str, sentences: Mapping[str, str], locale: str) -> Counterpart:
    """Play `transcript` beside its counterpart in `locale`. Raises `BadTranscript` if the original can't be played."""
    original, other = Player(content), Player(content)
    made = Counterpart()
    lines: list[str] = []
    for number, line in inputs_of(transcript):
        theirs = _translated(line, (original, other), sentences, locale, made)
        before = len(original.rehearsal.turns), len(other.rehearsal.turns)
        try:
            original.play(line)
        except BadTranscript as error:
            raise BadTranscript(f"line {number}: {error}") from None
        try:
            lines += [theirs, *other.play(theirs)]
        except BadTranscript as error:
            made.faults.append(f"line {number}: {error}")
            break
        if line.startswith("@ "):
            before = 0, 0
        ways = _way(original, before[0]), _way(other, before[1])
        if ways[0] != ways[1]:
            made.faults.append(
                f"line {number}: `{theirs}` leads to {_places(ways[1])}, not to {_places(ways[0])}"
            )
    made.text = "\n".join(lines) + "\n"
    return made


def read_sentences(folder: Path) -> dict[str, dict[str, str]]:
    """What the person writes in a language, by transcript and by what they write there; nothing where none is kept."""
    path = folder / SENTENCES
    data = read_source(path)[0].data if path.is_file() else None
    return data if isinstance(data, dict) else {}


def sentences_for(name: str, document: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """The sentences of one transcript: its own before those of everywhere."""
    return {**document.get(EVERYWHERE, {}), **document.get(name, {})}


def _translated(
    line: str, players: tuple[Player, Player], sentences: Mapping[str, str], locale: str, made: Counterpart
) -> str:
    if line.startswith("@ "):
        return f"{line} {locale}"
    if not line.startswith("> "):
        return line
    said = line[2:]
    if tapped := re.fullmatch(r"\[(.+)\]", said):
        return f"> [{_same_button(tapped[1], *players)}]"
    if re.fullmatch(r"\(\w+\)", said):
        return line
    edits = "(edits) " if said.startswith("(edits) ") else ""
    words = said.removeprefix(edits)
    if words not in sentences and not _ALIKE.fullmatch(words):
        made.missing.append(words)
    return f"> {edits}{sentences.get(words, words)}"


def _same_button(label: str, original: Player, other: Player) -> str:
    """The label, in the other chat, of the button that carries the same answer."""
    data = next((b.data for b in original.rehearsal.buttons if b.label.removeprefix("✓ ") == label), None)
    same = (b.label.removeprefix("✓ ") for b in other.rehearsal.buttons if b.data == data)
    return next(same, label)


def _way(player: Player, since: int) -> list[str]:
    return [place for turn in player.rehearsal.turns[since:] for place in turn.visited]


def _places(way: list[str]) -> str:
    return ", ".join(way) or "nothing"
