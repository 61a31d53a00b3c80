"""`content/tongues/`: every fault told with its place, by one small change to what is right."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from bot.script.diagnostics import Code, Diagnostic
from bot.script.tongues import read_tongues
from tests.real_content import real_content

CONTENT = Path(__file__).parents[2] / "content"
FLOWS = real_content().flows


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "tongues"
    folder.mkdir()
    for locale in ("de", "ar"):
        shutil.copy(CONTENT / "tongues" / f"{locale}.yaml", folder)
    return folder


def _faults(folder: Path, *, languages: tuple[str, ...] = ("de", "ar")) -> list[Diagnostic]:
    return read_tongues(folder, FLOWS, languages)[1]


def test_right_files_have_no_faults(folder: Path) -> None:
    assert _faults(folder) == []


BREAKS = {
    "a-line-missing": (Code.SHAPE, "person:", "persn:"),
    "no-placeholder": (Code.TONGUE_TEXT, "In Gefahr: {numbers}", "In Gefahr"),
    "another-placeholder": (Code.TONGUE_TEXT, "In Gefahr: {numbers}", "In Gefahr: {number}"),
    "a-placeholder-too-many": (Code.TONGUE_TEXT, "nehme ich ernst", "nehme ich ernst {numbers}"),
    "an-open-brace": (Code.TONGUE_TEXT, "In Gefahr: {numbers}", "In Gefahr: {numbers"),
    "two-lines-too-long": (Code.TONGUE_TEXT, "nehme ich ernst", "nehme ich " + "sehr " * 40 + "ernst"),
    "a-label-too-long": (Code.TONGUE_TEXT, "Land wählen", "Bitte wähle hier noch dein Land aus"),
    "a-label-missing": (Code.TONGUE_TEXT, '  "no": "Nein"\n', ""),
    "a-label-of-no-button": (Code.TONGUE_TEXT, '  "no": "Nein"\n', '  "no": "Nein"\n  never: Nie\n'),
    "no-date": (Code.SHAPE, 'on: ""', "on: gestern"),
}


@pytest.mark.parametrize(("code", "old", "new"), BREAKS.values(), ids=BREAKS)
def test_each_fault_is_told_once_in_its_file(folder: Path, code: Code, old: str, new: str) -> None:
    path = folder / "de.yaml"
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    found = _faults(folder)
    assert {(each.code, each.path) for each in found} == {(code, path)}
    assert all(each.line > 0 for each in found)


def test_a_line_that_would_be_laid_out_from_the_wrong_side_is_told(folder: Path) -> None:
    path = folder / "ar.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('talk: "', 'talk: "findahelpline '), encoding="utf-8")
    assert [(each.code, "talk" in each.message) for each in _faults(folder)] == [(Code.TONGUE_TEXT, True)]


def test_a_language_that_knows_danger_and_has_no_answer_is_told(folder: Path) -> None:
    found = _faults(folder, languages=("de", "ar", "fr"))
    assert [(each.code, each.path.name) for each in found] == [(Code.TONGUE_MISSING, "fr.yaml")]


def test_who_reviewed_a_language_and_when_is_read(folder: Path) -> None:
    path = folder / "de.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('{by: "", on: ""}', "{by: A. Person, on: 2026-12-01}"), encoding="utf-8")
    tongue = read_tongues(folder, FLOWS, ())[0]["de"]
    assert (tongue.reviewed_by, tongue.reviewed_on) == ("A. Person", date(2026, 12, 1))


def test_the_engines_own_steps_must_be_there(folder: Path) -> None:
    flows = tuple(flow for flow in FLOWS if flow.document.flow != "anytime")
    anytime = next(flow for flow in FLOWS if flow.document.flow == "anytime")
    steps = {name: step for name, step in anytime.document.steps.items() if name != "english-only"}
    bare = type(anytime)(source=anytime.source, document=anytime.document.model_copy(update={"steps": steps}))
    found = read_tongues(folder, (*flows, bare), ())[1]
    assert [each.code for each in found] == [Code.MISSING_ENGINE_STEP]
