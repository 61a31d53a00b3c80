from __future__ import annotations

from cryptography.fernet import Fernet

from tests.store.remnants import stands_in


def test_the_search_reads_whole_values_pieces_without_their_beginning_and_plain_text() -> None:
    key = Fernet.generate_key().decode()
    token = Fernet(key).encrypt(b"x" * 100 + b"Zaphodine" + b"y" * 100)
    assert stands_in(token, "Zaphodine", key)
    for cut in range(20, 60):
        assert stands_in(b"\0\7" + token[cut:] + b"\0", "Zaphodine", key), cut
    assert stands_in(b"..Zaphodine..", "Zaphodine", key)
    assert not stands_in(token, "Zaphodina", key)
    assert not stands_in(token, "Zaphodine", Fernet.generate_key().decode())
