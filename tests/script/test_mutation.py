"""What `onward check` finds of random breakages. `python -m tests.script.mutate` draws more: docs/mutation.md."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from bot.script.compile import variable_types
from tests.real_content import real_content
from tests.script.breakages import OPERATORS
from tests.script.edits import File
from tests.script.mutants import Breaker, Mutant
from tests.script.mutate import REAL, SEED, Checker, Result, report, run
from tests.script.remembering import remembering

ABOUT = "flows/about.yaml"


def _mutant(path: str, text: str | None) -> Mutant:
    return Mutant(operator="a step deleted", line=1, changes={path: text})


@pytest.fixture
def checker(content: Path, tmp_path: Path) -> Iterator[Checker]:
    with remembering():
        yield Checker(content, tmp_path / "copy")


def test_a_breakage_is_found_and_the_content_is_whole_again_after_it(checker: Checker, content: Path) -> None:
    talk = (content / "flows" / "talk.yaml").read_text(encoding="utf-8")
    broken = _mutant("flows/talk.yaml", talk.replace("go: stage", "go: stag"))
    assert checker.check(broken).codes == ("ON010",)
    assert not checker.check(_mutant("flows/talk.yaml", f"# more\n{talk}")).found
    assert checker.check(broken).codes == ("ON010",)


def test_a_file_taken_away_is_found(checker: Checker) -> None:
    assert "ON014" in checker.check(_mutant("flows/anytime.yaml", None)).codes


def test_a_crash_is_reported_and_counts_as_not_found(
    checker: Checker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def falls_over(*anything: object, **more: object) -> None:
        raise ZeroDivisionError("over")

    monkeypatch.setattr("tests.script.mutate.check_content", falls_over)
    result = checker.check(_mutant("flows/talk.yaml", "flow: talk"))
    assert (result.found, result.crash) == (False, "ZeroDivisionError: over")


def test_the_report_lists_who_survived() -> None:
    found = Result(mutant=_mutant(ABOUT, ""), codes=("ON010", "ON100"))
    stale = Result(mutant=_mutant(ABOUT, ""), codes=("ON100",))
    told = report({7: [found, stale, Result(mutant=_mutant(ABOUT, ""))]})
    assert "| 7 | 2 (66.7 %) | 3 | 1 | 0 |" in told
    assert told.endswith(f"## Survivors\n\n- a step deleted: {ABOUT}:1 (seed 7)\n")


@pytest.mark.slow
@pytest.mark.parametrize("operator", OPERATORS)
def test_every_operator_has_something_to_break_in_the_real_content(operator: str) -> None:
    pattern, breaks = OPERATORS[operator]
    assert any(True for path in sorted(REAL.glob(pattern)) for _ in breaks(_file(path)))


@cache
def _file(path: Path) -> File:
    types = variable_types(real_content().flows)
    return File(path.read_text("utf-8"), types=types, banned="their loss")


@pytest.mark.slow
def test_the_same_seed_draws_the_same() -> None:
    assert list(Breaker(REAL, 7).draw(3)) == list(Breaker(REAL, 7).draw(3))


@pytest.mark.slow
def test_random_breakages_of_the_real_content_are_found() -> None:
    results = run(REAL, seed=SEED, count=300 if os.environ.get("ONWARD_LONG") else 12)
    assert [each.crash for each in results if each.crash] == []
    survivors = [f"{each.mutant.operator}: {each.mutant.place}" for each in results if not each.found]
    assert len(survivors) <= len(results) * 0.02, survivors


def test_what_is_remembered_changes_no_finding(content: Path, tmp_path: Path) -> None:
    talk = (content / "flows" / "talk.yaml").read_text(encoding="utf-8")
    mutants = [
        _mutant("flows/talk.yaml", talk.replace("go: stage", "go: stag")),
        _mutant("flows/talk.yaml", f"# more\n{talk}"),
        _mutant("flows/anytime.yaml", None),
    ]
    with remembering():
        quickly = Checker(content, tmp_path / "quickly")
        results = [quickly.check(mutant) for mutant in mutants]
    assert [Checker(content, tmp_path / str(n)).check(each) for n, each in enumerate(mutants)] == results
    assert [each.found for each in results] == [True, False, True]
