from __future__ import annotations

import stat
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from bot.store.cipher import Cipher
from bot.store.errors import StoreError, Unopenable
from bot.store.keys import load_keys, put_first

ONE, TWO = Fernet.generate_key().decode(), Fernet.generate_key().decode()


@pytest.mark.parametrize(
    "text", [f"{ONE},{TWO}", f" {ONE}\n{TWO}\n", f"{ONE}, {TWO}"], ids=["comma", "lines", "both"]
)
def test_keys_are_read_newest_first(text: str) -> None:
    assert load_keys(value=text, file=None, data_folder=None).values == (ONE, TWO)


def test_the_setting_goes_before_the_file_and_the_file_before_the_folder(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_text(TWO)
    file.chmod(0o600)
    assert load_keys(value=ONE, file=file, data_folder=tmp_path).values == (ONE,)
    assert load_keys(value=" ", file=file, data_folder=tmp_path).values == (TWO,)


def test_a_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    made = load_keys(value=None, file=None, data_folder=folder)
    assert made.warning is not None
    assert "Back it up" in made.warning
    assert stat.S_IMODE((folder / "onward.key").stat().st_mode) == 0o600
    again = load_keys(value=None, file=None, data_folder=folder)
    assert (again.values, again.warning) == (made.values, None)


def test_a_key_file_that_others_can_read_is_warned_of(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_text(ONE)
    file.chmod(0o644)
    warning = load_keys(value=None, file=file, data_folder=None).warning
    assert warning is not None
    assert str(file) in warning


def test_a_new_key_goes_into_a_file_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "onward.key"
    file.write_text(f"{ONE}\n")
    file.chmod(0o640)
    left = tmp_path / "onward.key.new"  # by one that was broken off
    left.write_text("half")
    left.chmod(0o666)
    put_first(file, TWO)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert load_keys(value=None, file=file, data_folder=None).values == (TWO, ONE)
    assert not left.exists()


@pytest.mark.parametrize(
    ("value", "says"),
    [(None, "set ONWARD_ENCRYPTION_KEYS"), (f"{ONE},not-a-key", "Key 2"), (",", "holds no encryption key")],
    ids=["none", "wrong", "empty"],
)
def test_a_missing_or_wrong_key_says_what_to_do(value: str | None, says: str) -> None:
    with pytest.raises(StoreError, match=says) as fault:
        load_keys(value=value, file=None, data_folder=None)
    assert "not-a-key" not in str(fault.value)


def test_a_key_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="nowhere"):
        load_keys(value=None, file=tmp_path / "nowhere", data_folder=tmp_path)


def test_keys_are_not_shown() -> None:
    assert ONE not in repr(load_keys(value=ONE, file=None, data_folder=None))


def test_the_newest_key_seals_and_every_key_opens() -> None:
    old = Cipher([ONE]).seal(b"words")
    both = Cipher([TWO, ONE])
    assert both.open(old) == b"words"
    assert Cipher([TWO]).open(both.seal(b"words")) == b"words"
    with pytest.raises(Unopenable):
        Cipher([TWO]).open(old)
