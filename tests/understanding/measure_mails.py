"""What is read of pasted e-mails, on the project's own sets or on others.

    python -m tests.understanding.measure_mails             the project's own, set by set
    python -m tests.understanding.measure_mails FILE.yaml   a set, and which of its mails were misread

A first reading, before anyone looks at what a set's mails were misread for, is the only figure that says what a mail
never seen will meet; docs/decisions/0002 keeps them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click
import yaml

from bot.dialogue.reading import Outcome, Reading
from bot.understanding import Understanding, compile_understanding

CONTENT = Path(__file__).parents[2] / "content"
MAILS = Path(__file__).parent / "mails"
NOES = {Outcome.REJECTED, Outcome.WITHDRAWN}

Mail = dict[str, Any]


def mails_of(path: Path) -> list[Mail]:
    """The mails of one set, without what is labelled `null`. The first four sets have no `signals`."""
    return [{key: value for key, value in mail.items() if value != "null"} for mail in load(path)]


def judged(mail: Mail, reading: Reading) -> dict[str, bool]:
    """What was asked of a mail -> whether it was read right. What cannot be asked of it is left out."""
    said, a_no = reading.rejection, mail["outcome"] in NOES
    right = {"no or none": (said.pasted and said.outcome in NOES) == a_no}
    if mail["outcome"] != "none":
        right["company"] = (said.company or "").lower() == mail.get("company", "").lower()
        right["role"] = (said.role or "").lower() == mail.get("role", "").lower()
        right["stage or open"] = said.stage in (mail.get("stage") or None, None)
    if a_no and mail.get("stage"):
        right["stage"] = said.stage == mail["stage"]
    return right


def signals_found(reading: Reading) -> set[str]:
    """What in a mail was read as more than stock."""
    return {str(phrase.signal) for phrase in reading.phrases if phrase.signal}


def texts_in(part: Any) -> Iterator[str]:
    """Every text of a file of sentences, or of a part of one, however it is laid out."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict) and "text" in part:
        yield part["text"]
    elif isinstance(part, dict | list):
        for each in part.values() if isinstance(part, dict) else part:
            yield from texts_in(each)


def load(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), yaml.CBaseLoader)


def compiled() -> Understanding:
    """The understanding of the project's own content."""
    documents, phrases, weighing, vocabulary = (
        {path.stem: load(path) for path in (CONTENT / folder).glob("*.yaml")}
        for folder in ("understanding", "phrases", "weighing", "vocabulary")
    )
    return compile_understanding(documents, phrases=phrases, weighing=weighing, vocabulary=vocabulary)[0]


def _lines(title: str, mails: Sequence[Mail], understanding: Understanding, *, naming: bool) -> Iterator[str]:
    counts: dict[str, list[bool]] = {}
    for mail in mails:
        reading = understanding.read(mail["text"], "en")
        right = judged(mail, reading)
        for asked, well in right.items():
            counts.setdefault(asked, []).append(well)
        if naming and not all(right.values()):
            wrong = ", ".join(asked for asked, well in right.items() if not well)
            yield f"  {mail['id']}: {wrong} (read {reading.rejection.outcome}, {reading.rejection.company!r}, "
            yield f"      {reading.rejection.role!r}, {reading.rejection.stage})"
    shares = (
        f"{asked} {sum(well)}/{len(well)} {sum(well) / len(well):.0%}" for asked, well in counts.items()
    )
    yield f"{title} ({len(mails)}): {', '.join(shares)}"


def main(arguments: list[str]) -> None:
    understanding = compiled()
    for path in map(Path, arguments) if arguments else sorted(MAILS.glob("*.yaml")):
        for line in _lines(path.stem, mails_of(path), understanding, naming=bool(arguments)):
            click.echo(line)


if __name__ == "__main__":
    main(sys.argv[1:])
