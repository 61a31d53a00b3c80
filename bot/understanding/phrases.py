"""The table of stock phrases: what employers' noes are made of, read from `content/phrases/<locale>.yaml`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bot.dialogue.reading import Outcome, Signal, Stock
from bot.understanding.document import PATTERN_KEYS, Document, RawRule, mapping, strings
from bot.understanding.faults import FaultCode, Faults, Path
from bot.understanding.rules import Section

# Where the table stands among the documents whose faults are told by path.
TABLE = "phrases/"
_TOP_KEYS = frozenset({"quoted", "unless_near", "asks", "groups", "families"})
_FAMILY_KEYS: Mapping[str, frozenset[str] | None] = {
    "stock": frozenset(Stock),
    "signal": frozenset(Signal),
    "decides": frozenset({Outcome.REJECTED, Outcome.WITHDRAWN}),
    "hints": frozenset({Outcome.REJECTED}),
    "words": None,
    "phrases": None,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """One thing such mails say. `path` leads to it, for findings."""

    key: str
    path: Path
    stock: Stock
    signal: Signal | None
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The families of one locale, in the order written; its phrases have become rules of the document."""

    families: dict[str, Family] = field(default_factory=dict)
    quoted: str = ""
    ranks: dict[str, int] = field(default_factory=dict)


def read_table(locale: str, raw: object, document: Document, faults: Faults) -> Table:
    """Read one table and add its phrases to the locale's `document` as rules."""
    top: Path = (TABLE + locale,)
    table = mapping(top, raw, faults)
    for key in table.keys() - _TOP_KEYS:
        remedy = "use one of: " + ", ".join(sorted(_TOP_KEYS))
        faults.add((*top, key), FaultCode.UNKNOWN_KEY, f"unknown key {key!r}", remedy)
    for name, patterns in mapping((*top, "groups"), table.get("groups", {}), faults).items():
        document.groups[name] = strings((*top, "groups", name), patterns, faults)
    excused = strings((*top, "unless_near"), table.get("unless_near", []), faults)
    if asks := strings((*top, "asks"), table.get("asks", []), faults):
        document.rules.append(
            RawRule(
                path=(*top, "asks"),
                section=Section.ASKS,
                id="asks-about-a-phrase",
                says={},
                sources={"patterns": asks},
            )
        )
    families: dict[str, Family] = {}
    for key, value in mapping((*top, "families"), table.get("families", {}), faults).items():
        path = (*top, "families", key)
        entry = mapping(path, value, faults)
        families[key] = _family(path, key, entry, faults)
        document.rules.extend(_phrases(path, key, entry, excused, faults))
    quoted = table.get("quoted", "")
    return Table(families=families, quoted=quoted if isinstance(quoted, str) else "", ranks=_ranks(families))


def _ranks(families: Mapping[str, Family]) -> dict[str, int]:
    """The most telling first: the rarer as stock wording, and among equals in the order written."""
    rarity = tuple(Stock)
    ordered = sorted(families.values(), key=lambda family: rarity.index(family.stock))
    return {family.key: rank for rank, family in enumerate(ordered)}


def _family(path: Path, key: str, entry: Mapping[str, object], faults: Faults) -> Family:
    said: dict[str, str] = {}
    for name, value in entry.items():
        values = _FAMILY_KEYS.get(name)
        if name not in _FAMILY_KEYS:
            remedy = "use one of: " + ", ".join(sorted(_FAMILY_KEYS))
            faults.add((*path, name), FaultCode.UNKNOWN_KEY, f"unknown key {name!r}", remedy)
        elif values is not None and (not isinstance(value, str) or value not in values):
            remedy = "use one of: " + ", ".join(sorted(values))
            faults.add((*path, name), FaultCode.UNKNOWN_VALUE, f"{value!r} is no {name}", remedy)
        elif isinstance(value, str):
            said[name] = value
    words = tuple(strings((*path, "words"), entry.get("words", []), faults))
    if "stock" not in entry:
        faults.add(path, FaultCode.MISSING, f"{key}: no stock", "say how common it is as ready-made wording")
    return Family(
        key=key,
        path=path,
        stock=Stock(said.get("stock", Stock.NEARLY_ALWAYS)),
        signal=Signal(said["signal"]) if "signal" in said else None,
        words=words,
    )


def _phrases(
    path: Path, family: str, entry: Mapping[str, object], excused: list[str], faults: Faults
) -> Iterator[RawRule]:
    says = {key: str(entry[key]) for key in ("decides", "hints") if isinstance(entry.get(key), str)}
    listed = entry.get("phrases", [])
    if not isinstance(listed, list) or not listed:
        faults.add(
            path,
            FaultCode.UNUSED,
            f"{family}: no phrases, so it is never met",
            "add its wordings, or remove it",
        )
        return
    for i, raw in enumerate(listed):
        at = (*path, "phrases", i)
        phrase = mapping(at, raw, faults)
        allowed = {"id", "match", *PATTERN_KEYS}
        for key in phrase.keys() - allowed:
            remedy = "use one of: " + ", ".join(sorted(allowed))
            faults.add((*at, key), FaultCode.UNKNOWN_KEY, f"unknown key {key!r}", remedy)
        name = phrase.get("id")
        if not isinstance(name, str) or not phrase.get("patterns"):
            faults.add(at, FaultCode.MISSING, "a phrase without an id or patterns", "give it both")
            continue
        sources = {
            key: strings((*at, key), phrase[key], faults) for key in phrase.keys() & (allowed - {"id"})
        }
        if says:  # only what would decide: an offer of feedback may well begin with "if"
            sources["unless_near"] = sources.get("unless_near", []) + excused
        yield RawRule(
            path=at,
            section=Section.PHRASES,
            id=f"{family}/{name}",
            says=says | {"family": family},
            sources=sources,
        )
