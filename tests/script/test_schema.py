"""The published JSON Schema of flow files is the code's, takes every real flow, and refuses what has another shape."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from bot.script.diagnostics import Code
from bot.script.schema import flow_schema
from tests.script.test_diagnostics import BREAKS, Break

ROOT = Path(__file__).parents[2]
PUBLISHED = ROOT / "docs" / "flow.schema.json"
FLOWS = sorted((ROOT / "content" / "flows").glob("*.yaml"))
VALIDATOR = Draft202012Validator(json.loads(PUBLISHED.read_text(encoding="utf-8")))


class AsEditorsRead(yaml.CSafeLoader):
    """YAML 1.2 as editors read it: `true` and 3 are no texts, but `no`, `on` and 21:00 are."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - PyYAML's own way


for tag, form, first in (
    ("bool", "true|false", "tf"),
    ("int", "[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?[0-9]+\.[0-9]*", "-+0123456789"),
    ("null", "~|null|", "~n\0"),
):
    pattern = re.compile(f"^(?:{form})$")
    AsEditorsRead.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", pattern, list(first))


def faults(text: str) -> list[str]:
    read = yaml.load(text, Loader=AsEditorsRead)
    return [f"{each.json_path}: {each.message[:100]}" for each in VALIDATOR.iter_errors(read)]


def test_the_published_schema_is_current_and_a_schema() -> None:
    Draft202012Validator.check_schema(flow_schema())
    assert json.loads(PUBLISHED.read_text(encoding="utf-8")) == flow_schema(), "run `onward docs`"


@pytest.mark.parametrize("path", FLOWS, ids=lambda path: path.stem)
def test_every_real_flow_fits_it(path: Path) -> None:
    assert faults(path.read_text(encoding="utf-8")) == []


SHAPES = {
    name: case for name, case in BREAKS.items() if case.code is Code.SHAPE and case.file.startswith("flows/")
}


@pytest.mark.parametrize("case", SHAPES.values(), ids=SHAPES)
def test_what_has_another_shape_is_refused(case: Break, content: Path) -> None:
    path = content / case.file
    assert faults(path.read_text(encoding="utf-8")) == []
    case.made_in(content)
    assert faults(path.read_text(encoding="utf-8")) != []


STEPS = {
    "no-target-to-save-to": "save: win.words",
    "no-piece-of-advice": "advice: [nap]",
    "no-deed": "do: [sing]",
    "text-beside-a-scale": "ask: {scale: mood, text: one}",
    "reads-without-text": "ask: {reads: time, choice: {a: {label: A}}}",
    "reads-of-many-texts": "ask: {reads: time, text: many, done: {label: Done}}",
    "many-without-an-end": "ask: {text: many}",
    "several-without-an-end": "ask: {several: yes, choice: {a: {label: A}}}",
    "an-intent-that-is-none": "ask: {choice: {a: {label: A, intents: [moan]}}}",
    "two-ways-to-say-it": "say: {a: {text: A, one_of: [B]}}",
    "a-key-with-capitals": "say: {A: Hm.}",
}


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_a_step_that_cannot_be_is_refused(step: str) -> None:
    assert faults("flow: talk\nsteps: {start: {say: Hm.}}") == []
    assert faults(f"flow: talk\nsteps: {{start: {{{step}}}}}") != []


def test_a_text_may_look_like_a_number_or_a_yes_to_an_editor() -> None:
    assert faults("flow: talk\nsteps: {start: {say: 21, again: true, ask: {choice: {a: {label: 3}}}}}") == []
