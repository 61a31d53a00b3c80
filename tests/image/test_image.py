"""What goes into the image, as far as it can be told without building it (`make image` does)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.config import Settings
from tests.image.dockerfile import Instruction, instructions, let_through

ROOT = Path(__file__).parents[2]
STEPS = instructions((ROOT / "Dockerfile").read_text(encoding="utf-8"))
COPIES = [step for step in STEPS if step.name == "COPY" and "--from" not in step.rest]
COMPOSED = ["compose.yaml", "compose.postgres.yaml"]


def composed(name: str) -> dict[str, Any]:
    return dict(yaml.safe_load((ROOT / name).read_text(encoding="utf-8")))


def bots(name: str) -> list[dict[str, Any]]:
    return [service for service in composed(name)["services"].values() if "build" in service]


@pytest.fixture(scope="module")
def context() -> list[Path]:
    return let_through(ROOT, (ROOT / ".dockerignore").read_text(encoding="utf-8"))


@pytest.mark.parametrize("step", COPIES, ids=lambda step: step.rest)
def test_what_is_copied_comes_through_dockerignore(step: Instruction, context: list[Path]) -> None:
    for source in step.words()[:-1]:
        assert any(path == Path(source) or Path(source) in path.parents for path in context), source


def test_nothing_else_reaches_the_builder(context: list[Path]) -> None:
    copied = {source for step in COPIES for source in step.words()[:-1]}
    assert {path.parts[0] for path in context} == copied
    assert [path for path in context if "__pycache__" in path.parts or path.suffix in {".db", ".key"}] == []


def test_it_ends_as_somebody_who_is_not_root_with_a_health_check_and_a_command() -> None:
    last = {step.name: step for step in STEPS}
    assert last["USER"].rest not in {"", "root", "0"}
    assert "/healthz" in last["HEALTHCHECK"].words()[-1]
    assert last["CMD"].words() == ["onward", "serve"]


@pytest.mark.parametrize("name", COMPOSED)
def test_a_composed_bot_can_write_to_its_data_alone(name: str) -> None:
    for bot in bots(name):
        assert bot["read_only"] is True
        assert bot["cap_drop"] == ["ALL"]
        assert bot["security_opt"] == ["no-new-privileges:true"]
        written = [*bot.get("volumes", []), *bot["tmpfs"]]
        assert {place.split(":")[1 if place == "data:/data" else 0] for place in written} == {"/data", "/tmp"}


@pytest.mark.parametrize("name", COMPOSED)
def test_every_setting_composed_is_one_of_ours(name: str) -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    ours = {field.upper() for field in Settings.model_fields} | set(
        re.findall(r"^(\w+)=", example, re.MULTILINE)
    )
    text = (ROOT / name).read_text(encoding="utf-8")
    assert set(re.findall(r"\$\{(\w+)", text)) <= ours
    assert {setting for bot in bots(name) for setting in bot["environment"]} <= ours


def test_two_bots_share_one_postgresql_and_one_key() -> None:
    both = bots("compose.postgres.yaml")
    assert len(both) == 2
    assert both[0]["environment"] == both[1]["environment"]
    assert both[0]["environment"]["DATABASE_URL"].startswith("postgresql://")
    assert ":?" in both[0]["environment"]["ONWARD_ENCRYPTION_KEYS"]
    assert both[0]["ports"] != both[1]["ports"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FROM a AS b", [Instruction(1, "FROM", "a AS b")]),
        ("# said\n\nRUN one \\\n && two", [Instruction(3, "RUN", "one  && two")]),
        ('CMD ["a", "b"]', [Instruction(1, "CMD", '["a", "b"]')]),
    ],
)
def test_a_dockerfile_is_read(text: str, expected: list[Instruction]) -> None:
    assert instructions(text) == expected
