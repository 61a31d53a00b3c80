from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.format import MAX_UNITS, entities, pieces, units
from bot.dialogue.message import Span, SpanKind, Text

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
long_texts = st.builds(lambda part, times: part * times, texts, st.integers(0, 900))


@given(long_texts)
def test_pieces_fit_and_lose_nothing_but_white_space(plain: str) -> None:
    found = pieces(Text(plain=plain))
    assert all(units(piece.plain) <= MAX_UNITS for piece in found)
    assert "".join("".join(piece.plain for piece in found).split()) == "".join(plain.split())


@given(long_texts, st.integers(0, 9000), st.integers(0, 9000))
def test_spans_survive_the_cut(plain: str, start: int, length: int) -> None:
    found = pieces(Text(plain=plain, spans=(Span(kind=SpanKind.BOLD, start=start, length=length),)))
    marked = [piece.plain[span.start : span.start + span.length] for piece in found for span in piece.spans]
    assert "".join("".join(marked).split()) == "".join(plain[start : start + length].split())
    for piece in found:
        for entity in entities(piece):
            assert 0 <= entity["offset"] < entity["offset"] + entity["length"] <= units(piece.plain)


def test_a_text_is_cut_after_a_paragraph_rather_than_in_a_sentence() -> None:
    first, second = "One. Two.\n" * 300, "Three four. " * 200
    assert [piece.plain for piece in pieces(Text(plain=f"{first}\n{second}"))] == [f"{first}\n", second]


def test_a_text_without_any_seam_is_cut_between_characters() -> None:
    found = pieces(Text(plain="a" + "🌱" * 4000))
    assert [units(piece.plain) for piece in found] == [4095, 3906]


def test_a_span_outside_of_the_text_is_left_out() -> None:
    spans = (Span(kind=SpanKind.BOLD, start=9, length=2), Span(kind=SpanKind.ITALIC, start=-1, length=3))
    assert entities(Text(plain="abc", spans=spans)) == [{"type": "italic", "offset": 0, "length": 2}]
