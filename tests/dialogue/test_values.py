"""The small parts: texts, targets, buttons, and typed words as answers."""

from __future__ import annotations

import pytest

from bot.dialogue.buttons import MAX_DATA_BYTES, Tap, decode, encode, in_rows
from bot.dialogue.effects import Value
from bot.dialogue.message import Button, Span, SpanKind
from bot.dialogue.reading import NOTHING_READ, Reading, RejectionRead, Stage
from bot.dialogue.render import Condition, ContentError, Template, read_markup
from bot.dialogue.targets import TARGETS, fit
from bot.script.load import Content
from tests.dialogue.test_engine import REJECTED, Chat, at_feelings, at_mood, at_stage

MARKED = {
    "bold": ("*a* b", "a b", [(SpanKind.BOLD, 0, 1)]),
    "italic": ("a _b_", "a b", [(SpanKind.ITALIC, 2, 1)]),
    "code": ("`a b` c", "a b c", [(SpanKind.CODE, 0, 3)]),
    "a-block": ("x\n```\na\nb\n```", "x\na\nb", [(SpanKind.PRE, 2, 3)]),
    "two": ("*a* and *b*", "a and b", [(SpanKind.BOLD, 0, 1), (SpanKind.BOLD, 6, 1)]),
    "inside-a-word": ("snake_case_name 2*3*4", "snake_case_name 2*3*4", []),
    "left-open": ("*a b", "*a b", []),
    "around-a-space": ("* a *", "* a *", []),
    "code-points": ("🙂 *é*", "🙂 é", [(SpanKind.BOLD, 2, 1)]),
}


@pytest.mark.parametrize(("marked", "plain", "spans"), MARKED.values(), ids=MARKED)
def test_markup_becomes_spans(marked: str, plain: str, spans: list[tuple[SpanKind, int, int]]) -> None:
    text = read_markup(marked)
    assert text.plain == plain
    assert list(text.spans) == [Span(kind=kind, start=start, length=length) for kind, start, length in spans]


OWN = {
    "a-template": "{{ 7*7 }}",
    "a-tag": "{% if x %}",
    "html": "<b>x</b> &amp;",
    "bold": "*x*",
    "italic": "_x_",
    "code": "`x`",
    "a-block": "```x```",
    "half-a-character": "\ud83d",
    "hebrew": "שלום",
    "an-override": "\u202ex\u202c",
    "marks-alone": "a*b_c`",
}


@pytest.mark.parametrize("words", OWN.values(), ids=OWN)
def test_a_persons_own_words_stay_words(words: str) -> None:
    text = Template("You said *{{ heard.text }}*.").render({"heard": {"text": words}})
    assert text.plain == f"You said {words}."
    assert list(text.spans) == [Span(kind=SpanKind.BOLD, start=9, length=len(words))]


REFUSED = {
    "a-loop": "{% for a in b %}{% endfor %}",
    "a-call": "{{ heard.text.upper() }}",
    "a-range": "{{ range(10) }}",
    "a-product": "{{ 'a' * 50000000 }}",
    "a-sum": "{{ 1 + 1 }}",
    "a-subscript": "{{ heard['text'] }}",
    "a-dunder-call": "{{ ''.__class__.__mro__() }}",
    "a-macro": "{% macro a() %}{% endmacro %}",
    "a-set": "{% set a = 1 %}",
    "an-include": "{% include 'a' %}",
    "an-import": "{% import 'a' as b %}",
    "a-test": "{{ heard is defined }}",
    "a-filter": "{{ heard.text | replace('a', 'b') }}",
    "a-concatenation": "{{ 'a' ~ 'b' }}",
    "too-long": "{{ heard.text }}" * 200,
    "left-open": "{{ heard.text",
}


@pytest.mark.parametrize("source", REFUSED.values(), ids=REFUSED)
def test_texts_may_hold_values_and_if_alone(source: str) -> None:
    with pytest.raises(ContentError):
        Template(source).render({"heard": {"text": "x"}})


ODD = {
    "an-attribute-of-a-text": "{{ heard.text.upper }}",
    "a-dunder": "{{ heard.text.__class__ }}",
    "a-mapping-method": "{{ heard.items }}",
    "the-length-of-nothing": "{{ person.name | length }}",
    "a-missing-name-in-lower-case": "{{ person.name | lower }}",
    "a-missing-name-trimmed": "{{ person.name | trim }}",
    "a-comparison-with-nothing": "{% if answer > 3 %}x{% endif %}",
}


@pytest.mark.parametrize("source", ODD.values(), ids=ODD)
def test_odd_values_are_content_errors_too(source: str) -> None:
    with pytest.raises(ContentError):
        Template(source).render({"heard": {"text": "x"}, "person": {"name": None}, "answer": None})


@pytest.mark.parametrize(
    "source", ["{{ person.name }}", "{{ nobody }}", "{{ heard.feelings }}", "{{ person.met }}"]
)
def test_missing_values_and_lists_are_not_printed(source: str) -> None:
    with pytest.raises(ContentError):
        Template(source).render({"heard": {"feelings": ("a",)}, "person": {"name": None, "met": True}})


CONDITIONS = {
    "answer <= 3": True,
    "answer == 3": False,
    "not answer": False,
    "answer in [1, 2]": True,
    "missing": False,
}


@pytest.mark.parametrize(("source", "holds"), CONDITIONS.items(), ids=CONDITIONS)
def test_conditions_hold_or_not(source: str, holds: bool) -> None:
    assert Condition(source).holds({"answer": 2, "missing": None}) is holds


FITS: dict[str, tuple[str, Value, Value]] = {
    "words": ("win.text", " I tried ", "I tried"),
    "words-of-several": ("journal.text", ("a", "b"), "a\nb"),
    "no-words": ("win.text", "  ", None),
    "nothing": ("win.text", None, None),
    "words-too-long": ("rejection.company", "a" * 500, "a" * 120),
    "one-of": ("rejection.stage", "final", "final"),
    "none-of": ("rejection.stage", "nearly", None),
    "several-for-one": ("rejection.stage", ("final",), None),
    "some-of-several": ("rejection.feelings", ("anger", "rage"), ("anger",)),
    "one-of-several": ("rejection.feelings", "anger", ("anger",)),
    "none-of-several": ("rejection.feelings", ("rage",), None),
    "nothing-of-several": ("rejection.feelings", None, None),
    "a-number": ("mood.score", 0, 0),
    "a-number-too-high": ("mood.score", 11, None),
    "a-number-too-low": ("mood.score", -1, None),
    "a-yes": ("mood.score", True, None),
    "a-digit-in-words": ("mood.score", "3", None),
}


@pytest.mark.parametrize(("target", "answer", "held"), FITS.values(), ids=FITS)
def test_a_target_holds_what_fits(target: str, answer: Value, held: Value) -> None:
    assert fit(TARGETS[target].holds, answer) == held


def test_buttons_are_read_back() -> None:
    assert decode(encode("abc", 12, "say-it")) == Tap(session="abc", visit=12, choice="say-it")
    assert len(encode("a" * 16, 999_999_999, "k" * 24).encode()) <= MAX_DATA_BYTES


FORGED = ["", "x", "1|a|b", "1|a|b|c", "1|a|-1|c", "1|a|²|c", "1|a|1|c|d", "0|a|1|c", "1|a||c", "1|a|1.5|c"]


@pytest.mark.parametrize("data", FORGED)
def test_forged_buttons_are_not_read(data: str) -> None:
    assert decode(data) is None


def test_a_forged_visit_costs_nothing() -> None:
    assert decode(f"1|a|{'9' * 10_000}|c") == Tap(session="a", visit=999_999_999_999, choice="c")


def test_long_labels_stand_alone_and_short_ones_together() -> None:
    labels = ("Yes", "No", "Maybe", "Later", "A much longer label here")
    rows = in_rows([Button(label=label, data="x") for label in labels])
    assert [[button.label for button in row] for row in rows] == [list(labels[:3]), ["Later"], [labels[4]]]


@pytest.fixture
def chat(small: Content) -> Chat:
    chat = Chat(small)
    chat.says("they said no", REJECTED)
    return chat


TYPED = {
    "a-label": ("Say it", "talk/listen"),
    "a-label-otherwise-written": ("SAY IT!!", "talk/listen"),
    "a-label-with-more": ("name them. all of them", "talk/company"),
    "a-label-misspelt": ("naem them", "talk/company"),
    "a-key": ("company", "talk/company"),
    "another-word": ("let it out", "talk/listen"),
    "a-number": ("2", "talk/company"),
}


@pytest.mark.parametrize(("text", "place"), TYPED.values(), ids=TYPED)
def test_what_a_button_says_can_be_typed(chat: Chat, text: str, place: str) -> None:
    chat.says(text)
    assert chat.places == [place]


@pytest.mark.parametrize("text", ["0", "9", "100000000000000000000", "bread", "", " "])
def test_what_no_button_says_is_not_guessed(chat: Chat, text: str) -> None:
    chat.says(text)
    assert chat.places == ["talk/start"]


@pytest.mark.parametrize("text", ["፩", "፩፪"])
def test_digits_that_are_no_decimals_are_not_guessed(chat: Chat, text: str) -> None:
    chat.says(text)
    assert chat.places == ["talk/start"]


def test_what_was_understood_is_an_answer(chat: Chat) -> None:
    at_stage(chat).says("the last one of four", Reading(rejection=RejectionRead(stage=Stage.FINAL)))
    assert chat.session.variables["rejection.stage"] == "final"


SEVERAL = {
    "names": "anger, shame",
    "numbers": "1 and 3",
    "a-typo": "angerr & shame",
    "one-twice": "anger; shame; anger",
}


@pytest.mark.parametrize("text", SEVERAL.values(), ids=SEVERAL)
def test_several_can_be_typed_at_once(chat: Chat, text: str) -> None:
    at_feelings(chat).says(text)
    assert chat.session.variables["rejection.feelings"] == ("anger", "shame")


SCALE = {"0": 0, "10": 10, " 7 ": 7, "7/10": 7, "7.": 7, "٣": 3}


@pytest.mark.parametrize(("text", "mood"), SCALE.items(), ids=SCALE)
def test_a_number_answers_a_scale(chat: Chat, text: str, mood: int) -> None:
    at_mood(chat).says(text, NOTHING_READ)
    assert chat.session.variables["rejection.mood_before"] == mood


@pytest.mark.parametrize("text", ["11", "-1", "100", "seven", "3 4"])
def test_other_words_answer_no_scale(chat: Chat, text: str) -> None:
    at_mood(chat).says(text)
    assert chat.places == ["talk/mood"]
