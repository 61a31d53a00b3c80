"""What follows a danger signal, played on the real content: the look-in, asking once more, the follow-ups, again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache

import pytest

from bot.dialogue.check_ins import CheckIn
from bot.dialogue.effects import Effect, Say, WithdrawUnsent
from bot.dialogue.events import Blocked, CheckInDue, Expired
from bot.dialogue.flow import DAY_SEVEN, NEXT_DAY
from bot.dialogue.missed import Kind
from bot.dialogue.schedule import Daily, Once, Rule
from bot.script.load import Content
from bot.script.rehearsal import Rehearsal, shown
from bot.store.codec import dump_session, load_session
from tests.real_content import real_content

EVENING = datetime(2026, 3, 2, 18, 10, tzinfo=UTC)
NIGHT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
CRISIS, CHECK = "i want to kill myself", "no again. number 40. whats the point"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@cache
def content() -> Content:
    return real_content()


class Chat(Rehearsal):
    """A rehearsal whose session is stored and read again before every turn."""

    def __init__(self, now: datetime = EVENING, zone: str | None = "UTC") -> None:
        super().__init__(content(), now=now, zone=zone)

    def happen(self, event: object) -> tuple[Effect, ...]:
        self.session = load_session(dump_session(self.session))
        return super().happen(event)  # type: ignore[arg-type]

    def says(self, text: str) -> str:
        effects = self.tap(text[1:-1]) if text.startswith("[") else self.write(text)
        self.now += timedelta(seconds=5)
        return "\n".join(shown(effects))

    def each(self, *texts: str) -> str:
        return [self.says(text) for text in texts][-1]

    def later(self, span: timedelta) -> list[str]:
        came = [("\n".join(shown(effects)), at) for at, effects in self.wait(span)]
        return [said for said, _ in came if said]

    @property
    def place(self) -> str:
        return self.session.stack[-1].place if self.session.stack else ""

    def promise(self, key: str, kind: Kind, due: datetime, rule: Rule | None = None, words: str = "") -> None:
        rule = rule or Once(on=due.date(), at=due.time())
        each = CheckIn(key=key, kind=kind, rule=rule, zone="UTC", day=due.date(), due=due, words=words)
        self.check_ins[key] = each

    @property
    def labels(self) -> list[str]:
        return [button.label for button in self.buttons]


def unsafe(chat: Chat) -> None:
    """Through a yes to the leave to ask."""
    chat.each(
        "hi", CRISIS, "yes", "[I'm reaching someone]", "[Someone knows now]", "[Rest now]", "[Yes, ask me]"
    )


# ---- No answer


@pytest.mark.parametrize("start", [EVENING, NIGHT], ids=["evening", "in-quiet-hours"])
def test_one_look_in_comes_fifteen_minutes_after_the_question_whatever_the_hour(start: datetime) -> None:
    chat = Chat(start)
    asked = chat.says(CRISIS)
    assert "look in once, in 15 minutes" in asked
    assert chat.later(14 * MINUTE) == []
    [said] = chat.later(MINUTE)
    assert "ending your life" in said
    assert "112 or 911" in said
    assert said.startswith("Onward: I'm looking in")
    assert chat.later(3 * DAY) == []


def test_the_look_in_is_one_message_that_goes_stale() -> None:
    chat = Chat()
    chat.says(CRISIS)
    [(at, effects)] = chat.wait(20 * MINUTE)
    [said] = [each for each in effects if isinstance(each, Say)]
    assert said.valid_until is not None
    assert timedelta(0) < said.valid_until - at <= HOUR


@pytest.mark.parametrize(
    "answer", ["yes", "no", "not sure", "[It's someone else]", "[I've already done something]"]
)
def test_who_has_answered_is_not_looked_in_on(answer: str) -> None:
    chat = Chat()
    chat.each(CRISIS, answer)
    assert "safety.look_in" not in chat.check_ins
    assert not [said for said in chat.later(2 * HOUR) if "looking in" in said]


def test_a_refused_look_in_does_not_come_and_the_question_stays_open() -> None:
    chat = Chat()
    said = chat.each(CRISIS, "[Don't look in]")
    assert "112 or 911" in said
    assert chat.later(3 * HOUR) == []
    chat.each("/privacy", "[That's all]")
    assert chat.place == "safety/unwatched"
    assert "look in" not in chat.says(CRISIS + " now")


def test_words_that_answer_nothing_keep_the_question_and_put_the_look_in_off() -> None:
    chat = Chat()
    chat.says(CRISIS)
    chat.later(10 * MINUTE)
    again = chat.says("i dont know why i write this")
    assert "ending your life" in again
    assert chat.later(10 * MINUTE) == []
    assert len(chat.later(6 * MINUTE)) == 1


def test_who_is_busy_elsewhere_in_the_chat_is_looked_in_on_only_after_a_quiet_while() -> None:
    chat = Chat()
    chat.says(CRISIS)
    chat.later(10 * MINUTE)
    chat.says("/privacy")
    assert chat.later(14 * MINUTE) == []
    assert len(chat.later(2 * MINUTE)) == 1


@pytest.mark.parametrize(("late", "comes"), [(59 * MINUTE, True), (60 * MINUTE, False), (DAY, False)])
def test_a_look_in_the_process_slept_through_comes_within_the_hour_or_not_at_all(
    late: timedelta, comes: bool
) -> None:
    chat = Chat()
    chat.says(CRISIS)
    due = chat.check_ins.pop("safety.look_in")
    effects = chat.happen(CheckInDue(at=due.due + late, check_in=due))
    assert bool(shown(effects)) is comes
    assert chat.place == ("safety/look-in" if comes else "safety/ask")


def test_one_that_could_not_be_sent_leaves_the_question_open() -> None:
    chat = Chat()
    chat.says(CRISIS)
    chat.later(15 * MINUTE)
    chat.happen(Expired(at=chat.now + HOUR, key="2.0"))
    chat.now += 2 * HOUR
    assert "ending your life" in chat.says("/start")


def test_nobody_who_blocked_the_bot_is_looked_in_on() -> None:
    chat = Chat()
    chat.says(CRISIS)
    chat.happen(Blocked(at=chat.now))
    assert chat.check_ins == {}


@pytest.mark.parametrize(
    "wish", ["/start", "hi", "thanks", "/cancel", "/restart", "start over", "/pause", "/vent"]
)
def test_the_open_question_leads_the_next_reply(wish: str) -> None:
    chat = Chat()
    chat.says(CRISIS)
    chat.later(9 * HOUR)
    said = chat.says(wish)
    assert chat.place.startswith(("safety/", "anytime/paused"))
    assert "112 or 911" in said or wish == "/pause"
    assert "answer" in said or "ending your life" in said or wish == "/pause"


# ---- No


def test_a_no_is_believed_and_leads_back_to_the_place_kept() -> None:
    chat = Chat()
    chat.each("rejected by Initech after the interview", "say it", CRISIS)
    assert "I believe you" in chat.says("no")
    chat.says("[Back to where we were]")
    assert chat.place == "vent/listen"


def test_it_is_asked_once_more_on_the_way_to_something_and_then_never() -> None:
    chat = Chat()
    chat.each("rejected by Initech after the interview", CRISIS, "no", "[Leave it]", "[Leave it]")
    assert chat.later(2 * DAY) == []
    chat.says("/start")
    asked = chat.says("[Look back at it]")
    assert "ending your life" in asked or "thoughts of it" in asked
    assert "findahelpline.com" in asked
    after = chat.says("no")
    assert chat.place.startswith("reflect/")
    assert "I believe you" in after
    for _ in range(12):
        assert "ending your life" not in chat.each("/start", "[Look back at it]")
        chat.later(DAY)


def test_it_is_not_asked_again_within_the_hour_nor_into_a_vent() -> None:
    chat = Chat()
    chat.each("rejected by Initech after the interview", CRISIS, "no", "[Back to where we were]")
    assert "thoughts of it" not in chat.says("[Say it]")
    chat.now += 2 * HOUR
    chat.says("[Done]")
    assert chat.place == "vent/landing"


def test_a_new_signal_after_the_second_no_is_met_like_any() -> None:
    chat = Chat()
    chat.each("rejected by Initech after the interview", CRISIS, "no", "[Leave it]", "[Leave it]")
    chat.now += DAY
    chat.each("/start", "[Look back at it]", "no")
    assert "What has changed since?" in chat.says(CRISIS)


def test_the_words_for_asking_once_more_answer_in_every_way() -> None:
    for answer, place in (("yes", "safety/yes"), ("not sure", "safety/not-sure"), (CRISIS, "safety/")):
        chat = Chat()
        chat.each("rejected by Initech after the interview", CRISIS, "no", "[Leave it]", "[Leave it]")
        chat.now += DAY
        chat.each("/start", "[Look back at it]", answer)
        assert chat.place.startswith(place)


@pytest.mark.parametrize("word", ["ok", "k", "Okay.", "hm", "hmm", "fine", "lol", "sure"])
def test_an_ok_is_no_yes_and_the_no_after_it_is_a_no(word: str) -> None:
    chat = Chat()
    chat.says(CRISIS)
    for _ in range(3):
        asked = chat.says(word)
        assert "Are you thinking of ending your life?" in asked
        assert "findahelpline.com" in asked
    assert chat.place == "safety/unclear"
    assert "I believe you" in chat.says("No")


@pytest.mark.parametrize(
    "asks", ["ask", "asked-again", "still", "unanswered", "unclear", "past", "again", "changed", "third"]
)
def test_no_direct_question_takes_an_ok_for_a_yes(asks: str) -> None:
    step = content().script.steps[f"safety/{asks}"]
    assert step.ask is not None
    assert step.ask.plainly


def test_an_ok_to_a_follow_up_or_the_second_asking_is_asked_plainly_once() -> None:
    chat = Chat()
    unsafe(chat)
    chat.later(DAY)
    assert "Are there thoughts of ending your life today?" in chat.says("ok")
    assert "I'm glad you answered" in chat.says("no")
    chat = Chat()
    chat.each("rejected by Initech after the interview", CRISIS, "no", "[Leave it]", "[Leave it]")
    chat.now += DAY
    chat.each("/start", "[Look back at it]")
    assert "Are there thoughts of ending your life now?" in chat.says("ok")
    assert "I believe you" in chat.says("no")


def test_a_wish_the_next_day_is_followed_after_the_second_asking() -> None:
    chat = Chat()
    chat.each("rejected by Initech after the interview", CRISIS, "no", "[Leave it]")
    chat.now += 20 * HOUR
    assert "ask again" in chat.says("hey i want to write to them")
    after = chat.says("no")
    assert "I believe you" in after
    assert chat.place.startswith("letters/")
    chat = Chat()
    chat.each("rejected by Initech after the interview", CRISIS, "no", "[Leave it]", "[Leave it]")
    chat.now += 20 * HOUR
    assert "ask again" in chat.says("/feedback")


# ---- Yes, and left with it


@pytest.mark.parametrize("back", ["hi", "/start", "/vent", "rejected by Hooli too", "same as yesterday"])
@pytest.mark.parametrize("stopped", ["talking", "before it"])
def test_who_said_yes_and_left_is_asked_before_anything_goes_on(back: str, stopped: str) -> None:
    chat = Chat()
    chat.each("rejected by Initech after the interview", CRISIS, "yes", "[I have nobody]")
    if stopped == "talking":
        chat.each("[Just talk]", "[No, don't]", "it is all too much")
    chat.now += 14 * HOUR
    asked = chat.says(back)
    assert "Are they there today?" in asked
    assert "findahelpline.com" in asked
    assert "I believe you" in chat.says("no")
    assert not chat.place.startswith("safety/")
    chat.now += 2 * DAY
    assert "ending your life" not in chat.says("hi")


def test_what_must_always_work_is_not_kept_waiting_for_it() -> None:
    for wish, place in (("/delete", "delete/"), ("/privacy", "privacy/"), ("/stop", "stop/")):
        chat = Chat()
        chat.each("hi", CRISIS, "yes", "[I have nobody]", "[Just talk]", "[No, don't]")
        chat.now += 14 * HOUR
        chat.says(wish)
        assert chat.place.startswith(place)


def test_words_in_a_vent_they_had_left_are_kept_while_it_is_asked() -> None:
    chat = Chat()
    chat.each("hi", CRISIS, "yes", "[I have nobody]", "[Just talk]", "[No, don't]", "it hurts")
    chat.now += 14 * HOUR
    chat.each("and today again", "no")
    assert chat.place == "vent/listen"
    assert chat.session.variables["vent.words"] == ("it hurts", "and today again")


def test_the_same_is_no_all_clear() -> None:
    chat = Chat()
    chat.each("hi", CRISIS, "yes", "[I have nobody]", "[Just talk]", "[No, don't]")
    chat.now += 14 * HOUR
    chat.each("hi", "same")
    assert chat.place == "safety/yes"


@pytest.mark.parametrize("answer", ["yes", "not sure"])
def test_leave_to_ask_is_offered_before_just_talking(answer: str) -> None:
    chat = Chat()
    chat.each("hi", CRISIS, answer, "nobody", "[Just talk]")
    assert chat.labels == ["Yes, ask me", "No, don't"]
    chat.says("[Yes, ask me]")
    assert chat.place == "vent/listen"
    assert set(chat.check_ins) == {NEXT_DAY, DAY_SEVEN}


@pytest.mark.parametrize(
    "way", [("[I'm reaching someone]", "[Someone knows now]", "[Rest now]"), ("nobody", "[Just talk]")]
)
def test_danger_is_no_yes_to_may_i_ask(way: tuple[str, ...]) -> None:
    chat = Chat()
    chat.each("hi", CRISIS, "yes", *way, CRISIS)
    assert chat.place == "safety/human-now"
    assert not chat.check_ins


def test_who_just_writes_is_asked_for_leave_after_the_landing() -> None:
    chat = Chat()
    chat.each("hi", CRISIS, "yes", "nobody", "[Just talk]", "it is all so heavy", "[Done]", "[Skip]")
    assert "May I ask how you are" in chat.says("[Let go]")


# ---- Afterwards


def test_leave_is_asked_with_the_exact_times_and_the_follow_ups_come_at_them() -> None:
    chat = Chat(zone="Europe/Berlin")
    chat.each(CRISIS, "yes", "[I'm reaching someone]", "[Someone knows now]")
    asked = chat.says("[Rest now]")
    assert "tomorrow (Tuesday) at 10:" in asked
    assert "Monday 9 March at 10:" in asked
    assert not [key for key in chat.check_ins if key.startswith("safety.")]
    chat.says("[Yes, ask me]")
    assert len(chat.later(DAY)) == 1
    assert "I'll ask once more" in chat.says("no")
    assert chat.later(5 * DAY) == []
    assert len(chat.later(DAY)) == 1
    assert "the last time I ask" in chat.says("no")
    assert chat.later(30 * DAY) == []


def test_without_a_zone_it_is_this_very_hour_and_nobody_is_asked_where_they_live() -> None:
    chat = Chat(NIGHT, zone=None)
    asked = chat.each(CRISIS, "yes", "[I'm reaching someone]", "[Someone knows now]", "[Rest now]")
    assert "tomorrow at this hour" in asked
    chat.says("[Yes, ask me]")
    assert chat.later(23 * HOUR) == []
    assert len(chat.later(2 * HOUR)) == 1


def test_danger_in_the_small_hours_is_asked_about_after_that_night() -> None:
    chat = Chat(NIGHT)
    unsafe(chat)
    assert chat.check_ins["safety.next_day"].due.date() == NIGHT.date()


def test_no_leave_no_message() -> None:
    chat = Chat()
    chat.each(
        CRISIS,
        "yes",
        "[I'm reaching someone]",
        "[Someone knows now]",
        "[Rest now]",
        "[No, don't]",
        "[Leave it]",
    )
    assert chat.later(10 * DAY) == []


def test_don_t_ask_again_ends_the_follow_ups() -> None:
    chat = Chat()
    unsafe(chat)
    chat.later(DAY)
    chat.says("[Don't ask again]")
    assert chat.later(10 * DAY) == []


@pytest.mark.parametrize(
    ("kind", "span", "comes"),
    [
        pytest.param(Kind.SERIES, 20 * HOUR, 0, id="a-hello-gives-way-to-the-follow-up"),
        pytest.param(Kind.DAILY, 20 * HOUR, 0, id="a-daily-one-too"),
        pytest.param(Kind.PLAN, 20 * HOUR, 0, id="a-plan-waits"),
        pytest.param(Kind.REMINDER, 40 * HOUR, 1, id="a-reminder-in-their-own-words-comes"),
    ],
)
def test_what_is_ordinary_waits_for_the_follow_up_s_answer(kind: Kind, span: timedelta, comes: int) -> None:
    chat = Chat()
    rule = Daily(at=(EVENING + 14 * HOUR).time()) if kind is Kind.DAILY else None
    chat.promise("it", kind, EVENING + 14 * HOUR, rule, words="call mum")
    unsafe(chat)
    chat.says("[Leave it]")
    said = [each for each in chat.later(span) if "Are there thoughts" not in each]
    assert len(said) == comes


def test_a_plan_that_waited_comes_once_the_follow_up_is_answered() -> None:
    chat = Chat()
    chat.promise("plan.1", Kind.PLAN, EVENING + 14 * HOUR, words="call mum")
    unsafe(chat)
    chat.later(20 * HOUR)
    chat.says("no")
    assert [each for each in chat.later(DAY) if "call mum" in each]


def test_a_follow_up_without_an_answer_runs_out_after_two_days_and_hellos_come_again() -> None:
    chat = Chat()
    morning = (EVENING + 16 * HOUR).replace(minute=45)
    chat.promise("regular", Kind.DAILY, morning, Daily(at=morning.time()))
    unsafe(chat)
    assert len(chat.later(17 * HOUR)) == 1
    assert chat.later(46 * HOUR) == []
    assert chat.later(DAY)


def test_a_follow_up_that_could_not_be_sent_holds_nothing_back() -> None:
    chat = Chat()
    unsafe(chat)
    chat.later(25 * HOUR)
    assert chat.place == "safety/follow-up"
    chat.happen(Expired(at=chat.now + DAY, key="9.0"))
    assert chat.place != "safety/follow-up"
    assert "seen.held_until" not in chat.session.variables


def test_other_stages_are_not_offered_that_day_and_come_when_asked_for() -> None:
    chat = Chat()
    chat.each(
        "rejected by Initech after the interview",
        CRISIS,
        "yes",
        "[I'm reaching someone]",
        "[Someone knows now]",
    )
    chat.each("[Rest now]", "[No, don't]", "[Leave it]", "/start")
    assert chat.labels == ["I need to talk", "Lines with people", "Just looking"]
    chat.says("/reflect")
    assert chat.place.startswith("reflect/")
    chat.now += 2 * DAY
    chat.each("/restart", "/start", "no")
    assert "A new no" in chat.labels


def test_a_crisis_withdraws_what_is_unsent_but_not_its_answer() -> None:
    chat = Chat()
    chat.says("hi")
    effects = chat.write(CRISIS)
    withdrawn = next(n for n, each in enumerate(effects) if isinstance(each, WithdrawUnsent))
    assert all(n > withdrawn for n, each in enumerate(effects) if isinstance(each, Say))


# ---- Again


@pytest.mark.parametrize(
    ("days", "words"),
    [
        pytest.param((0, 6.9), "What has changed since?", id="twice"),
        pytest.param((0, 7.1), "I take that seriously", id="a-week-apart-is-a-first-time"),
        pytest.param(
            (0, 3, 6.9), "I'm not enough for this. A person should know.", id="three-times-in-a-week"
        ),
        pytest.param((0, 3, 7.1), "What has changed since?", id="the-first-is-over-a-week-ago"),
        pytest.param((0, 2, 4, 6), "I'm not enough for this. A person should know.", id="four-times"),
    ],
)
@pytest.mark.parametrize("answer", ["no", "yes", None], ids=["believed", "unsafe", "unanswered"])
def test_danger_again_is_counted_by_the_week(days: tuple[float, ...], words: str, answer: str | None) -> None:
    chat, said = Chat(), ""
    for day in days:
        chat.now = EVENING + timedelta(days=day)
        said = chat.says(CRISIS)
        assert "112 or 911" in said
        assert "findahelpline.com" in said
        if answer:
            chat.says(answer)
        chat.each("/start")
    assert words in said


def test_more_of_it_in_the_same_talk_is_the_same_time() -> None:
    chat = Chat()
    chat.says(CRISIS)
    for _ in range(4):
        said = chat.says("i really want to die")
        assert "What has changed" not in said
        assert "three times" not in said


def test_an_ambiguous_word_alone_is_no_time_of_danger() -> None:
    chat = Chat()
    for day in range(4):
        chat.now = EVENING + timedelta(days=day)
        said = chat.says(CHECK)
        assert "I can hear either" in said
        chat.each("[The search]", "[Leave it]", "[Leave it]")


def test_danger_for_someone_else_is_not_counted_as_their_own() -> None:
    chat = Chat()
    for day in range(3):
        chat.now = EVENING + timedelta(days=day)
        chat.each(
            "my brother wants to kill himself",
            "[Not right now]",
            "[I'll do that]",
            "[I'm all right]",
            "[Leave it]",
        )
    assert "I take that seriously" in chat.says(CRISIS)


def test_each_time_has_a_look_in_of_its_own() -> None:
    chat = Chat()
    chat.each(CRISIS, "[Don't look in]")
    chat.now += DAY
    assert "look in once" in chat.says(CRISIS)
    assert len(chat.later(HOUR)) == 1


def test_starting_over_forgets_none_of_it() -> None:
    chat = Chat()
    chat.each(CRISIS, "no", "[Leave it]", "[Leave it]", "/restart", "/start")
    chat.now += DAY
    assert "What has changed since?" in chat.says(CRISIS)


# ---- Where somebody was told, and where help is called


@pytest.mark.parametrize(
    "told", ["i texted my sister", "told my mum", "i called my brother and he's coming over"]
)
@pytest.mark.parametrize(
    "way", [("yes",), ("yes", "[I'm reaching someone]"), ("yes", "[I have nobody]"), ("not sure",)]
)
def test_who_has_told_somebody_is_not_sent_on(way: tuple[str, ...], told: str) -> None:
    chat = Chat()
    chat.each(CRISIS, *way, told)
    assert chat.place == "safety/someone-knows"


@pytest.mark.parametrize(
    "words", ["i texted her but no answer", "nobody picks up", "she isn't replying", "i called, voicemail"]
)
def test_who_reached_nobody_is_shown_who_can_be(words: str) -> None:
    chat = Chat()
    chat.each(CRISIS, "yes", "[I'm reaching someone]", words)
    assert chat.place == "safety/nobody"


@pytest.mark.parametrize("way", [(), ("[I can't call]",), ("[Someone is with me]",), ("[I've called]",)])
@pytest.mark.parametrize("word", ["help", "help me", "i need help", "/help", "/human", "get me a person"])
def test_help_in_an_emergency_stays_at_calling(way: tuple[str, ...], word: str) -> None:
    chat = Chat()
    said = chat.each("i took all my pills", *way, word)
    assert chat.place in ("safety/done", "safety/cannot-call", "safety/called", "safety/stay-until")
    assert "112 or 911" in said


# ---- Distress


@pytest.mark.parametrize("typed", [True, False], ids=["typed", "tapped"])
@pytest.mark.parametrize(
    ("moods", "soft"), [((0,), True), ((1,), True), ((2,), False), ((2, 2, 2), True), ((2, 3, 2, 2), False)]
)
def test_a_low_mood_is_distress(moods: tuple[int, ...], soft: bool, typed: bool) -> None:
    chat = Chat()
    said = ""
    for mood in moods:
        chat.each("/cancel", "/vent", "[Say it here]", "it hurts", "[Done]")
        assert chat.place == "vent/landing"
        said = chat.says(str(mood) if typed else f"[{mood}]")
    assert ("let's slow down" in said) is soft


@pytest.mark.parametrize("number", ["[Skip]", "4"])
def test_hopeless_words_in_a_vent_wait_for_the_landing(number: str) -> None:
    chat = Chat()
    assert chat.each("/vent", "[Say it here]", "i feel worthless, there's no hope left") == ""
    landed = chat.each("[Done]", number)
    assert "findahelpline.com" in landed
