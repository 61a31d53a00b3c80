"""Any text at all: never an exception, always the same reading, time in proportion to length."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.dialogue.reading import Reading
from bot.understanding import Understanding

pytestmark = pytest.mark.slow

Read = Callable[[str], Reading]

STRANGE = {
    "empty": "",
    "blank": " \n\t ",
    "nul": "i want\x00to die\x00",
    "lone surrogates": "\ud800 no \udfff",
    "emoji only": "😭😭😭👍🏽🏳️‍🌈",
    "right to left": "רציתי את העבודה הזאת مرحبا \u202e\u200f",
    "combining marks": "e" + "\u0301" * 5_000,
    "one long word": "a" * 100_000,
    "one long number": "9" * 100_000,
    "dotted": "a." * 50_000,
    "spaced letters": "k i l l " * 10_000,
    "starred": "*" * 50_000 + "a" + "*" * 50_000,
    "apostrophes": "'" * 100_000,
    "leet": "k1ll$@!|" * 10_000,
    "brackets": "(" * 50_000 + ")" * 50_000,
    "line ends": "\r\n" * 50_000,
    "code": 'for (i = 0; i < 10; i++) { print("no"); } // kill -9 $(pidof x)\n' * 200,
    "mixed": "I quiero ich 我 اريد हम ฉัน " * 500,
    "thread": "On Tue, Sam wrote:\n> Dear Ana,\n>> thank you for your interest in the role\n" * 300,
}


@pytest.mark.parametrize("text", STRANGE.values(), ids=STRANGE.keys())
def test_strange_texts_are_read_without_complaint(text: str, read: Read) -> None:
    assert read(text) == read(text)


@given(st.text())
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_and_read_alike(understanding: Understanding, text: str) -> None:
    assert understanding.read(text, "en") == understanding.read(text, "en")


@given(
    st.lists(
        st.sampled_from("want to die kill my self . ? not no the job at acme for analyst $ 3 we 'd".split())
    )
)
@settings(max_examples=300, deadline=None)
def test_any_mixture_of_our_own_words_is_read(understanding: Understanding, words: list[str]) -> None:
    assert understanding.read(" ".join(words), "xx-YY").intents


HARD = {
    "one word": "want ",
    "near misses": "not want to not want to really not ",
    "no sentence ends": "thinking about how i was thinking of what to do with my ",
    "unknown words": "qzx wvk ",
    "names": "rejected by Acme Big Corp of The ",
    "excuses": "i am dying of laughter and killing myself laughing ",
}


@pytest.mark.parametrize("pattern", HARD.values(), ids=HARD.keys())
def test_time_grows_with_length_and_no_faster(pattern: str, read: Read) -> None:
    """Four times the text may take four times as long; eight, with room for a busy machine."""

    def cost(chars: int) -> float:
        text = (pattern * (chars // len(pattern) + 1))[:chars]
        return min(_timed(read, text) for _ in range(3))

    assert cost(96_000) < 8 * cost(24_000)


def _timed(read: Read, text: str) -> float:
    before = time.process_time()
    read(text)
    return time.process_time() - before
