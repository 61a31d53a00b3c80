"""Break the real content at random and see whether `onward check` tells; `python -m tests.script.mutate` reports.

A mutant is one edit by one operator (breakages.py) in a copy of `content/`; it counts as found when the check tells
anything that it doesn't tell of the content as it is. What reads the same as before is no breakage and is drawn again.
"""

from __future__ import annotations

import argparse
import functools
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.script.diagnostics import Code
from bot.script.load import check_content
from bot.script.understood import Kept
from tests.script.breakages import OPERATORS, OVERLAYS
from tests.script.mutants import LOST_ADVICE, Breaker, Mutant
from tests.script.remembering import remembering

ROOT = Path(__file__).parents[2]
REAL = ROOT / "content"
REPORT = ROOT / "docs" / "mutation.md"
# An edit of the English makes its translation stale, whatever it breaks.
GROWN_STALE = {Code.UNTRANSLATED, Code.STALE_TRANSLATION, Code.NOTHING_TO_TRANSLATE}
ON_TRANSLATIONS = {name for name, (files, _) in OPERATORS.items() if files == OVERLAYS}
TODAY = date(2026, 11, 22)
SEED, COUNT = 20261122, 300
Finding = tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    mutant: Mutant
    codes: tuple[str, ...] = ()
    crash: str = ""

    @property
    def found(self) -> bool:
        return bool(self.codes)

    @property
    def by_itself(self) -> bool:
        """Whether more is told than that a translation no longer fits its English."""
        return bool(set(self.codes) - GROWN_STALE) or (self.mutant.operator in ON_TRANSLATIONS and self.found)


class Checker:
    """Checks mutants of one content, quickly: what depends on other files than the changed ones is kept."""

    def __init__(self, real: Path, folder: Path) -> None:
        self._folder, self._kept = folder / "content", Kept()
        shutil.copytree(real, self._folder)
        self._before = self._findings()

    def check(self, mutant: Mutant) -> Result:
        kept = {path: (self._folder / path).read_bytes() for path in mutant.changes}
        try:
            for path, text in mutant.changes.items():
                if text is None:
                    (self._folder / path).unlink()
                else:
                    (self._folder / path).write_text(text, encoding="utf-8")
            found = self._findings() - self._before
        except Exception as error:  # noqa: BLE001 - that is what is looked for
            return Result(mutant=mutant, crash=f"{type(error).__name__}: {str(error)[:200]}")
        finally:
            for path, before in kept.items():
                (self._folder / path).write_bytes(before)
        return Result(mutant=mutant, codes=tuple(sorted({code for code, _, _ in found})))

    def _findings(self) -> set[Finding]:
        found = check_content(self._folder, thoroughly=True, today=TODAY, kept=self._kept)[1]
        return {(each.code.value, each.path.name, each.message) for each in found}


def run(real: Path, *, seed: int, count: int, tell: Callable[[str], None] = lambda _: None) -> list[Result]:
    """Return what came of `count` mutants."""
    results = []
    with tempfile.TemporaryDirectory(prefix="onward-mutants-") as folder, remembering():
        checker = Checker(real, Path(folder))
        for number, mutant in enumerate(Breaker(real, seed).draw(count), start=1):
            result = checker.check(mutant)
            results.append(result)
            if not result.found:
                tell(f"{number}: survived {mutant.operator} {mutant.place} {result.crash}")
    return results


def report(runs: Mapping[int, list[Result]]) -> str:
    """Return docs/mutation.md. `runs` are the results by their seed."""
    results = [each for run in runs.values() for each in run]
    lines = [
        _HEAD.format(count=len(OPERATORS) + 1),
        "| seed | found | of | by more than a translation grown stale | crashed |",
    ]
    lines += ["|---|---|---|---|---|", *(_summary(seed, run) for seed, run in runs.items())]
    lines += ["", "| breakage | found | of | told as |", "|---|---|---|---|"]
    for operator in [*OPERATORS, LOST_ADVICE]:
        own = [each for each in results if each.mutant.operator == operator]
        codes = sorted({code for each in own for code in each.codes})
        lines.append(f"| {operator} | {sum(each.found for each in own)} | {len(own)} | {' '.join(codes)} |")
    lines += ["", "## Survivors", ""]
    survivors = [(seed, each) for seed, run in runs.items() for each in run if not each.found]
    told = [
        f"- {each.mutant.operator}: {each.mutant.place} (seed {seed}) {each.crash}"
        for seed, each in survivors
    ]
    lines += [each.rstrip() for each in told] or ["None."]
    return "\n".join(lines) + "\n"


_HEAD = """# Is every fault of the content found?

<!-- Written by `python -m tests.script.mutate`. -->

Random breakages of the real content, one edit each, by {count} operators that were fixed beforehand
(`tests/script/breakages.py`). What reads the same as before is no breakage. Found: `onward check` tells something
that it doesn't tell of the content as it is.
"""


def _summary(seed: int, results: list[Result]) -> str:
    found, crashed = sum(each.found for each in results), sum(bool(each.crash) for each in results)
    share = f"{found} ({100 * found / len(results):.1f} %)"
    return f"| {seed} | {share} | {len(results)} | {sum(each.by_itself for each in results)} | {crashed} |"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seed", type=int, nargs="+", default=[SEED])
    arguments.add_argument("--count", type=int, default=COUNT)
    arguments.add_argument("--content", type=Path, default=REAL)
    arguments.add_argument(
        "--output", type=Path, help=f"where the report goes, say {REPORT}; without, it is printed"
    )
    given = arguments.parse_args()
    begun = time.monotonic()
    tell = functools.partial(print, file=sys.stderr)
    runs: dict[int, list[Result]] = {}
    for seed in given.seed:
        runs[seed] = run(given.content, seed=seed, count=given.count, tell=tell)
        if given.output is not None:  # after each: a long run that is stopped has told what it saw
            given.output.write_text(report(runs), encoding="utf-8")
    if given.output is None:
        print(report(runs))
    tell(f"{sum(map(len, runs.values()))} mutants in {time.monotonic() - begun:.0f} s")


if __name__ == "__main__":
    main()
