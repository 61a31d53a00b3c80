"""`onward transcript`: chats compared, brought up to date, written down, and the steps none of them visits."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import main

KEPT = """@ 2026-03-02 18:10
> /talk
Onward: Ouch.
Onward: What shall we do?   [Say it] [Name them] [Out loud] [Leave it]
> [Say it]
Onward: Go on. I won't interrupt.   [Done]
"""


@pytest.fixture
def run(content: Path, monkeypatch: pytest.MonkeyPatch):
    def run(*args: str | Path, typed: str = "") -> Result:
        return CliRunner().invoke(main, ["transcript", *map(str, args)], input=typed)

    monkeypatch.setenv("ONWARD_CONTENT_DIR", str(content))
    return run


def told(result: Result) -> list[str]:
    return result.output.splitlines()


def test_a_chat_that_reads_as_kept_is_fine(run, tmp_path: Path) -> None:
    kept = tmp_path / "kept.txt"
    kept.write_text(KEPT)
    result = run(kept)
    assert (result.exit_code, told(result)) == (0, ["1 transcripts, 0 differ"])


def test_a_chat_that_reads_differently_is_shown_and_can_be_brought_up_to_date(run, tmp_path: Path) -> None:
    kept = tmp_path / "kept.txt"
    kept.write_text(KEPT.replace("Go on.", "Go on then."))
    result = run(kept)
    assert result.exit_code == 1
    assert "-Onward: Go on then. I won't interrupt.   [Done]" in told(result)
    assert run(kept, "--update").exit_code == 0
    assert kept.read_text() == KEPT


def test_a_chat_that_cannot_be_played_is_told_with_its_line_and_left_alone(run, tmp_path: Path) -> None:
    kept = tmp_path / "kept.txt"
    kept.write_text(bad := KEPT.replace("[Say it]\nOnward: Go", "[Sing it]\nOnward: Go"))
    for how in ((), ("--update",)):
        result = run(kept, *how)
        assert result.exit_code == 1
        assert f"{kept}: line 5: there is no [Sing it] here" in result.output
    assert kept.read_text() == bad


def test_a_chat_that_stops_is_brought_up_to_date_as_far_as_it_plays(run, tmp_path: Path) -> None:
    kept = tmp_path / "kept.txt"
    kept.write_text(KEPT.replace("Onward: Ouch.\n", "") + "> [Sing it]\nOnward: La.\n# the end\n")
    result = run(kept, "--update")
    assert result.exit_code == 1
    assert (
        f"{kept}: line 7: there is no [Sing it] here; there are: [Done]; updated as far as there"
        in result.output
    )
    assert kept.read_text() == KEPT + "> [Sing it]\nOnward: La.\n# the end\n"


def test_a_chat_that_cannot_be_played_keeps_no_other_from_being_compared_in_a_language(
    run, tmp_path: Path
) -> None:
    bad, good = tmp_path / "bad.txt", tmp_path / "good.txt"
    bad.write_text("@ 2026-03-02 18:10\n> [Sing it]\n")
    good.write_text(KEPT)
    (tmp_path / "en").mkdir()
    result = run(bad, good, "--into", "en", "--update")
    assert result.exit_code == 1
    assert f"{bad}: line 2: there is no [Sing it] here; none is open. Is it no longer asked?" in result.output
    assert f"{tmp_path / 'en' / 'good.txt'}: updated" in result.output
    assert not (tmp_path / "en" / "bad.txt").exists()


def test_what_is_typed_is_written_down_as_a_chat_that_plays(run, tmp_path: Path) -> None:
    kept = tmp_path / "new.txt"
    result = run(kept, "--record", typed="@ 2026-03-02 18:10\n\n/talk\n1\nthey said no\nDone\n# kept\n/+1w\n")
    assert result.exit_code == 0
    written = kept.read_text()
    assert "> [Say it]\nOnward: Go on. I won't interrupt.   [Done]\n> they said no\n> [Done]\n" in written
    assert written.endswith("# kept\n~ +10080m\n")
    assert run(kept).exit_code == 0


def test_a_recording_that_exists_goes_on_where_it_ended(run, tmp_path: Path) -> None:
    kept = tmp_path / "kept.txt"
    kept.write_text(KEPT)
    result = run(kept, "--record", typed="they said no\nDone\n")
    assert "Not written down" not in result.output
    assert kept.read_text().startswith(KEPT + "> they said no\n> [Done]\nOnward: Keep it?")


def test_a_line_that_cannot_be_played_is_not_written_down(run, tmp_path: Path) -> None:
    kept = tmp_path / "kept.txt"
    kept.write_text(KEPT)
    result = run(kept, "--record", typed="> [Sing]\n~ later\n")
    assert result.output.count("Not written down:") == 2
    assert kept.read_text() == KEPT


def test_steps_that_no_chat_visits_are_listed(run, tmp_path: Path) -> None:
    kept = tmp_path / "kept.txt"
    kept.write_text(KEPT)
    places = told(run(kept, "--coverage"))
    assert "talk/start" not in places
    assert "talk/listen" not in places
    assert {"talk/keep", "talk/slow", "anytime/noted"} < set(places)
    kept.write_text(KEPT + "> [Done]\n> [Keep]\n")
    assert {"talk/keep", "talk/kept"}.isdisjoint(told(run(kept, "--coverage"))), "kept only says a line"
    kept.write_text("> /nonsense\n")
    assert "anytime/unknown-command" not in told(run(kept, "--coverage")), (
        "nor does one of the engine's own lines"
    )


@pytest.mark.parametrize("args", [("--update", "--record"), ("--update", "--coverage")])
def test_only_one_thing_is_done_at_once(args: tuple[str, ...], run, tmp_path: Path) -> None:
    assert run(tmp_path / "a.txt", *args).exit_code == 2


def test_a_file_that_is_not_there_is_wrong_use(run, tmp_path: Path) -> None:
    assert run(tmp_path / "none.txt").exit_code == 2
    assert run(tmp_path / "a.txt", tmp_path / "b.txt", "--record").exit_code == 2
