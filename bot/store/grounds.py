"""The records that a conversation's facts follow from, kept beside the facts: a turn that saves something can tell the
new facts without reading every record again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.dialogue.check_ins import CheckIn
from bot.dialogue.effects import Record, SaveTo, Unsave
from bot.dialogue.facts import Facts, Kept
from bot.dialogue.kept import applied, facts_of

# What facts follow from. The journal is long and moods are many: those are read only when they are looked up.
IN_FACTS = (
    Record.PERSON,
    Record.REJECTION,
    Record.PLAN,
    Record.WIN,
    Record.LESSON,
    Record.EXERCISE,
    Record.LINE,
    Record.LETTER,
)
# Of these facts hold the newest few and how many there are: reading more would make every turn dearer with the years.
ONLY_NEWEST = frozenset({Record.PLAN, Record.WIN, Record.LESSON, Record.LETTER})
NEWEST = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """`numbers`: how many there are on record of each kind of which only the newest are here."""

    kept: tuple[Kept, ...] = ()
    numbers: Mapping[Record, int] = field(default_factory=dict)

    def facts(self, *, locale: str, check_ins: tuple[CheckIn, ...] = ()) -> Facts:
        return facts_of(self.kept, locale=locale, check_ins=check_ins, numbers=self.numbers)

    def after(self, changes: Sequence[SaveTo | Unsave]) -> Grounds | None:
        """Return what they are once the changes are on record; None when that can't be told from these alone."""
        new = self
        for change in changes:
            if isinstance(change, Unsave):
                return None  # what comes up in its place may not be here
            if change.record in IN_FACTS:
                if (then := new._with(change)) is None:
                    return None
                new = then
        return new

    def _with(self, change: SaveTo) -> Grounds | None:
        changed = replace(self, kept=applied(self.kept, [change]))
        if change.record not in ONLY_NEWEST or len(changed.kept) == len(self.kept):
            return changed
        refs = sorted(each.ref for each in self.kept if each.record is change.record)
        number = self.numbers.get(change.record, 0)
        if number > len(refs) and refs and change.ref < refs[-1]:
            return None  # it may be one that is on record and not here
        oldest = (change.record, refs[0]) if len(refs) == NEWEST else None
        return Grounds(
            kept=tuple(each for each in changed.kept if (each.record, each.ref) != oldest),
            numbers={**self.numbers, change.record: number + 1},
        )
