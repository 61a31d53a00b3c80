"""What a stranger to YAML does to a file of content is told with file and line, and never ends in a traceback."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
import yaml
from yaml import MappingNode, Node, SequenceNode

from bot.script.diagnostics import Code, Diagnostic, Severity
from bot.script.load import check_content
from bot.script.source import KeyPath
from bot.script.understood import Kept
from tests.script.remembering import remembering

REAL = Path(__file__).parents[2] / "content"
FILES = (
    "editorial/en.yaml",
    "flows/talk.yaml",
    "formats/en.yaml",
    "helplines.yaml",
    "languages.yaml",
    "phrases/en.yaml",
    "published.lock",
    "safety-review.yaml",
    "times/en.yaml",
    "tongues/de.yaml",
    "translations/es/talk.yaml",
    "understanding/en.yaml",
)
# What anybody's editor, terminal or merge does to a whole file.
DONE_TO_IT: Mapping[str, Callable[[bytes], bytes]] = {
    "saved as UTF-16": lambda raw: raw.decode().encode("utf-16"),
    "saved as Latin-1": lambda raw: raw + "# café\n".encode("latin-1"),
    "a zero byte": lambda raw: raw + b"\0",
    "a picture": lambda _: bytes(range(256)),
    "a list": lambda _: b"- a\n- b\n",
    "a word": lambda _: b"word\n",
    "twice in itself": lambda raw: raw + b"\n" + raw,
    "a merge left open": lambda raw: b"<<<<<<< here\n" + raw + b"=======\n" + raw + b">>>>>>> there\n",
    "an alias of itself": lambda raw: b"a: &a [*a]\n" + raw,
    "a merge key": lambda raw: b"x: &x {a: b}\ny: {<<: *x}\n" + raw,
    "brackets for ever": lambda _: b"{a: " * 5_000,
    "a key of two million letters": lambda raw: b"? " + b"a" * 2_000_000 + b"\n: b\n" + raw,
    "a number for a key": lambda raw: b"1: 2\n" + raw,
    "a list for a key": lambda raw: b"[a, b]: 2\n" + raw,
    "another language's object": lambda raw: b"x: !!python/object:os.system {}\n" + raw,
    "two documents": lambda raw: raw + b"---\n" + raw,
    "of another YAML": lambda raw: b"%YAML 9.9\n---\n" + raw,
}
HARMLESS: Mapping[str, Callable[[bytes], bytes]] = {
    "a mark at the beginning": lambda raw: b"\xef\xbb\xbf" + raw,
    "lines ended as elsewhere": lambda raw: raw.replace(b"\n", b"\r\n"),
}


class Spoilt:
    """One content, and the findings after a file of it was written over."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._kept = folder, Kept()
        self._before = set(self._findings())

    def findings(self, name: str, raw: bytes) -> list[Diagnostic]:
        path = self._folder / name
        before = path.read_bytes()
        try:
            path.write_bytes(raw)
            return [each for each in self._findings() if each not in self._before]
        finally:
            path.write_bytes(before)

    def without(self, name: str) -> list[Diagnostic]:
        path = self._folder / name
        before = path.read_bytes()
        try:
            path.unlink()
            return [each for each in self._findings() if each not in self._before]
        finally:
            path.write_bytes(before)

    def read(self, name: str) -> bytes:
        return (self._folder / name).read_bytes()

    def _findings(self) -> tuple[Diagnostic, ...]:
        return check_content(self._folder, thoroughly=True, kept=self._kept)[1]


@pytest.fixture(scope="module")
def spoilt(_whole: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Spoilt]:
    folder = tmp_path_factory.mktemp("spoilt") / "content"
    shutil.copytree(_whole, folder)
    for name in ("times", "formats"):
        shutil.copytree(REAL / name, folder / name)
    with remembering():
        yield Spoilt(folder)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "done"),
    [
        (name, done)
        for name in FILES
        for done in DONE_TO_IT
        if (name, done) != ("published.lock", "twice in itself")  # a list in which each line may stand twice
    ],
)
def test_a_spoilt_file_is_told_of(spoilt: Spoilt, name: str, done: str) -> None:
    found = spoilt.findings(name, DONE_TO_IT[done](spoilt.read(name)))
    told = [each for each in found if str(each.path).endswith(name)]
    assert told
    assert all(len(str(each)) < 6_000 for each in told), "a finding is read by somebody"


@pytest.mark.parametrize("done", HARMLESS)
@pytest.mark.parametrize("name", FILES)
def test_what_only_looks_another_way_is_no_fault(spoilt: Spoilt, name: str, done: str) -> None:
    assert spoilt.findings(name, HARMLESS[done](spoilt.read(name))) == []


@pytest.mark.parametrize(
    "name", [name for name in FILES if not name.startswith(("translations", "published"))]
)
def test_an_empty_file_is_told_of(spoilt: Spoilt, name: str) -> None:
    for raw in (b"", b"# nothing\n"):
        assert Severity.ERROR in {each.severity for each in spoilt.findings(name, raw)}


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in FILES if name.endswith("yaml")])
def test_a_value_of_another_kind_is_told_of_at_its_line(spoilt: Spoilt, name: str) -> None:
    """A map of an unknown key, where a text, a list or other keys belong: everywhere but among names of one's own."""
    text = spoilt.read(name).decode()
    for keys, start, end in _values(text):
        found = spoilt.findings(name, f"{text[:start]}{{zz: {{zz: zz}}}}{text[end:]}".encode())
        own = [each for each in found if str(each.path).endswith(name)]
        assert own, f"{name}: {keys}"
        assert Code.YAML not in {each.code for each in own}, f"{name}: {keys}"


def _values(text: str) -> Iterator[tuple[KeyPath, int, int]]:
    """Yield where each value stands, one of those whose last keys are the same."""
    seen: set[KeyPath] = set()
    for keys, node in _nodes((), yaml.compose(text, Loader=yaml.SafeLoader)):
        kind = tuple("#" if isinstance(key, int) or key.isdecimal() else key for key in keys[-2:])
        if keys and kind not in seen and not {"spellings", "places"} & set(keys[:-1]):
            seen.add(kind)
            start = node.start_mark.index
            yield keys, start, start + len(text[start : node.end_mark.index].rstrip())


def _nodes(keys: KeyPath, node: Node) -> Iterator[tuple[KeyPath, Node]]:
    yield keys, node
    if isinstance(node, MappingNode):
        for key, value in node.value:
            yield from _nodes((*keys, str(key.value)), value)
    elif isinstance(node, SequenceNode):
        for n, value in enumerate(node.value):
            yield from _nodes((*keys, n), value)


def test_danger_answered_in_a_language_it_is_not_understood_in_is_told(spoilt: Spoilt) -> None:
    (found,) = (each for each in spoilt.without("understanding/de.yaml") if each.code is Code.TONGUE_MISSING)
    assert (found.path.name, found.line) == ("de.yaml", 0)


def test_without_english_rules_nothing_is_understood_and_that_is_told(spoilt: Spoilt) -> None:
    found = spoilt.without("understanding/en.yaml")
    assert "understanding/en.yaml" in {"/".join(each.path.parts[-2:]) for each in found}


@pytest.mark.parametrize(
    ("before", "after"),
    [("emergency: [", "emergency: [] # ["), ("emergency: [", "emergency: [call, ")],
)
def test_what_to_call_anywhere_is_a_number(spoilt: Spoilt, before: str, after: str) -> None:
    text = spoilt.read("helplines.yaml").decode()
    assert before in text
    found = spoilt.findings("helplines.yaml", text.replace(before, after, 1).encode())
    line = text[: text.index(before)].count("\n") + 1
    assert (line, Severity.ERROR) in {(each.line, each.severity) for each in found}
