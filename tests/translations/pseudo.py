"""A language made by a machine: every letter of the English replaced by one no English text has."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from bot.script.compile import ReadFlow, variable_types
from bot.script.load import load_content
from bot.script.wording import wordings
from tests.real_content import KEPT

LOCALE = "qps"
LETTERS = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "áƀćďéƒǵĥíĵķĺḿńóṕʠŕśţúṽŵẋýźÁɃĆĎÉƑǴĤÍĴĶĹḾŃÓṔɊŔŚŢÚṼŴẊÝŹ",
)
# What is the same in every language: what stands in braces, addresses, what is copied or typed as a command.
_KEPT = re.compile(r"(\{\{.*?\}\}|\{%.*?%\}|\{[a-z_]+\}|%H|%M|findahelpline\.com|/[a-z]+\b)", re.DOTALL)


def pseudo(text: str) -> str:
    """Return `text` with every letter outside braces replaced; its length stays."""
    parts = _KEPT.split(text)
    return "".join(part if n % 2 else part.translate(LETTERS) for n, part in enumerate(parts))


def add_pseudo(content: Path) -> None:
    """Write the language into a copy of the content, as a translator would: every file it needs."""
    flows = load_content(content, kept=KEPT).flows
    with (content / "languages.yaml").open("a", encoding="utf-8") as file:
        file.write(f"\n{LOCALE}: {{name: {pseudo('Pseudo')}, offered: yes, asked_by: [pseudo]}}\n")
    types = variable_types(flows)
    for flow in flows:
        path = content / "translations" / LOCALE / f"{flow.document.flow}.yaml"
        _write(path, _translated(flow, types))
    formats = _all(_read(content / "formats" / "en.yaml"))
    formats["places"] = {name: pseudo(name) for name in _read(content / "formats" / "es.yaml")["places"]}
    _write(content / "formats" / f"{LOCALE}.yaml", formats)
    _write(content / "phrases" / f"{LOCALE}.yaml", _phrases(_read(content / "phrases" / "en.yaml")))
    _letters(content / "letters")
    helplines = _read(content / "helplines.yaml")
    _helplines(helplines)
    _write(content / "helplines.yaml", helplines)
    shutil.copy(content / "times" / "en.yaml", content / "times" / f"{LOCALE}.yaml")
    shutil.copy(content / "tongues" / "es.yaml", content / "tongues" / f"{LOCALE}.yaml")
    (content / "understanding" / f"{LOCALE}.yaml").write_text("lists: {filler: ok}\n", encoding="utf-8")
    (content / "editorial" / f"{LOCALE}.yaml").write_text("never_says: []\n", encoding="utf-8")


def _translated(flow: ReadFlow, types: Mapping[str, str]) -> dict[str, Any]:
    texts: dict[str, Any] = {}
    steps: dict[str, Any] = {}
    for wording in wordings(flow.document, types):
        where = texts if wording.step is None else steps.setdefault(wording.step, {})
        where[wording.key] = {
            "of": wording.fingerprint,
            "one_of": [pseudo(each) for each in wording.variants],
        }
    return {"flow": flow.document.flow, "texts": texts, "steps": steps}


def _letters(folder: Path) -> None:
    for path in (folder / "en").rglob("*.*"):
        own = folder / LOCALE / path.relative_to(folder / "en")
        if path.suffix == ".j2":
            own.parent.mkdir(parents=True, exist_ok=True)
            lines = path.read_text(encoding="utf-8").split("Subject:")
            own.write_text("Subject:".join(map(pseudo, lines)), encoding="utf-8")
        else:
            words = _read(path)
            _write(own, _all({key: each for key, each in words.items() if key != "reads_badly"}))


def _helplines(table: Any) -> None:
    words = table["words"]
    words[LOCALE] = _all(words["en"]) | {"in_hours": {each: pseudo(each) for each in words["es"]["in_hours"]}}
    for names in table["names"].values():
        names[LOCALE] = pseudo(names["en"])
    for country in table["countries"]:
        for entry in (country, *country["lines"]):
            for key in ("emergency_show", "show", "region"):
                if key in entry:
                    entry[key][LOCALE] = pseudo(entry[key]["en"])


def _phrases(table: Any) -> dict[str, Any]:
    """What is said of the stock phrases; how letters word them stays English."""
    families = {key: {**family, "words": _all(family["words"])} for key, family in table["families"].items()}
    return {**table, "quoted": pseudo(table["quoted"]), "families": families}


def _all(value: Any) -> Any:
    match value:
        case str():
            return pseudo(value)
        case list():
            return [_all(each) for each in value]
        case _:
            return {key: _all(each) for key, each in value.items()}


def _read(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), yaml.CBaseLoader)


def _write(path: Path, value: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1), encoding="utf-8")  # JSON is YAML
