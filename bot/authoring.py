"""What an author does with the content: check it, ask what is understood of a text, write out what a language lacks.

Exit codes: 0 done, 1 the content or input has faults, 2 used wrongly, 3 can't run as set up.
"""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import click

from bot.commands import FAULTS, clear_faults, settings
from bot.dialogue.flow import DEFAULT_LOCALE
from bot.script.diagnostics import Code

READ_BYTES = 65_536


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON array instead of lines.")
@click.option(
    "--advice", is_flag=True, help="Print where each piece of advice is given, and a shortest way there."
)
@click.option("--table", is_flag=True, help="With --advice: as docs/advice.md has it.")
@click.option(
    "--evidence", is_flag=True, help="Print what the exercises rest on, as docs/evidence.md has it."
)
def check(*, as_json: bool, advice: bool, table: bool, evidence: bool) -> None:
    """Read all content and list every fault with its file, line and remedy. Exits 1 when there is an error."""
    if advice:
        _print_advice(table=table)
        return
    if evidence:
        from bot.script.evidence import evidence_page  # noqa: PLC0415
        from bot.script.load import load_content  # noqa: PLC0415

        with clear_faults():
            click.echo(evidence_page(load_content(settings().content_dir)), nl=False)
        return
    from bot.script.diagnostics import Severity  # noqa: PLC0415
    from bot.script.load import check_content  # noqa: PLC0415

    _, found = check_content(settings().content_dir, thoroughly=True, today=datetime.now(UTC).date())
    if as_json:
        rows = [
            {
                "code": each.code.value,
                "severity": each.severity.value,
                "path": str(each.path),
                "line": each.line,
                "message": each.message,
                "remedy": each.remedy,
            }
            for each in found
        ]
        click.echo(json.dumps(rows, indent=2))
    else:
        for each in found:
            click.echo(str(each))
    errors = sum(each.severity is Severity.ERROR for each in found)
    click.echo(f"{errors} errors, {len(found) - errors} warnings", err=True)
    if errors:
        raise SystemExit(FAULTS)


def _print_advice(*, table: bool) -> None:
    from bot.script.advice import BrokenCondition, advice_page, find_advice, told  # noqa: PLC0415
    from bot.script.catalogue import CATALOGUE  # noqa: PLC0415
    from bot.script.editorial import LIVES  # noqa: PLC0415
    from bot.script.load import load_content  # noqa: PLC0415

    folder = settings().content_dir
    with clear_faults():
        content = load_content(folder)
    try:
        found = find_advice(content, folder / "editorial" / LIVES)
    except BrokenCondition as error:
        click.echo(str(error), err=True)
        raise SystemExit(FAULTS) from None
    click.echo(advice_page(content, found) if table else told(content, found), nl=False)
    click.echo(f"{len(found)} of {len(CATALOGUE)} reached", err=True)
    if len(found) < len(CATALOGUE):
        raise SystemExit(FAULTS)


@click.command()
@click.option("--explain", is_flag=True, help="Name the rules that spoke.")
@click.option(
    "--locale", default="en", show_default=True, help="The language assumed where a line gives none."
)
def understand(*, explain: bool, locale: str) -> None:
    """Print what is understood of each line of standard input: a text, or {"text": …, "locale": …}; JSON lines out."""
    from bot.script.load import load_content  # noqa: PLC0415
    from bot.understanding import reading_as_json  # noqa: PLC0415

    with clear_faults():
        reads = load_content(settings().content_dir).understanding
    gc.freeze()  # the content stays: no collection needs to look it through
    encoded = json.JSONEncoder(ensure_ascii=False).encode
    faults = number = 0
    for lines in arrived(sys.stdin.buffer):
        told: list[str] = []
        for line in lines:
            number += 1
            entry = _entry(line, locale)
            if entry is None:
                faults += 1
                error = "not UTF-8 text, or a JSON object without a `text`"
                click.echo(f"line {number}: {error}", err=True)
                told.append(encoded({"error": error, "line": number}))
                continue
            text, its_locale = entry
            told.append(encoded(reading_as_json(reads.read(text, its_locale), explain=explain)))
        click.echo("\n".join(told))
    if faults:
        raise SystemExit(FAULTS)


def arrived(stream: BinaryIO) -> Iterator[list[bytes]]:
    """The whole lines that have come in so far, again and again: many at once in batch, one where somebody types."""
    rest = b""
    while chunk := stream.read1(READ_BYTES):  # type: ignore[attr-defined]
        *lines, rest = (rest + chunk).split(b"\n")
        if lines:
            yield lines
    if rest:
        yield [rest]


def _entry(line: bytes, locale: str) -> tuple[str, str] | None:
    try:
        text = line.decode().rstrip("\r\n")
    except UnicodeDecodeError:
        return None
    if not text.lstrip().startswith("{"):
        return text, locale
    try:
        entry = json.loads(text)
    except (ValueError, RecursionError):
        return text, locale  # a person may well begin with a brace
    if not isinstance(entry.get("text"), str):
        return None
    return entry["text"], str(entry.get("locale") or locale)


@click.command()
@click.argument("locale")
@click.argument("flow", required=False)
def untranslated(locale: str, flow: str | None) -> None:
    """Write out what a language lacks, as the YAML to fill in; the English stands above each text."""
    from bot.script.load import load_content  # noqa: PLC0415
    from bot.script.untranslated import written_out  # noqa: PLC0415

    folder = settings().content_dir
    with clear_faults():
        content = load_content(folder)
    flows, languages = content.flows, sorted(set(content.script.languages) - {DEFAULT_LOCALE})
    if locale not in languages:
        raise click.UsageError(
            f"There is no language {locale} to translate into. There are: {', '.join(languages)}."
        )
    names = [each.document.flow for each in flows]
    if flow is not None and flow not in names:
        raise click.UsageError(f"There is no flow {flow}. There are: {', '.join(names)}.")
    for line in written_out(folder, flows, locale, flow):
        click.echo(line)


@click.command()
@click.argument("code", required=False)
def explain(code: str | None) -> None:
    """Print what a finding of `onward check` means, with a failing example and its remedy. Without CODE: the titles."""
    from bot.script.explained import entry, titles  # noqa: PLC0415

    if code is None:
        for each, title in titles():
            click.echo(f"{each.value}  {title}")
        return
    wanted = code.upper() if code[:2].upper() == "ON" else f"ON{code:0>3}"
    if wanted not in set(Code):
        raise click.UsageError(f"There is no finding {code}. `onward explain` lists them.")
    click.echo(entry(Code(wanted)), nl=False)


@click.command()
@click.argument("flow", required=False)
@click.option("--svg", is_flag=True, help="A drawing, instead of Mermaid.")
def graph(flow: str | None, *, svg: bool) -> None:
    """Print what leads where: the steps of FLOW, or every flow and which lead to which. As Mermaid, or as SVG."""
    from bot.script.drawing import as_svg  # noqa: PLC0415
    from bot.script.graph import flow_graph, mermaid, overview  # noqa: PLC0415
    from bot.script.load import load_content  # noqa: PLC0415

    with clear_faults():
        flows = load_content(settings().content_dir).flows
    by_name = {each.document.flow: each for each in flows}
    if flow is not None and flow not in by_name:
        raise click.UsageError(f"There is no flow {flow}. There are: {', '.join(by_name)}.")
    drawn = overview(flows) if flow is None else flow_graph(by_name[flow], flows)
    click.echo(as_svg(drawn) if svg else mermaid(drawn), nl=False)


@click.command()
@click.option("--check", "only_check", is_flag=True, help="Write nothing; exit 1 when a page isn't current.")
@click.argument("folder", default="docs", type=click.Path(file_okay=False, path_type=Path))
def docs(folder: Path, *, only_check: bool) -> None:
    """Write the pages of FOLDER (docs) that are made from the code and the content."""
    from bot.script.load import load_content  # noqa: PLC0415
    from bot.script.pages import FOLDER, made_pages  # noqa: PLC0415
    from bot.service.export_schema import export_schema  # noqa: PLC0415

    with clear_faults():
        made = {folder / path: text for path, text in made_pages(load_content(settings().content_dir))}
        made[folder / "export.schema.json"] = json.dumps(export_schema(), indent=2) + "\n"
        kept = {*(folder / FOLDER).glob("*.md"), *(folder / FOLDER).glob("*.svg")}
        gone = sorted(kept - set(made))
        stale = [path for path, text in made.items() if not path.exists() or path.read_text("utf-8") != text]
        for path in (*stale, *gone):
            click.echo(f"{path}: {'not current' if only_check else 'removed' if path in gone else 'written'}")
        if only_check:
            raise SystemExit(FAULTS if stale or gone else 0)
        for path in stale:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(made[path], encoding="utf-8")
        for path in gone:
            path.unlink()


@click.command()
def publish() -> None:
    """Note every step in published.lock: from now on none may vanish without a place where its people go on."""
    from bot.script.load import load_content  # noqa: PLC0415
    from bot.script.published import LOCK, published_now  # noqa: PLC0415

    folder = settings().content_dir
    with clear_faults():
        text, new = published_now(folder, load_content(folder).flows)
    (folder / LOCK).write_text(text, encoding="utf-8")
    click.echo(f"{folder / LOCK}: {new} new steps")


COMMANDS = (check, docs, explain, graph, publish, understand, untranslated)
