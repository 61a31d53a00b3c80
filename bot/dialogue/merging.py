"""Two check-ins close to each other become one message."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

WITHIN = timedelta(minutes=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A check-in that waits: `key` names it, `named` says the person chose the moment `due` (UTC)."""

    key: str
    due: datetime
    named: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """What is sent in one message at `at`, in the order in which it was due."""

    at: datetime
    keys: tuple[str, ...]


def merged(planned: Iterable[Planned], *, within: timedelta = WITHIN) -> tuple[Together, ...]:
    """Group what lies at most `within` apart; the groups come in order of time.

    A moment the person named is never moved: what the bot proposes joins it. Two named ones merge only when
    they are the same. No other two groups end up as close as `within`.
    """
    waiting = sorted(planned, key=lambda p: (p.due, p.key))
    groups: list[Together] = []
    for one in (p for p in waiting if p.named):
        _put(groups, one, timedelta(0))
    for one in (p for p in waiting if not p.named):
        _put(groups, one, within)
    due = {p.key: (p.due, p.key) for p in waiting}
    in_order = [replace(g, keys=tuple(sorted(g.keys, key=due.__getitem__))) for g in groups]
    return tuple(sorted(in_order, key=lambda g: g.at))


def _put(groups: list[Together], one: Planned, within: timedelta) -> None:
    near = [i for i, g in enumerate(groups) if abs(g.at - one.due) <= within]
    if not near:
        groups.append(Together(at=one.due, keys=(one.key,)))
        return
    nearest = min(near, key=lambda i: (abs(groups[i].at - one.due), groups[i].at))
    groups[nearest] = replace(groups[nearest], keys=(*groups[nearest].keys, one.key))
