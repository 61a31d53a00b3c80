"""docs/evidence.md: what each exercise rests on, as `flows/why.yaml` tells it."""

from __future__ import annotations

from bot.dialogue.exercises import Exercise
from bot.script.documents import LineDocument
from bot.script.load import Content

_HEAD = """# What the exercises rest on

Made from `content/flows/why.yaml` by `onward docs`; it is what `/why` says. None of them is a treatment,
and nothing is promised. Sources that aren't named here aren't claimed.

| exercise | what is known | source | caution |
|---|---|---|---|
"""


def evidence_page(content: Content) -> str:
    """Return the page as Markdown."""
    flow = next(read.document for read in content.flows if read.document.flow == "why")
    choices = flow.steps["which"].ask
    assert choices is not None
    rows = []
    for exercise in Exercise:
        step, choice = flow.steps.get(exercise), choices.choice.get(exercise)
        lines = step.say if step is not None and isinstance(step.say, dict) else {}
        cells = [
            choice.label if choice is not None else exercise,
            *(
                _text(lines.get(key, "")) for key in ("plain", "source", "caution")
            ),  # `onward check` tells of gaps
        ]
        rows.append("| " + " | ".join(cell.removeprefix("From: ") for cell in cells) + " |\n")
    return _HEAD + "".join(rows)


def _text(line: str | LineDocument) -> str:
    return line if isinstance(line, str) else line.text or ""
