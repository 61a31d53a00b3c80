"""What is typed wrongly at the command line is told with what there is instead; nothing is done meanwhile."""

from __future__ import annotations

import socket
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from bot.script import load
from tests.real_content import KEPT

KEY = "Zm9yIHRlc3RzIG9ubHk6IGEga2V5IG9mIDMyIGJ5dGU="


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ONWARD_ENCRYPTION_KEYS", raising=False)
    monkeypatch.setenv("ONWARD_DATA_DIR", str(tmp_path))


def onward(*words: str) -> Result:
    return CliRunner().invoke(main, words)


def test_a_finding_that_is_none() -> None:
    told = onward("explain", "ON999")
    assert told.exit_code == 2
    assert "There is no finding ON999" in told.output


@pytest.mark.parametrize("code", ["ON024", "on024", "24"])
def test_a_finding_by_any_of_its_names(code: str) -> None:
    assert onward("explain", code).output.startswith("## ON024 ")


def test_without_a_code_every_title_is_listed() -> None:
    lines = onward("explain").output.splitlines()
    assert "ON001  not YAML" in lines
    assert lines == sorted(lines)


@pytest.mark.parametrize(
    ("words", "told"),
    [(["xx"], "no language xx"), (["en"], "no language en"), (["es", "welcom"], "no flow welcom")],
)
def test_a_language_or_flow_that_is_none(
    words: list[str], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What people are read by takes half of the command's time, and this is not about that.
    monkeypatch.setattr(load, "load_content", partial(load.load_content, kept=KEPT))
    result = onward("untranslated", *words)
    assert result.exit_code == 2
    assert told in result.output


def test_a_groups_number_is_no_option() -> None:
    onward("migrate")
    told = onward("person", "export", "telegram:1", "-100")
    assert "Nobody is known at telegram:1 -100" in told.output
    assert told.exit_code == 1


def test_a_migration_with_nothing_to_do_says_so() -> None:
    first, again = onward("migrate"), onward("migrate")
    assert (first.exit_code, again.exit_code) == (0, 0)
    assert "Migrated" in first.output
    assert again.output == "The database is up to date: nothing to do.\n"


def test_no_key_is_made_for_a_database_that_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "onward.key").write_text(KEY + "\n", encoding="ascii")
    (tmp_path / "onward.key").chmod(0o600)
    assert onward("rotate-keys", "--new").exit_code == 3
    assert (tmp_path / "onward.key").read_text(encoding="ascii") == KEY + "\n"


def test_a_data_folder_that_cannot_be_made() -> None:
    (Path.cwd() / "file").touch()
    told = CliRunner().invoke(main, ["migrate"], env={"ONWARD_DATA_DIR": str(Path.cwd() / "file" / "data")})
    assert told.exit_code == 3
    assert "Check that it exists and may be written" in told.output


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        environment = {"ONWARD_DATA_DIR": str(tmp_path / "data"), "ONWARD_HTTP_PORT": port}
        told = CliRunner().invoke(main, ["serve"], env=environment)
    assert told.exit_code == 3
    assert "Cannot listen" in told.output
    assert port in told.output
    assert "ONWARD_HTTP_PORT" in told.output
