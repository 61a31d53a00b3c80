"""How many short texts a second are understood on one core: `python -m benchmarks.understanding`.

Counted in the process's own CPU time, so that whatever else the machine does tells less; the best round of several.
The texts are this project's own sentences, or the `text` of each line of the `.jsonl` files named.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import yaml

from bot.script.load import load_content
from bot.understanding import reading_as_json

ROOT = Path(__file__).parents[1]
SENTENCES = ROOT / "tests" / "understanding" / "sentences"
OWN = ("messages", "moods", "wishes", "danger_working")
SHORT_CHARS = 120
ROUNDS = 7


def main() -> None:
    options = _options()
    texts = list(_given(options.files) if options.files else _own())
    understanding = load_content(ROOT / "content").understanding
    encoded = json.JSONEncoder(ensure_ascii=False).encode

    def read_only() -> None:
        for text in texts:
            understanding.read(text, "en")

    def read_and_told() -> None:
        for text in texts:
            encoded(reading_as_json(understanding.read(text, "en")))

    print(f"{len(texts)} texts, {sum(map(len, texts)) / len(texts):.0f} characters on average")
    print(f"read:                      {len(texts) / _best(read_only):8,.0f} a second of CPU time")
    print(f"read and told as JSON:     {len(texts) / _best(read_and_told):8,.0f} a second of CPU time")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.understanding", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, help='JSON lines, each {"text": …}')
    return parser.parse_args()


def _given(files: list[Path]) -> Iterator[str]:
    for path in files:
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip():
                yield json.loads(line)["text"]


def _own() -> Iterator[str]:
    for name in OWN:
        document = yaml.load((SENTENCES / f"{name}.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)
        yield from (text for text in _texts(document) if len(text) <= SHORT_CHARS)


def _texts(value: Any) -> Iterator[str]:
    """The sentences of a file: rows are a sentence, or a mapping with a `text`."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for found in [value["text"]] if "text" in value else value.values():
            yield from _texts(found)
    else:
        for each in value:
            yield from _texts(each)


def _best(deed: Callable[[], object]) -> float:
    """The CPU seconds of the quickest round; a first one warms up."""
    deed()
    spent = []
    for _ in range(ROUNDS):
        began = time.process_time()
        deed()
        spent.append(time.process_time() - began)
    return min(spent)


if __name__ == "__main__":
    main()
