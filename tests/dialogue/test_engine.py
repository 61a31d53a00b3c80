"""The engine on the small script, with readings made by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.dialogue.effects import (
    CloseButtons,
    CountRisk,
    Edit,
    Effect,
    EraseEverything,
    ForgetMessages,
    Record,
    SaveTo,
    Say,
    WithdrawUnsent,
)
from bot.dialogue.engine import advance
from bot.dialogue.events import (
    Blocked,
    Chose,
    Commanded,
    Flooded,
    Grouped,
    Returned,
    Shared,
    SharedKind,
    Started,
    TurnFailed,
    Wrote,
)
from bot.dialogue.facts import Facts
from bot.dialogue.heard import Heard, HeardKind, as_event
from bot.dialogue.reading import NOTHING_READ, Feeling, Intent, Outcome, Reading, RejectionRead, Risk
from bot.dialogue.session import Frame
from bot.script.load import Content
from bot.script.rehearsal import Rehearsal

AT = datetime(2026, 3, 2, 18, 10, tzinfo=UTC)
CRISIS = Reading(risk=Risk.CRISIS)
HOPELESS = Reading(risk=Risk.DISTRESS)
REJECTED = Reading(
    intents=(Intent.REJECTION,), rejection=RejectionRead(company="Acme", outcome=Outcome.REJECTED)
)
GATE = "I take that seriously. Are you thinking of ending your life?"


class Chat(Rehearsal):
    """A conversation whose readings are given by the test."""

    def __init__(self, content: Content) -> None:
        super().__init__(content, now=AT)
        self.script = content.script

    def says(self, text: str, reading: Reading = NOTHING_READ, *, edited: bool = False) -> list[str]:
        return bubbles(self.happen(Wrote(at=self.now, text=text, reading=reading, edited=edited)))

    def wants(self, intent: Intent) -> list[str]:
        return self.says(intent.value, Reading(intents=(intent,), control=intent))

    def taps(self, label: str) -> list[str]:
        return bubbles(self.tap(label))

    def commands(self, command: str, argument: str = "", reading: Reading = NOTHING_READ) -> list[str]:
        return bubbles(
            self.happen(Commanded(at=self.now, command=command, argument=argument, reading=reading))
        )

    def shares(self, kind: SharedKind, reading: Reading = NOTHING_READ) -> list[str]:
        return bubbles(self.happen(Shared(at=self.now, kind=kind, text="", reading=reading)))

    @property
    def places(self) -> list[str]:
        return [frame.place for frame in self.session.stack]

    @property
    def silent(self) -> bool:
        return self.turns[-1].silent


def bubbles(effects: tuple[Effect, ...]) -> list[str]:
    return [effect.message.text.plain for effect in effects if isinstance(effect, Say)]


@pytest.fixture
def chat(small: Content) -> Chat:
    chat = Chat(small)
    chat.says("they said no", REJECTED)
    assert chat.places == ["talk/start"]
    return chat


def at_company(chat: Chat) -> Chat:
    chat.taps("Name them")
    return chat


def at_stage(chat: Chat) -> Chat:
    at_company(chat).says("Globex")
    return chat


def at_feelings(chat: Chat) -> Chat:
    at_stage(chat).taps("Interview")
    return chat


def at_mood(chat: Chat) -> Chat:
    at_feelings(chat).taps("That's it")
    return chat


def listening(chat: Chat) -> Chat:
    chat.taps("Say it")
    return chat


def in_an_aside(chat: Chat) -> Chat:
    chat.commands("aside")
    return chat


def paused(chat: Chat) -> Chat:
    chat.commands("pause")
    return chat


def at_rest(chat: Chat) -> Chat:
    chat.taps("Leave it")
    return chat


STATES = {
    "choices": lambda chat: chat,
    "one-text": at_company,
    "several": at_feelings,
    "a-scale": at_mood,
    "listening": listening,
    "a-digression": in_an_aside,
    "paused": paused,
    "at-rest": at_rest,
}
WAYS = {
    "a-text": lambda chat: chat.says("i want to die", CRISIS),
    "an-edit": lambda chat: chat.says("i want to die", CRISIS, edited=True),
    "a-command": lambda chat: chat.commands("aside", "i want to die", CRISIS),
    "an-unknown-command": lambda chat: chat.commands("nonsense", "i want to die", CRISIS),
    "a-forward": lambda chat: chat.shares(SharedKind.FORWARD, CRISIS),
    "a-very-long-text": lambda chat: chat.says("so " * 40_000, CRISIS),
    "a-wish-besides": lambda chat: chat.says("stop", replace(CRISIS, intents=(Intent.HELP,), control=None)),
}


@pytest.mark.parametrize("say", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("bring", STATES.values(), ids=STATES)
def test_the_gate_comes_first_in_every_place(chat: Chat, bring, say) -> None:
    bring(chat)
    assert say(chat) == [GATE]
    assert chat.places[-1] == "safety/gate"
    effects = chat.turns[-1].effects
    assert CountRisk(level="crisis", about="self") in effects
    assert WithdrawUnsent() in effects
    assert chat.session.undo == ()


def test_the_gate_comes_first_of_all_to_someone_new(small: Content) -> None:
    chat = Chat(small)
    assert chat.says("i want to die", CRISIS) == [GATE]
    assert chat.session.met


def test_after_the_gate_the_place_is_kept(chat: Chat) -> None:
    at_company(chat).says("i want to die", CRISIS)
    assert chat.taps("No") == ["Good.", "Who was it?"]
    assert chat.places == ["talk/company"]


@pytest.mark.parametrize(
    "text", ["/start i want to die", "/die i want to die", "/i want to die", "/i\nwant to die"]
)
def test_a_command_is_read_whole_for_danger(small: Content, text: str) -> None:
    event = as_event(
        Heard(kind=HeardKind.TEXT, text=text),
        AT,
        lambda said: CRISIS if "i want to die" in said.replace("\n", " ") else NOTHING_READ,
    )
    turn = advance(small.script, Chat(small).session, event, Facts())
    assert bubbles(turn.effects) == [GATE]


ANSWERS = {"plainly": (CRISIS, "safety/lines"), "ambiguously": (Reading(risk=Risk.CHECK), "safety/still")}


@pytest.mark.parametrize(("reading", "place"), ANSWERS.values(), ids=ANSWERS)
def test_danger_at_the_open_question_is_a_yes_or_goes_where_the_step_says(
    chat: Chat, reading: Reading, place: str
) -> None:
    chat.says("i want to die", CRISIS)
    chat.says("i will do it tonight", reading)
    assert chat.places == ["talk/start", place]


def test_an_aside_does_not_push_the_gate_away(chat: Chat) -> None:
    paused(chat).says("i want to die", CRISIS)
    chat.taps("Yes")
    for _ in range(2):
        chat.says("bread")
    assert "safety/lines" in chat.places


def test_a_command_does_not_leave_the_gate(chat: Chat) -> None:
    chat.says("i want to die", CRISIS)
    chat.commands("talk")
    assert "safety/gate" in chat.places


def test_back_lets_a_later_answer_replace_the_earlier(chat: Chat) -> None:
    at_company(chat).says("Globex")
    assert chat.wants(Intent.BACK) == ["Who was it?"]
    chat.says("Initech")
    rejections = [fields for (record, _), fields in chat.records.items() if record is Record.REJECTION]
    assert [fields["company"] for fields in rejections] == ["Initech"]


def test_back_takes_a_record_of_its_own_away(chat: Chat) -> None:
    at_mood(chat).says("5")
    chat.says("I tried")
    assert [record for record, _ in chat.records if record is Record.WIN] == [Record.WIN]
    assert chat.commands("back") == ["Something good?"]
    assert [record for record, _ in chat.records if record in (Record.WIN, Record.PLAN)] == []


def test_back_has_an_end(chat: Chat) -> None:
    for _ in range(3):
        chat.commands("back")
    assert "Nothing to go back to." in bubbles(chat.turns[-1].effects)


def test_what_was_let_go_cannot_be_brought_back(chat: Chat) -> None:
    listening(chat).says("they lied to me")
    chat.taps("Done")
    chat.taps("Let go")
    effects = chat.turns[-1].effects
    assert ForgetMessages(since=AT) in effects
    assert "they lied to me" not in str(chat.session)
    assert chat.commands("back")[0] == "Nothing to go back to."


def test_back_after_a_fresh_start_writes_to_the_same_rejection_again(chat: Chat) -> None:
    at_company(chat)
    before = dict(chat.session.refs)
    chat.commands("restart")
    chat.commands("back")
    assert dict(chat.session.refs) == before


def test_skip_goes_on_without_an_answer(chat: Chat) -> None:
    assert at_company(chat).wants(Intent.SKIP) == ["How far did you get at Acme?"]


def test_repeat_asks_again_in_other_words(chat: Chat) -> None:
    assert chat.wants(Intent.REPEAT) == ["What now?"]


def test_pause_keeps_the_place(chat: Chat) -> None:
    assert at_company(chat).wants(Intent.PAUSE) == ["Paused."]
    assert chat.taps("Carry on") == ["Good.", "Who was it?"]


def test_cancel_leaves_a_digression_for_what_is_under_it(chat: Chat) -> None:
    assert in_an_aside(chat).commands("cancel") == ["Carry on with the talk?"]
    assert chat.places == ["talk/start", "anytime/carry-on"]


def test_cancel_leaves_everything_where_nothing_is_under_it(chat: Chat) -> None:
    assert chat.commands("cancel") == ["We leave that."]
    assert chat.places == []


def test_a_fresh_start_forgets_the_rejection_at_hand(chat: Chat) -> None:
    assert chat.commands("restart")[0] == "A clean page."
    assert chat.session.variables.get("rejection.company") is None


def test_a_digression_returns_and_names_the_place(chat: Chat) -> None:
    in_an_aside(chat)
    assert chat.taps("That's all") == ["Well then.", "Carry on with the talk?"]
    assert chat.says("yes", Reading(control=Intent.YES))[-1] == "What now?"


def test_a_digression_may_return_at_once(chat: Chat) -> None:
    in_an_aside(chat)
    assert chat.taps("Straight back") == ["Good.", "What now?"]


def test_a_wish_in_words_is_a_digression_too(chat: Chat) -> None:
    assert chat.says("how does this work", Reading(intents=(Intent.HELP,))) == ["An aside."]
    assert chat.places == ["talk/start", "aside/ask"]


def test_what_they_write_after_hours_is_kept_and_is_the_answer_if_they_carry_on(chat: Chat) -> None:
    at_company(chat).wait(timedelta(hours=9))
    assert chat.says("Initech") == ["Hello again. Carry on with the talk?"]
    assert chat.taps("Carry on")[-1] == "How far did you get at Initech?"


def test_words_kept_on_coming_back_answer_no_later_question(chat: Chat) -> None:
    at_company(chat).wait(timedelta(hours=9))
    chat.says("Initech")
    chat.commands("aside")
    chat.commands("talk")
    at_company(chat)
    chat.commands("pause")
    assert chat.taps("Carry on")[-1] == "Who was it?"


def test_done_after_hours_ends_the_listening(chat: Chat) -> None:
    listening(chat).says("they lied")
    chat.wait(timedelta(hours=9))
    assert chat.says("finished") == ["Keep it?"]


def test_soon_after_there_is_no_asking_whether_to_carry_on(chat: Chat) -> None:
    at_company(chat).wait(timedelta(hours=7, minutes=59))
    assert chat.says("Initech") == ["How far did you get at Initech?"]


def test_a_double_tap_is_answered_once(chat: Chat) -> None:
    data = chat.buttons[0].data
    chat.happen(Chose(at=chat.now, data=data))
    assert bubbles(chat.happen(Chose(at=chat.now, data=data))) == []
    assert chat.silent


TAPS = {
    "empty": "",
    "words": "hello",
    "another-session": "1|other|1|listen",
    "another-version": "2|rehearse|1|listen",
    "no-such-choice": "1|rehearse|{visit}|nonsense",
    "an-earlier-visit": "1|rehearse|0|listen",
    "a-strange-number": "1|rehearse|²|listen",
    "too-many-parts": "1|rehearse|{visit}|listen|x",
}


@pytest.mark.parametrize("data", TAPS.values(), ids=TAPS)
def test_old_and_forged_taps_are_told_and_the_question_stands(chat: Chat, data: str) -> None:
    tapped = Chose(at=AT, data=data.format(visit=chat.session.stack[-1].visit))
    assert bubbles(chat.happen(tapped)) == ["That button is old.", "What now?"]
    assert chat.places == ["talk/start"]


def test_a_button_that_was_shown_counts_though_its_condition_holds_no_more(chat: Chat) -> None:
    chat.session = replace(chat.session, variables={**chat.session.variables, "talk.size": "long"})
    tapped = Chose(at=AT, data=f"1|rehearse|{chat.session.stack[-1].visit}|loud")
    assert bubbles(chat.happen(tapped)) == ["Go on. I won't interrupt."]


def test_what_was_chosen_takes_the_place_of_the_buttons(chat: Chat) -> None:
    key = chat.session.buttons
    chat.taps("Name them")
    assert CloseButtons(key=key, chosen="Name them") in chat.turns[-1].effects


def test_the_unclear_is_met_twice_and_never_a_third_time(chat: Chat) -> None:
    first, second, third = (chat.says("bread") for _ in range(3))
    assert first == ["I didn't follow.", "What now?"]
    assert second == ["I may not be able to help with that."]
    assert third == ["Paused."]
    assert chat.places[0] == "talk/start"


def test_the_unclear_after_that_is_not_answered_in_the_same_words_for_ever(chat: Chat) -> None:
    said = [tuple(chat.says("bread")) for _ in range(6)]
    assert len(set(said[3:])) > 1


@pytest.mark.parametrize("mood", [0, 1])
def test_a_low_mood_is_met_softly_and_then_the_way_goes_on(chat: Chat, mood: int) -> None:
    at_mood(chat)
    assert chat.says(str(mood)) == ["That's very low. Softly."]
    assert CountRisk(level="distress", about="self") in chat.turns[-1].effects
    assert chat.taps("Carry on") == ["Good.", "Slowly then.", "Something good?"]


def test_a_mood_of_two_is_low_the_third_time_running(chat: Chat) -> None:
    chat.session = replace(chat.session, variables={**chat.session.variables, "seen.low_moods": 2})
    assert at_mood(chat).says("2") == ["That's very low. Softly."]


def test_hopelessness_in_passing_is_met_once(chat: Chat) -> None:
    assert chat.says("what is the point", HOPELESS) == ["That's very low. Softly."]
    chat.taps("Carry on")
    assert chat.says("what is the point", HOPELESS)[0] == "I didn't follow."


def test_several_can_be_ticked_and_unticked(chat: Chat) -> None:
    at_feelings(chat)
    for label, marks in (("Anger", "✓ Anger"), ("Shame", "✓ Shame"), ("Anger", "Anger")):
        chat.tap(label)
        edits = [effect for effect in chat.turns[-1].effects if isinstance(effect, Edit)]
        assert marks in [button.label for row in edits[0].message.rows for button in row]
    chat.taps("That's it")
    assert [e.value for e in chat.turns[-1].effects if isinstance(e, SaveTo)] == [("shame",)]


def test_ending_without_a_tick_saves_nothing(chat: Chat) -> None:
    at_feelings(chat).taps("That's it")
    assert [e for e in chat.turns[-1].effects if isinstance(e, SaveTo)] == []


def test_feelings_read_in_words_count_as_ticks(chat: Chat) -> None:
    at_feelings(chat).says("furious and sad", Reading(feelings=(Feeling.ANGER, Feeling.SADNESS)))
    assert [e.value for e in chat.turns[-1].effects if isinstance(e, SaveTo)] == [("anger", "sadness")]


def test_the_wording_heard_longest_ago_is_said(small: Content) -> None:
    chat = Chat(small)
    chat.says("no", Reading(intents=(Intent.REJECTION,)))
    heard = [bubbles(chat.turns[-1].effects)[1]]
    heard += [chat.commands("talk")[0] for _ in range(5)]
    assert heard == ["Ouch.", "That hurts.", "I'm sorry."] * 2


def test_listening_is_silent_and_keeps_every_word(chat: Chat) -> None:
    listening(chat)
    for words in ("they lied", "help me", "and then silence"):
        assert chat.says(words) == []
        assert chat.silent
    assert chat.session.variables["talk.words"] == ("they lied", "help me", "and then silence")


def test_listening_says_when_it_is_full(chat: Chat) -> None:
    listening(chat).says("a" * 15_000)
    assert chat.says("b" * 6_000) == ["That was long."]


def test_a_very_long_text_is_cut_and_told(chat: Chat) -> None:
    assert at_company(chat).says("a" * 100_000)[0] == "That was long."
    assert len(str(chat.session)) < 20_000


def test_an_unknown_command_is_told_and_the_question_stands(chat: Chat) -> None:
    assert chat.commands("nonsense") == ["I don't know that command.", "What now?"]


@pytest.mark.parametrize("kind", SharedKind)
def test_what_is_no_text_has_a_line_of_its_own(chat: Chat, kind: SharedKind) -> None:
    line, question = chat.shares(kind)
    step = chat.script.steps[f"anytime/{'something' if kind is SharedKind.OTHER else kind}"]
    assert line == step.say[0].cases[0].variants["en"][0].source
    assert question == "What now?"


def test_a_block_is_silent_and_the_return_is_greeted_with_their_next_words(chat: Chat) -> None:
    chat.happen(Blocked(at=AT))
    assert chat.silent
    assert WithdrawUnsent() in chat.turns[-1].effects
    chat.happen(Returned(at=AT))
    assert chat.silent
    assert chat.wants(Intent.REPEAT) == ["You let me back in.", "What now?"]


def test_a_group_is_told_once(small: Content) -> None:
    chat = Chat(small)
    assert bubbles(chat.happen(Grouped(at=AT))) == ["I talk in private only."]
    assert bubbles(chat.happen(Grouped(at=AT))) == []
    assert chat.silent


def test_a_message_that_failed_is_owned_up_to(chat: Chat) -> None:
    assert bubbles(chat.happen(TurnFailed(at=AT))) == ["I could not handle that.", "What now?"]


def test_a_flood_is_answered_by_one_line_a_minute(chat: Chat) -> None:
    assert bubbles(chat.happen(Flooded(at=AT))) == ["That was much.", "What now?"]
    assert bubbles(chat.happen(Flooded(at=AT + timedelta(seconds=59)))) == []
    assert chat.silent
    assert bubbles(chat.happen(Flooded(at=AT + timedelta(seconds=60)))) == ["That was much.", "What now?"]


def test_start_greets_and_later_greets_again(small: Content) -> None:
    chat = Chat(small)
    assert bubbles(chat.happen(Started(at=AT))) == ["Hello.", "What happened?"]
    assert bubbles(chat.happen(Started(at=AT)))[0] == "Hello again."


def test_erasing_leaves_one_line(chat: Chat) -> None:
    chat.commands("wipe")
    assert chat.taps("Delete all") == []
    last = [effect.last for effect in chat.turns[-1].effects if isinstance(effect, EraseEverything)]
    assert [message.text.plain for message in last] == ["Everything is gone."]


def test_a_place_that_is_gone_gives_way_to_its_flow(chat: Chat, small: Content) -> None:
    chat.session = replace(chat.session, stack=(Frame(flow="talk", step="removed", visit=3, since=AT),))
    assert chat.wants(Intent.REPEAT) == ["That hurts.", "What shall we do?"]
    assert chat.places == ["talk/start"]


def test_a_flow_that_is_gone_leaves_the_conversation_at_rest(chat: Chat) -> None:
    chat.session = replace(chat.session, stack=(Frame(flow="removed", step="x", visit=3, since=AT),))
    assert chat.says("bread") == ["What would be good?"]


def test_back_into_a_place_that_is_gone_is_answered(chat: Chat) -> None:
    at_company(chat)
    gone = tuple(
        replace(u, stack=(Frame(flow="talk", step="removed", visit=3, since=AT),)) for u in chat.session.undo
    )
    chat.session = replace(chat.session, undo=gone)
    assert chat.commands("back") != []


def test_an_edit_at_rest_begins_no_rejection(small: Content) -> None:
    chat = Chat(small)
    chat.happen(Started(at=AT))
    chat.taps("All fine")
    chat.says("i like Acme", Reading(rejection=RejectionRead(company="Acme")), edited=True)
    assert chat.records == {}
