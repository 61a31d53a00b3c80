"""`onward transcript`: chats that are kept in files, replayed, compared, brought up to date, and written down.

Exit codes: 0 done, 1 a chat reads differently, 2 used wrongly, 3 can't run as set up.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import click

from bot.channels.terminal.lines import TimePasses, read_line
from bot.commands import FAULTS, clear_faults, settings
from bot.dialogue.heard import HeardKind
from bot.dialogue.message import Button
from bot.script.counterpart import counterpart, read_sentences, sentences_for
from bot.script.load import Content
from bot.script.transcript import BadTranscript, CannotGoOn, Player, difference, inputs_of, play, unvisited

_FIRST_LINE = "@ 2026-03-02 18:10 Europe/Berlin"
_OWN_SIGNS = ("@ ", "~ ", "> ", "#")


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--update", is_flag=True, help="Write what is said now into the files.")
@click.option("--record", is_flag=True, help="Chat here, and write it down in FILE; one that exists goes on.")
@click.option("--coverage", is_flag=True, help="Print the steps that none of the files visits.")
@click.option(
    "--into", metavar="LOCALE", help="Compare the same chats in LOCALE, kept in a folder of that name."
)
def transcript(
    files: tuple[Path, ...], *, update: bool, record: bool, coverage: bool, into: str | None
) -> None:
    """Replay readable chats and compare them exactly. Exits 1 when one reads differently.

    Recording, a line is what a person writes, and a label or its number taps a button; `~ +1d` lets time pass,
    `@ 2026-03-02 18:10 Europe/Berlin es` begins anew, `#` is a remark.
    """
    if sum((update, record, coverage)) > 1 or (record and len(files) > 1):
        raise click.UsageError("One of --update, --record and --coverage; and --record takes one file.")
    if into is not None and (record or coverage):
        raise click.UsageError("--into goes with --update alone.")
    for path in files:
        if not record and not path.is_file():
            raise click.UsageError(f"There is no file {path}.")
    with clear_faults():
        content = _content()
        if into is not None:
            _compare_counterparts(content, files, into, update=update)
        elif record:
            _record(content, files[0])
        elif coverage:
            _coverage(content, files)
        else:
            _compare(content, files, update=update)


def _content() -> Content:
    from bot.script.load import load_content  # noqa: PLC0415 - slow, and not needed to be told about wrong use

    return load_content(settings().content_dir)


def _compare(content: Content, files: Sequence[Path], *, update: bool) -> None:
    differ = faulty = 0
    for path, before, now in _played(content, files, update=update):
        if now is None:
            faulty += 1
        elif now != before:
            differ += 1
            if update:
                path.write_text(now, encoding="utf-8")
            click.echo(f"{path}: updated" if update else difference(str(path), before, now))
    what = f"{differ} {'updated' if update else 'differ'}" + (f", {faulty} can't be played" if faulty else "")
    click.echo(f"{len(files)} transcripts, {what}", err=True)
    if faulty or (differ and not update):
        raise SystemExit(FAULTS)


def _played(
    content: Content, files: Sequence[Path], *, update: bool
) -> Iterator[tuple[Path, str, str | None]]:
    """Yield each file with its text as kept and as it plays now; None, told, when it can't be played."""
    for path in files:
        before = ""
        now: str | None = None
        try:
            before = path.read_text(encoding="utf-8")
            now = play(content, before).text
        except CannotGoOn as stopped:
            if update:
                path.write_text(stopped.mended, encoding="utf-8")
            told = f"line {stopped.line_now}: {stopped.why}; updated as far as there" if update else stopped
            click.echo(f"{path}: {told}")
        except UnicodeDecodeError:
            click.echo(f"{path}: not UTF-8 text")
        yield path, before, now


def _compare_counterparts(content: Content, files: Sequence[Path], locale: str, *, update: bool) -> None:
    """Compare each chat's counterpart with what is kept of it; tell the sentences it lacks and where it goes astray."""
    differ = faulty = 0
    for path in files:
        kept = path.parent / locale / path.name
        sentences = sentences_for(path.stem, read_sentences(path.parent / locale))
        try:
            made = counterpart(content, path.read_text(encoding="utf-8"), sentences, locale)
        except (BadTranscript, UnicodeDecodeError) as error:
            click.echo(f"{path}: {error}")
            faulty += 1
            continue
        before = kept.read_text(encoding="utf-8") if kept.is_file() else ""
        for fault in (*(f"no sentence for: {words}" for words in made.missing), *made.faults):
            click.echo(f"{kept}: {fault}")
        faulty += bool(made.missing or made.faults)
        if made.text != before:
            differ += 1
            if update:
                kept.write_text(made.text, encoding="utf-8")
            click.echo(f"{kept}: updated" if update else difference(str(kept), before, made.text))
    what = f"{differ} {'updated' if update else 'differ'}" + (f", {faulty} go another way" if faulty else "")
    click.echo(f"{len(files)} transcripts, {what}", err=True)
    if faulty or (differ and not update):
        raise SystemExit(FAULTS)


def _coverage(content: Content, files: Sequence[Path]) -> None:
    visited: set[str] = set()
    for path in files:
        try:
            visited |= play(content, path.read_text(encoding="utf-8")).visited
        except (BadTranscript, UnicodeDecodeError) as error:
            click.echo(f"{path}: {error}", err=True)
    left = unvisited(content, frozenset(visited))
    for place in left:
        click.echo(place)
    every = len(content.script.steps)
    click.echo(f"{every - len(left)} of {every} steps are visited by {len(files)} transcripts", err=True)


def _record(content: Content, path: Path) -> None:
    """Chat with whoever types, and write the chat down after every line: broken off, it is kept so far."""
    player, lines = Player(content), list[str]()
    begun = path.read_text(encoding="utf-8") if path.exists() else _FIRST_LINE
    for line in (line for _, line in inputs_of(begun)):
        _take_down(player, line, lines)
    _write(path, lines)
    for typed in _typed():
        if not typed.strip():
            continue
        line = as_transcript(typed, player.rehearsal.buttons)
        try:
            _take_down(player, line, lines)
        except BadTranscript as error:
            click.echo(f"Not written down: {error}", err=True)
            continue
        _write(path, lines)
    click.echo(f"Written to {path}. Read it aloud.", err=True)


def _take_down(player: Player, line: str, lines: list[str]) -> None:
    followed = player.play(line)
    lines += [line, *followed]
    for each in followed:
        click.echo(each)


def _write(path: Path, lines: Sequence[str]) -> None:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _typed() -> Iterator[str]:
    while True:
        try:
            yield input("> " if sys.stdin.isatty() else "")
        except EOFError:
            return


def as_transcript(typed: str, buttons: Sequence[Button]) -> str:
    """Return a typed line as a transcript writes it, beside these open buttons; its own signs stay as they are."""
    if typed.startswith(_OWN_SIGNS):
        return typed
    meant = read_line(typed, buttons)  # as in `onward chat`
    if isinstance(meant, TimePasses):
        return f"~ +{meant.by // timedelta(minutes=1)}m"
    if meant.kind is HeardKind.TAP:
        tapped = next(button for button in buttons if button.data == meant.data)
        return f"> [{tapped.label.removeprefix('✓ ')}]"
    return f"> {typed.strip()}"
