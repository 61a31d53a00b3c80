"""`make audit`: look the locked versions up in a database of known vulnerabilities.

Ends with 1 when one is found, with 2 when not all could be looked up: what wasn't looked at is never taken for safe.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LOCK = Path(__file__).resolve().parents[1] / "requirements.lock"
DATABASES = ("pypi", "osv")  # the second is asked what the first could not tell
PATIENCE_SECONDS = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """`found`: a line for each vulnerability. `known`: packages looked up; `unknown`: those that could not be."""

    found: tuple[str, ...] = ()
    known: frozenset[str] = frozenset()
    unknown: frozenset[str] = frozenset()
    trouble: str = ""


def main() -> None:
    raise SystemExit(audit(sys.argv[1]))


def audit(pip_audit: str) -> int:
    """Say what was found; return what to end with."""
    found: dict[str, None] = {}
    known: set[str] = set()
    unknown: set[str] = set()
    for database in DATABASES:
        looked = _ask(pip_audit, database)
        found |= dict.fromkeys(looked.found)
        known |= looked.known
        unknown |= looked.unknown
        if looked.trouble:
            print(f"{database} could not be asked: {looked.trouble}")
        elif not unknown - known:
            break
    for line in found:
        print(line)
    if found:
        print(
            f"{len(found)} known vulnerabilities in {LOCK.name}: choose other versions (`make lock ARGS=--upgrade`)."
        )
        return 1
    left = sorted(unknown - known)
    if left or not known:
        print(
            f"NOT CHECKED: {len(left) or 'all'} packages of {LOCK.name} could not be looked up, {len(known)} could."
        )
        print("That says nothing about them: run it again where the databases can be reached.")
        return 2
    print(f"No known vulnerability in the {len(known)} packages of {LOCK.name}.")
    return 0


def _ask(pip_audit: str, database: str) -> Looked:
    command = (
        pip_audit, "--disable-pip", "--require-hashes", "--requirement", str(LOCK), "--format", "json",
        "--progress-spinner", "off", "--vulnerability-service", database, "--timeout", str(PATIENCE_SECONDS),
    )  # fmt: skip
    ran = subprocess.run(command, check=False, capture_output=True, text=True)
    try:
        told: list[dict[str, Any]] = json.loads(ran.stdout)["dependencies"]
    except (ValueError, KeyError, TypeError):
        last = (ran.stderr.strip().splitlines() or ["no answer"])[-1]
        return Looked(trouble=last[:300])
    return Looked(
        found=tuple(
            f"{each['name']} {each['version']}: {vulnerability['id']}, mended in"
            f" {', '.join(vulnerability.get('fix_versions', ())) or 'no version yet'}"
            for each in told
            for vulnerability in each.get("vulns", ())
        ),
        known=frozenset(each["name"] for each in told if "skip_reason" not in each),
        unknown=frozenset(each["name"] for each in told if "skip_reason" in each),
    )


if __name__ == "__main__":
    main()
