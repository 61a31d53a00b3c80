"""What `make audit` makes of a database's answers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.audit import audit

FINE = {"name": "aiohttp", "version": "1.0", "vulns": []}
BAD = {"name": "jinja2", "version": "2.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2.1"]}]}
SKIPPED = {"name": "jinja2", "skip_reason": "not found"}


def _tool(folder: Path, **answers: object) -> str:
    """Return a pip-audit that gives these answers by database; without one it can't reach it."""
    for database, answer in answers.items():
        (folder / database).write_text(json.dumps({"dependencies": answer}), encoding="utf-8")
    tool = folder / "pip-audit"
    tool.write_text(
        '#!/bin/sh\nwhile [ "$1" != --vulnerability-service ]; do shift; done\n'
        f'cat "{folder}/$2" 2>/dev/null || {{ echo "no such host" >&2; exit 1; }}\n',
        encoding="utf-8",
    )
    tool.chmod(0o755)
    return str(tool)


@pytest.mark.parametrize(
    ("answers", "ends_with", "says"),
    [
        pytest.param({"pypi": [FINE]}, 0, "No known vulnerability in the 1 packages", id="all is well"),
        pytest.param({"pypi": [FINE, BAD]}, 1, "jinja2 2.0: PYSEC-1, mended in 2.1", id="one is found"),
        pytest.param({}, 2, "pypi could not be asked: no such host", id="nobody answers"),
        pytest.param({"pypi": [FINE, SKIPPED]}, 2, "NOT CHECKED: 1 packages", id="one is not known there"),
        pytest.param(
            {"pypi": [SKIPPED], "osv": [BAD]}, 1, "PYSEC-1", id="the second knows what the first doesn't"
        ),
        pytest.param({"osv": [FINE]}, 0, "No known vulnerability", id="the first can't be reached"),
        pytest.param({"pypi": [], "osv": []}, 2, "NOT CHECKED: all", id="an empty answer is none"),
    ],
)
def test_the_audit_fails_on_what_it_finds_and_on_what_it_could_not_look_up(
    answers: dict[str, object], ends_with: int, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert audit(_tool(tmp_path, **answers)) == ends_with
    assert says in capsys.readouterr().out
