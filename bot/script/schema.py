"""The JSON Schema of a flow file, for editors: what pydantic yields, made to fit YAML as an editor reads it.

The bot reads every scalar as text; an editor reads `no: 3` as a number, and completes from lists of what may stand
somewhere. So a text may be a number or a yes/no as well, and names that are known are listed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bot.dialogue.reading import Intent
from bot.dialogue.targets import TARGETS
from bot.script.catalogue import CATALOGUE
from bot.script.documents import FlowDocument

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_READ_AS = {"true": True, "false": False, "1": 1, "2": 2, "3": 3}
_NOISE = ("default", "title")


def flow_schema() -> dict[str, Any]:
    """Return the schema that docs/flow.schema.json holds."""
    schema = _edited(FlowDocument.model_json_schema(by_alias=True))
    shapes = schema["$defs"]
    _exactly_one(shapes["LineDocument"], "text", "one_of", "cases", "explains")
    _exactly_one(shapes["CaseDocument"], "text", "one_of")
    _question(shapes["AskDocument"])
    for shape in ("StepDocument", "LineDocument", "CaseDocument"):
        _listed(shapes[shape]["properties"]["advice"], CATALOGUE)
    for shape in ("ChoiceDocument", "StartsOn"):
        _listed(shapes[shape]["properties"]["intents"], Intent)
    step = shapes["StepDocument"]["properties"]
    step["save"] = step["amend"] = {"enum": sorted(TARGETS)}
    step["saves"]["propertyNames"] = {"enum": sorted(TARGETS)}
    about = "One file of content/flows. What each key does: docs/writing-content.md"
    return {"$schema": _DIALECT, "title": "A flow of Onward", **schema, "description": about}


def _edited(node: Any) -> Any:
    """Return a schema without what only the program needs, its texts as wide as YAML makes them."""
    if isinstance(node, list):
        return [_edited(each) for each in node]
    if not isinstance(node, dict):
        return node
    # Below `properties` the keys are names of the file, which may be called `title` as well.
    edited = {
        key: {name: _edited(each) for name, each in value.items()}
        if key in ("properties", "$defs")
        else _edited(value)
        for key, value in node.items()
        if key not in _NOISE
    }
    if "anyOf" in edited:
        edited["anyOf"] = [each for each in edited["anyOf"] if each != {"type": "null"}]
        if len(edited["anyOf"]) == 1:
            edited |= edited.pop("anyOf")[0]
    if "patternProperties" in edited:
        edited["additionalProperties"] = False
    return _text(edited) if edited.get("type") == "string" else edited


def _text(node: dict[str, Any]) -> dict[str, Any]:
    known = node.get("enum") or ([node["const"]] if "const" in node else None)
    if known is None:
        return node | {"type": ["string", "number", "boolean"]}
    return {"enum": [*known, *(_READ_AS[each] for each in known if each in _READ_AS)]}


def _exactly_one(shape: dict[str, Any], *keys: str) -> None:
    shape["oneOf"] = [{"required": [key]} for key in keys]


def _question(ask: dict[str, Any]) -> None:
    ask["anyOf"] = [{"required": [key]} for key in ("choice", "text", "scale", "pick")]
    ask["dependentRequired"] = {"reads": ["text"]}
    many = {"properties": {"text": {"const": "many"}}, "required": ["text"]}
    several = {"properties": {"several": {"enum": ["true", "yes", True]}}, "required": ["several"]}
    alone = {"not": {"anyOf": [{"required": ["choice"]}, {"required": ["text"]}]}}
    ask["allOf"] = [
        {"if": {"anyOf": [many, several]}, "then": {"required": ["done"]}},
        {"if": {"required": ["scale"]}, "then": alone},
        {"if": {"required": ["reads"]}, "then": {"properties": {"text": {"const": "one"}}}},
    ]


def _listed(array: dict[str, Any], known: Iterable[str]) -> None:
    array["items"] = {"enum": list(known)}
