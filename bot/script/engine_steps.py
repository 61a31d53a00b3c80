"""The steps the engine goes to by itself; content must have them all."""

from __future__ import annotations

from bot.dialogue.events import SharedKind

_ANYTIME = (
    "nothing-to-go-back-to",
    "paused",
    "cancelled",
    "fresh-start",
    "cannot-skip",
    "carry-on",
    "returned",
    "rest",
    "unclear",
    "unclear-again",
    "noted",
    "corrected",
    "old-button",
    "unknown-command",
    "edited",
    "too-long",
    "failed",
    "group",
    "back-after-block",
    "something",
    *(kind.value for kind in SharedKind if kind is not SharedKind.OTHER),
)

ENGINE_STEPS: tuple[str, ...] = (
    "welcome/hello",
    "welcome/first-words",
    "welcome/again",
    "safety/gate",
    "safety/distress",
    *(f"anytime/{name}" for name in _ANYTIME),
)
