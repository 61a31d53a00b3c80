"""The steps the engine goes to by itself; content must have them all."""

from __future__ import annotations

from bot.dialogue.events import SharedKind

_MAY_ASK = ("paused", "cancelled", "fresh-start", "carry-on", "returned", "rest", "unclear-again", "guess")
_LINES = (
    "nothing-to-go-back-to",
    "cannot-skip",
    "nodded",
    "unclear",
    "unclear-number",
    "noted",
    "corrected",
    "old-button",
    "moved-on",
    "unknown-command",
    "edited",
    "too-long",
    "asked-in-a-vent",
    "who-listens",
    "failed",
    "flooded",
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
    *(f"anytime/{name}" for name in (*_MAY_ASK, *_LINES)),
)
# Needed where a step says how it stands with danger.
DANGER_STEPS: tuple[str, ...] = ("safety/look-in", "safety/follow-up", "safety/once-more")
# Needed where a step promises to come back.
CHECK_IN_STEPS: tuple[str, ...] = (
    "check-ins/due",
    "check-ins/time-is-up",
    "check-ins/quiet-now",
    "check-ins/too-many",
    "check-ins/cannot",
    "zone/needed",
)
# Needed where danger is answered in other languages.
TONGUE_STEPS: tuple[str, ...] = (
    "safety/in-their-tongue",
    "anytime/english-only",
    "anytime/other-language",
)
# Needed where lines with people are known and `lives-in` is heard: a country named in passing leads to the second, and
# whoever stands at the first goes on there.
COUNTRY_STEPS: tuple[str, ...] = ("settings/all", "settings/country-heard")
# Where the engine goes by itself, each where it is needed.
BY_ITSELF: tuple[str, ...] = (
    *ENGINE_STEPS,
    *CHECK_IN_STEPS,
    *DANGER_STEPS,
    *TONGUE_STEPS,
    *COUNTRY_STEPS[1:],
)
# These only say a line; whatever is open goes on after it.
ENGINE_LINES: tuple[str, ...] = (*(f"anytime/{name}" for name in _LINES), *TONGUE_STEPS)
# Flows the engine lays over whatever is open.
LAID_OVER: tuple[str, ...] = ("anytime", "safety")
# What the engine itself keeps in a flow's variables: the flow, where there is one, declares them.
ENGINE_VARIABLES: dict[str, tuple[str, ...]] = {
    "check-ins": ("about",),
    "letters": ("field", "sort", "words"),
    "read-email": ("about", "address", "mail", "over", "phrases", "quotes", "reason", "signal", "writer"),
}
