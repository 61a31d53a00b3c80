"""What each diagnostic means, with a failing example and its remedy: `explained.yaml`, and the page made from it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path, PurePosixPath

from pydantic import TypeAdapter

from bot.script.diagnostics import Code
from bot.script.documents import Document, Words
from bot.script.source import read_source

_FILE = Path(__file__).with_name("explained.yaml")
_HEAD = """# What `onward check` says

<!-- Made from the code by `onward docs`: change bot/script/explained.yaml instead. -->

Each finding reads `path:line: severity code: what is wrong. what to do.`, with `path` as it was given and `line`
counted from 1; 0 means the file as a whole. Editors and CI read that as they read a compiler (`%f:%l: %t%*[a-z] %m` in
Vim's `errorformat`), and `--json` has the same as an array of objects: `code`, `severity`, `path`, `line`, `message`,
`remedy`. An **error** stops the start; a **warning** does not. The exit code is 0 without errors, 1 with one or more,
2 when the command was used wrongly, 3 when it can't run as it is set up. `onward explain ON024` prints an
entry of this page.

All findings are told at once; only a file that can't be read as YAML, or hasn't the shape of a flow, hides what the
flows lead to until it is mended.

The examples are parts of files, as they should not be: a test makes each of them in a small sound content and sees this
finding there, and no other.
"""
_LANGUAGES = {".yaml": "yaml", ".j2": "jinja", ".lock": "", "": ""}


class Explained(Document):
    """`wrong` in the place of `right` brings the finding; with neither, the missing file does."""

    title: Words
    about: Words
    file: Words
    right: str = ""
    wrong: str = ""
    remedy: Words


@cache
def explanations() -> Mapping[Code, Explained]:
    """Return what is known of each code, in the order of their numbers."""
    source, faults = read_source(_FILE)
    assert not faults, faults
    found = TypeAdapter(dict[Code, Explained]).validate_python(source.data)
    return {code: found[code] for code in sorted(found)}


def titles() -> tuple[tuple[Code, str], ...]:
    """Return each code with its title, in the order of their numbers."""
    return tuple((code, each.title) for code, each in explanations().items())


def diagnostics_page() -> str:
    """Return docs/diagnostics.md."""
    return "\n".join((_HEAD, *(entry(code) for code in explanations())))


def entry(code: Code) -> str:
    """Return the entry of one code, as the page has it."""
    each = explanations()[code]
    return (
        f"## {code} {each.title}\n{each.about.strip()}\n{_example(each)}\n**Remedy.** {each.remedy.strip()}\n"
    )


def _example(each: Explained) -> str:
    path = PurePosixPath("content", each.file)
    if not each.wrong:
        return f"```\n{path} is missing\n```"
    if path.suffix == ".j2":
        return f"`{path}`:\n```{_LANGUAGES[path.suffix]}\n{each.wrong.rstrip()}\n```"
    return f"```{_LANGUAGES[path.suffix]}\n# {path}\n{each.wrong.rstrip()}\n```"
