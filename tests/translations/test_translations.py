"""`content/translations/`: laid over the English by step and key; every fault told with its place."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.dialogue.flow import in_locale
from bot.script.diagnostics import Code, Diagnostic, Severity
from bot.script.lint_translations import FEW
from bot.script.load import Content, check_content, load_content
from bot.script.untranslated import written_out

SMALL = Path(__file__).parents[1] / "script" / "content"
LOCALE = "xx"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Small content with every text "translated", by what the command writes out."""
    folder = tmp_path / "content"
    shutil.copytree(SMALL, folder)
    _offer(folder, offered="yes")
    flows = load_content(folder).flows
    for flow in (each.document.flow for each in flows):
        lines = list(written_out(folder, flows, LOCALE, flow))
        if not lines:
            continue  # a flow without a word
        path = folder / "translations" / LOCALE / f"{flow}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        filled = [_filled(lines, n) for n in range(len(lines))]
        path.write_text("\n".join(filled) + "\n", encoding="utf-8")
    return folder


def _offer(folder: Path, *, offered: str) -> None:
    (folder / "languages.yaml").write_text(
        f"en: {{name: English, offered: yes}}\n{LOCALE}: {{name: Other, offered: {offered}}}\n",
        encoding="utf-8",
    )
    for part in ("editorial", "phrases"):
        if (folder / part).is_dir():
            shutil.copy(folder / part / "en.yaml", folder / part / f"{LOCALE}.yaml")
    shutil.copy(folder / "understanding" / "en.yaml", folder / "understanding" / f"{LOCALE}.yaml")


def _filled(lines: list[str], n: int) -> str:
    """The English of the remark above, with a mark before it."""
    if 'text: ""' not in lines[n]:
        return lines[n]
    english = lines[n - 1].strip().removeprefix("# ").replace('"', "'")
    return lines[n].replace('text: ""', f'text: "¡{english}"')


def _found(folder: Path, *, thoroughly: bool = True) -> list[Diagnostic]:
    return list(check_content(folder, thoroughly=thoroughly)[1])


def _content(folder: Path) -> Content:
    return load_content(folder)


def test_a_language_that_is_whole_has_no_faults_and_is_said(folder: Path) -> None:
    assert _found(folder) == []
    content = _content(folder)
    assert content.script.locales == ("en", LOCALE)
    line = content.script.steps["talk/company"].say[0]
    assert in_locale(line.cases[0].variants, LOCALE)[0].source.startswith("¡")


def _break(folder: Path, old: str, new: str, file: str = f"translations/{LOCALE}/talk.yaml") -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_missing_stale_unknown_and_misnamed_are_told_each_in_its_place(folder: Path) -> None:
    path = folder / "translations" / LOCALE / "talk.yaml"
    lines = path.read_text(encoding="utf-8").splitlines()
    at = next(n for n, line in enumerate(lines) if "¡Final round" in line)
    whole = lines[at]
    lines[at] = ""
    path.write_text("\n".join(lines), encoding="utf-8")
    assert [(each.code, each.severity) for each in _found(folder)] == [(Code.UNTRANSLATED, Severity.ERROR)]
    assert _found(folder, thoroughly=False) == []
    ask = _content(folder).script.steps["talk/stage"].ask
    assert ask is not None
    said = [in_locale(choice.label, LOCALE)[0].source for choice in ask.choices]
    assert "Final round" in said
    assert any(label.startswith("¡") for label in said)
    lines[at] = whole.replace('of: "', 'of: "0')
    path.write_text("\n".join(lines), encoding="utf-8")
    (stale,) = _found(folder)
    assert (stale.code, stale.line, stale.severity) == (Code.STALE_TRANSLATION, at + 1, Severity.WARNING)
    lines[at] = f"{whole}\n{whole.replace('choice/final:', 'choice/never:')}"
    path.write_text("\n".join(lines), encoding="utf-8")
    (unknown,) = _found(folder)
    assert (unknown.code, unknown.line) == (Code.NOTHING_TO_TRANSLATE, at + 2)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("¡{{ rejection.role }}", Code.PLACEHOLDERS),
        ("¡{{ rejection.rolle }}", Code.PLACEHOLDERS),
        ("¡{{ open", Code.BAD_TEXT),
        ("¡at least", Code.BANNED_PHRASE),
        ("¡" + "word " * 70, Code.TOO_LONG),
    ],
)
def test_what_cannot_be_said_is_told(folder: Path, text: str, code: Code) -> None:
    _break(folder, "¡Who was it?", text)
    (folder / "editorial" / f"{LOCALE}.yaml").write_text("never_says: [at least]\n", encoding="utf-8")
    assert code in {each.code for each in _found(folder)}


def test_words_about_a_phrase_are_held_to_what_their_own_language_never_says(folder: Path) -> None:
    (folder / "editorial" / f"{LOCALE}.yaml").write_text("never_says: [ánimo]\n", encoding="utf-8")
    _break(folder, "A polite way to end.", "Un final cortés. ¡Ánimo!", f"phrases/{LOCALE}.yaml")
    found = [each for each in _found(folder) if each.code is Code.BANNED_PHRASE]
    assert [each.path.name for each in found] == [f"{LOCALE}.yaml"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("¡Muy bien hecho", Code.PRAISE),
        ("Vaya!", Code.EXCLAIMS),
        ("¿Quién fue? ¿Y cuándo?", Code.TWO_QUESTIONS),
    ],
)
def test_what_an_editor_would_mark_in_a_translation_is_told(folder: Path, text: str, code: Code) -> None:
    editorial = folder / "editorial" / f"{LOCALE}.yaml"
    editorial.write_text("never_says: []\npraise: [bien hecho]\n", encoding="utf-8")
    _break(folder, "¡Who was it?", text)
    assert [(each.code, each.severity) for each in _found(folder)] == [(code, Severity.WARNING)]


def test_a_label_longer_than_a_phone_shows_is_told(folder: Path) -> None:
    _break(folder, "¡Final round", "¡Final round, which is the last of all")
    assert [each.code for each in _found(folder)] == [Code.LABEL_TOO_LONG]


def test_a_language_not_offered_is_counted_file_by_file_and_spoken_to_nobody(folder: Path) -> None:
    shutil.rmtree(folder / "translations" / LOCALE)
    (folder / "translations" / LOCALE).mkdir()
    _break(folder, "name: Other, offered: yes", "name: Other, offered: no", "languages.yaml")
    found = _found(folder)
    assert {(each.code, each.severity) for each in found} == {(Code.UNTRANSLATED, Severity.WARNING)}
    assert {each.path.stem for each in found} >= {"talk", "anytime", "safety", "welcome"}
    assert _content(folder).script.locales == ("en",)


@pytest.mark.parametrize(("offered", "severity"), [("yes", Severity.ERROR), ("no", Severity.WARNING)])
def test_a_language_without_any_text_is_told_once_a_flow(
    folder: Path, offered: str, severity: Severity
) -> None:
    shutil.rmtree(folder / "translations")
    _break(folder, "name: Other, offered: yes", f"name: Other, offered: {offered}", "languages.yaml")
    found = _found(folder)
    assert {(each.code, each.severity) for each in found} == {(Code.UNTRANSLATED, severity)}
    names = [each.path.stem for each in found]
    assert len(names) == len(set(names)) > 3


def test_an_offered_language_tells_few_missing_texts_each_and_many_in_one_line_a_flow(folder: Path) -> None:
    path = folder / "translations" / LOCALE / "talk.yaml"
    lines = path.read_text(encoding="utf-8").splitlines()
    texts = [n for n, line in enumerate(lines) if line.strip().startswith("choice/")]
    for left_out in (1, FEW, FEW + 1):
        kept = [line for n, line in enumerate(lines) if n not in texts[:left_out]]
        path.write_text("\n".join(kept) + "\n", encoding="utf-8")
        found = [each for each in _found(folder) if each.severity is Severity.ERROR]
        assert {each.code for each in found} == {Code.UNTRANSLATED}
        assert len(found) == (left_out if left_out <= FEW else 1)
    assert f"{FEW + 1} missing (" in found[0].message


def test_what_english_rules_tell_and_an_offered_languages_do_not_is_told_in_a_line_a_section(
    folder: Path,
) -> None:
    path = folder / "understanding" / f"{LOCALE}.yaml"
    path.write_text("lists: {filler: ok}\n", encoding="utf-8")
    found = _found(folder)
    assert {(each.code, each.severity, each.path) for each in found} == {
        (Code.PART_MISSING, Severity.WARNING, path)
    }
    assert any("Under `intents:` no rule in Other tells `intent` `" in each.message for each in found)
    assert len({each.message for each in found}) == len(found)
    _break(folder, "name: Other, offered: yes", "name: Other, offered: no", "languages.yaml")
    assert _found(folder) == []


def test_a_language_being_written_tells_the_first_stale_text_with_its_line(folder: Path) -> None:
    _break(folder, "name: Other, offered: yes", "name: Other, offered: no", "languages.yaml")
    path = folder / "translations" / LOCALE / "talk.yaml"
    lines = path.read_text(encoding="utf-8").splitlines()
    at = next(n for n, line in enumerate(lines) if "¡Final round" in line)
    lines[at] = lines[at].replace('of: "', 'of: "0')
    path.write_text("\n".join(lines), encoding="utf-8")
    (stale,) = _found(folder)
    assert (stale.path, stale.line) == (path, at + 1)
    assert stale.message == "Texts of `talk` to do: 1 older than the English (`stage/choice/final`)."


def test_an_empty_file_says_nothing_yet(folder: Path) -> None:
    """A shell empties it before `onward untranslated xx talk > …` runs, which has to read the content first."""
    (folder / "translations" / LOCALE / "talk.yaml").write_text("", encoding="utf-8")
    assert {each.code for each in _found(folder)} == {Code.UNTRANSLATED}
    assert _content(folder)


def test_what_an_offered_language_lacks_besides_its_texts_is_told(folder: Path) -> None:
    (folder / "editorial" / f"{LOCALE}.yaml").unlink()
    assert [(each.code, each.severity) for each in _found(folder)] == [(Code.PART_MISSING, Severity.ERROR)]


def test_a_folder_that_no_language_names_is_told(folder: Path) -> None:
    (folder / "languages.yaml").write_text("en: {name: English, offered: yes}\n", encoding="utf-8")
    assert [each.code for each in _found(folder)] == [Code.PART_MISSING]


def test_a_file_named_otherwise_than_its_flow_is_told(folder: Path) -> None:
    own = folder / "translations" / LOCALE
    (own / "talk.yaml").rename(own / "talks.yaml")
    assert Code.FLOW_NAME in {each.code for each in _found(folder)}
