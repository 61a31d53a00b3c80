"""What a turn keeps: variables, records and promises, and what of it `back` can take back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.dialogue.check_ins import CheckIn
from bot.dialogue.effects import CancelCheckIn, ForgetMessages, Record, SaveTo, ScheduleCheckIn, Unsave, Value
from bot.dialogue.patterns import OF_PATTERN
from bot.dialogue.session import Undo
from bot.dialogue.showing import Showing
from bot.dialogue.targets import TARGETS, Target, fit

MAX_COLLECTED_CHARS = 20_000
BEGAN = "@began"  # beside a variable of collected words: when the first of them came, UTC


class Keeping(Showing):
    """Answers kept, and how they were before."""

    def set(self, name: str, value: Value) -> None:
        """Set a variable, remembering what it held for `back`."""
        if self._undoing is not None and name not in self._undoing.variables:
            self._undoing = replace(
                self._undoing, variables={**self._undoing.variables, name: self.variables.get(name)}
            )
        if value is None:
            self.variables.pop(name, None)
        else:
            self.variables[name] = value
        space, _, field = name.partition(".")
        fields = self.context.get(space)
        if isinstance(fields, dict):
            fields[field] = value
        if name in OF_PATTERN:
            self._see_pattern()

    def save(self, target_name: str, answer: Value, visit: int) -> Value:
        """Write `answer` to a record, as its target holds it, and return what was written."""
        target = TARGETS[target_name]
        words = self._in_words(answer)
        value = fit(target.holds, words if isinstance(words, str) else answer)
        if target.each_its_own:
            if value is not None:
                self._made(target.record, visit)
                self.write(target.record, visit, target.field, value)
                self._tie(target.record, visit)
            return value
        if target.record not in self.refs and target.record is not Record.PERSON:
            self.begin(target.record, visit)
        self.set(target.name, value)
        self.write(target.record, self.refs.get(target.record, 0), target.field, value)
        return value

    def collect(self, variable: str, words: str) -> bool:
        """Add a message to a variable that holds several. False when it is full and nothing was added."""
        before = self.variables.get(variable)
        kept = before if isinstance(before, tuple) else ()
        if sum(map(len, kept)) + len(words) > MAX_COLLECTED_CHARS:
            return False
        self.set(variable, (*kept, words))
        if not kept:
            self.set(f"{variable}{BEGAN}", self.at.isoformat())
        return True

    def begin(self, record: str, visit: int) -> None:
        """From here on, answers go to a new record of this kind; one begun in this very turn is new enough."""
        if self.refs.get(record, 0) > self.session.visit:
            return
        for name in [name for name in self.variables if name.startswith(f"{record}.")]:
            self.set(name, None)
        self._ref_before(record)
        self._made(Record(record), visit)
        self.refs[record] = visit

    def amend(self, target: Target, ref: int, value: Value, before: Value) -> None:
        """Correct one field of any record, remembering what it held for `back`."""
        if self._undoing is not None:
            earlier = (target.record.value, ref, target.field, before)
            self._undoing = replace(self._undoing, amended=(*self._undoing.amended, earlier))
        self.write(target.record, ref, target.field, value)
        if self.refs.get(target.record) == ref:
            self.set(target.name, value)

    def drop_record(self, record: str) -> None:
        """The current record of this kind is gone: nothing of it is known any more."""
        self.close_record(record)
        for name in [name for name in self.variables if name.startswith(f"{record}.")]:
            self.set(name, None)

    def close_record(self, record: str) -> None:
        """From here on no record of this kind is the current one."""
        self._ref_before(record)
        self.refs.pop(record, None)

    def _ref_before(self, record: str) -> None:
        if self._undoing is not None and record not in self._undoing.refs:
            before = {**self._undoing.refs, record: self.refs.get(record)}
            self._undoing = replace(self._undoing, refs=before)

    def reopen(self, record: Record, ref: int, fields: dict[str, Value]) -> None:
        """Make an earlier record the current one again; `fields` is what is known of it here."""
        for name in [name for name in self.variables if name.startswith(f"{record.value}.")]:
            self.set(name, None)
        for name, value in fields.items():
            self.set(f"{record.value}.{name}", value)
        self.refs[record.value] = ref

    def promise(self, check_in: CheckIn) -> None:
        self._promised_before(check_in.key)
        self.promises[check_in.key] = check_in

    def unpromise(self, key: str) -> None:
        self._promised_before(key)
        self.promises.pop(key, None)

    def _promised_before(self, key: str) -> None:
        if self._undoing is not None and key not in self._undoing.promises:
            before = {**self._undoing.promises, key: self.promises.get(key)}
            self._undoing = replace(self._undoing, promises=before)

    def _tie(self, record: Record, visit: int) -> None:
        """A lesson belongs to the rejection that taught it."""
        rejection = self.refs.get(Record.REJECTION)
        if record is Record.LESSON and rejection is not None:
            self.write(record, visit, "rejection", rejection)

    def _made(self, record: Record, visit: int) -> None:
        if self._undoing is not None:
            self._undoing = replace(self._undoing, made=(*self._undoing.made, (record.value, visit)))

    def write(self, record: Record, ref: int, field: str, value: Value) -> None:
        self.effects.append(SaveTo(record=record, ref=ref, field=field, value=value, at=self.at))

    def remember(self) -> None:
        """Begin an answer that `back` can take back."""
        self._undoing = Undo(stack=tuple(self.stack))

    def unremember(self) -> None:
        """What this turn began with was no answer, and is nothing to take back."""
        self._undoing = None

    def take_back(self) -> bool:
        """Undo the last answer: its records, variables and place. False when there is none left."""
        if not self.undo:
            return False
        undo = self.undo.pop()
        for record, ref in undo.made:
            self.effects.append(Unsave(record=Record(record), ref=ref))
        for kind, earlier in undo.refs.items():
            if earlier is None:
                self.refs.pop(kind, None)
            else:
                self.refs[kind] = earlier
        for name, value in undo.variables.items():
            self.set(name, value)
            target = TARGETS.get(name)
            if target is not None and target.record in self.refs:
                self.write(target.record, self.refs[target.record], target.field, value)
        for kind, ref, name, value in undo.amended:
            self.write(Record(kind), ref, name, value)
        for key, check_in in undo.promises.items():
            if check_in is None:
                self.promises.pop(key, None)
                self.effects.append(CancelCheckIn(key=key))
            else:
                self.promises[key] = check_in
                self.effects.append(ScheduleCheckIn(check_in=check_in))
        self.stack = list(undo.stack)
        return True

    def barrier(self) -> None:
        """What happened before can't be taken back any more."""
        self.undo.clear()
        self._undoing = None

    def forget(self, variable: str) -> None:
        """Keep a variable's words nowhere, and delete the messages they came in."""
        began = self.variables.get(f"{variable}{BEGAN}")
        self.barrier()
        self.set(variable, None)
        self.set(f"{variable}{BEGAN}", None)
        if isinstance(began, str):
            self.effects.append(ForgetMessages(since=datetime.fromisoformat(began)))
