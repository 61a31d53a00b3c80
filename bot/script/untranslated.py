"""What a language lacks, written out as the file a translator fills in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from bot.script.compile import ReadFlow
from bot.script.lint_translations import Untranslated, untranslated
from bot.script.translations import every_translation, read_translations


def written_out(folder: Path, flows: tuple[ReadFlow, ...], locale: str, flow: str | None) -> Iterator[str]:
    """Yield lines of YAML: each missing or stale text with its fingerprint, the English as a remark above it."""
    root = folder / "translations"
    translation = every_translation(root, [locale], read_translations(root)[0])[locale]
    left = [each for each in untranslated(flows, translation) if flow in (None, each.flow.document.flow)]
    for name in dict.fromkeys(each.flow.document.flow for each in left):
        own = [each for each in left if each.flow.document.flow == name]
        yield f"# {translation.folder / name}.yaml: merge into the steps that stand there; an empty text is an error."
        yield f"flow: {name}"
        yield from _section("texts:", [each for each in own if each.wording.step is None], "  ")
        if any(each.wording.step is not None for each in own):
            yield "steps:"
        for step in dict.fromkeys(each.wording.step for each in own if each.wording.step is not None):
            yield from _section(f"  {step}:", [each for each in own if each.wording.step == step], "    ")


def _section(head: str, left: list[Untranslated], indent: str) -> Iterator[str]:
    if left:
        yield head
    for each in left:
        wording = each.wording
        for text in wording.variants:
            yield from (f"{indent}# {line}" for line in text.strip().splitlines())
        before = each.stale.document.variants if each.stale is not None else ("",)
        words = [json.dumps(text, ensure_ascii=False) for text in before]
        said = f"text: {words[0]}" if len(words) == 1 else f"one_of: [{', '.join(words)}]"
        yield f"{indent}{wording.key}: {{of: {json.dumps(wording.fingerprint)}, {said}}}"
