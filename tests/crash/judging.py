"""What the chats say after all the kills: was anything lost, said twice, or out of order?"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise

from tests.botapi import BotApi
from tests.crash.ledger import Ledger
from tests.crash.trouble import Disorder

BEGINNING = ("Begun.", "Ready", "Go on")


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a person wrote in `chat`: update `number`."""

    chat: int
    number: int
    text: str


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What chats and database say afterwards.

    `repeats`: messages said once more, by chat and kill; `unanswered`: once more since the API had not answered
    in time; `unexplained`: without either. `ended_early` says why not all of it was carried out, `traceback` what a bot
    printed that it never should. `amid_work`: kills while an answer was owed; `starting`: kills in a start.
    `twice` and `swapped`: updates handed over again, or in another order.
    """

    kills: int = 0
    updates: int = 0
    lost: int = 0
    out_of_order: int = 0
    repeats: Counter[tuple[int, int]] = field(default_factory=Counter)
    unanswered: int = 0
    unexplained: int = 0
    most_copies: int = 1
    amid_work: int = 0
    starting: int = 0
    twice: int = 0
    swapped: int = 0
    full_disks: int = 0
    restarts: int = 0
    could_not_start: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    ledger: Ledger | None = None
    ended_early: str = ""
    traceback: str = ""

    def __str__(self) -> str:
        taken_twice = None if self.ledger is None else self.ledger.taken_twice
        return (
            f"{self.kills} kills ({self.amid_work} while answers were owed, {self.starting} in a start) over"
            f" {self.updates} updates ({self.twice} handed over twice, {self.swapped} times in disorder),"
            f" {self.faults.total()} API faults, {self.full_disks} full disks, {self.restarts} database restarts:"
            f" lost {self.lost}, advanced twice {taken_twice}, out of order {self.out_of_order}; said once more after"
            f" a kill {sum(self.repeats.values())} (most per chat and kill {max(self.repeats.values(), default=0)}),"
            f" after no answer {self.unanswered}, without a reason {self.unexplained}"
        )


def judge(
    api: BotApi,
    written: list[Written],
    updates: Disorder,
    killed_at: list[float],
    outcome: Outcome,
    *,
    read_seconds: float,
) -> None:
    """Compare every chat with what must stand in it; a repetition is put down to the kill or the fault before it."""
    by_chat: dict[int, list[Written]] = {}
    for each in written:
        by_chat.setdefault(each.chat, []).append(each)
    for chat, own in by_chat.items():
        sent = [
            (call.arguments["text"], call.at, call.status)
            for call in api.calls("sendMessage")
            if call.arguments["chat_id"] == chat
        ]
        done = [posted.text for posted in api.methods.chats[chat].messages.values() if posted.by_bot]
        once = list(dict.fromkeys(done))
        outcome.lost += len({f"{each.text}, first" for each in own} - set(once))
        outcome.out_of_order += not _in_order(own, once, updates) or not _repeats_stand_beside(done)
        outcome.most_copies = max(outcome.most_copies, *Counter(done).values())
        _count_repeats(chat, done, sent, killed_at, outcome, read_seconds=read_seconds)


def _in_order(own: list[Written], once: list[str], updates: Disorder) -> bool:
    """Tell whether each answer saw the state that the one before it had left, and the updates went by their number.

    A later one may only go first when the earlier one was still under way to the bot.
    """
    texts = {f"{each.text}, first": each for each in own}
    taken = [texts[said] for said in once if said in texts]
    wanted = [
        line
        for before, each in enumerate(taken)
        for line in (f"{each.text}, first", f"{each.text}, {before} before it")
    ]
    if once != [*BEGINNING, *wanted]:
        return False
    early = [
        (first.number, second.number)
        for place, first in enumerate(taken)
        for second in taken[place + 1 :]
        if second.number < first.number
    ]
    return all(
        updates.taken.get(low, float("inf")) >= updates.handed.get(high, 0.0) for high, low in early
    ) and (bool(updates.handed) or not early)


def _repeats_stand_beside(done: list[str]) -> bool:
    """A message may be said again directly after itself, and nowhere else."""
    runs = [text for number, text in enumerate(done) if number == 0 or done[number - 1] != text]
    return len(runs) == len(set(runs))


def _count_repeats(
    chat: int,
    done: list[str],
    sent: list[tuple[str, float, int]],
    killed_at: list[float],
    outcome: Outcome,
    *,
    read_seconds: float,
) -> None:
    """Put each repetition down to the kill between the two, or to the call before it that had no answer."""
    for text, copies in Counter(done).items():
        calls = [(at, status) for said, at, status in sent if said == text and status in (0, 200)]
        again = copies - 1
        for (before, status), (at, _) in pairwise(calls):
            if not again:
                break
            between = [number for number, kill in enumerate(killed_at) if before <= kill <= at]
            if status == 0:
                outcome.unanswered += 1
            elif between:
                outcome.repeats[chat, between[0]] += 1
            elif at - before >= read_seconds:
                outcome.unanswered += 1  # answered, but later than the bot waits
            else:
                outcome.unexplained += 1
            again -= 1
