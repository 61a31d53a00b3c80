"""What the documentation says can be done, can be done: its commands, settings, links, chats and examples."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import yaml
from click.testing import CliRunner, Result

from bot.cli import main
from bot.script.transcript import START, play
from tests.real_content import real_content

ROOT = Path(__file__).parents[1]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\]\((?!https?://|tg://|mailto:)([^)\s]+)\)")
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`(onward [^`\n]+|make [a-z-]+[^`\n]*)`")


def ids(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _blocks(page: Path, language: str) -> Iterator[str]:
    return (body for kind, body in BLOCK.findall(page.read_text(encoding="utf-8")) if kind == language)


def _commands(page: Path, program: str) -> Iterator[list[str]]:
    text = page.read_text(encoding="utf-8")
    written = [line for body in _blocks(page, "sh") for line in body.splitlines()]
    written += INLINE.findall(BLOCK.sub("", text))
    for line in written:
        if line.startswith(program + " "):
            for each in line.replace("\\|", "|").split(" && "):
                yield shlex.split(each, comments=True)[1:]


def _described(words: list[str]) -> Iterator[str]:
    """What a command line names that the program doesn't have."""
    command: click.Command = main
    for i, word in enumerate(words):
        if not isinstance(command, click.Group):
            break
        if "|" in word:
            for each in word.split("|"):
                yield from _described([*words[:i], each, *words[i + 1 :]])
            return
        found = command.commands.get(word)
        if found is None:
            yield f"no command {word!r}"
            return
        command = found
    known = {name for option in command.params for name in (*option.opts, *option.secondary_opts)} | {
        "--help"
    }
    yield from (
        f"no option {word} of {command.name}" for word in words if word.startswith("--") and word not in known
    )


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_every_command_named_is_there_with_its_options(page: Path) -> None:
    assert [wrong for words in _commands(page, "onward") for wrong in _described(words)] == []


def test_the_readme_names_every_command() -> None:
    named = {words[0] for words in _commands(ROOT / "README.md", "onward")}
    assert named >= set(main.commands)


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_every_make_target_named_is_there(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert [words[0] for words in _commands(page, "make") if words[0] not in targets] == []


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_every_link_leads_somewhere(page: Path) -> None:
    broken = []
    for link in LINK.findall(BLOCK.sub("", page.read_text(encoding="utf-8"))):
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        if not target.exists() or (anchor and anchor not in _anchors(target)):
            broken.append(link)
    assert broken == []


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    explicit = re.findall(r'<a (?:id|name)="([^"]+)"', page.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings} | set(
        explicit
    )


# The examples of diagnostics.md are failing ones; each is tried in tests/script.
@pytest.mark.parametrize("page", [page for page in PAGES if page.name != "diagnostics.md"], ids=ids)
def test_every_yaml_example_is_yaml(page: Path) -> None:
    for body in _blocks(page, "yaml"):
        assert yaml.safe_load(body) is not None


def test_the_chat_in_the_readme_is_what_is_said() -> None:
    chat = next(body for body in _blocks(ROOT / "README.md", "") if body.startswith("> "))
    first = chat.splitlines()[0]
    said = play(real_content(), f"@ {START:%Y-%m-%d %H:%M} Europe/Berlin\n{first}\n").text
    shown = [re.sub(r"\s+\[.*", "", line) for line in chat.splitlines()[1:] if line.startswith("Onward: ")]
    heard = [re.sub(r"\s+\[.*", "", line) for line in said.splitlines() if line.startswith("Onward: ")]
    assert shown
    assert shown == [line for line in heard if not line.startswith("Onward: I'm Onward")]


@pytest.mark.slow
def test_the_operators_commands_run_as_they_are_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [each for each in os.environ if each.startswith(("ONWARD_", "TELEGRAM_", "DATABASE_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("ONWARD_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "1:test")
    monkeypatch.chdir(tmp_path)

    def onward(*words: str) -> Result:
        return CliRunner().invoke(main, words)

    assert onward("migrate").exit_code == 0
    ran = 0
    for words in _commands(ROOT / "docs" / "operating.md", "onward"):
        if len(words) < 2 and words != ["stats"]:
            continue  # named in passing, and run in full elsewhere on the page
        if words[:2] == ["person", "erase"]:
            words += ["--yes"]  # it asks on a terminal, and there is none here
        key = tmp_path / "data" / "onward.key"
        if key.exists():
            os.utime(key, (0, 0))  # old enough for every bot to have read it: nobody waits for that here
        done = onward(*words)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        # Nobody is there by that number (1): an answer, where a wrong option or setting would be 2 or 3.
        assert done.exit_code in (0, 1), (words, done.output)
        ran += 1
    assert ran >= 5
