from __future__ import annotations

from datetime import timedelta

from bot.service.pace import Limits, Pace
from tests.service.stage import START


def sends_within(pace: Pace, chats: list[int], seconds: float, step: float = 0.01) -> int:
    sent = 0
    for tick in range(int(seconds / step)):
        now = START + timedelta(seconds=tick * step)
        for chat in chats:
            if pace.overall_free_at(now) <= now and pace.chat_free_at(chat, now) <= now:
                pace.take(chat, now)
                sent += 1
    return sent


def test_a_chat_gets_a_small_burst_and_then_one_a_second() -> None:
    assert sends_within(Pace(Limits(), START), [1], 10) == 3 + 9


def test_all_together_stay_under_the_overall_limit() -> None:
    assert sends_within(Pace(Limits(), START), list(range(200)), 3) <= 30 + 3 * 30


def test_zero_means_no_limit() -> None:
    assert sends_within(Pace(Limits(overall=0, per_chat=0), START), [1, 2], 1) == 200


def test_the_moment_a_chat_is_free_is_the_moment_it_may_be_sent_to() -> None:
    pace = Pace(Limits(), START)
    for _ in range(3):
        pace.take(1, START)
    free = pace.chat_free_at(1, START)
    assert timedelta(seconds=0.99) < free - START < timedelta(seconds=1.01)
    assert pace.chat_free_at(1, free) == free


def test_chats_long_quiet_are_forgotten() -> None:
    pace = Pace(Limits(overall=0), START)
    for chat in range(10_001):
        pace.take(chat, START + timedelta(minutes=chat))
    assert len(pace._chats) < 100


def test_what_one_process_has_sent_the_other_owes_as_well() -> None:
    one, other = (
        Pace(Limits(overall=2, overall_burst=2), START),
        Pace(Limits(overall=2, overall_burst=2), START),
    )
    one.take(1, START, messages=2)
    other.owe(START, *one.debts(START, [1]))
    assert other.overall_free_at(START) == one.overall_free_at(START) > START
    assert other.chat_free_at(1, START) == one.chat_free_at(1, START)
    later = START + timedelta(seconds=5)
    assert other.debts(later, [1]) == (timedelta(0), {1: timedelta(0)})
