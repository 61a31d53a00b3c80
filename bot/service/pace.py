"""How fast may be sent: token buckets, in all and for each conversation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Messages a second; 0 means no limit. A bucket holds one second's worth, at least `burst`."""

    overall: float = 30.0
    per_chat: float = 1.0
    overall_burst: int = 30
    chat_burst: int = 3

    @property
    def any(self) -> bool:
        return self.overall > 0 or self.per_chat > 0


@dataclass(slots=True)
class Bucket:
    """Full at first. `rate` is tokens a second, 0 for no limit; `at` the UTC moment `tokens` was true."""

    rate: float
    size: float
    at: datetime
    tokens: float = field(init=False)

    def __post_init__(self) -> None:
        self.tokens = self.size

    def take(self, now: datetime, tokens: int = 1) -> bool:
        """Take tokens if there is one; those that aren't there yet are waited for before the next."""
        if self.free_at(now) > now:
            return False
        self.tokens -= tokens
        return True

    def free_at(self, now: datetime) -> datetime:
        """Return the moment the next token is there: `now` or later."""
        if self.rate <= 0:
            self.tokens = self.size
            return now
        elapsed = max(0.0, (now - self.at).total_seconds())
        self.tokens, self.at = min(self.size, self.tokens + elapsed * self.rate), now
        # A hair below one counts as one: rounding must not make a waker wake for nothing.
        missing = 1.0 - 1e-6 - self.tokens
        return now if missing <= 0 else now + timedelta(seconds=missing / self.rate + 1e-6)

    def debt(self, now: datetime) -> timedelta:
        """Return how long it takes to be full."""
        self.free_at(now)
        return timedelta(seconds=(self.size - self.tokens) / self.rate if self.rate > 0 else 0)

    def owe(self, now: datetime, debt: timedelta) -> None:
        """Take that long to be full; never longer than from empty: another machine's clock may be wrong."""
        owed = max(0.0, debt.total_seconds()) * self.rate
        self.tokens, self.at = self.size - min(owed, self.size + 1), now

    def full(self, now: datetime) -> bool:
        self.free_at(now)
        return self.tokens >= self.size


@dataclass(slots=True)
class Pace:
    """Who may be sent to now. Buckets that have filled up again are forgotten."""

    limits: Limits
    started: datetime
    _all: Bucket = field(init=False)
    _chats: dict[int, Bucket] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._all = Bucket(self.limits.overall, self.limits.overall_burst, self.started)

    def overall_free_at(self, now: datetime) -> datetime:
        return self._all.free_at(now)

    def chat_free_at(self, conversation_id: int, now: datetime) -> datetime:
        bucket = self._chats.get(conversation_id)
        return now if bucket is None else bucket.free_at(now)

    def take(self, conversation_id: int, now: datetime, *, messages: int = 1) -> None:
        """Count sends; to be asked only when both are free."""
        self._all.take(now, messages)
        if self.limits.per_chat > 0:
            fresh = Bucket(self.limits.per_chat, self.limits.chat_burst, now)
            self._chats.setdefault(conversation_id, fresh).take(now, messages)
        if len(self._chats) > 10_000:
            self._chats = {each: bucket for each, bucket in self._chats.items() if not bucket.full(now)}

    def debts(self, now: datetime, chats: Iterable[int]) -> tuple[timedelta, dict[int, timedelta]]:
        """Return how long the bucket for all takes to be full, and those of these conversations."""
        owed = {each: bucket.debt(now) for each in chats if (bucket := self._chats.get(each)) is not None}
        return self._all.debt(now), owed

    def owe(self, now: datetime, overall: timedelta, chats: Mapping[int, timedelta]) -> None:
        """Take over what all processes together have sent."""
        self._all.owe(now, overall)
        self._chats = {each: Bucket(self.limits.per_chat, self.limits.chat_burst, now) for each in chats}
        for each, debt in chats.items():
            self._chats[each].owe(now, debt)
