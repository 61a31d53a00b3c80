"""Every letter there is, with everything known or missing; and what is told of a letter that reads badly.

Any two values are tried together always; of the combinations of all, every eleventh, and with `ONWARD_LONG=1` each.
"""

from __future__ import annotations

import os
import re
import shutil
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pytest

from bot.dialogue.letters import MAX_NOTE_CHARS, LetterWords, Medium, Sort, Tone, gap_of, written
from bot.script.diagnostics import Code
from bot.script.letter_checks import choices_of, every, fault_in, pairwise
from bot.script.letters import read_letters
from bot.script.load import check_content
from tests.real_content import KEPT
from tests.script.letters_page import LETTERS, PAGE, page

pytestmark = pytest.mark.slow

LOCALES: dict[str, LetterWords] = read_letters(LETTERS.parent, never_says={}, thoroughly=False)[0]
WORDS = LOCALES["en"]
EACH = 1 if os.environ.get("ONWARD_LONG") else 11  # no field has eleven values: each of them comes around
Case = tuple[str, tuple[Sort, Medium, Tone], int]
WORDINGS: list[Case] = [
    (locale, key, number)
    for locale, words in LOCALES.items()
    for key, found in words.wordings.items()
    for number in range(len(found))
]


def _id(case: Case) -> str:
    return "-".join((case[0], *case[1], str(case[2])))


@pytest.mark.parametrize("locale", LOCALES)
def test_every_sort_has_three_tones_and_most_have_a_note_too(locale: str) -> None:
    wordings = LOCALES[locale].wordings
    assert {sort for sort, _, _ in wordings} == set(Sort)
    by_mail = {(sort, tone) for sort, medium, tone in wordings if medium is Medium.EMAIL}
    assert len(by_mail) == len(Sort) * len(Tone)
    assert {sort for sort, medium, _ in wordings if medium is Medium.LINKEDIN} >= {
        Sort.FEEDBACK,
        Sort.THANKS,
        Sort.GRACIOUS,
        Sort.KEEP_IN_TOUCH,
        Sort.CHAT,
        Sort.NUDGE,
    }


@pytest.mark.parametrize("case", WORDINGS, ids=_id)
def test_a_wording_reads_well_with_any_two_values_together(case: Case) -> None:
    words = LOCALES[case[0]]
    combinations = list(pairwise(words, *case[1:]))
    choices = choices_of(words, *case[1:])
    names = sorted(choices)
    pairs = {
        (one, other, fields[one], fields[other])
        for fields in combinations
        for one in names
        for other in names
        if one < other
    }
    wanted = sum(len(choices[one]) * len(choices[other]) for one in names for other in names if one < other)
    assert len(pairs) == wanted
    assert [fault for fields in combinations if (fault := fault_in(words, fields))] == []


@pytest.mark.slow
@pytest.mark.parametrize("case", WORDINGS, ids=_id)
def test_a_wording_reads_well_with_combinations_of_everything(case: Case) -> None:
    """One test a wording, so that they are shared between the processors."""
    words = LOCALES[case[0]]
    for fields in islice(every(words, *case[1:]), None, None, EACH):
        fault = fault_in(words, fields)
        assert fault is None, (fields, fault)


@pytest.mark.parametrize("locale", LOCALES)
def test_hundreds_of_thousands_of_combinations_are_tried(locale: str) -> None:
    cases = [case[1:] for case in WORDINGS if case[0] == locale]
    tried = sum(1 for case in cases for _ in every(LOCALES[locale], *case))
    print(f"{locale}: {tried} combinations of {len(cases)} wordings")
    assert tried > 400_000


@pytest.mark.parametrize("field", ["recipient", "company", "role", "specific", "sender", "when"])
@pytest.mark.parametrize(
    "value",
    [
        "O'Neil-Müller",
        "李雷",
        "<script>alert(1)</script>",
        "{{x}}",
        "{% if x %}",
        "*bold* _it_ `code`",
        "🙂",
        "R & D",
    ],
)
def test_what_people_fill_in_stands_in_the_letter_as_they_wrote_it(field: str, value: str) -> None:
    for sort, medium, tone in WORDS.wordings:
        fields = {"sort": sort, "medium": medium, "tone": tone, "stage": "interview", field: value}
        letter = written(WORDS, fields, with_gaps=True)
        text = f"{letter.subject}\n{letter.body}"
        assert "\ue000" not in text
        uses = f"letter.{field}" in "".join(
            p.source for p in WORDS.wordings[sort, medium, tone][0].paragraphs
        )
        assert value in text or not uses


def test_a_gap_stands_in_brackets_until_it_is_filled_or_left_out() -> None:
    fields = {"sort": "feedback", "company": "Acme", "role": "clerk", "stage": "final"}
    assert "[their name]" in written(WORDS, fields, with_gaps=True).body
    assert "[" not in written(WORDS, fields, with_gaps=False).body
    assert gap_of(WORDS, fields) == "recipient"
    assert gap_of(WORDS, fields | {"left_out": ("recipient",)}) == "specific"
    assert "[their name]" not in written(WORDS, fields | {"left_out": ("recipient",)}, with_gaps=True).body


def test_a_note_that_would_be_too_long_gives_up_what_it_can_spare_and_tells_so() -> None:
    fields = {"sort": "feedback", "medium": "linkedin", "tone": "warm", "stage": "final", "company": "C" * 70}
    fields |= {"role": "R" * 70, "recipient": "N" * 60, "sender": "S" * 60}
    note = written(WORDS, fields, with_gaps=False)
    assert len(note.body) <= MAX_NOTE_CHARS
    assert note.left_out
    assert note.subject is None


@pytest.mark.parametrize(
    ("locale", "role", "kind", "reads"),
    [
        ("en", "the data analyst position", "job", "the data analyst role"),
        ("en", "swe intern", "internship", "the swe internship"),
        ("en", "MSc Physics", "school", "the MSc Physics programme"),
        ("en", "research grant", "grant", "the research grant"),
        ("es", "el puesto de analista", "job", "sobre el puesto de analista y"),
        ("es", "Prácticas de marketing", "internship", "sobre las prácticas de marketing y"),
        ("es", "trabajo social", "job", "el puesto de trabajo social"),
        ("es", "jefa de equipo", "promotion", "el ascenso a jefa de equipo"),
    ],
)
def test_what_it_was_about_is_named_once(locale: str, role: str, kind: str, reads: str) -> None:
    fields = {"sort": "gracious", "tone": "formal", "kind": kind, "role": role, "wording": 1}
    assert reads in written(LOCALES[locale], fields, with_gaps=False).body


@pytest.mark.parametrize(
    ("field", "value", "reads"),
    [
        ("when", "martes", "la entrevista que tuvimos el martes"),
        ("when", "3 de marzo", "la entrevista que tuvimos el 3 de marzo"),
        ("when", "la semana pasada", "la entrevista que tuvimos la semana pasada"),
        ("specific", "La calma con que hablamos.", "Recuerdo con gusto la calma con que hablamos."),
        ("specific", "me gustó el equipo", ". Me gustó el equipo."),
        ("recipient", "Lena", "Hola, Lena:"),
    ],
)
def test_what_is_filled_into_a_spanish_letter_fits_its_sentence(field: str, value: str, reads: str) -> None:
    fields = {"sort": "feedback", "stage": "interview", field: value}
    assert reads in written(LOCALES["es"], fields, with_gaps=False).body


_TU = re.compile(
    r"\b(?:tú|ti|te|tu|tus|tuyas|contigo|\w+rías|puedes|tienes|(?!parte)\w+[aei]rte)\b", re.IGNORECASE
)
_USTED = re.compile(
    r"\b(?:usted|ustedes|su|sus|considera|pudiera darme|pudiera dedicarme|\w+[aei]rle|disposición)\b"
)
_ADDRESS = {Tone.WARM: _USTED, Tone.FORMAL: _TU, Tone.BRIEF: re.compile(f"{_TU.pattern}|{_USTED.pattern}")}


@pytest.mark.parametrize("key", LOCALES["es"].wordings, ids="-".join)
def test_a_spanish_letter_keeps_to_one_form_of_address(key: tuple[Sort, Medium, Tone]) -> None:
    """Warm says tú, formal usted, brief neither: it must suit whoever reads it."""
    for wording in LOCALES["es"].wordings[key]:
        texts = [text.source for text in (*wording.paragraphs, wording.subject) if text]
        assert [found for text in texts for found in _ADDRESS[key[2]].findall(text)] == []


def test_an_application_that_met_nobody_asks_otherwise_than_a_final_round() -> None:
    by_stage = {
        stage: written(WORDS, {"sort": "feedback", "stage": stage}, with_gaps=False).body
        for stage in ("application", "assessment", "final")
    }
    assert "my application" in by_stage["application"]
    assert "my work" in by_stage["assessment"]
    assert "our conversations" in by_stage["final"]
    assert "our conversations" not in by_stage["application"]


@dataclass(frozen=True, kw_only=True)
class Break:
    code: Code
    file: str
    old: str
    new: str
    line: int


WARM = "feedback/email-warm.j2"
BREAKS = {
    "a-name-that-is-none": Break(
        code=Code.UNKNOWN_NAME, file=WARM, old="{{ letter.thanked }}", new="{{ letter.thx }}", line=5
    ),
    "a-loop": Break(
        code=Code.BAD_TEXT,
        file=WARM,
        old="all the best.{% else %}",
        new="{% for a in b %}{% endfor %}{% else %}",
        line=9,
    ),
    "a-brace-left-open": Break(
        code=Code.BAD_TEXT, file=WARM, old="{% if letter.recipient %}", new="{% if letter.recipient", line=3
    ),
    "no-subject": Break(
        code=Code.LETTER_FOLDER,
        file=WARM,
        old="Subject: {{ letter.post|capitalize }}: thank you, and one question\n",
        new="",
        line=2,
    ),
    "no-tone": Break(
        code=Code.LETTER_FOLDER, file="feedback/email-rude.j2", old="", new="Subject: x\n\nHello", line=0
    ),
    "too-many-words": Break(
        code=Code.LETTER_LIMIT,
        file=WARM,
        old="I fully understand.\n",
        new="word ban " * 75 + "end.\n",
        line=1,
    ),
    "two-spaces": Break(
        code=Code.LETTER_READS_BADLY,
        file=WARM,
        old=", and I respect your",
        new=",  and I respect your",
        line=1,
    ),
    "an-empty-at": Break(
        code=Code.LETTER_READS_BADLY,
        file=WARM,
        old="{% else %}I wish you all the best.",
        new="{% else %}I wish you well at {% if letter.company %}{{ letter.company }}{% endif %}.",
        line=1,
    ),
    "what-is-never-said": Break(
        code=Code.BANNED_PHRASE,
        file=WARM,
        old="If it isn't possible, I fully understand.",
        new="Chin up.",
        line=7,
    ),
    "a-phrase-missing": Break(
        code=Code.SHAPE,
        file="phrases.yaml",
        old="  screen: for the call",
        new="  scren: for the call",
        line=29,
    ),
}


@pytest.mark.parametrize("case", BREAKS.values(), ids=BREAKS)
def test_a_letter_that_is_wrong_is_told_with_file_and_line(case: Break, tmp_path: Path) -> None:
    shutil.copytree(LETTERS, tmp_path / "letters" / "en")
    path = tmp_path / "letters" / "en" / case.file
    before = path.read_text() if path.exists() else ""
    assert before.count(case.old) >= 1 or not before
    path.write_text(before.replace(case.old, case.new, 1) if before else case.new)
    _, found = read_letters(tmp_path / "letters", never_says={"en": ("chin up",)}, thoroughly=True)
    assert (case.code, path) in {(each.code, each.path) for each in found}, found
    lines = [each.line for each in found if each.code is case.code and each.path == path]
    assert case.line in lines or case.code is Code.SHAPE, found


def test_the_check_of_all_content_reads_the_letters_too(tmp_path: Path) -> None:
    shutil.copytree(LETTERS.parents[1], tmp_path / "content")
    path = tmp_path / "content" / "letters" / "en" / WARM
    path.write_text(path.read_text().replace("{{ letter.thanked }}", "{{ letter.thx }}", 1))
    content, found = check_content(tmp_path / "content", kept=KEPT)
    assert content is None
    assert [(each.code, each.line) for each in found if each.path == path] == [(Code.UNKNOWN_NAME, 5)]


def test_six_finished_letters_in_the_docs_read_as_they_are_written_now() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(LOCALES), (
        "run: .venv/bin/python -m tests.script.letters_page"
    )
    assert len(re.findall("^## ", page(LOCALES), re.MULTILINE)) == 6
