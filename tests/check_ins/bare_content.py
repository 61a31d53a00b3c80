"""A content whose every check-in says only what kind it is, and whose commands each promise one thing."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from bot.dialogue.flow import Script
from bot.dialogue.proposals import Clear, PlaceRead, TimeRead, rule_from_text
from bot.dialogue.schedule import Rule
from bot.script.engine_steps import CHECK_IN_STEPS, ENGINE_STEPS
from bot.script.load import load_content

ROOT = Path(__file__).parents[2]
_SAYS = "{{ check_in.kind }}{% if check_in.also %}+{{ check_in.also }}{% endif %}"
_OFFERED: Mapping[str, dict[str, object]] = {
    "ok": {"label": "ok", "go": "out"},
    "later": {"label": "later", "go": "later"},
    "tomorrow": {"label": "tomorrow", "go": "tomorrow"},
    "fewer": {"label": "fewer", "go": "fewer"},
    "stop-this": {"label": "stop-this", "go": "stop-this"},
    "stop-hellos": {"label": "stop-hellos", "go": "stop-hellos"},
}
_DEEDS: Mapping[str, dict[str, object]] = {
    "out": {},
    "later": {"snooze": "later"},
    "tomorrow": {"snooze": "tomorrow"},
    "fewer": {"do": ["fewer"]},
    "stop-this": {"cancel": ["this"]},
    "stop-hellos": {"cancel": ["this", "series", "regular"]},
}
_COMMANDS: Mapping[str, dict[str, object]] = {
    "series": {"begin": "rejection", "schedule": "series"},
    "plan": {"begin": "plan", "schedule": "plan"},
    "reminder": {"schedule": "reminder"},
    "regular": {"schedule": "regular"},
    "clock": {"do": ["take-zone"]},
    "hello": {},
}


def folder_of_flows(folder: Path) -> Path:
    """Return a content whose every check-in says only what kind it is."""
    made = folder / "content"
    shutil.copytree(ROOT / "tests/crash/content", made)
    told = {"go": "@end", "say": "Done."}
    own = {name.partition("/")[2]: dict(told) for name in CHECK_IN_STEPS if name.startswith("check-ins/")}
    own["due"] = {"say": _SAYS, "ask": {"choice": _OFFERED, "skip": "out"}}
    own["quiet-now"] = {"say": "pause", "go": "@end"}
    own |= {name: told | deed for name, deed in _DEEDS.items()}
    flows: dict[str, dict[str, object]] = {
        "check-ins": {"variables": {"about": "text"}, "steps": own},
        "zone": {
            "steps": {
                n.partition("/")[2]: told for n in (*CHECK_IN_STEPS, *ENGINE_STEPS) if n.startswith("zone/")
            }
        },
        "vent": {
            "starts_on": {"commands": ["vent"]},
            "variables": {"words": "texts"},
            "steps": {
                "listen": {
                    "say": "Go on.",
                    "ask": {"text": "many", "done": {"label": "Done", "go": "@end"}, "skip": "@end"},
                    "keep_as": "vent.words",
                }
            },
        },
    }
    flows["home"] = {"stage": "acknowledge", "starts_on": {"commands": ["home"]}, "steps": {"step": told}}
    for command, deed in _COMMANDS.items():
        read = {"do": ["read-zone" if command == "clock" else "read-time"], "set": {"check_ins.about": ""}}
        flows[command] = {
            "starts_on": {"commands": [command]},
            "steps": {"read": {**read, "go": "act"}, "act": told | deed},
        }
    for name, flow in flows.items():
        document = {"flow": name, "digression": name != "home"} | flow
        (made / f"flows/{name}.yaml").write_text(json.dumps(document), encoding="utf-8")
    return made


class PlainReaders:
    """Times and places in this test's own spelling, so that no grammar stands between it and the engine."""

    def time(self, text: str, now: datetime, zone: str, locale: str, *, day: date | None = None) -> TimeRead:
        return Clear(rule=rule_from_text(text)) if text else None

    def places(self, text: str, now: datetime, locale: str) -> tuple[PlaceRead, ...]:
        return (PlaceRead(shown=text, zone=text),)

    def show(self, rule: Rule, now: datetime, zone: str, locale: str) -> str:
        return str(rule)

    def join(self, shown: tuple[str, ...], locale: str) -> str:
        return ", ".join(shown)


def script(folder: Path) -> Script:
    return replace(load_content(folder_of_flows(folder)).script, readers=PlainReaders())
