"""The pictures of the documentation show what the bot says today."""

from __future__ import annotations

import pytest

from tests.browser.pictures import FOLDER, all_pictures, fingerprint, made_of

pytestmark = pytest.mark.slow


def test_each_picture_was_made_of_what_is_said_today() -> None:
    made = {name: fingerprint(words) for name, _, words in all_pictures()}
    kept = {path.name: made_of(path) for path in FOLDER.glob("*.png")}
    assert kept == made, "`make pictures` takes them anew."
