"""Lives are heard of, whichever process they were forked from."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.crash.forking import Forge

SOON = 30.0  # seconds; a fork takes milliseconds, the imports before it a second or two


async def test_two_forges_one_after_the_other_are_both_heard_in_one_loop(tmp_path: Path) -> None:
    for _ in range(2):
        with Forge.running() as forge:
            code, said = await asyncio.wait_for(forge.onward({}, tmp_path, "--version"), SOON)
        assert code == 0
        assert (code, "version" in said) == (0, True), said
