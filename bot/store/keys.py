"""Where the encryption keys come from: a setting, a file, or a new key in the data folder. Never the database."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.fernet import Fernet

from bot.store.errors import StoreError

KEY_FILE = "onward.key"
_MAKE_ONE = 'python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """Fernet keys, newest first: the first seals, all open. `warning` is to be shown to the operator."""

    values: tuple[str, ...] = field(repr=False)
    warning: str | None = None
    file: Path | None = None  # where they stand, unless in the environment

    def read_again(self) -> tuple[str, ...]:
        """Return the keys as they stand now: a running bot takes up a new one without a restart."""
        try:
            return self.values if self.file is None else _from_file(self.file).values
        except StoreError:
            return self.values  # it is just being changed, or gone: those known still open everything


def load_keys(*, value: str | None, file: Path | None, data_folder: Path | None) -> Keys:
    """Return the keys from the setting's `value`, else from `file`, else from `data_folder`, where one is made.

    Keys are separated by commas or white space. With `data_folder` None no key is made.
    Raises StoreError when there is none or one isn't a key.
    """
    if value and value.strip():
        return Keys(values=_parse(value, "ONWARD_ENCRYPTION_KEYS"))
    if file is not None:
        return _from_file(file)
    if data_folder is None:
        message = (
            "No encryption key: set ONWARD_ENCRYPTION_KEYS or ONWARD_ENCRYPTION_KEYS_FILE. Make one with: "
        )
        raise StoreError(message + _MAKE_ONE)
    path = data_folder / KEY_FILE
    return _from_file(path) if path.exists() else _make(path)


def _from_file(path: Path) -> Keys:
    try:
        text, mode = path.read_text(encoding="utf-8"), path.stat().st_mode
    except (OSError, UnicodeDecodeError) as fault:
        reason = getattr(fault, "strerror", None) or "not a text file"
        raise StoreError(
            f"The key file {path} can't be read ({reason}): check the path and its owner."
        ) from None
    readable_by_others = os.name == "posix" and mode & 0o077
    warning = f"The key file {path} can be read by other users: chmod 600 it." if readable_by_others else None
    return Keys(values=_parse(text, str(path)), warning=warning, file=path)


def put_first(path: Path, key: str) -> None:
    """Write a new key before those in the file, in one step: whoever reads meanwhile reads the old or the new file."""
    _replace(path, (key, *_from_file(path).values))


def keep_first(path: Path) -> int:
    """Leave only the newest key in the file; return how many were dropped."""
    values = _from_file(path).values
    _replace(path, values[:1])
    return len(values) - 1


def _replace(path: Path, keys: tuple[str, ...]) -> None:
    beside = path.with_name(f"{path.name}.new")
    try:
        beside.unlink(missing_ok=True)  # left by one that was broken off; it would keep its rights
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as out:
            out.write("".join(f"{key}\n" for key in keys))
            out.flush()
            os.fsync(out.fileno())
        beside.replace(path)
    except OSError as fault:
        message = f"The key file {path} can't be written ({fault.strerror}): make it and its folder writable."
        raise StoreError(message) from None


def _make(path: Path) -> Keys:
    key = Fernet.generate_key().decode()
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as out:
            out.write(key + "\n")
            out.flush()
            os.fsync(out.fileno())
    except FileExistsError:  # another process made it a moment ago
        return _from_file(path)
    except OSError as fault:
        raise StoreError(
            f"No key can be made at {path} ({fault.strerror}): make the folder writable."
        ) from None
    warning = (
        f"A new encryption key is in {path}. Back it up apart from the database: nothing can be read without."
    )
    return Keys(values=(key,), warning=warning, file=path)


def _parse(text: str, where: str) -> tuple[str, ...]:
    keys = tuple(key for key in re.split(r"[,\s]+", text) if key)
    if not keys:
        raise StoreError(f"{where} holds no encryption key. Make one with: {_MAKE_ONE}")
    for number, key in enumerate(keys, 1):
        try:
            Fernet(key)
        except ValueError:
            raise StoreError(
                f"Key {number} in {where} is not a Fernet key. Make one with: {_MAKE_ONE}"
            ) from None
    return keys
