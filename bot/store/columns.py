"""Column types: sealed bytes, aware UTC instants, ids."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, LargeBinary
from sqlalchemy.types import TypeDecorator

from bot.store.cipher import Cipher, Envelope

# SQLite numbers rows itself only when the column is exactly INTEGER.
Id = BigInteger().with_variant(Integer, "sqlite")


def give_cipher(dialect: Dialect, cipher: Cipher) -> None:
    """Let the sealed columns of one engine use `cipher`. A dialect belongs to one engine, so no global is needed."""
    dialect.onward_cipher = cipher  # type: ignore[attr-defined]


class Sealed(TypeDecorator[Any]):
    """Takes bytes (sealed on the way in) or an Envelope (kept as it is); gives an Envelope."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | Envelope | None, dialect: Dialect) -> bytes | None:
        match value:
            case None:
                return None
            case Envelope():
                return value.token
            case bytes():
                return _cipher(dialect).seal(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Envelope | None:
        return None if value is None else Envelope(bytes(value), _cipher(dialect))


class Instant(TypeDecorator[datetime]):
    """An aware UTC moment. SQLite keeps none of the zone, so it is put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("An instant needs a time zone.")
        in_utc = value.astimezone(UTC)
        return in_utc.replace(tzinfo=None) if dialect.name == "sqlite" else in_utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _cipher(dialect: Dialect) -> Cipher:
    cipher = getattr(dialect, "onward_cipher", None)
    assert isinstance(cipher, Cipher), "this engine was given no cipher"
    return cipher
