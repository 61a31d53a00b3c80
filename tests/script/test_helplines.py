"""The file of lines with people: what may be wrong in it is told, each fault at its line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest

from bot.script.diagnostics import Code, Diagnostic, Severity
from bot.script.helplines import iso_countries, read_helplines, zones_by_country
from bot.script.numbering import PLANS, can_be_dialled

pytestmark = pytest.mark.slow

REAL = Path(__file__).parents[2] / "content" / "helplines.yaml"
TODAY = date(2026, 11, 22)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    copy = tmp_path / "helplines.yaml"
    copy.write_bytes(REAL.read_bytes())
    return copy


def check(path: Path, today: date | None = TODAY, *, thoroughly: bool = True) -> tuple[Diagnostic, ...]:
    return read_helplines(path, today=today, thoroughly=thoroughly)[1]


def errors(found: tuple[Diagnostic, ...]) -> list[Diagnostic]:
    return [each for each in found if each.severity is Severity.ERROR]


def test_the_real_file_has_no_errors() -> None:
    found = check(REAL, max(TODAY, date.fromisoformat("2026-11-21")))
    assert errors(found) == []
    assert {each.code for each in found} <= {Code.NO_CRISIS_LINE, Code.HELPLINE_AGE}


# -- each check, by one small change to the real file ----------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Break:
    """After the first `near`, replace the next `old` by `new`; the fault must be told on the line of the `§`."""

    code: Code
    old: str
    new: str
    near: str = "countries:\n"
    severity: Severity = Severity.ERROR

    def made_in(self, path: Path) -> int:
        text = path.read_text(encoding="utf-8")
        start = text.index(self.near)
        head, tail = text[:start], text[start:]
        assert self.old in tail, self.old
        before, mark, after = (head + tail.replace(self.old, self.new, 1)).partition("§")
        assert mark
        path.write_text(before + after, encoding="utf-8")
        return before.count("\n") + 1


MINE = (
    '- §name: Mine\n        call: "1799"\n        hours: unknown\n        languages: [en]\n        topic: crisis\n'
    "        free: unknown\n        seen: 2026-11-21\n{}        confidence: low\n"
    "      - name: Samaritans of Singapore (SOS)"
)
SHOUT, LUSO = "name: Shout\n", "country: PT\n"
BREAKS = {
    "an-open-bracket": Break(
        code=Code.YAML,
        old="languages: [en]\n        topic:",
        new="languages: [en\n        §topic:",
        near=SHOUT,
    ),
    "a-key-twice": Break(
        code=Code.DUPLICATE_KEY, old="hours:", new='hours: "24/7"\n        §hours:', near=SHOUT
    ),
    "an-unknown-key": Break(code=Code.SHAPE, old="website:", new="§wbesite:", near=SHOUT),
    "an-unknown-key-at-the-top": Break(
        code=Code.SHAPE, old="anywhere:", new="§extra: x\nanywhere:", near="# For"
    ),
    "an-unknown-key-of-a-source": Break(code=Code.SHAPE, old="as_of:", new="§as_off: x, as_of:", near=SHOUT),
    "no-hours": Break(code=Code.SHAPE, old='hours: "24/7"', new='§hours: ""', near=SHOUT),
    "a-list-for-a-text": Break(code=Code.SHAPE, old='call: "1411"', new='§call: ["1411"]', near=LUSO),
    "a-text-for-a-list": Break(code=Code.SHAPE, old="languages: [pt]", new="§languages: pt", near=LUSO),
    "no-emergency-number": Break(code=Code.SHAPE, old='emergency: ["112"]', new="§emergency: []", near=LUSO),
    "nothing-to-reach-it-by": Break(
        code=Code.SHAPE,
        old='name: Linha Nacional de Prevenção do Suicídio\n        call: "1411"',
        new="§name: Linha",
        near=LUSO,
    ),
    "a-pattern-without-its-number": Break(
        code=Code.SHAPE, old="call: call {number}", new="§call: call them", near="words:"
    ),
    "a-pattern-with-an-open-brace": Break(
        code=Code.SHAPE, old="call: call {number}", new="§call: call {number", near="words:"
    ),
    "a-pattern-too-few": Break(code=Code.SHAPE, old='  en:\n    or: " or "\n', new="  §en:\n", near="words:"),
    "no-source": Break(
        code=Code.HELPLINE_SOURCE,
        old="- name: Samaritans of Singapore (SOS)",
        new=MINE.format(""),
        near="country: SG",
    ),
    "an-empty-list-of-sources": Break(
        code=Code.HELPLINE_SOURCE,
        old="- name: Samaritans of Singapore (SOS)",
        new=MINE.format("        sources: []\n"),
        near="country: SG",
    ),
    "no-date": Break(code=Code.HELPLINE_AGE, old="seen: 2026-11-21", new="§seen: last year", near=SHOUT),
    "half-a-date": Break(code=Code.HELPLINE_AGE, old="seen: 2026-11-21", new="§seen: 2026-11", near=SHOUT),
    "too-old": Break(code=Code.HELPLINE_AGE, old="seen: 2026-11-21", new="§seen: 2024-11-21", near=SHOUT),
    "old": Break(
        code=Code.HELPLINE_AGE,
        old="seen: 2026-11-21",
        new="§seen: 2025-11-21",
        near=SHOUT,
        severity=Severity.WARNING,
    ),
    "old-confirmation": Break(
        code=Code.HELPLINE_AGE,
        old="seen: 2026-11-21",
        new="seen: 2023-01-01\n        §confirmed: 2024-11-21",
        near=SHOUT,
    ),
    "old-emergency-number": Break(
        code=Code.HELPLINE_AGE, old="emergency_seen: 2026-11-21", new="§emergency_seen: 2024-11-21", near=LUSO
    ),
    "not-yet-seen": Break(
        code=Code.HELPLINE_AGE, old="seen: 2026-11-21", new="§seen: 2027-11-21", near=SHOUT
    ),
    "a-digit-too-few": Break(
        code=Code.HELPLINE_NUMBER, old='call: "213 544 545"', new='§call: "213 544 55"', near=LUSO
    ),
    "a-digit-too-many": Break(code=Code.HELPLINE_NUMBER, old='call: "1411"', new='§call: "14111"', near=LUSO),
    "a-letter": Break(code=Code.HELPLINE_NUMBER, old='call: "1411"', new='§call: "14l1"', near=LUSO),
    "two-spaces": Break(
        code=Code.HELPLINE_NUMBER, old='call: "213 544 545"', new='§call: "213  544 545"', near=LUSO
    ),
    "another-countrys-number": Break(
        code=Code.HELPLINE_NUMBER, old='call: "1411"', new='§call: "3114"', near=LUSO
    ),
    "a-wrong-alternative": Break(
        code=Code.HELPLINE_NUMBER, old='call_alt: ["912 802 669"', new='call_alt: [§"912 802 66"', near=LUSO
    ),
    "a-wrong-number-to-text": Break(
        code=Code.HELPLINE_NUMBER, old='number: "85258"', new='§number: "85"', near=SHOUT
    ),
    "a-whatsapp-of-another-country": Break(
        code=Code.HELPLINE_NUMBER,
        old='whatsapp: "+65 9151 1767"',
        new='§whatsapp: "+56 9151 1767"',
        near="country: SG",
    ),
    "a-menu-that-is-a-number": Break(
        code=Code.HELPLINE_NUMBER, old='menu: "4"', new='§menu: "4242"', near=LUSO
    ),
    "a-wrong-emergency-number": Break(
        code=Code.HELPLINE_NUMBER, old='emergency: ["112"]', new='§emergency: ["121"]', near=LUSO
    ),
    "emergency-words-of-another-number": Break(
        code=Code.HELPLINE_NUMBER,
        old='emergency_show: {en: "112 general, 15',
        new='§emergency_show: {en: "112 general, 16',
        near="country: FR",
    ),
    "an-unknown-country": Break(
        code=Code.HELPLINE_VALUE, old="country: PT\n", new="§country: UK\n", near=LUSO
    ),
    "an-unknown-country-among-the-names": Break(
        code=Code.HELPLINE_VALUE, old="  PT: {", new="  §UK: {en: x}\n  PT: {", near="names:"
    ),
    "a-country-nobody-can-name": Break(
        code=Code.HELPLINE_VALUE, old="country: PT\n", new="§country: FO\n", near=LUSO
    ),
    "an-unknown-language": Break(
        code=Code.HELPLINE_VALUE, old="languages: [pt]", new="§languages: [xx]", near=LUSO
    ),
    "an-unknown-topic": Break(code=Code.HELPLINE_VALUE, old="topic: crisis", new="§topic: money", near=SHOUT),
    "an-unknown-audience": Break(
        code=Code.HELPLINE_VALUE, old="topic: crisis", new="topic: crisis\n        §audience: men", near=SHOUT
    ),
    "an-unknown-cost": Break(code=Code.HELPLINE_VALUE, old="free: yes", new="§free: maybe", near=SHOUT),
    "an-unknown-confidence": Break(
        code=Code.HELPLINE_VALUE, old="confidence: high", new="§confidence: sure", near=SHOUT
    ),
    "an-unknown-kind-of-source": Break(
        code=Code.HELPLINE_VALUE, old="{kind: repository", new="{§kind: rumour", near=SHOUT
    ),
    "a-source-of-no-date": Break(
        code=Code.HELPLINE_VALUE, old='as_of: "2026-09-09"', new="§as_of: lately", near=SHOUT
    ),
    "an-unknown-zone": Break(
        code=Code.HELPLINE_VALUE, old="hours_zone: Europe/Lisbon", new="§hours_zone: Lisbon", near=LUSO
    ),
    "an-address-that-is-none": Break(
        code=Code.HELPLINE_VALUE, old="website: https://giveus", new="§website: giveus", near=SHOUT
    ),
    "a-name-twice": Break(code=Code.HELPLINE_TWICE, old="name: Shout", new="§name: Samaritans", near=SHOUT),
    "a-number-twice": Break(
        code=Code.HELPLINE_TWICE, old='call: "213 544 545"', new='§call: "14-11"', near=LUSO
    ),
}


@cache
def _usual() -> frozenset[str]:
    """What the real file is told anyway."""
    return frozenset(each.message for each in check(REAL))


@pytest.mark.parametrize("case", BREAKS.values(), ids=BREAKS)
def test_a_fault_is_told_once_at_its_line(case: Break, path: Path) -> None:
    line = case.made_in(path)
    directory, found = read_helplines(path, today=TODAY, thoroughly=True)
    usual = _usual()
    told = [each for each in found if each.message not in usual and "entries rest on" not in each.message]
    assert [(each.code, each.line, each.severity) for each in told] == [(case.code, line, case.severity)]
    assert (directory is None) is (case.severity is Severity.ERROR)
    assert told[0].message.endswith(".")
    assert told[0].remedy.endswith((".", "`"))


def test_a_country_that_stands_twice_is_told(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    block = text[text.index("  - country: PT\n") : text.index("  - country: RO\n")]
    path.write_text(text + block, encoding="utf-8")
    (fault,) = errors(check(path))
    assert (fault.code, fault.line) == (Code.HELPLINE_TWICE, text.count("\n") + 1)


def test_a_country_without_a_crisis_line_is_a_warning(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    before, after = text.split("  - country: UA\n")
    path.write_text(
        f"{before}  - country: UA\n{after.replace('topic: crisis', 'topic: support', 1)}", "utf-8"
    )
    found = [each for each in check(path) if each.code is Code.NO_CRISIS_LINE]
    assert [each.message[:2] for each in found] == ["AE", "TR", "UA"]
    assert found[-1].line == before.count("\n") + 1
    assert {each.severity for each in found} == {Severity.WARNING}


def test_a_country_whose_numbers_nobody_here_knows_is_a_warning(path: Path) -> None:
    text = path.read_text(encoding="utf-8").replace(
        "\n  PT: {", "\n  IS: {en: Iceland, es: Islandia}\n  PT: {"
    )
    path.write_text(text.replace("country: PT\n", "country: IS\n"), encoding="utf-8")
    found = [each for each in check(path) if each.code is Code.HELPLINE_NUMBER]
    assert [each.severity for each in found] == [Severity.WARNING]


def test_faults_of_several_entries_are_told_at_once(path: Path) -> None:
    for name in (
        "an-unknown-key",
        "an-unknown-topic",
        "a-digit-too-few",
        "no-source",
        "old-emergency-number",
    ):
        case = BREAKS[name]
        case.made_in(path)
    assert {each.code for each in errors(check(path))} == {
        Code.SHAPE,
        Code.HELPLINE_VALUE,
        Code.HELPLINE_NUMBER,
        Code.HELPLINE_SOURCE,
        Code.HELPLINE_AGE,
    }


@pytest.mark.parametrize(
    "text", ["", "- a", "word", "~", "countries: [a]", "countries: {a: b}", "words: {en: x}"]
)
def test_another_file_altogether_is_a_fault_and_no_crash(text: str, path: Path) -> None:
    path.write_text(text, encoding="utf-8")
    directory, found = read_helplines(path, today=TODAY, thoroughly=True)
    assert directory is None
    assert {each.code for each in found} == {Code.SHAPE}


def test_any_one_key_of_the_wrong_kind_is_a_fault_and_no_crash(path: Path) -> None:
    """Every key of the file is once a list, once a group, once gone."""
    text = path.read_text(encoding="utf-8").split("  - country: AR\n")[0]
    lines = [line for line in text.split("\n") if not re.match("  [B-Z]|#", line)]
    for n, line in enumerate(lines):
        key, colon, _ = line.partition(":")
        if not colon or line.lstrip().startswith(("#", "{", "- {")):
            continue
        for value in (" [a, {b: c}]", " {a: b}", None):
            broken = [*lines[:n], *([f"{key}:{value}"] if value else []), *lines[n + 1 :]]
            path.write_text("\n".join(broken), encoding="utf-8")
            read_helplines(path, today=TODAY, thoroughly=True)


def test_a_missing_file_is_a_fault(tmp_path: Path) -> None:
    directory, found = read_helplines(tmp_path / "helplines.yaml")
    assert directory is None
    assert [each.code for each in found] == [Code.NO_CONTENT]


# -- growing old ------------------------------------------------------------------------------------------------

SEEN = date(2026, 11, 21)
AGES = {
    "on-the-day": (SEEN, None),
    "a-year": (date(2027, 11, 21), None),
    "a-year-and-a-day": (date(2027, 11, 22), Severity.WARNING),
    "two-years": (date(2028, 11, 21), Severity.WARNING),
    "two-years-and-a-day": (date(2028, 11, 22), Severity.ERROR),
    "ten-years": (date(2036, 11, 21), Severity.ERROR),
}


@pytest.mark.parametrize(("today", "severity"), AGES.values(), ids=AGES)
def test_lines_grow_old(today: date, severity: Severity | None, path: Path) -> None:
    found = [each for each in check(path, today) if "was last seen" in each.message]
    assert {each.severity for each in found} == ({severity} if severity else set())
    # 98 lines, 53 emergency numbers, 2 links
    assert len(found) == (153 if severity else 0)


def test_a_bot_starts_with_lines_that_grew_old(path: Path) -> None:
    for today in (SEEN + timedelta(days=20 * 365), SEEN - timedelta(days=365)):
        directory, found = read_helplines(path, today=today)
        assert directory is not None
        assert errors(found) == []
        assert any(each.code is Code.HELPLINE_AGE for each in found)


def test_without_a_date_no_age_is_told(path: Path) -> None:
    assert {each.code for each in check(path, None)} == {Code.NO_CRISIS_LINE}


def test_a_confirmation_makes_an_old_line_young(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("seen: 2026-11-21", "seen: 2026-11-21\n        confirmed: 2028-10-01"), "utf-8"
    )
    found = errors(check(path, date(2028, 12, 1)))
    assert not any(" (PT) " in each.message for each in found)


def test_lines_that_rest_on_old_sources_are_named_until_somebody_confirms_them(path: Path) -> None:
    def named() -> str:
        return next((each.message for each in check(path) if "entries rest on" in each.message), "")

    assert "Beyond Blue (AU)" in named()
    assert "Samaritans (GB)" not in named()
    text = path.read_text(encoding="utf-8")
    before, after = text.split("name: Beyond Blue\n")
    after = after.replace("seen: 2026-11-21", "seen: 2026-11-21\n        confirmed: 2026-11-22", 1)
    path.write_text(f"{before}name: Beyond Blue\n{after}", encoding="utf-8")
    assert "Beyond Blue" not in named()


# -- the tables ---------------------------------------------------------------------------------------------------


def test_every_country_of_the_file_has_a_numbering_plan() -> None:
    directory, _ = read_helplines(REAL)
    assert directory is not None
    assert set(directory.countries) == set(PLANS)


def test_most_slips_of_a_finger_are_noticed() -> None:
    directory, _ = read_helplines(REAL)
    assert directory is not None
    numbers = [
        (country.code, number.replace(" ", "").replace("-", ""))
        for country in directory.countries.values()
        for line in country.lines
        for number in (line.call, *line.call_alt)
        if number
    ]
    left_out = [(c, n[:i] + n[i + 1 :]) for c, n in numbers for i in range(len(n))]
    doubled = [(c, n[:i] + n[i] + n[i:]) for c, n in numbers for i in range(len(n))]
    for slips, at_least in ((left_out, 0.85), (doubled, 0.95)):
        noticed = sum(not can_be_dialled(number, PLANS[code]) for code, number in slips)
        assert noticed / len(slips) >= at_least


def test_countries_and_zones_come_from_the_tz_database() -> None:
    assert iso_countries()["PT"] == "Portugal"
    assert len(iso_countries()) > 240
    assert zones_by_country()["Europe/Lisbon"] == "PT"
    assert zones_by_country()["Asia/Calcutta"] == "IN"
    assert "Iceland" not in zones_by_country()
