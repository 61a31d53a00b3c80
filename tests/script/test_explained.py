"""Every code has an entry, and the entry's example brings this finding and no other; the page is current."""

from __future__ import annotations

import json
import re
import shutil
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import main
from bot.script.diagnostics import Code, Severity
from bot.script.explained import Explained, diagnostics_page, explanations
from bot.script.load import check_content

PAGE = Path(__file__).parents[2] / "docs" / "diagnostics.md"
TODAY = date(2026, 11, 22)


def _make(example: Explained, folder: Path) -> None:
    path = folder / example.file
    if not example.wrong:
        shutil.rmtree(path)
    elif not example.right:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(example.wrong, encoding="utf-8")
    else:
        text = path.read_text(encoding="utf-8")
        assert text.count(example.right) == 1, f"{example.right!r} must stand once in {example.file}"
        path.write_text(text.replace(example.right, example.wrong), encoding="utf-8")


_SMALLEST = ("flows", "understanding", "phrases")


def _base(code: Code) -> str:
    """What holds for every content is shown in the smallest; languages, letters and lines need more."""
    part = explanations()[code].file.partition("/")[0]
    if part == "letters":
        return "with_letters"
    needs_more = {Code.TONGUE_MISSING, Code.ADVICE_LOST, Code.BAD_LANDING}
    return "content" if part in _SMALLEST and code not in needs_more else "whole"


def test_the_whole_content_has_no_findings(whole: Path) -> None:
    loaded, found = check_content(whole, thoroughly=True, today=TODAY)
    assert loaded is not None
    assert found == ()


@pytest.mark.parametrize("code", Code)
def test_the_example_of_a_code_brings_it_and_no_other(code: Code, request: pytest.FixtureRequest) -> None:
    folder = request.getfixturevalue(_base(code))
    _make(explanations()[code], folder)
    found = check_content(folder, thoroughly=True, today=TODAY)[1]
    assert {each.code for each in found} == {code}
    assert all(each.message.endswith((".", "`")) and each.remedy for each in found)


def test_every_code_is_explained_in_the_order_of_their_numbers() -> None:
    assert set(explanations()) == set(Code)
    assert list(explanations()) == sorted(Code)


def test_the_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == diagnostics_page(), "run `onward docs`"


@pytest.mark.parametrize("code", Code)
def test_the_page_has_an_entry_a_code(code: Code) -> None:
    entries = dict(re.findall(r"^## (ON\d{3}) .+\n((?:(?!^## ).*\n?)*)", diagnostics_page(), re.MULTILINE))
    assert len(entries) == len(Code)
    assert entries[code].count("```") == 2, "a failing example"
    assert "**Remedy.** " in entries[code]


def test_an_entry_is_printed_and_an_unknown_code_is_wrong_use() -> None:
    told = CliRunner().invoke(main, ["explain", "on024"])
    assert told.exit_code == 0
    assert told.output.startswith("## ON024 may be missing\n")
    assert CliRunner().invoke(main, ["explain", "ON999"]).exit_code == 2


# -- what editors and CI read ----------------------------------------------------------------------------------


def test_lines_name_file_line_severity_and_code_as_a_compiler_does(
    content: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONWARD_CONTENT_DIR", str(content))
    _make(explanations()[Code.UNKNOWN_TARGET], content)
    _make(explanations()[Code.TOO_MANY_BUBBLES], content)
    told = CliRunner().invoke(main, ["check"])
    assert told.exit_code == 1
    lines = told.stdout.splitlines()
    assert len(lines) == 2
    form = re.compile(r"(?P<path>.+?):(?P<line>\d+): (?P<severity>error|warning) (?P<code>ON\d{3}): .+")
    read = [form.fullmatch(line) for line in lines]
    assert [(m["severity"], m["code"]) for m in read if m] == [("warning", "ON032"), ("error", "ON010")]
    talk = (content / "flows" / "talk.yaml").read_text().splitlines()
    assert "skip: plann" in talk[int(read[1]["line"]) - 1]
    assert all(Path(m["path"]) == content / "flows" / "talk.yaml" for m in read if m)


def test_json_has_the_same_findings_and_warnings_alone_pass(
    content: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONWARD_CONTENT_DIR", str(content))
    _make(explanations()[Code.TOO_MANY_BUBBLES], content)
    told = CliRunner().invoke(main, ["check", "--json"])
    assert told.exit_code == 0
    (only,) = json.loads(told.stdout)
    assert set(only) == {"code", "severity", "path", "line", "message", "remedy"}
    assert (only["code"], only["severity"]) == ("ON032", Severity.WARNING)


def test_an_empty_folder_is_a_finding_and_not_a_crash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONWARD_CONTENT_DIR", str(tmp_path))
    told = CliRunner().invoke(main, ["check", "--json"])
    assert (told.exit_code, told.exception.__class__) == (1, SystemExit)
    assert {each["code"] for each in json.loads(told.stdout)} == {"ON004"}
    monkeypatch.setenv("ONWARD_CONTENT_DIR", str(tmp_path / "nowhere"))
    assert CliRunner().invoke(main, ["check"]).exit_code == 3
