"""The shape of one locale's document: what an author may write, read with faults instead of exceptions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.dialogue.reading import About, Concern, Feeling, Intent, Kind, Outcome, Risk, Stage, Temper
from bot.understanding.faults import FaultCode, Faults, Path
from bot.understanding.rules import Section
from bot.understanding.tongues import SCRIPTS, KnownBy

# Word lists an author fills; `docs` in the English file say what each is for.
LISTS = frozenset(
    "filler mend leave not_company company_tails not_role role_heads role_ends role_modifiers "
    "role_openers acronyms common openers employers places site_ends inside_name not_before_name "
    "leads_to_company opens_name around_name leads_to_role leads_to_title follows_title unmistakable offices agencies "
    "people_at_work people_elsewhere no_person owned after_name denies not_name_ends closings firm mine others "
    "helpers given_names channels hiring staffing clients post_ends heads_of streets leading_heads "
    "leads_to_firm title_words title_fields title_links title_ends field_ends no_title sought_as worked_as post_nouns "
    "before_company before_capital before_channel before_place leads_to_place fields_too another articles "
    "named_articles acts honorifics reported short likelier darkest slips speaker spelt".split()
)
AS_WRITTEN = "spelt"  # the one list whose capitals are kept: "PhD"
PATTERN_KEYS = ("patterns", "whole", "unless", "unless_near", "unless_said", "only_with", "only_near")
_EXAMPLE_KEYS = ("match", "but_not")


_SAYS: Mapping[Section, Mapping[str, frozenset[str] | None]] = {
    Section.RISK: {
        "level": frozenset(Risk),
        "about": frozenset(About),
        "concern": frozenset(Concern),
    },
    Section.INTENTS: {"intent": frozenset(Intent)},
    Section.FEELINGS: {"feeling": frozenset(Feeling)},
    Section.REJECTION: {
        "outcome": frozenset(Outcome),
        "stage": frozenset(Stage),
        "kind": frozenset(Kind),
        "takes": frozenset({"count", "name", "nothing"}),
        "hint": frozenset({"loss", "flat", "silence"}),
    },
    Section.LETTERS: {
        "sign": frozenset({"letter", "job", "name", "fact", "other", "invited", "offered", "received"}),
        "stage": frozenset(Stage),
        "kind": frozenset(Kind),
    },
    Section.WHEN: {},
    Section.TOPICS: {"topic": None},
    Section.TEMPER: {"temper": frozenset(Temper)},
}
REQUIRED = {
    Section.RISK: "level",
    Section.INTENTS: "intent",
    Section.FEELINGS: "feeling",
    Section.LETTERS: "sign",
    Section.TOPICS: "topic",
    Section.TEMPER: "temper",
}


@dataclass(frozen=True, slots=True)
class RawRule:
    """A rule as written, its patterns not yet compiled; `path` is where it stands."""

    path: Path
    section: Section
    id: str
    says: dict[str, str]
    sources: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Document:
    locale: str
    spellings: dict[str, tuple[str, ...]] = field(default_factory=dict)
    lists: dict[str, frozenset[str]] = field(default_factory=dict)
    groups: dict[str, list[str]] = field(default_factory=dict)
    rules: list[RawRule] = field(default_factory=list)
    known_by: list[KnownBy] = field(default_factory=list)

    def words_in(self, name: str) -> frozenset[str]:
        return self.lists.get(name, frozenset())


def read_document(locale: str, raw: object, faults: Faults) -> Document:
    """Read one document; wrong parts are reported and left out."""
    document = Document(locale=locale)
    if not isinstance(raw, Mapping):
        faults.add((locale,), FaultCode.SHAPE, "not a mapping", "write keys such as risk: and words:")
        return document
    for key, value in raw.items():
        path: Path = (locale, str(key))
        match key:
            case "known_by":
                _read_known_by(path, value, document, faults)
            case "spellings":
                _read_spellings(path, value, document, faults)
            case "lists":
                _read_lists(path, value, document, faults)
            case "words":
                _read_groups(path, value, document, faults)
            case _ if key in _SAYS:
                _read_rules(path, Section(str(key)), value, document, faults)
            case _:
                known = ", ".join(["known_by", "spellings", "lists", "words", *_SAYS])
                faults.add(path, FaultCode.UNKNOWN_KEY, f"unknown key {key!r}", f"use one of: {known}")
    return document


def mapping(path: Path, value: object, faults: Faults) -> Mapping[str, object]:
    if isinstance(value, Mapping):
        return {str(k): v for k, v in value.items()}
    faults.add(path, FaultCode.SHAPE, "not a mapping", "write one `name: value` a line")
    return {}


def strings(path: Path, value: object, faults: Faults) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, list) and all(isinstance(v, str) for v in value):
        return list(value)
    faults.add(path, FaultCode.SHAPE, "not a list of texts", "write one `- text` a line")
    return []


def _read_known_by(path: Path, value: object, document: Document, faults: Faults) -> None:
    known = mapping(path, value, faults)
    for key in known.keys() - {"script", "letters", "words", "sounds"}:
        remedy = "use: script, letters, words, sounds"
        faults.add((*path, key), FaultCode.UNKNOWN_KEY, f"unknown key {key!r}", remedy)
    script = known.get("script")
    if script is not None and script not in SCRIPTS:
        remedy = "use one of: " + ", ".join(SCRIPTS)
        faults.add((*path, "script"), FaultCode.UNKNOWN_VALUE, f"{script!r} is no script", remedy)
        script = None
    words = {
        key: " ".join(strings((*path, key), known.get(key, ""), faults))
        for key in ("letters", "words", "sounds")
    }
    sounds = [pair.lower().partition("/") for pair in words["sounds"].split()]
    document.known_by.append(
        KnownBy(
            script=str(script) if script else None,
            letters=frozenset(words["letters"].lower()) - {" "},
            words=frozenset(words["words"].lower().split()),
            sounds=tuple((typed, written) for typed, _, written in sounds),
        )
    )


def _read_spellings(path: Path, value: object, document: Document, faults: Faults) -> None:
    for word, meant in mapping(path, value, faults).items():
        if isinstance(meant, str):
            document.spellings[word.lower()] = tuple(meant.lower().split())
        else:
            faults.add((*path, word), FaultCode.SHAPE, "not a text", f"write {word}: what it means")


def _read_lists(path: Path, value: object, document: Document, faults: Faults) -> None:
    for name, words in mapping(path, value, faults).items():
        if name not in LISTS:
            remedy = "use one of: " + ", ".join(sorted(LISTS))
            faults.add((*path, name), FaultCode.UNKNOWN_KEY, f"unknown list {name!r}", remedy)
            continue
        found = strings((*path, name), words, faults)
        each = [w for line in found for w in line.split()]
        document.lists[name] = frozenset(each if name == AS_WRITTEN else (w.lower() for w in each))


def _read_groups(path: Path, value: object, document: Document, faults: Faults) -> None:
    for name, patterns in mapping(path, value, faults).items():
        document.groups[name] = strings((*path, name), patterns, faults)


def _read_rules(path: Path, section: Section, value: object, document: Document, faults: Faults) -> None:
    if not isinstance(value, list):
        faults.add(path, FaultCode.SHAPE, "not a list of rules", "begin each rule with `- id:`")
        return
    for i, raw in enumerate(value):
        rule = _read_rule((*path, i), section, mapping((*path, i), raw, faults), faults)
        if rule is not None:
            document.rules.append(rule)


def _read_rule(path: Path, section: Section, raw: Mapping[str, object], faults: Faults) -> RawRule | None:
    allowed = {"id", *PATTERN_KEYS, *_EXAMPLE_KEYS, *_SAYS[section]}
    for key in raw.keys() - allowed:
        remedy = "use one of: " + ", ".join(sorted(allowed))
        faults.add((*path, key), FaultCode.UNKNOWN_KEY, f"unknown key {key!r}", remedy)
    identity = raw.get("id")
    if not isinstance(identity, str) or not identity:
        faults.add(path, FaultCode.MISSING, "a rule without an id", "give it a short name of its own")
        return None
    required = REQUIRED.get(section)
    if required and required not in raw:
        faults.add(path, FaultCode.MISSING, f"{identity}: no {required}", f"say which {required} it tells of")
        return None
    says = _read_says(path, section, raw, faults)
    keys = [*PATTERN_KEYS, *_EXAMPLE_KEYS]
    sources = {k: strings((*path, k), raw[k], faults) for k in keys if k in raw}
    if not sources.get("patterns") and not sources.get("whole"):
        faults.add(path, FaultCode.MISSING, f"{identity}: no patterns", "add patterns: or whole:")
        return None
    return RawRule(path=path, section=section, id=identity, says=says, sources=sources)


def _read_says(path: Path, section: Section, raw: Mapping[str, object], faults: Faults) -> dict[str, str]:
    says = {}
    for key, values in _SAYS[section].items():
        value = raw.get(key)
        if value is None:
            continue
        if isinstance(value, str) and (values is None or value in values):
            says[key] = value
        else:
            remedy = "use one of: " + ", ".join(sorted(values or ()))
            faults.add((*path, key), FaultCode.UNKNOWN_VALUE, f"{value!r} is no {key}", remedy)
    return says


def chance(path: tuple[str, ...], said: object, faults: Faults, *, otherwise: float) -> float:
    """A number from 0 to 1; what cannot be read is reported, and is as `otherwise`."""
    try:
        number = float(str(said))
    except ValueError:
        number = -1.0
    if not 0 <= number <= 1:
        faults.add(path, FaultCode.UNKNOWN_VALUE, f"{said!r} is no chance", "write a number from 0 to 1")
        return otherwise
    return number
