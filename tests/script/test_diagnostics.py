"""What the checks of flows, understanding and phrases tell, in all cases; test_explained.py has one a code."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.dialogue.exercises import Exercise
from bot.script.diagnostics import Code, Diagnostic, Severity
from bot.script.engine_steps import BY_ITSELF, COUNTRY_STEPS
from bot.script.load import check_content

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, kw_only=True)
class Break:
    """Replace `old` by `new`; the fault must be told on the line of the `§` (without one: of the file as a whole)."""

    code: Code
    old: str
    new: str
    file: str = "flows/talk.yaml"
    severity: Severity = Severity.ERROR

    def made_in(self, content: Path) -> tuple[Path, int]:
        path = content / self.file
        text = path.read_text(encoding="utf-8")
        assert text.count(self.old) == 1, f"{self.old!r} must stand once in {self.file}"
        before, mark, after = text.replace(self.old, self.new).partition("§")
        path.write_text(before + after, encoding="utf-8")
        return path, before.count("\n") + 1 if mark else 0


LONG = "word. " * 60
NO_WIN = "      choice:\n        none: {label: Nothing today, go: plan, intents: [no]}\n"
BREAKS = {
    "an-open-bracket": Break(
        code=Code.YAML,
        old="one_of: [Ouch., That hurts., I'm sorry.]\n      named:\n",
        new="one_of: [Ouch., That hurts.\n      §named:\n",
    ),
    "bad-indentation": Break(
        code=Code.YAML, old="    say: Who was it?\n    ask:", new="   say: Who was it?\n    §ask:"
    ),
    "a-control-character": Break(code=Code.YAML, old="Who was it?", new="Who \x00§was it?"),
    "an-alias": Break(code=Code.YAML, old="say: Who was it?", new="say: §&who Who was it?\n    again: *who"),
    "a-second-document": Break(
        code=Code.YAML, old="flow: aside", new="a: b\n§---\na: b", file="flows/aside.yaml"
    ),
    "nested-for-ever": Break(code=Code.YAML, old="flow: aside", new="[" * 100_000, file="flows/aside.yaml"),
    "a-step-twice": Break(
        code=Code.DUPLICATE_KEY, old="  win:\n", new="  §slow: {say: Hm., go: win}\n\n  win:\n"
    ),
    "a-choice-twice": Break(
        code=Code.DUPLICATE_KEY,
        old="        shame: {label: Shame}\n",
        new="        shame: {label: Shame}\n        §anger: {label: Rage}\n",
    ),
    "a-key-that-does-not-belong": Break(code=Code.SHAPE, old="  slow:\n", new="  slow:\n    §sya: Hm.\n"),
    "a-key-that-does-not-belong-in-a-step-named-listen": Break(
        code=Code.SHAPE, old="    keep_as: talk.words\n", new="    §keep-as: talk.words\n"
    ),
    "a-line-that-says-nothing": Break(
        code=Code.SHAPE,
        old="      ouch:\n        one_of: [Ouch., That hurts., I'm sorry.]\n",
        new="      §ouch:\n        joined: true\n",
    ),
    "a-line-with-an-unknown-key": Break(
        code=Code.SHAPE, old="        joined: true\n", new="        §joind: true\n"
    ),
    "an-empty-text": Break(code=Code.SHAPE, old="say: Slowly then.", new="§say:"),
    "a-choice-without-a-label": Break(code=Code.SHAPE, old="final: {label: Final round}", new="§final: {}"),
    "a-question-that-asks-nothing": Break(
        code=Code.SHAPE, old="    ask:\n      scale: mood\n", new="    §ask:\n"
    ),
    "a-list-where-a-text-belongs": Break(code=Code.SHAPE, old="save: win.text", new="§save: [win.text]"),
    "an-editorial-file-of-another-shape": Break(
        code=Code.SHAPE, old="never_says:", new="§never_say:", file="editorial/en.yaml"
    ),
    "a-flow-that-is-not-named-as-its-file": Break(
        code=Code.FLOW_NAME, old="flow: wipe", new="§flow: wiped", file="flows/wipe.yaml"
    ),
    "a-target-that-is-nowhere": Break(
        code=Code.UNKNOWN_TARGET, old="      skip: plan\n", new="      §skip: plann\n"
    ),
    "a-special-that-is-none": Break(
        code=Code.UNKNOWN_TARGET, old='go: "@return"', new='§go: "@retrun"', file="flows/aside.yaml"
    ),
    "a-target-in-a-branch": Break(
        code=Code.UNKNOWN_TARGET,
        old="    go:\n      - {if: answer <= 3, to: slow}",
        new="    §go:\n      - {if: answer <= 3, to: slowly}",
    ),
    "a-target-for-an-alarm": Break(
        code=Code.UNKNOWN_TARGET,
        old="on_alarm: safety/still",
        new="on_alarm: §safety/stil",
        file="flows/safety.yaml",
    ),
    "a-name-of-both-a-step-and-a-flow": Break(
        code=Code.UNKNOWN_TARGET,
        old="      skip: plan\n" + NO_WIN + "    save: win.text\n    go: plan\n",
        new="      §skip: aside\n"
        + NO_WIN
        + "    save: win.text\n    go: plan\n\n  aside: {say: Hm., go: plan}\n",
    ),
    "answers-that-lead-nowhere": Break(
        code=Code.NO_WAY_ON,
        old="    ask:\n      choice: {none: {label: Nobody, go: stage, intents: [no]}}\n      text: one\n"
        "      skip: stage\n    save: rejection.company\n    go: stage\n",
        new="    §ask:\n      choice: {none: {label: Nobody, go: stage, intents: [no]}}\n      text: one\n"
        "      skip: stage\n    save: rejection.company\n",
    ),
    "a-step-that-ends-in-the-air": Break(
        code=Code.NO_WAY_ON,
        old="  slow:\n    say: Slowly then.\n    go: win\n",
        new="  §slow:\n    say: Slowly then.\n",
    ),
    "a-question-without-words": Break(
        code=Code.NO_WAY_ON, old="    say: Keep it?\n    ask:", new="    §ask:"
    ),
    "a-step-nobody-comes-to": Break(
        code=Code.UNREACHABLE,
        old="  slow:\n",
        new="§  lost: {say: Hm., go: win}\n\n  slow:\n",
        severity=Severity.WARNING,
    ),
    "a-circle-without-a-question": Break(
        code=Code.ENDLESS,
        old="  slow:\n    say: Slowly then.\n    go: win\n",
        new="  §slow:\n    say: Slowly then.\n    go: slow\n",
    ),
    "an-engine-step-that-is-missing": Break(
        code=Code.MISSING_ENGINE_STEP, old="  noted: {say: Noted.}\n", new="", file="flows/anytime.yaml"
    ),
    "an-engine-line-that-asks": Break(
        code=Code.ENGINE_LINE_ASKS,
        old="  noted: {say: Noted.}\n",
        new="  noted:\n    say: Noted.\n"
        "§    ask: {text: one, typed: rest, skip: rest, choice: {on: {label: On, go: rest}}}\n",
        file="flows/anytime.yaml",
    ),
    "an-engine-line-that-goes-somewhere": Break(
        code=Code.ENGINE_LINE_ASKS,
        old="  noted: {say: Noted.}\n",
        new="  noted:\n    say: Noted.\n§    go: rest\n",
        file="flows/anytime.yaml",
    ),
    "a-question-that-cannot-be-skipped": Break(
        code=Code.NO_WAY_OUT,
        old="    ask:\n      text: one\n      skip: plan\n",
        new="    §ask:\n      text: one\n",
    ),
    "an-overlay-that-keeps-no-place": Break(
        code=Code.MUST_DIGRESS,
        old="digression: true\nstarts_on",
        new="§digression: false\nstarts_on",
        file="flows/safety.yaml",
    ),
    "an-overlay-that-says-nothing-of-it": Break(
        code=Code.MUST_DIGRESS,
        old="flow: anytime\ntitle: where we were\ndigression: true\n",
        new="§flow: anytime\ntitle: where we were\n",
        file="flows/anytime.yaml",
    ),
    "a-save-target-that-is-none": Break(code=Code.UNKNOWN_SAVE, old="save: win.text", new="§save: win.txt"),
    "a-saves-target-that-is-none": Break(
        code=Code.UNKNOWN_SAVE, old="saves: {journal.text:", new="saves: {§jurnal.text:"
    ),
    "a-button-without-words-where-words-are-saved": Break(
        code=Code.WRONG_TYPE,
        old="choice: {none: {label: Nobody, go: stage, intents: [no]}}",
        new="choice: {§none: {label: Nobody, intents: [no]}}",
    ),
    "a-button-without-words-where-words-are-kept": Break(
        code=Code.WRONG_TYPE,
        old=NO_WIN + "    save: win.text\n",
        new=NO_WIN.replace("go: plan, ", "").replace("none:", "§none:") + "    keep_as: talk.named\n",
    ),
    "a-number-saved-from-words": Break(code=Code.WRONG_TYPE, old="save: win.text", new="§save: mood.score"),
    "choices-that-a-target-does-not-know": Break(
        code=Code.WRONG_TYPE, old="save: rejection.stage", new="§save: rejection.outcome"
    ),
    "several-for-a-target-of-one": Break(
        code=Code.WRONG_TYPE, old="save: rejection.feelings", new="§save: rejection.kind"
    ),
    "a-save-without-a-question": Break(
        code=Code.WRONG_TYPE,
        old="    say: Slowly then.\n",
        new="    say: Slowly then.\n    §save: win.text\n",
    ),
    "a-keep-without-a-question": Break(
        code=Code.WRONG_TYPE,
        old="    say: Slowly then.\n",
        new="    say: Slowly then.\n    §keep_as: talk.named\n",
    ),
    "many-words-kept-as-one-text": Break(
        code=Code.WRONG_TYPE, old="keep_as: talk.words", new="§keep_as: talk.named"
    ),
    "several-kept-in-a-variable": Break(
        code=Code.WRONG_TYPE, old="save: rejection.feelings", new="§keep_as: talk.all"
    ),
    "words-kept-as-a-number": Break(code=Code.WRONG_TYPE, old="save: win.text", new="§keep_as: talk.times"),
    "a-variable-set-to-what-it-cannot-hold": Break(
        code=Code.WRONG_TYPE, old="set: {talk.size: short}", new="set: {§talk.size: tall}"
    ),
    "a-choice-that-sets-what-cannot-be": Break(
        code=Code.WRONG_TYPE, old="set: {talk.loud: yes}", new="set: {§talk.times: many}"
    ),
    "a-name-in-a-text": Break(
        code=Code.UNKNOWN_NAME, old="How heavy is it,", new="How heavy is {{ §rejection.it }},"
    ),
    "a-name-in-a-condition": Break(
        code=Code.UNKNOWN_NAME, old="when: rejection.company", new="when: §rejection.firm"
    ),
    "a-name-in-a-branch": Break(code=Code.UNKNOWN_NAME, old="if: answer <= 3", new="if: §anser == 3"),
    "a-variable-to-keep-in": Break(
        code=Code.UNKNOWN_NAME, old="keep_as: talk.words", new="§keep_as: talk.word"
    ),
    "a-variable-to-set": Break(
        code=Code.UNKNOWN_NAME, old="set: {talk.size: short}", new="set: {§talk.sice: short}"
    ),
    "a-record-to-set": Break(
        code=Code.UNKNOWN_NAME, old="set: {talk.size: short}", new="set: {§rejection.stage: final}"
    ),
    "a-variable-a-choice-sets": Break(
        code=Code.UNKNOWN_NAME, old="set: {talk.loud: yes}", new="set: {§talk.lout: yes}"
    ),
    "a-variable-to-forget": Break(
        code=Code.UNKNOWN_NAME, old="forget: [talk.words]", new="forget: [§talk.word]"
    ),
    "a-variable-to-save-from": Break(
        code=Code.UNKNOWN_NAME, old="journal.text: talk.words", new="§journal.text: talk.word"
    ),
    "a-loop": Break(
        code=Code.BAD_TEXT, old="say: Slowly then.", new='say: "§{% for a in heard.feelings %}x{% endfor %}"'
    ),
    "a-call": Break(code=Code.BAD_TEXT, old="say: Slowly then.", new='say: "{{ heard.text.§upper() }}"'),
    "a-sum": Break(code=Code.BAD_TEXT, old="say: Slowly then.", new="say: \"{{ 'a' * §50000000 }}\""),
    "a-filter-that-is-none": Break(
        code=Code.BAD_TEXT, old="say: Slowly then.", new='say: "{{ heard.text | §escape }}"'
    ),
    "braces-left-open": Break(code=Code.BAD_TEXT, old="say: Slowly then.", new='say: "§{{ heard.text"'),
    "a-condition-that-is-none": Break(code=Code.BAD_TEXT, old="if: answer <= 3", new="§if: answer <="),
    "a-condition-of-a-choice": Break(
        code=Code.BAD_TEXT, old='when: talk.size == "short"', new="§when: talk.size =="
    ),
    "a-condition-of-the-words-said-again": Break(
        code=Code.BAD_TEXT,
        old="    again: What now?\n",
        new="    again: {when: §answer <=, text: What now?}\n",
    ),
    "a-value-that-may-be-missing": Break(
        code=Code.MAY_BE_MISSING, old="say: Slowly then.", new='say: "Slowly, {{ §person.name }}."'
    ),
    "a-comparison-of-what-may-be-missing": Break(
        code=Code.MAY_BE_MISSING,
        old='        when: rejection.company\n        joined: true\n        text: "*{{ rejection.company }}* said no."',
        new="        §when: rejection.count > 3\n        joined: true\n        text: Many.",
    ),
    "a-list-printed": Break(
        code=Code.MAY_BE_MISSING, old="say: Slowly then.", new='say: "{{ §heard.feelings }}"'
    ),
    "an-intent-that-is-none": Break(
        code=Code.UNKNOWN_INTENT, old="intents: [rejection]", new="intents: [rejection, §moan]"
    ),
    "a-command-taken": Break(
        code=Code.TAKEN, old="commands: [wipe]", new="§commands: [talk]", file="flows/wipe.yaml"
    ),
    "an-intent-taken": Break(
        code=Code.TAKEN, old="intents: [delete]", new="§intents: [help]", file="flows/wipe.yaml"
    ),
    "a-command-that-is-a-move": Break(
        code=Code.TAKEN, old="commands: [wipe]", new="commands: [wipe, §back]", file="flows/wipe.yaml"
    ),
    "a-variable-saved-where-it-does-not-fit": Break(
        code=Code.WRONG_TYPE,
        old="saves: {journal.text: talk.words}",
        new="saves: {§journal.text: talk.loud}",
    ),
    "values-saved-where-none-of-them-fits": Break(
        code=Code.WRONG_TYPE,
        old="saves: {journal.text: talk.words}",
        new="saves: {§rejection.stage: talk.size}",
    ),
    "an-intent-of-a-choice-that-is-none": Break(
        code=Code.UNKNOWN_INTENT,
        old="leave: {label: Leave it, go: quiet, intents: [no]}",
        new="leave: {label: Leave it, go: quiet, intents: [§nope]}",
    ),
    "a-stage-that-is-none-any-more": Break(
        code=Code.MUST_DIGRESS, old="flow: talk\nstage: vent\n", new="§flow: talk\n"
    ),
    "an-advice-that-is-none": Break(
        code=Code.UNKNOWN_ADVICE, old="advice: [vent-to-trusted]", new="advice: [§vent-to-anyone]"
    ),
    "a-topic-that-is-none": Break(
        code=Code.UNKNOWN_TOPIC,
        old='        when: rejection.company\n        joined: true\n        text: "*{{ rejection.company }}* said no."',
        new="        §when: '\"the-moon\" in heard.topics'\n        joined: true\n        text: Many.",
    ),
    "words-of-a-language-in-a-condition": Break(
        code=Code.WORDS_IN_CONDITION,
        old='        when: rejection.company\n        joined: true\n        text: "*{{ rejection.company }}* said no."',
        new="        §when: '\"called \" in heard.text|lower'\n        joined: true\n        text: Many.",
    ),
    "an-answer-compared-with-words": Break(
        code=Code.WORDS_IN_CONDITION,
        old='        when: rejection.company\n        joined: true\n        text: "*{{ rejection.company }}* said no."',
        new="        §when: 'heard.text == \"nobody\"'\n        joined: true\n        text: Many.",
    ),
    "a-long-bubble": Break(
        code=Code.TOO_LONG, old="say: Slowly then.", new=f"§say: {LONG}", severity=Severity.WARNING
    ),
    "a-long-label": Break(
        code=Code.LABEL_TOO_LONG,
        old="label: Name them",
        new="label: §Name the people who said no to me",
        severity=Severity.WARNING,
    ),
    "four-bubbles": Break(
        code=Code.TOO_MANY_BUBBLES,
        old="    say: Slowly then.\n",
        new="§    say:\n      a: One.\n      b: Two.\n      c: Three.\n      d: Four.\n",
        severity=Severity.WARNING,
    ),
    "a-banned-phrase": Break(code=Code.BANNED_PHRASE, old="say: Slowly then.", new="say: Now, §cheer UP."),
    "an-understanding-rule-of-another-shape": Break(
        code=Code.UNDERSTANDING, old="intents:\n", new="§moods: []\nintents:\n", file="understanding/en.yaml"
    ),
    "an-understanding-example-that-is-missed": Break(
        code=Code.UNDERSTANDING,
        old="match: [i want to die]",
        new="match: [§i am tired]",
        file="understanding/en.yaml",
    ),
    "a-family-of-phrases-nobody-meets": Break(
        code=Code.PHRASES_UNUSED,
        old="families:\n",
        new="families:\n  §dead: {stock: often, words: [Nothing.]}\n",
        file="phrases/en.yaml",
    ),
    "a-phrase-without-an-example": Break(
        code=Code.PHRASES_NO_EXAMPLE,
        old="      - id: luck\n        patterns: [best of luck]\n        match: [Best of luck.]",
        new="      - §id: luck\n        patterns: [best of luck]",
        file="phrases/en.yaml",
    ),
    "an-example-of-two-families": Break(
        code=Code.PHRASES_EXAMPLE,
        old="match: [Best of luck.]",
        new='match: [§"Others were a closer match, best of luck."]',
        file="phrases/en.yaml",
    ),
    "a-phrase-its-own-rule-misses": Break(
        code=Code.UNDERSTANDING,
        old="match: [Best of luck.]",
        new="match: [§Good luck.]",
        file="phrases/en.yaml",
    ),
    "a-family-without-words": Break(
        code=Code.PHRASES_NO_WORDS,
        old="  wishes:\n    stock: nearly-always\n    words: [A polite way to end.]\n",
        new="  §wishes:\n    stock: nearly-always\n",
        file="phrases/en.yaml",
    ),
    "a-banned-phrase-about-a-phrase": Break(
        code=Code.BANNED_PHRASE,
        old="words: [A polite way to end.]",
        new="words: [§Cheer up.]",
        file="phrases/en.yaml",
    ),
    "an-unknown-name-in-words-about-a-phrase": Break(
        code=Code.UNKNOWN_NAME,
        old="words: [A polite way to end.]",
        new='words: [§"{{ rejection.company }} is polite."]',
        file="phrases/en.yaml",
    ),
}


def test_a_family_that_english_lacks_is_told(content: Path) -> None:
    other = content / "phrases" / "es.yaml"
    other.write_text('families:\n  adios: {stock: often, words: ["Nada."]}\n', encoding="utf-8")
    found = check_content(content)[1]
    assert ("PHRASES_UNKNOWN", "es.yaml", 2) in {(d.code.name, d.path.name, d.line) for d in found}


def told(found: tuple[Diagnostic, ...]) -> list[tuple[str, str, int, str]]:
    return [(d.code.name, d.path.name, d.line, d.severity.value) for d in found]


def test_content_that_is_right_has_no_findings(content: Path) -> None:
    loaded, found = check_content(content, thoroughly=True)
    assert loaded is not None
    assert found == ()


@pytest.mark.parametrize("case", BREAKS.values(), ids=BREAKS)
def test_a_fault_is_told_once_at_its_line(case: Break, content: Path) -> None:
    path, line = case.made_in(content)
    loaded, found = check_content(content, thoroughly=True)
    assert told(found) == [(case.code.name, path.name, line, case.severity.value)]
    assert (loaded is None) is (case.severity is Severity.ERROR)
    assert found[0].message.endswith(".")
    assert found[0].remedy.endswith((".", "`"))


def test_codes_are_told_apart_by_number() -> None:
    assert len({code.value for code in Code}) == len(Code)


def test_an_exercise_whose_name_for_people_is_missing_is_told(content: Path) -> None:
    path = content / "flows" / "told.yaml"
    named = [f"  v-{each}: {each}" for each in list(Exercise)[:-1]]
    lines = ["flow: told", "starts_on: {commands: [told]}", "digression: true", "labels:", *named]
    path.write_text("\n".join([*lines, "steps:", '  begin: {go: "@end"}']) + "\n", encoding="utf-8")
    (only,) = check_content(content)[1]
    assert (only.code, only.line) == (Code.EXERCISE_FORGOTTEN, 4)
    assert f"`v-{list(Exercise)[-1]}`" in only.message


def test_every_step_the_engine_names_is_one_that_content_must_have() -> None:
    flows = "|".join(path.stem for path in (ROOT / "content" / "flows").glob("*.yaml"))
    named = re.compile(rf'"((?:{flows})/[a-z-]+)"')
    code = [path.read_text(encoding="utf-8") for path in (ROOT / "bot" / "dialogue").rglob("*.py")]
    places = {place for text in code for place in named.findall(text)}
    assert {"welcome/hello", "settings/country-heard", "check-ins/due", "safety/in-their-tongue"} <= places
    assert places <= {*BY_ITSELF, *COUNTRY_STEPS}


def test_a_country_named_in_passing_needs_a_step_where_lines_with_people_are_known(whole: Path) -> None:
    path = whole / "understanding" / "en.yaml"
    lives = "topics:\n  - {id: lives-in, topic: lives-in, match: [i live in], patterns: [i live in]}\n"
    path.write_text(path.read_text(encoding="utf-8") + lives, encoding="utf-8")
    found = check_content(whole)[1]
    assert {each.code for each in found} == {Code.MISSING_ENGINE_STEP}
    assert {each.message.split("`")[1] for each in found} == set(COUNTRY_STEPS)
    (whole / "helplines.yaml").unlink()
    assert Code.MISSING_ENGINE_STEP not in {each.code for each in check_content(whole)[1]}


def test_what_the_engine_keeps_in_a_flow_must_be_declared_there(content: Path) -> None:
    path = content / "flows" / "letters.yaml"
    text = "flow: letters\ndigression: true\nstarts_on: {commands: [letters]}\nvariables: {words: text, sort: text}\n"
    path.write_text(text + 'steps: {door: {go: "@end"}}\n', encoding="utf-8")
    (only,) = check_content(content)[1]
    assert (only.code, only.line) == (Code.UNKNOWN_NAME, 4)
    assert "`field`" in only.message
