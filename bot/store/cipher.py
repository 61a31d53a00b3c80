"""Sealing what people wrote, and finding a conversation by an address that is itself sealed."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from bot.store.errors import Unopenable


class Cipher:
    """Seals with the newest key, opens with any. `read_again` gives the keys as they stand now, newest first."""

    def __init__(self, keys: Sequence[str], read_again: Callable[[], Sequence[str]] | None = None) -> None:
        self._read_again = read_again
        self._take(keys)

    def refresh(self) -> bool:
        """Take up the keys as they stand now; return whether there was anything new."""
        keys = tuple(self._read_again()) if self._read_again is not None else self._values
        if keys == self._values:
            return False
        self._take(keys)
        return True

    def renewed(self, token: bytes) -> bytes | None:
        """Return the value sealed with the newest key, or None when it is so already. Raises Unopenable."""
        try:
            self._newest.decrypt(token)
        except InvalidToken:
            return self.seal(self.open(token))
        return None

    def _take(self, keys: Sequence[str]) -> None:
        self._values = tuple(keys)
        self._newest = Fernet(self._values[0])
        self._keys = MultiFernet([Fernet(key) for key in self._values])

    def seal(self, plain: bytes) -> bytes:
        return self._keys.encrypt(plain)

    def open(self, token: bytes) -> bytes:
        """Raise Unopenable when no key fits or the token is damaged."""
        try:
            return self._keys.decrypt(token)
        except InvalidToken:
            # Somebody may have sealed it with a key that is newer than this process.
            if self.refresh():
                return self.open(token)
            raise Unopenable("A stored value can't be opened with the encryption keys in use.") from None


@dataclass(frozen=True, slots=True)
class Envelope:
    """A sealed value as it came from the database; opened only where it is needed, so that one that is damaged
    fails its own row and not the whole query."""

    token: bytes
    cipher: Cipher

    def open(self) -> bytes:
        return self.cipher.open(self.token)

    def text(self) -> str:
        return self.open().decode()


@dataclass(frozen=True, slots=True)
class Lookup:
    """Finds a conversation without its address standing readable in the database. `secret` is kept sealed."""

    secret: bytes = field(repr=False)

    def of(self, source: str, address: str) -> bytes:
        return hmac.digest(self.secret, f"{source}\0{address}".encode(), "sha256")
