"""What would break a moment, a day or a place as it is written is told before, with its line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.script.diagnostics import Code
from bot.script.formats import read_formats

_DAY_SHORT = 'day_short: "{day} {month}"'
REAL = Path(__file__).parents[2] / "content" / "formats"


def test_the_real_ones_have_no_faults() -> None:
    formats, found = read_formats(REAL)
    assert (set(formats), found) == ({path.stem for path in REAL.glob("*.yaml")}, [])
    assert {"en", "es"} <= set(formats)


@pytest.mark.parametrize(
    ("line", "broken", "message"),
    [
        ("today: today at {time}", "today: now", "`today` lacks `{time}`"),
        ("daily: every day at", "daily: on {weekday} at", "`daily` names `{weekday}`, which is not known there"),
        (_DAY_SHORT, "day_short: []", "`day_short` must be a text"),
        (_DAY_SHORT, 'day_short: "{day} {time} {month}"', "`day_short` names `{time}`, which is not known there"),
        (_DAY_SHORT, 'day_short: "{day:>9} {month}"', "`day_short` fills in names and nothing else: no `:` and no `!`"),
        ("day_today: today", 'day_today: "{}"', "`day_today` names `{}`, which is not known there"),
        ('comma: ", "', 'comma: "}"', "`comma` can't be filled in: Single '}' encountered in format string"),
        ('time: "%H:%M"', 'time: "%H"', "`time` doesn't tell the hour and the minute apart, as `%H:%M` does"),
        ("weekdays: [Monday, ", "weekdays: [", "`weekdays` has 6 names of 7"),
        ("weekdays: [Monday, ", "weekdays: [[Monday], ", "`weekdays` must be a list of names"),
        ("day_today: today", "daytoday: today", "`daytoday` isn't a key that belongs here"),
    ],
)  # fmt: skip
def test_what_cannot_be_written_is_told_with_its_line(
    tmp_path: Path, line: str, broken: str, message: str
) -> None:
    folder = tmp_path / "formats"
    shutil.copytree(REAL, folder)
    text = (folder / "en.yaml").read_text(encoding="utf-8")
    assert text.count(line) == 1
    (folder / "en.yaml").write_text(text.replace(line, broken), encoding="utf-8")
    formats, found = read_formats(folder)
    assert "en" not in formats
    told = {(each.code, each.line, each.message) for each in found}
    assert (Code.SHAPE, text[: text.index(line)].count("\n") + 1, f"{message}.") in told


def test_a_name_that_is_missing_is_told_of_the_file(tmp_path: Path) -> None:
    text = (REAL / "en.yaml").read_text(encoding="utf-8")
    (tmp_path / "en.yaml").write_text(text.replace("day_today: today\n", ""), encoding="utf-8")
    assert [each.message for each in read_formats(tmp_path)[1]] == ["`day_today` is missing."]
