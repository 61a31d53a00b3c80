"""The pattern notation, and what is said of a document that is wrong."""

from __future__ import annotations

from typing import Any

import pytest

from bot.dialogue.reading import Intent, Risk
from bot.understanding import Fault, FaultCode, Understanding, compile_understanding


def _document(*patterns: str, **keys: Any) -> dict[str, Any]:
    rule = {"id": "r", "level": "check", "patterns": list(patterns), **keys}
    return {"words": {"wish": ["want", "would like"]}, "risk": [rule]}


def _compiled(*patterns: str, **keys: Any) -> tuple[Understanding, tuple[Fault, ...]]:
    return compile_understanding({"en": _document(*patterns, **keys)})


SEES = [
    ("want to sleep", "I WANT to sleep!", True),
    ("want to sleep", "want. to sleep", False),
    ("(want|hope) to sleep", "hope to sleep", True),
    ("really? tired", "tired", True),
    ("(so much)? pain", "so much pain", True),
    ("not .. sleep", "not ever again sleep", True),
    ("not .. sleep", "not one two three sleep", False),
    ("not ... sleep", "not one two three four sleep", True),
    ("{wish} sleep", "would like sleep", True),
    ("^ sleep", "no. sleep", True),
    ("^ sleep", "no sleep", False),
    ("sleep $", "sleep. now", True),
    ("sleep $", "sleep now", False),
    ("tired // sleep", "tired. sleep", True),
    ("sleep*", "sleepless", True),
    ("compañer*", "compañeras", True),
    ("# nights", "40 nights", True),
    ("at #:# nights", "at 10:30 nights", True),
    ("can't sleep", "cant sleep", True),
    # Words of which several ways need the same, or one way needs twice.
    ("(want|hope) (hope|sleep)", "hope hope", True),
    ("(rope swing|rope ladder)", "rope ladder", True),
    ("(rope swing|rope|ladder) // gone", "rope. gone", True),
    ("(so tired|so done|tired) (so done|now)", "tired so done", True),
    ("(what (is it|for)|why) (what (am|was) i|why)", "why what was i", True),
    ("(what is up|what now|what) (today|$)", "what today", True),
    ("((no (way|one)|one) day|one) left", "one left", True),
    ("(# (nights|days)|nights) gone", "40 days gone", True),
    ("(sleep* (well|badly)|well) enough", "sleeping badly enough", True),
]


@pytest.mark.parametrize(("pattern", "text", "seen"), SEES)
def test_a_pattern_sees_what_it_says(pattern: str, text: str, seen: bool) -> None:
    understanding, faults = _compiled(pattern)
    assert faults == ()
    assert understanding.read(text, "en").risk.alarms is seen


NOT_TRIED = [
    ("(what is up|whats up)", "what is the time"),
    ("(what is up|whats up) today", "what is up"),
    ("(tell|show) me // more", "tell more"),
    ("{wish} (to go|the end)", "i would like the bill to"),
    ("not .. not (here|there)", "not now not ever"),
]


@pytest.mark.parametrize(("pattern", "text"), NOT_TRIED)
def test_a_pattern_is_tried_only_where_the_words_of_one_of_its_ways_stand(pattern: str, text: str) -> None:
    understanding, _ = _compiled(pattern)
    assert not understanding.lexicons["en"].dangers.candidates(understanding.plainer.plain(text).held)


def test_a_whole_text_longer_than_its_pattern_is_not_it() -> None:
    document = {"intents": [{"id": "r", "intent": "stop", "whole": ["(please)? go .. away"]}]}
    understanding, _ = compile_understanding({"en": document})
    assert understanding.read("go very far away", "en").control is Intent.STOP
    assert understanding.read("please go so very away", "en").control is Intent.STOP
    assert understanding.read("please go so very far away", "en").control is None


def test_an_excuse_counts_only_where_it_touches() -> None:
    understanding, _ = _compiled("sleep", unless=["not sleep"])
    assert not understanding.read("i can not sleep", "en").risk.alarms
    assert understanding.read("not sleep. but sleep", "en").risk.alarms


def test_an_excuse_nearby_counts_in_its_sentence_alone() -> None:
    understanding, _ = _compiled("sleep", unless_near=["baby"])
    assert not understanding.read("the baby will not sleep", "en").risk.alarms
    assert understanding.read("the baby. sleep", "en").risk.alarms


def test_company_wanted_anywhere_in_the_text() -> None:
    understanding, _ = _compiled("bridges", only_with=["lost my job"], unless_said=["tickets"])
    assert understanding.read("lost my job. bridges", "en").risk.alarms
    assert not understanding.read("bridges", "en").risk.alarms
    assert not understanding.read("lost my job. bridges. tickets", "en").risk.alarms


BAD_PATTERNS = ["(open", "a | ", "(a)?", "..", "{nobody}", "[company] and [role]", "an*", "?", "x {", "^ $"]


@pytest.mark.parametrize("pattern", BAD_PATTERNS)
def test_a_pattern_that_cannot_be_read_is_a_fault_with_its_place(pattern: str) -> None:
    _, faults = _compiled("fine", pattern)
    assert [(f.path, f.code) for f in faults] == [(("en", "risk", 0, "patterns", 1), FaultCode.PATTERN)]
    assert faults[0].message
    assert faults[0].remedy


FAULTY = {
    "not a mapping": ("text", FaultCode.SHAPE, ("en",)),
    "unknown key": ({"rsik": []}, FaultCode.UNKNOWN_KEY, ("en", "rsik")),
    "unknown list": ({"lists": {"nouns": "a b"}}, FaultCode.UNKNOWN_KEY, ("en", "lists", "nouns")),
    "rules no list": ({"risk": {"id": "x"}}, FaultCode.SHAPE, ("en", "risk")),
    "rule without id": ({"risk": [{"level": "check"}]}, FaultCode.MISSING, ("en", "risk", 0)),
    "rule without level": ({"risk": [{"id": "x", "patterns": ["a"]}]}, FaultCode.MISSING, ("en", "risk", 0)),
    "no patterns": ({"risk": [{"id": "x", "level": "check"}]}, FaultCode.MISSING, ("en", "risk", 0)),
    "unknown level": (
        _document("sleep", level="panic"),
        FaultCode.UNKNOWN_VALUE,
        ("en", "risk", 0, "level"),
    ),
    "unknown rule key": (_document("sleep", unles=["x"]), FaultCode.UNKNOWN_KEY, ("en", "risk", 0, "unles")),
    "patterns no texts": (
        {"risk": [{"id": "x", "level": "check", "patterns": [{"a": "b"}]}]},
        FaultCode.SHAPE,
        ("en", "risk", 0, "patterns"),
    ),
    "two of one id": (
        {"risk": [{"id": "x", "level": "check", "patterns": ["a b"]}] * 2},
        FaultCode.DUPLICATE_ID,
        ("en", "risk", 1),
    ),
    "spelling no text": ({"spellings": {"u": ["you"]}}, FaultCode.SHAPE, ("en", "spellings", "u")),
}


@pytest.mark.parametrize(("document", "code", "path"), FAULTY.values(), ids=FAULTY.keys())
def test_each_wrong_entry_is_reported_where_it_stands(
    document: object, code: FaultCode, path: tuple[str | int, ...]
) -> None:
    _, faults = compile_understanding({"en": document})
    assert (code, path) in [(fault.code, fault.path) for fault in faults]


def test_all_faults_are_reported_at_once() -> None:
    rules = [{"id": "a", "level": "grave", "patterns": ["(x"]}, {"level": "check", "patterns": ["y"]}]
    _, faults = compile_understanding({"en": {"rsik": [], "risk": rules}})
    assert len(faults) >= 4


def test_examples_are_tried_only_when_asked() -> None:
    document = _document("sleep", match=["awake"], but_not=["sleep well"])
    assert compile_understanding({"en": document})[1] == ()
    _, faults = compile_understanding({"en": document}, check_examples=True)
    assert [fault.code for fault in faults] == [FaultCode.EXAMPLE_MISSED, FaultCode.COUNTER_EXAMPLE_MATCHED]
    assert faults[0].path == ("en", "risk", 0, "match", 0)


def test_without_english_there_is_a_fault_and_still_a_reading() -> None:
    understanding, faults = compile_understanding({})
    assert faults[0].code is FaultCode.MISSING
    assert understanding.read("they said no", "en").intents


def test_a_rule_that_tells_of_nothing_there_is_is_reported_and_left_out() -> None:
    rules = [{"id": "a", "level": "worst", "patterns": ["i am done"], "match": ["i am done"]}]
    understanding, faults = compile_understanding({"en": {"risk": rules}}, check_examples=True)
    assert [fault.path for fault in faults] == [("en", "risk", 0, "level")]
    assert understanding.read("i am done", "en").risk is Risk.NONE
