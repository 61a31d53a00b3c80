"""Whatever the Bot API may send, and what it never should: no exception, no text without a word, no memory kept.

A million of them: `make fuzz`.
"""

from __future__ import annotations

import json
import random

import pytest

from bot.channels.telegram.parse import parse, peek
from tests.fuzz.generating import Generator
from tests.fuzz.running import fuzz
from tests.real_content import real_content


@pytest.mark.slow
async def test_no_made_up_update_ends_anything_or_leaves_a_text_without_a_word() -> None:
    found = await fuzz(real_content(), updates=1_000, seed=2026)
    assert found.faults == []
    assert found.answered > 250, "hardly anything was said: this shows nothing"


def test_an_update_of_any_shape_has_a_number_and_is_read_or_refused() -> None:
    made = Generator(random.Random(7), [5, 6])
    updates = [made.update(number) for number in range(3_000)]
    assert all(isinstance(peek(update)[0], int) for update in updates)
    refused = [why for update in updates if (why := _refusal(json.dumps(update).encode()))]
    assert 100 < len(refused) < 1_500
    assert all(why.startswith("not an update: ") for why in refused)


def _refusal(payload: bytes) -> str:
    try:
        parse(payload)
    except ValueError as refused:
        return str(refused)
    return ""
