"""One person's year, drawn by lot and played twice: by the engine, and by a ledger of its own."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from bot.dialogue.check_ins import CheckIn
from bot.dialogue.effects import CancelCheckIn, SaveTo, Say, ScheduleCheckIn
from bot.dialogue.engine import advance
from bot.dialogue.events import Blocked, CheckInDue, Chose, Commanded, Event, Returned
from bot.dialogue.facts import Facts
from bot.dialogue.flow import Script
from bot.dialogue.reading import NOTHING_READ
from bot.dialogue.schedule import Rule, spread
from bot.dialogue.session import Session
from bot.store.codec import dump_facts, dump_session, load_facts, load_session
from bot.store.news import coming_due, load_check_in
from tests.check_ins.simple_clock import Ledger, is_quiet, local

ZONES = (
    "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "America/Sao_Paulo", "Asia/Tokyo",
    "Australia/Lord_Howe", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Africa/Cairo", "America/St_Johns",
    "Asia/Kathmandu", "Europe/Lisbon", "America/Santiago",
)  # fmt: skip
REPLIES = ("ok", "ok", "later", "tomorrow", "tomorrow", "fewer", "stop-this", "stop-hellos")


@dataclass(slots=True, kw_only=True)
class Played:
    """The engine with its promises in a dictionary. It is restarted at every event: all it knows goes through JSON."""

    script: Script
    session: Session
    zone: str | None = None
    promises: dict[str, bytes] = field(default_factory=dict)
    came: list[tuple[datetime, str]] = field(default_factory=list)
    messages: list[tuple[datetime, CheckIn]] = field(default_factory=list)
    events: int = 0

    def command(self, at: datetime, command: str, argument: str = "") -> None:
        self.happen(Commanded(at=at, command=command, argument=argument, reading=NOTHING_READ))

    def tap(self, at: datetime, label: str) -> None:
        rows = self.session.question.rows if self.session.question else ()
        found = [b.data for row in rows for b in row if b.label == label and b.data is not None]
        if found:
            self.happen(Chose(at=at, data=found[0]))

    def until(self, now: datetime, *, down_since: datetime | None = None) -> None:
        while self.promises:
            waiting = [load_check_in(each) for each in self.promises.values()]
            due = min(waiting, key=lambda each: (each.due, each.key))
            if due.due > now:
                return
            del self.promises[due.key]
            late = down_since is not None and due.due >= down_since
            at = now if late else due.due
            for said in self.happen(CheckInDue(at=at, check_in=due)):
                self.messages.append((at, due))
                self.came += [(at, kind) for kind in said.message.text.plain.split("+")]

    def happen(self, event: Event) -> list[Say]:
        self.events += 1
        waiting = tuple(sorted(map(load_check_in, self.promises.values()), key=lambda c: (c.due, c.key)))
        facts, _ = load_facts(dump_facts(Facts(zone=self.zone, check_ins=waiting)))
        turn = advance(self.script, load_session(dump_session(self.session)), event, facts)
        self.session = turn.session
        for effect in turn.effects:
            match effect:
                case ScheduleCheckIn(check_in=check_in):
                    self.promises[check_in.key] = coming_due(check_in)
                case CancelCheckIn(key=key):
                    self.promises.pop(key, None)
                case SaveTo(field="zone", value=str(zone)):
                    self.zone = zone
                case _:
                    pass
        return [effect for effect in turn.effects if isinstance(effect, Say)]


class Life:
    """Draws what happens and tells it to both. Nobody does anything while the bot is down."""

    def __init__(self, made: Script, seed: int, *, start: datetime, days: int) -> None:
        self._dice = random.Random(seed)
        self.counts: Counter[str] = Counter()
        self._end = start + timedelta(days=days)
        zone = self._dice.choice(ZONES)
        self.engine = Played(script=made, session=Session(id=f"p{seed}"))
        self.ledger = Ledger(hello_at=spread(time(10), f"p{seed}"), zone=zone)
        self.engine.command(start, "clock", zone)
        self.now = start
        # A silent one and a talkative one differ in how often they do anything at all.
        self._gap = timedelta(hours=self._dice.choice((8, 20, 48, 120)))
        self._venting_until: datetime | None = None

    def live(self) -> None:
        self._rejection(self.now)
        while self.now < self._end:
            self.now += self._dice.uniform(0.05, 2) * self._gap
            self.now = self.now.replace(microsecond=0)
            since = None
            if self._dice.random() < 0.06:
                since = self.now
                self._time_passes()
                self.now += timedelta(hours=self._dice.choice((1, 3, 9, 26, 70, 200)))
                self.counts["times down"] += 1
            self._time_passes(since)
            self._something()

    def _time_passes(self, down_since: datetime | None = None) -> None:
        self.engine.until(self.now, down_since=down_since)
        self.ledger.until(self.now, down_since=down_since)

    def _something(self) -> None:
        chance = self._dice.random()
        if self._dice.random() < 0.35:
            return  # nothing, and whatever was asked stays unanswered
        if chance < 0.5:
            self._reply(self._dice.choice(REPLIES))
            return
        self._reply("ok")
        deeds = [
            (self._rejection, 4), (self._regular, 3), (self._reminder, 5), (self._plan, 3), (self._move, 2),
            (self._vent, 3), (self._block, 1), (self._hello, 2),
        ]  # fmt: skip
        deed = self._dice.choices([d for d, _ in deeds], weights=[w for _, w in deeds])[0]
        deed(self.now)

    # -- one thing a person does, told to both ---------------------------------------------------------

    def _reply(self, answer: str) -> None:
        if self.ledger.open is None:
            return
        self.counts["replies"] += 1
        self.counts["snoozes"] += answer in {"later", "tomorrow"}
        self.counts["fewer and stops"] += answer in {"fewer", "stop-this", "stop-hellos"}
        key = f"snoozed.{self.engine.session.visit + 1}.{self.ledger.open.of}"
        self.engine.tap(self.now, answer)
        self.ledger.life()
        match answer:
            case "later" | "tomorrow":
                self.ledger.snooze(self.now, key, tomorrow=answer == "tomorrow")
            case "fewer":
                self.ledger.fewer()
            case "stop-this":
                self.ledger.stop_this()
            case "stop-hellos":
                self.ledger.stop_hellos()
            case _:
                pass
        self.ledger.open = None

    def _command(self, command: str, argument: str = "") -> None:
        self.counts[command] += 1
        self.engine.command(self.now, command, argument)
        self.ledger.life()

    def _rejection(self, now: datetime) -> None:
        self._command("series")
        self.ledger.rejection(now)

    def _hello(self, now: datetime) -> None:
        self._command("hello")

    def _regular(self, now: datetime) -> None:
        at, weekday = self._a_time(), self._dice.choice((None, None, self._dice.randrange(7)))
        self._command("regular", _said(at, weekday))
        kind = "daily" if weekday is None else "weekly"
        self.ledger.again_and_again("regular", kind, at, now, weekday)

    def _reminder(self, now: datetime) -> None:
        if len(self.ledger.owed) >= 16:
            return
        at = self._a_time()
        if self._dice.random() < 0.1:
            self._command("reminder", _said(at, None))
            self.ledger.again_and_again(self._newest("reminder"), "reminder", at, now)
            return
        self._once("reminder", now, at)

    def _plan(self, now: datetime) -> None:
        if len(self.ledger.owed) < 16:
            self._once("plan", now, self._a_time())

    def _once(self, what: str, now: datetime, at: time) -> None:
        day = local(now, self.ledger.zone).date() + timedelta(days=self._dice.randint(1, 9))
        self._command(what, f"once {at:%H:%M} {day}")
        self.ledger.once(self._newest(what), what, day, at)

    def _move(self, now: datetime) -> None:
        zone = self._dice.choice(ZONES)
        self._command("clock", zone)
        self.ledger.moves_to(zone, now)

    def _vent(self, now: datetime) -> None:
        self._command("vent")
        self.ledger.venting = now
        self.now += timedelta(minutes=self._dice.randint(5, 240))
        self._time_passes()
        self._reply("ok")
        self._command("home")
        self.ledger.venting = None

    def _block(self, now: datetime) -> None:
        self.counts["blocked"] += 1
        self.engine.happen(Blocked(at=now))
        self.ledger.blocked = True
        self.ledger.owed.clear()
        self.now += timedelta(days=self._dice.choice((0.2, 3, 20)))
        self._time_passes()
        self.engine.happen(Returned(at=self.now))
        self._hello(self.now)

    def _a_time(self) -> time:
        hour = self._dice.choice(
            (1, 2, 2, 2, *range(24))
        )  # the hours that clocks skip and repeat, rather often
        return time(hour, self._dice.choice((0, 5, 15, 30, 45)))

    def _newest(self, what: str) -> str:
        """The key only settles which of two comes first when both are due at the same moment."""
        return max(
            (k for k in self.engine.promises if k.startswith(f"{what}.")), key=lambda k: int(k.split(".")[1])
        )


def _said(at: time, weekday: int | None) -> str:
    return f"daily {at:%H:%M} 1" if weekday is None else f"weekly {at:%H:%M} 1 {weekday}"


def wrongs(life: Life) -> list[str]:
    """Return what no check-in may ever be, whatever was expected of it."""
    found: list[str] = []
    days: Counter[tuple[Rule, date]] = Counter()  # a regular one set anew at another hour is another one
    for at, it in life.engine.messages:
        zone = it.zone
        if at < it.due:
            found.append(f"early: {it.key} at {at}")
        if is_quiet(at, zone) and not it.named:
            found.append(f"in quiet hours: {it.key} at {at.astimezone(UTC)} in {zone}")
        if it.key == "regular":
            days[it.rule, it.day] += 1
    found += [f"twice for {day}: {rule}" for (rule, day), times in days.items() if times > 1]
    return found
