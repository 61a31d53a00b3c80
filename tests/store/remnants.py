"""Looking for what is left on a disk, with the key in hand: whole sealed values and any piece of one."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode
from collections.abc import Iterator

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_BASE64 = re.compile(rb"[A-Za-z0-9_-]{44,}")
_BLOCK = 16


def stands_in(raw: bytes, words: str, key: str) -> bool:
    """Tell whether `words` can be read out of `raw`: as they stand, or by decrypting any stretch of it.

    SQLite cuts a long value over several pages, so a stretch may be a piece without its beginning. Its seal can't
    be checked then, but AES-CBC opens every block from the one before it: so all alignments are tried.
    """
    wanted = words.encode()
    return wanted in raw or any(wanted in plain for plain in _decrypted(raw, key))


def _decrypted(raw: bytes, key: str) -> Iterator[bytes]:
    secret = algorithms.AES(urlsafe_b64decode(key)[16:])  # the second half of a Fernet key encrypts
    for stretch in _BASE64.findall(raw):
        for offset in range(4):
            part = stretch[offset : offset + (len(stretch) - offset) // 4 * 4]
            yield from _blocks(urlsafe_b64decode(part), secret)


def _blocks(sealed: bytes, secret: algorithms.AES) -> Iterator[bytes]:
    for start in range(_BLOCK):
        whole = sealed[start : start + (len(sealed) - start) // _BLOCK * _BLOCK]
        if len(whole) > _BLOCK:
            opening = Cipher(secret, modes.CBC(whole[:_BLOCK])).decryptor()
            yield opening.update(whole[_BLOCK:])
