"""Loading a folder of content: what is broken is told, all of it, and nothing else goes wrong."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from bot.script.diagnostics import BrokenContent, Code
from bot.script.live import LiveContent
from bot.script.load import check_content, load_content
from bot.script.source import read_source
from bot.script.understood import Kept


def codes(folder: Path) -> list[tuple[str, Code]]:
    return [(d.path.name, d.code) for d in check_content(folder, thoroughly=True)[1]]


def test_faults_of_every_kind_are_told_at_once(content: Path) -> None:
    talk, wipe = content / "flows" / "talk.yaml", content / "flows" / "wipe.yaml"
    text = talk.read_text()
    text = text.replace("skip: plan\n", "skip: nowhere\n").replace("say: Slowly then.", "say: Cheer up.")
    text = text.replace("save: win.text", "save: win.words").replace("if: answer <= 3", "if: answr == 3")
    talk.write_text(text.replace("advice: [vent-to-trusted]", "advice: [nap]"))
    wipe.write_text(wipe.read_text().replace("intents: [delete]", "intents: [vanish]"))
    rules = content / "understanding" / "en.yaml"
    rules.write_text(rules.read_text().replace("match: [help me]", "match: [bread]"))
    assert sorted(code.name for _, code in codes(content)) == [
        "BANNED_PHRASE",
        "UNDERSTANDING",
        "UNKNOWN_ADVICE",
        "UNKNOWN_INTENT",
        "UNKNOWN_NAME",
        "UNKNOWN_SAVE",
        "UNKNOWN_TARGET",
    ]


def test_two_broken_files_are_both_told(content: Path) -> None:
    for name in ("talk", "aside"):
        (content / "flows" / f"{name}.yaml").write_text("steps: [")
    assert codes(content) == [("aside.yaml", Code.YAML), ("talk.yaml", Code.YAML)]


def test_every_fault_of_a_file_of_the_wrong_shape_is_told(content: Path) -> None:
    path = content / "flows" / "aside.yaml"
    text = (
        path.read_text()
        .replace("digression: true", "digression: maybe")
        .replace("say: An aside.", "sya: An aside.")
    )
    path.write_text(text)
    assert [(d.line, d.code) for d in check_content(content)[1]] == [(3, Code.SHAPE), (9, Code.SHAPE)]


def test_loading_raises_what_is_broken_and_passes_warnings(content: Path) -> None:
    talk = content / "flows" / "talk.yaml"
    talk.write_text(talk.read_text().replace("say: Slowly then.", f"say: {'slow ' * 80}"))
    assert "talk/slow" in load_content(content).script.steps
    talk.write_text(talk.read_text().replace("save: win.text", "save: win.words"))
    with pytest.raises(BrokenContent) as broken:
        load_content(content)
    assert [d.code for d in broken.value.diagnostics] == [Code.UNKNOWN_SAVE]
    assert "talk.yaml:" in str(broken.value)
    assert "win.words" in str(broken.value)


BYTES = {
    "not-utf-8": b"flow: \xff\xfe",
    "utf-16": "flow: aside".encode("utf-16"),
    "a-nul": b"flow: as\0ide",
    "half-a-character": b'flow: "\\ud83d"',
    "tabs": b"flow:\n\t- aside",
}


@pytest.mark.parametrize("data", BYTES.values(), ids=BYTES)
def test_bytes_that_are_no_yaml_are_a_fault_of_that_file(data: bytes, content: Path) -> None:
    (content / "flows" / "aside.yaml").write_bytes(data)
    assert codes(content) == [("aside.yaml", Code.YAML)]


SHAPES = {
    "an-empty-file": "",
    "a-comment": "# later",
    "a-list": "- a",
    "a-word": "word",
    "null": "~",
    "a-merge": "<<: x",
}


@pytest.mark.parametrize("text", SHAPES.values(), ids=SHAPES)
def test_yaml_that_is_no_flow_is_a_fault_of_that_file(text: str, content: Path) -> None:
    (content / "flows" / "aside.yaml").write_text(text)
    assert set(codes(content)) == {("aside.yaml", Code.SHAPE)}


def test_a_folder_called_like_a_flow_is_a_fault(content: Path) -> None:
    (content / "flows" / "more.yaml").mkdir()
    assert codes(content) == [("more.yaml", Code.YAML)]


def test_an_empty_folder_and_one_that_is_not_there_have_no_content(tmp_path: Path) -> None:
    assert codes(tmp_path) == [("flows", Code.NO_CONTENT), ("understanding", Code.NO_CONTENT)]
    assert codes(tmp_path / "nowhere") == [("flows", Code.NO_CONTENT), ("understanding", Code.NO_CONTENT)]


@pytest.mark.parametrize("part", ["flows", "understanding"])
def test_a_missing_part_is_the_only_thing_told(part: str, content: Path) -> None:
    shutil.rmtree(content / part)
    assert codes(content) == [(part, Code.NO_CONTENT)]


def test_the_editorial_list_may_be_missing(content: Path) -> None:
    shutil.rmtree(content / "editorial")
    assert codes(content) == []


def test_a_broken_editorial_list_is_told_once(content: Path) -> None:
    (content / "editorial" / "en.yaml").write_text("never_says: [")
    assert codes(content) == [("en.yaml", Code.YAML)]


TEXTS = {
    "no": "no",
    "off": "off",
    "21:00": "21:00",
    "1_000": "1_000",
    "0x10": "0x10",
    "2026-03-02": "2026-03-02",
    "~": "~",
}


@pytest.mark.parametrize(("written", "read"), TEXTS.items(), ids=TEXTS)
def test_every_value_is_read_as_text(written: str, read: str, tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(f"{written}: {written}")
    assert read_source(path)[0].data == {read: read}


def test_a_place_without_a_line_has_that_of_what_is_around_it(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("one: 1\ntwo:\n  three:\n    - four\n")
    source, found = read_source(path)
    assert found == ()
    lines = {
        keys: source.line_of(keys)
        for keys in [("one",), ("two", "three"), ("two", "three", 0), ("two", "nine", 3)]
    }
    assert lines == {("one",): 1, ("two", "three"): 3, ("two", "three", 0): 4, ("two", "nine", 3): 2}


def test_who_reads_it_again_need_not_compile_what_people_are_read_by(content: Path) -> None:
    kept = Kept()
    first = load_content(content, kept=kept)
    live = LiveContent(folder=content, content=first, kept=kept)
    assert live.refresh(date(2026, 11, 22))
    assert live.content is not first
    assert live.content.understanding is first.understanding
