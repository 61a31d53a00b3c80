"""Lines are read as they arrive, so that whoever writes one at a time is answered at once."""

from __future__ import annotations

import os

from bot.authoring import arrived


def test_a_line_is_handed_on_before_the_next_has_come() -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as stream:
        lines = arrived(stream)
        os.write(writing, b"they said no\nhalf a ")
        assert next(lines) == [b"they said no"]
        os.write(writing, b"line\n\nlast")
        assert next(lines) == [b"half a line", b""]
        os.close(writing)
        assert list(lines) == [[b"last"]]
